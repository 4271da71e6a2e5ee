"""What agents are told and may read: mails with a link, scores that are being corrected.

The files that hold these records are not loaded again on an upgrade, so the records are
brought up to date here, unless somebody has changed them.
"""

RULES = {
    "cs_appraisal_rule_user": (
        "('employee_id.user_id', '=', user.id), ('closed', '=', True)]",
        (
            "('employee_id.user_id', '=', user.id), '|', ('closed', '=', True), "
            "('published_on', '!=', False)]"
        ),
    ),
    "cs_appraisal_rule_office": (
        "['|', '|', ('closed', '=', True),",
        "['|', '|', '|', ('closed', '=', True), ('published_on', '!=', False),",
    ),
}
TEMPLATES = ("mail_template_decision_agent", "mail_template_decision_superior")


def migrate(cr, version):
    for name, (old, new) in RULES.items():
        cr.execute(
            """
            UPDATE ir_rule rule SET domain_force = replace(domain_force, %s, %s)
              FROM ir_model_data data
             WHERE data.module = 'cs_promotion' AND data.name = %s AND data.model = 'ir.rule'
               AND data.res_id = rule.id
            """,
            (old, new, name),
        )
    # Documents of a cycle are guarded by the model of attachments, no longer by a global rule.
    _delete(cr, "ir_rule", "ir.rule", "ir_attachment_rule_cycle")
    for name in TEMPLATES:
        # Never edited: it is made anew from its file. An edited one stays as people wrote it.
        cr.execute(
            """
            SELECT 1 FROM mail_template template
              JOIN ir_model_data data ON data.res_id = template.id AND data.name = %s
               AND data.module = 'cs_promotion' AND data.model = 'mail.template'
             WHERE template.write_uid = 1 AND template.write_date = template.create_date
            """,
            (name,),
        )
        if cr.fetchone():
            _delete(cr, "mail_template", "mail.template", name)


def _delete(cr, table, model, name):
    cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module = 'cs_promotion' AND model = %s AND name = %s
     RETURNING res_id
        """,
        (model, name),
    )
    ids = [id_ for (id_,) in cr.fetchall()]
    if ids:
        cr.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", (ids,))  # pylint: disable=sql-injection
