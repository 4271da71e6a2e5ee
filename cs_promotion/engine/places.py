"""Places: how many may be on a rung, and who of those eligible gets the free ones (policy
language, *Moves*).

Rules say who is eligible; when everyone has been judged, :func:`settle` gives the free places.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

from .conditions import examine
from .decimals import fraction, terminating
from .facts import Closing, Facts
from .rule import Condition
from .vocabulary import EACH, LAST, MEAN, VALUES, Metric, PolicyError

DEPARTMENT, JOB, COMPANY = "department", "job", "company"
WITHIN = (DEPARTMENT, JOB, COMPANY)
DOWN, UP = "down", "up"  # from the highest value downwards, or from the lowest upwards


class Post(NamedTuple):
    """Where somebody stands on the day on which decisions take effect."""

    tier: str
    department: object = None
    job: object = None

    def group(self, within: str):
        """Among whom places are shared out."""
        return {DEPARTMENT: self.department, JOB: self.job}.get(within)


@dataclass(frozen=True, slots=True)
class Order:
    """One thing by which free places are filled: a metric, read in a window as conditions do.

    :param direction: ``down``: the highest value first; ``up``: the lowest
    """

    metric: Metric
    direction: str = DOWN
    times: int = 1
    window: str = "latest"
    months: int = 0
    reading: str = ""

    @property
    def condition(self) -> Condition:
        """As a condition that anything meets: the same windows and readings."""
        usual = self.metric.read
        if usual == EACH:  # one by one there is nothing to compare: the newest, or their mean
            usual = MEAN if self.times > 1 else LAST
        reading = usual if self.reading in ("", EACH) else self.reading
        return Condition(
            self.metric,
            ">=",
            self.metric.low,
            times=self.times,
            window=self.window,
            months=self.months,
            reading=reading,
        )

    def value(self, facts: Facts, closing: Closing) -> Fraction | int | None:
        """What is compared of one agent; None where too little is known."""
        finding = examine(self.condition, facts, closing)
        return finding.value if self.condition.reads in VALUES else finding.count

    def check(self):
        """Raise :class:`PolicyError` where nothing could ever be compared."""
        if self.direction not in (DOWN, UP):
            raise PolicyError(f"unknown direction {self.direction!r}")
        self.condition.check()


@dataclass(frozen=True, slots=True)
class Places:
    """How many a department, a post or the company may have on a rung.

    :param number: so many; ``percent``: or so many of those who are counted, rounded down
    :param of: the rungs whose agents are counted
    :param order: what free places are filled by, first things first; then by tenure in the tier
    """

    number: int | None = None
    percent: Decimal | None = None
    within: str = DEPARTMENT
    of: frozenset[str] = frozenset()
    order: tuple[Order, ...] = ()

    def allowed(self, counted: int) -> int:
        """How many places there are.

        :param counted: on how many people the share is taken
        """
        allowed = self.number if self.number is not None else counted
        if self.percent is not None:
            allowed = min(allowed, floor(fraction(self.percent) * counted / 100))
        return allowed

    def free(self, counted: int, held: int) -> int:
        """How many are free: nobody is moved down where more are held than there are.

        :param held: how many are on the rung already
        """
        return max(0, self.allowed(counted) - held)

    def take_census(self, posts: Iterable[Post]) -> Counter:
        """How many stand on which rung, by group: (group, tier) -> number."""
        return Counter((post.group(self.within), post.tier) for post in posts)

    def count(self, tier: str, group, census: Counter) -> tuple[int, int]:
        """How many of a group are counted, and how many stand on the rung."""
        return sum(census[group, each] for each in self.of), census[group, tier]

    def compare(self, facts: Facts, closing: Closing) -> tuple:
        """What of an agent is compared, first things first."""
        return tuple(each.value(facts, closing) for each in self.order)

    def key(self, compared: tuple, since: date) -> tuple:
        """By what :func:`fill` orders: greater is better, and so is a longer time in the tier."""
        signs = [-1 if each.direction == UP else 1 for each in self.order]
        values = zip(signs, compared, strict=True)
        return (
            *(None if each is None else sign * each for sign, each in values),
            -since.toordinal(),
        )

    def check(self):
        """Raise :class:`PolicyError` where it says nothing, or nonsense."""
        if self.number is None and self.percent is None:
            raise PolicyError("places: neither a number nor a share is said")
        if (self.number or 0) < 0 or not 0 <= (self.percent or 0) <= 100:
            raise PolicyError("places: a number is not below nought, a share 0 to 100 %")
        if self.within not in WITHIN:
            raise PolicyError(f"places: within {self.within!r}")
        if self.percent is not None and not self.of:
            raise PolicyError("places: nobody is counted for the share")
        try:
            for each in self.order:
                each.check()
        except PolicyError as error:
            raise PolicyError(f"places are filled by {each.metric.code}: {error}") from None


@dataclass(frozen=True, slots=True)
class Place:
    """The place that somebody eligible was given, or would have needed.

    :param number: which of those eligible in the group, the first is 1
    :param eligible: how many were; ``counted``, ``held``: see :class:`Places`
    :param compared: what was compared, in the order of the places'
    """

    places: Places
    number: int
    eligible: int
    counted: int
    held: int
    compared: tuple[Decimal | Fraction | None, ...] = ()

    @property
    def free(self) -> int:
        """How many places were free."""
        return self.places.free(self.counted, self.held)

    @property
    def given(self) -> bool:
        """Whether there was a free one for it."""
        return self.number <= self.free


class Eligible(NamedTuple):
    """One who meets a rule: which rung it leads to, what is compared, and since when in the
    present one."""

    to: str
    compared: tuple
    since: date


def fill(free: int, eligible: Mapping[object, tuple]) -> list:
    """Who gets the free places: the keys with the greatest order, best first.

    :param eligible: key -> what is compared, first things first, greater is better; what is not
        known (None) is less than anything. Whoever is alike in all of it is taken in the order
        of the keys, so that the same facts give the same result.
    """
    keys = sorted(eligible)
    keys.sort(
        key=lambda key: tuple((each is not None, each or 0) for each in eligible[key]), reverse=True
    )
    return keys[: max(0, free)]


def settle(
    places: Mapping[str, Places],
    steps: tuple[str, ...],
    posts: Mapping[object, Post],
    eligible: Mapping[object, Eligible],
) -> dict[object, Place]:
    """Share out the free places of all rungs among those eligible, each group by itself.

    From the highest rung downwards: a place that somebody leaves by moving up is free for those
    who come after them on the same day.

    :param places: tier -> places of it; :param steps: the ladder, the lowest first
    :param posts: where everyone stands on the day, whatever else takes effect on it done
    :return: key -> its place, of everyone eligible, given or not
    """
    posts, found = dict(posts), {}
    for tier in reversed(steps):
        ours = {key: each for key, each in eligible.items() if each.to == tier and key in posts}
        if not ours:
            continue
        census = places[tier].take_census(posts.values())
        groups = defaultdict(dict)
        for key, each in ours.items():
            groups[posts[key].group(places[tier].within)][key] = each
        for group, within in groups.items():
            counts = places[tier].count(tier, group, census)
            found |= _settle_group(places[tier], within, *counts)
        for key in ours:
            if found[key].given:
                posts[key] = posts[key]._replace(tier=tier)
    return found


def _settle_group(places, within, counted, held):
    ordered = fill(
        len(within), {key: places.key(each.compared, each.since) for key, each in within.items()}
    )
    return {
        key: Place(
            places,
            number,
            len(within),
            counted,
            held,
            tuple(None if each is None else terminating(each) for each in within[key].compared),
        )
        for number, key in enumerate(ordered, start=1)
    }
