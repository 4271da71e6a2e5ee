"""What is known of one agent when a month has been closed.

All classes are immutable. Scores and percentages are :class:`~decimal.Decimal`; dates are
:class:`datetime.date`; ``ref`` is whatever the caller wants back in the evidence (in Odoo: a
record id).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from .calendar import closes, day_after, month_end, month_start, period_start
from .series import Point, Series
from .vocabulary import QUARTER, Metric

TRIAL, PLAN = ("trial", "plan")  # what runs for a term, and is ended by rule or by a person


@dataclass(frozen=True, slots=True)
class ProbationTest:
    """One probation test (U1): points from 0 to 100."""

    date: date
    knowledge: Decimal
    skills: Decimal
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """One confirmed violation (V2); ``month`` is the first day of the month it counts in."""

    date: date
    severity: str  # minor | moderate | serious
    month: date
    ref: int | None = None

    @property
    def point(self) -> Point:
        """As a point of a series: of its day, and counted once its month has ended."""
        return Point(self.date, month_end(self.month), 1, self.ref)


@dataclass(frozen=True, slots=True)
class Term:
    """A trial, or an improvement plan, that runs.

    :param until: its last day, extensions counted
    :param came_from: of a trial the rung before
    """

    start: date
    until: date
    came_from: str | None = None
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one agent when a month has been closed."""

    agent: int | str
    tier: str
    tier_since: date
    joined: date
    left: date | None = None  # last day of the contract
    series: Mapping[str, Series] = field(default_factory=dict)  # by metric, of those with points
    violations: tuple[Violation, ...] = ()
    tests: tuple[ProbationTest, ...] = ()
    open_reviews: frozenset[str] = frozenset()  # grounds of open decisions that bar (X4)
    open_others: frozenset[str] = frozenset()  # of other open ones that move nobody
    decided: frozenset[date] = frozenset()  # effective dates that have a tier change (O2)
    terms: Mapping[str, Term] = field(default_factory=dict)  # what runs: trial, plan
    applications: frozenset[str] = frozenset()  # codes of the rules that are applied for

    def get(self, metric: Metric) -> Series:
        """The points of a metric, oldest first."""
        return self.series.get(metric.code, ())

    def since_joining(self, events: frozenset[str] = frozenset()) -> "Facts":
        """These facts without what belongs to a former employment, which is history (R5).

        A period counts when it ends on or after the day of joining: who leaves and rejoins
        within a month is reviewed in it for the present employment. Events, violations and
        tests count from the day of joining on.

        Applied where facts are loaded, so that evidence holds what was counted and replays to
        the same verdict whatever it was counted from.

        :param events: codes of the metrics whose points are events
        """
        joined = self.joined
        # of most agents all of it, as they have had one employment: then it is these facts
        if not any(
            (points[0].start if code in events else points[0].end) < joined
            for code, points in self.series.items()
            if points  # they are in order
        ) and not any(each.date < joined for each in (*self.violations, *self.tests)):
            return self
        return replace(
            self,
            series={
                code: tuple(each for each in points if _counts_by(each, code in events) >= joined)
                for code, points in self.series.items()
            },
            violations=tuple(each for each in self.violations if each.date >= joined),
            tests=tuple(each for each in self.tests if each.date >= joined),
        )


def _counts_by(point: Point, event: bool) -> date:
    """The day by which a point belongs to an employment: an event's own, a period's last."""
    return point.start if event else point.end


@dataclass(frozen=True)
class Closing:
    """The period's end at which rules run (O1-O3): the month that ends on ``end``."""

    end: date

    @cached_property
    def effective(self) -> date:
        """The first day after the period (O3)."""
        return day_after(self.end)

    @cached_property
    def month(self) -> date:
        """First day of the month that is closed."""
        return month_start(self.end)

    @cached_property
    def quarter(self) -> date | None:
        """First day of the quarter that is closed with the month, if any (O1)."""
        return self.start(QUARTER)

    def start(self, grain: str) -> date | None:
        """First day of the period of this grain that is closed with the month, None if none is
        (O1)."""
        if grain not in self._starts:  # asked for each condition of each agent
            closed = closes(grain, self.end)
            self._starts[grain] = period_start(grain, self.end) if closed else None
        return self._starts[grain]

    @cached_property
    def _starts(self) -> dict[str, date | None]:
        return {}

    @classmethod
    def of(cls, effective: date) -> "Closing":
        """The closing whose decisions take effect on ``effective``."""
        return cls(end=effective - timedelta(days=1))
