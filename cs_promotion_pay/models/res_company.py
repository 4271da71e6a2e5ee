from decimal import Decimal

from odoo import fields, models

from ..known import Calendar


class ResCompany(models.Model):
    _inherit = "res.company"

    cs_period_day = fields.Integer(
        string="Last Day of the Pay Month",
        help="25: the pay month of May lasts from 26 April to 25 May. 0: the calendar month (W8).",
    )
    cs_results_month = fields.Selection(
        [("same", "The same month"), ("before", "The month before")],
        string="Results Paid",
        default="same",
        required=True,
        help="Whose month's score and sales a pay month pays (W8).",
    )
    cs_arrears_months = fields.Integer(
        string="Months Settled Backwards",
        default=12,
        help="How far back what paid months turn out to have owed is settled by itself (W7). "
        "What lies further back is shown.",
    )

    _cs_period_day_check = models.Constraint(
        "CHECK(cs_period_day BETWEEN 0 AND 28)",
        "The last day of the pay month is a day that every month has, 1 to 28, or 0 for its own.",
    )
    _cs_arrears_months_check = models.Constraint(
        "CHECK(cs_arrears_months >= 0)", "The months settled backwards cannot be negative."
    )

    def _cs_pay_calendar(self):
        """How the company's pay months lie (W8), a :class:`~..known.Calendar`."""
        self.ensure_one()
        company = self.sudo()  # a setting of pay, asked by whoever computes a payslip
        return Calendar(company.cs_period_day, company.cs_results_month == "before")

    def _cs_get_period(self, day=None):
        """The pay month that ``day`` lies in, today's by default: a :class:`~..known.Period`."""
        self.ensure_one()
        calendar = self._cs_pay_calendar()
        return calendar.period(calendar.month(day or self._cs_today()))

    def _cs_get_period_of(self, month):
        """The pay month that is named by ``month``, any day of that month."""
        self.ensure_one()
        return self._cs_pay_calendar().period(month.replace(day=1))

    def _cs_places(self):
        """The smallest amount that is paid (W4): the currency's own; payrolls whose lines keep
        fewer decimals say so."""
        return self._cs_currency_places()

    def _cs_currency_places(self):
        """The smallest amount of the company's currency."""
        self.ensure_one()
        digits = self.sudo().currency_id.decimal_places
        return Decimal(1).scaleb(-digits)
