"""How an agent stands with each rule of the tier before the next month's end (P4).

The same examination as at a closing (:func:`~.rules.examine_rule`), made ahead of it: what is
found so far, what is still missing, and when the rule is examined next.
"""

from dataclasses import dataclass
from datetime import date

from .calendar import add_months, period_end
from .conditions import Finding
from .facts import Closing, Condition, Facts, Policy, Rule
from .rules import examine_rule
from .vocabulary import EVENT, LENGTHS, MONTH


@dataclass(frozen=True, slots=True)
class Standing:
    """How one condition stands: ``met`` by what is known so far; it ``rests`` once its
    window, the first months in the tier, is over before the next examination (D2)."""

    finding: Finding
    met: bool
    rests: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """How one rule stands ahead of the ``closing`` at which it is examined next.

    ``applies`` says whether it would, if that period brought nothing new.
    """

    rule: Rule
    closing: Closing
    standings: tuple[Standing, ...]
    applies: bool


def outlook(policy: Policy, facts: Facts, coming: Closing) -> tuple[Outlook, ...]:
    """The outlook of every rule on the agent's tier, in the policy's order.

    :param coming: the next month's end to be closed
    """
    return tuple(
        _outlook(rule, facts, coming)
        for rule in policy.rules
        if rule.tier == facts.tier
        and (not rule.outcome.step or rule.leads_to(policy.ladder) is not None)
    )


def next_examined(rule: Rule, coming: Closing) -> Closing:
    """The next month's end at which the rule can apply: that of the longest period that it has
    to look at just closed (O1), or of the shortest where any will do."""
    grains = [_takes(each) for each in rule.conditions]
    longest = (max if rule.match == "all" else min)(grains, key=LENGTHS.__getitem__)
    return Closing(period_end(longest, coming.end))


def _takes(condition: Condition) -> str:
    """Of what period the newest point of a condition has to be: of a month at least."""
    takes = condition.each or condition.newest or condition.window == "period"
    return condition.metric.grain if takes and condition.metric.grain != EVENT else MONTH


def _outlook(rule: Rule, facts: Facts, coming: Closing) -> Outlook:
    closing = next_examined(rule, coming)
    _applies, findings = examine_rule(rule, facts, closing)
    standings = tuple(_standing(each, facts.tier_since, closing) for each in findings)
    match = all if rule.match == "all" else any
    return Outlook(rule, closing, standings, match(each.met for each in standings))


def _standing(finding: Finding, since: date, closing: Closing) -> Standing:
    condition = finding.condition
    if not condition.each:  # what was counted in a window that is over counts for ever
        return Standing(finding, finding.met, rests=False)
    # the window is over for good: no later month can meet the condition any more
    window_ends = add_months(since, condition.months)
    rests = condition.window == "first_months" and closing.end >= window_ends
    return Standing(finding, finding.count >= finding.needed and not rests, rests)
