from collections import defaultdict
from dataclasses import replace
from datetime import date

from odoo import api, models

from ...engine.calendar import add_months, month_start, period_before, period_start
from ...engine.decimals import decimal
from ...engine.scoring import places as place_all
from ...engine.series import (
    a_period_later,
    combine,
    gather,
    of_members,
    of_parts,
    rolling,
)
from ...engine.targets import instead
from ...engine.vocabulary import COUNT

FIGURE, TARGET, VIOLATIONS = "figure", "target", "violations"
ENTERED = (FIGURE, TARGET)  # of which somebody may enter a value
SECTION, ITEM = "section", "item"
PERIOD, BEFORE, ROLLING, SCALED = "period", "before", "rolling", "scaled"
MEMBERS, RANK = "members", "rank"
PAY, OWN_PAY = "members_pay", "own_pay"  # known where pay is computed, and nowhere else
PARTS = "parts"
OF_TWO = ("ratio", "difference", "product", "sum")
OF_ONE = (PERIOD, BEFORE, ROLLING, SCALED, MEMBERS, RANK)
COMPANY = None  # the place of a metric whose members are all of the company


class CsMetricSeriesMixin(models.AbstractModel):
    """The points of what companies measure, of many agents at once: those that were typed, and
    what is made of others, of parts, of violations and of members."""

    _name = "cs.metric.series.mixin"
    _description = "Series of a CS Metric"

    @api.model
    def _load_series(self, codes, scope):
        """Code -> employee id -> points: a source of ``cs.vocabulary``."""
        metrics = self._search_all([("code", "in", codes)])
        paid = metrics.filtered(lambda each: each.kind in (PAY, OWN_PAY))
        found = {metric.code: {} for metric in paid}
        for metric in metrics.filtered(lambda metric: metric.kind == VIOLATIONS):
            found[metric.code] = metric._load_violations(scope)
        entered = metrics.filtered(lambda metric: metric.kind in ENTERED)
        if entered:
            found |= self.env["cs.measure"]._load_points(entered, scope)
        for metric in entered.filtered(lambda metric: metric.kind == TARGET):
            own = found[metric.code]
            rows = self.env["cs.policy.target"]._load_points(metric, scope)
            found[metric.code] = {
                id_: instead(own.get(id_, ()), rows.get(id_, ())) for id_ in scope.timelines
            }
        for metric in metrics.filtered(lambda metric: metric.kind in (SECTION, ITEM)):
            found[metric.code] = self.env["cs.form.points"]._load_series(metric, scope)
        for metric in metrics.filtered(lambda metric: metric.kind in (*OF_ONE, *OF_TWO, PARTS)):
            found[metric.code] = metric._load_made(scope)
        return found

    @api.model
    def _filter_plain(self, metrics, grain):
        """Those of these metrics that are typed or imported of each agent for periods of this
        length: of such a period there is one value at most, which is theirs.

        :param metrics: :class:`~...engine.vocabulary.Metric`
        """
        codes = [
            each.code
            for each in metrics
            if each.source == self._name and each.grain == grain and each.gather != COUNT
        ]
        return self._search_all(
            [("code", "in", codes), ("kind", "=", FIGURE), ("subject", "=", "agent")]
        )

    @api.model
    def _search_all(self, domain):
        """The metrics of a domain, archived ones included: what goes by one still does."""
        # sudo: what is measured is known to whoever scores, judges or pays by it
        return self.sudo().with_context(active_test=False).search(domain)

    @api.model
    def _search_entered(self):
        """The metrics of which somebody may enter a value."""
        return self._search_all([("kind", "in", ENTERED)])

    def _load_made(self, scope):
        """Employee id -> points of a metric that is made of others."""
        self.ensure_one()
        known = self.env["cs.vocabulary"]._get_metrics()
        scope = scope._replace(most={})  # of so many of its own periods it takes more of others
        if self.kind == PARTS:
            return self._load_whole(known, scope)
        load = {
            MEMBERS: self._load_members,
            RANK: self._load_ranks,
            BEFORE: self._load_before,
            ROLLING: self._load_rolling,
        }.get(self.kind)
        if load:
            return load(known[self.one], scope)
        if self._is_longer(known):  # the whole of the first one, whatever day is asked from
            scope = scope._replace(since=period_start(self.grain, scope.since))
        loaded = self.env["cs.facts"]._load_series(
            [known[code] for code in dict.fromkeys(self._get_made_of())], scope
        )
        series = {metric.code: points for metric, points in loaded}
        one = replace(known[self.one], gather=self.gather)
        scale = self.scale_id._compile() if self.kind == SCALED else None
        made = {}
        for id_, timeline in scope.timelines.items():
            ours = tuple(series[self.one].get(id_, ()))
            # of one's employment all that happened is known, and that nothing did
            joined = timeline.joined(scope.until)
            days = joined and (max(joined, scope.since), scope.until)
            if self.kind == PERIOD:
                points = gather(one, ours, self.grain, days)
            elif scale:
                points = tuple(each._replace(value=scale.of(each.value)) for each in ours)
            else:
                found = {code: tuple(series[code].get(id_, ())) for code in series}
                points = self._combine(known, found, days)
            made[id_] = points
        return made

    def _load_before(self, metric, scope):
        """Of each period what the metric was in the one before it, in the same employment (R5)."""
        earlier = scope.since
        if earlier > date.min:
            earlier = period_before(self.grain, earlier)
        [(_metric, series)] = self.env["cs.facts"]._load_series(
            [metric], scope._replace(since=earlier)
        )
        made = {}
        for id_, timeline in scope.timelines.items():
            joined = timeline.joined(scope.until) or date.max
            points = a_period_later(self.grain, series.get(id_, ()), joined)
            made[id_] = tuple(each for each in points if scope.since <= each.end <= scope.until)
        return made

    def _load_rolling(self, metric, scope):
        """Of each month what the metric comes to in it and the months before it, as many as are
        said, in the same employment (R5)."""
        first = scope.since
        if first > date.min:
            first = add_months(month_start(first), 1 - self.months)
        [(_metric, series)] = self.env["cs.facts"]._load_series(
            [metric], scope._replace(since=first)
        )
        metric = replace(metric, gather=self.gather)
        made = {}
        for id_, timeline in scope.timelines.items():
            joined = timeline.joined(scope.until) or date.max
            ours = tuple(point for point in series.get(id_, ()) if point.end >= joined)
            days = max(joined, scope.since), scope.until
            made[id_] = tuple(rolling(metric, ours, self.months, *days))
        return made

    def _combine(self, known, series, days):
        """The points of a metric made of two: of a longer period, of what each comes to in it."""
        one, other = (
            series[code]
            if known[code].grain == self.grain
            else gather(known[code], series[code], self.grain, days)
            for code in (self.one, self.other)
        )
        points = combine(self.kind, one, other)
        if self.percent:
            points = tuple(each._replace(value=each.value * 100) for each in points)
        return points

    def _is_longer(self, known):
        """Whether it is of a longer period than one that it is made of."""
        return any(known[code].grain != self.grain for code in self._get_made_of())

    def _load_whole(self, known, scope):
        """Employee id -> points of a metric with parts, those of the present employment (R5)."""
        # a part of long ago makes a whole of today, whatever day is asked from
        loaded = self.env["cs.facts"]._load_series(
            [known[code] for code in self._get_made_of()], scope._replace(since=date.min)
        )
        weights = {part.metric: decimal(part.weight) for part in self.part_ids}
        made = {}
        for id_, timeline in scope.timelines.items():
            joined = timeline.joined(scope.until) or date.max
            parts = [
                (weights[each.code], tuple(p for p in points.get(id_, ()) if p.start >= joined))
                for each, points in loaded
            ]
            whole = of_parts(parts, self.valid_months)
            made[id_] = tuple(point for point in whole if point.end >= scope.since)
        return made

    def _load_violations(self, scope):
        """Employee id -> the confirmed violations of these kinds and at least this severity."""
        worse = [each for each, _name in self._fields["severity"].selection]
        worse = worse[worse.index(self.severity) if self.severity else 0 :]
        counted = self.env["cs.violation"]._load_counted(scope.ids, scope.company)
        types = self.type_ids
        ids = {each.ref for violations in counted.values() for each in violations}
        # superuser: which of them are of these kinds; they are counted, not shown
        fitting = self.env["cs.violation"].sudo().browse(ids if types else ())
        fitting = {each.id for each in fitting if each.type_id in types}
        return {
            id_: [
                each.point
                for each in violations
                if each.severity in worse and (not types or each.ref in fitting)
            ]
            for id_, violations in counted.items()
        }

    def _load_members(self, metric, scope):
        """What the members come to, period by period: those who were of the department, or the
        company, at the end of each."""
        made = {
            days: {
                place: of_members(self.gather, [(point,) for point in given.values()])[0]
                for place, given in places.items()
            }
            for days, places in self._find_members(metric, scope)
        }
        return {
            id_: tuple(
                places[place]
                for days, places in made.items()
                if (place := self._get_place(timeline, *days)) in places
            )
            for id_, timeline in scope.timelines.items()
        }

    def _load_ranks(self, metric, scope):
        """The place that each one's value has among those of the members."""
        made = defaultdict(list)
        for _days, places in self._find_members(metric, scope):
            for given in places.values():
                found = place_all(given, lowest_first=self.direction == "up")
                for id_ in found.keys() & scope.timelines.keys():
                    made[id_].append(found[id_])
        return made

    def _find_members(self, metric, scope):
        """Pairs (first and last day, department or company -> employee id -> point) of all
        periods, oldest first."""
        timelines = self.env["cs.timeline"]._load_on_ladder(scope.company, scope.since, scope.until)
        [(_metric, series)] = self.env["cs.facts"]._load_series(
            [metric], scope._replace(timelines=timelines)
        )
        members = defaultdict(lambda: defaultdict(dict))
        for id_, points in series.items():
            for point in points:
                if self._is_counted(timelines[id_], point):
                    place = self._get_place(timelines[id_], point.start, point.end)
                    members[point.start, point.end][place][id_] = point
        return sorted(members.items())

    def _is_counted(self, timeline, point):
        """Whether a member is on one of the tiers that are counted, on their last day in the
        period."""
        last = timeline.last_in(point.start, point.end) if self.tier_ids else None
        return not self.tier_ids or bool(last and last.tier in self.tier_ids.ids)

    def _get_place(self, timeline, start, end):
        """Whose value one shares in a period: the department's of its last day on the ladder,
        or the company's; None of who was not on it, which is nobody's."""
        last = timeline.last_in(start, end)
        if last is None:
            return ()
        return COMPANY if self.subject == "company" else last.department
