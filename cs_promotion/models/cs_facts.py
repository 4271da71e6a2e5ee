from collections import defaultdict
from datetime import date
from functools import cache

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import facts as engine
from ..engine.calendar import month_period, quarter_period
from ..engine.decimals import decimal
from ..engine.rules import may_decide


class CsFacts(models.AbstractModel):
    """Loads what the engine has to know of many agents: one query for each kind of fact."""

    _name = "cs.facts"
    _description = "CS Facts Loader"

    @api.model
    def _load(self, timelines, closing, company):
        """The facts of these agents at a month's end, as they arose in the company.

        :param timelines: employee id -> timeline within the company, as
            :meth:`cs.timeline._load` gives
        :param closing: :class:`~..engine.facts.Closing`
        :return: list of :class:`~..engine.facts.Facts`, only of those on the ladder
            on the period's last day (a leaver's: on their last)
        """
        ids = list(timelines)
        return self._build(
            timelines,
            closing,
            **self._load_reviews(ids, closing, company),
            awards=self._load_awards(ids, company),
            violations=self._load_violations(ids, company),
            tests=self._load_tests(ids, company),
            open_reviews=self._load_open_reviews(ids, closing, company),
            decided=self._load_decided(ids, closing, company),
        )

    @api.model
    def _load_for_judging(self, policy, timelines, closing, company):
        """What the engine judges by; only of those about whom it could decide anything."""
        return self._load_for(may_decide, policy, timelines, closing, company)

    @api.model
    def _load_for(self, concerns, policy, timelines, closing, company):
        """The facts of those whom a question of the engine concerns.

        :param concerns: (policy, facts, closing) -> whether it could, by what is known at once

        Most agents are none of them, which violations and the newest reviews tell: the history
        of the others alone is loaded. Tests are for confirmation and have no part in it.
        """
        ids = list(timelines)
        violations = self._load_violations(ids, company)
        newest = self._build(
            timelines,
            closing,
            **self._load_reviews(ids, closing, company, since=closing.end),
            violations=violations,
        )
        ids = [facts.agent for facts in newest if concerns(policy, facts, closing)]
        return self._build(
            {id_: timelines[id_] for id_ in ids},
            closing,
            **self._load_reviews(ids, closing, company),
            awards=self._load_awards(ids, company),
            violations=violations,
            open_reviews=self._load_open_reviews(ids, closing, company),
            decided=self._load_decided(ids, closing, company),
        )

    @api.model
    def _build(self, timelines, closing, **parts):
        """Facts from timelines and ``parts``: (type of the field, employee id -> values).

        Only what counts since joining (R5): here, so that whoever reads facts - judging, path,
        slate - counts alike.
        """
        codes = {id_: code for code, id_ in self.env["cs.tier"]._get_ids_by_code().items()}
        facts = []
        for id_, timeline in timelines.items():
            stretch = timeline.last_in(closing.month, closing.end)
            if stretch is None:
                continue
            day = min(stretch.end, closing.end)
            facts.append(
                engine.Facts(
                    agent=id_,
                    tier=codes[stretch.tier],
                    tier_since=stretch.tier_since,
                    joined=timeline.joined(day),
                    left=timeline.left(day),
                    **{name: kind(part.get(id_, ())) for name, (kind, part) in parts.items()},
                ).since_joining()
            )
        return facts

    @api.model
    def _load_reviews(self, ids, closing, company, since=date.min):
        """Months and quarters, oldest first, of those that end from ``since`` on."""
        self.env["cs.appraisal"].flush_model()
        reviews = {"month": defaultdict(list), "quarter": defaultdict(list)}
        periods = {"month": cache(month_period), "quarter": cache(quarter_period)}
        exact = cache(decimal)
        for kind, employee_id, start, score, rank, id_ in self.env.execute_query(
            SQL(
                """
                SELECT kind, employee_id, date_start, CASE WHEN scored THEN score::text END,
                       NULLIF(rank, 0), id
                  FROM cs_appraisal
                 WHERE employee_id = ANY(%s) AND company_id = %s
                   AND closed AND date_end BETWEEN %s AND %s AND (scored OR rank > 0)
                 ORDER BY date_start
                """,
                ids,
                company.id,
                since,
                closing.end,
            )
        ):
            review = engine.Review(*periods[kind](start), score and exact(score), rank, id_)
            reviews[kind][employee_id].append(review)
        return {"months": (tuple, reviews["month"]), "quarters": (tuple, reviews["quarter"])}

    @api.model
    def _load_awards(self, ids, company):
        ours = [("employee_id", "in", ids), ("company_id", "=", company.id)]
        awards = self.env["cs.award"].sudo()._read_group(ours, ["employee_id"], ["month:array_agg"])
        return tuple, {employee.id: sorted(months) for employee, months in awards}

    @api.model
    def _load_violations(self, ids, company):
        self.env["cs.violation"].flush_model()
        violations = defaultdict(list)
        for id_, employee_id, day, severity, month in self.env.execute_query(
            SQL(
                """
                SELECT id, employee_id, date, severity, month FROM cs_violation
                 WHERE employee_id = ANY(%s) AND company_id = %s AND state = 'confirmed'
                 ORDER BY date, id
                """,
                ids,
                company.id,
            )
        ):
            violations[employee_id].append(engine.Violation(day, severity, month, id_))
        return tuple, violations

    @api.model
    def _load_tests(self, ids, company):
        self.env["cs.probation.test"].flush_model()
        tests = defaultdict(list)
        for id_, employee_id, day, knowledge, skills in self.env.execute_query(
            SQL(
                """
                SELECT id, employee_id, date, knowledge, skills FROM cs_probation_test
                 WHERE employee_id = ANY(%s) AND company_id = %s ORDER BY date, id
                """,
                ids,
                company.id,
            )
        ):
            tests[employee_id].append(
                engine.ProbationTest(day, decimal(knowledge), decimal(skills), id_)
            )
        return tuple, tests

    @api.model
    def _get_other_closings(self, closing):
        """Domain without what this very closing decided before it was re-opened: that is judged
        anew, as if it had not been decided."""
        return Domain("awaits_closing", "=", False) | Domain(
            "effective_date", "!=", closing.effective
        )

    @api.model
    def _load_open_reviews(self, ids, closing, company):
        reviews = (
            self.env["cs.decision"]
            .sudo()
            ._read_group(
                Domain(
                    [
                        ("employee_id", "in", ids),
                        ("company_id", "=", company.id),
                        ("outcome", "=", "dismissal_review"),
                        ("state", "in", ("proposed", "announced")),
                    ]
                )
                & self._get_other_closings(closing),
                ["employee_id"],
                ["ground:array_agg"],
            )
        )
        return frozenset, {employee.id: grounds for employee, grounds in reviews}

    @api.model
    def _load_decided(self, ids, closing, company):
        """Dates with a tier change (O2). One still waiting for its day or for an appeal
        stands in the way of any other, too, until it is settled; what a person has but
        proposed stands in nobody's way."""
        decisions = (
            self.env["cs.decision"]
            .sudo()
            ._read_group(
                Domain(
                    [
                        ("employee_id", "in", ids),
                        ("company_id", "=", company.id),
                        ("outcome", "!=", "dismissal_review"),
                        ("state", "not in", ("withdrawn", "rejected")),
                    ]
                )
                & ~(Domain("state", "=", "proposed") & Domain("ground_type", "=", "person"))
                & self._get_other_closings(closing),
                ["employee_id", "state"],
                ["effective_date:array_agg"],
            )
        )
        decided = defaultdict(list)
        for employee, state, days in decisions:
            decided[employee.id] += days
            if state != "applied" and min(days) <= closing.effective:
                decided[employee.id].append(closing.effective)
        return frozenset, decided
