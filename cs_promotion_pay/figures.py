"""What one payslip is made from, in plain Python: no database, exact decimals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from odoo.addons.cs_promotion.engine.calendar import (
    add_months,
    closes,
    day_after,
    period_start,
)
from odoo.addons.cs_promotion.engine.decimals import CENT
from odoo.addons.cs_promotion.engine.items import SHARE
from odoo.addons.cs_promotion.engine.pay import (
    Item,
    Month,
    PayItem,
    Span,
    appraisal_share,
    fine_limit,
    fine_taken,
    pay_items,
)
from odoo.addons.cs_promotion.engine.policy import PayLine, Settings
from odoo.addons.cs_promotion.engine.settlement import Difference, Settled, settle
from odoo.addons.cs_promotion.engine.vocabulary import LENGTHS, MONTH, SUM


class Terms(NamedTuple):
    """What a policy version pays: its id, settings, pay line by tier id (W1), and items.

    :param own: of the items that its own rows say, their
        :class:`~odoo.addons.cs_promotion.engine.items.Terms`
    :param paid_as: tier id -> the tier that it is paid as (L5)
    :param reviewed: codes of figures that come of reviews: not known while a month is open
    :param teams: code of a metric -> whose pay it is the mean of, as :class:`Team`
    :param sums: code of a metric -> what of the agent's own pay it adds up, as :class:`Sum`
    """

    policy: int
    settings: Settings
    lines: Mapping[int, PayLine]
    items: tuple[PayItem, ...] = ()
    own: tuple = ()
    paid_as: Mapping[int, int] = {}
    reviewed: frozenset[str] = frozenset()
    teams: Mapping[str, "Team"] = {}
    sums: Mapping[str, "Sum"] = {}

    def amounts(self, tier, department, job) -> tuple[tuple[str, Decimal], ...]:
        """What the policy's own items are for who holds these: pairs (code, amount)."""
        held = tier, department, job, self.paid_as.get(tier)
        return tuple((each.code, each.amount_of(*held)) for each in self.own if each.amounts)

    def earlier(self, month: date) -> set[date]:
        """The months of which items of this one pay something, by their first days."""
        return {each for item in self.own for each in item.earlier(month)}

    def added_up(self, month: date) -> set[date]:
        """The earlier months whose pay items of this one go by."""
        return {each for own in self.sums.values() for each in own.months(month) if each < month}


class Team(NamedTuple):
    """Whose pay a leader's goes by: the items that are added up, on which tiers (none: all), of
    which members: ``department`` or ``company``."""

    items: tuple[str, ...]
    tiers: frozenset[int]
    within: str


class Sum(NamedTuple):
    """What of an agent's own pay is added up: these items of a month; of a longer period
    (``grain``) what its months come to (``gather``)."""

    items: tuple[str, ...]
    grain: str = MONTH
    gather: str = SUM

    def months(self, month: date) -> list[date]:
        """The months of the period that ends with this one, oldest first; none where none does."""
        if not closes(self.grain, month):
            return []
        first = period_start(self.grain, month)
        return [add_months(first, number) for number in range(LENGTHS[self.grain])]


@dataclass(frozen=True, slots=True)
class Fine:
    """What a payslip may still take of one fine (W5); oldest first in a sequence."""

    violation: int
    due: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """A tier held from ``start`` to ``end``, both within the pay month (W3, W6).

    ``tier`` is None for days under contract off the ladder, paid by ``agreed`` alone.

    :param amounts: what the policy's own items are for tier, department and post: (code, amount)
    :param raises: what the person is paid more in these days, each a :class:`Raise`
    """

    tier: int | None
    start: date
    end: date
    agreed: Decimal | None = None
    full_time: Fraction = Fraction(1)
    amounts: tuple[tuple[str, Decimal], ...] = ()
    raises: tuple["Raise", ...] = ()

    @property
    def days(self) -> int:
        """Calendar days, both ends included."""
        return (self.end - self.start).days + 1

    def pay(self, lines: Mapping[int, PayLine]) -> PayLine:
        """What these days are paid by."""
        line = lines[self.tier] if self.tier else NO_PAY
        return replace(line, amounts=dict(self.amounts)) if self.amounts else line

    def spans(self, lines: Mapping[int, PayLine]) -> Iterator[Span]:
        """These days as they are paid: another span from each day on which a raise begins or is
        over."""
        pay = self.pay(lines)
        begins = {self.start, *(each.start for each in self.raises)}
        begins |= {day_after(each.end) for each in self.raises if each.end < self.end}
        for start, after in pairwise([*sorted(begins), day_after(self.end)]):
            raised = defaultdict(Decimal)
            for each in self.raises:
                if each.start <= start <= each.end:
                    raised[each.code] += each.amount
            days = (after - start).days
            yield Span(days, pay, self.agreed, self.full_time, bool(self.tier), raised)


class Raise(NamedTuple):
    """What somebody is paid more of an item, a month, from the first to the last of these days."""

    code: str
    amount: Decimal
    start: date
    end: date


