"""Conditions as data: policy 11 with R5, O1 and U2's complete months."""

import operator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ..engine.conditions import examine, is_met
from ..engine.facts import Closing
from ..engine.rule import OPERATORS, Condition
from ..engine.series import WINDOWS
from ..engine.vocabulary import PolicyError
from .test_engine_strategies import (
    BY_CODE,
    CODES,
    COUNTED,
    MANY,
    PROPERTY,
    EngineCase,
    Review,
    any_condition,
    asks,
    closing,
    conditions,
    day,
    histories,
    known,
    month,
    number,
    quarter,
    ranked,
    scored,
    seeded,
    violation,
)

COMPARE = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}


def below(value, **how) -> Condition:
    """``month_score < value``."""
    return asks("month_score", "<", number(value), **how)


def limit(condition: Condition):
    """What a value is compared with: of a share so many of the seven who are ranked."""
    if not condition.share:
        return condition.value
    people, rest = divmod(Fraction(condition.value) * 7, 100)
    return people + {"up": rest > 0, "down": False, "half_up": rest >= 50}[condition.share]


def naive(condition: Condition, facts, close: Closing) -> bool:
    """Policy 11 once more, written from its text and sharing nothing with the engine."""

    def meets(value) -> bool:
        if condition.operator == "between":
            return condition.value < value < condition.value_max
        return COMPARE[condition.operator](value, limit(condition))

    effective = close.end + relativedelta(days=1)
    if condition.metric.code == "tenure_months":
        months = -50
        while facts.joined + relativedelta(months=months + 1) <= effective:
            months += 1
        return meets(months)
    within = {
        "latest": lambda start, end: True,
        "tier": lambda start, end: start >= facts.tier_since,
        "first_months": lambda start, end: (
            start >= facts.tier_since
            and end < facts.tier_since + relativedelta(months=condition.months)
        ),
        "rolling_months": lambda start, end: (
            start >= facts.tier_since
            and start >= effective - relativedelta(months=condition.months)
        ),
        "last_months": lambda start, end: (
            start >= effective - relativedelta(months=condition.months)
        ),
        "joined": lambda start, end: start >= facts.joined,
        "period": lambda start, end: start.strftime("%Y%m") == close.end.strftime("%Y%m"),
    }[condition.window]
    if condition.window == "period" and condition.metric.grain == "quarter":
        within = lambda start, end: end == close.end  # noqa: E731
    if condition.metric.code in ("awards", "violations"):
        happened = [(won, won + relativedelta(months=1, days=-1)) for won in facts.awards]
        if condition.metric.code == "violations":
            happened = [
                (each.date, each.month + relativedelta(months=1, days=-1))
                for each in facts.violations
                if facts.joined <= each.date
            ]
        return meets(len([each for each in happened if each[1] < effective and within(*each)]))

    kind, _, figure = condition.metric.code.partition("_")
    held = [
        (review.start, review.end, getattr(review, figure))
        for review in (facts.months if kind == "month" else facts.quarters)
        if getattr(review, figure) is not None and review.end < effective
    ]
    if condition.reading and condition.reading != "each":
        inside = [value for start, end, value in held if within(start, end)]
        if condition.reading == "count":
            return meets(len(inside))
        if condition.window == "latest":
            if len(held) < condition.times or held[-1][1] != close.end:
                return False
            inside = inside[-condition.times :]
        if not inside:
            return condition.reading == "sum" and meets(0)
        return meets(
            {
                "sum": sum(inside),
                "mean": Fraction(sum(inside)) / len(inside),
                "last": inside[-1],
                "min": min(inside),
                "max": max(inside),
            }[condition.reading]
        )
    if not held or held[-1][1] != close.end:
        return False  # O1: no result for the period just closed
    if condition.window == "first_months" and not within(*held[-1][:2]):
        return False
    values = [value for start, end, value in held if within(start, end)]
    if condition.window == "latest" or condition.consecutive:
        values = values[-condition.times :]
    return len([value for value in values if meets(value)]) >= condition.times


