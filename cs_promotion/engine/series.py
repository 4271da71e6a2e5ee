"""Series: a metric's points of one agent, the windows in which they are looked at, and what
they come to."""

import operator
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .calendar import add_months, day_after, period_end, period_key, period_start
from .decimals import fraction
from .vocabulary import COUNT, EVENT, MONTH, SUM, Metric

WINDOWS = (
    "latest",
    "tier",
    "first_months",
    "rolling_months",
    "last_months",
    "joined",
    "period",
)
COMBINE = {
    "ratio": operator.truediv,
    "difference": operator.sub,
    "product": operator.mul,
    "sum": operator.add,
}
MONTHLY = ("first_months", "rolling_months", "last_months")  # that say how many months


class Point(NamedTuple):
    """One measured value of the days from ``start`` to ``end``; an event that came to light
    later ends with the month it counts in. ``ref`` is whatever the caller wants back; a place is
    one among ``of`` that are ranked."""

    start: date
    end: date
    value: Decimal | Fraction | int = 1
    ref: int | None = None
    of: int | None = None


Series = tuple[Point, ...]  # oldest first


class Scope(NamedTuple):
    """Whose points are asked for, of which days.

    :param timelines: employee id -> timeline within the company
    :param company: the company in which they arose
    :param until: points that end later are not wanted
    :param since: nor are those that end before
    :param given: code of a metric -> employee id -> point: what is not stored yet, as the scores
        of the period that is being closed
    :param most: employee id -> code of a metric of reviews -> how many of its newest points are
        wanted at most, where it is wanted at all; of other metrics all. Empty: all of everything
    """

    timelines: dict[int, Any]
    company: Any
    until: date
    since: date = date.min
    given: dict[str, dict[int, Point]] = {}
    most: dict[int, dict[str, int]] = {}

    @property
    def ids(self):
        """The agents, by employee id."""
        return list(self.timelines)


def point_key(grain: str, point: Point) -> str:
    """``2026-01`` or ``2026Q1``: the period of a point in evidence; an event's day."""
    return point.start.isoformat() if grain == EVENT else period_key(grain, point.start)


def span(
    window: str, months: int, since: date, effective: date, joined: date, period: date
) -> tuple[date, date]:
    """The days within which a point of the window starts, and before which it ends.

    :param since: first day in the tier
    :param effective: the day after the period that is closed (O3)
    :param joined: first day of the employment
    :param period: first day of the period that is closed
    """
    match window:
        case "latest":
            return date.min, effective
        case "joined":
            return joined, effective
        case "tier":
            return since, effective
        case "first_months":
            return since, min(effective, add_months(since, months))
        case "last_months":
            return add_months(effective, -months), effective
        case "period":
            return period, effective
        case _:
            return max(since, add_months(effective, -months)), effective


def within(series: Series, start: date, end: date) -> Iterator[Point]:
    """The points that start from ``start`` on and end before ``end``, newest first."""
    return (point for point in reversed(series) if start <= point.start and point.end < end)


def together(read: str, values: Iterable[Decimal | Fraction | int]) -> Fraction | None:
    """What the values of a window come to, exact; the newest one first.

    :param read: ``sum``, ``mean``, ``last``, ``min`` or ``max``
    :return: None where nothing is known: only a sum of nothing is nought
    """
    exact = [fraction(value) for value in values]
    if read == SUM:
        return sum(exact, Fraction(0))
    if not exact:
        return None
    match read:
        case "mean":
            return sum(exact, Fraction(0)) / len(exact)
        case "last":
            return exact[0]
        case "min":
            return min(exact)
        case _:
            return max(exact)


def in_period(metric: Metric, series: Series, start: date, end: date) -> Fraction | None:
    """What a metric is in a period: of its grain its point, of a longer one what its points come
    to (``Metric.gather``); None where nothing is known, which of events is none having happened.
    """
    # by the end: an event that came to light later counts in the period it came to light in
    points = [point for point in reversed(series) if start <= point.end <= end]
    values = [point.value for point in points]
    if metric.gather == COUNT:
        # what was counted already is not counted again
        if metric.grain != EVENT and points and points[0].end == end and points[0].start <= start:
            return fraction(values[0])
        return Fraction(len(values))
    if not values and (metric.grain != EVENT or metric.gather != SUM):
        return None
    return together(metric.gather, values)