NO_PAY = PayLine(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Figures:
    """One agent's pay month, as it is known when the payslip is computed.

    :param month: first day of the pay month that is paid; it lasts from ``start`` to ``end`` (W8)
    :param results: first day of the month whose score and sales it pays (W8)
    :param policy: id of the policy version that it is paid by (O5)
    :param fines: what is still due of fines; ``differences``: what paid months turned out to
        have owed (W7)
    :param warnings: codes of what payroll should look at
    :param pays: codes of the items that the payslip's structure pays; None: all of them
    :param mirror: a credit note: it gives back all that the month's payslips took and settled
    :param joined: first day of the employment in the company (R5)
    :param values: further figures of the month of the results, by metric code
    """

    month: date
    start: date
    end: date
    results: date
    policy: int
    settings: Settings
    held: tuple[Held, ...]
    score: Decimal | None
    sales: Decimal | None
    absent: Fraction
    items: tuple[Item, ...]
    places: Decimal = CENT
    fines: tuple[Fine, ...] = ()
    differences: tuple[Difference, ...] = ()
    warnings: tuple[str, ...] = ()
    rank: int = 0
    mirror: bool = False
    joined: date | None = None
    pays: tuple[str, ...] | None = None
    values: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """Calendar days of the pay month."""
        return (self.end - self.start).days + 1

    @property
    def due(self) -> Decimal:
        """Fines due: those of the month and what earlier ones could not take (W5)."""
        return sum((fine.due for fine in self.fines), Decimal(0))

    @property
    def share(self) -> Fraction:
        """The part of the appraisal pay that the score earns (W2)."""
        return appraisal_share(self.settings, self.score)

    def item(self, code: str) -> Item | None:
        """The item of this code; None where none is declared: its addon may be gone."""
        return next((item for item in self.items if item.code == code), None)


@dataclass(slots=True)
class Settlement:
    """What one payslip settles, as it is being computed: its gross is known line by line.

    Asked first for arrears, at the gross of that moment, then for the fines, which take what
    the arrears leave of the limit (W5, W7).
    """

    figures: Figures
    settled: tuple[Settled, ...] | None = None
    taken: Decimal = field(default=Decimal(0))

    def arrears(self, code: str, total: Decimal) -> Decimal:
        """What is settled of one item, with its sign.

        :param total: the payslip's gross before arrears; the first call decides
        """
        if self.settled is None and self.figures.mirror:
            self.settled = tuple(Settled(each, each.amount) for each in self.figures.differences)
        # the first rule that asks decides by the gross of that moment: later ones have arrears in
        # it
        if self.settled is None:
            figures = self.figures
            own = {item.code: item.amount for item in figures.items}
            self.settled, _rest = settle(
                figures.settings, figures.differences, total, own, figures.places
            )
            self.taken = -sum(
                (
                    each.amount
                    for each in self.settled
                    if each.amount < 0 and not each.difference.returned
                ),
                Decimal(0),
            )
        return sum(
            (each.amount for each in self.settled if each.difference.code == code), Decimal(0)
        )

    def fine(self, total: Decimal) -> Decimal:
        """What is taken of the fines due, of a payslip whose gross is ``total`` now (W5)."""
        figures = self.figures
        if figures.mirror:
            return figures.due
        # arrears against the agent have lowered the gross already: the limit is that of before
        limit = fine_limit(figures.settings, total + self.taken) - Fraction(self.taken)
        return fine_taken(max(Fraction(0), limit), figures.due, figures.places)


def take(fines: Iterable[Fine], amount: Decimal) -> tuple[tuple[int, Decimal], ...]:
    """Spread what is taken over the fines, the oldest first (W5)."""
    takings = []
    for fine in fines:
        part = min(fine.due, amount)
        if part > 0:
            takings.append((fine.violation, part))
            amount -= part
    return tuple(takings)


def compute_items(
    terms: Terms,
    days: int,
    held: Iterable[Held],
    score: Decimal | None,
    sales: Decimal | None,
    absent: Fraction = Fraction(0),
    places: Decimal = CENT,
    values: Mapping[str, Decimal] | None = None,
    number: int = 0,
) -> tuple[Item, ...]:
    """The items of one pay month.

    :param days: calendar days of the pay month
    :param values: further figures by metric code
    :param number: which month of the year it is
    :raises KeyError: a tier held has no pay line
    """
    spans = tuple(span for each in held for span in each.spans(terms.lines))
    values, shares = values or {}, {}
    if terms.own:
        # score and sales, which a month of pay has anyway, are metrics like others to these
        known = {"month_score": score, "sales": sales}
        values = {**values, **{code: each for code, each in known.items() if each is not None}}
        shares = {
            code.removesuffix(SHARE): value
            for code, value in values.items()
            if code.endswith(SHARE)
        }
    month = Month(days, spans, score, sales, absent, places, values, shares, number)
    return pay_items(terms.items, terms.settings, month)


def spread(settled: Iterable[Settled], totals: Mapping[str, Decimal]) -> tuple[Settled, ...]:
    """What was computed to be settled, brought to what the payslip's lines say (W7).

    A line that was edited to less leaves the newest months unsettled; what it has beyond what
    was computed goes with the newest month, so that it is found again as a difference.

    :param totals: item -> total of its lines; an item without a line settles nothing
    """
    parts = []
    by_code = defaultdict(list)
    for each in settled:
        by_code[each.difference.code].append(each)
    for code, given in by_code.items():
        if code not in totals:
            continue
        ours = sorted(given, key=lambda each: each.difference.month)
        change = totals[code] - sum((each.amount for each in ours), Decimal(0))
        for number in reversed(range(len(ours))):
            amount = ours[number].amount
            # less of what was computed: taken back from the newest month on, but never beyond
            # nought
            if change and amount and (change > 0) != (amount > 0):
                taken = max(change, -amount) if change < 0 else min(change, -amount)
                ours[number] = Settled(ours[number].difference, amount + taken)
                change -= taken
        # more than was computed: it goes with the newest month, and is found as its difference
        # again
        if change:
            ours[-1] = Settled(ours[-1].difference, ours[-1].amount + change)
        parts += [each for each in ours if each.amount]
    return tuple(parts)
