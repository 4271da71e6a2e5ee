from collections import defaultdict
from datetime import datetime, time
from fractions import Fraction

from pytz import utc

from odoo import api, fields, models

from odoo.addons.cs_promotion.engine.decimals import decimal


class HrPayslipWorkedDays(models.Model):
    _inherit = "hr.payslip.worked_days"

    cs_leave = fields.Boolean(string="Leave", readonly=True)
    cs_unpaid_percent = fields.Float(
        string="Unpaid (%)",
        digits=(5, 2),
        help="What of these days is not paid, as the kind of leave says; tier pay is less by it, "
        "where the policy says so (W6).",
    )


class HrLeaveType(models.Model):
    _inherit = "hr.leave.type"

    cs_pay_percent = fields.Float(
        string="Tier Pay (%)",
        digits=(5, 2),
        compute="_compute_cs_pay_percent",
        store=True,
        readonly=False,
        help="What of tier pay is paid on these days: all of it, or nothing for unpaid leave, "
        "unless you choose otherwise; for sickness or maternity what your rules say (W6).",
    )

    @api.depends("unpaid")
    def _compute_cs_pay_percent(self):
        for kind in self:
            kind.cs_pay_percent = 0 if kind.unpaid else 100


class HrPayslip(models.Model):
    """Worked days of payslips by tier: for many contracts at once, over all days of the
    contract in the period, whatever changed on the employee record in between (W3)."""

    _inherit = "hr.payslip"

    def _get_absent(self):
        """The unpaid part of the working days that were due, of this payslip's lines (W6)."""
        lines = self.worked_days_line_ids
        due = sum((decimal(line.number_of_days) for line in lines if not line.cs_leave), decimal(0))
        unpaid = sum(
            (
                abs(decimal(line.number_of_days)) * decimal(line.cs_unpaid_percent) / 100
                for line in lines
                if line.cs_leave
            ),
            decimal(0),
        )
        return min(Fraction(1), Fraction(unpaid) / Fraction(due)) if due > 0 else Fraction(0)

    def _get_leave_warnings(self):
        """Leave through all working days of the month that is paid like work: payroll looks."""
        lines = self.worked_days_line_ids
        due = sum(line.number_of_days for line in lines if not line.cs_leave)
        away = sum(
            abs(line.number_of_days)
            for line in lines
            if line.cs_leave and line.code != "GLOBAL_HOLIDAY" and line.cs_unpaid_percent < 100
        )
        return ("leave",) if due and away >= due else ()

    @api.model
    def get_worked_day_lines(self, contracts, date_from, date_to):
        if not contracts or not all(each.struct_id._pays_by_tier() for each in contracts):
            return super().get_worked_day_lines(contracts, date_from, date_to)
        lines = self._get_worked_day_lines(contracts, date_from, date_to)
        return [line for contract in contracts for line in lines[contract.id]]

    @api.model
    def _compute_leave_days(self, contract, day_from, day_to):
        """Leave days for whoever may make payslips, and with a code whatever is installed.

        OCA reads the leaves with the rights of the payroll officer, who need not have any in
        Time Off; and it takes the code from the work entry type, which a public holiday has
        not. Both stopped every payslip of the batch.
        """
        # superuser: of the leaves, days, hours and the name of their kind go on the payslip
        sudo = self.sudo()
        lines = super(HrPayslip, sudo)._compute_leave_days(contract.sudo(), day_from, day_to)
        leaves = sudo.env["hr.leave"].search(
            [
                ("employee_id", "=", contract.employee_id.id),
                ("state", "=", "validate"),
                ("date_from", "<=", day_to),
                ("date_to", ">=", day_from),
            ]
        )
        percents = {kind.name: kind.cs_pay_percent for kind in leaves.holiday_status_id}
        return [
            line
            | {
                "code": line["code"] or "GLOBAL",
                "sequence": line["sequence"] or 5,
                "cs_leave": True,
                "cs_unpaid_percent": 100 - percents.get(line["name"], 100),
            }
            for line in lines
        ]

    @api.model
    def _get_worked_day_lines(self, contracts, date_from, date_to):
        """Contract id -> values of its worked days: leaves, then the normal working time."""
        lines = defaultdict(list)
        groups = contracts.filtered("resource_calendar_id").grouped(
            lambda contract: (
                contract.resource_calendar_id,
                max(date_from, contract.contract_date_start),
                min(date_to, contract.contract_date_end or date_to),
            )
        )
        for (calendar, start, end), ours in groups.items():
            span = datetime.combine(start, time.min), datetime.combine(end, time.max)
            work = ours.employee_id._get_work_days_data_batch(
                *span, calendar=calendar, compute_leaves=False
            )
            sample = self._compute_worked_days(ours[0], *span)
            for alike in self._group_by_leaves(calendar, ours, *span):
                leaves = list(
                    self._compute_leave_days(
                        alike[0].with_context(
                            employee_id=alike[0].employee_id.id, exclude_public_holidays=True
                        ),
                        *span,
                    )
                )
                for contract in alike:
                    data = work[contract.employee_id.id]
                    normal = sample | {
                        "number_of_days": data["days"],
                        "number_of_hours": data["hours"],
                    }
                    lines[contract.id] = [
                        line | {"contract_id": contract.id} for line in [*leaves, normal]
                    ]
        return lines

    @api.model
    def _group_by_leaves(self, calendar, contracts, start, end):
        """Contracts on one calendar in groups that are on leave at the same hours: a public
        holiday is looked at once, not for every agent."""
        start, end = utc.localize(start), utc.localize(end)
        resources = contracts.employee_id.resource_id
        attendances = calendar._attendance_intervals_batch(start, end, resources)
        leaves = calendar._leave_intervals_batch(start, end, resources)

        def key(contract):
            resource = contract.employee_id.resource_id.id
            return tuple(
                (begin, stop, tuple(leave.ids))
                for begin, stop, leave in leaves[resource] & attendances[resource]
            )

        return list(contracts.grouped(key).values())
