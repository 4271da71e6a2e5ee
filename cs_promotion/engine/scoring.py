"""Scores and ranks: S2-S4, R2-R4, V3."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .decimals import fraction, round_half_up
from .policy import Settings


class Section(NamedTuple):
    """One section of the scorecard: its printed weight in percent, its maximum points."""

    weight: Decimal
    maximum: Decimal


def rater_total(
    points: Mapping[str, Decimal], sections: Mapping[str, Section], method: str
) -> Decimal | Fraction:
    """A rater's total from the points of each section (S2), exact.

    :param points: section key -> sum of the points of its items
    :param method: ``sum``, or ``weighted``: each section's points over its maximum,
        times its printed weight
    """
    if method == "sum":
        return sum(points.values(), Decimal(0))
    return sum(
        (
            fraction(points[key]) / fraction(section.maximum) * fraction(section.weight)
            for key, section in sections.items()
        ),
        Fraction(0),
    )


def asked(raters: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The raters that are asked, with their weight: one of weight 0 is not (S3)."""
    return {code: weight for code, weight in raters.items() if weight > 0}


def score(
    totals: Mapping[str, Decimal | Fraction], raters: Mapping[str, Decimal]
) -> Decimal | None:
    """The score from the raters' totals (S3, S4); None while one that is asked is missing.

    :param totals: code of a rater -> total of the submitted sheet
    :param raters: code of a rater -> weight
    """
    weights = asked(raters)
    if not weights or any(code not in totals for code in weights):
        return None
    weighted = sum(
        # decimals and fractions do not mix: a sum is the one, a weighted total the other
        total * (weight if isinstance(total, Decimal) else fraction(weight))
        for code, weight in weights.items()
        for total in [totals[code]]
    )
    return round_half_up(fraction(weighted) / fraction(sum(weights.values())))


def of_months(
    scores: Iterable[Decimal | None], months: int, method: str = "average", least: int = 0
) -> Decimal | None:
    """What the monthly scores of a longer period come to, rounded; None unless all are there, or as
    many as are enough.

    It is rounded before anything is compared, ranks included, so equal ones as shown share a
    rank (S4).

    :param months: how many there have to be
    :param method: ``average``, ``sum``; by ``none`` there is no such period
    :param least: how many are enough; 0: all
    """
    scores = [value for value in scores if value is not None]
    needed = min(least, months) if least else months
    if method == "none" or not scores or len(scores) < needed:
        return None
    total = fraction(sum(scores))
    return round_half_up(total if method == "sum" else total / len(scores))


def mean_of_three(scores: Iterable[Decimal | None]) -> Decimal | None:
    """Mean of a quarter's three monthly scores, rounded; None unless all three are there.

    It ranks the quarter (R4) and, by ``average``, is its score (R3).
    """
    return of_months(scores, 3)


def quarter_score(scores: Iterable[Decimal | None]) -> Decimal | None:
    """The quarterly score by ``average`` (R3, S4); None unless all three are there."""
    return mean_of_three(scores)


def ranks(scores: Mapping[object, Decimal]) -> dict[object, int]:
    """Key -> rank: best first, equal scores share the better rank: 1, 2, 2, 4 (R2)."""
    # the first place at which a value stands is the rank of all that have it
    ordered = sorted(scores.values(), reverse=True)
    first: dict[Decimal, int] = {}
    for position, value in enumerate(ordered, start=1):
        first.setdefault(value, position)
    return {key: first[value] for key, value in scores.items()}


def ranks_from_bottom(scores: Mapping[object, Decimal]) -> dict[object, int]:
    """Key -> place from the bottom: the last one first, equal scores share the place nearer to it:
    1, 1, 3."""
    return ranks({key: -value for key, value in scores.items()})


def places(points: Mapping[object, Any], lowest_first: bool = False) -> dict[object, Any]:
    """Key -> the place that its point of one period has among all of these, as a point: the
    highest value first, or the lowest; equal ones share the better place.

    :param points: key -> :class:`~.series.Point`
    """
    rank = ranks_from_bottom if lowest_first else ranks
    found = rank({key: point.value for key, point in points.items()})
    return {key: point._replace(value=found[key], of=len(found)) for key, point in points.items()}


def complaint_rate_reached(handled: int, complaints: int, settings: Settings) -> bool:
    """Whether a month's complaint rate is at or over the limit (V1, V3)."""
    # multiplied instead of divided: the limit itself is reached, whatever a quotient is cut to
    return handled > 0 and complaints * 100 >= settings.complaint_rate_limit * handled
