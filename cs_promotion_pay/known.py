"""What is known of many agents' pay months, loaded in bulk; figures of any of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from odoo.addons.cs_promotion.engine.calendar import add_months, day_after, month_end
from odoo.addons.cs_promotion.engine.pay import Item
from odoo.addons.cs_promotion.engine.timeline import Stretch, Timeline
from odoo.addons.cs_promotion.vocabulary import COMMISSION

from .figures import Figures, Held, Raise, Terms, compute_items
from .own import OwnItems

NOTHING: Mapping = {}


class Period(NamedTuple):
    """A pay month: ``month`` names it by its first day, it lasts from ``start`` to ``end`` (W8)."""

    month: date
    start: date
    end: date

    @property
    def days(self) -> int:
        """Calendar days, both ends included."""
        return (self.end - self.start).days + 1


class Kept(NamedTuple):
    """The days of a pay month, and the month whose results it pays, as a payslip keeps them:
    settings changed later do not move it (W8)."""

    period: Period
    results: date


class Wage(NamedTuple):
    """What an employee version says of the wage: ``agreed`` apart from the tier's base (W6)."""

    amount: Decimal
    agreed: bool
    full_time: Fraction


class Result(NamedTuple):
    """Score and rank of a closed month; rank 0 for none."""

    score: Decimal
    rank: int


class NoPayLine(LookupError):
    """The policy of the month does not pay the tier held; ``args[0]`` is the tier's id."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a company's pay months lie: the last day of the period, 0 for the month's own, and
    whether they pay the results of the month before (W8)."""

    last_day: int = 0
    before: bool = False

    def period(self, month: date) -> Period:
        """The days of the pay month that is named by its first day ``month``."""
        return Period(month, day_after(self._end(add_months(month, -1))), self._end(month))

    def month(self, day: date) -> date:
        """The pay month that ``day`` belongs to, by its first day."""
        month = day.replace(day=1)
        return month if day <= self._end(month) else add_months(month, 1)

    def results(self, month: date) -> date:
        """The month whose score and sales the pay month pays."""
        return add_months(month, -1) if self.before else month

    def _end(self, month: date) -> date:
        last = month_end(month)
        return last if not self.last_day else min(month.replace(day=self.last_day), last)


