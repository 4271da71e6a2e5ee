"""What holds of every decision, whoever it is about: P4."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import given

from ..engine.facts import Closing, Facts
from ..engine.near import nearest
from ..engine.rules import (
    CONFIRM,
    DEMOTE_VIOLATION,
    DISMISS_REPEATED,
    DISMISS_SERIOUS,
    judge,
    may_decide,
    probation_ends,
)
from .test_engine_groups import joined
from .test_engine_strategies import (
    MANY,
    SHIPPED,
    EngineCase,
    any_history,
    cut_to,
    glimpse,
    seeded,
    situations,
    verdicts,
)


def improved(facts, random: Random):
    """The same agent with some scores higher and some ranks better."""

    def better(review):
        score = review.score and min(Decimal(100), review.score + random.choice((0, 1, 10, 30)))
        rank = review.rank and max(1, review.rank - random.choice((0, 1, 3)))
        return review._replace(score=score, rank=rank)

    return replace(
        facts,
        months=tuple(map(better, facts.months)),
        quarters=tuple(map(better, facts.quarters)),
    )


def standing(facts, close: Closing) -> tuple[int, int]:
    """How good a month's end is: no review before fewer, then up, nothing, down."""
    outcomes = [verdict.outcome for verdict in judge(SHIPPED, facts, close)]
    step = outcomes.count("promote") - outcomes.count("demote")
    return -outcomes.count("dismissal_review"), step


class TestProperties(EngineCase):
    @MANY
    @given(
        seeded(any_history, tiers=("junior", "intermediate", "senior")),
        seeded(lambda random: random),
    )
    def test_P4_a_better_result_never_worsens_what_is_decided(self, history, random):
        facts, close = history
        reviews, step = standing(facts, close)
        for _ in range(3):
            facts = improved(facts, random)
            reviews_before, step_before = reviews, step
            reviews, step = standing(facts, close)
            self.assertGreaterEqual(reviews, reviews_before)
            self.assertGreaterEqual(step, step_before)

    @MANY
    @given(situations, seeded(lambda random: random))
    def test_P4_the_order_in_which_facts_are_told_does_not_matter(self, situation, random):
        """Reviews alone are told oldest first."""
        policy, facts, close = situation
        shuffled = replace(
            facts,
            **{
                name: tuple(random.sample(told, len(told)))
                for name in ("awards", "violations", "tests")
                for told in [getattr(facts, name)]
            },
        )

        def decided(told):
            return [
                (each.ground, each.effective, each.to, each.test and each.test.date)
                for each in verdicts(policy, told, close)
            ]

        self.assertEqual(decided(shuffled), decided(facts))

    @MANY
    @given(situations)
    def test_O1_about_whom_nothing_can_be_decided_nothing_is(self, situation):
        policy, facts, close = situation
        if judge(policy, facts, close):
            self.assertTrue(may_decide(policy, glimpse(facts, close), close))

    @MANY
    @given(situations)
    def test_O1_the_reviews_that_rules_look_at_are_all_they_need(self, situation):
        policy, facts, close = situation
        cut = cut_to(facts, policy.looks_back(facts, close), close)
        self.assertEqual(judge(policy, cut, close), judge(policy, facts, close))
        self.assertEqual(nearest(policy, cut, close), nearest(policy, facts, close))

    def test_O1_few_reviews_are_looked_at(self):
        """Else it would spare nothing: as many as the rules name, or as there are in a window."""
        close = Closing(date(2026, 3, 31))
        for tier, since, most in (
            ("junior", date(2020, 1, 1), {"month_score": 3, "quarter_rank": 1, "quarter_score": 1}),
            ("intermediate", date(2026, 1, 15), {"month_rank": 3, "quarter_score": 2}),
            ("intermediate", date(2025, 2, 1), {"month_rank": 14, "quarter_score": 5}),
            ("senior", date(2026, 3, 1), {"month_score": 1, "quarter_score": 1}),
            ("reserve", date(2020, 1, 1), {}),
        ):
            facts = Facts(1, tier, since, date(2019, 1, 1))
            self.assertEqual(SHIPPED.looks_back(facts, close), most, (tier, since))

    def test_O1_a_glimpse_tells_most_of_those_about_whom_nothing_is_decided(self):
        """Else it would spare nothing."""
        quiet = passed_over = 0
        for seed in range(1000):
            facts, close = any_history(Random(seed))
            if not judge(SHIPPED, facts, close):
                quiet += 1
                passed_over += not may_decide(SHIPPED, glimpse(facts, close), close)
        self.assertGreater(quiet, 500)
        self.assertGreater(passed_over, quiet / 2)

    @MANY
    @given(situations)
    def test_P4_a_verdict_stands_on_grounds_that_hold(self, situation):
        policy, facts, close = situation
        for verdict in verdicts(policy, facts, close):
            severities = {each.severity for each in verdict.violations}
            if verdict.rule:
                self.assertTrue(joined(verdict.rule, [each.met for each in verdict.findings]))
            elif verdict.ground == CONFIRM:
                mark = policy.settings.pass_mark
                self.assertGreaterEqual(min(verdict.test.knowledge, verdict.test.skills), mark)
                self.assertEqual(
                    verdict.effective, max(verdict.test.date, probation_ends(policy, facts))
                )
            elif verdict.ground == DISMISS_REPEATED:
                least = policy.settings.repeat_violations
                self.assertGreaterEqual(len(verdict.violations), least)
            else:
                named = {DEMOTE_VIOLATION: "moderate", DISMISS_SERIOUS: "serious"}
                self.assertEqual(severities, {named[verdict.ground]})
