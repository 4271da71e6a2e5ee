"""Conditions as data (policy 11): windows, times, and what was found."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .calendar import add_months, complete_months
from .facts import Closing, Condition, Facts, Review, Violation


@dataclass(frozen=True, slots=True)
class Found:
    """One review that a condition looked at: its value, and whether that one meets it."""

    key: str
    start: date
    end: date
    value: Decimal
    met: bool
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one condition.

    ``found`` are the reviews of its window, oldest first (none for a count);
    ``count`` is the number that decides: the reviews that meet it, as many in a row
    when consecutive, or the counted metric itself; ``needed`` is what ``count`` has to
    reach (None for a counted metric: its operator decides); ``held`` says whether the
    window's newest review is the one of the period just closed (O1; for a count: always).
    """

    condition: Condition
    found: tuple[Found, ...]
    count: int
    needed: int | None
    held: bool
    met: bool


def examine(condition: Condition, facts: Facts, closing: Closing) -> Finding:
    """Examine one condition at a month's end, and say what was found."""
    if condition.kind == "count":
        count = _counted(condition.metric, facts, closing)
        return Finding(condition, (), count, None, True, condition.holds(Decimal(count)))
    window = _window(condition, _series(condition, facts, closing), facts, closing)
    found = tuple(_found(condition, review) for review in window)
    newest = closing.month if condition.kind == "month" else closing.quarter
    held = bool(found) and found[-1].start == newest
    count = _run(found) if condition.consecutive else sum(each.met for each in found)
    met = held and count >= condition.times
    return Finding(condition, found, count, condition.times, held, met)


def is_met(condition: Condition, facts: Facts, closing: Closing) -> bool:
    """Whether :func:`examine` finds it met, without writing down what was found.

    Most conditions of most agents are not: this spares what only the evidence needs.
    """
    if condition.kind == "count":
        return condition.holds(Decimal(_counted(condition.metric, facts, closing)))
    newest = closing.month if condition.kind == "month" else closing.quarter
    reviews = facts.months if condition.kind == "month" else facts.quarters
    if not any(review.start == newest for review in reversed(reviews)):
        return False
    window = _window(condition, _series(condition, facts, closing), facts, closing)
    if not window or window[-1].start != newest:
        return False
    count = 0
    for review in reversed(window):
        if condition.holds(_value(condition, review)):
            count += 1
        elif condition.consecutive:
            break
    return count >= condition.times


def _counted(metric: str, facts: Facts, closing: Closing) -> int:
    if metric == "tenure_months":
        return complete_months(facts.joined, closing.effective)
    if metric == "awards":
        return sum(month <= closing.end for month in facts.awards)
    return len(violations_since_joining(facts, closing))


def violations_since_joining(facts: Facts, closing: Closing) -> tuple[Violation, ...]:
    """Confirmed violations since joining that count up to the period's end (V4, policy 11)."""
    return tuple(
        each
        for each in facts.violations
        if each.date >= facts.joined and each.month <= closing.month
    )


def _value(condition: Condition, review: Review) -> Decimal | int | None:
    return review.score if condition.metric.endswith("_score") else review.rank


def _series(condition: Condition, facts: Facts, closing: Closing) -> list[Review]:
    """Reviews as held: a period without a result neither counts nor breaks a run (R5)."""
    reviews = facts.months if condition.kind == "month" else facts.quarters
    end, scores = closing.end, condition.metric.endswith("_score")
    return [
        review
        for review in reviews
        if review.end <= end and (review.score if scores else review.rank) is not None
    ]


def _window(
    condition: Condition, series: list[Review], facts: Facts, closing: Closing
) -> list[Review]:
    since = facts.tier_since
    match condition.window:
        case "latest":
            return series[-condition.times :]
        case "tier":
            return [review for review in series if review.start >= since]
        case "first_months":
            end = add_months(since, condition.months)
            return [review for review in series if review.start >= since and review.end < end]
        case _:
            start = max(since, add_months(closing.effective, -condition.months))
            return [review for review in series if review.start >= start]


def _found(condition: Condition, review: Review) -> Found:
    value = Decimal(_value(condition, review))
    return Found(review.key, review.start, review.end, value, condition.holds(value), review.ref)


def _run(found: tuple[Found, ...]) -> int:
    """How many of the newest reviews meet the condition in a row (R5)."""
    run = 0
    for each in reversed(found):
        if not each.met:
            break
        run += 1
    return run
