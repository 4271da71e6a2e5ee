"""What paid months turn out to have owed, settled with the next payslip (W5, W7).

A paid month is compared for ever: what its items are worth by the facts as they are now, less
what they were worth when it was paid, less what later payslips settled of that. What is left
is a :class:`Difference`. In the agent's favour it is paid whole; against the agent it is taken
within the limits of W5, before the fines, oldest month first, and the rest is carried.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .decimals import CENT, fraction, round_half_up
from .pay import fine_limit
from .policy import Settings


@dataclass(frozen=True, slots=True)
class Difference:
    """What is open of one item of one paid month: above nought the company owes it.

    ``returned`` marks what an item fell below nought, as goods sent back take from a commission:
    it comes off that item alone. ``ref`` is whatever the caller wants back.
    """

    month: date
    code: str
    amount: Decimal
    returned: bool = False
    ref: object = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What one payslip settles of one difference, with its sign."""

    difference: Difference
    amount: Decimal


def settle(
    settings: Settings,
    differences: Iterable[Difference],
    total: Decimal,
    own: Mapping[str, Decimal] | None = None,
    places: Decimal = CENT,
) -> tuple[tuple[Settled, ...], Fraction]:
    """What a payslip settles, and what the limit of W5 leaves for fines.

    :param total: the payslip's gross before anything is settled
    :param own: its own items by code: what one of them fell below nought comes off the same one
    :return: the settled parts, oldest month first, none of them nil; and the
        rest of the limit, exact
    """
    # the oldest first: what is carried is the newest, and goes first next time
    ordered = sorted(differences, key=_order)
    paid = [Settled(each, each.amount) for each in ordered if each.amount > 0]
    returned = [each for each in ordered if each.amount < 0 and each.returned]
    against = [each for each in ordered if each.amount < 0 and not each.returned]
    # what the company owes is paid with it, and makes room for what it takes
    total += _sum(paid)
    rooms = {each.code: (own or {}).get(each.code, Decimal(0)) for each in returned}
    back = []
    for code, room in rooms.items():
        ours = [each for each in returned if each.code == code]
        # what is paid of the same item for earlier months gives back too
        grown = room + _sum(each for each in paid if each.difference.code == code)
        back += _take(ours, grown, places)[0]
    # what goods sent back took lowers the gross itself: the limit is that of what is left
    taken, limit = _take(against, fine_limit(settings, total + _sum(back)), places)
    both = sorted((*paid, *back, *taken), key=lambda each: _order(each.difference))
    return tuple(both), limit


def _take(
    differences: Iterable[Difference], room: Decimal | Fraction, places: Decimal
) -> tuple[list[Settled], Fraction]:
    """What is taken of differences against the agent, in their order, and what is left of the
    room. Rounded half up, the last one may take a cent more than there is: nought is left."""
    taken, room = [], max(Fraction(0), fraction(room))
    for each in differences:
        part = round_half_up(min(fraction(-each.amount), room), places)
        if part:
            taken.append(Settled(each, -part))
            room = max(Fraction(0), room - fraction(part))
    return taken, room


def _order(difference: Difference) -> tuple[date, str]:
    return difference.month, difference.code


def _sum(settled: Iterable[Settled]) -> Decimal:
    return sum((each.amount for each in settled), Decimal(0))
