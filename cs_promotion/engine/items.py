"""Pay items as a policy says them (policy language, *Pay*): what they are of, what multiplies
them, when they are paid at all. :mod:`.pay` rounds and adds them up.

No item is a free formula. Each is of an amount by rung, of a metric, or of a share of a pool;
factors multiply it, conditions let it through, a floor and a cap hold it.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .decimals import fraction
from .facts import OPERATORS, Settings
from .pay import Month, PayItem, appraisal_share
from .scale import Scale
from .vocabulary import COMPARE, Metric, PolicyError

AMOUNT, METRIC, POOL = "amount", "metric", "pool"
BASES = (AMOUNT, METRIC, POOL)

# What may multiply an item
SCORE, CLASS, VALUE, FULL_TIME, FIXED = "score", "class", "metric", "full_time", "fixed"
FACTORS = (SCORE, CLASS, VALUE, FULL_TIME, FIXED)
COEFFICIENT = "class_coefficient"  # among the values of a month


@dataclass(frozen=True, slots=True)
class Factor:
    """What multiplies an item: the share that the score earns (W2), the coefficient of the class,
    a metric (through a scale), the share of full time worked, or a fixed number."""

    kind: str
    metric: Metric | None = None
    scale: Scale | None = None
    number: Decimal = Decimal(1)

    def of(self, settings: Settings, month: Month) -> Fraction:
        """What it is in a month; nought where it is not known."""
        match self.kind:
            case "score":
                return appraisal_share(settings, month.score)
            case "class":
                return fraction(month.values.get(COEFFICIENT, 0))
            case "full_time":
                days = sum(span.days for span in month.spans)
                worked = sum((span.full_time * span.days for span in month.spans), Fraction())
                return worked / days if days else Fraction(0)
            case "metric":
                value = month.values.get(self.metric.code)
                if value is None:
                    return Fraction(0)
                return self.scale.of(value) if self.scale else fraction(value)
            case _:
                return fraction(self.number)


@dataclass(frozen=True, slots=True)
class Proviso:
    """A condition on an item: a metric of the month compared with a value. What is not known
    meets none."""

    metric: Metric
    operator: str
    value: Decimal
    value_max: Decimal | None = None

    def holds(self, month: Month) -> bool:
        """Whether the item is paid for it."""
        found = month.values.get(self.metric.code)
        if found is None:
            return False
        if self.operator == "between":
            return self.value < found < self.value_max
        return COMPARE[self.operator](found, self.value)


@dataclass(frozen=True, slots=True)
class Terms:
    """One pay item of a policy.

    :param of: ``amount``: what its rung is paid, by days held where ``by_days``; ``metric``: a
        value of the month, times the rung's amount (weighted by the days held) or through a
        scale; ``pool``: the agent's share of a department's or company's figure
    :param percent: the rungs' amounts, or what the scale gives, are percent of the metric
    :param factors: what multiplies it; ``provisos``: all have to hold
    :param floor: least it is where it is paid at all; ``cap``: most
    :param leave: whether unpaid leave reduces it, by the choices of *unpaid leave reduces* (W6)
    """

    code: str
    of: str = AMOUNT
    metric: Metric | None = None
    scale: Scale | None = None
    percent: bool = False
    by_days: bool = True
    factors: tuple[Factor, ...] = ()
    provisos: tuple[Proviso, ...] = ()
    floor: Decimal | None = None
    cap: Decimal | None = None
    leave: tuple[str, ...] = ("all",)

    def item(self, name: str = "", alike: str = "") -> PayItem:
        """The item as payslips compute it."""
        return PayItem(self.code, self.compute, self.leave, self._rests_on(), alike, name)

    def compute(self, settings: Settings, month: Month):
        """Basis, rate and exact parts in a month, as a :class:`~.pay.PayItem` has to say them."""
        if not all(each.holds(month) for each in self.provisos):
            return Fraction(0), Fraction(0), (Fraction(0),)
        basis, rate, parts = {AMOUNT: self._amount, METRIC: self._metric, POOL: self._pool}[
            self.of
        ](month)
        for factor in self.factors:
            number = factor.of(settings, month)
            rate, parts = rate * number, tuple(part * number for part in parts)
        return self._hold(basis, rate, parts)

    def _amount(self, month: Month):
        spans = [span for span in month.spans if span.on_ladder]
        if self.by_days:
            parts = tuple(self._of(span) * span.days / month.days for span in spans)
        else:  # the rung held last is paid for the month
            parts = (self._of(spans[-1]),) if spans else ()
        return sum(parts, Fraction(0)), Fraction(1), parts or (Fraction(0),)

    def _metric(self, month: Month):
        value = fraction(month.values.get(self.metric.code, 0))
        if self.scale is None:
            return self._by_rung(value, month)
        found = self.scale.of(value)
        if self.percent:
            return value, found / 100, (value * found / 100,)
        return found, Fraction(1), (found,)

    def _by_rung(self, value: Fraction, month: Month):
        spans = [span for span in month.spans if span.on_ladder]
        days = sum(span.days for span in spans) or 1
        rates = [self._of(span) * span.days / days for span in spans]
        if self.percent:
            rates = [rate / 100 for rate in rates]
        parts = tuple(value * rate for rate in rates)
        return value, sum(rates, Fraction(0)), parts or (Fraction(0),)

    def _pool(self, month: Month):
        basis, rate, parts = self._metric(month)
        share = month.shares.get(self.code, Fraction(0))
        return basis, rate * share, tuple(part * share for part in parts)

    def _of(self, span) -> Fraction:
        """What the rung of these days is paid for this item."""
        return fraction(span.pay.amounts.get(self.code, 0))

    def _hold(self, basis: Fraction, rate: Fraction, parts: tuple[Fraction, ...]):
        """Within floor and cap: then it is one part, whatever it was made of."""
        total = held = sum(parts, Fraction(0))
        if self.floor is not None:
            held = max(held, fraction(self.floor))
        if self.cap is not None:
            held = min(held, fraction(self.cap))
        if held == total:
            return basis, rate, parts
        return (basis, held / basis, (held,)) if basis else (held, Fraction(1), (held,))

    def _rests_on(self) -> frozenset[str]:
        codes = {each.metric.code for each in (*self.factors, *self.provisos) if each.metric}
        if self.metric:
            codes.add(self.metric.code)
        kinds = {factor.kind for factor in self.factors}
        codes |= {"score"} & kinds | ({COEFFICIENT} if CLASS in kinds else set())
        return frozenset(codes | {"tier", "days", "policy", "leave"})

    def check(self):
        """Raise :class:`PolicyError` for an item that nobody could be paid."""
        try:
            self._check()
        except PolicyError as error:
            raise PolicyError(f"pay item {self.code}: {error}") from None

    def _check(self):
        if self.of not in BASES:
            raise PolicyError(f"it is of {self.of!r}")
        if self.of != AMOUNT and self.metric is None:
            raise PolicyError(f"of a {self.of}, but no metric is said")
        if self.of == AMOUNT and (self.scale or self.percent):
            raise PolicyError("an amount has no scale and is no percentage")
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise PolicyError(f"its floor {self.floor} lies above its cap {self.cap}")
        for factor in self.factors:
            if factor.kind not in FACTORS or (factor.kind == VALUE) != bool(factor.metric):
                raise PolicyError(f"unknown factor {factor.kind!r}, or one without its metric")
        for each in self.provisos:
            if each.operator not in OPERATORS:
                raise PolicyError(f"unknown operator {each.operator!r}")
            if each.operator == "between" and (each.value_max or each.value) <= each.value:
                raise PolicyError("'between' needs a value below its upper value")
        for scale in (self.scale, *(factor.scale for factor in self.factors)):
            if scale:
                scale.check()