class TestMetrics(EngineCase):
    def assert_met(self, condition, facts, at: str, met=True):
        self.assertIs(examine(condition, facts, closing(at)).met, met)

    def test_11_between_excludes_both_ends(self):
        between = asks("quarter_score", "between", Decimal(80), Decimal(91))
        for score, met in (("80", False), ("80.01", True), ("90.99", True), ("91", False)):
            facts = known(quarters=(quarter("2026Q1", score, 1),))
            self.assert_met(between, facts, "2026-03", met)

    def test_11_operators_at_their_value(self):
        facts = known(months=scored("2026-01", 90))
        met = {
            each: [
                examine(asks("month_score", each, number(value)), facts, closing("2026-01")).met
                for value in ("89.99", "90", "90.01")
            ]
            for each in COMPARE
        }
        self.assertEqual(
            met,
            {
                ">=": [True, True, False],
                ">": [True, False, False],
                "<=": [False, True, True],
                "<": [False, False, True],
                "=": [False, True, False],
            },
        )

    def test_11_each_metric_reads_its_own_figure(self):
        facts = known(
            months=(month("2026-03", 70, 5),),
            quarters=(quarter("2026Q1", 88, 2),),
            awards=(day("2026-02-01"),),
            violations=(violation("2026-01-09"), violation("2026-02-09")),
            joined="2025-11-15",
        )
        found = {
            "month_score": 70,
            "month_rank": 5,
            "quarter_score": 88,
            "quarter_rank": 2,
            "tenure_months": 4,
            "awards": 1,
            "violations": 2,
        }
        self.assertEqual(tuple(found), CODES)
        for metric, value in found.items():
            self.assert_met(asks(metric, "=", Decimal(value)), facts, "2026-03")

    def test_11_awards_and_violations_count_up_to_the_period_end(self):
        facts = known(
            joined="2025-06-10",
            awards=(day("2026-02-01"), day("2026-04-01")),
            violations=(
                violation("2025-06-09"),  # an earlier employment
                violation("2025-06-10"),
                violation("2026-03-31"),
                violation("2026-03-30", counts="2026-04"),  # came to light in April
                violation("2026-04-01"),
            ),
        )
        for metric, at, count in (
            ("awards", "2026-01", 0),
            ("awards", "2026-03", 1),
            ("awards", "2026-04", 2),
            ("violations", "2026-02", 1),
            ("violations", "2026-03", 2),
            ("violations", "2026-04", 4),
        ):
            finding = examine(asks(metric, "=", Decimal(count)), facts, closing(at))
            self.assertEqual(finding.count, count)
            self.assertTrue(finding.met and finding.held)
            self.assertIsNone(finding.needed)

    def test_U2_complete_months_count_to_the_effective_date(self):
        for joined, at, months in (
            ("2026-01-01", "2026-03", 3),
            ("2026-01-02", "2026-03", 2),
            ("2025-12-31", "2026-03", 3),
            ("2026-03-31", "2026-03", 0),
            ("2024-02-29", "2025-02", 12),
        ):
            facts = known(joined=joined)
            finding = examine(asks("tenure_months", ">=", Decimal(3)), facts, closing(at))
            self.assertEqual((finding.count, finding.met), (months, months >= 3), joined)


