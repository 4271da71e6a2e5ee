from odoo.tools import SQL

V2 = (("minor", None), ("moderate", "demote"), ("serious", "dismissal_review"))


def migrate(cr, version):
    """Every version says what violations lead to, as V2 did for all of them."""
    for number, (severity, outcome) in enumerate(V2, start=1):
        cr.execute(
            SQL(
                """
                INSERT INTO cs_policy_consequence
                       (policy_id, company_id, sequence, severity, outcome, fined,
                        create_uid, write_uid, create_date, write_date)
                SELECT id, company_id, %s, %s, %s, TRUE,
                       create_uid, write_uid, create_date, write_date
                  FROM cs_policy
                ON CONFLICT DO NOTHING
                """,
                10 * number,
                severity,
                outcome,
            )
        )
