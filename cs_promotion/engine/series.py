"""Series: a metric's points of one agent, and the windows in which they are looked at."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .calendar import add_months, month_key, quarter_key
from .vocabulary import MONTH, QUARTER

WINDOWS = ("latest", "tier", "first_months", "rolling_months")


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
    if grain == QUARTER:
        return quarter_key(point.start)
    return month_key(point.start) if grain == MONTH else point.start.isoformat()


def span(window: str, months: int, since: date, effective: date) -> tuple[date, date]:
    """The days within which a point of the window starts, and before which it ends.

    :param since: first day in the tier
    :param effective: the day after the period that is closed (O3)
    """
    match window:
        case "latest":
            return date.min, effective
        case "tier":
            return since, effective
        case "first_months":
            return since, min(effective, add_months(since, months))
        case _:
            return max(since, add_months(effective, -months)), effective


def within(series: Series, start: date, end: date) -> Iterator[Point]:
    """The points that start from ``start`` on and end before ``end``, newest first."""
    return (point for point in reversed(series) if start <= point.start and point.end < end)
