from collections import defaultdict

from odoo import api, fields, models

from ...engine.timeline import GAP
from .hr_version import APPLYING


class HrVersion(models.Model):
    """What a tier brings to a dated employee record, and how that is changed from a day on."""

    _inherit = "hr.version"

    @api.model
    def _cs_change_from(self, changes):
        """Change employee records from a day on: the one way for decisions, moves, transfers and
        wages that a policy revises.

        On the day a version begins - a copy of the one in force, with its contract - unless one
        begins then already; versions planned later change along. The past stays as it was.
        Everything is asked before anything is written, and written at once.

        :param changes: triples (employee, day, get_values), one for each employee; get_values is
            a function of a version, and of its first day, or of ``day`` where the version would be
            copied to begin then -> the plain values that it takes, none to leave it at that
        """
        starting, changed = [], defaultdict(self.browse)
        for employee, day, get_values in changes:
            # Odoo would change the version in force in place, and the past with it
            versions = employee.version_ids
            if day not in versions.mapped("date_version"):
                former = employee._get_version(day)
                values = get_values(former, day)
                if values:
                    starting.append(former._get_copy_values(day) | values)
            for version in versions:
                if version.date_version >= day:
                    values = get_values(version, version.date_version)
                    changed[tuple(values.items())] |= version
        # those that are left at what they hold
        changed.pop((), None)
        # one INSERT for all; what is in a new version says the version itself
        self.with_context(cs_applying=APPLYING, tracking_disable=True).create(starting)
        for values, versions in changed.items():
            versions.with_context(cs_applying=APPLYING).write(dict(values))
        employees = self.env["hr.employee"].union(*(employee for employee, *_rest in changes))
        # the version in force is a computed field, and may be another one now
        employees.invalidate_recordset()

    def _get_copy_values(self, day):
        """What a copy of this version holds that begins on a day."""
        return {
            **self.copy_data()[0],
            "employee_id": self.employee_id.id,
            "date_version": day,
            # as create_version does it: the contract goes on
            "contract_date_start": self.contract_date_start,
            "contract_date_end": self.contract_date_end,
        }

    def _restart_tier(self, vals):
        """A contract after a break is a new employment: the tier copied from the former one
        counts from its first day."""
        start = fields.Date.to_date(vals.get("contract_date_start"))
        since = fields.Date.to_date(vals.get("cs_tier_since"))
        employee_id = vals.get("employee_id")
        if start and since and since < start and employee_id:
            # a break as Odoo has it: a few days between two contracts are none
            left = self.env["cs.timeline"]._load([employee_id])[employee_id].left(since)
            if left and start - left >= GAP:
                vals["cs_tier_since"] = start
        return vals

    def _complete_tier_values(self, vals):
        """Since-date, wage and what bridges add, where a tier is set without them."""
        if not vals.get("cs_tier_id"):
            if "cs_tier_id" in vals:
                vals["cs_tier_since"] = False
            return vals
        # sudo: whoever sets a tier need not read contracts, nor the versions before
        held = self.sudo()
        employee = held.env["hr.employee"].browse(vals.get("employee_id")) or held.employee_id
        company = employee.company_id or self.company_id or self.env.company
        since = fields.Date.to_date(
            vals.get("cs_tier_since")
            or vals.get("contract_date_start")
            or held.contract_date_start
            or vals.get("date_version")
            or self.date_version
            or company._cs_today()
        )
        if not vals.get("cs_tier_since") and employee.version_ids.cs_company_id - company:
            # one who came from another company: the contract may be older than the time here
            timeline = self.env["cs.timeline"]._load(employee.ids, company)[employee.id]
            since = max(since, timeline.joined(company._cs_today()) or since)
        day = fields.Date.to_date(vals.get("date_version")) or self.date_version or since
        tier = self.env["cs.tier"].browse(vals["cs_tier_id"])
        values = self._take_tier_values(
            self._get_tier_values(company, tier, since, max(since, day))
        )
        return values | {name: value for name, value in vals.items() if value or name not in values}

    @api.model
    def _get_tier_values(self, company, tier, since, day):
        """Values of a version that holds ``tier`` since ``since``, as of ``day``.

        Bridges extend it: the payroll bridge adds the salary structure.
        """
        values = {"cs_tier_id": tier.id, "cs_tier_since": since, "cs_company_id": company.id}
        base = self._get_base_wage(company, tier, day)
        if base is not None:
            values["wage"] = base
        return values

    @api.model
    def _get_filled_names(self):
        """What a tier fills in where nothing is given; bridges add theirs."""
        return {"wage"}

    @api.model
    def _get_base_wage(self, company, tier, day):
        """The tier's base wage by the policy of ``day`` (W1), None where it pays none."""
        policies = self.env["cs.policy"]
        policy = policies._get_in_force(company, max(day, policies._get_first_start(company)))
        line = policy and policy._get_pay_lines().get(tier.code)
        return float(line.base_wage) if line else None

    def _take_tier_values(self, values):
        """Those of a tier's values that this version takes on: an agreed wage stays (W6), and so
        does one that was there before the first tier.

        Bridges extend it: a salary structure that someone chose stays, too.
        """
        held = self.sudo()  # whoever sets a tier need not read wages
        if held.cs_wage_agreed or (held and not held.cs_tier_id and held.wage):
            return {name: value for name, value in values.items() if name != "wage"}
        return values
