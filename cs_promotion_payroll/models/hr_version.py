from bisect import bisect_right

from odoo import api, fields, models


class HrVersion(models.Model):
    """The salary structure follows the tier."""

    _inherit = "hr.version"

    @api.model
    def _get_tier_values(self, company, tier, since, day):
        values = super()._get_tier_values(company, tier, since, day)
        if not self.env.context.get("cs_keep_structure"):
            values["struct_id"] = company._get_cs_structure().id
        return values

    def _compute_dates(self):
        """Same result as Odoo's, with one query for all versions, not one for each: the
        working hours of every payslip's agent are looked up by these dates."""
        starts = {
            employee.id: sorted(days)
            for employee, days in self._read_group(
                [("employee_id", "in", self.employee_id.ids)],
                ["employee_id"],
                ["date_version:array_agg"],
            )
        }
        for version in self:
            day = version.date_version
            later = starts.get(version.employee_id._origin.id, [])
            later = later[bisect_right(later, day) :] if day else later
            ends = [fields.Date.subtract(later[0], days=1)] if later else []
            if version.contract_date_end:
                ends.append(version.contract_date_end)
            begins = filter(None, (day, version.contract_date_start))
            version.date_start = max(begins, default=False)
            version.date_end = min(ends, default=False)

    @api.model
    def _set_missing_structures(self):
        """Give versions on the ladder that have no salary structure the one of tier pay."""
        versions = self.sudo().search([("cs_tier_id", "!=", False), ("struct_id", "=", False)])
        for company, ours in versions.grouped(lambda each: each._get_cs_company()).items():
            if company:
                ours.struct_id = company._get_cs_structure()
