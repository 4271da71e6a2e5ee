from odoo import api, fields, models
from odoo.fields import Domain

from ...ahead import Ahead
from .hr_version import GROUPS


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    cs_not_paid_by_tier = fields.Boolean(
        related="version_id.cs_not_paid_by_tier",
        inherited=True,
        groups=GROUPS,
    )
    cs_structure_kept = fields.Boolean(
        related="version_id.cs_structure_kept", inherited=True, readonly=False, groups=GROUPS
    )
    cs_structure_open = fields.Boolean(
        related="version_id.cs_structure_open", inherited=True, groups=GROUPS
    )

    # ------------------------------------------------------------------ off the ladder

    @api.onchange("cs_tier_id", "contract_date_start")
    def _onchange_cs_tier_id(self):
        """Off the ladder the structure of tier pay is no answer: the form asks for one."""
        res = super()._onchange_cs_tier_id()
        held = self.sudo()  # whoever sets a tier needs no rights in payroll
        if self.cs_tier_id or not held._origin.cs_tier_id:
            return res
        if not held.struct_id.cs_only_tier_pay:
            return res
        self.struct_id = False
        return {
            "warning": {
                "title": self.env._("Leaves the CS ladder"),
                "message": self.env._(
                    "Tier pay ends. Choose the salary structure from now on, and look at the "
                    "wage. The structure of tier pay, chosen again, pays the wage alone."
                ),
            }
        }

    @api.onchange("struct_id")
    def _onchange_cs_struct_id(self):
        """Chosen for one who leaves the ladder, the structure of tier pay is kept as told."""
        if self._has_field_access(self._fields["cs_structure_kept"], "write"):
            held = self.sudo()  # as above
            left = bool(held._origin.cs_tier_id) and not self.cs_tier_id
            self.cs_structure_kept = left and held.struct_id.cs_only_tier_pay

    @api.model
    def _cs_get_off_ladder_values(self):
        return super()._cs_get_off_ladder_values() | {"cs_structure_kept": False}

    # ------------------------------------------------------------------ the structure held

    def _cs_take_shown(self, values):
        """A structure that someone chose stays in the form, too."""
        values = super()._cs_take_shown(values)
        if self.sudo().struct_id:  # whoever sets a tier needs no rights in payroll
            values = {name: value for name, value in values.items() if name != "struct_id"}
        return values

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

    def _cs_get_tier_versions(self, date_start, date_end, timelines=None):
        """Employee id -> the version last held on the ladder in the period whose structure pays
        by tier: it pays the month, days off the ladder by their wage (W3).

        As sudo inside; callers check the right to the payslips.

        :param timelines: those of these employees and others, where they are at hand
        """
        timelines = timelines or self.env["cs.timeline"]._load(self.ids)
        held = {
            id_: [each.version for each in timelines[id_].on_ladder(date_start, date_end)]
            for id_ in self.ids
        }
        versions = (
            self.env["hr.version"].sudo().browse({id_ for ids in held.values() for id_ in ids})
        )
        paying = set(versions.filtered(lambda each: each.struct_id._pays_by_tier()).ids)
        last = {id_: [each for each in ids if each in paying][-1:] for id_, ids in held.items()}
        return {id_: self.env["hr.version"].browse(ids) for id_, ids in last.items() if ids}

    # ------------------------------------------------------------------ loaded beforehand

    def _get_cs_ahead(self, kind, *key):
        """What was loaded for the employees of a batch that is being made; None when nothing
        was of this one."""
        ahead = Ahead.of(self)
        if not ahead or len(self) != 1:
            return None
        return getattr(ahead, kind).get((self.id, *key) if key else self.id)

    def _get_contracts(self, date_start=None, date_end=None, use_latest_version=True, domain=None):
        ids = self._get_cs_ahead("contracts")
        if ids is None or domain or not use_latest_version:
            return super()._get_contracts(date_start, date_end, use_latest_version, domain)
        return {self.id: self.env["hr.version"].browse(ids)}

    def _get_work_days_data_batch(
        self, from_datetime, to_datetime, compute_leaves=True, calendar=None, domain=None
    ):
        key = from_datetime, to_datetime, calendar and calendar.id
        data = None if compute_leaves or domain else self._get_cs_ahead("work", *key)
        if data is not None:
            return {self.id: data}
        return super()._get_work_days_data_batch(
            from_datetime, to_datetime, compute_leaves, calendar, domain
        )

    def list_leaves(self, from_datetime, to_datetime, calendar=None, domain=None):
        key = from_datetime, to_datetime, calendar and calendar.id
        leaves = None if domain else self._get_cs_ahead("leaves", *key)
        if leaves is not None:
            return list(leaves)  # that of others, too
        return super().list_leaves(from_datetime, to_datetime, calendar, domain)

    # ------------------------------------------------------------------ of other companies

    def _cs_get_contracts_left_behind(self, company, date_start, date_end, timelines):
        """Employee id -> the version last held in the company in the period, of those of these
        employees who have worked elsewhere since, or before; none where they did so in all of it.

        As sudo: the company's payroll may no longer read their record. Callers check the
        right to make the company's payslips.

        :param timelines: employee id -> timeline, in whatever company
        """
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
