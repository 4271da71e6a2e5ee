from math import copysign

from pytz import utc

from odoo import api, models
from odoo.tools import groupby
from odoo.tools.intervals import Intervals

from odoo.addons.payroll.models.base_browsable import Payslips

from ..ahead import Ahead, Part, merge
from ..payslip_sums import SharedPayslips
from ..tier_pay import Prepared

DAYS, AMOUNTS = ("number_of_days", "number_of_hours"), ("amount", "amount_qty")


class HrPayslip(models.Model):
    """Making payslips by tier: worked days and inputs by OCA's own methods, which find loaded
    what they ask for; over all contracts and working schedules of the month (W3)."""

    _inherit = "hr.payslip"

    # ------------------------------------------------------------------ OCA's hooks

    def get_payslip_vals(
        self, date_from, date_to, employee_id=False, contract_id=False, struct_id=False
    ):
        slips = self.with_context(cs_struct_id=struct_id[0]) if struct_id else self
        values = super(HrPayslip, slips).get_payslip_vals(
            date_from, date_to, employee_id, contract_id=contract_id, struct_id=struct_id
        )
        value = values["value"]
        structure = self.env["hr.payroll.structure"].browse(value["struct_id"])
        if value["contract_id"] and structure._pays_by_tier():
            # once more: addons have added lines for each contract
            value["worked_days_line_ids"] = self._merge_days(value["worked_days_line_ids"])
            value["input_line_ids"] = self._merge_inputs(value["input_line_ids"])
        return values

    @api.model
    def get_worked_day_lines(self, contracts, date_from, date_to):
        """One line for each code, over all contracts and working schedules of the employee in
        the period, whichever of them is asked for."""
        if not self._makes_by_tier(contracts):
            return super().get_worked_day_lines(contracts, date_from, date_to)
        ahead = self._get_ahead(contracts) or self._load_ahead(
            {each.id: ours for each, ours in contracts.grouped("employee_id").items()},
            date_from,
            date_to,
        )
        employees = dict.fromkeys(each.employee_id.id for each in contracts)
        ids = [part.version for id_ in employees for part in ahead.parts[id_]]
        # OCA asks for the employee of one payslip at most
        slips = (self if len(self) == 1 else self.browse()).with_context(cs_ahead=ahead)
        versions = contracts.with_context(cs_ahead=ahead).browse(ids)
        return self._merge_days(
            super(HrPayslip, slips).get_worked_day_lines(versions, date_from, date_to)
        )

    @api.model
    def get_inputs(self, contracts, date_from, date_to):
        """Each input once, also where no payslip is there yet to tell the structure."""
        if not self._makes_by_tier(contracts):
            return super().get_inputs(contracts, date_from, date_to)
        structure = self.env.context.get("cs_struct_id") or contracts[:1].struct_id.id
        slips = self.with_context(cs_struct_id=structure)
        return self._merge_inputs(
            super(HrPayslip, slips).get_inputs(contracts[:1], date_from, date_to)
        )

    def _get_salary_rules(self):
        """While a payslip is being made there is none yet to ask for its rules."""
        structure = self.env.context.get("cs_struct_id")
        if self or not structure:
            return super()._get_salary_rules()
        ahead = self.env.context.get("cs_ahead")
        known = ahead.rules if isinstance(ahead, Ahead) else {}
        if structure not in known:
            structures = self.env["hr.payroll.structure"].browse(structure)
            known[structure] = structures.get_structure_with_parents().get_all_rules()
        return known[structure].with_env(self.env)

    @api.model
    def _compute_leave_days(self, contract, day_from, day_to):
        """Leave days for whoever may make payslips, with a code whatever is installed, and with
        what of them is unpaid, as the kind of leave says (W6).

        OCA reads the leaves with the rights of the payroll officer, who need not have any in
        Time Off; and it takes the code from the work entry type, which a public holiday has
        not. Both stopped every payslip of the batch.
        """
        span = self._get_span(contract) or (day_from, day_to)
        # superuser: of the leaves, days, hours and their kind go on the payslip
        own = contract.sudo()
        lines = list(super(HrPayslip, self.sudo())._compute_leave_days(own, *span))
        for line in lines:
            line["code"] = line["code"] or "GLOBAL"
            line["sequence"] = line["sequence"] or 5
        if self._get_span(contract):
            self._mark_leave(own, lines, *span)
        return lines

    def _compute_worked_days(self, contract, day_from, day_to):
        span = self._get_span(contract) or (day_from, day_to)
        return super()._compute_worked_days(contract, *span) | {"cs_unpaid_percent": 0}

    def _get_baselocaldict(self, contracts):
        """Rules find under a code all that the payslip has of it, as it may have come about."""
        localdict = super()._get_baselocaldict(contracts)
        if self._pays_by_tier():
            for name, lines, sums in (
                ("worked_days", self.worked_days_line_ids, DAYS),
                ("inputs", self.input_line_ids, AMOUNTS),
            ):
                localdict[name].dict.update(self._sum_by_code(lines, sums))
        prepared = self.env.context.get("cs_prepared")
        # what another addon put in its place stays
        if isinstance(prepared, Prepared) and type(localdict["payslips"]) is Payslips:
            localdict["payslips"] = SharedPayslips(
                self.employee_id.id, self.env, prepared.sums, self.browse(prepared)
            )
        return localdict

    @api.onchange("employee_id", "date_from", "date_to")
    def onchange_employee(self):
        """The contract is found anew for the period: one that ran in a period typed in before
        would stay, and the payslip's contract depend on what was typed in first."""
        if not self.env.context.get("contract"):
            self.contract_id = False
        return super().onchange_employee()

    # ------------------------------------------------------------------ one line for each code

    @api.model
    def _merge_days(self, lines):
        """Worked days, one line for each code; leave, one for each kind of it."""
        return merge(
            lines,
            DAYS,
            lambda line: (line["code"], line.get("cs_leave"), line.get("cs_leave_type_id")),
        )

    @api.model
    def _merge_inputs(self, lines):
        return merge(lines, AMOUNTS, lambda line: line["code"])

    @api.model
    def _sum_by_code(self, lines, sums):
        """Code -> a line that is not stored, with the sums, where several lines have the code."""
        return {
            code: alike.new({name: sum(alike.mapped(name)) for name in sums}, origin=alike[-1])
            for code, alike in lines.grouped("code").items()
            if code and len(alike) > 1
        }

    @api.model
    def _mark_leave(self, contract, lines, day_from, day_to):
        """Say of OCA's lines of leave, one for each kind in the order they are met, of which
        kind they are and what of it is unpaid.

        Two kinds may have one name: the first of it that is met is the first line's.
        """
        found = contract.employee_id.list_leaves(
            day_from, day_to, calendar=contract.resource_calendar_id
        )
        company = contract._get_cs_company() or self.env.company
        left = list(dict.fromkeys(self._get_kind(leave) for *_at, leave in found))
        key = day_from, day_to, contract.resource_calendar_id.id
        away = contract.employee_id._get_cs_ahead("away", *key) or {}
        for line in lines:
            names = [kind.with_env(contract.env).name or False for kind in left]
            if not left:
                break  # lines of an addon's own
            # public holidays are of no kind, and named by OCA
            name = line["name"] if line["name"] in names else False
            kind = left.pop(names.index(name) if name in names else 0)
            if kind in away:
                line["number_of_days"] = copysign(away[kind], line["number_of_days"])
            kind = kind.with_company(company)
            line["cs_leave"] = True
            line["cs_leave_type_id"] = kind.id
            line["cs_unpaid_percent"] = 100 - kind.cs_pay_percent if kind else 0
            line["code"] = kind.cs_payslip_code or line["code"]

    @api.model
    def _get_kind(self, leave):
        """The kind of leave, as OCA finds it; of none is a public holiday."""
        return leave[:1].holiday_id.holiday_status_id

    # ------------------------------------------------------------------ loaded beforehand

    def _makes_by_tier(self, contracts):
        """Whether what is being made of these contracts is a payslip by tier."""
        structure = self.env.context.get("cs_struct_id")
        if len(self) == 1 and self.struct_id:
            return bool(contracts) and self._pays_by_tier()
        if structure:
            return bool(contracts) and (
                self.env["hr.payroll.structure"].browse(structure)._pays_by_tier()
            )
        return contracts[:1].struct_id._pays_by_tier()

    def _get_ahead(self, contracts):
        """What was loaded for all employees of a batch, those of these contracts among them."""
        ahead = self.env.context.get("cs_ahead")
        known = isinstance(ahead, Ahead) and set(contracts.employee_id.ids) <= ahead.parts.keys()
        return ahead if known else None

    def _get_span(self, contract):
        """The days that are counted of a version while its payslip is being made."""
        ahead = self.env.context.get("cs_ahead")
        return ahead.spans.get(contract.id) if isinstance(ahead, Ahead) else None

    @api.model
    def _load_ahead(self, contracts, date_from, date_to):
        """Load what OCA's methods ask for of these employees, as :class:`~..ahead.Ahead`.

        :param contracts: employee id -> versions that a payslip is to be made for
        """
        parts = self._load_parts(contracts, date_from, date_to)
        ahead = Ahead({id_: ours.ids for id_, ours in contracts.items()}, parts)
        # superuser: working schedules and leaves, of which days and hours go on the payslip
        versions = self.env["hr.version"].sudo().browse(list(ahead.spans))
        # all of these employees: Odoo looks among them for the working schedule of a day
        versions.employee_id.version_ids.union(versions, *contracts.values())._cs_load_dates()
        groups = versions.filtered("resource_calendar_id").grouped(
            lambda version: (version.resource_calendar_id, *ahead.spans[version.id])
        )
        for (calendar, start, end), ours in groups.items():
            self._load_days(ahead, ours.employee_id, calendar, start, end)
        return ahead

    @api.model
    def _load_days(self, ahead, employees, calendar, start, end):
        """Working days and leaves of employees on one working schedule, in the same days: as
        ``_get_work_days_data_batch`` and ``list_leaves`` of Odoo, for all at once."""
        bounds = utc.localize(start), utc.localize(end)
        resources = employees.resource_id
        attendances = calendar._attendance_intervals_batch(*bounds, resources)
        reckoned = {}

        def reckon(due, off=()):
            # whose hours are not flexible, Odoo gives one and the same intervals: reckoned once
            key = id(due), tuple((begin, stop) for begin, stop, _leave in off)
            if key not in reckoned:
                intervals = due & Intervals(off) if off else due
                reckoned[key] = calendar._get_attendance_intervals_days_data(intervals)
            return reckoned[key]

        for employee in employees:
            key = employee.id, start, end, calendar.id
            ahead.work[key] = reckon(attendances[employee.resource_id.id])
        if self._has_holidays_by_employee():
            return
        leaves = calendar._leave_intervals_batch(*bounds, resources)
        for employee in employees:
            id_, key = employee.resource_id.id, (employee.id, start, end, calendar.id)
            found = list(leaves[id_] & attendances[id_])
            ahead.leaves[key] = [
                (begin.date(), (stop - begin).total_seconds() / 3600, leave)
                for begin, stop, leave in found
            ]
            # OCA takes any day for a whole one; a morning that is half a day due is half a day off
            ahead.away[key] = {
                kind: reckon(attendances[id_], ours)["days"]
                for kind, ours in groupby(found, lambda each: self._get_kind(each[2]))
            }

    @api.model
    def _has_holidays_by_employee(self):
        """With OCA's public holidays, days off depend on the employee's address: they are not
        the same for all on one working schedule, and are looked up one by one."""
        return any(name in self.env for name in ("hr.holidays.public", "calendar.public.holiday"))

    @api.model
    def _load_parts(self, contracts, date_from, date_to):
        """Employee id -> :class:`~..ahead.Part`, of the days in the company of the contract."""
        timelines = self.env["cs.timeline"]._load(list(contracts))
        touching = {
            id_: timelines[id_]
            .within((ours[-1:].sudo()._get_cs_company()).id)
            .touching(date_from, date_to)
            for id_, ours in contracts.items()
        }
        # superuser: dates and working schedules of versions, to count the days due
        versions = self.env["hr.version"].sudo()
        versions = versions.browse([each.version for ours in touching.values() for each in ours])
        versions.fetch(["contract_date_start", "resource_calendar_id"])
        parts = {}
        for id_, ours in contracts.items():
            found = []
            for each in touching[id_]:
                version = versions.browse(each.version).with_prefetch(versions.ids)
                part = Part(version.id, max(each.start, date_from), min(each.end, date_to))
                alike = version.contract_date_start, version.resource_calendar_id
                if found and found[-1][0] == alike:
                    part = part._replace(start=found.pop()[1].start)
                found.append((alike, part))
            parts[id_] = [part for _alike, part in found] or [
                self._get_part(contract, date_from, date_to) for contract in ours.sudo()
            ]
        return parts

    @api.model
    def _get_part(self, contract, date_from, date_to):
        """The days of a contract that was chosen, though no employment says so."""
        start = max(date_from, contract.contract_date_start or date_from)
        return Part(contract.id, start, min(date_to, contract.contract_date_end or date_to))
