"""Scales: a number in, a number out (policy language, *Scale*).

Everything is exact: a ratio meets a scale as the fraction it is, and what comes out is rounded
by whoever uses it, once.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from .decimals import fraction
from .vocabulary import COMPARE, PolicyError

BANDS, LINE, MARGINAL = "bands", "line", "marginal"
MODES = (BANDS, LINE, MARGINAL)
EDGE = Fraction(1, 10**9)  # less than any bound can differ from another


@dataclass(frozen=True)
class Step:
    """One row of a scale.

    :param bound: where it is; None for a band that takes whatever no other did
    :param value: what comes out there; of a marginal scale the rate from there on
    :param operator: of a band: how a number is compared with the bound
    """

    bound: Decimal | None
    value: Decimal
    operator: str = ">="

    @cached_property
    def at(self) -> tuple[Fraction | None, Fraction]:
        """Where it is, and what comes out there, exact."""
        return None if self.bound is None else fraction(self.bound), fraction(self.value)

    def takes(self, number: Fraction) -> bool:
        """Whether this band is the one of the number."""
        return self.bound is None or COMPARE[self.operator](number, self.at[0])


@dataclass(frozen=True)
class Scale:
    """What becomes of a number.

    ``bands``: the value of the first step that takes it, nought where none does. ``line``: straight
    between the steps; outside the first and the last hold, unless ``below`` or ``above`` says
    otherwise. ``marginal``: each part of the number at the rate of its own step, that before the
    first one at none; what is negative at the first rate.

    :param floor: least that comes out; ``cap``: most
    """

    mode: str
    steps: tuple[Step, ...]
    below: Decimal | None = None
    above: Decimal | None = None
    floor: Decimal | None = None
    cap: Decimal | None = None
    code: str = ""

    def of(self, number) -> Fraction:
        """What comes out for ``number``, exact."""
        number = fraction(number)
        match self.mode:
            case "bands":
                value = self._band(number)
            case "line":
                value = self._line(number)
            case _:
                value = self._parts(number)
        if self.floor is not None:
            value = max(value, fraction(self.floor))
        return value if self.cap is None else min(value, fraction(self.cap))

    def _band(self, number: Fraction) -> Fraction:
        return next((each.at[1] for each in self.steps if each.takes(number)), Fraction())

    @cached_property
    def _pieces(self) -> list[tuple[Fraction, Fraction, Fraction]]:
        """Of a line: where each piece ends, how steep it is, and what would come out at nought."""
        pieces = []
        for (left, start), (right, end) in pairwise(each.at for each in self.steps):
            slope = (end - start) / (right - left)
            pieces.append((right, slope, start - slope * left))
        return pieces

    def _line(self, number: Fraction) -> Fraction:
        (first, low), (last, high) = self.steps[0].at, self.steps[-1].at
        if number < first:
            return low if self.below is None else fraction(self.below)
        if number > last:
            return high if self.above is None else fraction(self.above)
        for right, slope, start in self._pieces:
            if number <= right:
                return start + slope * number
        return low  # a single point, met exactly

    def _parts(self, number: Fraction) -> Fraction:
        bounds, rates = zip(*(each.at for each in self.steps), strict=True)
        if number < 0:
            return number * rates[0]
        total = Fraction()
        for index, (bound, rate) in enumerate(zip(bounds, rates, strict=True)):
            end = min(number, bounds[index + 1]) if index + 1 < len(bounds) else number
            total += max(Fraction(), end - bound) * rate
        return total

    def check(self):
        """Raise :class:`PolicyError` for a scale with a part that no number ever reaches."""
        try:
            self._check()
        except PolicyError as error:
            raise PolicyError(f"scale {self.code}: {error}" if self.code else str(error)) from None

    def _check(self):
        if self.mode not in MODES:
            raise PolicyError(f"unknown mode {self.mode!r}")
        if not self.steps:
            raise PolicyError("it has no step")
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise PolicyError(f"its floor {self.floor} lies above its cap {self.cap}")
        if self.mode == BANDS:
            self._check_bands()
            return
        bounds = [each.bound for each in self.steps]
        if None in bounds:
            raise PolicyError("a step has no bound")
        for left, right in pairwise(bounds):
            if left >= right:
                raise PolicyError(f"{right} does not lie above {left}, the step before it")
        if self.mode == MARGINAL and bounds[0] < 0:
            raise PolicyError(f"its first part begins at {bounds[0]}, below nought")

    def _check_bands(self):
        for each in self.steps:
            if each.operator not in COMPARE:
                raise PolicyError(f"unknown operator {each.operator!r}")
        bounds = sorted({fraction(each.bound) for each in self.steps if each.bound is not None})
        around = [bound + move for bound in bounds for move in (-EDGE, 0, EDGE)] or [Fraction()]
        taken = {
            next((i for i, each in enumerate(self.steps) if each.takes(n)), -1) for n in around
        }
        for index, each in enumerate(self.steps):
            if index not in taken:
                rest = "" if each.bound is None else f" {each.operator} {each.bound}"
                raise PolicyError(f"band {index + 1}{rest} is never reached")
