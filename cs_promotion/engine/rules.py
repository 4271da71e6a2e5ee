"""Who moves, and why: rules and fixed procedures in their order (U1, V2-V4, X1-X4, O1-O3)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from .calendar import add_months
from .conditions import Finding, examine, is_met, may_be_met, violations_since_joining
from .facts import Closing, Facts, ProbationTest, Term, Violation
from .places import Place
from .policy import Policy
from .rule import DEMOTE, PROMOTE, REVIEW, Rule
from .vocabulary import VIOLATION, Outcome

CONFIRM = "confirm_junior"  # U1
DEMOTE_VIOLATION = "demote_violation"  # V2
DISMISS_SERIOUS = "dismiss_serious"  # X2
DISMISS_REPEATED = "dismiss_repeated"  # X3
PROCEDURES = (CONFIRM, DEMOTE_VIOLATION, DISMISS_SERIOUS, DISMISS_REPEATED)
# what policy.md calls the grounds of its own two consequences
NAMED = {("moderate", DEMOTE): DEMOTE_VIOLATION, ("serious", REVIEW): DISMISS_SERIOUS}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided about one agent, with everything that led to it.

    ``to`` is None for what moves nobody by itself. One of these says why: ``rule`` with
    ``findings`` (and the ``violations`` it counted), ``test`` (U1), or ``violations`` alone
    (V2, V4).
    """

    agent: int | str
    outcome: str  # code of the outcome
    ground: str  # code of the rule or procedure
    effective: date
    tier: str
    to: str | None = None
    rule: Rule | None = None
    findings: tuple[Finding, ...] = ()
    violations: tuple[Violation, ...] = ()
    test: ProbationTest | None = None
    place: Place | None = None  # the place on the rung that it was given
    term: Term | None = None  # the trial or plan that it ends


def judge(policy: Policy, facts: Facts, closing: Closing) -> list[Verdict]:
    """All that a month's end decides about one agent, in the order of O2.

    What moves nobody by itself first; then at most one step down; only without one, and while
    nothing is open that bars it (X4), at most one step up. One whose contract ends by the effective
    date gets nothing; one who already has a tier change on that date no other.
    """
    # nothing takes effect on or after the day on which nobody is employed any more
    if facts.left and facts.left <= closing.effective:
        return []
    verdicts, barred = _standing(policy, facts, closing)
    # the day is taken by another tier change; a review moves nobody and stands beside it
    if closing.effective in facts.decided:
        return verdicts
    down = _step_down(policy, facts, closing)
    if down:
        verdicts.append(down)
    # a step down bars the step up of the same day, and so does a review, open or found just now,
    # and a trial or plan as long as it runs
    elif not facts.open_reviews and not barred and not facts.terms:
        up = _by_rule(policy, facts, closing, 1)
        if up:
            verdicts.append(up)
    return verdicts


def needs_place(policy: Policy, verdict: Verdict) -> bool:
    """Whether a verdict makes its agent no more than eligible: only so many may be on the rung, and
    :func:`~.places.settle` gives the free places once everyone has been judged."""
    rule = verdict.rule
    return rule is not None and rule.outcome.step > 0 and verdict.to in policy.places


def may_decide(policy: Policy, facts: Facts, closing: Closing) -> bool:
    """Whether :func:`judge` could decide anything about one of whom no more is known yet than
    violations, trial and plan, and the reviews of the periods just closed.

    About most agents it cannot: their history need not be loaded.
    """
    return may_judge(policy, facts, closing, lambda rule: _may_apply(rule, facts, closing))


def may_judge(
    policy: Policy, facts: Facts, closing: Closing, may_lift: Callable[[Rule], bool]
) -> bool:
    """The same, where somebody else says of a rule that lifts whether it is worth a look."""
    if _new_violations(facts, closing):
        return True
    return any(
        rule.is_examined(closing)
        and (not rule.during or rule.is_due(facts, closing))
        and rule.is_open_to(facts)
        and (may_lift(rule) if rule.outcome.step > 0 else _may_apply(rule, facts, closing))
        for rule in policy.rules_of(facts.tier)
    )


