from odoo import api, models

from .hr_version import APPLYING


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
        employee = self.sudo().with_context(cs_applying=APPLYING, tracking_disable=True)
        former = employee._get_version(day)
        if off_ladder:
            values = self._cs_get_off_ladder_values() | values
        held = {name: former[name] for name in values}
        if former.date_version != day:
            former.create(
                {
                    **former.copy_data()[0],
                    "employee_id": self.id,
                    "date_version": day,
                    "contract_date_start": former.contract_date_start,
                    "contract_date_end": former.contract_date_end,
                    **values,
                }
            )
        for version in employee.version_ids.filtered(lambda each: each.date_version >= day):
            version.write(
                {name: value for name, value in values.items() if version[name] == held[name]}
            )
        self.invalidate_recordset()

    @api.model
    def _cs_get_off_ladder_values(self):
        """What a version holds off the ladder; bridges clear what they add to a tier."""
        return {"cs_tier_id": False, "cs_tier_since": False, "cs_wage_agreed": False}

    @api.model
    def _cs_get_ladder_departments(self, company):
        """Departments of the company with someone on the ladder today."""
        today = company._cs_today()
        timelines = self.env["cs.timeline"]._load_on_ladder(company, today, today)
        stretches = (timeline.at(today) for timeline in timelines.values())
        return self.env["hr.department"].browse(
            {stretch.department for stretch in stretches if stretch and stretch.tier} - {None}
        )
