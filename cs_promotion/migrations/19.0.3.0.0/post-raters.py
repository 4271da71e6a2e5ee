from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists

RATERS = ("superior", "office")
RULE = "cs_promotion.cs_appraisal_rule_user"
NAMED = "('superior_id.user_id', '=', user.id)"


def migrate(cr, version):
    """The raters of a policy are rows: one for each of the two weights it had (S3)."""
    for sequence, code in enumerate(RATERS, start=1):
        column = f"{code}_weight"
        if column_exists(cr, "cs_policy", column):
            cr.execute(
                SQL(
                    """
                    INSERT INTO cs_policy_rater
                           (policy_id, company_id, sequence, code, who, needed, weight,
                            create_uid, write_uid, create_date, write_date)
                    SELECT id, company_id, %s, %s, %s, TRUE, COALESCE(%s, 0),
                           create_uid, write_uid, create_date, write_date
                      FROM cs_policy
                    ON CONFLICT DO NOTHING
                    """,
                    10 * sequence,
                    code,
                    code,
                    SQL.identifier(column),
                )
            )
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.invalidate_all()
    # the rule is noupdate: whoever fills in a form by name reads the appraisal, as the superior
    rule = env.ref(RULE, raise_if_not_found=False)
    if rule and NAMED in rule.domain_force and "is_rater" not in rule.domain_force:
        rule.domain_force = rule.domain_force.replace(
            f"['|', '|', {NAMED}",
            f"['|', '|', '|', {NAMED}, ('is_rater', '=', True)",
        )