def confirm(policy: Policy, facts: Facts, until: date) -> Verdict | None:
    """Confirmation of an agent on probation (U1), as far as known on the day ``until``.

    Takes effect on the later of the day after probation ends and the day of the first
    passed test since the tier began; that day may lie after ``until`` or mid-month. While a
    dismissal review is open it waits (X4).
    """
    probation = policy.ladder.probation
    target = policy.ladder.by_rule(facts.tier, 1)
    if facts.tier != probation or target is None or facts.open_reviews:
        return None
    passed = passed_test(policy, facts, until)
    if passed is None:
        return None
    # who passes late is confirmed on the day of the test, not at the end of probation
    effective = max(probation_ends(policy, facts), passed.date)
    if effective in facts.decided or (facts.left and facts.left <= effective):
        return None
    return Verdict(facts.agent, PROMOTE, CONFIRM, effective, probation, target, test=passed)


def probation_ends(policy: Policy, facts: Facts) -> date:
    """The day after the months of probation, counted from the tier's begin (U1)."""
    return add_months(facts.tier_since, policy.settings.probation_months)


def passed_test(policy: Policy, facts: Facts, until: date) -> ProbationTest | None:
    """The first passed test since the tier began: knowledge and skills both (U1)."""
    mark = policy.settings.pass_mark
    passed = [
        test
        for test in facts.tests
        if facts.tier_since <= test.date <= until and test.knowledge >= mark and test.skills >= mark
    ]
    return min(passed, key=lambda test: test.date, default=None)


def consequence_ground(severity: str, outcome: str) -> str:
    """The ground of what violations of a severity lead to (V2, X2)."""
    return NAMED.get((severity, outcome), f"{outcome}_{severity}")


def examine_rule(rule: Rule, facts: Facts, closing: Closing) -> tuple[bool, tuple[Finding, ...]]:
    """Whether the rule applies to these facts, and the finding of each condition."""
    findings = tuple(examine(condition, facts, closing) for condition in rule.conditions)
    return rule.holds_by(finding.met for finding in findings), findings


def _standing(policy: Policy, facts: Facts, closing: Closing) -> tuple[list[Verdict], bool]:
    """What moves nobody by itself, one open at most for each ground, and whether any of it bars
    a promotion (X1-X4)."""
    found = [
        # what begins now bars like what runs
        (
            _rule_verdict(rule, findings, facts, closing, None),
            rule.outcome.bars or bool(rule.outcome.begins),
        )
        for rule, findings in (
            *_applying(policy, facts, closing, 0),
            *_ending(policy, facts, closing, 0),
        )
        if not (rule.outcome.begins and rule.outcome.begins in facts.terms)
    ]
    # older violations have had their month: only a new one calls for anything
    found += [
        (verdict, outcome.bars) for verdict, outcome in _consequences(policy, facts, closing, 0)
    ]
    counted = violations_since_joining(facts, closing)
    new = _new_violations(facts, closing)
    if new and len(counted) >= policy.settings.repeat_violations:
        verdict = _verdict(facts, closing, REVIEW, DISMISS_REPEATED, violations=counted)
        found.append((verdict, True))
    # the same ground is not put before anybody twice while it is open
    held = facts.open_reviews | facts.open_others
    found = [(verdict, bars) for verdict, bars in found if verdict.ground not in held]
    return [verdict for verdict, _bars in found], any(bars for _verdict, bars in found)


