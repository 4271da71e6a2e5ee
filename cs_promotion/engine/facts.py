"""What the engine is told: the policy in force, and what is known of one agent.

All classes are immutable. Amounts, scores and percentages are :class:`~decimal.Decimal`;
dates are :class:`datetime.date`; ``ref`` is whatever the caller wants back in the
evidence (in Odoo: a record id).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from .calendar import add_months, closes, day_after, month_end, month_start, period_start
from .decimals import HALF, decimal, fraction
from .series import MONTHLY, WINDOWS, Point, Series, span
from .vocabulary import (
    COMPARE,
    COUNT,
    EACH,
    EVENT,
    LENGTHS,
    MONTH,
    QUARTER,
    READINGS,
    SINCE,
    SUM,
    VALUES,
    Metric,
    Outcome,
    PolicyError,
)

PROMOTE, DEMOTE, REVIEW = ("promote", "demote", "dismissal_review")  # of the fixed procedures
TRIAL, PLAN = ("trial", "plan")  # what runs for a term, and is ended by rule or by a person
MATCHES = ("all", "any")
# how so many percent of those ranked become a number of people
ROUNDED = {"up": ceil, "down": floor, "half_up": lambda exact: floor(exact + HALF)}
OPERATORS = (*COMPARE, "between")
MONTHS_MAX = 600  # fifty years: no window, probation or tenure is longer


def _choice(*values: str):
    """A setting that is one of these codes; the first is the default of policy.md."""
    return field(default=values[0], metadata={"choices": values})


@dataclass(frozen=True, slots=True)
class Settings:
    """The *chosen* numbers of a policy, with the defaults of policy.md.

    The one list of them: the policy's form compiles to it, a scenario may differ in each.
    """

    score_method: str = _choice("sum", "weighted")  # S2
    score_max: Decimal = Decimal(100)  # the highest score there is
    quarter_method: str = _choice("average", "scorecard", "sum", "none")  # R3
    half_method: str = _choice("none", "average", "sum", "scorecard")
    year_method: str = _choice("none", "average", "sum", "scorecard")
    pass_mark: Decimal = Decimal(60)  # R6
    top_n: int = 3  # U2, D1
    probation_months: int = 1  # U1
    appraisal_pay_method: str = _choice("proportional", "pass")  # W2
    fine_cap_percent: Decimal = Decimal(20)  # W5
    minimum_wage: Decimal = Decimal(0)  # W5, 0 = off
    complaint_rate_limit: Decimal = Decimal(2)  # V3, percent
    repeat_violations: int = 3  # V4
    wage_basis: str = _choice("tier", "agreed", "higher")  # W6
    unpaid_leave: str = _choice("base", "none", "all")  # W6: what it reduces
    returned_sales: str = _choice("owed", "waived")  # W7: more came back than was sold


@dataclass(frozen=True, slots=True)
class PayLine:
    """Pay of one tier per month (W1): amounts in currency, the commission in percent.

    :param amounts: what the policy's own pay items are for it, by their code
    """

    base_wage: Decimal
    appraisal_pay: Decimal
    commission_percent: Decimal
    fine_min: Decimal = Decimal(0)
    fine_max: Decimal = Decimal(0)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """One condition of a rule (policy 11); ``value`` is already resolved from settings.

    ``reading`` says how it reads the points of its window where that differs from what is usual for
    the metric: the mean of the last three scores, say. ``times`` then says of how many.
    Conditions of a rule with the same ``group`` are joined the other way round than the rule's.
    With a ``share``, ``value`` is percent of those ranked: a place is compared with so many of
    them, rounded ``up``, ``down`` or ``half_up``.
    """

    metric: Metric
    operator: str
    value: Decimal
    value_max: Decimal | None = None
    times: int = 1
    consecutive: bool = False
    window: str = "latest"
    months: int = 0
    reading: str = ""
    group: str = ""
    share: str = ""

    @cached_property
    def reads(self) -> str:
        """How the points of its window are read: one of ``READINGS``."""
        return self.reading or self.metric.read

    @cached_property
    def each(self) -> bool:
        """Whether points are compared one by one, not what they come to together."""
        return self.reads == EACH

    @cached_property
    def newest(self) -> int | None:
        """How many of the newest points the window holds; None where it holds all of its days.

        Of a count that is all there ever were.
        """
        is_bounded = self.window == "latest" and self.reads not in (COUNT, *SINCE)
        return self.times if is_bounded else None

    @property
    def period(self) -> str:
        """Of what period its newest point has to be, just closed (O1): of a month at least."""
        takes = self.each or self.newest or self.window == "period"
        return self.metric.grain if takes and self.metric.grain != EVENT else MONTH

    def check(self):
        """Raise :class:`PolicyError` when no agent could ever meet this condition."""
        if self.operator not in OPERATORS:
            raise PolicyError(f"unknown operator {self.operator!r}")
        if self.window not in WINDOWS:
            raise PolicyError(f"unknown window {self.window!r}")
        if self.reads not in READINGS:
            raise PolicyError(f"unknown reading {self.reads!r}")
        if self.operator == "between" and (self.value_max is None or self.value >= self.value_max):
            raise PolicyError("'between' needs a value below its upper value")
        if self.times < 1:
            raise PolicyError("the number of times must be at least 1")
        if self.months > MONTHS_MAX:
            raise PolicyError(f"a window has at most {MONTHS_MAX} months")
        self._check_window()
        metric = self.metric
        if self.share:
            self._check_share()
        elif self.reads != SUM and not any(
            self.holds(probe) for probe in self._probes() if self._can_be(probe)
        ):
            raise PolicyError(f"no {metric.code} can be {self.operator} {self.value}")

    def _check_share(self):
        code = self.metric.code
        if self.share not in ROUNDED:
            raise PolicyError(f"unknown rounding {self.share!r}")
        if not self.metric.placed:
            raise PolicyError(f"{code} is no place, there is no share of those ranked")
        if not self.each or self.operator == "between":
            raise PolicyError(f"each {code} is compared with one share of those ranked")
        if not 0 <= self.value <= 100:
            raise PolicyError("a share lies between 0 and 100 %")

    def _check_window(self):
        code, windowed = self.metric.code, (self.times, self.consecutive) != (1, False)
        if self.reads in VALUES and self.window == "latest":
            windowed = self.consecutive  # so many of the newest are put together
        if not self.each and windowed:
            # it would be shown and do nothing: what points come to together is compared once
            raise PolicyError(f"{code} is counted, it has no times")
        if self.reads in SINCE and self.window != "latest":
            raise PolicyError(f"{code} counts from its begin, it has no window")
        if self.window == "period" and self.times > 1 and self.metric.grain != EVENT:
            raise PolicyError(f"one period has no {self.times} of {code}")
        if self.window in MONTHLY:
            length = LENGTHS[self.metric.grain] or 1
            if self.months < length * self.times:
                raise PolicyError(f"{self.times} reviews do not fit into {self.months} months")
        elif not self.each and self.months:
            raise PolicyError(f"{code} is counted, its window has no months")

    def holds(self, found: Decimal | Fraction | int) -> bool:
        """Whether ``found`` satisfies the operator; ``between`` excludes both ends."""
        if self.operator == "between":
            return self.value < found < self.value_max
        return COMPARE[self.operator](found, self.value)

    def limit(self, point) -> Decimal | int | None:
        """What a point is compared with: the value, or so many of those ranked with it; None where
        it is not known how many these are."""
        if not self.share:
            return self.value
        of = point.of  # the same for all who are ranked together
        if of not in self._limits:
            share = fraction(self.value) * of / 100 if of else None
            self._limits[of] = None if share is None else ROUNDED[self.share](share)
        return self._limits[of]

    @cached_property
    def _limits(self) -> dict[int | None, int | None]:
        return {}

    def meets(self, point) -> bool:
        """Whether one point satisfies it."""
        if not self.share:
            return self.holds(point.value)
        limit = self.limit(point)
        return limit is not None and COMPARE[self.operator](point.value, limit)

    def span(self, facts: "Facts", closing: "Closing") -> tuple[date, date]:
        """The days within which a point of the window starts, and before which it ends.

        Events of a former employment are history (R5), whoever loaded them.
        """
        effective, grain = closing.effective, self.metric.grain
        # a period that is not closed now has none of its points: the window is empty
        period = closing.month if grain == EVENT else closing.start(grain) or effective
        start, end = span(
            self.window, self.months, facts.tier_since, effective, facts.joined, period
        )
        if self.metric.grain == EVENT and not self.each:
            start = max(start, facts.joined)
        return start, end

    def _can_be(self, value) -> bool:
        return self.metric.low <= value <= self.metric.high

    def _probes(self):
        """Values of the metric's own grain around the condition's ends."""
        low, high, step = self.metric.low, self.metric.high, self.metric.step
        ends = (self.value, self.value if self.value_max is None else self.value_max)
        for end in (min(max(end, low - step), high + step) for end in ends):
            grain = end // step * step
            yield from (grain - step, grain, grain + step)
        yield from (low, high)


@dataclass(frozen=True)
class Rule:
    """One row of the policy's rules (policy 11).

    :param match: ``all`` or ``any`` of its conditions; those of one group are joined the other way
        round: one of the group is enough among ``all``, all of it are needed among ``any``
    :param target: the rung it leads to; None: the next one up or down
    :param examined_in: it is looked at only when one of these calendar months is closed; empty:
        whichever is
    :param on_application: it is looked at only for who has applied for it, dated at most
        ``application_months`` before the effective date
    """

    code: str
    tier: str
    outcome: Outcome
    conditions: tuple[Condition, ...]
    match: str = "all"
    target: str | None = None
    examined_in: frozenset[int] = frozenset()
    during: str = ""  # looked at only at the end of the agent's trial or plan: trial | plan
    any_time: bool = False  # or at any closing while that runs
    on_application: bool = False
    application_months: int = 1

    @cached_property
    def parts(self) -> tuple[tuple[Condition, ...], ...]:
        """Its conditions as they are joined: each by itself, and those of a group together."""
        parts: dict[object, list[Condition]] = {}
        for place, condition in enumerate(self.conditions):
            parts.setdefault(condition.group or place, []).append(condition)
        return tuple(map(tuple, parts.values()))

    @cached_property
    def is_grouped(self) -> bool:
        """Whether any of its conditions are joined the other way round."""
        return len(self.parts) < len(self.conditions)

    @property
    def joins(self):
        """How its parts are joined, and how the conditions within one: ``all`` and ``any``."""
        return (all, any) if self.match == "all" else (any, all)

    def holds(self, is_met: Callable[[Condition], bool]) -> bool:
        """Whether the rule is met, its conditions asked one by one as far as it takes."""
        outer, inner = self.joins
        if not self.is_grouped:
            return outer(map(is_met, self.conditions))
        return outer(inner(map(is_met, part)) for part in self.parts)

    def holds_by(self, met: Iterable[bool]) -> bool:
        """The same by what is known of each condition, in their order."""
        if not self.is_grouped:
            return all(met) if self.match == "all" else any(met)
        known = iter(met)
        parts: dict[object, list[bool]] = {}
        for place, condition in enumerate(self.conditions):
            parts.setdefault(condition.group or place, []).append(next(known))
        outer, inner = self.joins
        return outer(map(inner, parts.values()))

    def is_examined(self, closing: "Closing") -> bool:
        """Whether it is looked at when this month is closed."""
        return not self.examined_in or closing.end.month in self.examined_in

    def is_due(self, facts: "Facts", closing: "Closing") -> bool:
        """Whether a rule on a trial or plan is looked at now: one runs, and its term is over."""
        term = facts.terms.get(self.during)
        return term is not None and (self.any_time or term.until < closing.effective)

    def ends_at(self, facts: "Facts", ladder: "Ladder") -> str | None:
        """Where a rule on a trial or plan leads to: of a trial without a rung of its own back to
        the one it came from."""
        term = facts.terms.get(self.during)
        back = term and self.outcome.step < 0 and self.target is None and term.came_from
        return back if back in ladder.steps else self.leads_to(ladder)

    def applied_from(self, effective: date) -> date:
        """First day on which an application counts for this effective date; the last one is the
        day before it."""
        return add_months(effective, -self.application_months)

    def leads_to(self, ladder: "Ladder") -> str | None:
        """The rung that it leads to; None for what moves nobody by itself, where there is no
        such rung, and for one by appointment (L5)."""
        if not self.outcome.step:
            return None
        if self.target is None:
            return ladder.by_rule(self.tier, self.outcome.step)
        return self.target if self.target in ladder.reached_by_rule else None

    def check(self, ladder: "Ladder"):
        """Raise :class:`PolicyError` when the rule can never be carried out."""
        try:
            if self.match not in MATCHES:
                raise PolicyError(f"unknown match {self.match!r}")
            if self.tier not in ladder.steps:
                raise PolicyError(f"unknown tier {self.tier!r}")
            if not self.conditions:
                raise PolicyError("it has no condition")
            self._check_during()
            self._check_step(ladder)
            for condition in self.conditions:
                condition.check()
            self._check_examined()
        except PolicyError as error:
            raise PolicyError(f"rule {self.code}: {error}") from None

    def _check_examined(self):
        """In one of its months what it looks at is closed."""
        if self.examined_in - set(range(1, 13)):
            raise PolicyError("months are numbers from 1 to 12")
        year = [Closing(month_end(date(2000, month, 1))) for month in range(1, 13)]
        if not any(self.is_examined(each) and self.may_hold(each) for each in year):
            raise PolicyError("what it looks at is closed in none of its months")

    def may_hold(self, closing: "Closing") -> bool:
        """Whether the periods that it has to look at are closed with this month (O1)."""
        return self.holds(lambda each: closes(each.period, closing.end))

    def _check_during(self):
        """What ends a trial or plan is said of one, and ends it."""
        if self.during not in ("", TRIAL, PLAN):
            raise PolicyError(f"unknown term {self.during!r}")
        if not self.during:
            if self.outcome.ends:
                raise PolicyError(f"{self.outcome.code} is of a trial or plan: say during which")
            return
        outcome = self.outcome
        if outcome.step > 0 or not (outcome.step or outcome.ends or outcome.code == REVIEW):
            raise PolicyError(f"{outcome.code} ends no {self.during}")

    def _check_step(self, ladder: "Ladder"):
        """A step has a tier to lead to, which is not one by appointment (L5)."""
        if not self.outcome.step:
            if self.target is not None:
                raise PolicyError(f"{self.outcome.code} leads to no tier")
            return
        up = self.outcome.step > 0
        target = self.target or (ladder.above(self.tier) if up else ladder.below(self.tier))
        if target is None:
            raise PolicyError(f"there is no tier {'above' if up else 'below'} {self.tier}")
        if target not in ladder.steps:
            raise PolicyError(f"unknown tier {target!r}")
        if not ladder.is_above(*((target, self.tier) if up else (self.tier, target))):
            raise PolicyError(f"{target} is not {'above' if up else 'below'} {self.tier}")
        if target in ladder.appointed:
            raise PolicyError(f"{target} is reached by appointment only (L5)")


@dataclass(frozen=True, slots=True)
class Ladder:
    """Tier codes from the lowest step to the highest (policy 2)."""

    steps: tuple[str, ...] = ("probation", "junior", "intermediate", "senior", "reserve")
    appointed: frozenset[str] = frozenset({"reserve"})  # entered by appointment only (L5)
    probation: str | None = "probation"  # whose agents are confirmed by a test (L0, U1)

    def __post_init__(self):
        """One code, none or several: kept as a set, and only of steps of this ladder."""
        given = {self.appointed} if isinstance(self.appointed, str) else self.appointed or ()
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "appointed", frozenset(given) & frozenset(self.steps))
        if self.probation not in self.steps:
            object.__setattr__(self, "probation", None)

    @property
    def reached_by_rule(self) -> frozenset[str]:
        """The steps that a rule may lead to: not those by appointment (L5)."""
        return frozenset(self.steps) - self.appointed

    def is_above(self, tier: str, other: str) -> bool:
        """Whether one step is higher than the other; off the ladder is below all of it."""
        steps = self.steps
        held = steps.index(other) if other in steps else -1
        return tier in steps and steps.index(tier) > held

    def above(self, tier: str) -> str | None:
        """The next step up, None on the top, and for a tier that is none of the steps."""
        return self._step(tier, 1)

    def below(self, tier: str) -> str | None:
        """The next step down, None on the lowest tier and off the ladder (V2)."""
        return self._step(tier, -1)

    def by_rule(self, tier: str, step: int) -> str | None:
        """Where a rule leads to that steps up (1) or down (-1): never to a step by appointment
        (L5)."""
        target = self._step(tier, step)
        return None if target in self.appointed else target

    def _step(self, tier: str, step: int) -> str | None:
        if tier not in self.steps:
            return None
        index = self.steps.index(tier) + step
        return self.steps[index] if 0 <= index < len(self.steps) else None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a violation of some severity leads to when its month is closed (V2).

    :param outcome: None where it leads to nothing
    :param fined: whether a fine is due, whatever else
    """

    outcome: Outcome | None = None
    fined: bool = True

    def check(self):
        """Raise :class:`PolicyError` for one that would be a reward, or needs more to be said."""
        if self.outcome and not self.outcome.may_follow:
            raise PolicyError(f"{self.outcome.code} is no consequence of a violation")


