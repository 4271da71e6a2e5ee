from odoo import models


class HrPayslipInput(models.Model):
    _name = "hr.payslip.input"
    _inherit = ["cs.payslip.part.mixin", "hr.payslip.input"]
