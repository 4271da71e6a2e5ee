"""Pay items as a policy says them (policy language, *Pay*): what they are of, what multiplies
them, when they are paid at all. :mod:`.pay` rounds and adds them up.

No item is a free formula. Each is of an amount by rung, of a metric, or of a share of a pool;
factors multiply it, conditions let it through, a floor and a cap hold it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .calendar import add_months
from .decimals import CENT, fraction, round_half_up
from .match import Match, first_that_fits
from .pay import Item, Month, PayItem, appraisal_share, more_of
from .policy import Settings
from .proviso import Proviso
from .scale import Scale
from .vocabulary import Metric, PolicyError

AMOUNT, METRIC, POOL = "amount", "metric", "pool"
BASES = (AMOUNT, METRIC, POOL)

# What may multiply an item
SCORE, CLASS, VALUE, FULL_TIME, FIXED = "score", "class", "metric", "full_time", "fixed"
FACTORS = (SCORE, CLASS, VALUE, FULL_TIME, FIXED)
COEFFICIENT = "class_coefficient"  # among the values of a month
# Of an item, behind its code: the agent's share of its pool, and what earlier months have left
# to be paid; values of a month, too, as an amount can change with them
SHARE, EARLIER = "/share", "/earlier"


@dataclass(frozen=True, slots=True)
class Factor:
    """What multiplies an item: the share that the score earns (W2), the coefficient of the class,
    a metric (through a scale), the share of full time worked, or a fixed number."""

    kind: str
    metric: Metric | None = None
    scale: Scale | None = None
    number: Decimal = Decimal(1)

    def check(self):
        """Raise :class:`PolicyError` for a factor that is none."""
        if self.kind not in FACTORS:
            raise PolicyError(f"unknown factor {self.kind!r}")
        if (self.kind == VALUE) != bool(self.metric):
            raise PolicyError(f"a factor of kind {VALUE!r}, and no other, says of which metric")

    def of(self, settings: Settings, month: Month) -> Fraction:
        """What it is in a month; nought where it is not known."""
        match self.kind:
            case "score":
                return appraisal_share(settings, month.score)
            case "class":
                return fraction(month.values.get(COEFFICIENT, 0))
            case "full_time":
                days = sum(span.days for span in month.spans)
                worked = sum((span.full_time * span.days for span in month.spans), Fraction())
                return worked / days if days else Fraction(0)
            case "metric":
                value = month.values.get(self.metric.code)
                if value is None:
                    return Fraction(0)
                return self.scale.of(value) if self.scale else fraction(value)
            case _:
                return fraction(self.number)


@dataclass(frozen=True, slots=True)
class Amount(Match):
    """A match row: what an item is for a tier, a department, a job position, or for all of what
    it does not name."""

    amount: Decimal
    tier: Any = None
    department: Any = None
    job: Any = None


def divide(weights: Iterable[tuple[Any, Fraction]]) -> dict[Any, Fraction]:
    """The shares of a pool, exact: whoever weighs nothing has none."""
    given = {member: max(Fraction(0), weight) for member, weight in weights}
    total = sum(given.values(), Fraction(0))
    return {member: weight / total for member, weight in given.items() if weight}


@dataclass(frozen=True, slots=True)
class Terms:
    """One pay item of a policy.

    :param of: ``amount``: what its rung is paid, by days held where ``by_days``; ``metric``: a
        value of the month, times the rung's amount (weighted by the days held) or through a
        scale (by the days on rungs that it is for); ``pool``: the agent's share of a
        department's or company's figure
    :param percent: the rungs' amounts, or what the scale gives, are percent of the metric
    :param factors: what multiplies it; ``provisos``: all have to hold
    :param floor: least it is where it is paid at all; ``cap``: most
    :param leave: whether unpaid leave reduces it, by the choices of *unpaid leave reduces* (W6)
    :param amounts: what it is for whom; where none are said, it is for everyone
    :param months: the months of the year in which it is paid at all; empty: every one
    :param within: whose members divide a pool: ``department`` or ``company``
    :param share_by: the metric by which they divide it; None: equally
    :param later: how many months later it is paid
    :param now: percent of it that is paid then; the rest in ``rest_parts`` equal parts from month
        ``rest_month`` of the next calendar year on
    :param lapses: whether who leaves loses what is not paid by then; else it is paid with the
        month they leave in
    """

    code: str
    of: str = AMOUNT
    metric: Metric | None = None
    scale: Scale | None = None
    percent: bool = False
    by_days: bool = True
    factors: tuple[Factor, ...] = ()
    provisos: tuple[Proviso, ...] = ()
    floor: Decimal | None = None
    cap: Decimal | None = None
    leave: tuple[str, ...] = ("all",)
    amounts: tuple[Amount, ...] = ()
    months: frozenset[int] = frozenset()
    within: str = "department"
    share_by: Metric | None = None
    later: int = 0
    now: Decimal = Decimal(100)
    rest_month: int = 1
    rest_parts: int = 1
    lapses: bool = True

    @property
    def is_deferred(self) -> bool:
        """Whether some of it is paid in a later month than it is of."""
        return self.later > 0 or self.now < 100

    @property
    def deducts(self) -> bool:
        """Whether it is meant to take something away: 20 off for each time late."""
        given = [each.amount for each in self.amounts] + [each.number for each in self.factors]
        for scale in (self.scale, *(each.scale for each in self.factors)):
            if scale:
                given += [each.value for each in scale.steps]
                given += [each for each in (scale.below, scale.above) if each is not None]
        return any(each < 0 for each in given)

    @property
    def metrics(self) -> dict[str, Metric]:
        """The metrics that it goes by, by code."""
        given = (*self.factors, *self.provisos)
        found = [self.metric, self.share_by, *(each.metric for each in given)]
        return {metric.code: metric for metric in found if metric}

    def amount_of(self, tier, department, job, paid_as=None) -> Decimal:
        """What the item is for who holds these; nought where no row fits.

        :param paid_as: the rung that the tier is paid as, where no row names the tier (L5)
        """
        if paid_as is not None and tier not in {each.tier for each in self.amounts}:
            tier = paid_as
        row = first_that_fits(self.amounts, tier, department, job)
        return row.amount if row else Decimal(0)

    def item(self, name: str = "", alike: str = "") -> PayItem:
        """The item as payslips compute it."""
        later = self._keep_back if self.is_deferred else None
        given = self.code, self.compute, self.leave, self._rests_on(), alike, name
        return PayItem(*given, later=later, quiet=True, deducts=self.deducts)

    def whole(self) -> PayItem:
        """The item as it is of its month, whenever that is paid."""
        return replace(self.item(), later=None)

    def earlier(self, month: date) -> set[date]:
        """The months of which something may be paid in ``month``, by their first days."""
        found = {add_months(month, -self.later)} if self.later else set()
        if self.now < 100 and 0 <= month.month - self.rest_month < self.rest_parts:
            found |= {date(month.year - 1, number, 1) for number in range(1, 13)}
        return found if self.lapses else found | self.open_months(month)

    def open_months(self, month: date) -> set[date]:
        """The earlier months of which something may not be paid before ``month``."""
        found = {add_months(month, -back) for back in range(1, self.later + 1)}
        if self.now < 100:
            found |= {date(month.year, number, 1) for number in range(1, month.month)}
            if month.month < self.rest_month + self.rest_parts:
                found |= {date(month.year - 1, number, 1) for number in range(1, 13)}
        return found

    def left(self, whole: Decimal, of: date, month: date, places: Decimal = CENT) -> Decimal:
        """What of a month's amount is not paid before ``month``, nor in the month itself."""
        paid, each = Decimal(0), of
        while each <= month:
            paid += self.due(whole, of, each, places)
            each = add_months(each, 1)
        return whole - paid

    def due(self, whole: Decimal, of: date, month: date, places: Decimal = CENT) -> Decimal:
        """What of a month's amount, as it was rounded, is paid in another month: all parts of it
        come to the whole."""
        now = round_half_up(fraction(whole) * fraction(self.now) / 100, places)
        due = now if month == add_months(of, self.later) else Decimal(0)
        part = month.month - self.rest_month
        if month.year == of.year + 1 and 0 <= part < self.rest_parts:
            rest = fraction(whole - now)
            upto = [round_half_up(rest * n / self.rest_parts, places) for n in (part, part + 1)]
            due += upto[1] - upto[0]
        return due

    def _keep_back(self, item: Item, month: Month) -> Item:
        """What is paid in the month: of its own what is not for later, and what is of earlier."""
        now = fraction(self.now) / 100 if not self.later else Fraction(0)
        own = round_half_up(fraction(item.amount) * now, month.places)
        earlier = month.values.get(self.code + EARLIER, Decimal(0))
        parts = fraction(own), fraction(earlier)
        amount = round_half_up(sum(parts), month.places)
        return replace(item, basis=sum(parts), rate=Fraction(1), parts=parts, amount=amount)

    def compute(self, settings: Settings, month: Month):
        """Basis, rate and exact parts in a month, as a :class:`~.pay.PayItem` has to say them."""
        if (
            (self.amounts and not any(map(self._of, self._counted(month))))  # not for this agent
            or (self.months and month.number not in self.months)
            or not all(each.holds(month.values) for each in self.provisos)
        ):
            return Fraction(0), Fraction(0), (Fraction(0),)
        basis, rate, parts = {AMOUNT: self._amount, METRIC: self._metric, POOL: self._pool}[
            self.of
        ](month)
        for factor in self.factors:
            number = factor.of(settings, month)
            rate, parts = rate * number, tuple(part * number for part in parts)
        more = more_of(self.code, month) if self.of != AMOUNT else Fraction(0)
        if more:  # of what is measured or shared, a raise is so much on top
            basis, rate, parts = sum(parts, more), Fraction(1), (*parts, more)
        return self._hold(basis, rate, parts)

    def _amount(self, month: Month):
        spans = self._counted(month)
        if self.by_days:
            parts = tuple(self._of(span) * span.days / month.days for span in spans)
        else:  # the rung held last is paid for the month
            parts = (self._of(spans[-1]),) if spans else ()
        return sum(parts, Fraction(0)), Fraction(1), parts or (Fraction(0),)

    def _metric(self, month: Month):
        known = month.values.get(self.metric.code)
        if known is None:  # nothing is paid of what is not known, whatever scales say of nought
            return Fraction(0), Fraction(1), (Fraction(0),)
        value = fraction(known)
        if self.scale is None:
            return self._by_rung(value, month)
        found = self.scale.of(value) * self._part(month)
        if self.percent:
            return value, found / 100, (value * found / 100,)
        return found, Fraction(1), (found,)

    def _counted(self, month: Month):
        """The days on the ladder that say whether it is for the agent, and for which part of the
        month; without ``by_days`` those on the rung held last, where rates are not weighted."""
        spans = [span for span in month.spans if span.on_ladder]
        return spans if self.by_days or not (self.scale or self.of == AMOUNT) else spans[-1:]

    def _part(self, month: Month) -> Fraction:
        """The part of the agent's days on the ladder that are on rungs which it is for; a share of
        a pool is a whole one (by the rung held last, who divides it)."""
        if not self.amounts or self.of == POOL:
            return Fraction(1)
        spans = self._counted(month)
        days = sum(span.days for span in spans)
        return Fraction(sum(span.days for span in spans if self._of(span)), days or 1)

    def _by_rung(self, value: Fraction, month: Month):
        spans = [span for span in month.spans if span.on_ladder]
        days = sum(span.days for span in spans) or 1
        rates = [self._of(span) * span.days / days for span in spans]
        if self.percent:
            rates = [rate / 100 for rate in rates]
        parts = tuple(value * rate for rate in rates) or (Fraction(0),)
        if self.percent:
            return value, sum(rates, Fraction(0)), parts
        return sum(parts), Fraction(1), parts  # so much for each: the value itself is no money

    def _pool(self, month: Month):
        basis, rate, parts = self._metric(month)
        share = month.shares.get(self.code, Fraction(0))
        return basis, rate * share, tuple(part * share for part in parts)

    def _of(self, span) -> Fraction:
        """What the rung of these days is paid for this item; of an amount with what the person
        is paid more."""
        own = fraction(span.pay.amounts.get(self.code, 0))
        return own + span.more(self.code) if self.of == AMOUNT else own

    def _hold(self, basis: Fraction, rate: Fraction, parts: tuple[Fraction, ...]):
        """Within floor and cap: then it is one part, whatever it was made of."""
        total = held = sum(parts, Fraction(0))
        if self.floor is not None:
            held = max(held, fraction(self.floor))
        if self.cap is not None:
            held = min(held, fraction(self.cap))
        if held == total:
            return basis, rate, parts
        return (basis, held / basis, (held,)) if basis else (held, Fraction(1), (held,))

    def _rests_on(self) -> frozenset[str]:
        codes, kinds = set(self.metrics), {factor.kind for factor in self.factors}
        codes |= {"score"} & kinds | ({COEFFICIENT} if CLASS in kinds else set())
        codes |= {"amounts"} if self.amounts else set()
        codes |= {self.code + SHARE} if self.of == POOL else set()
        codes |= {self.code + EARLIER} if self.is_deferred else set()
        return frozenset(codes | {"tier", "days", "policy", "leave", "raise"})

    def check(self):
        """Raise :class:`PolicyError` for an item that nobody could be paid."""
        try:
            self._check()
        except PolicyError as error:
            raise PolicyError(f"pay item {self.code}: {error}") from None

    def _check(self):
        if self.of not in BASES:
            raise PolicyError(f"it is of {self.of!r}")
        if self.of != AMOUNT and self.metric is None:
            raise PolicyError(f"of a {self.of}, but no metric is said")
        if self.of != AMOUNT and not (self.scale or self.amounts or self.floor):
            raise PolicyError("it has neither a scale nor amounts: nothing would be paid")
        if self.of == AMOUNT and (self.scale or self.percent):
            raise PolicyError("an amount has no scale and is no percentage")
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise PolicyError(f"its floor {self.floor} lies above its cap {self.cap}")
        if not set(self.months) <= set(range(1, 13)):
            raise PolicyError("a month is a number from 1 to 12")
        if not 0 <= self.later <= 24 or not 0 <= self.now <= 100:
            raise PolicyError("it is paid at most 24 months later, and from 0 to 100 % of it")
        if not 1 <= self.rest_month <= self.rest_month + self.rest_parts - 1 <= 12:
            raise PolicyError("the rest is paid within one year")
        for factor in self.factors:
            factor.check()
        for proviso in self.provisos:
            proviso.check()
        for scale in (self.scale, *(factor.scale for factor in self.factors)):
            if scale:
                scale.check()
