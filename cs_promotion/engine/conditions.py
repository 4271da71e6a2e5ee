"""Conditions as data (policy 11): windows, times, and what was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice

from .calendar import complete_months
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
    window = [*_window(condition, facts, closing)]
    found = tuple(_found(condition, review) for review in reversed(window))
    held = bool(found) and found[-1].start == closing.start(condition.kind)
    count = _run(found) if condition.consecutive else sum(each.met for each in found)
    met = held and count >= condition.times
    return Finding(condition, found, count, condition.times, held, met)


def is_met(condition: Condition, facts: Facts, closing: Closing) -> bool:
    """Whether :func:`examine` finds it met, without writing down what was found.

    Most conditions of most agents are not: this spares what only the evidence needs.
    """
    if condition.kind == "count":
        return condition.holds(Decimal(_counted(condition.metric, facts, closing)))
    window = _window(condition, facts, closing)
    newest = next(window, None)
    if newest is None or newest.start != closing.start(condition.kind):
        return False
    missing = condition.times
    for review in chain((newest,), window):
        if condition.holds(getattr(review, condition.field)):
            missing -= 1
            if not missing:
                return True
        elif condition.consecutive:
            return False
    return False


def may_be_met(condition: Condition, facts: Facts, closing: Closing) -> bool:
    """Whether :func:`is_met` could be true of one of whom no more is known yet than violations
    and the reviews of the periods just closed."""
    if condition.kind == "count":
        return condition.metric == "awards" or is_met(condition, facts, closing)
    reviews = facts.months if condition.kind == "month" else facts.quarters
    if not reviews:
        return False
    newest, value = reviews[-1], getattr(reviews[-1], condition.field)
    start, end = condition.span(facts.tier_since, closing)
    if value is None or newest.start < start or newest.end >= end:
        return False
    # in a row the newest has to meet it; of the latest, as many as have to, every one has
    if condition.consecutive or condition.window == "latest":
        return condition.holds(value)
    return True


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


def _window(condition: Condition, facts: Facts, closing: Closing) -> Iterator[Review]:
    """The reviews that a condition looks at, newest first.

    As held: a period without a result neither counts nor breaks a run (R5).
    """
    start, end = condition.span(facts.tier_since, closing)
    within = (
        review
        for review in reversed(facts.months if condition.kind == "month" else facts.quarters)
        if start <= review.start
        and review.end < end
        and getattr(review, condition.field) is not None
    )
    return islice(within, condition.times if condition.window == "latest" else None)


def _found(condition: Condition, review: Review) -> Found:
    value = Decimal(getattr(review, condition.field))
    return Found(review.key, review.start, review.end, value, condition.holds(value), review.ref)


def _run(found: tuple[Found, ...]) -> int:
    """How many of the newest reviews meet the condition in a row (R5)."""
    run = 0
    for each in reversed(found):
        if not each.met:
            break
        run += 1
    return run
