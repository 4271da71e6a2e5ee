from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.cs_promotion.engine.decimals import decimal

WORK = "WORK100"  # OCA's code of the working days that are due, leave or not


class HrPayslipWorkedDays(models.Model):
    """What of the worked days is not paid (W6): the lines are data, whoever wrote them."""

    _inherit = "hr.payslip.worked_days"

    cs_leave = fields.Boolean(string="Leave", readonly=True)
    cs_leave_type_id = fields.Many2one("hr.leave.type", string="Kind of Leave", readonly=True)
    cs_unpaid_percent = fields.Float(
        string="Unpaid (%)",
        digits=(5, 2),
        compute="_compute_cs_unpaid_percent",
        store=True,
        readonly=False,
        precompute=True,
        help="What of these days is not paid, as the kind of leave says, found by its code where "
        "the line was typed in; tier pay is less by it, where the policy says so (W6).",
    )

    @api.depends("code")
    def _compute_cs_unpaid_percent(self):
        kinds = {}
        self.filtered(lambda line: line.code == WORK).cs_unpaid_percent = 0
        for line in self.filtered(lambda line: line.code != WORK):
            company = line.payslip_id.company_id or self.env.company
            if company not in kinds:
                kinds[company] = self.env["hr.leave.type"]._cs_get_by_code(company)
            kind = kinds[company].get(line.code)
            line.cs_unpaid_percent = 100 - kind.cs_pay_percent if kind else 0

    @api.constrains("cs_unpaid_percent")
    def _check_cs_unpaid_percent(self):
        for line in self:
            if not 0 <= line.cs_unpaid_percent <= 100:
                raise ValidationError(
                    self.env._(
                        "%(line)s: what is not paid of worked days lies between 0 and 100 percent.",
                        line=line.name,
                    )
                )


class HrPayslip(models.Model):
    """Absence, as the worked days of the payslip say (W6)."""

    _inherit = "hr.payslip"

    def _get_absent(self):
        """The unpaid part of the working days that were due, of this payslip's lines (W6)."""
        due = self._get_days_due()
        unpaid = sum(
            (
                abs(decimal(line.number_of_days)) * decimal(line.cs_unpaid_percent) / 100
                for line in self.worked_days_line_ids
                if line.code != WORK
            ),
            decimal(0),
        )
        return min(Fraction(1), Fraction(unpaid) / Fraction(due)) if due > 0 else Fraction(0)

    def _get_days_due(self):
        """The working days of the month, those of leave among them."""
        return sum(
            (
                decimal(line.number_of_days)
                for line in self.worked_days_line_ids
                if line.code == WORK
            ),
            decimal(0),
        )

    def _get_leave_warnings(self):
        """Codes of what payroll should look at: leave through all working days of the month
        that is paid like work, and unpaid leave where no working days are known."""
        away = self.worked_days_line_ids.filtered(
            lambda line: line.code != WORK and (line.cs_leave or line.cs_unpaid_percent)
        )
        due = self._get_days_due()
        if not due:
            return ("no_days",) if away or self._is_on_leave() else ()
        days = sum(abs(decimal(line.number_of_days)) for line in away)
        # public holidays fill the month up; alone they are none
        paid = away.filtered(lambda line: line.cs_leave_type_id and line.cs_unpaid_percent < 100)
        return ("leave",) if paid and days >= due else ()

    def _is_on_leave(self):
        """Whether the agent was on leave in the period; asked only where a payslip has no
        working days to tell it by."""
        # payroll officers may not read leaves; that there is one is all that is told
        return bool(
            self.env["hr.leave"]
            .sudo()
            .search_count(
                [
                    ("employee_id", "=", self.employee_id.id),
                    ("state", "=", "validate"),
                    ("date_from", "<=", fields.Datetime.end_of(self.date_to, "day")),
                    ("date_to", ">=", fields.Datetime.to_datetime(self.date_from)),
                ],
                limit=1,
            )
        )
