from collections import defaultdict
from fractions import Fraction

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import facts as engine
from ...engine.calendar import complete, day_after
from ...engine.decimals import decimal
from ...engine.series import Scope, in_period
from ...engine.vocabulary import EVENT, LAST, SINCE
from ..many import any_of


class CsFacts(models.AbstractModel):
    """Loads what the engine has to know of many agents: one query for each kind of fact."""

    _name = "cs.facts"
    _description = "CS Facts Loader"

    @api.model
    def _load(self, timelines, closing, company, metrics=(), rules=()):
        """The facts of these agents at a month's end, as they arose in the company.

        :param timelines: employee id -> timeline within the company, as
            :meth:`cs.timeline._load` gives
        :param closing: :class:`~...engine.facts.Closing`
        :param metrics: the metrics whose series are wanted
        :param rules: those of the engine by which is judged: some are on application only
        :return: list of :class:`~...engine.facts.Facts`, only of those on the ladder
            on the period's last day (a leaver's: on their last)
        """
        ids = list(timelines)
        return self._build(
            timelines,
            closing,
            self._load_series(metrics, Scope(timelines, company, closing.end)),
            violations=(tuple, self.env["cs.violation"]._load_counted(ids, company)),
            tests=self._load_tests(ids, company),
            applications=self._load_applications(rules, timelines, closing, company),
            **self._load_open(ids, closing, company),
            decided=self._load_decided(ids, closing, company),
            terms=(dict, self.env["cs.term"]._load(timelines, closing, company)),
        )

    @api.model
    def _load_for(self, concerns, policy, timelines, closing, company):
        """The facts of those whom a question of the engine concerns.

        :param concerns: (policy, facts, closing) -> whether it could, by what is known at once

        Most agents are none of them, which violations and the newest reviews tell: the history
        of the others alone is loaded. Tests are for confirmation and have no part in it.
        """
        applied = self._load_applications(policy.rules, timelines, closing, company)
        known = {
            "applications": applied,
            "terms": (dict, self.env["cs.term"]._load(timelines, closing, company)),
        }
        violations = (tuple, self.env["cs.violation"]._load_counted(list(timelines), company))
        metrics = policy.metrics.values()
        glimpsed = [each for each in metrics if each.is_glimpsed]
        # two rounds: the first reads one row an agent, the second all of those few who may be
        # concerned
        newest_series = self._load_series(
            glimpsed, Scope(timelines, company, closing.end, closing.end)
        )
        newest = self._build(timelines, closing, newest_series, violations=violations, **known)
        concerned, most = {}, {}
        for facts in newest:
            if concerns(policy, facts, closing):
                concerned[facts.agent] = timelines[facts.agent]
                most[facts.agent] = policy.looks_back(facts, closing)
        ids = list(concerned)
        # since when something counts is one day: that was all of it
        whole = [each for each in newest_series if each[0].read in SINCE]
        others = [each for each in metrics if each.read not in SINCE]
        return self._build(
            concerned,
            closing,
            whole + self._load_series(others, Scope(concerned, company, closing.end, most=most)),
            violations=violations,
            **known,
            **self._load_open(ids, closing, company),
            decided=self._load_decided(ids, closing, company),
        )

    @api.model
    def _load_series(self, metrics, scope):
        """The series of each of these metrics: pairs (metric, employee id -> points), each
        source asked once."""
        sources = defaultdict(list)
        for metric in metrics:
            sources[metric.source].append(metric)
        found = []
        for source, ours in sources.items():
            series = self.env[source]._load_series([each.code for each in ours], scope)
            for code in scope.given.keys() & series.keys():
                series[code] = self._add_given(series[code], scope.given[code], scope)
            found += [(each, series[each.code]) for each in ours]
        return found

    @api.model
    def _load_values(self, metrics, timelines, company, periods, given=None):
        """(Employee id, first day of a period) -> code -> what a metric was in the period, exact,
        nought included. One query for each source.

        :param periods: pairs of first and last day
        :param given: what is not stored yet, as ``Scope.given``
        """
        found = defaultdict(dict)
        # a value of the day, as months since something began, is asked for at each period's end
        daily = [each for each in metrics if each.read in (*SINCE, LAST)]
        for start, end in periods if daily else ():
            scope = Scope(timelines, company, end, start, given or {})
            for metric, points in self._load_series(daily, scope):
                for employee in timelines:
                    series = tuple(points.get(employee, ()))
                    value = None
                    if metric.read == LAST:
                        value = in_period(metric, series, start, end)
                    elif series:  # complete months or years to the day after, as rules do (U2)
                        since = series[-1].start
                        value = Fraction(complete(metric.read, since, day_after(end)))
                    if value is not None:
                        found[employee, start][metric.code] = value
        others = [each for each in metrics if each not in daily]
        if not others or not periods:
            return found
        starts, ends = zip(*periods, strict=True)
        # a title of the last month takes effect on the day after
        scope = Scope(timelines, company, day_after(max(ends)), min(starts), given or {})
        for metric, points in self._load_series(others, scope):
            for employee in timelines:
                series = tuple(points.get(employee, ()))
                for start, end in periods:
                    value = in_period(metric, series, start, end)
                    if value is not None:
                        found[employee, start][metric.code] = value
        return found

    @api.model
    def _add_given(self, series, given, scope):
        """The series of a metric with the newest points, which nobody has stored yet."""
        newest = {id_: point for id_, point in given.items() if id_ in scope.timelines}
        return dict(series) | {id_: (*series.get(id_, ()), point) for id_, point in newest.items()}

    @api.model
    def _build(self, timelines, closing, series, **parts):
        """Facts from timelines, ``series`` and ``parts``: (type of the field, employee id ->
        values).

        Only what counts since joining (R5): here, so that whoever reads facts - judging, path,
        slate - counts alike.
        """
        codes = {id_: code for code, id_ in self.env["cs.tier"]._get_ids_by_code().items()}
        events = frozenset(metric.code for metric, _points in series if metric.grain == EVENT)
        known = defaultdict(dict)  # of most metrics most agents have nothing
        for metric, points in series:
            for id_, own in points.items():
                known[id_][metric.code] = tuple(own)
        facts = []
        for id_, timeline in timelines.items():
            stretch = timeline.last_in(closing.month, closing.end)
            if stretch is None:
                continue
            # a leaver is looked at on their last day, which the period's end is no more
            day = min(stretch.end, closing.end)
            facts.append(
                engine.Facts(
                    agent=id_,
                    tier=codes[stretch.tier],
                    tier_since=stretch.tier_since,
                    joined=timeline.joined(day),
                    left=timeline.left(day),
                    series=known.get(id_, {}),
                    **{name: kind(part.get(id_, ())) for name, (kind, part) in parts.items()},
                ).since_joining(events)
            )
        return facts

    @api.model
    def _load_tests(self, ids, company):
        # by SQL, as all facts: months of many agents are read in a handful of queries
        self.env["cs.probation.test"].flush_model()
        tests = defaultdict(list)
        for id_, employee_id, day, knowledge, skills in self.env.execute_query(
            SQL(
                """
                SELECT id, employee_id, date, knowledge, skills FROM cs_probation_test
                 WHERE employee_id = %s AND company_id = %s ORDER BY date, id
                """,
                any_of(ids),
                company.id,
            )
        ):
            tests[employee_id].append(
                engine.ProbationTest(day, decimal(knowledge), decimal(skills), id_)
            )
        return tuple, tests

    @api.model
    def _load_applications(self, rules, ids, closing, company):
        """Codes of the rules that agents have applied for, of those that are on application."""
        asked = [rule for rule in rules if rule.on_application]
        # sudo: the engine is told who has applied; nobody is shown it
        applications = self.env["cs.application"].sudo()
        return frozenset, applications._load_open(asked, ids, closing, company)

    @api.model
    def _group_decisions(self, domain, by, aggregates, scope):
        """Decisions about agents, in groups; without what this very closing decided before it was
        re-opened: that is judged anew, as if it had not been decided.

        :param scope: employee ids, closing, company
        """
        ids, closing, company = scope
        decided_before = Domain("awaits_closing", "=", False) | Domain(
            "effective_date", "!=", closing.effective
        )
        # sudo: the engine is told that something is open or decided; nobody is shown it
        decisions = self.env["cs.decision"].sudo()
        ours = Domain("employee_id", "in", ids) & Domain("company_id", "=", company.id)
        return decisions._read_group(ours & domain & decided_before, by, aggregates)

    @api.model
    def _load_open(self, ids, closing, company):
        """Grounds of open decisions that move nobody by themselves: those that bar a promotion
        (X4), and others."""
        outcomes = self.env["cs.vocabulary"]._get_outcomes()
        open_ = {True: defaultdict(list), False: defaultdict(list)}
        for employee, outcome, grounds in self._group_decisions(
            Domain("tier_to_id", "=", False) & Domain("state", "in", ("proposed", "announced")),
            ["employee_id", "outcome"],
            ["ground:array_agg"],
            (ids, closing, company),
        ):
            # of an outcome that nobody declares any more it is not known: it bars
            bars = outcome not in outcomes or outcomes[outcome].bars
            open_[bars][employee.id] += grounds
        return {"open_reviews": (frozenset, open_[True]), "open_others": (frozenset, open_[False])}

    @api.model
    def _load_decided(self, ids, closing, company):
        """Dates with a tier change (O2). One still waiting for its day, or held up,
        stands in the way of any other, too, until it is settled; what a person has but
        proposed stands in nobody's way."""
        decisions = self._group_decisions(
            Domain("tier_to_id", "!=", False)
            & Domain("state", "not in", ("withdrawn", "rejected"))
            & ~(Domain("state", "=", "proposed") & Domain("ground_type", "=", "person")),
            ["employee_id", "state"],
            ["effective_date:array_agg"],
            (ids, closing, company),
        )
        decided = defaultdict(list)
        for employee, state, days in decisions:
            decided[employee.id] += days
            # one that waits may be applied on any day from now on, so this closing decides no
            # other
            if state != "applied" and min(days) <= closing.effective:
                decided[employee.id].append(closing.effective)
        return frozenset, decided
