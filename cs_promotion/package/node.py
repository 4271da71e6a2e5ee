"""JSON that is read key by key: every fault names the path at which it stands."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..engine.decimals import decimal


class ScenarioError(ValueError):
    """A fault in a scenario or a package: its JSON ``path``, and what is wrong there."""

    def __init__(self, path: str, fault: str):
        super().__init__(f"{path}: {fault}")
        self.path, self.fault = path, fault


def read_json(text: str):
    """The JSON in ``text``, numbers as they are written; no key is given twice.

    :raises ScenarioError: it is none
    """
    try:
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_no_doubles)
    except json.JSONDecodeError as error:
        raise ScenarioError("$", f"not JSON: {error}") from None
    except RecursionError:
        raise ScenarioError("$", "nested too deeply") from None


def _no_doubles(pairs):
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _value in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise ScenarioError("$", f"the key {double!r} is given twice in one object")
    return values


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value with its path."""

    path: str
    value: Any

    def fail(self, fault: str):
        """Raise the fault at this path."""
        raise ScenarioError(self.path, fault)

    def object(self, required=(), optional=()) -> dict[str, "Node"]:
        """The members of an object that has these keys and no others."""
        members = self.members()
        for key in required:
            if key not in members:
                self.fail(f"the key {key!r} is missing")
        for key, node in members.items():
            if key not in required and key not in optional:
                node.fail("unknown key")
        return members

    def members(self) -> dict[str, "Node"]:
        """The members of an object with any keys."""
        if not isinstance(self.value, dict):
            self.fail("an object is expected")
        return {key: Node(f"{self.path}.{key}", value) for key, value in self.value.items()}

    def list(self) -> list["Node"]:
        """The entries of a list."""
        if not isinstance(self.value, list):
            self.fail("a list is expected")
        return [Node(f"{self.path}[{i}]", value) for i, value in enumerate(self.value)]

    def text(self) -> str:
        """A string that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.fail("a text is expected")
        return self.value

    def choice(self, words) -> str:
        """One of ``words``."""
        if self.value not in words:
            self.fail(f"{self.value!r} is not one of {', '.join(words)}")
        return self.value

    def date(self) -> date:
        """A date, ``2026-01-31``."""
        if isinstance(self.value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", self.value):
            with suppress(ValueError):
                return date.fromisoformat(self.value)
        self.fail(f"{self.value!r} is not a date")

    def month(self) -> date:
        """The first day of a month, ``2026-01``."""
        if isinstance(self.value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", self.value):
            with suppress(ValueError):  # the year 0
                return date.fromisoformat(f"{self.value}-01")
        self.fail(f"{self.value!r} is not a month")

    def whole(self, low=0) -> int:
        """A whole number not below ``low``."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fail(f"{self.value!r} is not a whole number")
        if not low <= self.value < 2**31:
            self.fail(f"{self.value} is out of range")
        return self.value

    def number(self, places=2, low: Decimal | None = Decimal(0)) -> Decimal:
        """A number, also as a string, with at most ``places`` decimals, not below ``low``."""
        value = self.value
        if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
            value = Decimal(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.fail(f"{self.value!r} is not a number")
        value = decimal(value)
        if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
            self.fail(f"{self.value} is out of range")
        if value != round(value, places):
            self.fail(f"{self.value} has more than {places} decimals")
        if low is not None and value < low:
            self.fail(f"{self.value} is negative")
        return value

    def flag(self) -> bool:
        """true or false."""
        if not isinstance(self.value, bool):
            self.fail("true or false is expected")
        return self.value
