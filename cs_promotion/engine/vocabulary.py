"""What a policy can be about, as declared objects. The engine knows none of them by name.

Whoever declares a metric, an outcome or a rater says here all that is known of it; how rules are
checked, judged, recorded and put into words follows from that.
"""

import operator
from dataclasses import dataclass, field
from decimal import Decimal

COMPARE = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}

# What the points of a metric are of; an event is of the day it happened on
EVENT, MONTH, QUARTER, HALF, YEAR = "event", "month", "quarter", "half", "year"
LENGTHS = {EVENT: 0, MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}  # in months
LONGER = (QUARTER, HALF, YEAR)  # periods that are reviewed besides the month

# How a condition reads the points of its window (policy 11)
EACH = "each"  # one by one: so many have to meet it, the newest of the period just closed
COUNT = "count"  # together: how many there are
MONTHS, YEARS = "months", "years"  # the complete ones since the newest one began
SINCE = (MONTHS, YEARS)
SUM, MEAN, LAST, LEAST, MOST = "sum", "mean", "last", "min", "max"  # together: what they come to
VALUES = (SUM, MEAN, LAST, LEAST, MOST)
READINGS = (EACH, COUNT, *SINCE, *VALUES)

VIOLATION = "violation"  # points that are violations, which a verdict names one by one
REVIEW_RECORD = "review"  # points that are closed reviews


class PolicyError(ValueError):
    """A policy that cannot be carried out; the message names the part and the fault."""


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that can be measured of an agent.

    :param code: name in rules, scenarios and evidence
    :param grain: what a point is of: ``event``, ``month``, ``quarter``, ``half`` or ``year``
    :param read: how a condition reads its points that does not say so itself: ``each``,
        ``count``, ``months``, ``years``, ``sum``, ``mean``, ``last``, ``min`` or ``max``
    :param gather: what its points of a longer period come to: ``sum``, ``mean``, ``last``,
        ``count``, ``min`` or ``max``
    :param records: what the points' ``ref`` are records of
    :param source: who gives its points; in Odoo the name of a model
    :param low: smallest value; ``high``: largest one; ``step``: grain of the values
    :param little: what a value may miss and still be called close (P4)
    :param placed: its values are places, and each point says among how many
    :param name: in the reader's language; ``shown``: how a value is, as ``rank %s``

    Two metrics are the same when code, grain and reading are: all that a verdict hangs on.
    """

    code: str
    grain: str = MONTH
    read: str = EACH
    records: str = field(default="", compare=False)
    source: str = field(default="", compare=False)
    gather: str = field(default=SUM, compare=False)
    low: Decimal = field(default=Decimal(0), compare=False)
    high: Decimal = field(default=Decimal("1e9"), compare=False)
    step: Decimal = field(default=Decimal(1), compare=False)
    little: Decimal = field(default=Decimal(1), compare=False)
    placed: bool = field(default=False, compare=False)
    name: str = field(default="", compare=False)
    shown: str = field(default="%s", compare=False)

    def __post_init__(self):
        """A declaration that nothing could be read by is refused at once."""
        known = self.grain in LENGTHS and self.read in READINGS
        if not known or self.gather not in (COUNT, *VALUES):
            raise ValueError(f"metric {self.code}: {self.grain!r} read {self.read!r}")

    @property
    def is_glimpsed(self) -> bool:
        """Whether its newest point, which is looked at first, may tell that a condition on it
        cannot be met: since when something counts, or the review of the period just closed."""
        return self.read in SINCE or (self.read == EACH and self.grain != EVENT)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule leads to.

    :param step: 1 for a step up the ladder, -1 for one down, 0 for what moves nobody by itself
    :param bars: while one is open, and in the month it arises, nobody is promoted (X4)
    :param good: agents are glad of it
    :param by_rule: only a rule can say all that it needs: it is no consequence of a violation
    :param begins: the term that it begins (:class:`~.facts.Term`): not while one runs
    :param ends: only a rule on what runs leads to it: it ends a term well
    :param name: in the reader's language
    """

    code: str
    step: int = 0
    bars: bool = field(default=False, compare=False)
    good: bool = field(default=False, compare=False)
    by_rule: bool = field(default=False, compare=False)
    begins: str = field(default="", compare=False)
    ends: bool = field(default=False, compare=False)
    name: str = field(default="", compare=False)

    @property
    def lifts(self) -> bool:
        """Whether agents work towards it."""
        return self.step > 0 or self.good

    @property
    def may_follow(self) -> bool:
        """Whether it may be the consequence of a violation (V2)."""
        return not (self.lifts or self.by_rule)


@dataclass(frozen=True, slots=True)
class Rater:
    """Who fills in a form of each agent (S1).

    :param person: who names the one person that does; in Odoo a field of the review. That
        person may fill it in on paper
    :param group: of whom anyone does, where nobody is named; in Odoo a group of users
    :param own: the policy says who it is: people, a group, colleagues, a metric
    :param name: in the reader's language
    """

    code: str
    person: str = field(default="", compare=False)
    group: str = field(default="", compare=False)
    name: str = field(default="", compare=False)
    own: bool = field(default=False, compare=False)

    def __post_init__(self):
        """It is either one named person or anyone of a group, unless the policy says it."""
        if bool(self.person) + bool(self.group) + self.own != 1:
            raise ValueError(f"rater {self.code}: one of person and group")
