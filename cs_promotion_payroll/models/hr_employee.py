from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _cs_revise_wage(self, day, held, former_wage):
        """A new base wage leaves the salary structure as it is."""
        employee = self.with_context(cs_keep_structure=True)
        return super(HrEmployee, employee)._cs_revise_wage(day, held, former_wage)
