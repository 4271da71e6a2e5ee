from odoo import api, models
from odoo.fields import Domain


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _cs_begin_in(self, company):
        """The former company's salary structure stays behind with its versions."""
        version, fault = super()._cs_begin_in(company)
        later = self.sudo().version_ids.filtered(
            lambda each: each.date_version >= version.date_version
        )
        later.filtered(
            lambda each: each.struct_id.company_id not in (company, company.browse())
        ).struct_id = False
        return version, fault

    def _cs_get_contracts_left_behind(self, company, date_start, date_end):
        """Employee id -> the version last held in the company in the period, of those of these
        employees who have worked elsewhere since, or before; none where they did so in all of it.

        As sudo: the company's payroll may no longer read their record. Callers check the
        right to make the company's payslips.
        """
        timelines = self.env["cs.timeline"]._load(self.ids)
        versions = {}
        for employee in self.sudo():
            timeline = timelines[employee.id]
            if {each.company for each in timeline.stretches} <= {company.id}:
                continue
            ours = timeline.within(company.id).touching(date_start, date_end)
            if ours or timeline.touching(date_start, date_end):
                ids = [each.version for each in ours[-1:]]
                versions[employee.id] = employee.env["hr.version"].browse(ids)
        return versions

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Payroll finds those who left and were archived, too: their last pay is still due.

        After all others, and only agents; an import, which matches names exactly, takes the
        employed alone.
        """
        found = super().name_search(name, domain, operator, limit)
        rest = limit and limit - len(found)
        if (
            not name
            or operator != "ilike"
            or (limit and rest <= 0)
            or self.env.context.get("active_test") is False
            or not self.env.user.has_group("payroll.group_payroll_user")
        ):
            return found
        left = Domain("active", "=", False) & Domain("version_ids.cs_tier_id", "!=", False)
        archived = self.with_context(active_test=False)
        return found + super(HrEmployee, archived).name_search(
            name, left & Domain(domain or Domain.TRUE), operator, rest
        )

    def _cs_revise_wage(self, day, held, former_wage):
        """A new base wage leaves the salary structure as it is."""
        employee = self.with_context(cs_keep_structure=True)
        return super(HrEmployee, employee)._cs_revise_wage(day, held, former_wage)
