"""One version of the policy as the engine reads it: settings, ladder, pay, rules, consequences.

All classes are immutable. Amounts, scores and percentages are :class:`~decimal.Decimal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from math import ceil
from typing import Any

from .calendar import months_begun
from .decimals import decimal
from .facts import Closing, Facts
from .ladder import Ladder
from .rule import DEMOTE, REVIEW, Condition, Rule
from .vocabulary import LENGTHS, REVIEW_RECORD, Metric, Outcome, PolicyError


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
    ladder: Ladder = field(default_factory=Ladder)
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

    def looks_back(self, facts: Facts, closing: Closing) -> dict[str, int]:
        """Code of each metric of reviews that the rules look at for this agent -> how many of its
        newest points they look at.

        :param facts: of which tier and dates are known
        """
        newest, by_days = self._windows_of(facts.tier)
        if not by_days:
            return newest
        most = dict(newest)
        for condition in by_days:
            start, _end = condition.span(facts, closing)
            metric = condition.metric
            # so many periods at most begin in the window
            begun = ceil(months_begun(start, closing.effective) / LENGTHS[metric.grain])
            most[metric.code] = max(most.get(metric.code, 0), begun)
        return most

    def _windows_of(self, tier: str) -> tuple[dict[str, int], tuple[Condition, ...]]:
        """What the rules of a tier look at of each metric of reviews: the most of its newest
        points, and one condition of each window that goes by days instead."""
        if tier not in self._looks_at:
            newest: dict[str, int] = {}
            by_days = {}
            for rule in self.rules_of(tier):
                for each in rule.conditions:
                    code = each.metric.code
                    if each.metric.records != REVIEW_RECORD:
                        continue
                    if each.newest is None:
                        by_days[each.window, each.months, code] = each
                    else:
                        newest[code] = max(newest.get(code, 0), each.newest)
            self._looks_at[tier] = newest, tuple(by_days.values())
        return self._looks_at[tier]

    @cached_property
    def _looks_at(self) -> dict[str, tuple[dict[str, int], tuple[Condition, ...]]]:
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


def settings(**values) -> Settings:
    """Settings from plain numbers: what is a Decimal by default is made one."""
    defaults = Settings()
    return Settings(
        **{
            name: decimal(value) if isinstance(getattr(defaults, name), Decimal) else value
            for name, value in values.items()
        }
    )
