from odoo import api, models
from odoo.exceptions import UserError


class HrSalaryRuleCategory(models.Model):
    _inherit = "hr.salary.rule.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        """Lines that were paid keep their category."""
        # sudo: payroll officers see their own people only: whether there is a line, no more
        lines = self.env["hr.payslip.line"].sudo()
        for category in self:
            if lines.search_count([("category_id", "=", category.id)], limit=1):
                raise UserError(
                    self.env._("%s has lines on payslips and stays.", category.display_name)
                )
