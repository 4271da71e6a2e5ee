"""A rule as data (policy 11): its conditions, whom it looks at and when, and where it leads to.

What comes of it is found by :mod:`~.conditions` and :mod:`~.rules`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from .calendar import add_months, closes, month_end
from .decimals import HALF, fraction
from .facts import PLAN, TRIAL, Closing, Facts
from .ladder import Ladder
from .series import MONTHLY, WINDOWS, span
from .vocabulary import (
    COMPARE,
    COUNT,
    EACH,
    EVENT,
    LENGTHS,
    MONTH,
    READINGS,
    SINCE,
    SUM,
    VALUES,
    Metric,
    Outcome,
    PolicyError,
)

PROMOTE, DEMOTE, REVIEW = ("promote", "demote", "dismissal_review")  # of the fixed procedures
MATCHES = ("all", "any")
# how so many percent of those ranked become a number of people
ROUNDED = {"up": ceil, "down": floor, "half_up": lambda exact: floor(exact + HALF)}
OPERATORS = (*COMPARE, "between")
MONTHS_MAX = 600  # fifty years: no window, probation or tenure is longer


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
        if self.reads in VALUES and windowed:
            raise PolicyError(
                f"so many of {code} are put together as the newest ones alone: with the window "
                "latest, and not in a row; of another window all are, whatever times says"
            )
        if not self.each and windowed:
            # it would be shown and do nothing: what points come to together is compared once
            raise PolicyError(f"{code} is counted, it has no times")
        if self.reads in SINCE and self.window != "latest":
            raise PolicyError(f"{code} counts from its begin, it has no window")
        if self.window == "period" and self.times > 1 and self.metric.grain != EVENT:
            raise PolicyError(f"one period has no {self.times} of {code}")
        if self.window in MONTHLY:
            if not self.months:
                raise PolicyError("say how many months its window has")
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

    def span(self, facts: Facts, closing: Closing) -> tuple[date, date]:
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

    def is_examined(self, closing: Closing) -> bool:
        """Whether it is looked at when this month is closed."""
        return not self.examined_in or closing.end.month in self.examined_in

    def is_due(self, facts: Facts, closing: Closing) -> bool:
        """Whether a rule on a trial or plan is looked at now: one runs, and its term is over."""
        term = facts.terms.get(self.during)
        return term is not None and (self.any_time or term.until < closing.effective)

    def ends_at(self, facts: Facts, ladder: Ladder) -> str | None:
        """Where a rule on a trial or plan leads to: of a trial without a rung of its own back to
        the one it came from."""
        term = facts.terms.get(self.during)
        back = term and self.outcome.step < 0 and self.target is None and term.came_from
        return back if back in ladder.steps else self.leads_to(ladder)

    def is_open_to(self, facts: Facts) -> bool:
        """Whether it is looked at for this agent: some are on application only."""
        return not self.on_application or self.code in facts.applications

    def applied_from(self, effective: date) -> date:
        """First day on which an application counts for this effective date; the last one is the
        day before it."""
        return add_months(effective, -self.application_months)

    def leads_to(self, ladder: Ladder) -> str | None:
        """The rung that it leads to; None for what moves nobody by itself, where there is no
        such rung, and for one by appointment (L5)."""
        if not self.outcome.step:
            return None
        if self.target is None:
            return ladder.by_rule(self.tier, self.outcome.step)
        return self.target if self.target in ladder.reached_by_rule else None

    def check(self, ladder: Ladder):
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
            looked_at = ", ".join(dict.fromkeys(each.metric.code for each in self.conditions))
            raise PolicyError(f"what it looks at is closed in none of its months: {looked_at}")

    def may_hold(self, closing: Closing) -> bool:
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

    def _check_step(self, ladder: Ladder):
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
