from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine.calendar import month_end, month_start
from ...engine.decimals import decimal
from ...engine.series import Point
from ..many import any_of

# the most that an agent's month may have, to catch a slip of the keyboard: system parameters,
# as a hundred millions are much in one currency and little in another. As much may come back
# in a month as may be sold in one.
LIMITS = {
    "sales": ("cs_promotion.figure_max_sales", 100_000_000),
    "handled": ("cs_promotion.figure_max_handled", 100_000),
    "complaints": ("cs_promotion.figure_max_handled", 100_000),
}


class CsFigure(models.Model):
    """An agent's month in figures: own sales, customers handled, complaints (policy 5, V3)."""

    _name = "cs.figure"
    _inherit = "cs.month.mixin"
    _description = "CS Monthly Figures"
    _order = "month desc, employee_id"
    _employed_date = "month"
    _name_parts = ("employee_id", "month")

    employee_id = fields.Many2one(index=False)  # the constraint has one that begins with it
    currency_id = fields.Many2one(related="company_id.currency_id")
    sales = fields.Monetary(
        help="The agent's own sales: the base of the commission. Below nought where more came back "
        "than was sold."
    )
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
    _complaints_check = models.Constraint(
        "CHECK(complaints >= 0 AND complaints <= handled)",
        "There cannot be more complaints than customers handled, nor fewer than none.",
    )

    @api.depends("employee_id", "month")
    @api.depends_context("lang")
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
            float((vals[name] if name in vals else self[name]) or 0)
            for name in ("sales", "handled", "complaints")
        )
        fault = None
        if min(handled, complaints) < 0:
            fault = self.env._("customers and complaints cannot be negative")
        elif complaints > handled:
            fault = self.env._(
                "%(complaints)d complaints are more than the %(handled)d customers handled",
                complaints=complaints,
                handled=handled,
            )
        else:
            fault = self._find_excess(sales=sales, handled=handled, complaints=complaints)
        if fault:
            raise ValidationError(
                self.env._("%(record)s: %(fault)s.", record=self._name_given(vals), fault=fault)
            )

    @api.model
    def _get_limits(self):
        """Field -> the most that a month may have."""
        parameters = self.env["ir.config_parameter"].sudo()  # settings of the whole database
        limits = {}
        for name, (key, usual) in LIMITS.items():
            try:
                limits[name] = float(parameters.get_param(key) or usual)
            except ValueError:
                limits[name] = usual
        return limits

    @api.model
    def _find_excess(self, **values):
        """Words for the first value that is more than a month may have, None if none is."""
        for name, limit in self._get_limits().items():
            if abs(values[name]) > limit:
                return self._tell_excess(name, values[name], limit)
        return None

    @api.model
    def _tell_excess(self, name, value, limit):
        words = {
            "field": self._fields[name]._description_string(self.env),
            "value": f"{value:.12g}",
            "limit": f"{limit:.12g}",
            "key": LIMITS[name][0],
        }
        if value < 0:
            return self.env._(
                "%(field)s is %(value)s: more came back than the %(limit)s that a month may have "
                "(system parameter %(key)s)",
                **words,
            )
        return self.env._(
            "%(field)s is %(value)s, more than the %(limit)s that a month may have (system "
            "parameter %(key)s)",
            **words,
        )

    @api.model
    def _load_series(self, codes, scope):
        """The months of metrics that are fields here: a source of ``cs.vocabulary``."""
        self.flush_model()
        series = {code: defaultdict(list) for code in codes}
        for employee_id, month, id_, *values in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, month, id, %s FROM cs_figure
                 WHERE employee_id = %s AND company_id = %s AND month BETWEEN %s AND %s
                 ORDER BY month
                """,
                SQL(", ").join(map(SQL.identifier, codes)),
                any_of(scope.ids),
                scope.company.id,
                month_start(scope.since),
                scope.until,
            )
        ):
            for code, value in zip(codes, values, strict=True):
                point = Point(month, month_end(month), decimal(value or 0), id_)
                series[code][employee_id].append(point)
        return series

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_month_open()

    def _check_month_open(self):
        """Complaints of a closed month have been judged (V3); only sales may still come in."""
        closed = self.env["cs.cycle"]._get_closed_months(self.company_id)
        for figure in self:
            if (figure.company_id.id, figure.month) in closed:
                raise UserError(self._tell_closed(figure.display_name))

    @api.model
    def _tell_closed(self, name):
        return self.env._("%s: the month is closed. Re-open it to change complaint figures.", name)

    # ------------------------------------------------------------------ from a spreadsheet

    @api.model
    def get_import_templates(self):
        """The sample file that the import dialog offers."""
        return [
            {
                "label": self.env._("Template for monthly figures"),
                "template": "/cs_promotion/static/xls/cs_figure.xlsx",
            }
        ]

    # pylint: disable=super-method-mismatch,missing-return
    @api.model
    def _write_changes(self, changes):
        """What an import corrects: months and rights are looked at once for all."""
        changes = {figure: vals for figure, vals in changes.items() if vals}
        figures = self.browse(figure.id for figure in changes)
        figures.check_access("write")
        figures.filtered(
            lambda each: {"handled", "complaints"} & set(changes[each])
        )._check_month_open()
        for figure, vals in changes.items():
            figure._check_figures(vals)
            super(CsFigure, figure).write(vals)

    @api.model
    def _find_sheet_faults(self, data_list):
        """Figures that cannot be, or whose month is closed (V3), for all rows at once."""
        faults = super()._find_sheet_faults(data_list)
        rows = {
            index: self._on_first_day(data["values"])
            for index, data in enumerate(data_list)
            if not (index in faults or data.get("xml_id") or data["values"].get("id"))
        }
        known = self._find_months(list(rows.values()))
        # sudo: companies of agents whom this user gives figures for; nothing of them is shown
        employees = self.env["hr.employee"].sudo()
        agents = employees.browse(
            {vals["employee_id"] for vals in rows.values() if vals.get("employee_id")}
        )
        closed = self.env["cs.cycle"]._get_closed_months(agents.company_id)
        for index, vals in rows.items():
            key = self._get_month_key(vals)
            figure = known.get(key, self.browse())
            given = figure._get_changes(vals) if figure else vals
            try:
                figure._check_figures(given)
            except UserError as error:
                faults[index] = str(error)
                continue
            judged = {name for name in ("handled", "complaints") if given.get(name)}
            if figure:
                judged = {"handled", "complaints"} & set(given)
            company = judged and employees.browse(key[0] or []).company_id
            if closed and judged and (company.id, key[1]) in closed:
                faults[index] = self._tell_closed(
                    figure.display_name or f"{self._name_given(vals)} {key[1]:%Y-%m}"
                )
        return faults
