from odoo import fields, models


class CsAppeal(models.Model):
    _inherit = "cs.appeal"

    figure_id = fields.Many2one(
        "cs.figure",
        string="Monthly Figures",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('employee_id', '=', employee_id)]",
    )
