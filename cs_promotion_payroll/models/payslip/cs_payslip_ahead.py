from math import copysign

from pytz import utc

from odoo import api, models
from odoo.tools import groupby
from odoo.tools.intervals import Intervals

from ...ahead import Ahead, Part


class CsPayslipAhead(models.AbstractModel):
    """What OCA's own methods ask for while payslips by tier are made, loaded for all of a batch:
    working days and leaves, over all contracts and working schedules of the month (W3)."""

    _name = "cs.payslip.ahead"
    _description = "CS Worked Days Loader"

    @api.model
    def _get(self, contracts, date_from, date_to):
        """What is loaded of the employees of these contracts: for all of a batch already, or
        else now."""
        ahead = Ahead.of(self)
        if ahead and set(contracts.employee_id.ids) <= ahead.parts.keys():
            return ahead
        groups = contracts.grouped("employee_id")
        return self._load({each.id: ours for each, ours in groups.items()}, date_from, date_to)

    # ------------------------------------------------------------------ leave

    @api.model
    def _complete_leave(self, contract, lines, span):
        """OCA's lines of leave with a code whatever is installed, and with what of them is unpaid,
        as the kind of leave says (W6).

        OCA takes the code from the work entry type, which a public holiday has not: that
        stopped every payslip of the batch.

        :param span: the days that are counted, None where the payslip does not pay by tier
        """
        for line in lines:
            line["code"] = line["code"] or "GLOBAL"
            line["sequence"] = line["sequence"] or 5
        if span and lines:
            self._mark_leave(contract, lines, *span)
        return lines

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
            paid = kind.with_company(company).cs_pay_percent if kind else 100
            line["cs_leave"] = True
            line["cs_leave_type_id"] = kind.id
            line["cs_unpaid_percent"] = 100 - paid
            line["code"] = kind.cs_payslip_code or line["code"]

    @api.model
    def _get_kind(self, leave):
        """The kind of leave, as OCA finds it; of none is a public holiday."""
        return leave[:1].holiday_id.holiday_status_id

    # ------------------------------------------------------------------ loading

    @api.model
    def _load(self, contracts, date_from, date_to, timelines=None):
        """Load what OCA's methods ask for of these employees, as :class:`~..ahead.Ahead`.

        :param contracts: employee id -> versions that a payslip is to be made for
        :param timelines: those of these employees and others, where they are at hand
        """
        # sudo: dates, working schedules and leaves, of which days and hours go on the payslip
        own = self.sudo()
        contracts = {id_: ours.with_env(own.env) for id_, ours in contracts.items()}
        timelines = timelines or self.env["cs.timeline"]._load(list(contracts))
        parts = own._load_parts(contracts, date_from, date_to, timelines)
        ahead = Ahead({id_: ours.ids for id_, ours in contracts.items()}, parts)
        versions = own.env["hr.version"].browse(list(ahead.spans))
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
        alike = {}  # most are away on public holidays alone
        for employee in employees:
            id_, key = employee.resource_id.id, (employee.id, start, end, calendar.id)
            due, off = attendances[id_], leaves[id_]
            both = id(due), tuple(off)
            if both not in alike:
                found = list(off & due)
                # OCA takes any day for a whole one; a morning that is half a day due is half a
                # day off
                alike[both] = (
                    [
                        (begin.date(), (stop - begin).total_seconds() / 3600, leave)
                        for begin, stop, leave in found
                    ],
                    {
                        kind: reckon(due, ours)["days"]
                        for kind, ours in groupby(found, lambda each: self._get_kind(each[2]))
                    },
                )
            ahead.leaves[key], ahead.away[key] = alike[both]

    @api.model
    def _has_holidays_by_employee(self):
        """With OCA's public holidays, days off depend on the employee's address: they are not
        the same for all on one working schedule, and are looked up one by one."""
        return any(name in self.env for name in ("hr.holidays.public", "calendar.public.holiday"))

    @api.model
    def _load_parts(self, contracts, date_from, date_to, timelines):
        """Employee id -> :class:`~..ahead.Part`, of the days in the company of the contract; as
        sudo."""
        touching = {
            id_: timelines[id_].within(ours[-1:]._get_cs_company().id).touching(date_from, date_to)
            for id_, ours in contracts.items()
        }
        versions = self.env["hr.version"].browse(
            [each.version for ours in touching.values() for each in ours]
        )
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
                self._get_part(contract, date_from, date_to) for contract in ours
            ]
        return parts

    @api.model
    def _get_part(self, contract, date_from, date_to):
        """The days of a contract that was chosen, though no employment says so."""
        start = max(date_from, contract.contract_date_start or date_from)
        return Part(contract.id, start, min(date_to, contract.contract_date_end or date_to))
