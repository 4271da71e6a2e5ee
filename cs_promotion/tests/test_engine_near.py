"""Who came close to a promotion (P4): near misses, found from the newest results alone first."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given

from ..engine.near import may_be_near, nearest
from ..engine.policy import Policy
from ..engine.rules import judge
from .test_engine_strategies import (
    MANY,
    SHIPPED,
    EngineCase,
    asks,
    closing,
    day,
    glimpse,
    known,
    month,
    quarter,
    ruled,
    scored,
    situations,
)

SCORE = asks("month_score", ">=", Decimal(90))
RANK = asks("month_rank", "<=", Decimal(3))
TITLE = asks("awards", ">=", Decimal(1))


def rule(*conditions, match="all"):
    return Policy(rules=(ruled("rule", "junior", "promote", conditions, match),))


class TestNear(EngineCase):
    def near(self, policy, end="2026-03", **facts):
        """What was missing, as a condition and its gap; None when it was much or nothing."""
        found = nearest(policy, known(**facts), closing(end))
        return found and (found.finding.condition, found.gap)

    def test_P4_short_by_little(self):
        for score, gap in ((90, None), (89, Fraction(1, 3)), (87, Fraction(1)), (86.99, None)):
            with self.subTest(score=score):
                found = self.near(rule(SCORE), months=(month("2026-03", score, 1),))
                self.assertEqual(found, gap and (SCORE, gap))
        for place, gap in ((3, None), (4, Fraction(1, 2)), (5, Fraction(1)), (6, None)):
            with self.subTest(rank=place):
                found = self.near(rule(RANK), months=(month("2026-03", 95, place),))
                self.assertEqual(found, gap and (RANK, gap))

    def test_P4_one_condition_only(self):
        both = (month("2026-03", 89, 4),)
        self.assertIsNone(self.near(rule(SCORE, RANK), months=both))
        self.assertEqual(self.near(rule(SCORE, RANK, match="any"), months=both)[0], SCORE)
        self.assertEqual(self.near(rule(SCORE, TITLE), months=(month("2026-03", 95, 1),))[0], TITLE)

    def test_P4_one_review_of_several(self):
        twice = replace(SCORE, times=2, consecutive=True)
        for scores, gap in (((95, 95), None), ((89, 95), Fraction(1, 3)), ((80, 95), None)):
            with self.subTest(scores=scores):
                found = self.near(rule(twice), months=scored("2026-02", *scores))
                self.assertEqual(found and found[1], gap)
        self.assertEqual(self.near(rule(twice), months=scored("2026-03", 95))[1], 1)

    def test_O1_nothing_in_the_period_just_closed(self):
        self.assertIsNone(self.near(rule(SCORE), months=(month("2026-02", 89, 1),)))

    def test_X4_not_while_a_review_is_open_nor_for_a_leaver(self):
        months = (month("2026-03", 89, 1),)
        self.assertIsNone(
            self.near(rule(SCORE), months=months, open_reviews=frozenset({"dismiss_failing"}))
        )
        self.assertIsNone(self.near(rule(SCORE), months=months, left=day("2026-04-01")))

    def test_U2_shipped_rule(self):
        for place, score, near in ((3, 90, True), (4, 91, True), (4, 90, False), (1, 91, False)):
            with self.subTest(rank=place, score=score):
                found = self.near(SHIPPED, quarters=(quarter("2026Q1", score, place),))
                self.assertEqual(bool(found), near)

    @MANY
    @given(situations)
    def test_P4_the_newest_results_alone_rule_nobody_out_who_came_close(self, situation):
        policy, facts, close = situation
        known_at_once = glimpse(facts, close)
        found = nearest(policy, facts, close)
        if found:
            self.assertTrue(may_be_near(policy, known_at_once, close))
            self.assertFalse(found.finding.met)
            promoted = [each for each in judge(policy, facts, close) if each.outcome == "promote"]
            self.assertFalse(promoted)
