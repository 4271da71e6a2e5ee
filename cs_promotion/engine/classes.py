"""Classes of a period: by bands of the score, or by shares of those ranked (policy language,
*Classes*)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from .decimals import fraction, round_half_up
from .scoring import ranks
from .vocabulary import PolicyError

LARGEST_REMAINDER, HALF_UP = "largest_remainder", "half_up"
ROUNDINGS = (LARGEST_REMAINDER, HALF_UP)


@dataclass(frozen=True, slots=True)
class Class:
    """One class: for a share of those ranked, in percent, or from a score on; for neither: the
    rest of those ranked.

    :param coefficient: what it multiplies pay by
    """

    code: str
    share: Decimal | None = None
    score: Decimal | None = None
    coefficient: Decimal = Decimal(1)

    @property
    def by_score(self) -> bool:
        """Whether the score alone decides."""
        return self.score is not None


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a policy, the best first.

    Those with at least the score ``ranked_from`` share out the classes that are by share; whoever
    is in none of these has the first class by score that is reached.

    :param rounding: ``largest_remainder``: the counts come to all there are; ``half_up``: each
        count by itself, the rest takes what is left, wherever it stands
    """

    rows: tuple[Class, ...] = ()
    ranked_from: Decimal = Decimal(0)
    rounding: str = LARGEST_REMAINDER

    def place(self, scores: Mapping[object, Decimal], ranked: bool = True) -> dict[object, str]:
        """Key -> code of the class, of those who are in one; equal scores share the better one.

        :param scores: of all who are compared with each other: a department, a post, a company
        :param ranked: whether they are: of too few no class is shared out
        """
        shared = [row for row in self.rows if ranked and not row.by_score]
        taking = {key: each for key, each in scores.items() if shared and each >= self.ranked_from}
        placed = {}
        ends = _add_up(counts([row.share for row in shared], len(taking), self.rounding))
        for key, rank in ranks(taking).items():
            index = next((i for i, end in enumerate(ends) if rank <= end), None)
            if index is not None:
                placed[key] = shared[index].code
        for key, score in scores.items():
            if key not in placed:
                row = next((r for r in self.rows if r.by_score and score >= r.score), None)
                if row:
                    placed[key] = row.code
        return placed

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
            if row.by_score and row.share is not None:
                raise PolicyError(f"class {row.code}: by share or from a score, not both")
            if row.by_score and last is not None and row.score >= last:
                raise PolicyError(f"class {row.code}: from {row.score} is never reached")
            last = row.score if row.by_score else last


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


def _add_up(numbers: list[int]) -> list[int]:
    ends, total = [], 0
    for number in numbers:
        total += number
        ends.append(total)
    return ends
