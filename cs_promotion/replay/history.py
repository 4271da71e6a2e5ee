"""A history as a scenario tells it, and the words it may be told in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ..engine.calendar import add_months
from ..engine.decimals import plain
from ..engine.vocabulary import Metric
from ..package.node import Node


@dataclass(frozen=True, slots=True)
class Month:
    """What was recorded of one agent in one month; None where nothing was."""

    path: str
    # code of a rater -> points, item by item; of colleagues sheet by sheet
    sheets: Mapping[str, tuple]
    sales: Decimal | None
    handled: int | None
    complaints: int | None
    figures: Mapping[str, Decimal] = field(default_factory=dict)  # by metric code

    @property
    def has_figures(self) -> bool:
        """Whether there is a figure at all."""
        return any(each is not None for each in (self.sales, self.handled, self.complaints))


@dataclass(frozen=True, slots=True)
class Event:
    """Something dated about one agent: ``values`` as given, already typed."""

    path: str
    date: date
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent's history."""

    path: str
    name: str
    department: str
    job: str | None
    hired: date
    left: date | None
    tier: str
    tier_since: date
    moves: tuple[Event, ...]
    probation: tuple[Event, ...]
    awards: tuple[Event, ...]
    violations: tuple[Event, ...]
    decisions: tuple[Event, ...]
    measured: tuple[Event, ...]  # of one day each: a metric's code, a value
    applications: tuple[Event, ...]  # for what a rule leads to
    approvals: tuple[Event, ...]  # what somebody said of a decision; else everyone agrees
    months: Mapping[date, Month]
    periods: Mapping[tuple[str, date], Month]  # of longer periods: by kind and first day
    raises: tuple[Event, ...] = ()  # entered by hand
    trials: tuple[Event, ...] = ()  # how a person ended or extended the one that ran
    plans: tuple[Event, ...] = ()
    wage: Decimal | None = None  # agreed with the agent; None: the rung's base
    full_time: Decimal | None = None  # percent of the company's working hours; None: all


@dataclass(frozen=True, slots=True)
class Scenario:
    """A history: months played from the first to the last, and what differs in the policy."""

    start: date
    until: date  # first day of the last month
    settings: Mapping[str, Any]
    weights: Mapping[str, Decimal]  # code of a rater -> weight
    tiers: Mapping[str, Mapping[str, Decimal]]
    rules: tuple[Mapping[str, Any], ...] | None
    agents: tuple[Agent, ...]
    # what is measured of departments (by name) and the company (by ""): (whose, month) -> figures
    shared: Mapping[tuple[str, date], Mapping[str, Decimal]] = field(default_factory=dict)

    def months(self) -> list[date]:
        """First days of the months to play."""
        months = [self.start]
        while months[-1] < self.until:
            months.append(add_months(months[-1], 1))
        return months


@dataclass(frozen=True, slots=True)
class Answers:
    """What an item may be given: one of these points, or any number up to the most there are."""

    points: frozenset[Decimal] = frozenset()
    most: Decimal | None = None

    def check(self, node: Node):
        """Fail at the node for what cannot be given."""
        value = node.number()
        if not self.points:
            if self.most is not None and value > self.most:
                node.fail(f"{node.value} is more than this item's {plain(self.most)} points")
        elif value not in self.points:
            known = ", ".join(plain(point) for point in sorted(self.points, reverse=True))
            node.fail(f"{node.value} is not a grade of this item ({known})")
        return value


@dataclass(frozen=True, slots=True)
class Words:
    """Codes known to the installed policy, and what the installed addons declare."""

    tiers: tuple[str, ...]
    violation_types: tuple[str, ...]
    metrics: Mapping[str, Metric]
    outcomes: tuple[str, ...]
    raters: tuple[str, ...]
    approvers: tuple[str, ...]
    figures: Mapping[str, tuple[str, str]]  # typed metric -> whose and of what its values are
    # code of a rater -> form by form, of the items it rates, in their order
    answers: Mapping[str, tuple[tuple[Answers, ...], ...]]
    several: frozenset[str] = frozenset()  # codes of raters who are several: colleagues
    raised: tuple[str, ...] = ()  # pay items that a person may be paid more of
