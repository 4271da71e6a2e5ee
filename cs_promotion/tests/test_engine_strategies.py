"""What the tests of the engine share: short spellings of facts, and random ones.

The random ones lean towards the numbers and dates that a policy turns on; the test at the end
of this file asserts that they reach every kind of verdict.
"""

import unittest
from collections import Counter
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.calendar import (
    add_months,
    month_end,
    month_key,
    quarter_end,
    quarter_key,
)
from ..engine.facts import Closing, Facts, ProbationTest, Violation
from ..engine.policy import PayLine, Policy, Settings
from ..engine.rule import MATCHES, OPERATORS, ROUNDED, Condition, Rule
from ..engine.rules import (
    DISMISS_REPEATED,
    DISMISS_SERIOUS,
    PROCEDURES,
    Verdict,
    confirm,
    judge,
)
from ..engine.series import WINDOWS, Point
from ..engine.vocabulary import COMPARE, COUNT, EACH, MONTHS, REVIEW_RECORD, VALUES
from ..vocabulary import METRICS, OUTCOMES

# what the short spellings below tell of an agent
TOLD = ("month_score", "month_rank", "quarter_score", "quarter_rank", "tenure_months")
TOLD += ("awards", "violations")
BY_CODE = {metric.code: metric for metric in METRICS if metric.code in TOLD}
CODES = tuple(BY_CODE)
COUNTED = tuple(metric.code for metric in BY_CODE.values() if metric.read != EACH)
OUTCOME = {outcome.code: outcome for outcome in OUTCOMES}
STEPS = ("promote", "demote", "dismissal_review")  # others are drawn in test_engine_terms

PROPERTY = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],  # on a busy machine
)
MANY = settings(PROPERTY, max_examples=400)


@tagged("post_install", "-at_install", "cs_promotion")
class EngineCase(BaseCase):
    """A test that needs no database: for Odoo's loader, and for pytest without Odoo's plugin."""

    run = unittest.TestCase.run  # Odoo's own takes only Odoo's result class


# Short spellings


class Review(NamedTuple):
    """One closed month or quarter of an agent: its points, told together."""

    key: str
    start: date
    end: date
    score: Decimal | None
    rank: int | None
    ref: int | None = None
    of: int = 7  # how many are ranked


@dataclass(frozen=True)
class Told(Facts):
    """Facts whose series are told as people do: reviews, titles won, violations."""

    months: tuple[Review, ...] = ()
    quarters: tuple[Review, ...] = ()
    awards: tuple[date, ...] = ()  # first day of the month won

    def __post_init__(self):
        series = {
            f"{kind}_{name}": tuple(
                Point(each.start, each.end, value, each.ref, each.of)
                for each in reviews
                if (value := getattr(each, name)) is not None
            )
            for kind, reviews in (("month", self.months), ("quarter", self.quarters))
            for name in ("score", "rank")
        }
        series["tenure_months"] = (Point(self.joined, self.joined),)
        series["awards"] = tuple(Point(won, month_end(won)) for won in sorted(self.awards))
        violations = [each.point for each in self.violations]
        series["violations"] = tuple(sorted(violations, key=lambda each: (each.start, each.end)))
        object.__setattr__(self, "series", series)


def glimpse(told: Told, close: Closing) -> Facts:
    """What is known of an agent at first: violations, and reviews of the periods just closed."""
    values = {each.name: getattr(told, each.name) for each in fields(Facts)}
    series = {
        code: tuple(
            point for point in told.series[code] if metric.read == MONTHS or point.end == close.end
        )
        for code, metric in BY_CODE.items()
        if metric.read in (EACH, MONTHS)
    }
    unknown = dict.fromkeys(("open_reviews", "decided"), frozenset())
    return Facts(**{**values, "series": series, "tests": (), **unknown})


