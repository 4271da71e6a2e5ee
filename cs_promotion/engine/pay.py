"""Pay of one agent for one month: a list of items, exact until each is rounded once (W2-W8).

Which items there are, the vocabulary declares (:class:`PayItem`); what the items of the policy
are worth is reckoned here: :func:`base_pay`, :func:`appraisal_pay`, :func:`commission`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .decimals import CENT, fraction, round_half_up
from .policy import PayLine, Settings

BASE, APPRAISAL, COMMISSION = "BASE", "APPRAISAL", "COMMISSION"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the month that one tier was held under contract, and what is paid for them.

    ``agreed`` is a wage agreed with the person instead of the tier's base, ``full_time`` the
    share of full time worked (W6). Days under contract off the ladder are paid by the wage
    agreed for them alone: ``on_ladder`` is false. ``raised`` is what the person is paid more, a
    month, by the code of the item.
    """

    days: int
    pay: PayLine
    agreed: Decimal | None = None
    full_time: Fraction = Fraction(1)
    on_ladder: bool = True
    raised: Mapping[str, Decimal] = field(default_factory=dict)

    def more(self, code: str) -> Fraction:
        """What is paid more of an item: a personal raise, as long as the ladder is held."""
        return fraction(self.raised.get(code, 0)) if self.on_ladder else Fraction(0)


@dataclass(frozen=True, slots=True)
class Month:
    """What one agent's month is paid by.

    :param days: calendar days of the pay month (W3, W8)
    :param spans: tiers held in it, oldest first
    :param score: None when there is no review (W2)
    :param sales: own sales, below nought where more came back than was sold; None when not known
    :param absent: unpaid working days over those that were due (W6)
    :param places: the smallest amount of the currency (W4: 0.01)
    :param values: further figures of the month, those other than nought, by metric code
    :param shares: the agent's share of the pools that items of the policy divide, by their code
    :param number: which month of the year it is; 0 where no item asks
    """

    days: int
    spans: tuple[Span, ...]
    score: Decimal | None = None
    sales: Decimal | None = None
    absent: Fraction = Fraction(0)
    places: Decimal = CENT
    values: Mapping[str, Decimal | Fraction] = field(default_factory=dict)
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    number: int = 0


