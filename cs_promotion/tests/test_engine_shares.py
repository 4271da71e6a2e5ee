"""Places in percent of those ranked: how many these are, and who is within them (policy language,
*Metric*)."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ..engine.conditions import examine, may_be_met
from ..engine.decimals import fraction, terminating
from ..engine.evidence import record
from ..engine.facts import Facts
from ..engine.near import nearest
from ..engine.policy import Policy
from ..engine.replay import replay
from ..engine.rule import Condition
from ..engine.rules import judge
from ..engine.scoring import ranks, ranks_from_bottom
from ..engine.series import Point
from ..engine.vocabulary import PolicyError
from ..vocabulary import METRICS
from .test_engine_strategies import MANY, EngineCase, asks, closing, day, ruled

MARCH = closing("2026-03")
BY_CODE = {metric.code: metric for metric in METRICS}
ROUND = {"up": ceil, "down": floor, "half_up": lambda exact: floor(exact + Fraction(1, 2))}


def placed(code, place, of):
    """Facts of one whose place in March is this among so many."""
    point = Point(day("2026-03-01"), day("2026-03-31"), place, 1, of)
    since = day("2025-01-01")
    return Facts("ANNA", "junior", since, since, series={code: (point,)})


def share(value, rounding, code="month_rank", operator="<="):
    """A place within so many percent of those ranked."""
    return Condition(BY_CODE[code], operator, terminating(fraction(value)), share=rounding)


class TestShares(EngineCase):
    def test_B13_five_percent_rounded_up(self):
        for of, within in ((1, 1), (20, 1), (21, 2), (40, 2), (41, 3)):
            for place in (within, within + 1):
                facts = placed("month_place_bottom", place, of)
                condition = share(5, "up", "month_place_bottom")
                self.assertIs(examine(condition, facts, MARCH).met, place <= within)

    def test_three_ways_to_round(self):
        for of, up, down, half_up in ((25, 3, 2, 3), (24, 3, 2, 2), (4, 1, 0, 0), (10, 1, 1, 1)):
            for rounding, count in (("up", up), ("down", down), ("half_up", half_up)):
                met = [
                    place
                    for place in range(1, of + 1)
                    if examine(share(10, rounding), placed("month_rank", place, of), MARCH).met
                ]
                self.assertEqual(met, [*range(1, count + 1)])

    def test_equal_scores_share_the_place_nearer_to_the_end(self):
        scores = {"A": 90, "B": 80, "C": 80, "D": 70, "E": 70}
        self.assertEqual(ranks(scores), {"A": 1, "B": 2, "C": 2, "D": 4, "E": 4})
        self.assertEqual(ranks_from_bottom(scores), {"A": 5, "B": 3, "C": 3, "D": 1, "E": 1})

    @MANY
    @given(st.integers(0, 2**32 - 1))
    def test_naive_reading_of_shares(self, seed):
        """Who is within so many of the best, or the last, counted one by one."""
        random = Random(seed)
        scores = dict(enumerate(random.choices(range(60, 70), k=random.randint(1, 30))))
        percent, rounding = random.choice((0, 5, 10, "33.3", 50, 100)), random.choice([*ROUND])
        people = ROUND[rounding](Fraction(percent) * len(scores) / 100)
        for code, places, sign in (
            ("month_rank", ranks(scores), -1),
            ("month_place_bottom", ranks_from_bottom(scores), 1),
        ):
            ordered = sorted(scores.values(), key=lambda value, sign=sign: sign * value)
            within = set(ordered[:people])  # equal scores across the edge are all within it
            for key, place in places.items():
                facts = placed(code, place, len(scores))
                condition = share(percent, rounding, code)
                self.assertIs(examine(condition, facts, MARCH).met, scores[key] in within)
                self.assertIs(may_be_met(condition, facts, MARCH), scores[key] in within)
        # from the other end: only where all equal ones are within it
        last = ROUND["up"](Fraction(percent) * len(scores) / 100)
        for key, place in ranks(scores).items():
            facts = placed("month_rank", place, len(scores))
            other = share(100 - Fraction(percent), "down", operator=">")
            wholly = sum(each <= scores[key] for each in scores.values()) <= last
            self.assertIs(examine(other, facts, MARCH).met, wholly)

    def test_a_decision_by_share_replays_and_says_among_how_many(self):
        conditions = (share(20, "down"), asks("month_rank", "<=", Decimal(5)))
        policy = Policy(rules=(ruled("up", "junior", "promote", conditions),))
        facts = placed("month_rank", 3, 17)
        self.assertEqual(judge(policy, facts, MARCH)[0].to, "intermediate")
        evidence = record(policy, facts, judge(policy, facts, MARCH)[0])
        self.assertEqual(evidence["conditions"][0]["found"][0]["of"], 17)
        self.assertNotIn("of", evidence["conditions"][1]["found"][0])
        self.assertEqual(replay(evidence).to, "intermediate")
        evidence["conditions"][0]["found"][0]["of"] = 14
        self.assertIsNone(replay(evidence))

    def test_near_by_places(self):
        policy = Policy(rules=(ruled("up", "junior", "promote", (share(20, "down"),)),))
        self.assertEqual(nearest(policy, placed("month_rank", 4, 17), MARCH).gap, Fraction(1, 2))
        self.assertIsNone(nearest(policy, placed("month_rank", 6, 17), MARCH))
        self.assertIsNone(nearest(policy, placed("month_rank", 1, None), MARCH))

    def test_where_it_is_not_known_among_how_many_nothing_is_met(self):
        self.assertFalse(examine(share(100, "up"), placed("month_rank", 1, None), MARCH).met)

    def test_what_is_no_share_is_refused(self):
        share(5, "up").check()
        for condition, fault in (
            (share(5, "up", "month_score"), "no place"),
            (share(101, "up"), "between 0 and 100"),
            (share(5, "sideways"), "unknown rounding"),
            (
                Condition(BY_CODE["month_rank"], "<=", Decimal(5), share="up", reading="mean"),
                "each",
            ),
        ):
            with self.assertRaisesRegex(PolicyError, fault):
                condition.check()