def cut_to(told: Told, most: dict[str, int], close: Closing) -> Facts:
    """What is known of an agent by a closing, of metrics of reviews so many newest points."""
    values = {each.name: getattr(told, each.name) for each in fields(Facts)}
    series = {
        code: points[max(0, len(points) - most.get(code, 0)) :]
        if metric.records == REVIEW_RECORD
        else points
        for code, metric in BY_CODE.items()
        for points in [tuple(each for each in told.series[code] if each.end <= close.end)]
    }
    return Facts(**{**values, "series": series})


def asks(metric: str, *condition, **how) -> Condition:
    """A condition, its metric by code."""
    return Condition(BY_CODE[metric], *condition, **how)


def ruled(code: str, tier: str, outcome: str, conditions, match: str = "all", **how) -> Rule:
    """A rule, its outcome by code."""
    return Rule(code, tier, OUTCOME[outcome], conditions, match, **how)


def day(text: str) -> date:
    return date.fromisoformat(text)


def number(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def closing(month: str) -> Closing:
    """The closing of a month: ``2026-03`` closes the first quarter with it."""
    return Closing(month_end(day(f"{month}-01")))


def month(key: str, score=None, rank: int | None = None) -> Review:
    start = day(f"{key}-01")
    return Review(key, start, month_end(start), number(score), rank)


def quarter(key: str, score=None, rank: int | None = None) -> Review:
    start = date(int(key[:4]), int(key[-1]) * 3 - 2, 1)
    return Review(key, start, quarter_end(start), number(score), rank)


def scored(first: str, *scores) -> tuple[Review, ...]:
    """Monthly reviews in a row from ``first`` on; None is a month without a review."""
    keys = (month_key(add_months(day(f"{first}-01"), index)) for index in range(len(scores)))
    return tuple(
        month(key, score, 1) for key, score in zip(keys, scores, strict=True) if score is not None
    )


def ranked(first: str, *ranks) -> tuple[Review, ...]:
    """Like :func:`scored`, by rank; every score is 90."""
    reviews = scored(first, *(rank and 90 for rank in ranks))
    return tuple(
        review._replace(rank=rank)
        for review, rank in zip(reviews, filter(None, ranks), strict=True)
    )


def violation(on: str, severity: str = "minor", counts: str | None = None) -> Violation:
    """A violation; ``counts`` is the month it counts in, by default the one of its date."""
    return Violation(day(on), severity, day(f"{counts or on[:7]}-01"))


def known(tier: str = "junior", since: str = "2026-01-01", joined: str = "2025-01-01", **values):
    """Facts of one agent."""
    return Told("ANNA", tier, day(since), day(joined), **values)


# The policy as shipped (policy.md 5, 6, 7, 9)


def _condition(metric, operator, value, value_max=None, **how):
    return asks(metric, operator, number(value), number(value_max), **how)


_FIRST_YEAR = {"window": "first_months", "months": 12}
SHIPPED = Policy(
    pay={
        tier: PayLine(*map(Decimal, amounts.split()))
        for tier, amounts in {
            "probation": "1500 100 0 0 0",
            "junior": "1700 200 0.1 20 100",
            "intermediate": "1800 300 0.3 50 200",
            "senior": "2000 400 0.5 80 300",
            "reserve": "2000 400 0.5 80 300",
        }.items()
    },
    rules=(
        ruled(
            "promote_intermediate",
            "junior",
            "promote",
            (
                _condition("quarter_rank", "<=", 3),
                _condition("quarter_score", ">=", 91),
                _condition("tenure_months", ">=", 3),
            ),
        ),
        ruled(
            "promote_senior",
            "intermediate",
            "promote",
            (
                _condition("awards", ">=", 1),
                _condition("quarter_score", ">=", 95, times=2, consecutive=True),
                _condition("tenure_months", ">=", 6),
            ),
        ),
        ruled(
            "demote_intermediate",
            "intermediate",
            "demote",
            (
                _condition("month_rank", ">", 3, times=3, consecutive=True, window="tier"),
                _condition(
                    "quarter_score", "between", 80, 91, times=2, consecutive=True, window="tier"
                ),
                _condition("quarter_score", "<=", 80, window="tier"),
            ),
            match="any",
        ),
        ruled(
            "demote_senior",
            "senior",
            "demote",
            (
                _condition("month_score", "<", 90, times=3, **_FIRST_YEAR),
                _condition("quarter_score", "between", 80, 91, times=2, **_FIRST_YEAR),
                _condition("quarter_score", "<=", 80, **_FIRST_YEAR),
            ),
            match="any",
        ),
        ruled(
            "dismiss_failing",
            "junior",
            "dismissal_review",
            (_condition("month_score", "<", 60, times=3, consecutive=True),),
        ),
    ),
)

# Random conditions, histories, policies

FIRST = date(2025, 1, 1)
_TURNS = "0 5 59.99 60 75.5 80 80.01 85.25 89.99 90 90.99 91 95 100"  # where policies turn
SCORES = tuple(map(Decimal, _TURNS.split()))
RANKS = (1, 2, 3, 4, 6)
EXAMINED = ((), (), (), (3, 6, 9, 12), (1, 2, 3, 4, 5))  # months; of none: all
TIERS = ("probation", "junior", "intermediate", "senior", "reserve")


def any_condition(random: Random, metrics=CODES) -> Condition:
    """Conditions of all metrics, operators and windows, possible ones and others."""
    metric = random.choice(metrics)
    values = SCORES if metric.endswith("_score") else tuple(map(Decimal, range(7)))
    compare = random.choice(OPERATORS)
    value, value_max = random.choice(values), None
    if compare == "between":
        value, value_max = sorted((value, random.choice(values)))
    # of reviews alone: what is counted anyway has no figures to put together
    readings = () if metric in COUNTED else (COUNT, *VALUES)
    if metric.endswith("_rank") and random.random() < 0.3:
        share = {"share": random.choice((*ROUNDED,)), "times": random.choice((1, 1, 2))}
        value = Decimal(random.choice((0, 10, 15, 40, 50, 100)))
        return asks(metric, random.choice((*COMPARE,)), value, **share)
    return asks(
        metric,
        compare,
        value,
        value_max,
        times=random.choice((1, 1, 2, 3)),
        consecutive=random.choice((False, True)),
        window=random.choice(("latest", *WINDOWS)),
        months=random.randint(1, 12),
        reading=random.choice(("", *readings)) if random.random() < 0.4 else "",
    )


def any_part(random: Random) -> Condition:
    """A condition as one of a rule's: by itself, or one of a group."""
    return replace(any_condition(random), group=random.choice(("", "", "a", "b")))


def _any_reviews(random: Random, count: int, length: int) -> tuple[Review, ...]:
    """Reviews of ``count`` periods of ``length`` months; some lack score, rank or all."""
    reviews = []
    for index in range(count):
        if random.random() < 0.9:
            start = add_months(FIRST, index * length)
            key = month_key(start) if length == 1 else quarter_key(start)
            end = month_end(add_months(start, length - 1))
            score = random.choice(SCORES) if random.random() < 0.95 else None
            rank = random.choice(RANKS) if random.random() < 0.9 else None
            reviews.append(Review(key, start, end, score, rank, ref=index + 1))
    return tuple(reviews)


def _any_violations(random: Random, end: date) -> tuple[Violation, ...]:
    """Violations, often of the month that ends on ``end``, some counted a month late."""
    violations = []
    for ref in range(random.choice((0, 0, 0, 1, 1, 2, 4))):
        on = end - timedelta(days=random.choice((0, 5, 5, 40, 200, 400)))
        counts = add_months(on.replace(day=1), random.choice((0, 0, 0, 1)))
        severity = random.choice(("minor", "minor", "moderate", "serious"))
        violations.append(Violation(on, severity, counts, ref))
    return tuple(violations)


def _any_tests(random: Random, since: date) -> tuple[ProbationTest, ...]:
    return tuple(
        ProbationTest(
            since + timedelta(days=random.choice((-1, 0, 20, 45))),
            random.choice(SCORES),
            random.choice(SCORES),
            ref,
        )
        for ref in range(random.randint(0, 2))
    )


def any_history(random: Random, tiers=TIERS) -> tuple[Told, Closing]:
    """Facts of one agent, and the closing of the last month, or of one about it."""
    count = random.choice((1, 2, 3, 3, 6, 6, 7, 9, 12, 15))
    last = add_months(FIRST, count - 1 + random.choice((0, 0, 0, 0, 1, -1)))
    close = Closing(month_end(last))
    joined = add_months(FIRST, random.randint(-8, 0))
    joined += timedelta(days=random.choice((0, 0, 9, 30)))
    since = joined + timedelta(days=random.choice((0, 0, 0, 1, 30, 59, 100, 365)))
    ends = (-40, -1, 0, 1, 2)
    facts = Told(
        agent="ANNA",
        tier=random.choice(tiers),
        tier_since=since,
        joined=joined,
        left=close.effective + timedelta(days=random.choice(ends))
        if random.random() < 0.1
        else None,
        months=_any_reviews(random, count, 1),
        quarters=_any_reviews(random, count // 3, 3),
        awards=tuple(random.choice((FIRST, last)) for _ in range(random.randint(0, 2))),
        violations=_any_violations(random, close.end),
        tests=_any_tests(random, since),
        decided=frozenset([close.effective] if random.random() < 0.1 else []),
    )
    return facts, close


def any_situation(random: Random) -> tuple[Policy, Facts, Closing]:
    """A policy of random rules, facts of an agent, and a closing to judge them at."""
    facts, close = any_history(random)
    rules = tuple(
        ruled(
            f"rule_{index}",
            random.choice((facts.tier, facts.tier, facts.tier, "junior")),
            random.choice(("promote", *STEPS)),
            tuple(any_part(random) for _ in range(random.choice((1, 2, 3, 3, 4)))),
            random.choice(MATCHES),
            examined_in=frozenset(random.choice(EXAMINED)),
        )
        for index in range(random.randint(0, 4))
    )
    grounds = [rule.code for rule in rules] + [DISMISS_SERIOUS, DISMISS_REPEATED]
    if random.random() < 0.2:
        facts = replace(facts, open_reviews=frozenset([random.choice(grounds)]))
    settings = Settings(
        pass_mark=random.choice((Decimal(60), Decimal(75))),
        probation_months=random.randint(0, 3),
        repeat_violations=random.randint(1, 3),
    )
    return Policy(settings, rules=rules), facts, close


def seeded(anything, **how):
    """A strategy of what ``anything`` makes of a seed: many times faster than drawn by parts."""
    return st.integers(0, 2**32 - 1).map(lambda seed: anything(Random(seed), **how))


conditions = seeded(any_condition)
histories = seeded(any_history)
situations = seeded(any_situation)


def verdicts(policy: Policy, facts: Facts, close: Closing) -> list[Verdict]:
    """All that is decided about an agent: at the month's end, and on probation."""
    confirmed = confirm(policy, facts, close.end)
    return judge(policy, facts, close) + ([confirmed] if confirmed else [])


class TestStrategies(EngineCase):
    def test_every_kind_of_verdict_is_reached_often(self):
        """Else a property could hold for want of examples."""
        reached = Counter()
        for seed in range(2000):
            decided = verdicts(*any_situation(Random(seed)))
            reached.update(
                verdict.outcome if verdict.rule else verdict.ground for verdict in decided
            )
            reached[f"{len(decided)} verdicts"] += 1
        for kind in (*STEPS, *PROCEDURES, *(f"{count} verdicts" for count in range(4))):
            self.assertGreater(reached[kind], 20, kind)