def gather(
    metric: Metric, series: Series, grain: str, known: tuple[date, date] | None = None
) -> Series:
    """The points of longer periods that those of a metric come to, oldest first.

    :param known: the first and last day of which all events are known: where these are counted or
        added up, a period that ended by then without any has nought
    """
    # by the end, as they count: an event that came to light later is one of that period
    starts = {period_start(grain, point.end) for point in series}
    if known and metric.grain == EVENT and metric.gather in (COUNT, SUM):
        start = period_start(grain, known[0])
        while (end := period_end(grain, start)) <= known[1]:
            starts.add(start)
            start = day_after(end)
    periods = ((start, period_end(grain, start)) for start in sorted(starts))
    return tuple(Point(start, end, in_period(metric, series, start, end)) for start, end in periods)


def a_period_later(grain: str, series: Series, joined: date) -> Iterator[Point]:
    """Each point as that of the period after its own: what something was in the period before.

    :param joined: first day of the employment; of a former one there is nothing
    """
    for point in series:
        start = day_after(point.end)
        if point.end >= joined:
            yield point._replace(start=start, end=period_end(grain, start))


def rolling(
    metric: Metric, series: Series, months: int, since: date, until: date
) -> Iterator[Point]:
    """What the points of so many months come to (``Metric.gather``), month by month: of each that
    ends within these days, and of those before it; none where nothing is known."""
    start = period_start(MONTH, since)
    while (end := period_end(MONTH, start)) <= until:
        value = in_period(metric, series, add_months(start, 1 - months), end)
        if value is not None:
            yield Point(start, end, value)
        start = day_after(end)


def combine(how: str, one: Series, other: Series) -> Series:
    """The points of two series of the same periods put together: ``ratio``, ``difference``,
    ``product`` or ``sum``; a ratio exact, and none where the denominator is nought."""
    known = {(point.start, point.end): point.value for point in other}
    found = []
    for point in one:
        value = known.get((point.start, point.end))
        if value is None or (how == "ratio" and not value):
            continue
        found.append(point._replace(value=COMBINE[how](fraction(point.value), fraction(value))))
    return tuple(found)


def of_parts(parts: Iterable[tuple[Decimal, Series]], months: int = 0) -> Series:
    """The points of a whole made of parts, as an exam of papers and an interview: on each day on
    which a part came, and all are known, the mean of the newest of each by their weights, exact.

    :param parts: pairs (weight, series of events)
    :param months: a part counts for so long, the day so many months ago included; 0: for ever
    """
    parts = [(fraction(weight), series) for weight, series in parts]
    total = sum((weight for weight, _series in parts), Fraction(0))
    made = []
    for day in sorted({point.end for _weight, series in parts for point in series}):
        since = add_months(day, -months) if months else date.min
        until = day_after(day)
        known = [(weight, next(within(series, since, until), None)) for weight, series in parts]
        if total and all(point for _weight, point in known):
            value = sum(weight * fraction(point.value) for weight, point in known) / total
            newest = max((point for _weight, point in known), key=lambda point: point.end)
            made.append(Point(day, day, value, newest.ref))
    return tuple(made)


def of_members(read: str, all_series: Iterable[Series]) -> Series:
    """A department's points from those of its members, period by period: ``sum``, ``mean``,
    ``count``, ``min`` or ``max``; whoever has none in a period is not counted in it."""
    values: dict[tuple[date, date], list] = {}
    for series in all_series:
        for point in series:
            values.setdefault((point.start, point.end), []).append(point.value)
    return tuple(
        Point(*days, Fraction(len(each)) if read == COUNT else together(read, each))
        for days, each in sorted(values.items())
    )
