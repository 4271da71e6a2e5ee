"""What the engine is told: the policy in force, and what is known of one agent.

All classes are immutable. Amounts, scores and percentages are :class:`~decimal.Decimal`;
dates are :class:`datetime.date`; ``ref`` is whatever the caller wants back in the
evidence (in Odoo: a record id).
"""

import operator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from .calendar import (
    add_months,
    closes_quarter,
    day_after,
    month_end,
    month_start,
    quarter_start,
)
from .decimals import decimal

PROMOTE, DEMOTE, REVIEW = OUTCOMES = ("promote", "demote", "dismissal_review")
MATCHES = ("all", "any")
MONTH_METRICS = ("month_score", "month_rank")
QUARTER_METRICS = ("quarter_score", "quarter_rank")
COUNT_METRICS = ("tenure_months", "awards", "violations")
METRICS = MONTH_METRICS + QUARTER_METRICS + COUNT_METRICS
COMPARE = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}
OPERATORS = (*COMPARE, "between")
WINDOWS = ("latest", "tier", "first_months", "rolling_months")
MONTHS_MAX = 600  # fifty years: no window, probation or tenure is longer


class PolicyError(ValueError):
    """A policy that cannot be carried out; the message names the rule and the fault."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The *chosen* numbers of a policy, with the defaults of policy.md."""

    score_method: str = "sum"  # S2: sum | weighted
    superior_weight: Decimal = Decimal(50)  # S3
    office_weight: Decimal = Decimal(50)  # S3
    quarter_method: str = "average"  # R3: average | scorecard
    pass_mark: Decimal = Decimal(60)  # R6
    top_n: int = 3  # U2, D1
    probation_months: int = 1  # U1
    appraisal_pay_method: str = "proportional"  # W2: proportional | pass
    fine_cap_percent: Decimal = Decimal(20)  # W5
    minimum_wage: Decimal = Decimal(0)  # W5, 0 = off
    complaint_rate_limit: Decimal = Decimal(2)  # V3, percent
    repeat_violations: int = 3  # V4
    wage_basis: str = "tier"  # W6: tier | agreed | higher
    unpaid_leave: str = "base"  # W6: what it reduces: none | base | all
    returned_sales: str = "owed"  # W7: more came back than was sold: owed | waived


@dataclass(frozen=True, slots=True)
class PayLine:
    """Pay of one tier per month (W1): amounts in currency, the commission in percent."""

    base_wage: Decimal
    appraisal_pay: Decimal
    commission_percent: Decimal
    fine_min: Decimal = Decimal(0)
    fine_max: Decimal = Decimal(0)


