"""Evidence: a verdict with all it rests on, as plain JSON, and the way back.

What :func:`record` writes is enough for :func:`replay` to reach the same verdict with
no database at hand (policy 12), and holds what a person wants to read: for each
condition what was required, what was found, whether it was met, and from which reviews.
"""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache

from .conditions import Finding
from .facts import (
    Closing,
    Condition,
    Facts,
    Ladder,
    Policy,
    ProbationTest,
    Review,
    Rule,
    Settings,
    Violation,
)
from .rules import CONFIRM, Verdict, confirm, judge


def record(policy: Policy, facts: Facts, verdict: Verdict) -> dict:
    """The evidence of one verdict: JSON types only, decimals and dates as strings."""
    return {
        "agent": {
            "tier": facts.tier,
            "tier_since": _text(facts.tier_since),
            "joined": _text(facts.joined),
            "left": _text(facts.left),
        },
        "ladder": [*policy.ladder.steps],
        "settings": _plain(policy.settings),
        "outcome": verdict.outcome,
        "ground": verdict.ground,
        "effective": _text(verdict.effective),
        "to": verdict.to,
        "match": verdict.rule.match if verdict.rule else None,
        "conditions": [finding_json(finding) for finding in verdict.findings],
        "violations": [_plain(each) for each in verdict.violations],
        "test": _plain(verdict.test) if verdict.test else None,
    }


def finding_json(finding: Finding) -> dict:
    """One condition's finding: required, found, met, and from which reviews."""
    return {
        "required": _plain(finding.condition),
        "found": [_plain(each) for each in finding.found],
        "count": finding.count,
        "needed": finding.needed,
        "held": finding.held,
        "met": finding.met,
    }


def read_condition(values: dict) -> Condition:
    """The condition that a finding's ``required`` describes."""
    return _read(Condition, values)


def replay(evidence: dict) -> Verdict | None:
    """Judge again from the evidence alone: the same verdict, or None if it does not follow.

    :raises KeyError, TypeError, ValueError, ArithmeticError: when the evidence has been
        tampered with out of shape
    """
    agent = evidence["agent"]
    facts = Facts(
        agent=0,
        tier=agent["tier"],
        tier_since=date.fromisoformat(agent["tier_since"]),
        joined=date.fromisoformat(agent["joined"]),
        left=date.fromisoformat(agent["left"]) if agent["left"] else None,
        months=_reviews(evidence, "month"),
        quarters=_reviews(evidence, "quarter"),
        awards=_awards(evidence),
        violations=tuple(_read(Violation, each) for each in evidence["violations"]),
        tests=(_read(ProbationTest, evidence["test"]),) if evidence["test"] else (),
    )
    policy = Policy(
        settings=_read(Settings, evidence["settings"]),
        ladder=Ladder(tuple(evidence["ladder"])),
        rules=_rule(evidence),
    )
    effective = date.fromisoformat(evidence["effective"])
    if evidence["ground"] == CONFIRM:
        return confirm(policy, facts, until=effective)
    verdicts = judge(policy, facts, Closing.of(effective))
    return next((each for each in verdicts if each.ground == evidence["ground"]), None)


def _rule(evidence: dict) -> tuple[Rule, ...]:
    if not evidence["conditions"]:
        return ()
    conditions = tuple(_read(Condition, each["required"]) for each in evidence["conditions"])
    return (
        Rule(
            evidence["ground"],
            evidence["agent"]["tier"],
            evidence["outcome"],
            conditions,
            evidence["match"],
        ),
    )


def _reviews(evidence: dict, kind: str) -> tuple[Review, ...]:
    """The reviews behind all conditions of one kind, scores and ranks brought together."""
    reviews: dict[str, dict] = {}
    for each in evidence["conditions"]:
        metric = each["required"]["metric"]
        if not metric.startswith(kind):
            continue
        for found in each["found"]:
            review = reviews.setdefault(
                found["key"],
                {name: found[name] for name in ("key", "start", "end", "ref")}
                | {"score": None, "rank": None},
            )
            value = Decimal(found["value"])
            review[metric.removeprefix(f"{kind}_")] = (
                value if metric.endswith("score") else int(value)
            )
    return tuple(
        Review(
            review["key"],
            date.fromisoformat(review["start"]),
            date.fromisoformat(review["end"]),
            review["score"],
            review["rank"],
            review["ref"],
        )
        for review in sorted(reviews.values(), key=lambda review: review["start"])
    )


def _awards(evidence: dict) -> tuple[date, ...]:
    """As many awards as were counted; their months do not matter to the count."""
    counts = [
        each["count"] for each in evidence["conditions"] if each["required"]["metric"] == "awards"
    ]
    return (date.min,) * max(counts, default=0)


def _text(value):
    return str(value) if isinstance(value, Decimal | date) else value


def _plain(record) -> dict:
    return {name: _text(getattr(record, name)) for name in _names(type(record))}


@cache
def _names(cls) -> tuple[str, ...]:
    return tuple(each.name for each in fields(cls))


def _read(cls, values: dict):
    """``values`` back into the dataclass ``cls``, by the types of its fields."""
    readers = {
        Decimal: Decimal,
        Decimal | None: lambda value: None if value is None else Decimal(value),
        date: date.fromisoformat,
    }
    return cls(
        **{
            each.name: readers.get(each.type, lambda value: value)(values[each.name])
            for each in fields(cls)
        }
    )
