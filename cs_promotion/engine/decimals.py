"""Exact numbers: floats are read by their shortest spelling, rounding is decimal (S4)."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import lcm

CENT = Decimal("0.01")
HALF = Fraction(1, 2)


def decimal(value) -> Decimal:
    """``value`` (int, str, float, Decimal) as the decimal number a person would read.

    A float goes by its shortest representation, so that 0.1 is one tenth.
    """
    if isinstance(value, Decimal):
        return value
    return Decimal(repr(value) if isinstance(value, float) else str(value))


def plain(value) -> str:
    """``value`` as a person writes it: ``95`` for 95.00, ``94.5`` for 94.50; a fraction to two
    decimals."""
    value = round_half_up(value) if isinstance(value, Fraction) else value
    return f"{decimal(value).normalize():f}"


def fraction(value) -> Fraction:
    """``value`` as an exact fraction, read like :func:`decimal`."""
    return value if isinstance(value, Fraction) else Fraction(decimal(value))


def terminating(value) -> Decimal | Fraction:
    """``value`` as a decimal where it is one, else as it is: a third has no last digit."""
    if not isinstance(value, Fraction):
        return Decimal(value)
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return number if Fraction(number) == value else value


def round_half_up(value, places: Decimal = CENT) -> Decimal:
    """``value`` rounded half up, away from zero, to ``places`` (S4, W4).

    Works on fractions exactly: the tie is decided before any division is cut off.
    """
    exact, step = fraction(value), _as_fraction(places)
    # by whole numbers, which is many times quicker than by fractions
    steps = abs(exact.numerator) * step.denominator
    size = exact.denominator * step.numerator
    steps = (2 * steps + size) // (2 * size)
    return Decimal(-steps if exact < 0 else steps) * places


def add_up(values: Iterable[Fraction]) -> Fraction:
    """The sum of fractions, exact: by one denominator for all, which is many times quicker than
    one after the other."""
    values = tuple(values)
    size = lcm(*(each.denominator for each in values))
    return Fraction(sum(each.numerator * (size // each.denominator) for each in values), size)


@cache
def _as_fraction(places: Decimal) -> Fraction:
    return Fraction(places)
