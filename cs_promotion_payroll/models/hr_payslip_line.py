from odoo import fields, models


class HrPayslipLine(models.Model):
    """Indexes without which every line that is deleted costs a look through all lines."""

    _inherit = "hr.payslip.line"

    slip_id = fields.Many2one(index=True)
    parent_line_id = fields.Many2one(index="btree_not_null")