@dataclass(frozen=True, slots=True)
class PayItem:
    """One line of pay, as it is declared.

    :param code: its name in salary rules, on payslips and in what these keep
    :param compute: of the policy's settings and a :class:`Month` its basis, its rate and its
        exact parts, as an :class:`Item` has them, before unpaid leave
    :param leave: the choices of *unpaid leave reduces* by which that reduces it (W6)
    :param rests_on: what it can change with: ``score``, ``sales``, ``wage``, ``tier``, ``days``,
        ``policy``, ``leave``, ``raise``, or the code of a metric, which is then among the
        ``values`` of the month; told when a paid month turns out to be worth something else (W7)
    :param alike: what companies call a salary rule of their own that pays the same: a regular
        expression for code or name, by default the item's own code
    :param name: in the reader's language
    :param later: of the :class:`Item` of a month and the month, what is paid of it then: the rest
        later; None where all of it is paid at once
    :param quiet: where it is nought, a payslip has no line for it
    :param deducts: it may be below nought, which is taken with the month itself; otherwise what
        is below nought comes off what later months pay of it (W7)
    """

    code: str
    compute: Callable[[Settings, Month], tuple[Fraction, Fraction, tuple[Fraction, ...]]]
    leave: tuple[str, ...] = ("all",)
    rests_on: frozenset[str] = frozenset()
    alike: str = ""
    name: str = field(default="", compare=False)
    later: Callable[["Item", Month], "Item"] | None = None
    quiet: bool = False
    deducts: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a month's pay: ``basis`` times ``rate`` is the sum of its exact ``parts``.

    ``basis`` is in currency: the wage or pay of the days held, or the sales; ``rate`` is what of
    it is paid; ``parts`` has one amount for each span, where the item is paid by the days of it;
    ``amount`` is their sum, rounded once.
    """

    declared: PayItem
    basis: Fraction
    rate: Fraction
    parts: tuple[Fraction, ...]
    amount: Decimal

    @property
    def code(self) -> str:
        """Which item it is."""
        return self.declared.code


def pay_items(items: Iterable[PayItem], settings: Settings, month: Month) -> tuple[Item, ...]:
    """What these items are worth in a month, in their order (W2-W4, W6)."""
    return tuple(_pay_item(item, settings, month) for item in items)


def _pay_item(item: PayItem, settings: Settings, month: Month) -> Item:
    basis, rate, parts = item.compute(settings, month)
    if month.absent and settings.unpaid_leave in item.leave:
        present = 1 - month.absent
        rate, parts = rate * present, tuple(part * present for part in parts)
    # rounded once, at the end: parts rounded by themselves would not add up to the month (W4)
    amount = round_half_up(sum(parts, Fraction(0)), month.places)
    found = Item(item, basis, rate, parts, amount)
    return item.later(found, month) if item.later else found


def gross(items: Iterable[Item]) -> Decimal:
    """W4: the sum of the items as they are rounded."""
    return sum((item.amount for item in items), Decimal(0))


def appraisal_share(settings: Settings, score: Decimal | None) -> Fraction:
    """The part of the appraisal pay that a score earns: 0 without a score (W2)."""
    if score is None:
        return Fraction(0)
    if settings.appraisal_pay_method == "pass":
        return Fraction(int(score >= settings.pass_mark))
    return fraction(score) / fraction(settings.score_max)


def wage(settings: Settings, span: Span) -> Fraction:
    """A whole month's wage by what the policy takes as its basis, for the time worked (W6).

    Off the ladder it is the wage of the contract as it stands: no policy says what it is of.
    """
    if not span.on_ladder:
        return fraction(span.agreed or 0)
    base = full_wage(settings, span.pay.base_wage, span.agreed)
    return (fraction(base) + span.more(BASE)) * span.full_time


def full_wage(settings: Settings, base: Decimal, agreed: Decimal | None) -> Decimal:
    """The wage of full time by what the policy takes as its basis, before raises (W6).

    :param base: that of the tier
    :param agreed: the one agreed with the person, None where none was
    """
    if agreed is None or settings.wage_basis == "tier":
        return base
    return agreed if settings.wage_basis == "agreed" else max(base, agreed)


def fine_limit(settings: Settings, total: Decimal) -> Fraction:
    """The most that may be deducted from a payslip whose whole gross is ``total`` (W5)."""
    limit = fraction(total) * fraction(settings.fine_cap_percent) / 100
    if settings.minimum_wage > 0:
        limit = min(limit, fraction(total - settings.minimum_wage))
    return max(Fraction(0), limit)


def fine_taken(limit: Fraction, due: Decimal, places: Decimal = CENT) -> Decimal:
    """What may be deducted of the fines due within what is left of :func:`fine_limit` (W5)."""
    return round_half_up(min(fraction(due), limit), places)


def base_pay(settings: Settings, month: Month):
    """The wage by calendar days (W3, W6)."""
    return _share(
        [wage(settings, span) * span.days / month.days for span in month.spans], Fraction(1)
    )


def appraisal_pay(settings: Settings, month: Month):
    """The appraisal pay by calendar days, the part of it that the score earns (W2, W3)."""
    full = [
        (fraction(span.pay.appraisal_pay) + span.more(APPRAISAL)) * span.days / month.days
        if span.on_ladder
        else Fraction(0)
        for span in month.spans
    ]
    return _share(full, appraisal_share(settings, month.score))


def commission(settings: Settings, month: Month):
    """Own sales at the mean of the rates held, weighted by the days held (W3); with a personal
    raise on top.

    What comes back beyond the month's sales makes it negative, unless the policy waives that.
    """
    # weighted by the days on the ladder, not those of the month: who joins mid-month has sold in
    # those alone
    days = sum(span.days for span in month.spans if span.on_ladder) or 1
    rates = [
        fraction(span.pay.commission_percent) * span.days / days if span.on_ladder else Fraction(0)
        for span in month.spans
    ]
    sales = fraction(month.sales or 0)
    if sales < 0 and settings.returned_sales == "waived":
        sales = Fraction(0)
    parts = tuple(sales * each / 100 for each in rates)
    more = more_of(COMMISSION, month)
    if more:
        return sum(parts, more), Fraction(1), (*parts, more)
    return sales, sum(rates, Fraction(0)) / 100, parts


def more_of(code: str, month: Month) -> Fraction:
    """What personal raises of an item come to in a month, by the days since they began."""
    parts = (span.more(code) * span.days / month.days for span in month.spans)
    return sum(parts, Fraction(0))


def _share(amounts: list[Fraction], rate: Fraction):
    """Basis, rate and parts of an item that pays ``rate`` of the ``amounts`` of the spans."""
    return sum(amounts, Fraction(0)), rate, tuple(each * rate for each in amounts)