def _step_down(policy: Policy, facts: Facts, closing: Closing) -> Verdict | None:
    """The one step down: that of a violation (V2) before the rules (D1, D2)."""
    # on the lowest rung there is no step down: the rules may still have something to say
    if policy.ladder.below(facts.tier):
        for verdict, _outcome in _consequences(policy, facts, closing, -1):
            return verdict
    for rule, findings in _ending(policy, facts, closing, -1):
        return _rule_verdict(rule, findings, facts, closing, rule.ends_at(facts, policy.ladder))
    return _by_rule(policy, facts, closing, -1)


def _consequences(
    policy: Policy, facts: Facts, closing: Closing, step: int
) -> Iterator[tuple[Verdict, Outcome]]:
    """What the violations of the month just closed lead to this way, the gravest first (V2)."""
    new = _new_violations(facts, closing)
    to = policy.ladder.below(facts.tier) if step else None
    for severity, outcome in policy.outcomes if new else ():
        violations = tuple(each for each in new if each.severity == severity)
        if violations and outcome.step == step:
            ground = consequence_ground(severity, outcome.code)
            verdict = _verdict(facts, closing, outcome.code, ground, to, violations=violations)
            yield verdict, outcome


def _by_rule(policy: Policy, facts: Facts, closing: Closing, step: int) -> Verdict | None:
    """The first rule that steps this way and applies, in the policy's order."""
    for rule, findings in _applying(policy, facts, closing, step):
        target = rule.leads_to(policy.ladder)
        return _rule_verdict(rule, findings, facts, closing, target)
    return None


def _applying(
    policy: Policy, facts: Facts, closing: Closing, step: int
) -> Iterator[tuple[Rule, tuple[Finding, ...]]]:
    for rule in policy.rules_of(facts.tier, step):
        if rule.is_open_to(facts) and rule.is_examined(closing) and _applies(rule, facts, closing):
            yield rule, examine_rule(rule, facts, closing)[1]


def _ending(
    policy: Policy, facts: Facts, closing: Closing, step: int
) -> Iterator[tuple[Rule, tuple[Finding, ...]]]:
    """The rule that ends the agent's trial, and the one that ends the plan, where it steps this
    way: of several that apply the first counts, whatever it leads to."""
    for kind in facts.terms:
        for rule in policy.rules_of(facts.tier):
            if rule.during != kind:
                continue
            if not (rule.is_due(facts, closing) and rule.is_examined(closing)):
                continue
            if rule.outcome.step and rule.ends_at(facts, policy.ladder) is None:
                continue
            if _applies(rule, facts, closing):
                if rule.outcome.step == step:
                    yield rule, examine_rule(rule, facts, closing)[1]
                break


def _applies(rule: Rule, facts: Facts, closing: Closing, is_met=is_met) -> bool:
    return rule.holds(lambda condition: is_met(condition, facts, closing))


def _may_apply(rule: Rule, facts: Facts, closing: Closing) -> bool:
    return _applies(rule, facts, closing, may_be_met)


def _rule_verdict(
    rule: Rule,
    findings: tuple[Finding, ...],
    facts: Facts,
    closing: Closing,
    target: str | None,
) -> Verdict:
    counted = {
        (found.start, found.ref)
        for finding in findings
        if finding.condition.metric.records == VIOLATION
        for found in finding.found
    }
    # points of a series have no severity: the evidence names the violations themselves
    known = violations_since_joining(facts, closing) if counted else ()
    return _verdict(
        facts,
        closing,
        rule.outcome.code,
        rule.code,
        target,
        rule=rule,
        findings=findings,
        term=facts.terms.get(rule.during),
        violations=tuple(each for each in known if (each.date, each.ref) in counted),
    )


def _verdict(
    facts: Facts, closing: Closing, outcome: str, ground: str, to: str | None = None, **because
) -> Verdict:
    return Verdict(facts.agent, outcome, ground, closing.effective, facts.tier, to, **because)


def _new_violations(facts: Facts, closing: Closing) -> tuple[Violation, ...]:
    """Violations that count in the month just closed."""
    return tuple(
        each for each in violations_since_joining(facts, closing) if each.month == closing.month
    )
