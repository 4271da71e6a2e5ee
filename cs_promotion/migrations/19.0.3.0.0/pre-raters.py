from odoo.tools import SQL
from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    """Who fills a sheet in stands on it: filled here at once, as all of it is history (S1)."""
    for column in ("rater_id", "rater_user_id"):
        if not column_exists(cr, "cs_appraisal_sheet", column):
            cr.execute(
                SQL("ALTER TABLE cs_appraisal_sheet ADD COLUMN %s int4", SQL.identifier(column))
            )
    cr.execute(
        """
        UPDATE cs_appraisal_sheet
           SET rater_id = superior_id, rater_user_id = superior_user_id
         WHERE role = 'superior'
        """
    )
    former = "cs_appraisal_sheet_former"
    if column_exists(cr, former, "superior_user_id"):
        rename_column(cr, former, "superior_user_id", "rater_user_id")
