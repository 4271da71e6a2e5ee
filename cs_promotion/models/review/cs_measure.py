from collections import defaultdict
from functools import cache

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine.calendar import month_start, period_end, period_start
from ...engine.decimals import decimal, fraction
from ...engine.series import Point
from ...engine.vocabulary import EVENT
from ..many import any_of
from ..policy.cs_metric_series_mixin import ENTERED

SUBJECTS = {"agent": "employee_id", "department": "department_id", "company": "company_id"}


class CsMeasure(models.Model):
    """A value of a metric, typed or imported: of an agent, a department or the company, of a day
    or a period."""

    _name = "cs.measure"
    _inherit = ["cs.employee.mixin", "cs.sheet.agent.mixin"]
    _description = "CS Measured Value"
    _order = "date desc, metric_id, employee_id, id"
    _company_date = "date"
    _name_parts = ("metric_id", "employee_id", "department_id", "date")
    _named_by = ("metric_id", "employee_id")

    metric_id = fields.Many2one(
        "cs.metric",
        required=True,
        ondelete="restrict",
        domain=[("kind", "in", ENTERED)],
    )
    subject = fields.Selection(related="metric_id.subject", store=True)
    employee_id = fields.Many2one(required=False)
    department_id = fields.Many2one(
        "hr.department", index=True, ondelete="restrict", check_company=True
    )
    date = fields.Date(
        required=True,
        index=True,
        default=lambda self: self.env.company._cs_today().replace(day=1),
        help="The day, or any day of the period: its first is kept.",
    )
    value = fields.Float(digits=(16, 4), aggregator="avg")

    _value_uniq = models.UniqueIndex(
        "(metric_id, COALESCE(employee_id, 0), COALESCE(department_id, 0), company_id, date)",
        "There is a value of this metric for this period already.",
    )

    def _find_company(self, timelines):
        """A department's value is that of its company; the company's of one's own."""
        if self.employee_id:
            return super()._find_company(timelines)
        return self.department_id.company_id or self.env.company

    @api.depends("employee_id", "department_id")
    def _compute_company_id(self):
        return super()._compute_company_id()

    @api.depends("metric_id", "employee_id", "department_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for measure in self:
            whose = measure.employee_id.name or measure.department_id.name
            measure.display_name = self._join_name(measure.metric_id.name, whose, measure.date)

    @api.model_create_multi
    def create(self, vals_list):
        measures = super().create([self._on_first_day(vals) for vals in vals_list])
        measures._check_open()
        return measures

    def write(self, vals):
        self.check_access("write")
        self._check_open()
        written = super().write(vals)
        if {"metric_id", "date"} & set(vals):
            for measure in self:
                start = self._on_first_day(
                    {"metric_id": measure.metric_id.id, "date": measure.date}
                )
                if start["date"] != measure.date:
                    super(CsMeasure, measure).write({"date": start["date"]})
        self._check_open()
        return written

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    @api.model
    def _on_first_day(self, vals):
        """Any day of a period stands for its first."""
        metric = self.env["cs.metric"].browse(vals.get("metric_id") or [])
        day = fields.Date.to_date(vals.get("date") or self.default_get(["date"]).get("date"))
        if not metric or not day or metric.grain == EVENT:
            return vals
        return dict(vals, date=period_start(metric.grain, day))

    @api.constrains("metric_id", "employee_id", "date")
    def _check_employed(self):
        """An agent is employed on the day, or on any day of the period."""
        measured = self.filtered("employee_id")
        timelines = self.env["cs.timeline"]._load(measured.employee_id.ids)
        for measure in measured:
            start, end = measure._get_period()
            timeline = timelines[measure.employee_id.id]
            if not timeline.runs(start, end):
                raise ValidationError(
                    self._tell_not_employed(timeline, measure.employee_id, measure.date)
                )

    def _get_period(self):
        """First and last day of what the value is of."""
        self.ensure_one()
        grain = self.metric_id.grain
        return (self.date, self.date if grain == EVENT else period_end(grain, self.date))

    @api.constrains("metric_id", "employee_id", "department_id")
    def _check_subject(self):
        """A value says whose it is, as the metric asks."""
        for measure in self:
            subject = measure.subject
            given = {name for name in ("employee_id", "department_id") if measure[name]}
            if given != {SUBJECTS[subject]} - {"company_id"}:
                subjects = dict(measure._fields["subject"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "%(metric)s is measured of: %(subject)s. Name that, and nothing else.",
                        metric=measure.metric_id.name,
                        subject=subjects[subject],
                    )
                )
            if measure.metric_id.kind not in ENTERED:
                raise ValidationError(
                    self.env._(
                        "%s is made of other metrics: nobody enters it.", measure.metric_id.name
                    )
                )

    def _check_open(self):
        """What scores and rules went by is closed with the month it falls in."""
        kept = self.filtered(lambda measure: not measure.metric_id.late)
        closed = self.env["cs.cycle"]._get_closed_months(kept.company_id) if kept else ()
        for measure in kept:
            _start, end = measure._get_period()
            if (measure.company_id.id, month_start(end)) in closed:
                raise UserError(
                    self.env._(
                        "%s: the month is closed. Re-open it to change what was measured.",
                        measure.display_name,
                    )
                )

    @api.model
    def _load_values(self, metrics, cycle, employee_ids):
        """Metric id -> employee id -> value of these metrics, which are measured of each agent for
        periods as long as the cycle, in the cycle."""
        found = {metric.id: {} for metric in metrics}
        exact = cache(lambda value: fraction(decimal(value)))
        columns = SQL("employee_id, metric_id, value")
        rows = self.env.execute_query(self._query_values(columns, metrics, cycle, employee_ids))
        for employee_id, metric_id, value in rows:
            found[metric_id][employee_id] = exact(value)
        return found

    @api.model
    def _find_all_measured(self, metrics, cycle, employee_ids):
        """Ids of those of these employees who have a value of each of these metrics, which are as
        in :meth:`_load_values`."""
        query = self._query_values(SQL("employee_id"), metrics, cycle, employee_ids)
        complete = SQL("%s GROUP BY employee_id HAVING COUNT(*) = %s", query, len(metrics))
        return {id_ for (id_,) in self.env.execute_query(complete)}

    @api.model
    def _query_values(self, columns, metrics, cycle, employee_ids):
        # a value of a period is kept on its first day
        self.flush_model()
        return SQL(
            """
            SELECT %s FROM cs_measure
             WHERE metric_id = ANY(%s) AND company_id = %s AND date = %s AND employee_id = %s
            """,
            columns,
            metrics.ids,
            cycle.company_id.id,
            cycle.date_start,
            any_of(employee_ids),
        )

    @api.model
    def _load_points(self, metrics, scope):
        """Code -> employee id -> points of these metrics, oldest first; a department's value is
        that of whoever was of it at the end of the period, the company's that of everyone."""
        self.flush_model()
        codes = {metric.id: metric for metric in metrics}
        # no values of years that nobody asks for; of a longer period, from its first day
        begins = [
            scope.since if metric.grain == EVENT else period_start(metric.grain, scope.since)
            for metric in metrics
        ]
        grains = {metric.id: metric.grain for metric in metrics}
        end_of, exact = cache(period_end), cache(decimal)
        found = {metric.code: defaultdict(list) for metric in metrics}
        series = {metric.id: found[metric.code] for metric in metrics}
        shared = defaultdict(list)
        for id_, metric_id, employee_id, department_id, day, value in self.env.execute_query(
            SQL(
                """
                SELECT id, metric_id, employee_id, department_id, date, value FROM cs_measure
                 WHERE metric_id = ANY(%s) AND company_id = %s AND date BETWEEN %s AND %s
                   AND (employee_id IS NULL OR employee_id = %s)
                 ORDER BY date, id
                """,
                list(codes),
                scope.company.id,
                min(begins),
                scope.until,
                any_of(scope.ids),
            )
        ):
            grain = grains[metric_id]
            end = day if grain == EVENT else end_of(grain, day)
            if not scope.since <= end <= scope.until:
                continue
            point = Point(day, end, exact(value), id_)
            if employee_id:
                series[metric_id][employee_id].append(point)
            else:
                shared[codes[metric_id]].append((department_id, point))
        for metric, points in shared.items():
            for id_, timeline in scope.timelines.items():
                found[metric.code][id_] += [
                    point
                    for place, point in points
                    if metric._get_place(timeline, point.start, point.end) == place
                ]
        return found
