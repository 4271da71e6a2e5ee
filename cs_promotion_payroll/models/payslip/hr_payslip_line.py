from odoo import fields, models


class HrPayslipLine(models.Model):
    """Indexes without which every line that is deleted costs a look through all lines."""

    _name = "hr.payslip.line"
    _inherit = ["cs.payslip.part.mixin", "hr.payslip.line"]
    _slip_name = "slip_id"

    slip_id = fields.Many2one(index=True)
    parent_line_id = fields.Many2one(index="btree_not_null")
