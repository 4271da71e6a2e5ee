"""Leaving a database that other addons and their data go on living in."""

ADDON = "cs_promotion"


def uninstall_hook(env):
    """Take along what people made of this addon's models, and what it alone needs.

    Tables, fields, views, menus, groups and scheduled actions go by themselves, and so do the
    messages, activities and attachments of its records.
    """
    models = _get_own_models(env)
    env["ir.filters"].with_context(active_test=False).search([("model_id", "in", models)]).unlink()
    env["ir.exports"].search([("resource", "in", models)]).unlink()
    _unlink_actions(env, models)
    # What bridges that left earlier had laid by for their return: they cannot return any more
    _drop_kept(env)
    # Records in tables that are dropped as a whole need not be deleted one by one before, in
    # an order that their references to each other would have to allow
    env.flush_all()
    env.cr.execute("DELETE FROM ir_model_data WHERE model = ANY(%s)", [models])
    # What other addons add to every record with activities or messages is filed under their
    # names, and would be there still when the models are not
    names = [name for name, model in env.registry.items() if model._original_module == ADDON]
    tables = "|".join(name.replace(".", "_") for name in names)
    env.cr.execute(
        "DELETE FROM ir_model_data WHERE model LIKE 'ir.model%%' AND name ~ %s "
        "AND module NOT IN (SELECT name FROM ir_module_module WHERE state = 'to remove')",
        [f"^(model_inherit|field|selection|constraint)_+({tables})__"],
    )
    # People of the demo data stay with the employees that they are
    env.cr.execute(
        "DELETE FROM ir_model_data WHERE module = %s AND model IN ('res.users', 'res.partner')",
        [ADDON],
    )
    env.registry.clear_cache()


def _get_own_models(env):
    """Names of the models that are defined here and have a table."""
    return [
        name
        for name, model in env.registry.items()
        if model._original_module == ADDON and not model._abstract
    ]


def _unlink_actions(env, models):
    """Delete actions and menu entries that people made for these models."""
    actions = env["ir.actions.act_window"].search([("res_model", "in", models)])
    ours = set(
        env["ir.model.data"]
        .search([("module", "=", ADDON), ("model", "=", actions._name)])
        .mapped("res_id")
    )
    made = actions.filtered(lambda each: each.id not in ours)
    env["ir.ui.menu"].with_context(active_test=False).search(
        [("action", "in", [f"{each._name},{each.id}" for each in made])]
    ).unlink()
    made.unlink()
    _lift_menus(env)


def _lift_menus(env):
    """Entries of others in our menus would keep these from going: they move to the top."""
    menus = env["ir.ui.menu"].with_context(active_test=False)
    ours = menus.browse(
        env["ir.model.data"]
        .search([("module", "=like", f"{ADDON}%"), ("model", "=", menus._name)])
        .mapped("res_id")
    )
    menus.search([("parent_id", "in", ours.ids), ("id", "not in", ours.ids)]).parent_id = False


def _drop_kept(env):
    kept = env["ir.model.data"].search([("module", "=like", f"\\_\\_{ADDON}\\_%\\_\\_")])
    env["ir.attachment"].browse(
        kept.filtered(lambda each: each.model == "ir.attachment").mapped("res_id")
    ).exists().unlink()
    kept.exists().unlink()
