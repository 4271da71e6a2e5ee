"""Targets: values set beforehand for whom they are, by match rows of a policy (policy language,
*Match row*)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .calendar import day_after, period_end, period_start
from .forms import Held, Period, PeriodRow
from .match import first_that_fits
from .series import Point, Series
from .timeline import Timeline


@dataclass(frozen=True, slots=True)
class Target(PeriodRow):
    """The value of a metric, of whom it fits, in which periods."""

    metric: str
    value: Decimal


def of_rows(
    rows_on: Callable[[date], tuple[Target, ...]],
    grain: str,
    timeline: Timeline,
    since: date,
    until: date,
) -> Iterator[Point]:
    """The points of a metric whose values a policy sets, oldest first: of each period that ends
    within these days, by what was held last in it and the version in force on its last day.

    :param rows_on: the rows of the metric in force on a day; the first one that fits wins
    """
    first = next((each.start for each in timeline.stretches if each.tier), None)
    if first is None:
        return
    start = period_start(grain, max(first, since))
    while (end := period_end(grain, start)) <= until:
        held = timeline.last_in(start, end)
        if held:
            joined = timeline.joined(min(held.end, end))
            who = Held(held.tier, held.department, held.job, joined)
            row = first_that_fits(rows_on(end), who, Period(grain, start, end))
            if row:
                yield Point(start, end, row.value)
        start = day_after(end)


def instead(own: Series, others: Series) -> Series:
    """The series of what is set for somebody alone, and of the periods without such a value of
    what is set for all of their kind, oldest first."""
    taken = {point.start for point in own}
    return tuple(sorted((*own, *(each for each in others if each.start not in taken))))
