"""What evidence keeps, as plain JSON, and the way back: each value is read by the type that it
should have, and refused where it is none."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

# what goes wrong in data of another shape, whichever value it is that is missing or odd
MALFORMED = (KeyError, IndexError, TypeError, ValueError, ArithmeticError, AttributeError)
PLAIN = {str, int, bool}
TOLD = (Decimal, Fraction, date)  # what is kept as text
EXACT_LENGTH = 100  # digits of a fraction that anything was ever put together to
LARGEST = Decimal("1e15")  # beyond it a number is no score, points or setting


class EvidenceError(ValueError, KeyError):
    """Evidence that cannot be read: not written by this software, or tampered with.

    Also a KeyError, which is what callers were told to expect of a key that is missing.
    """

    __str__ = Exception.__str__


def text(value):
    """A value as JSON keeps it: numbers that are no whole ones, and dates, as text."""
    if value is None or type(value) in PLAIN:  # nearly all: instances of others take longer
        return value
    return str(value) if isinstance(value, TOLD) else value


def plain(record) -> dict:
    """A dataclass with each field as :func:`text` gives it."""
    return {name: text(getattr(record, name)) for name in _names(type(record))}


def leave_out(kept: dict, *names: str) -> dict:
    """Without those of these that say nothing: what rests on none of it is written as ever."""
    return {name: value for name, value in kept.items() if value or name not in names}


@cache
def _names(cls) -> tuple[str, ...]:
    return tuple(each.name for each in fields(cls))


def read_back(cls, values: Mapping):
    """``values`` back into the dataclass ``cls``, by the types of its fields.

    What is missing has the default of its field; what is there besides is left alone.
    """
    given = {}
    for each in fields(cls):
        if each.name in values:
            given[each.name] = READERS.get(each.type, _as_it_is)(values[each.name])
        elif each.default is MISSING:
            raise EvidenceError(f"{cls.__name__} without {each.name}")
    return cls(**given)


def string(value) -> str:
    """A text."""
    if not isinstance(value, str):
        raise EvidenceError(f"{value!r} is no text")
    return value


def whole(value) -> int:
    """A whole number of a size that anything here has."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise EvidenceError(f"{value!r} is no whole number")
    return value


def number(value) -> Decimal:
    """A decimal number of such a size."""
    found = Decimal(value)
    if not found.is_finite() or abs(found) > LARGEST:
        raise EvidenceError(f"{value!r} is no number")
    return found


def value_of(value) -> Decimal | Fraction:
    """A number as it was found: a decimal, or a fraction that is none."""
    if isinstance(value, str) and "/" in value:
        return exact(value)
    return number(value)


def exact(value) -> Fraction:
    """A fraction, as its text says."""
    if not isinstance(value, str) or len(value) > EXACT_LENGTH:
        raise EvidenceError(f"{value!r} is no fraction")
    return Fraction(value)


def day(value) -> str:
    """A day, in ISO format."""
    return date.fromisoformat(value).isoformat()


def listed(value) -> list:
    """A list."""
    if not isinstance(value, list | tuple):
        raise EvidenceError(f"{value!r} is no list")
    return list(value)


def _as_it_is(value):
    return value


READERS = {
    Decimal: number,
    Decimal | Fraction: value_of,
    Decimal | None: lambda value: None if value is None else number(value),
    date: date.fromisoformat,
    int: whole,
    bool: bool,
    str: string,
}