@dataclass(slots=True)
class Known:
    """All that is known of the pay of agents of one company in some months.

    :param terms: pay month -> what the policy in force on its last day pays (O5)
    :param ends: last day of a pay month -> the same, for months as they lay when they were paid
    :param wages: id of the employee version -> wage
    :param results: (employee id, month) -> result of a closed month
    :param sales: (employee id, month) -> own sales; not there when not known
    :param closed: months whose scores are final
    :param values: (employee id, month) -> further figures that items rest on, by metric code
    :param measured: the same of what items of a policy's own rows go by, nought included
    :param raises: employee id -> personal raises, by the day from which they are paid
    :param absences: (employee id, pay month) -> unpaid leave that payslips say, where an item
        asks for what others, or earlier months, are paid
    """

    calendar: Calendar
    places: Decimal
    timelines: Mapping[int, Timeline]
    terms: Mapping[date, Terms]
    wages: Mapping[int, Wage]
    results: Mapping[tuple[int, date], Result]
    sales: Mapping[tuple[int, date], Decimal]
    closed: frozenset[date]
    ends: Mapping[date, Terms] = field(default_factory=dict)
    values: Mapping[tuple[int, date], Mapping[str, Decimal]] = field(default_factory=dict)
    measured: Mapping[tuple[int, date], Mapping[str, Fraction]] = field(default_factory=dict)
    absences: Mapping[tuple[int, date], Fraction] = field(default_factory=dict)
    raises: Mapping[int, tuple[Raise, ...]] = field(default_factory=dict)
    _items: dict = field(default_factory=dict, init=False)
    _own: OwnItems = field(init=False)

    def __post_init__(self):
        """Figures of own items are found over these facts alone."""
        self._own = OwnItems(self)

    def figures(
        self,
        employee: int,
        month: date,
        absent: Fraction = Fraction(0),
        kept: Kept | None = None,
    ) -> Figures:
        """The figures of one pay month, fines and differences left out.

        :param absent: unpaid working days over those due (W6)
        :param kept: the days of the payslip's own pay month, and its results
        :raises NoPayLine: a tier held then has no pay
        :raises KeyError: no policy is in force then
        """
        kept = kept or Kept(self.calendar.period(month), self.calendar.results(month))
        period, results = kept
        result = self.results.get((employee, results))
        return self.figures_of(
            employee,
            period,
            results,
            self.get_terms(period),
            result.score if result else None,
            self.sales.get((employee, results)),
            absent,
        )

    def figures_of(
        self,
        employee: int,
        period: Period,
        results: date,
        terms: Terms,
        score: Decimal | None,
        sales: Decimal | None,
        absent: Fraction = Fraction(0),
        held: tuple[Held, ...] | None = None,
        kept: Mapping[str, Fraction] | None = None,
    ) -> Figures:
        """The figures of one pay month by facts that are told: a month that was paid keeps the
        days it had then, whatever the calendar says by now.

        :param held: tiers held; None for those known
        :param kept: the further figures that the month was paid by
        :raises NoPayLine: a tier held then has no pay
        """
        held = self.held(employee, period, terms) if held is None else held
        values = self.get_values(employee, period, results, terms, held, kept, absent)
        items = self._items_of(period, terms, held, score, sales, absent, values)
        result = self.results.get((employee, results))
        return Figures(
            period.month,
            period.start,
            period.end,
            results,
            terms.policy,
            terms.settings,
            held,
            score,
            sales,
            absent,
            items,
            self.places,
            warnings=tuple(self._warnings(held, terms, score, sales, results)),
            rank=result.rank if result else 0,
            joined=(held and self.timelines[employee].joined(held[-1].end)) or None,
            values=values,
        )

    def _items_of(self, period, terms, held, score, sales, absent, values) -> tuple[Item, ...]:
        """The items of a month. Agents of one tier are paid alike: most of a batch are computed
        once."""
        parts = (
            (each.tier, each.days, each.agreed, each.full_time, each.amounts, each.raises)
            for each in held
        )
        # all that an item can rest on: a key that lacks one would pay one agent by another's
        # figures
        key = (period, terms.policy, score, sales, absent, frozenset(values.items()), *parts)
        if key not in self._items:
            for each in held:
                if each.tier and each.tier not in terms.lines:
                    raise NoPayLine(each.tier)
            self._items[key] = compute_items(
                *(terms, period.days, held, score, sales, absent, self.places, values),
                period.month.month,
            )
        return self._items[key]

    def get_values(
        self,
        employee: int,
        period: Period,
        results: date,
        terms: Terms,
        held: tuple[Held, ...],
        kept: Mapping[str, Fraction] | None = None,
        absent: Fraction | None = None,
    ) -> Mapping[str, Decimal | Fraction]:
        """Further figures of an agent's month, by metric code.

        :param absent: unpaid leave; None for what payslips say
        :raises ~.own.Circle: somebody's pay would go by itself
        """
        values = self.values.get((employee, results), NOTHING)
        if not terms.own:
            return values
        own = self._own.values(employee, period, results, terms, held, kept, absent)
        return {**values, **own}

    def get_terms(self, period: Period) -> Terms:
        """What is paid in these days.

        :raises KeyError: no policy is in force then
        """
        # a month that was paid keeps its days, also where the calendar was changed since
        if period.end in self.ends:
            return self.ends[period.end]
        if period != self.calendar.period(period.month):
            raise KeyError(period)
        return self.terms[period.month]

    def held(self, employee: int, period: Period, terms: Terms | None = None) -> tuple[Held, ...]:
        """Tiers and wages held in the period, oldest first; nobody's own tier: none of it.

        :param terms: whose own items' amounts are told with them
        """
        stretches = [
            each
            for each in self.timelines[employee].stretches
            if each.start <= period.end and each.end >= period.start
        ]
        raises = self.raises.get(employee, ())
        return tuple(self._held(each, period, terms, raises) for each in stretches)

    def _held(
        self, stretch: Stretch, period: Period, terms: Terms | None, raises: Iterable[Raise]
    ) -> Held:
        wage = self.wages.get(stretch.version, Wage(Decimal(0), False, Fraction(1)))
        # off the ladder there is no base: what the contract says is paid
        agreed = wage.amount if wage.agreed or not stretch.tier else None
        start, end = max(stretch.start, period.start), min(stretch.end, period.end)
        return Held(
            stretch.tier,
            start,
            end,
            agreed,
            wage.full_time,
            terms.amounts(stretch.tier, stretch.department, stretch.job)
            if terms and terms.own and stretch.tier
            else (),
            tuple(
                each._replace(start=max(each.start, start), end=min(each.end, end))
                for each in raises
                if stretch.tier and each.start <= end and each.end >= start
            ),
        )

    def _warnings(self, held, terms, score, sales, results):
        """Codes of what payroll should look at; the payslip spells them out (W2, W6)."""
        on_ladder = [each for each in held if each.tier]
        if not on_ladder:
            yield "no_tier"
            return
        if len(on_ladder) < len(held):
            yield "part_tier"
        items = {item.code: item for item in terms.items}
        if score is None and any("score" in item.rests_on for item in items.values()):
            # before the closing a score may still come: payroll waits, or pays it later
            yield "no_score" if results in self.closed else "not_closed"
        sold = COMMISSION in items and sales is None
        if sold and any(terms.lines[each.tier].commission_percent for each in on_ladder):
            yield "no_sales"
        if terms.settings.wage_basis == "tier" and any(
            each.agreed not in (None, terms.lines[each.tier].base_wage) for each in on_ladder
        ):
            yield "agreed"