SEVERITIES = ("minor", "moderate", "serious")  # the gravest last
CONSEQUENCES = {
    "minor": Consequence(),
    "moderate": Consequence(Outcome(DEMOTE, step=-1)),
    "serious": Consequence(Outcome(REVIEW, bars=True)),
}  # V2


@dataclass(frozen=True)
class Policy:
    """One version of the policy, compiled from its rows.

    :param items: the pay items there are, each a :class:`~.pay.PayItem`
    :param terms: those of them that the policy's own rows say, each an :class:`~.items.Terms`
    :param places: tier -> :class:`~.places.Places`, of the rungs that only so many may be on
    """

    settings: Settings = Settings()
    ladder: Ladder = Ladder()
    pay: dict[str, PayLine] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    items: tuple = ()
    terms: tuple = ()
    raters: Mapping[str, Decimal] = field(default_factory=dict)  # code -> weight (S3)
    form: Any = None  # a :class:`~.form.Form`, that everyone is scored by
    forms: tuple = ()  # rows of other forms, each a :class:`~.forms.FormRow`
    classes: Any = None  # :class:`~.classes.Classes`
    consequences: Mapping[str, Consequence] = field(default_factory=CONSEQUENCES.copy)
    places: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcomes(self) -> list[tuple[str, Outcome]]:
        """Severities of violations that lead to something, with their outcome, the gravest first
        (V2)."""
        found = ((each, self.consequences.get(each)) for each in reversed(SEVERITIES))
        return [(each, found.outcome) for each, found in found if found and found.outcome]

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """The metrics that its rules look at, and that free places are filled by, by code."""
        conditions = (condition for rule in self.rules for condition in rule.conditions)
        orders = (order for places in self.places.values() for order in places.order)
        return {each.metric.code: each.metric for each in (*conditions, *orders)}

    def rules_of(self, tier: str, step: int | None = None) -> tuple[Rule, ...]:
        """The rules of a tier in the policy's order; with ``step`` those that step this way and
        can be carried out, but for those that end a trial or plan."""
        if (tier, step) not in self._rules_of:  # asked of each agent
            rules = (rule for rule in self.rules if rule.tier == tier)
            if step is not None:
                rules = (rule for rule in rules if self._steps(rule, step))
            self._rules_of[tier, step] = tuple(rules)
        return self._rules_of[tier, step]

    @cached_property
    def notes(self) -> dict[str, Any]:
        """What others make of this version once, by what it is."""
        return {}

    def looks_at(self, tier: str) -> int | None:
        """How many of the newest periods the rules of a tier look at, of whichever kind; None
        where the window of one of them goes by days."""
        if tier not in self._looks_at:
            newest = [
                each.newest
                for rule in self.rules_of(tier)
                for each in rule.conditions
                if each.metric.grain != EVENT and each.metric.read not in SINCE
            ]
            self._looks_at[tier] = None if None in newest else max(newest, default=0)
        return self._looks_at[tier]

    @cached_property
    def _looks_at(self) -> dict[str, int | None]:
        return {}

    def _steps(self, rule: Rule, step: int) -> bool:
        return (
            rule.outcome.step == step
            and not rule.during
            and rule.tier in self.ladder.steps  # else the policy knows nothing of such a tier
            and (not step or rule.leads_to(self.ladder) is not None)
        )

    @cached_property
    def _rules_of(self) -> dict[tuple[str, int | None], tuple[Rule, ...]]:
        return {}


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

    def may_ask(self, rule: Rule) -> bool:
        """Whether the rule is looked at for this agent: some are on application only."""
        return not rule.on_application or rule.code in self.applications

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
            _counts_by(points[0], code in events) < joined
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


def settings(**values) -> Settings:
    """Settings from plain numbers: what is a Decimal by default is made one."""
    defaults = Settings()
    return Settings(
        **{
            name: decimal(value) if isinstance(getattr(defaults, name), Decimal) else value
            for name, value in values.items()
        }
    )
