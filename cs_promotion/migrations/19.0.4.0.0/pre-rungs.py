from odoo.tools import SQL
from odoo.tools.sql import column_exists, rename_column, table_exists

OLD, NEW = "cs.policy.pay", "cs.policy.rung"
# where the name of a model is kept as a text
NAMED = (
    ("ir_model", "model"),
    ("ir_model_fields", "model"),
    ("ir_model_fields", "relation"),
    ("ir_model_data", "model"),
    ("ir_attachment", "res_model"),
    ("ir_exports", "resource"),
    ("ir_filters", "model_id"),
    ("mail_message", "model"),
)


def migrate(cr, version):
    """The ladder belongs to the version: its pay lines become rungs with a place of their own,
    and those by appointment that had no line get one (policy 2, L5)."""
    if not table_exists(cr, "cs_policy_pay"):
        return
    rename_model(cr)
    rename_column(cr, "cs_policy_rung", "tier_sequence", "sequence")
    cr.execute(
        """
        ALTER TABLE cs_policy_rung
            ADD COLUMN appointed bool, ADD COLUMN on_probation bool, ADD COLUMN paid_as_below bool
        """
    )
    fill_rungs(cr)
    cr.execute("DROP INDEX IF EXISTS cs_tier_sequence_uniq")


def rename_model(cr):
    """Table, columns, XML ids and all that names the model."""
    cr.execute("ALTER TABLE cs_policy_pay RENAME TO cs_policy_rung")
    cr.execute("ALTER SEQUENCE cs_policy_pay_id_seq RENAME TO cs_policy_rung_id_seq")
    cr.execute(
        "SELECT conname FROM pg_constraint"
        " WHERE conrelid = 'cs_policy_rung'::regclass AND conname LIKE 'cs_policy_pay%'"
    )
    for (name,) in cr.fetchall():
        new = name.replace("cs_policy_pay", "cs_policy_rung")
        cr.execute(
            SQL(
                "ALTER TABLE cs_policy_rung RENAME CONSTRAINT %s TO %s",
                SQL.identifier(name),
                SQL.identifier(new),
            )
        )
    cr.execute(
        "SELECT indexname FROM pg_indexes"
        " WHERE tablename = 'cs_policy_rung' AND indexname LIKE 'cs_policy_pay%'"
    )
    for (name,) in cr.fetchall():  # those of constraints have gone with them
        new = name.replace("cs_policy_pay", "cs_policy_rung")
        cr.execute(SQL("ALTER INDEX %s RENAME TO %s", SQL.identifier(name), SQL.identifier(new)))
    for table, column in NAMED:
        if column_exists(cr, table, column):
            named = SQL.identifier(column)
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s = %s",
                    SQL.identifier(table),
                    named,
                    NEW,
                    named,
                    OLD,
                )
            )
    cr.execute(
        """
        UPDATE ir_model_data SET name = replace(name, 'policy_pay', 'policy_rung')
         WHERE module LIKE 'cs\\_promotion%' AND name LIKE '%policy\\_pay%'
        """
    )
    cr.execute(
        """
        UPDATE ir_model_constraint SET name = replace(name, 'cs_policy_pay', 'cs_policy_rung')
         WHERE name LIKE 'cs\\_policy\\_pay%'
        """
    )
    cr.execute(
        "UPDATE ir_rule SET name = replace(name, %s, %s) WHERE name LIKE %s", [OLD, NEW, f"{OLD}:%"]
    )
    for old, new, model in (
        ("pay_ids", "rung_ids", "cs.policy"),
        ("tier_sequence", "sequence", NEW),
    ):
        cr.execute(
            "UPDATE ir_model_fields SET name = %s WHERE name = %s AND model = %s", [new, old, model]
        )
        prefix = f"field_{model.replace('.', '_')}__"
        cr.execute(
            "UPDATE ir_model_data SET name = %s WHERE module = 'cs_promotion' AND name = %s",
            [prefix + new, prefix + old],
        )


def fill_rungs(cr):
    """As the tiers were read until now: the lowest was on probation; those by appointment above
    all that are paid were steps, too, paid as the highest one."""
    cr.execute(
        """
        UPDATE cs_policy_rung rung
           SET appointed = COALESCE(tier.appointed, FALSE), paid_as_below = FALSE,
               on_probation = NOT EXISTS (
                   SELECT FROM cs_policy_rung lower
                    WHERE lower.policy_id = rung.policy_id
                      AND (lower.sequence, lower.tier_id) < (rung.sequence, rung.tier_id)
               )
          FROM cs_tier tier WHERE tier.id = rung.tier_id
        """
    )
    cr.execute(
        """
        INSERT INTO cs_policy_rung
               (policy_id, company_id, tier_id, sequence, appointed, on_probation, paid_as_below,
                base_wage, appraisal_pay, commission_percent, fine_min, fine_max,
                create_uid, write_uid, create_date, write_date)
        SELECT policy.id, policy.company_id, tier.id, tier.sequence, TRUE, FALSE, TRUE,
               0, 0, 0, 0, 0,
               policy.create_uid, policy.write_uid, policy.create_date, policy.write_date
          FROM cs_policy policy
          JOIN LATERAL (
                   SELECT rung.sequence, rung.tier_id FROM cs_policy_rung rung
                    WHERE rung.policy_id = policy.id
                    ORDER BY rung.sequence DESC, rung.tier_id DESC LIMIT 1
               ) AS top ON TRUE
          JOIN cs_tier tier
            ON tier.appointed AND (tier.sequence, tier.id) > (top.sequence, top.tier_id)
         ORDER BY policy.id, tier.sequence, tier.id
        """
    )
    # the shipped one is found by its XML id
    cr.execute(
        """
        INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
        SELECT 'cs_promotion', 'policy_rung_reserve', 'cs.policy.rung', rung.id, TRUE
          FROM cs_policy_rung rung
          JOIN ir_model_data policy
            ON policy.module = 'cs_promotion' AND policy.name = 'policy_default'
           AND policy.res_id = rung.policy_id
          JOIN ir_model_data tier
            ON tier.module = 'cs_promotion' AND tier.name = 'tier_reserve'
           AND tier.res_id = rung.tier_id
        ON CONFLICT DO NOTHING
        """
    )