class TestWindows(EngineCase):
    def assert_met(self, condition, facts, at: str, met=True):
        self.assertIs(examine(condition, facts, closing(at)).met, met)

    def test_R5_a_month_without_review_neither_counts_nor_breaks_a_run(self):
        three = below(60, times=3, consecutive=True)
        facts = known(months=scored("2026-01", 50, None, 55, None, 59))
        self.assert_met(three, facts, "2026-05")
        facts = known(months=scored("2026-01", 50, None, 60, None, 59, 59))
        self.assert_met(three, facts, "2026-06", False)

    def test_O1_only_with_a_result_for_the_month_just_closed(self):
        facts = known(months=scored("2026-01", 50, 50, 50, None))
        for window in set(WINDOWS) - {"period"}:  # which has one month
            condition = below(60, times=3, window=window, months=12)
            self.assert_met(condition, facts, "2026-03")
            self.assert_met(condition, facts, "2026-04", False)
            self.assertFalse(examine(condition, facts, closing("2026-04")).held)

    def test_O1_only_with_a_result_for_the_quarter_just_closed(self):
        condition = asks("quarter_score", "<=", Decimal(80))
        facts = known(quarters=(quarter("2026Q1", 70, 9),))
        self.assert_met(condition, facts, "2026-03")
        for later in ("2026-02", "2026-04", "2026-05", "2026-06"):
            self.assert_met(condition, facts, later, False)

    def test_O1_a_quarter_without_a_rank_is_none_to_a_rule_on_ranks(self):
        """A quarterly form of its own, and a month without a review (R3, R4)."""
        facts = known(quarters=(quarter("2026Q1", 95, 1), quarter("2026Q2", 95, None)))
        condition = asks("quarter_rank", "<=", Decimal(3))
        self.assert_met(condition, facts, "2026-03")
        self.assert_met(condition, facts, "2026-06", False)
        on_score = replace(condition, metric=BY_CODE["quarter_score"], operator=">=")
        self.assert_met(on_score, facts, "2026-06")

    def test_O1_reviews_after_the_period_are_not_looked_at(self):
        facts = known(months=scored("2026-01", 50, 50, 90, 90))
        self.assert_met(below(60, times=2, consecutive=True), facts, "2026-02")

    def test_11_latest_are_the_last_times_reviews_whatever_the_tier(self):
        facts = known(since="2026-03-01", months=scored("2026-01", 50, 50, 50))
        self.assert_met(below(60, times=3), facts, "2026-03")
        self.assert_met(below(60, times=3, consecutive=True), facts, "2026-03")
        facts = known(months=scored("2026-01", 50, 50, 90, 50))
        self.assert_met(below(60, times=3), facts, "2026-04", False)

    def test_11_tier_window_holds_periods_that_began_in_the_tier(self):
        """Since the 2nd: the month that began on the 1st began in another tier."""
        months = ranked("2026-01", 4, 4, 4)
        three = asks("month_rank", ">", Decimal(3), times=3, consecutive=True, window="tier")
        self.assert_met(three, known(since="2026-01-01", months=months), "2026-03")
        self.assert_met(three, known(since="2026-01-02", months=months), "2026-03", False)

    def test_11_consecutive_are_the_last_ones(self):
        facts = known(months=scored("2026-01", 50, 50, 50, 90))
        condition = below(60, times=3, window="tier")
        self.assert_met(condition, facts, "2026-04")
        self.assert_met(replace(condition, consecutive=True), facts, "2026-04", False)
        self.assert_met(replace(condition, consecutive=True), facts, "2026-03")

    def test_11_first_months_hold_periods_wholly_inside(self):
        """A tier since 15 January: February is the first, the twelfth is cut off."""
        condition = below(90, times=11, window="first_months", months=12)
        facts = known(since="2026-01-15", months=scored("2026-01", *[80] * 13))
        self.assert_met(condition, facts, "2026-11", False)
        self.assert_met(condition, facts, "2026-12")
        self.assertEqual(len(examine(condition, facts, closing("2026-12")).found), 11)
        first = known(since="2026-01-01", months=scored("2026-01", *[80] * 13))
        self.assertEqual(len(examine(condition, first, closing("2026-12")).found), 12)
        # since 31 January the twelve months end on 30 January: that month is not inside
        last = known(since="2026-01-31", months=scored("2026-01", *[80] * 13))
        self.assertEqual(len(examine(condition, last, closing("2027-01")).found), 11)

    def test_11_first_months_rest_once_they_are_over(self):
        condition = below(90, times=3, window="first_months", months=12)
        facts = known(since="2026-01-01", months=scored("2026-01", *[80] * 13))
        self.assert_met(condition, facts, "2026-12")
        self.assert_met(condition, facts, "2027-01", False)

    def test_11_rolling_months_reach_back_from_the_effective_date(self):
        condition = below(90, times=3, window="rolling_months", months=12)
        scores = (80, 80, *[95] * 10, 80)
        facts = known(since="2026-01-01", months=scored("2026-01", *scores))
        self.assert_met(condition, facts, "2027-01", False)  # January 2026 is out
        facts = known(since="2026-01-01", months=scored("2026-02", *scores[:-2], 80))
        self.assert_met(condition, facts, "2027-01")

    def test_11_rolling_months_stay_in_the_tier(self):
        condition = below(90, times=2, window="rolling_months", months=12)
        months = scored("2026-01", 80, 80)
        self.assert_met(condition, known(since="2026-01-01", months=months), "2026-02")
        self.assert_met(condition, known(since="2026-01-02", months=months), "2026-02", False)

    def test_12_a_finding_tells_from_which_reviews(self):
        condition = below(90, times=2, consecutive=True, window="tier")
        facts = known(months=scored("2026-01", 80, 95, None, 85))
        finding = examine(condition, facts, closing("2026-04"))
        self.assertEqual(
            [(found.key, found.value, found.met) for found in finding.found],
            [("2026-01", 80, True), ("2026-02", 95, False), ("2026-04", 85, True)],
        )
        self.assertEqual((finding.count, finding.needed, finding.met), (1, 2, False))


