from odoo import api, fields, models

from odoo.addons.cs_promotion.models.cs_period import Month, month_name
from odoo.addons.cs_promotion_pay.known import Period


class HrPayslip(models.Model):
    """The pay month of a payslip: found by the company's setting when the payslip gets its
    dates, and kept, whatever the setting is later (W8)."""

    _inherit = "hr.payslip"

    date_from = fields.Date(default=lambda self: self.env.company._cs_get_period().start)
    date_to = fields.Date(default=lambda self: self.env.company._cs_get_period().end)
    cs_pay_month = fields.Date(compute="_compute_cs_pay_month", store=True, precompute=True)
    cs_pay_start = fields.Date(compute="_compute_cs_pay_month", store=True, precompute=True)
    cs_pay_end = fields.Date(compute="_compute_cs_pay_month", store=True, precompute=True)

    # not of the company's settings: they may change, what is paid by this payslip does not
    @api.depends("date_to", "company_id")
    def _compute_cs_pay_month(self):
        for slip in self:
            period = (
                slip.date_to and slip.company_id and (slip.company_id._cs_get_period(slip.date_to))
            )
            slip.cs_pay_month, slip.cs_pay_start, slip.cs_pay_end = period or (False,) * 3

    def _get_pay_period(self):
        """The :class:`~odoo.addons.cs_promotion_pay.known.Period` that the payslip pays."""
        self.ensure_one()
        return Period(self.cs_pay_month, self.cs_pay_start, self.cs_pay_end)

    def _compute_name(self):
        """OCA names a payslip by the month it begins in: 26 May to 25 June is June's."""
        result = super()._compute_name()
        for slip in self:
            month = slip.cs_pay_month
            if month and slip.date_from and slip.date_from.replace(day=1) != month:
                slip.name = slip.env._(
                    "Salary Slip of %(name)s for %(month)s",
                    name=slip.employee_id.name,
                    month=month_name(slip.env, month),
                )
        return result


class HrPayslipRun(models.Model):
    """The pay month of a batch; choosing it sets the period, as the company's setting says."""

    _inherit = "hr.payslip.run"

    name = fields.Char(default=lambda self: self._get_default_name())
    date_start = fields.Date(default=lambda self: self.env.company._cs_get_period().start)
    date_end = fields.Date(default=lambda self: self.env.company._cs_get_period().end)
    cs_pay_month = Month(
        string="Pay Month",
        compute="_compute_cs_pay_month",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="The month that the batch pays. Choose it, and the period is that of the company's "
        "pay month (W8).",
    )

    @api.depends("date_end", "company_id")
    def _compute_cs_pay_month(self):
        for run in self:
            run.cs_pay_month = (
                run.date_end
                and run.company_id
                and (run.company_id._cs_get_period(run.date_end).month)
            )

    @api.onchange("cs_pay_month")
    def _onchange_cs_pay_month(self):
        """The days of the month chosen; one that follows from days typed in changes none."""
        company, former = self.company_id, self.date_end
        if not (self.cs_pay_month and company):
            return
        period = company._cs_get_period_of(self.cs_pay_month)
        if former and company._cs_get_period(former).month == period.month:
            return
        self.date_start, self.date_end = period.start, period.end
        self._rename()

    @api.onchange("company_id")
    def _onchange_company(self):
        """Another company's pay month may lie on other days."""
        if self.company_id and self.cs_pay_month and not self._origin:
            period = self.company_id._cs_get_period_of(self.cs_pay_month)
            self.date_start, self.date_end = period.start, period.end

    def _rename(self):
        """Name a new batch after its month, unless somebody named it."""
        others = {self._get_month_words(self._origin.cs_pay_month), self._get_default_name()}
        if not self.name or self.name in others:
            self.name = self._get_month_words(self.cs_pay_month)

    @api.model
    def _get_month_words(self, month):
        return self.env._("Pay of %(month)s", month=month_name(self.env, month)) if month else ""

    @api.model
    def _get_default_name(self):
        return self._get_month_words(self.env.company._cs_get_period().month)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_period(vals) for vals in vals_list])

    def write(self, vals):
        if "cs_pay_month" not in vals:
            return super().write(vals)
        for company, runs in self.grouped("company_id").items():
            super(HrPayslipRun, runs).write(runs._complete_period(vals, company))
        return True

    @api.model
    def _complete_period(self, vals, company=None):
        """The values with both days of the period, for its company and pay month; the month
        itself follows from them."""
        company = self.env["res.company"].browse(vals.get("company_id")) or (
            company or self.env.company
        )
        values = {name: value for name, value in vals.items() if name != "cs_pay_month"}
        if values.get("date_start") and values.get("date_end"):
            return values
        if month := fields.Date.to_date(vals.get("cs_pay_month")):
            period = company._cs_get_period_of(month)
        else:
            given = values.get("date_end") or values.get("date_start")
            period = company._cs_get_period(fields.Date.to_date(given))
        return {"date_start": period.start, "date_end": period.end, **values}