@dataclass(frozen=True)
class Condition:
    """One condition of a rule (policy 11); ``value`` is already resolved from settings."""

    metric: str
    operator: str
    value: Decimal
    value_max: Decimal | None = None
    times: int = 1
    consecutive: bool = False
    window: str = "latest"
    months: int = 0

    @cached_property
    def kind(self) -> str:
        """``month``, ``quarter`` or ``count``: what the metric is read from."""
        if self.metric in COUNT_METRICS:
            return "count"
        return "month" if self.metric in MONTH_METRICS else "quarter"

    @cached_property
    def field(self) -> str:
        """What of a :class:`Review` the metric is: ``score`` or ``rank``."""
        return self.metric.rpartition("_")[2]

    def check(self):
        """Raise :class:`PolicyError` when no agent could ever meet this condition."""
        if self.metric not in METRICS:
            raise PolicyError(f"unknown metric {self.metric!r}")
        if self.operator not in OPERATORS:
            raise PolicyError(f"unknown operator {self.operator!r}")
        if self.window not in WINDOWS:
            raise PolicyError(f"unknown window {self.window!r}")
        if self.operator == "between" and (self.value_max is None or self.value >= self.value_max):
            raise PolicyError("'between' needs a value below its upper value")
        if self.times < 1:
            raise PolicyError("the number of times must be at least 1")
        if self.months > MONTHS_MAX:
            raise PolicyError(f"a window has at most {MONTHS_MAX} months")
        if self.kind == "count" and self._is_windowed():
            # it would be shown and do nothing: awards and violations count since joining
            raise PolicyError(f"{self.metric} is counted since joining, it has no window or times")
        if self.kind != "count" and self.window in ("first_months", "rolling_months"):
            length = 3 if self.kind == "quarter" else 1
            if self.months < length * self.times:
                raise PolicyError(f"{self.times} reviews do not fit into {self.months} months")
        low, high = self._range()
        if not any(self.holds(probe) for probe in self._probes(low, high) if low <= probe <= high):
            raise PolicyError(f"no {self.metric} can be {self.operator} {self.value}")

    def holds(self, found: Decimal) -> bool:
        """Whether ``found`` satisfies the operator; ``between`` excludes both ends."""
        if self.operator == "between":
            return self.value < found < self.value_max
        return COMPARE[self.operator](found, self.value)

    def span(self, since: date, closing: "Closing") -> tuple[date, date]:
        """The days within which a review of the window starts, and before which it ends.

        :param since: first day in the tier
        """
        end = closing.effective
        match self.window:
            case "latest":
                return date.min, end
            case "tier":
                return since, end
            case "first_months":
                return since, min(end, add_months(since, self.months))
            case _:
                return max(since, add_months(end, -self.months)), end

    def _is_windowed(self) -> bool:
        """Whether it asks for certain reviews, which only scores and ranks have."""
        windowed = (self.times, self.consecutive, self.window, self.months)
        return windowed != (1, False, "latest", 0)

    def _range(self):
        """Smallest and largest value the metric can take."""
        if self.metric.endswith("_score"):
            return Decimal(0), Decimal(100)
        if self.metric.endswith("_rank"):
            return Decimal(1), Decimal("1e9")
        return Decimal(0), Decimal("1e9")

    def _probes(self, low, high):
        """Values of the metric's own grain around the condition's ends."""
        step = Decimal("0.01") if self.metric.endswith("_score") else Decimal(1)
        ends = (self.value, self.value if self.value_max is None else self.value_max)
        for end in (min(max(end, low - step), high + step) for end in ends):
            grain = end // step * step
            yield from (grain - step, grain, grain + step)
        yield from (low, high)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the policy's rules (policy 11)."""

    code: str
    tier: str
    outcome: str
    conditions: tuple[Condition, ...]
    match: str = "all"  # all | any

    def check(self, ladder: "Ladder"):
        """Raise :class:`PolicyError` when the rule can never be carried out."""
        try:
            if self.outcome not in OUTCOMES:
                raise PolicyError(f"unknown outcome {self.outcome!r}")
            if self.match not in MATCHES:
                raise PolicyError(f"unknown match {self.match!r}")
            if self.tier not in ladder.steps:
                raise PolicyError(f"unknown tier {self.tier!r}")
            if not self.conditions:
                raise PolicyError("it has no condition")
            self._check_step(ladder)
            for condition in self.conditions:
                condition.check()
        except PolicyError as error:
            raise PolicyError(f"rule {self.code}: {error}") from None

    def _check_step(self, ladder: "Ladder"):
        """A step has a tier to lead to, which is not one by appointment (L5)."""
        if self.outcome not in (PROMOTE, DEMOTE):
            return
        up = self.outcome == PROMOTE
        target = ladder.above(self.tier) if up else ladder.below(self.tier)
        if target is None:
            raise PolicyError(f"there is no tier {'above' if up else 'below'} {self.tier}")
        if target in ladder.appointed:
            raise PolicyError(f"{target} is reached by appointment only (L5)")


