from collections import defaultdict
from fractions import Fraction
from functools import cache

from odoo import api, models
from odoo.tools import SQL

from ...engine.calendar import period_end
from ...engine.decimals import decimal
from ...engine.form import item_points, section_points
from ...engine.series import Point
from ..many import any_of

SECTION, ITEM = "section", "item"  # kinds of ``cs.metric``


class CsFormPoints(models.AbstractModel):
    """What sections and items of forms came to: kept with the score when a period is closed, where
    the company has metrics of them, which rules, forms and pay items go by."""

    _name = "cs.form.points"
    _description = "Points of Sections and Items of CS Forms"

    @api.model
    def _get_wanted(self):
        """Whether metrics are of sections, and the numbers of the items that they are of."""
        metrics = self.env["cs.metric"]._search_all([("kind", "in", (SECTION, ITEM))])
        items = metrics.filtered(lambda metric: metric.kind == ITEM)
        return bool(metrics - items), set(items.mapped("item"))

    @api.model
    def _keep(self, cycle, scorecard, form, rated, results):
        """Employee id -> dict(sections, items), of those who have a score: code or number ->
        points and most points as exact fractions.

        :param rated: employee id -> role -> part -> points; :param results: employee id ->
            :class:`~...engine.form.Result`
        """
        sections, numbers = self._get_wanted()
        if not sections and not numbers:
            return {}
        scored = {id_: each for id_, each in results.items() if each.score is not None}
        codes = {section.id: section.code for section in scorecard.section_ids}
        items = scorecard.section_ids.item_ids.filtered(lambda item: item.number in numbers)
        graded = self._load_items(cycle, items)
        metrics = self.env["cs.vocabulary"]._get_metrics() if items else {}
        parts = {item: item._compile(metrics) for item in items}
        kept = {}
        for id_, result in scored.items():
            found = section_points(form, rated.get(id_, {}), result.points)
            kept[id_] = {
                "sections": {codes[key]: list(map(str, each)) for key, each in found.items()},
                "items": {},
            }
            for item, part in parts.items():
                key = item.section_id.id, item.id
                points = result.points.get(key)
                if points is None and not part.metric:
                    points = item_points(form, part, graded[id_, item.id])
                if points is not None and part.maximum:
                    each = str(Fraction(points)), str(part.maximum)
                    kept[id_]["items"][str(item.number)] = list(each)
        return kept

    @api.model
    def _load_items(self, cycle, items):
        """(employee id, item id) -> role -> points on submitted sheets."""
        graded, exact = defaultdict(dict), cache(decimal)
        for employee_id, role, item_id, points in items and self.env.execute_query(
            SQL(
                """
                SELECT sheet.employee_id, sheet.role, line.item_id, AVG(line.points)::float
                  FROM cs_appraisal_sheet sheet
                  JOIN cs_appraisal_sheet_line line ON line.sheet_id = sheet.id
                 WHERE sheet.cycle_id = %s AND sheet.state = 'submitted'
                   AND line.item_id = ANY(%s) AND %s
                 GROUP BY 1, 2, 3
                """,
                cycle.id,
                items.ids,
                self.env["cs.appraisal.sheet"]._bound_lines(cycle),
            )
        ):
            graded[employee_id, item_id][role] = exact(points)
        return graded

    @api.model
    def _get_given(self, cycle, kept):
        """What was kept of a cycle that is being closed, as ``Scope.given``: code of a metric ->
        employee id -> point."""
        metrics = self.env["cs.metric"]._search_all([("kind", "in", (SECTION, ITEM))])
        given = defaultdict(dict)
        for metric in metrics.filtered(lambda each: each.grain == cycle.kind) if kept else ():
            group, code = self._find_place(metric)
            for id_, each in kept.items():
                if code in each[group]:
                    value = self._get_value(metric, *each[group][code])
                    given[metric.code][id_] = Point(cycle.date_start, cycle.date_end, value)
        return given

    @api.model
    def _find_place(self, metric):
        """Where among what is kept the points of a metric stand: the group, and the key in it."""
        if metric.kind == SECTION:
            return "sections", metric.section
        return "items", str(metric.item)

    @api.model
    def _get_value(self, metric, points, most):
        """What a metric makes of points as they are kept."""
        return Fraction(points) * 100 / Fraction(most) if metric.percent else Fraction(points)

    @api.model
    def _load_series(self, metric, scope):
        """Employee id -> points of a metric of a section or an item, from closed periods."""
        group, code = self._find_place(metric)
        # of many agents and months: by the ORM each would be read as a record
        self.env["cs.appraisal"].flush_model()
        series = defaultdict(list)
        for employee_id, start, points, most, id_ in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, date_start, points #>> %s::text[], points #>> %s::text[], id
                  FROM cs_appraisal
                 WHERE employee_id = %s AND company_id = %s AND kind = %s
                   AND closed AND date_end BETWEEN %s AND %s AND points #> %s::text[] IS NOT NULL
                 ORDER BY date_start
                """,
                [group, code, "0"],
                [group, code, "1"],
                any_of(scope.ids),
                scope.company.id,
                metric.grain,
                scope.since,
                scope.until,
                [group, code],
            )
        ):
            end = period_end(metric.grain, start)
            value = self._get_value(metric, points, most)
            series[employee_id].append(Point(start, end, value, id_))
        return series
