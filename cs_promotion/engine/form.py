"""A form's score: items that are rated, measured, add, take away or fail (policy language,
*Scoring*).

A form is a set of parts. A part is one item, or all items of a section that are alike in
everything but their words: what raters give is summed up before it gets here, so that a form
of twenty plain items costs no more than its sections.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from .decimals import add_up, fraction, round_half_up
from .scale import Scale
from .scoring import Section, rater_total
from .scoring import score as mean_of_raters
from .vocabulary import Metric, PolicyError

# What an item does to the score
COUNTS, ADDS, TAKES, FAILS = "counts", "adds", "takes", "fails"
EFFECTS = (COUNTS, ADDS, TAKES, FAILS)

# What becomes of a measured item without a value
BLOCKS, NOTHING, LEFT_OUT = "blocks", "nothing", "left_out"
MISSING = (BLOCKS, NOTHING, LEFT_OUT)


@dataclass(frozen=True)
class Part:
    """One item of a form, or items alike.

    :param section: key of its section
    :param maximum: most points it can give; of what adds or takes away its cap, None for none
    :param effect: ``counts``, ``adds``, ``takes``, or ``fails``: then any points make the score
        ``falls_to``
    :param raters: codes of those who rate it; none: all who are asked
    :param metric: what is measured instead of rated; ``scale``: what becomes of the value
    :param percent: what comes out is a percentage of the maximum, not points
    :param missing: what happens where nothing was measured: ``blocks`` the closing, counts
        ``nothing``, or is ``left_out`` and the others' weights are scaled up
    """

    section: str
    maximum: Decimal | None
    effect: str = COUNTS
    raters: frozenset[str] = frozenset()
    metric: Metric | None = None
    scale: Scale | None = None
    percent: bool = False
    missing: str = BLOCKS
    falls_to: Decimal = Decimal(0)

    @property
    def waits(self) -> bool:
        """Whether there is no score before it is measured."""
        return self.metric is not None and self.missing == BLOCKS

    @cached_property
    def most(self) -> Fraction | None:
        """The maximum, exact."""
        return None if self.maximum is None else fraction(self.maximum)

    @cached_property
    def _for_one(self) -> Fraction:
        """Points for each of what comes out, where that is a percentage."""
        return self.most / 100

    def measure(self, value) -> Fraction:
        """The points of a measured value, within nought and the maximum, exact."""
        points = self.scale.of(value) if self.scale else fraction(value)
        if self.percent:
            points = points * self._for_one
        if points < 0:
            return Fraction()
        return points if self.most is None or points < self.most else self.most


@dataclass(frozen=True, slots=True)
class Voice:
    """What a rater's word weighs (S3).

    :param needed: no score without it; otherwise the others share its weight
    :param metric: who it is measured by instead of a person: customers, by a survey
    :param several: whether there are several of them, whose mean counts: colleagues
    """

    weight: Decimal
    needed: bool = True
    metric: Metric | None = None
    scale: Scale | None = None
    several: bool = False

    @property
    def is_measured(self) -> bool:
        """Whether a metric counts as what somebody says."""
        return self.metric is not None and self.weight > 0

    @property
    def waits(self) -> bool:
        """Whether there is no score before it is measured."""
        return self.is_measured and self.needed

    def measure(self, value) -> Fraction | None:
        """The total that a measured value counts as; None where there is none."""
        if value is None:
            return None
        return self.scale.of(value) if self.scale else fraction(value)


@dataclass(frozen=True)
class Form:
    """A form, and whose word it is.

    :param method: ``sum``, or ``weighted``: each section's points over its maximum, times its
        printed weight (S2)
    :param highest: the highest score there is
    """

    parts: Mapping[str, Part]
    sections: Mapping[str, Section] = field(default_factory=dict)
    raters: Mapping[str, Voice] = field(default_factory=dict)
    method: str = "sum"
    highest: Decimal = Decimal(100)

    @cached_property
    def asked(self) -> list[str]:
        """The raters that fill the form in: one of weight 0 is not asked (S3), nor one who has
        nothing to rate."""
        rated = [part for part in self.parts.values() if part.metric is None]
        return [
            code
            for code, voice in self.raters.items()
            if voice.weight > 0
            and voice.metric is None
            and any(not part.raters or code in part.raters for part in rated)
        ]

    @cached_property
    def weights(self) -> dict[str, Decimal]:
        """The weight of each rater, those that are not asked included."""
        return {code: voice.weight for code, voice in self.raters.items()}

    @cached_property
    def counting(self) -> dict[str, Part]:
        """The parts that count, by key."""
        return {key: part for key, part in self.parts.items() if part.effect == COUNTS}

    @cached_property
    def others(self) -> dict[str, Part]:
        """The parts that add, take away or let the score fall, by key: few, if any."""
        return {key: part for key, part in self.parts.items() if part.effect != COUNTS}

    @cached_property
    def whole(self) -> Fraction:
        """The most points of all parts that count together."""
        return add_up(part.most for part in self.counting.values())

    @cached_property
    def top(self) -> Fraction:
        """The highest score there is, exact."""
        return fraction(self.highest)

    @cached_property
    def customers(self) -> list[Voice]:
        """The raters that are measured instead of asked."""
        return [voice for voice in self.raters.values() if voice.is_measured]

    @cached_property
    def is_plain(self) -> bool:
        """Whether everyone who is asked rates all of it, and all of it counts: as S2 and S3 are,
        and nearly all forms. Such a score is a sum and one division."""
        return all(
            part.effect == COUNTS and part.metric is None and not part.raters
            for part in self.parts.values()
        ) and all(
            voice.metric is None and voice.needed and not voice.several
            for voice in self.raters.values()
        )

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """What has to be measured for it, by code."""
        asked = [*self.parts.values(), *self.raters.values()]
        return {each.metric.code: each.metric for each in asked if each.metric}

    def check(self, name: Callable[[Any], str] = str):
        """Raise :class:`PolicyError` for a form that nobody could be scored by.

        :param name: of the key of an item what people call it
        """
        for key, part in self.parts.items():
            try:
                self._check_part(part)
            except PolicyError as error:
                raise PolicyError(f"item {name(key)}: {error}") from None
        if not any(part.effect == COUNTS for part in self.parts.values()):
            raise PolicyError("no item of the form counts")
        asked = [voice for voice in self.raters.values() if voice.weight > 0]
        if asked and not any(voice.needed for voice in asked):
            raise PolicyError("one rater at least is needed")
        for code, voice in self.raters.items():
            if voice.scale:
                voice.scale.check()
            if voice.weight < 0:
                raise PolicyError(f"rater {code}: a weight is not below nought")

    def _check_part(self, part: Part):
        if part.effect not in EFFECTS or part.missing not in MISSING:
            raise PolicyError(f"{part.effect!r}, missing {part.missing!r}")
        if part.maximum is None and (part.effect == COUNTS or part.percent):
            raise PolicyError("it needs its most points")
        if part.maximum is not None and part.maximum <= 0 and part.effect != FAILS:
            raise PolicyError(f"{part.maximum} are no points")
        for code in part.raters - set(self.raters):
            raise PolicyError(f"unknown rater {code!r}")
        if part.scale:
            part.scale.check()


@dataclass(frozen=True, slots=True)
class Result:
    """What a form came to.

    :param score: rounded once (S4); None while something is missing
    :param points: key of a part -> exact points; of one that is left out None. Of a plain form
        there are none, as its raters' sheets say it all
    :param failed: keys of what made the score fall
    :param missing: raters' and metrics' codes that are waited for
    """

    score: Decimal | None
    points: Mapping[str, Fraction | None] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def evaluate(
    form: Form,
    rated: Mapping[str, Mapping[str, Decimal]],
    measured: Mapping[str, Fraction | Decimal | None] | None = None,
) -> Result:
    """The score of one agent.

    :param rated: code of a rater whose form is in -> key of a part -> points given
    :param measured: code of a metric -> value in the period, None where there is none
    """
    if form.is_plain:
        return _evaluate_plain(form, rated)
    measured = measured or {}
    asked = form.asked
    missing = [code for code in asked if form.raters[code].needed and code not in rated]
    voices = [code for code in asked if code in rated]
    points: dict[str, Fraction | None] = {}
    for key, part in form.parts.items():
        if part.metric:
            value = measured.get(part.metric.code)
            if value is not None:
                points[key] = part.measure(value)
            elif part.missing == BLOCKS:
                missing.append(part.metric.code)
            else:
                points[key] = Fraction() if part.missing == NOTHING else None
        else:
            points[key] = _rated(form, part, key, rated, voices)
    if missing:
        return Result(None, points, missing=tuple(dict.fromkeys(missing)))
    total, lacking = _weigh_customers(form, _total(form, points), measured, voices)
    if total is None or lacking:
        return Result(None, points, missing=tuple(lacking))
    total, failed = _adjusted(form, total, points)
    return Result(round_half_up(total), points, failed)


def _adjusted(
    form: Form, total: Fraction, points: Mapping[str, Fraction | None]
) -> tuple[Fraction, tuple[str, ...]]:
    """The total with what adds to it and takes from it, between nought and the highest score; and
    what let it fall, as far as that says."""
    for key, part in form.others.items():
        if part.effect == ADDS:
            total += points[key] or 0
        elif part.effect == TAKES:
            total -= points[key] or 0
    total = max(Fraction(), min(total, form.top))
    failed = tuple(
        key for key, part in form.others.items() if part.effect == FAILS and (points[key] or 0) > 0
    )
    falls = [fraction(form.parts[key].falls_to) for key in failed]
    return min((total, *falls)), failed


def section_points(
    form: Form, rated: Mapping[str, Mapping[str, Decimal]], points: Mapping[str, Fraction | None]
) -> dict[str, tuple[Fraction, Fraction]]:
    """Section -> what counts in it, and the most that it could be, without what is left out.

    :param points: those of a :class:`Result`; of a plain form there are none
    """
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for key, part in form.parts.items():
        given = points.get(key) if points else item_points(form, part, _of_part(rated, key))
        if part.effect == COUNTS and given is not None:
            so_far, most = found.get(part.section, (Fraction(), Fraction()))
            found[part.section] = so_far + given, most + fraction(part.maximum)
    return found


def item_points(form: Form, part: Part, given: Mapping[str, Decimal]) -> Fraction | None:
    """What raters gave together for a part; None where nobody rates it.

    :param given: code of a rater -> points
    """
    voices = [code for code in form.asked if code in given]
    rated = {code: {0: given[code]} for code in voices}
    return _rated(form, part, 0, rated, voices)


def _of_part(rated, key) -> dict[str, Decimal]:
    return {code: parts.get(key, Decimal(0)) for code, parts in rated.items()}


def _evaluate_plain(form: Form, rated) -> Result:
    """S2 and S3 as they are: by decimals, which is many times quicker than by fractions."""
    totals = {}
    for code in rated:
        sections = dict.fromkeys(form.sections, Decimal(0))
        for key, points in rated[code].items():
            sections[form.parts[key].section] += points
        totals[code] = rater_total(sections, form.sections, form.method)
    return Result(
        mean_of_raters(totals, form.weights),
        missing=tuple(code for code in form.asked if code not in totals),
    )


def _rated(form: Form, part: Part, key: str, rated, voices) -> Fraction | None:
    """The mean of what those give who rate it, by their weights; None where nobody does."""
    given = [
        (fraction(rated[code].get(key, 0)), fraction(form.raters[code].weight))
        for code in voices
        if not part.raters or code in part.raters
    ]
    if not given:
        return None
    if len(given) == 1:
        points = given[0][0]
    else:
        weights = add_up(weight for _each, weight in given)
        points = add_up(each * weight for each, weight in given) / weights
    if part.effect == COUNTS or part.maximum is None:
        return points
    return min(points, fraction(part.maximum))


def _total(form: Form, points: Mapping[str, Fraction | None]) -> Fraction | None:
    """What counts, the parts that are left out made up for by the others; None of nothing."""
    there = {key: part for key, part in form.counting.items() if points[key] is not None}
    if not there:
        return None
    if form.method == "sum":
        total = add_up(points[key] for key in there)
        if len(there) == len(form.counting):
            return total
        return total * form.whole / add_up(part.most for part in there.values())
    given: dict[str, Fraction] = {}
    known: dict[str, Fraction] = {}
    for key, part in there.items():
        given[part.section] = given.get(part.section, Fraction()) + points[key]
        known[part.section] = known.get(part.section, Fraction()) + part.most
    counting = {part.section for part in form.counting.values()}
    weights = {key: fraction(form.sections[key].weight) for key in counting}
    total = sum((given[key] / known[key] * weights[key] for key in known), Fraction())
    reached = sum((weights[key] for key in known), Fraction())
    return total * sum(weights.values(), Fraction()) / reached if reached else None


def _weigh_customers(form: Form, total: Fraction | None, measured, voices):
    """The total with what raters say that are measured, and the metrics that are waited for.

    The total weighs what those weigh who gave it: who is left out leaves the weight to all others.
    """
    if not form.customers:
        return total, []
    parts, lacking = [], []
    if total is not None:
        there = (fraction(form.raters[code].weight) for code in voices or form.asked)
        people = sum(there, Fraction())
        parts.append((total, people or Fraction(1)))
    for voice in form.customers:
        value = measured.get(voice.metric.code)
        if value is not None:
            parts.append((voice.measure(value), fraction(voice.weight)))
        elif voice.needed:
            lacking.append(voice.metric.code)
    if not parts:
        return None, lacking
    weights = sum((weight for _total, weight in parts), Fraction())
    return sum((each * weight for each, weight in parts), Fraction()) / weights, lacking