class TestAgainstNaive(EngineCase):
    @MANY
    @given(conditions, histories)
    def test_11_engine_and_naive_reading_agree(self, condition, history):
        facts, close = history
        finding = examine(condition, facts, close)
        self.assertIs(finding.met, naive(condition, facts, close))
        self.assertIs(is_met(condition, facts, close), finding.met)
        if finding.needed is not None:
            self.assertEqual(finding.met, finding.held and finding.count >= finding.needed)
            self.assertEqual(
                [found.met for found in finding.found],
                [condition.meets(found) for found in finding.found],
            )

    def test_11_every_kind_of_condition_is_met_and_is_not(self):
        """Each metric, operator, window, consecutive or not, times: on random histories."""
        random = Random(11)
        for kind in product(CODES[:4], OPERATORS, WINDOWS, (False, True), (1, 2, 3)):
            if kind[2] == "period" and kind[4] > 1:
                continue  # one period has no two of them, which is refused
            seen = set()
            for _ in range(400):
                condition, facts, close = self._any(random, *kind)
                met = examine(condition, facts, close).met
                self.assertIs(met, naive(condition, facts, close), kind)
                self.assertIs(is_met(condition, facts, close), met, kind)
                seen.add(met)
                if len(seen) == 2:
                    break
            else:
                self.fail(f"{kind} was never met, or always")

    @staticmethod
    def _any(random: Random, metric, compare, window, consecutive, times):
        """A condition of this kind, and a history of two years that it may fit."""
        values = (80, 81, 82) if metric.endswith("score") else (3, 4, 5)
        value, value_max = values[1], None
        if compare == "between":
            value, value_max = values[0], random.choice((values[1], values[2])) + 1
        condition = asks(
            metric,
            compare,
            Decimal(value),
            value_max and Decimal(value_max),
            times,
            consecutive,
            window,
            random.choice((6, 9, 12, 24)),
        )
        length = 1 if metric.startswith("month") else 3
        count = random.randint(times, 8)
        start, common = date(2025, 1, 1), random.choice(values)
        reviews = []
        for index in range(count):
            begin = start + relativedelta(months=index * length)
            end = begin + relativedelta(months=length, days=-1)
            figure = random.choice((None, *values, *[common] * 6))
            score, rank = (figure, 1) if metric.endswith("score") else (50, figure)
            reviews.append(Review(str(index), begin, end, score and Decimal(score), rank))
        since = start + relativedelta(
            months=random.choice((-2, 0, 0, 1, 2, 5)), days=random.choice((0, 0, 1))
        )
        kind = "months" if length == 1 else "quarters"
        facts = known(since=since.isoformat(), **{kind: tuple(reviews)})
        return condition, facts, Closing(end)

    @MANY
    @given(seeded(any_condition, metrics=CODES[:4]), histories, st.integers(1, 3))
    def test_11_asking_for_more_times_never_makes_it_easier(self, condition, history, more):
        harder = replace(condition, times=condition.times + more)
        if examine(harder, *history).met and condition.window != "latest":
            self.assertTrue(examine(condition, *history).met)
        if examine(replace(condition, consecutive=True), *history).met:
            self.assertTrue(examine(replace(condition, consecutive=False), *history).met)


