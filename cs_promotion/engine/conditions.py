"""Conditions as data (policy 11): windows, times, and what was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain, islice

from .calendar import complete
from .decimals import terminating
from .facts import Closing, Facts, Violation
from .rule import Condition
from .series import Point, point_key, together, within
from .vocabulary import EVENT, SINCE, VALUES


@dataclass(frozen=True, slots=True)
class Found:
    """One point that a condition looked at: its value, and whether that one meets it."""

    key: str
    start: date
    end: date
    value: Decimal | Fraction
    met: bool
    ref: int | None = None
    of: int | None = None  # among how many it is a place, where a share of them is asked for


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one condition.

    ``found`` are the points of its window, oldest first; ``count`` is the number that decides:
    the points that meet it, as many in a row when consecutive, or what all come to together;
    ``needed`` is what ``count`` has to reach (None where points are read together: the operator
    decides); ``held`` says whether the window's newest review is the one of the period just
    closed (O1; for events, and for what is counted: always). ``value`` is what the points come to
    where they are added up or the like, exact; None where too few are known.
    """

    condition: Condition
    found: tuple[Found, ...]
    count: int
    needed: int | None
    held: bool
    met: bool
    value: Fraction | None = None


def examine(condition: Condition, facts: Facts, closing: Closing) -> Finding:
    """Examine one condition at a month's end, and say what was found."""
    window = [*_window(condition, facts, closing)]
    if not condition.each:
        found = tuple(_found(condition, point, True) for point in reversed(window))
        if condition.reads in VALUES:
            held, value = _value(condition, window, closing)
            met = value is not None and condition.holds(value)
            return Finding(condition, found, len(found), None, held, held and met, value)
        count = _together(condition, window, closing)
        return Finding(condition, found, count, None, True, condition.holds(count))
    found = tuple(_found(condition, point, condition.meets(point)) for point in reversed(window))
    held = bool(window) and _is_held(condition, window[0], closing)
    count = _run(found) if condition.consecutive else sum(each.met for each in found)
    met = held and count >= condition.times
    return Finding(condition, found, count, condition.times, held, met)


def is_met(condition: Condition, facts: Facts, closing: Closing) -> bool:
    """Whether :func:`examine` finds it met, without writing down what was found.

    Most conditions of most agents are not: this spares what only the evidence needs.
    """
    window = _window(condition, facts, closing)
    if condition.reads in VALUES:
        held, value = _value(condition, [*window], closing)
        return held and value is not None and condition.holds(value)
    if not condition.each:
        return condition.holds(_together(condition, [*window], closing))
    newest = next(window, None)
    if newest is None or not _is_held(condition, newest, closing):
        return False
    # the newest first: in a row the first miss ends it
    missing = condition.times
    for point in chain((newest,), window):
        if condition.meets(point):
            missing -= 1
            if not missing:
                return True
        elif condition.consecutive:
            return False
    return False


def may_be_met(condition: Condition, facts: Facts, closing: Closing) -> bool:
    """Whether :func:`is_met` could be true of one of whom no more is known yet than the reviews
    of the periods just closed; of metrics without a series nothing is known at all."""
    # not loaded yet is not the same as empty: of what is not known anything may be
    if not condition.metric.is_glimpsed:
        return True
    series = facts.get(condition.metric)
    if not condition.each:
        # of what is put together a part of the series says nothing
        return condition.reads not in SINCE or is_met(condition, facts, closing)
    if not series:
        return False
    # of a period all that is known now is its newest point; older ones may meet it or not
    newest = series[-1]
    # in a row the newest has to meet it; of the latest, as many as have to, every one has
    if (condition.consecutive or condition.window == "latest") and not condition.meets(newest):
        return False
    start, end = condition.span(facts, closing)
    return start <= newest.start and newest.end < end


def violations_since_joining(facts: Facts, closing: Closing) -> tuple[Violation, ...]:
    """Confirmed violations since joining that count up to the period's end (V4, policy 11)."""
    if not facts.violations:  # as of nearly all
        return ()
    return tuple(
        each
        for each in facts.violations
        if each.date >= facts.joined and each.month <= closing.month
    )


def _window(condition: Condition, facts: Facts, closing: Closing) -> Iterator[Point]:
    """The points that a condition looks at, newest first.

    As held: a period without a result neither counts nor breaks a run (R5).
    """
    series = facts.get(condition.metric)
    # months are counted from a beginning, however long ago: no window cuts it off
    if condition.reads in SINCE:
        return islice(reversed(series), 1)
    return islice(within(series, *condition.span(facts, closing)), condition.newest)


def _value(condition: Condition, window: list[Point], closing: Closing):
    """Whether the points of a window, newest first, may be put together, and what they come to.

    Of the newest ones that has to be as many as are asked for, and the period just closed has to
    be among them (O1), as where each is compared.
    """
    held = not condition.newest or (bool(window) and _is_held(condition, window[0], closing))
    # a mean of two where three are asked for is not the mean of three
    if condition.newest and len(window) < condition.newest:
        return held, None
    return held, together(condition.reads, (point.value for point in window))


def _together(condition: Condition, window: list[Point], closing: Closing) -> int:
    """How many points a window has, or the months or years since its newest one began."""
    if condition.reads in SINCE:
        return complete(condition.reads, window[0].start, closing.effective) if window else 0
    return len(window)


def _is_held(condition: Condition, newest: Point, closing: Closing) -> bool:
    """Whether the newest point tells of the period just closed; an event is of no period (O1)."""
    grain = condition.metric.grain
    return grain == EVENT or newest.start == closing.start(grain)


def _found(condition: Condition, point: Point, met: bool) -> Found:
    key = point_key(condition.metric.grain, point)
    of = point.of if condition.share else None
    return Found(key, point.start, point.end, terminating(point.value), met, point.ref, of)


def _run(found: tuple[Found, ...]) -> int:
    """How many of the newest points meet the condition in a row (R5)."""
    run = 0
    for each in reversed(found):
        if not each.met:
            break
        run += 1
    return run