@dataclass(frozen=True, slots=True)
class Ladder:
    """Tier codes from the lowest step to the highest (policy 2)."""

    steps: tuple[str, ...] = ("probation", "junior", "intermediate", "senior", "reserve")
    appointed: frozenset[str] = frozenset({"reserve"})  # entered by appointment only (L5)

    def __post_init__(self):
        """One code, none or several: kept as a set, and only of steps of this ladder."""
        given = {self.appointed} if isinstance(self.appointed, str) else self.appointed or ()
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "appointed", frozenset(given) & frozenset(self.steps))

    @property
    def lowest(self) -> str | None:
        """The step of those on probation (L0); None where there is no step at all."""
        return self.steps[0] if self.steps else None

    def above(self, tier: str) -> str | None:
        """The next step up, None on the top, and for a tier that is none of the steps."""
        return self._step(tier, 1)

    def below(self, tier: str) -> str | None:
        """The next step down, None on the lowest tier and off the ladder (V2)."""
        return self._step(tier, -1)

    def by_rule(self, tier: str, outcome: str) -> str | None:
        """Where a rule of this outcome leads to: never to a step by appointment (L5)."""
        target = self.above(tier) if outcome == PROMOTE else self.below(tier)
        return None if target in self.appointed else target

    def _step(self, tier: str, step: int) -> str | None:
        if tier not in self.steps:
            return None
        index = self.steps.index(tier) + step
        return self.steps[index] if 0 <= index < len(self.steps) else None


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the policy, compiled from its rows."""

    settings: Settings = Settings()
    ladder: Ladder = Ladder()
    pay: dict[str, PayLine] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


class Review(NamedTuple):
    """One closed month or quarter of an agent: frozen score and rank (R1-R4)."""

    key: str  # 2026-01 or 2026Q1
    start: date
    end: date
    score: Decimal | None
    rank: int | None
    ref: int | None = None


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


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one agent when a month has been closed."""

    agent: int | str
    tier: str
    tier_since: date
    joined: date
    left: date | None = None  # last day of the contract
    months: tuple[Review, ...] = ()  # oldest first
    quarters: tuple[Review, ...] = ()  # oldest first
    awards: tuple[date, ...] = ()  # first day of the month won
    violations: tuple[Violation, ...] = ()
    tests: tuple[ProbationTest, ...] = ()
    open_reviews: frozenset[str] = frozenset()  # grounds of open dismissal reviews (X4)
    decided: frozenset[date] = frozenset()  # effective dates that have a tier change (O2)

    def since_joining(self) -> "Facts":
        """These facts without what belongs to a former employment, which is history (R5).

        A month or quarter counts when it ends on or after the day of joining: who leaves and
        rejoins within a month is reviewed in it for the present employment. So do the titles
        of such a month; violations and tests count from the day of joining on.

        Applied where facts are loaded, so that evidence holds what was counted and replays to
        the same verdict whatever it was counted from.
        """
        joined = self.joined
        return replace(
            self,
            months=tuple(each for each in self.months if each.end >= joined),
            quarters=tuple(each for each in self.quarters if each.end >= joined),
            awards=tuple(month for month in self.awards if month_end(month) >= joined),
            violations=tuple(each for each in self.violations if each.date >= joined),
            tests=tuple(each for each in self.tests if each.date >= joined),
        )


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
        return quarter_start(self.end) if closes_quarter(self.end) else None

    def start(self, kind: str) -> date | None:
        """First day of the ``month`` or ``quarter`` that is closed, None if none is."""
        return self.month if kind == "month" else self.quarter

    @classmethod
    def of(cls, effective: date) -> "Closing":
        """The closing whose decisions take effect on ``effective``."""
        return cls(end=effective - timedelta(days=1))


def settings(**values) -> Settings:
    """Settings from plain numbers: what is a Decimal by default is made one."""
    defaults = Settings()
    return Settings(
        **{
            name: decimal(value) if isinstance(getattr(defaults, name), Decimal) else value
            for name, value in values.items()
        }
    )