class TestChecks(EngineCase):
    def assert_refused(self, fault, *condition, **how):
        with self.assertRaisesRegex(PolicyError, fault):
            asks(*condition, **how).check()

    def test_11_what_no_agent_can_meet_is_refused(self):
        hundred = Decimal(100)
        self.assert_refused("no month_score can be > 100", "month_score", ">", hundred)
        self.assert_refused("no month_rank", "month_rank", "<", Decimal(1))
        self.assert_refused("no month_score", "month_score", "=", Decimal("80.005"))
        self.assert_refused("no quarter_rank", "quarter_rank", "=", Decimal("2.5"))
        self.assert_refused("no awards", "awards", "<", Decimal(0))
        self.assert_refused("no awards", "awards", "between", Decimal(1), Decimal(2))
        self.assert_refused("no month_score", "month_score", ">", Decimal("1e40"))
        self.assert_refused(
            "no month_score", "month_score", "between", Decimal(80), Decimal("80.01")
        )
        asks("month_score", "between", Decimal(80), Decimal("80.02")).check()
        asks("month_score", ">=", hundred).check()
        asks("month_score", "<", Decimal("1e40")).check()

    def test_11_what_is_no_condition_is_refused(self):
        score, low = "month_score", Decimal(60)
        self.assert_refused("unknown operator '!='", score, "!=", low)
        self.assert_refused("unknown window 'ever'", score, "<", low, window="ever")
        self.assert_refused("at least 1", score, "<", low, times=0)
        self.assert_refused("upper value", score, "between", low)
        self.assert_refused("upper value", score, "between", low, low)

    def test_11_reviews_have_to_fit_into_the_months(self):
        for window in ("first_months", "rolling_months"):
            how = {"window": window, "times": 2}
            self.assert_refused("fit", "month_score", "<", Decimal(60), months=1, **how)
            self.assert_refused("fit", "quarter_score", "<", Decimal(60), months=5, **how)
            asks("month_score", "<", Decimal(60), months=2, **how).check()
            asks("quarter_score", "<", Decimal(60), months=6, **how).check()

    def test_11_what_is_counted_has_no_times(self):
        """They would be shown in the rule's sentence, or not, and do nothing in either case."""
        for metric in COUNTED:
            asks(metric, ">=", Decimal(1)).check()
            for how in ({"times": 2}, {"consecutive": True}):
                self.assert_refused("has no times", metric, ">=", Decimal(1), **how)
            self.assert_refused("no months", metric, ">=", Decimal(1), months=6)
        for how in (
            {"window": "rolling_months", "months": 6},
            {"window": "first_months", "months": 6},
            {"window": "tier"},
        ):
            self.assert_refused("no window", "tenure_months", ">=", Decimal(1), **how)
            for metric in ("awards", "violations"):
                asks(metric, ">=", Decimal(1), **how).check()

    def test_11_so_many_are_put_together_as_the_newest_alone(self):
        mean = "month_score", ">=", Decimal(80)
        how = {"times": 3, "reading": "mean"}
        asks(*mean, **how).check()
        for more in ({"window": "tier"}, {"window": "last_months", "months": 6}):
            self.assert_refused("window latest", *mean, **how, **more)
        self.assert_refused("not in a row", *mean, **how, consecutive=True)

    def test_11_windows_end_somewhere(self):
        how = {"window": "rolling_months", "times": 2}
        asks("month_score", "<", Decimal(60), months=600, **how).check()
        self.assert_refused("at most 600", "month_score", "<", Decimal(60), months=601, **how)

    @PROPERTY
    @given(
        st.sampled_from(CODES),
        st.sampled_from(OPERATORS),
        st.integers(-200, 10200),
        st.integers(1, 300),
    )
    def test_11_refused_is_exactly_what_no_value_can_meet(self, metric, compare, cents, more):
        score = metric.endswith("_score")
        value = Decimal(cents) / (100 if score else 1000)
        value_max = value + Decimal(more) / 100 if compare == "between" else None
        condition = asks(metric, compare, value, value_max)
        lowest = 1 if metric.endswith("_rank") else 0
        grain = [Decimal(each) / 100 for each in range(10001)] if score else range(lowest, 40)
        possible = any(map(condition.holds, map(Decimal, grain)))
        if possible:
            condition.check()
        else:
            self.assertRaises(PolicyError, condition.check)
