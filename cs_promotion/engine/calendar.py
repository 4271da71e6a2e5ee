"""Dates as the policy counts them: whole months, quarters, halves, years, complete months."""

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from .vocabulary import LENGTHS, QUARTER, YEARS, PolicyError


def month_start(day: date) -> date:
    """First day of the month of ``day``."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def period_start(grain: str, day: date) -> date:
    """First day of the month, quarter, half or year of ``day``."""
    length = LENGTHS[grain]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def period_end(grain: str, day: date) -> date:
    """Last day of the month, quarter, half or year of ``day``."""
    return month_end(add_months(period_start(grain, day), LENGTHS[grain] - 1))


def period_before(grain: str, day: date) -> date:
    """First day of the period before the one of ``day``."""
    return period_start(grain, period_start(grain, day) - timedelta(days=1))


def closes(grain: str, day: date) -> bool:
    """Whether the month of ``day`` is the last of such a period (O1)."""
    return day.month % LENGTHS[grain] == 0


def period_key(grain: str, day: date) -> str:
    """``2026-01``, ``2026Q1``, ``2026H1``, ``2026``: a period in scenarios and evidence."""
    match grain:
        case "month":
            return month_key(day)
        case "quarter" | "half":
            letter = grain[0].upper()
            return f"{day.year}{letter}{(day.month - 1) // LENGTHS[grain] + 1}"
        case _:
            return f"{day.year}"


def quarter_start(day: date) -> date:
    """First day of the calendar quarter of ``day`` (R3)."""
    return period_start(QUARTER, day)


def quarter_end(day: date) -> date:
    """Last day of the calendar quarter of ``day`` (R3)."""
    return period_end(QUARTER, day)


def closes_quarter(day: date) -> bool:
    """Whether the month of ``day`` is the last of its quarter (O1)."""
    return closes(QUARTER, day)


def add_months(day: date, months: int) -> date:
    """``day`` moved by whole months; a day that month lacks becomes its last one.

    Where there is no such year it stays on the first or the last of all days.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.min if year < MINYEAR else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def complete_months(start: date, end: date) -> int:
    """Complete months from ``start`` to ``end``: 10 July to 10 August is one (U2)."""
    months = months_begun(start, end)
    if add_months(start, months) > end:
        months -= 1
    return months


def months_begun(start: date, end: date) -> int:
    """Months from that of ``start`` up to that of ``end``, which does not count."""
    return (end.year - start.year) * 12 + end.month - start.month


def read_months(text: str) -> frozenset[int]:
    """The calendar months in ``1, 4, 7, 10``; none of an empty text.

    :raises PolicyError: it is no such list
    """
    parts = [each.strip() for each in text.split(",")] if text.strip() else []
    if not all(re.fullmatch(r"0?[1-9]|1[0-2]", each) for each in parts):
        raise PolicyError(f"{text!r} are no numbers of calendar months with commas between")
    return frozenset(map(int, parts))


def complete(read: str, start: date, end: date) -> int:
    """Complete ``months`` or ``years`` from ``start`` to ``end``."""
    months = complete_months(start, end)
    return months // 12 if read == YEARS else months


def day_after(day: date) -> date:
    """The day after ``day``: a decision takes effect the day after its period (O3)."""
    return day + timedelta(days=1)


def month_key(day: date) -> str:
    """``2026-01``: the name of a month in scenarios and evidence."""
    return f"{day:%Y-%m}"


def quarter_key(day: date) -> str:
    """``2026Q1``: the name of a quarter in scenarios and evidence."""
    return period_key(QUARTER, day)
