"""Who came close: a rule that lifts and failed on one condition, by little (P4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from .conditions import Finding, examine, is_met, may_be_met
from .decimals import fraction
from .facts import Closing, Facts
from .policy import Policy
from .rule import Condition, Rule
from .rules import may_judge
from .vocabulary import VALUES


@dataclass(frozen=True, slots=True)
class Near:
    """The condition that a rule failed on; ``gap`` is 0 to 1, nearest first."""

    rule: Rule
    finding: Finding
    gap: Fraction


def may_be_near(policy: Policy, facts: Facts, closing: Closing) -> bool:
    """Whether :func:`nearest` could find one for whom no more is known yet than violations and
    the reviews of the periods just closed: the history of most agents need not be loaded."""
    return any(_may_be_near(rule, facts, closing) for rule in _rules(policy, facts, closing))


def may_concern(policy: Policy, facts: Facts, closing: Closing) -> bool:
    """Whether a closing could have anything to say of this agent: a verdict, or a close call."""
    # a rule that lifts comes close wherever it may apply: it is asked once
    return may_judge(policy, facts, closing, lambda rule: _may_be_near(rule, facts, closing))


def nearest(policy: Policy, facts: Facts, closing: Closing) -> Near | None:
    """The rule that came closest to lifting the agent without doing so; None if none did."""
    if facts.open_reviews or facts.terms or (facts.left and facts.left <= closing.effective):
        return None
    found = []
    for rule in _rules(policy, facts, closing):
        lacking = _lacking(rule, lambda condition: is_met(condition, facts, closing))
        # who is lifted by one rule came close to nothing
        if lacking is None:
            return None  # it applies
        failed = [examine(condition, facts, closing) for condition in lacking]
        found += [Near(rule, each, gap) for each in failed if (gap := _gap(each)) is not None]
    return min(found, key=lambda near: near.gap, default=None)


def _lacking(rule: Rule, is_met: Callable[[Condition], bool]) -> list[Condition] | None:
    """The conditions each of which would have been enough to be met besides; None where none has
    to be."""
    if rule.match == "all" and not rule.is_grouped:
        # nearly all rules: of most agents the second that failed settles it
        failed = list(islice((each for each in rule.conditions if not is_met(each)), 2))
        return (failed if len(failed) == 1 else []) if failed else None
    met = [is_met(each) for each in rule.conditions]
    if rule.holds_by(met):
        return None
    return [
        condition
        for place, condition in enumerate(rule.conditions)
        if not met[place] and rule.holds_by([*met[:place], True, *met[place + 1 :]])
    ]


def _rules(policy: Policy, facts: Facts, closing: Closing) -> Iterator[Rule]:
    return (
        rule
        for rule in policy.rules_of(facts.tier, 1)
        if rule.is_examined(closing) and rule.is_open_to(facts)
    )


def _may_be_near(rule: Rule, facts: Facts, closing: Closing) -> bool:
    lacking = _lacking(rule, lambda condition: may_be_met(condition, facts, closing))
    # of what may be met the history decides; what has failed already has to have failed by little
    if lacking is None:
        return True
    return any(_gap(examine(each, facts, closing), partly=True) is not None for each in lacking)


def _gap(finding: Finding, partly: bool = False) -> Fraction | None:
    """How much was missing, as a part of what counts as little; None where it was more.

    :param partly: only the newest review is known, older ones may still be missing
    """
    condition = finding.condition
    if condition.reads in VALUES:
        known = finding.held and finding.value is not None
        return _part(condition, finding.value, condition.value) if known else None
    if not condition.each:
        return _part(condition, finding.count, condition.value)
    if not finding.held:
        return None  # nothing in the period just closed: the rule does not look (O1)
    # the best of those that missed it: that one would have been enough
    failed = [each for each in finding.found if not each.met]
    if not partly and finding.needed - finding.count > 1:
        return None
    if not failed:  # all that there are meet it: one review more is needed
        return Fraction(1)
    gaps = [_part(condition, each.value, condition.limit(each)) for each in failed]
    return min((gap for gap in gaps if gap is not None), default=None)


def _short(condition: Condition, value, limit) -> Fraction | Decimal | int | None:
    """By how much ``value`` misses what is required; None for what has no direction."""
    if limit is None:
        return None
    # most of it is no fraction: decimals and whole numbers are as exact, and much quicker
    if isinstance(value, Fraction) or isinstance(limit, Fraction):
        value, limit = fraction(value), fraction(limit)
    if condition.operator in (">=", ">"):
        return limit - value
    if condition.operator in ("<=", "<"):
        return value - limit
    return None


def _part(condition: Condition, value, limit) -> Fraction | None:
    """What ``value`` misses, as a part of what is little for this metric."""
    short, little = _short(condition, value, limit), condition.metric.little
    if isinstance(short, Fraction):
        little = fraction(little)
    if short is None or not 0 <= short <= little:
        return None
    return fraction(short) / fraction(little)
