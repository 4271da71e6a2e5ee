"""Provisos: what has to be so in a period for a pay item to be paid, or for a class to be open
(policy language, *Classes*, *Pay*)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .rule import OPERATORS
from .vocabulary import COMPARE, Metric, PolicyError


@dataclass(frozen=True, slots=True)
class Proviso:
    """A metric of the period compared with a value. What is not known meets none."""

    metric: Metric
    operator: str
    value: Decimal
    value_max: Decimal | None = None

    def holds(self, known: Mapping) -> bool:
        """Whether it is so, by what is known: code of a metric -> value in the period."""
        found = known.get(self.metric.code)
        if found is None:
            return False
        if self.operator == "between":
            return self.value < found < self.value_max
        return COMPARE[self.operator](found, self.value)

    def check(self):
        """Raise :class:`PolicyError` where it says nothing that could be."""
        if self.operator not in OPERATORS:
            raise PolicyError(f"unknown operator {self.operator!r}")
        if self.operator == "between" and (self.value_max is None or self.value_max <= self.value):
            raise PolicyError("'between' needs a value below its upper value")
