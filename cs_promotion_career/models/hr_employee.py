from odoo import api, models
from odoo.fields import Domain


class HrEmployee(models.Model):
    """Moving to another department or post on a day, on the dated employee record (L5, L6)."""

    _inherit = "hr.employee"

    def _cs_move(self, day, values, off_ladder=False):
        """Give the versions from ``day`` on these values; the past stays as it was.

        Versions planned later move along as far as they carry what was held before.

        :param values: field of ``hr.version`` -> value, such as ``department_id``
        :param off_ladder: the CS tier ends with the day before
        """
        self.ensure_one()
        employee = self.sudo().with_context(tracking_disable=True)  # who moves may not see it all
        former = employee._get_version(day)
        if off_ladder:
            values = self._cs_get_off_ladder_values() | values
        held = {name: former[name] for name in values}
        employee.env["hr.version"]._cs_change_from(
            [
                (
                    employee,
                    day,
                    lambda version, _day: {
                        name: value for name, value in values.items() if version[name] == held[name]
                    },
                )
            ]
        )

    @api.model
    def _cs_get_ladder_departments(self, company):
        """Departments of the company with someone on the ladder today."""
        today = company._cs_today()
        timelines = self.env["cs.timeline"]._load_on_ladder(company, today, today)
        stretches = (timeline.at(today) for timeline in timelines.values())
        return self.env["hr.department"].browse(
            {stretch.department for stretch in stretches if stretch and stretch.tier} - {None}
        )

    def _cs_end_elsewhere(self, elsewhere, day, reason):
        """Applications for a transfer within the company left behind lead nowhere."""
        ended = super()._cs_end_elsewhere(elsewhere, day, reason)
        waiting = Domain("state", "in", ("draft", "submitted"))
        planned = Domain("state", "=", "approved") & Domain("superior_moved", "=", False)
        self.env["cs.transfer"].search(elsewhere & (waiting | planned))._cs_end(reason)
        return ended
