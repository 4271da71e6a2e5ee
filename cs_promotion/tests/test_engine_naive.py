"""The order of what a month's end decides, beside a naive reading of it (O2)."""

from dataclasses import replace
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given

from ..engine.facts import Closing
from ..engine.policy import Policy
from ..engine.rules import (
    DEMOTE_VIOLATION,
    DISMISS_REPEATED,
    DISMISS_SERIOUS,
    PROCEDURES,
    examine_rule,
    judge,
)
from .test_engine_strategies import (
    MANY,
    EngineCase,
    situations,
)


def naive(policy: Policy, facts, close: Closing) -> list[tuple]:
    """O2 once more, spelled out: (outcome, ground, to) of every verdict."""
    effective = close.end + timedelta(days=1)
    if facts.left is not None and not facts.left > effective:
        return []

    def applying(outcome):
        return [
            rule.code
            for rule in policy.rules
            if (rule.outcome.code, rule.tier) == (outcome, facts.tier)
            and (not rule.examined_in or close.end.month in rule.examined_in)
            and examine_rule(rule, facts, close)[0]
        ]

    counted = [
        each for each in facts.violations if each.date >= facts.joined and each.month <= close.end
    ]
    this_month = {
        each.severity for each in counted if (each.month + relativedelta(months=1)) == effective
    }
    reviews = applying("dismissal_review")
    if "serious" in this_month:
        reviews.append(DISMISS_SERIOUS)
    if this_month and len(counted) >= policy.settings.repeat_violations:
        reviews.append(DISMISS_REPEATED)
    result = [
        ("dismissal_review", ground, None) for ground in reviews if ground not in facts.open_reviews
    ]
    if effective in facts.decided:
        return result
    step = policy.ladder.steps.index(facts.tier)
    appointed = [each in policy.ladder.appointed for each in policy.ladder.steps]
    downs = applying("demote") if step > 0 and not appointed[step - 1] else []
    if step > 0 and "moderate" in this_month:
        downs.insert(0, DEMOTE_VIOLATION)
    if downs:
        return [*result, ("demote", downs[0], policy.ladder.steps[step - 1])]
    ups = applying("promote") if appointed[step + 1 :][:1] == [False] else []
    if ups and not result and not facts.open_reviews:
        return [("promote", ups[0], policy.ladder.steps[step + 1])]
    return result


class TestAgainstNaive(EngineCase):
    @MANY
    @given(situations)
    def test_O2_engine_and_naive_reading_agree(self, situation):
        policy, facts, close = situation
        verdicts = judge(*situation)
        self.assertEqual(
            [(verdict.outcome, verdict.ground, verdict.to) for verdict in verdicts],
            naive(*situation),
        )
        for verdict in verdicts:
            self.assertEqual(verdict.agent, facts.agent)
            self.assertEqual(verdict.tier, facts.tier)
            self.assertEqual(verdict.effective, close.effective)
            self.assertEqual(verdict.rule is None, verdict.ground in PROCEDURES)
            if verdict.rule:
                self.assertEqual((True, verdict.findings), examine_rule(verdict.rule, facts, close))
                self.assertIn(verdict.rule, policy.rules)

    @MANY
    @given(situations)
    def test_O2_at_most_one_step_and_never_both_ways(self, situation):
        _policy, facts, close = situation
        verdicts = judge(*situation)
        outcomes = [verdict.outcome for verdict in verdicts]
        self.assertLessEqual(outcomes.count("demote") + outcomes.count("promote"), 1)
        self.assertEqual(len({verdict.ground for verdict in verdicts}), len(verdicts))
        if "promote" in outcomes:
            self.assertEqual(len(verdicts), 1)
            self.assertFalse(facts.open_reviews)
        if facts.left and facts.left <= close.effective:
            self.assertEqual(outcomes, [])
        if close.effective in facts.decided:
            self.assertEqual(set(outcomes) - {"dismissal_review"}, set())

    @MANY
    @given(situations)
    def test_O2_judging_again_what_was_decided_decides_nothing_new(self, situation):
        policy, facts, close = situation
        verdicts = judge(*situation)
        after = replace(
            facts,
            open_reviews=facts.open_reviews.union(
                verdict.ground for verdict in verdicts if verdict.to is None
            ),
            decided=facts.decided.union(
                verdict.effective for verdict in verdicts if verdict.to is not None
            ),
        )
        again = judge(policy, after, close)
        self.assertEqual([verdict.ground for verdict in again if verdict.to is None], [])
        if any(verdict.to for verdict in verdicts):
            self.assertEqual(again, [])

    @MANY
    @given(situations)
    def test_O1_what_lies_after_the_period_changes_nothing(self, situation):
        """History closes with the period: judged late, an agent is judged the same."""
        policy, facts, close = situation
        past = replace(
            facts,
            months=tuple(each for each in facts.months if each.end <= close.end),
            quarters=tuple(each for each in facts.quarters if each.end <= close.end),
            awards=tuple(each for each in facts.awards if each <= close.end),
            violations=tuple(each for each in facts.violations if each.month <= close.end),
        )
        self.assertEqual(judge(policy, past, close), judge(*situation))
