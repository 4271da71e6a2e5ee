from odoo import models

from ...ahead import Ahead


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def get_work_hours_count(self, start_dt, end_dt, compute_leaves=True, domain=None):
        """Asked by OCA for each day of leave of each payslip: while payslips are being made,
        the hours of a day are looked up once for everyone on one working schedule."""
        ahead = Ahead.of(self)
        if not ahead or compute_leaves or domain or len(self) != 1:
            return super().get_work_hours_count(start_dt, end_dt, compute_leaves, domain)
        key = self.id, start_dt, end_dt
        if key not in ahead.hours:
            ahead.hours[key] = super().get_work_hours_count(
                start_dt, end_dt, compute_leaves, domain
            )
        return ahead.hours[key]
