"""Which form whom is scored by: match rows of a policy (policy language, *Forms*)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from .calendar import add_months, complete_months
from .match import Match, first_that_fits
from .rule import MONTHS_MAX
from .vocabulary import PolicyError


class Period(NamedTuple):
    """A period that is reviewed: ``month``, ``quarter``, ``half`` or ``year``, and its days."""

    kind: str
    start: date
    end: date


class Held(NamedTuple):
    """What somebody holds at a period's end, and since when they have been employed."""

    tier: Any
    department: Any
    job: Any
    joined: date | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """At which complete months since joining there is a review: 3, 6 and every 12.

    :param once: so many months; ``every``: so many, and every so many from there on
    """

    once: frozenset[int] = frozenset()
    every: frozenset[int] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "Tenure":
        """From ``3, 6, 12*``: a star says *and every so many again*.

        :raises PolicyError: it is no such list
        """
        parts = [each.strip() for each in text.split(",")]
        for each in parts:
            if not re.fullmatch(r"[1-9]\d{0,2}\*?", each):
                raise PolicyError(
                    f"{each!r} is no number from 1 to 999, as 3 or 12*: say months with commas"
                )
        once = frozenset(int(each) for each in parts if not each.endswith("*"))
        return cls(once, frozenset(int(each[:-1]) for each in parts if each.endswith("*")))

    def reached(self, joined: date, start: date, end: date) -> bool:
        """Whether one of them is complete on a day of the period."""
        before = complete_months(joined, start) if joined <= start else 0
        if joined <= start and add_months(joined, before) == start:
            before -= 1  # completed on the first day: that day is of this period
        return any(
            number in self.once or any(number % each == 0 for each in self.every)
            for number in range(
                max(before, 0) + 1, min(complete_months(joined, end), MONTHS_MAX) + 1
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow(Match):
    """A match row that is for some periods alone.

    :param kind: of which kind of period; empty: any
    :param months: calendar months; of a longer period its last one
    :param tenure: months since joining that are reached in the period
    """

    tier: Any = None
    department: Any = None
    job: Any = None
    kind: str = ""
    months: frozenset[int] = frozenset()
    tenure: Tenure | None = None

    def fits(self, held: Held, period: Period) -> bool:
        """Whether the row is for who holds this, in this period."""
        if not Match.fits(self, held.tier, held.department, held.job):
            return False
        if self.kind and self.kind != period.kind:
            return False
        if self.months and period.end.month not in self.months:
            return False
        if self.tenure is None:
            return True
        return held.joined is not None and self.tenure.reached(
            held.joined, period.start, period.end
        )


@dataclass(frozen=True, slots=True)
class FormRow(PeriodRow):
    """The form of whom it fits, in which periods.

    :param form: key of the form; None: who fits is not scored in such a period
    """

    form: Any


def choose(rows: tuple[FormRow, ...], held: Held, period: Period, default):
    """Key of the form that somebody is scored by, None of who is not scored.

    :param default: where no row fits
    """
    row = first_that_fits(rows, held, period)
    return default if row is None else row.form
