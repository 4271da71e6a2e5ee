"""Classes of a period: by bands of the score, or by shares of those ranked (policy language,
*Classes*)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import floor
from typing import NamedTuple

from .decimals import fraction, round_half_up
from .proviso import Proviso
from .scoring import ranks
from .vocabulary import Metric, PolicyError

LARGEST_REMAINDER, HALF_UP = "largest_remainder", "half_up"
ROUNDINGS = (LARGEST_REMAINDER, HALF_UP)


@dataclass(frozen=True, slots=True)
class Class:
    """One class: for a share of those ranked, in percent, or from a score on; for neither: the
    rest of those ranked.

    :param coefficient: what it multiplies pay by
    :param least: of those ranked, who has a lower score cannot be in it; 0: everyone may
    :param provisos: nor can who does not meet each of these
    """

    code: str
    share: Decimal | None = None
    score: Decimal | None = None
    coefficient: Decimal = Decimal(1)
    least: Decimal = Decimal(0)
    provisos: tuple[Proviso, ...] = ()

    @property
    def by_score(self) -> bool:
        """Whether the score alone decides."""
        return self.score is not None

    def admits(self, score: Decimal, known: Mapping) -> bool:
        """Whether somebody with this score may be in it.

        :param known: code of a metric -> value in the period
        """
        return score >= self.least and all(each.holds(known) for each in self.provisos)

    def check(self):
        """Raise :class:`PolicyError` where it contradicts itself."""
        try:
            if self.by_score and self.share is not None:
                raise PolicyError("by share or from a score, not both")
            if self.by_score and self.least:
                raise PolicyError(f"from {self.score} on, so it has no least score besides")
            for proviso in self.provisos:
                proviso.check()
        except PolicyError as error:
            raise PolicyError(f"class {self.code}: {error}") from None


class Placing(NamedTuple):
    """Who is in which class, by its code; and the better ones that passed somebody over although
    they had room."""

    codes: dict[object, str]
    passed: dict[object, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a policy, the best first.

    Those with at least the score ``ranked_from`` share out the classes that are by share. Each
    takes the best of those left who may be in it; places for which there is nobody go to the
    rest, or to the last one where shares come to all. Whoever is in none of these has the first
    class by score that is reached, and whose provisos hold.

    :param rounding: ``largest_remainder``: the counts come to all there are; ``half_up``: each
        count by itself, the rest takes what is left, wherever it stands
    """

    rows: tuple[Class, ...] = ()
    ranked_from: Decimal = Decimal(0)
    rounding: str = LARGEST_REMAINDER

    @property
    def metrics(self) -> dict[str, Metric]:
        """The metrics that provisos go by, by code."""
        provisos = (each for row in self.rows for each in row.provisos)
        return {each.metric.code: each.metric for each in provisos}

    def place(
        self, scores: Mapping[object, Decimal], ranked: bool = True, known: Mapping | None = None
    ) -> Placing:
        """Who is in which class; equal scores share the better one.

        :param scores: of all who are compared with each other: a department, a post, a company
        :param ranked: whether they are: of too few no class is shared out
        :param known: key -> code of a metric -> value in the period, where provisos ask
        """
        known = known or {}
        shared = [row for row in self.rows if ranked and not row.by_score]
        taking = {key: each for key, each in scores.items() if shared and each >= self.ranked_from}
        codes, passed = self._share_out(shared, taking, known)
        for key, score in scores.items():
            if key in codes:
                continue
            for row in self.rows:
                if not row.by_score or score < row.score:
                    continue
                if row.admits(score, known.get(key, {})):
                    codes[key] = row.code
                    break
                passed[key].append(row.code)
        return Placing(codes, self._better(codes, passed))

    def _share_out(self, shared: list[Class], scores: Mapping, known: Mapping):
        """Fill the classes by share from the best on, each with the best of those left who may be
        in it."""
        codes, passed = {}, defaultdict(list)
        places = defaultdict(list)
        for key, rank in ranks(scores).items():
            places[rank].append(key)
        left = [places[rank] for rank in sorted(places)]  # of equal scores together
        rest = next((row for row in shared if row.share is None), None)
        heir = rest or (shared[-1] if sum(row.share for row in shared) == 100 else None)
        too_many = empty = 0
        numbers = counts([row.share for row in shared], len(scores), self.rounding)
        for row, number in zip(shared, numbers, strict=True):
            room = number - too_many
            if row is heir:
                room, empty = room + empty, 0
            waiting = []
            for keys in left:
                if room <= 0:
                    waiting.append(keys)
                    continue
                taken = [key for key in keys if row.admits(scores[key], known.get(key, {}))]
                codes |= dict.fromkeys(taken, row.code)
                room -= len(taken)
                waiting.append([key for key in keys if key not in codes])
                for key in waiting[-1]:
                    passed[key].append(row.code)
            left, too_many, empty = waiting, max(0, -room), empty + max(0, room)
        if rest:  # its own and all others' places come to all there are: who is left finds one
            for key in chain.from_iterable(left):
                if rest.admits(scores[key], known.get(key, {})):
                    codes[key] = rest.code
        return codes, passed

    def _better(self, codes: Mapping, passed: Mapping) -> dict[object, tuple[str, ...]]:
        """Of the classes that passed somebody over those above their own, the best first."""
        order = [row.code for row in self.rows]
        found = {
            key: tuple(code for code in order[: self.number(codes.get(key))] if code in theirs)
            for key, theirs in passed.items()
        }
        return {key: each for key, each in found.items() if each}

    def coefficient(self, code: str | None) -> Fraction:
        """What a class multiplies pay by; nought for who has none."""
        return next(
            (fraction(row.coefficient) for row in self.rows if row.code == code), Fraction()
        )

    def number(self, code: str) -> int | None:
        """The class as a number that rules compare: 1 is the best one."""
        codes = [row.code for row in self.rows]
        return codes.index(code) + 1 if code in codes else None

    def check(self):
        """Raise :class:`PolicyError` where nobody could be in one of them."""
        if self.rounding not in ROUNDINGS:
            raise PolicyError(f"classes: unknown rounding {self.rounding!r}")
        codes = [row.code for row in self.rows]
        for code in codes:
            if codes.count(code) > 1:
                raise PolicyError(f"class {code}: there are two of this code")
        shared = [row for row in self.rows if not row.by_score]
        rest = [row.code for row in shared if row.share is None]
        if len(rest) > 1:
            raise PolicyError(f"class {rest[1]}: only one class is the rest, {rest[0]} is already")
        if sum(row.share or 0 for row in shared) > 100:
            raise PolicyError("classes: the shares come to more than 100 %")
        last = None
        for row in self.rows:
            row.check()
            if row.by_score and last is not None and row.score >= last:
                raise PolicyError(f"class {row.code}: from {row.score} is never reached")
            if row.by_score and not row.provisos:  # whoever misses these may be in the next one
                last = row.score


def counts(shares: Sequence[Decimal | None], number: int, rounding: str) -> list[int]:
    """How many of ``number`` have each share, in percent; None takes the rest.

    ``half_up`` rounds each by itself; ``largest_remainder`` rounds down and gives what is left
    to the largest remainders, of equal ones to the better class.
    """
    exact = [None if each is None else fraction(each) * number / 100 for each in shares]
    if rounding == LARGEST_REMAINDER:
        given = sum((each for each in exact if each is not None), Fraction())
        exact = [number - given if each is None else each for each in exact]
        found = [floor(each) for each in exact]
        left = int(round_half_up(sum(exact, Fraction()), Decimal(1))) - sum(found)
        order = sorted(range(len(exact)), key=lambda i: (found[i] - exact[i], i))
        for index in order[:left]:
            found[index] += 1
        return found
    found, left = [], number
    for each in exact:
        found.append(0 if each is None else min(left, int(round_half_up(each, Decimal(1)))))
        left -= found[-1]
    return [left if each is None else count for each, count in zip(exact, found, strict=True)]
