from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.calendar import month_end


class CsMonthMixin(models.AbstractModel):
    """A record about one agent's calendar month, given by any day of it."""

    _name = "cs.month.mixin"
    _inherit = "cs.employee.mixin"
    _description = "Record about an Agent's Month"

    department_id = fields.Many2one(related="employee_id.department_id")
    month = fields.Date(
        required=True, index=True, default=lambda self: self.env.company._cs_today().replace(day=1)
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._on_first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._on_first_day(vals))

    @api.model
    def _on_first_day(self, vals):
        """Any day of the month stands for its first."""
        if not vals.get("month"):
            return vals
        return dict(vals, month=fields.Date.to_date(vals["month"]).replace(day=1))

    @api.model
    def _get_last_day(self, day):
        return month_end(day)

    def _get_month_name(self):
        """Agent and month, as far as they are filled in."""
        month = self.month and f"{self.month:%Y-%m}"
        return self._join_name(self.employee_id.name, month, glue=" ")


class CsFigure(models.Model):
    """An agent's month in figures: own sales, customers handled, complaints (policy 5, V3)."""

    _name = "cs.figure"
    _inherit = "cs.month.mixin"
    _description = "CS Monthly Figures"
    _order = "month desc, employee_id"
    _employed_date = "month"

    currency_id = fields.Many2one(related="company_id.currency_id")
    sales = fields.Monetary(help="The agent's own sales: the base of the commission.")
    handled = fields.Integer(string="Customers Handled")
    complaints = fields.Integer()
    complaint_rate = fields.Float(
        string="Complaint Rate (%)",
        compute="_compute_complaint_rate",
        store=True,
        digits=(5, 2),
        aggregator="avg",
    )

    _month_uniq = models.Constraint(
        "UNIQUE(employee_id, month, company_id)",
        "An agent has one row of figures for each month.",
    )
    _sales_check = models.Constraint("CHECK(sales >= 0)", "Sales cannot be negative.")
    _complaints_check = models.Constraint(
        "CHECK(complaints >= 0 AND complaints <= handled)",
        "There cannot be more complaints than customers handled, nor fewer than none.",
    )

    @api.depends("employee_id", "month")
    def _compute_display_name(self):
        for figure in self:
            figure.display_name = figure._get_month_name()

    @api.depends("handled", "complaints")
    def _compute_complaint_rate(self):
        for figure in self:
            handled = figure.handled
            figure.complaint_rate = figure.complaints / handled * 100 if handled else 0

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_figures(vals)
        figures = super().create(vals_list)
        figures.filtered(lambda figure: figure.handled or figure.complaints)._check_month_open()
        return figures

    def write(self, vals):
        self.check_access("write")
        judged = {"employee_id", "month", "handled", "complaints"} & set(vals)
        if judged:
            self._check_month_open()
        for figure in self:
            figure._check_figures(vals)
        result = super().write(vals)
        if judged:
            self._check_month_open()
        return result

    def _check_figures(self, vals):
        """Refuse figures that cannot be, with the agent's name (the database knows none)."""
        self._check_given(vals)
        sales, handled, complaints = (
            float(vals.get(name, self[name]) or 0) for name in ("sales", "handled", "complaints")
        )
        fault = None
        if min(sales, handled, complaints) < 0:
            fault = self.env._("sales, customers and complaints cannot be negative")
        elif complaints > handled:
            fault = self.env._(
                "%(complaints)d complaints are more than the %(handled)d customers handled",
                complaints=complaints,
                handled=handled,
            )
        if fault:
            raise ValidationError(
                self.env._("%(record)s: %(fault)s.", record=self._name_given(vals), fault=fault)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_month_open()

    def _check_month_open(self):
        """Complaints of a closed month have been judged (V3); only sales may still come in."""
        closed = self.env["cs.cycle"]._get_closed_months(self.company_id)
        for figure in self:
            if (figure.company_id.id, figure.month) in closed:
                raise UserError(
                    self.env._(
                        "%s: the month is closed. Re-open it to change complaint figures.",
                        figure.display_name,
                    )
                )
