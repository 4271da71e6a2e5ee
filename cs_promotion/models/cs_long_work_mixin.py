from odoo import models


class CsLongWorkMixin(models.AbstractModel):
    """Record on which people watch long work: a period, a batch of payslips."""

    _name = "cs.long.work.mixin"
    _description = "Record with Long CS Work"

    def _get_work_users(self):
        """Who is told where the work does not come to its end."""
        self.ensure_one()
        return self.env["cs.cycle"]._get_office(self.company_id)
