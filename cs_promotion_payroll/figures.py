"""What one payslip is made from, in plain Python: no database, exact decimals."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.addons.cs_promotion.engine.facts import Settings
from odoo.addons.cs_promotion.engine.pay import Pay, Span, appraisal_share, monthly_pay


@dataclass(frozen=True, slots=True)
class Fine:
    """What a payslip may still take of one fine (W5); oldest first in a sequence."""

    violation: int
    due: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """A tier held from ``start`` to ``end``, both within the month (W3)."""

    tier: int
    start: date
    end: date

    @property
    def days(self) -> int:
        """Calendar days, both ends included."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Figures:
    """One agent's month as a payslip shows it.

    ``share`` is the part of the appraisal pay that the score earns (W2), ``due`` the fines due,
    ``takings`` the (violation id, amount) pairs that make up ``pay.fine``.
    """

    month: date
    month_days: int
    held: tuple[Held, ...]
    score: Decimal | None
    sales: Decimal | None
    pay: Pay
    share: Fraction
    due: Decimal
    takings: tuple[tuple[int, Decimal], ...] = ()
    warnings: tuple[str, ...] = ()


def take(fines: Iterable[Fine], amount: Decimal) -> tuple[tuple[int, Decimal], ...]:
    """Spread what is taken over the fines, the oldest first (W5)."""
    takings = []
    for fine in fines:
        part = min(fine.due, amount)
        if part > 0:
            takings.append((fine.violation, part))
            amount -= part
    return tuple(takings)


def compute(
    settings: Settings,
    pay_lines: dict,
    month: date,
    month_days: int,
    held: tuple[Held, ...],
    score: Decimal | None,
    sales: Decimal | None,
    fines: Iterable[Fine] = (),
    give_back: bool = False,
) -> Figures:
    """The figures of one payslip.

    :param pay_lines: tier id -> :class:`~odoo.addons.cs_promotion.engine.facts.PayLine`
    :param give_back: the mirror of payslips that took ``fines``: all of them, no limit
    """
    spans = [Span(each.days, pay_lines[each.tier]) for each in held]
    fines = tuple(fines)
    due = sum((fine.due for fine in fines), Decimal(0))
    pay = monthly_pay(settings, spans, month_days, score, sales, due)
    if give_back:
        pay = replace(pay, fine=due, carried=Decimal(0))
    return Figures(
        month,
        month_days,
        held,
        score,
        sales,
        pay,
        appraisal_share(settings, score),
        due,
        take(fines, pay.fine),
    )
