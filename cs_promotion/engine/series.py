"""Series: a metric's points of one agent, the windows in which they are looked at, and what
they come to."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .calendar import add_months, period_key
from .decimals import fraction
from .vocabulary import EVENT, SUM

WINDOWS = (
    "latest",
    "tier",
    "first_months",
    "rolling_months",
    "last_months",
    "joined",
    "period",
)
MONTHLY = ("first_months", "rolling_months", "last_months")  # that say how many months


class Point(NamedTuple):
    """One measured value of the days from ``start`` to ``end``; an event that came to light
    later ends with the month it counts in. ``ref`` is whatever the caller wants back."""

    start: date
    end: date
    value: Decimal | int = 1
    ref: int | None = None


Series = tuple[Point, ...]  # oldest first


class Scope(NamedTuple):
    """Whose points are asked for, of which days.

    :param timelines: employee id -> timeline within the company
    :param company: the company in which they arose
    :param until: points that end later are not wanted
    :param since: nor are those that end before
    """

    timelines: dict[int, Any]
    company: Any
    until: date
    since: date = date.min

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
