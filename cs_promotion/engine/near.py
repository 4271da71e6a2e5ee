"""Who came close: a rule that lifts and failed on one condition, by little (P4)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .conditions import Finding, examine, may_be_met
from .decimals import fraction
from .facts import Closing, Condition, Facts, Policy, Rule
from .rules import may_decide


@dataclass(frozen=True, slots=True)
class Near:
    """The condition that a rule failed on; ``gap`` is 0 to 1, nearest first."""

    rule: Rule
    finding: Finding
    gap: Fraction


def may_be_near(policy: Policy, facts: Facts, closing: Closing) -> bool:
    """Whether :func:`nearest` could find one for whom no more is known yet than violations and
    the reviews of the periods just closed: the history of most agents need not be loaded."""
    return any(_may_be_near(rule, facts, closing) for rule in _rules(policy, facts))


def may_concern(policy: Policy, facts: Facts, closing: Closing) -> bool:
    """Whether a closing could have anything to say of this agent: a verdict, or a close call."""
    return may_decide(policy, facts, closing) or may_be_near(policy, facts, closing)


def nearest(policy: Policy, facts: Facts, closing: Closing) -> Near | None:
    """The rule that came closest to lifting the agent without doing so; None if none did."""
    if facts.open_reviews or (facts.left and facts.left <= closing.effective):
        return None
    found = []
    for rule in _rules(policy, facts):
        findings = [examine(condition, facts, closing) for condition in rule.conditions]
        failed = [each for each in findings if not each.met]
        # who is lifted by one rule came close to nothing
        if not failed or (rule.match == "any" and len(failed) < len(findings)):
            return None  # it applies
        if rule.match == "all" and len(failed) > 1:
            continue
        near = [Near(rule, each, gap) for each in failed if (gap := _gap(each)) is not None]
        found += near
    return min(found, key=lambda near: near.gap, default=None)


def _rules(policy: Policy, facts: Facts):
    return [
        rule
        for rule in policy.rules
        if rule.outcome.step > 0
        and rule.tier == facts.tier
        and rule.leads_to(policy.ladder) is not None
    ]


def _may_be_near(rule: Rule, facts: Facts, closing: Closing) -> bool:
    failed = [each for each in rule.conditions if not may_be_met(each, facts, closing)]
    # of the others the history decides; what has failed already has to have failed by little
    if rule.match == "all" and len(failed) > 1:
        return False
    if rule.match == "any" and len(failed) < len(rule.conditions):
        return True
    close = (_gap(examine(each, facts, closing), partly=True) is not None for each in failed)
    return all(close) if rule.match == "all" else any(close)


def _gap(finding: Finding, partly: bool = False) -> Fraction | None:
    """How much was missing, as a part of what counts as little; None where it was more.

    :param partly: only the newest review is known, older ones may still be missing
    """
    condition = finding.condition
    if not condition.each:
        return _part(condition, Decimal(finding.count))
    if not finding.held:
        return None  # nothing in the period just closed: the rule does not look (O1)
    # the best of those that missed it: that one would have been enough
    failed = [each.value for each in finding.found if not each.met]
    if not partly and finding.needed - finding.count > 1:
        return None
    if not failed:  # all that there are meet it: one review more is needed
        return Fraction(1)
    gaps = [_part(condition, value) for value in failed]
    return min((gap for gap in gaps if gap is not None), default=None)


def _short(condition: Condition, value: Decimal | Fraction) -> Fraction | None:
    """By how much ``value`` misses what is required; None for what has no direction."""
    if condition.operator in (">=", ">"):
        return fraction(condition.value) - fraction(value)
    if condition.operator in ("<=", "<"):
        return fraction(value) - fraction(condition.value)
    return None


def _part(condition: Condition, value: Decimal) -> Fraction | None:
    """What ``value`` misses, as a part of what is little for this metric."""
    short, little = _short(condition, value), condition.metric.little
    if short is None or short < 0 or short > little:
        return None
    return short / Fraction(little)
