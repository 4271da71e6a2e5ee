from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

# addon -> how the names of its records begin, models, fields and constraints of its own apart
ADDONS = {
    "cs_promotion_appeal": (
        r"(access_)?cs_appeal_\w+",
        r"mail_activity_(appeal_answer|appeal_decide|correct_sheet)",
        # what it adds to the core's models
        r"field_cs_(appraisal|violation|decision)__(appeal_ids|appeal_until|can_appeal)",
        r"field_cs_(appraisal|violation|decision)__has_open_appeal",
        r"field_cs_decision__waits_for_appeal",
        r"field_cs_dashboard__appeals",
        r"model_inherit__cs_(appraisal|violation|decision)__cs_appealable_mixin",
    ),
    "cs_promotion_career": (
        r"(access_)?cs_(transfer|post|vacancy)_\w+",
        r"mail_activity_transfer_(opinion|decide)",
        r"ir_cron_(move|set_heads)(_\w+)?",
    ),
}
# addon -> tables of its models
TABLES = {
    "cs_promotion_appeal": "cs_appeal|cs_appealable_mixin",
    "cs_promotion_career": ("cs_transfer|cs_post|cs_post_external|cs_vacancy|cs_vacancy_candidate"),
}


def migrate(cr, version):
    """Appeals and careers are addons of their own: what was the core's becomes theirs, and is
    upgraded with them in this run.

    They are *upgraded*, as the database has them already, and not installed: so what people
    changed in records that are not updated (rules, scheduled actions) stays as they left it.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT name FROM ir_module_module WHERE name = ANY(%s)", [list(ADDONS)])
    if cr.rowcount < len(ADDONS):
        env["ir.module.module"].update_list()
        env.flush_all()
    for addon, names in ADDONS.items():
        _own(cr, addon, names)
    cr.execute(
        """
        UPDATE ir_module_module addon
           SET state = 'to upgrade', latest_version = core.latest_version, demo = core.demo
          FROM ir_module_module core
         WHERE addon.name = ANY(%s) AND core.name = 'cs_promotion'
           AND addon.state IN ('uninstalled', 'to install')
        """,
        [list(ADDONS)],
    )
    env.invalidate_all()
    _remake_templates(cr)


def _own(cr, addon, names):
    """File what was the core's under the addon's name, and what the database notes of it."""
    tables = TABLES[addon]
    own = rf"model_({tables})|(field|model_inherit)_+({tables})__\w+|selection__({tables})__.*"
    own = "|".join([*names, own, rf"constraint_({tables})_\w+"])
    cr.execute(
        """
        UPDATE ir_model_data SET module = %s
         WHERE module = 'cs_promotion' AND name ~ %s
        """,
        (addon, f"^({own})$"),
    )
    # keys of tables and constraints name no addon: they are found by the addon's models
    for table in ("ir_model_constraint", "ir_model_relation"):
        cr.execute(
            SQL(
                """
                UPDATE %s noted SET module = addon.id
                  FROM ir_module_module addon, ir_module_module core, ir_model model
                 WHERE addon.name = %s AND core.name = 'cs_promotion' AND noted.module = core.id
                   AND model.id = noted.model AND replace(model.model, '.', '_') ~ %s
                """,
                SQL.identifier(table),
                addon,
                f"^({tables})$",
            )
        )


def _remake_templates(cr):
    """Mails of a decision say what its agent may do by a method that addons extend. Never edited,
    they are made anew from their file; an edited one stays as people wrote it."""
    for name in ("mail_template_decision_agent", "mail_template_decision_superior"):
        cr.execute(
            """
            DELETE FROM ir_model_data data
             USING mail_template template
             WHERE data.module = 'cs_promotion' AND data.model = 'mail.template'
               AND data.name = %s AND template.id = data.res_id
               AND template.write_uid = 1 AND template.write_date = template.create_date
         RETURNING template.id
            """,
            (name,),
        )
        if ids := [id_ for (id_,) in cr.fetchall()]:
            cr.execute("DELETE FROM mail_template WHERE id = ANY(%s)", (ids,))
