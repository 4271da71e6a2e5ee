"""How an agent stands with each rule of the tier before the next month's end (P4).

The same examination as at a closing (:func:`~.rules.examine_rule`), made ahead of it: what is
found so far, what is still missing, and when the rule is examined next.
"""

from dataclasses import dataclass
from datetime import date

from .calendar import add_months, month_end
from .conditions import Finding
from .facts import Closing, Facts
from .policy import Policy
from .rule import Rule
from .rules import examine_rule


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
        and (not rule.during or rule.during in facts.terms)
        and (not rule.outcome.step or rule.leads_to(policy.ladder) is not None)
    )


def next_examined(rule: Rule, coming: Closing) -> Closing:
    """The next month's end at which the rule can apply: one of its months, with which the periods
    are closed that it has to look at (O1)."""
    ends = (month_end(add_months(coming.month, number)) for number in range(12))
    closings = map(Closing, ends)
    return next(
        (each for each in closings if rule.is_examined(each) and rule.may_hold(each)), coming
    )


def _outlook(rule: Rule, facts: Facts, coming: Closing) -> Outlook:
    closing = next_examined(rule, coming)
    _applies, findings = examine_rule(rule, facts, closing)
    standings = tuple(_standing(each, facts.tier_since, closing) for each in findings)
    return Outlook(rule, closing, standings, rule.holds_by(each.met for each in standings))


def _standing(finding: Finding, since: date, closing: Closing) -> Standing:
    condition = finding.condition
    if not condition.each:  # what was counted in a window that is over counts for ever
        return Standing(finding, finding.met, rests=False)
    # the window is over for good: no later month can meet the condition any more
    window_ends = add_months(since, condition.months)
    rests = condition.window == "first_months" and closing.end >= window_ends
    return Standing(finding, finding.count >= finding.needed and not rests, rests)
