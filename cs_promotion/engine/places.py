"""Places: how many may be on a rung, and who of those eligible gets the free ones (policy
language, *Moves*)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from .decimals import fraction
from .vocabulary import PolicyError


@dataclass(frozen=True, slots=True)
class Places:
    """How many a department, a post or the company may have on a rung.

    :param number: so many; ``percent``: or so many of those who are counted, rounded down
    """

    number: int | None = None
    percent: Decimal | None = None

    def free(self, counted: int, held: int) -> int:
        """How many are free: nobody is moved down where more are held than there are.

        :param counted: on how many people the share is taken
        :param held: how many are on the rung already
        """
        allowed = self.number if self.number is not None else counted
        if self.percent is not None:
            allowed = min(allowed, floor(fraction(self.percent) * counted / 100))
        return max(0, allowed - held)

    def check(self):
        """Raise :class:`PolicyError` where it says nothing, or nonsense."""
        if self.number is None and self.percent is None:
            raise PolicyError("places: neither a number nor a share is said")
        if (self.number or 0) < 0 or not 0 <= (self.percent or 0) <= 100:
            raise PolicyError("places: a number is not below nought, a share 0 to 100 %")


def fill(free: int, eligible: Mapping[object, tuple]) -> list:
    """Who gets the free places: the keys with the greatest order, best first.

    :param eligible: key -> what is compared, first things first, greater is better; what is not
        known (None) is less than anything. Whoever is alike in all of it is taken in the order
        of the keys, so that the same facts give the same result.
    """
    keys = sorted(eligible)
    keys.sort(
        key=lambda key: tuple((each is not None, each or 0) for each in eligible[key]), reverse=True
    )
    return keys[: max(0, free)]
