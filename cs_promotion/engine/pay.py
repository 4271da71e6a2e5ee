"""Pay of one agent for one month: a list of items, exact until each is rounded once (W2-W8)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .decimals import CENT, fraction, round_half_up
from .facts import PayLine, Settings

BASE, APPRAISAL, COMMISSION = "BASE", "APPRAISAL", "COMMISSION"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the month that one tier was held under contract, and what is paid for them.

    ``agreed`` is a wage agreed with the person instead of the tier's base, ``full_time`` the
    share of full time worked (W6). Days under contract off the ladder are paid by the wage
    agreed for them alone: ``on_ladder`` is false.
    """

    days: int
    pay: PayLine
    agreed: Decimal | None = None
    full_time: Fraction = Fraction(1)
    on_ladder: bool = True


@dataclass(frozen=True, slots=True)
class Month:
    """What one agent's month is paid by.

    :param days: calendar days of the pay month (W3, W8)
    :param spans: tiers held in it, oldest first
    :param score: None when there is no review (W2)
    :param sales: own sales, below nought where more came back than was sold; None when not known
    :param absent: unpaid working days over those that were due (W6)
    :param places: the smallest amount of the currency (W4: 0.01)
    """

    days: int
    spans: tuple[Span, ...]
    score: Decimal | None = None
    sales: Decimal | None = None
    absent: Fraction = Fraction(0)
    places: Decimal = CENT


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the pay: ``basis`` times ``rate`` is the sum of its exact ``parts``.

    ``basis`` is in currency: the wage or pay of the days held, or the sales; ``rate`` is what of
    it is paid; ``parts`` has one amount for each span; ``amount`` is their sum, rounded once.
    """

    code: str
    basis: Fraction
    rate: Fraction
    parts: tuple[Fraction, ...]
    amount: Decimal


def pay_items(settings: Settings, month: Month) -> tuple[Item, ...]:
    """The items of one month's pay, in the order they stand on a payslip (W2-W4, W6)."""
    return tuple(
        Item(
            code,
            basis,
            rate,
            parts,
            round_half_up(sum(parts, Fraction(0)), month.places),
        )
        for code, compute in PAY_ITEMS.items()
        for basis, rate, parts in [compute(settings, month)]
    )


def gross(items: Iterable[Item]) -> Decimal:
    """W4: the sum of the items as they are rounded."""
    return sum((item.amount for item in items), Decimal(0))


def appraisal_share(settings: Settings, score: Decimal | None) -> Fraction:
    """The part of the appraisal pay that a score earns: 0 without a score (W2)."""
    if score is None:
        return Fraction(0)
    if settings.appraisal_pay_method == "pass":
        return Fraction(int(score >= settings.pass_mark))
    return fraction(score) / 100


def wage(settings: Settings, span: Span) -> Fraction:
    """A whole month's wage by what the policy takes as its basis, for the time worked (W6).

    Off the ladder it is the wage of the contract as it stands: no policy says what it is of.
    """
    if not span.on_ladder:
        return fraction(span.agreed or 0)
    base = span.pay.base_wage
    if span.agreed is not None and settings.wage_basis == "agreed":
        base = span.agreed
    elif span.agreed is not None and settings.wage_basis == "higher":
        base = max(base, span.agreed)
    return fraction(base) * span.full_time


def fine_limit(settings: Settings, total: Decimal) -> Fraction:
    """The most that may be deducted from a payslip whose whole gross is ``total`` (W5)."""
    limit = fraction(total) * fraction(settings.fine_cap_percent) / 100
    if settings.minimum_wage > 0:
        limit = min(limit, fraction(total - settings.minimum_wage))
    return max(Fraction(0), limit)


def fine_taken(limit: Fraction, due: Decimal, places: Decimal = CENT) -> Decimal:
    """What may be deducted of the fines due within what is left of :func:`fine_limit` (W5)."""
    return round_half_up(min(fraction(due), limit), places)


def _present(settings: Settings, month: Month, code: str) -> Fraction:
    """What unpaid leave leaves of an item (W6)."""
    reduced = {"none": (), "base": (BASE,), "all": (BASE, APPRAISAL, COMMISSION)}
    return 1 - month.absent if code in reduced[settings.unpaid_leave] else Fraction(1)


def _base(settings: Settings, month: Month):
    """The wage by calendar days, less unpaid leave (W3, W6)."""
    wages = [wage(settings, span) * span.days / month.days for span in month.spans]
    return _share(wages, _present(settings, month, BASE))


def _appraisal(settings: Settings, month: Month):
    """The appraisal pay by calendar days, the part of it that the score earns (W2, W3)."""
    full = [
        fraction(span.pay.appraisal_pay) * span.days / month.days if span.on_ladder else Fraction(0)
        for span in month.spans
    ]
    earned = appraisal_share(settings, month.score) * _present(settings, month, APPRAISAL)
    return _share(full, earned)


def _commission(settings: Settings, month: Month):
    """Own sales at the mean of the rates held, weighted by the days held (W3).

    What comes back beyond the month's sales makes it negative, unless the policy waives that.
    """
    days = sum(span.days for span in month.spans if span.on_ladder) or 1
    rates = [
        fraction(span.pay.commission_percent) * span.days / days if span.on_ladder else Fraction(0)
        for span in month.spans
    ]
    present = _present(settings, month, COMMISSION)
    rate = sum(rates, Fraction(0)) / 100 * present
    sales = fraction(month.sales or 0)
    if sales < 0 and settings.returned_sales == "waived":
        sales = Fraction(0)
    return sales, rate, tuple(sales * each / 100 * present for each in rates)


def _share(amounts: list[Fraction], rate: Fraction):
    """Basis, rate and parts of an item that pays ``rate`` of the ``amounts`` of the spans."""
    return sum(amounts, Fraction(0)), rate, tuple(each * rate for each in amounts)


PAY_ITEMS: dict[str, Callable] = {BASE: _base, APPRAISAL: _appraisal, COMMISSION: _commission}
