from odoo import SUPERUSER_ID, api

ADDONS = {"cs_promotion_appeal", "cs_promotion_career"}


def migrate(cr, version):
    """What bridges add to appeals and transfers is theirs.

    They were upgraded before the addons of these models were, so they could not say so, and the
    addons took all that the models have for their own.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    names, fields = env["ir.model.data"], env["ir.model.fields"]
    for name, model in env.registry.items():
        if model._original_module not in ADDONS:
            continue
        for field in model._fields.values():
            bridges = {module for module in field._modules if module.startswith("cs_promotion_")}
            if not bridges or bridges & ADDONS:
                continue
            xmlid = f"field_{model._table}__{field.name}"
            names.search([("module", "in", list(ADDONS)), ("name", "=", xmlid)]).unlink()
            record = fields._get(name, field.name)
            names._update_xmlids(
                [{"xml_id": f"{module}.{xmlid}", "record": record} for module in bridges]
            )
