"""Pay of one agent for one month: W2-W5, exact until the last step."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .decimals import fraction, round_half_up
from .facts import PayLine, Settings


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the month that one tier was held under contract, and that tier's pay."""

    days: int
    pay: PayLine


@dataclass(frozen=True, slots=True)
class Pay:
    """A month's pay in currency. ``fine`` is what is taken now, ``carried`` what is left."""

    base: Decimal
    appraisal: Decimal
    commission: Decimal
    fine: Decimal
    carried: Decimal
    appraisal_full: Decimal  # appraisal pay at a score of 100
    commission_percent: Fraction  # mean rate over the days held

    @property
    def gross(self) -> Decimal:
        """W4: base + appraisal pay + commission."""
        return self.base + self.appraisal + self.commission

    @property
    def net(self) -> Decimal:
        """W4: gross - fine taken."""
        return self.gross - self.fine


def monthly_pay(
    settings: Settings,
    spans: Iterable[Span],
    month_days: int,
    score: Decimal | None,
    sales: Decimal | None,
    fines_due: Decimal = Decimal(0),
) -> Pay:
    """The pay of one month.

    :param spans: tiers held, with the calendar days of each (W3)
    :param month_days: days of the calendar month
    :param score: the month's score, None when there is no review (W2)
    :param sales: own sales of the month, None when not known
    :param fines_due: fines of the month and what earlier months could not take (W5)
    """
    spans = list(spans)
    base = round_half_up(_by_days(spans, "base_wage", month_days))
    full = _by_days(spans, "appraisal_pay", month_days)
    appraisal = round_half_up(full * appraisal_share(settings, score))
    percent = _by_days(spans, "commission_percent", sum(span.days for span in spans) or 1)
    commission = round_half_up(percent * fraction(sales or 0) / 100)
    fine = fine_taken(settings, base + appraisal + commission, fines_due)
    return Pay(base, appraisal, commission, fine, fines_due - fine, round_half_up(full), percent)


def appraisal_share(settings: Settings, score: Decimal | None) -> Fraction:
    """The part of the appraisal pay that a score earns: 0 without a score (W2)."""
    if score is None:
        return Fraction(0)
    if settings.appraisal_pay_method == "pass":
        return Fraction(int(score >= settings.pass_mark))
    return fraction(score) / 100


def fine_taken(settings: Settings, gross: Decimal, due: Decimal) -> Decimal:
    """What may be deducted of the fines due (W5)."""
    limit = fraction(gross) * fraction(settings.fine_cap_percent) / 100
    if settings.minimum_wage > 0:
        limit = min(limit, fraction(gross - settings.minimum_wage))
    return round_half_up(max(Fraction(0), min(fraction(due), limit)))


def _by_days(spans: Iterable[Span], amount: str, days: int) -> Fraction:
    parts = (fraction(getattr(span.pay, amount)) * span.days for span in spans)
    return sum(parts, Fraction(0)) / days
