"""What paid months turned out to have owed: paid months compared with what is known now (W7).

Plain Python. Most paid months are worth what they were: that is seen by their facts, a short
text, and neither what the payslip kept is read nor anything computed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from odoo.addons.cs_promotion.engine.settlement import Difference

from .known import Known, NoPayLine, Period
from .own import Circle
from .record import (
    Cause,
    amount_of,
    find_causes,
    join_facts,
    join_period,
    pays,
    read_period,
    read_values,
    split_facts,
)


class Paid(NamedTuple):
    """A done payslip: whose, of which pay month, by which facts.

    :param credit: it gives back: a credit note
    :param refunded: a credit note gives it back
    """

    employee: int
    month: date
    slip: int
    facts: str | None
    credit: bool = False
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What is open of one item of one paid month of an agent, and why.

    ``beyond``: it lies further back than the company settles, or before joining; it is shown,
    not paid.
    """

    employee: int
    difference: Difference
    causes: tuple[Cause, ...]
    beyond: bool = False


def compare(
    known: Known,
    paid: Iterable[Paid],
    settled: Mapping[tuple, Decimal],
    load_kept: Callable[[list[int]], Mapping[int, Mapping]],
) -> list[Found]:
    """What is open of all these paid months, oldest first.

    :param settled: (employee, month, item, returned) -> what payslips have settled so far
    :param load_kept: ids of payslips -> what each of them keeps
    """
    slips, touched = defaultdict(list), {key[:2] for key in settled}
    for each in paid:
        slips[each.employee, each.month].append(each)
    # most months are worth what they were, which their facts tell: the others alone are read
    doubtful = {
        key: ours for key, ours in slips.items() if key in touched or not _is_unchanged(known, ours)
    }
    kept = load_kept([each.slip for ours in doubtful.values() for each in ours])
    found = []
    for (employee, month), ours in sorted(doubtful.items(), key=lambda each: each[0][::-1]):
        found += _compare(known, employee, month, ours, settled, kept)
    return found


def _is_unchanged(known: Known, slips: list[Paid]) -> bool:
    """Whether a paid month is by its facts worth what it was."""
    if len(slips) > 1 or slips[0].credit or not slips[0].facts:
        return False
    slip = slips[0]
    text, kept_score = split_facts(slip.facts)
    period, results = _read_period(text, slip.month)
    terms = known.ends.get(period.end)
    if terms is None:
        return True  # nothing says what was due
    if results in known.closed:
        result = known.results.get((slip.employee, results))
        kept_score = str(result.score) if result else ""
    sales = known.sales.get((slip.employee, results))
    if sales is not None and sales < 0:
        return False  # what came back is a difference though nothing changed
    held = known.held(slip.employee, period, terms)
    kept = read_values(slip.facts) if terms.own else None
    try:
        values = known.get_values(slip.employee, period, results, terms, held, kept)
    except Circle:
        return True  # nothing says what was due
    if any(value < 0 for value in values.values()):
        return False  # as of sales
    return slip.facts == join_facts(text, terms.policy, kept_score, sales, held, values)


@cache
def _read_period(text: str, month: date) -> tuple[Period, date]:
    period, results = read_period(text)
    return period._replace(month=month), results


def _compare(known, employee, month, slips, settled, kept) -> Iterator[Found]:
    """What is open of one paid month, item by item."""
    slips = [each for each in slips if "items" in kept.get(each.slip, ())]
    standing = [each for each in slips if not each.credit]
    standing = [each for each in standing if not each.refunded] or standing
    if sum(-1 if each.credit else 1 for each in slips) <= 0:
        # all of it was given back: nothing is paid, so nothing is compared. What had been
        # settled of it stays settled, until the month is paid anew.
        return
    last = kept[standing[-1].slip]
    try:
        now = _figures_now(known, employee, month, last)
    except (NoPayLine, Circle):
        return  # the policy of the month does not pay the tier: nothing says what was due
    if now is None:
        return
    for item in now.items:
        ours = [each for each in slips if pays(kept[each.slip], item.code)]
        if not ours:
            continue
        then = sum(
            (amount_of(kept[each.slip], item.code) * (-1 if each.credit else 1) for each in ours),
            Decimal(0),
        )
        paid = item.amount if item.declared.deducts else max(Decimal(0), item.amount)
        for returned, amount in ((False, paid - then), (True, item.amount - paid)):
            done = settled.get((employee, month, item.code, returned), Decimal(0))
            if amount == done:
                continue
            causes = find_causes(last, now, item)
            if returned and "sales" in item.declared.rests_on:
                causes = (Cause("returned", None, str(now.sales)),)
            if not causes and done:
                causes = (Cause("settled", None, str(done)),)
            if not causes and len(slips) > 1:
                causes = (Cause("twice", None, str(len(slips))),)
            difference = Difference(month, item.code, amount - done, returned, causes)
            yield Found(employee, difference, causes)


def _figures_now(known, employee, month, kept):
    """The figures of a paid month by what is known now, for the days it was paid for.

    As long as a month's review is open (it was re-opened, or never closed) its score is not
    known: the one that was paid by stands. Unpaid leave is what the payslip's worked days said.
    """
    text = join_period(kept["start"], kept["end"], kept["results"])
    period, results = _read_period(text, month)
    terms = known.ends.get(period.end)
    if terms is None:
        return None
    result = known.results.get((employee, results))
    score = result.score if result else None
    if results not in known.closed:
        score = None if kept["score"] is None else Decimal(kept["score"])
    sales = known.sales.get((employee, results))
    absent = Fraction(kept["absent"])
    values = {code: Fraction(value) for code, value in kept.get("values", {}).items()}
    return known.figures_of(employee, period, results, terms, score, sales, absent, kept=values)
