"""Judging again from evidence alone, with no database at hand (policy 12)."""

from collections import Counter
from dataclasses import replace
from datetime import date

from .evidence import read, read_condition, read_place
from .facts import Closing, Facts, ProbationTest, Term, Violation
from .ladder import Ladder
from .plain import MALFORMED, EvidenceError, read_back, value_of
from .policy import Consequence, Policy, Settings
from .rule import MONTHS_MAX, Rule
from .rules import CONFIRM, Verdict, confirm, judge
from .series import Point, Series
from .vocabulary import COUNT, MONTHS, VIOLATION, Outcome


def replay(evidence: dict) -> Verdict | None:
    """Judge again from the evidence alone: the same verdict, or None if it does not follow.

    :raises EvidenceError: when the evidence has been tampered with out of shape
    """
    try:
        return _judge(read(evidence))
    except EvidenceError:
        raise
    except MALFORMED as error:
        raise EvidenceError(f"{type(error).__name__}: {error}") from error


def _judge(evidence: dict) -> Verdict | None:
    agent = evidence["agent"]
    facts = Facts(
        agent=0,
        tier=agent["tier"],
        tier_since=date.fromisoformat(agent["tier_since"]),
        joined=date.fromisoformat(agent["joined"]),
        left=date.fromisoformat(agent["left"]) if agent["left"] else None,
        series=_series(evidence),
        violations=tuple(read_back(Violation, each) for each in evidence["violations"]),
        tests=(read_back(ProbationTest, evidence["test"]),) if evidence["test"] else (),
        terms=_terms(evidence["during"]),
    )
    policy = Policy(
        settings=read_back(Settings, evidence["settings"]),
        ladder=Ladder(
            tuple(evidence["ladder"]), frozenset(evidence["appointed"]), evidence["probation"]
        ),
        rules=_rule(evidence),
        consequences={
            severity: Consequence(Outcome(each["outcome"], each["step"], each["bars"]))
            for severity, each in evidence["consequences"].items()
        },
    )
    effective = date.fromisoformat(evidence["effective"])
    if evidence["ground"] == CONFIRM:
        return confirm(policy, facts, until=effective)
    verdicts = judge(policy, facts, Closing.of(effective))
    found = next((each for each in verdicts if each.ground == evidence["ground"]), None)
    if not found or "place" not in evidence:
        return found
    # of places as many were free as are told: one that came after them had none
    place = read_place(evidence["place"])
    return replace(found, place=place) if place.given else None


def _rule(evidence: dict) -> tuple[Rule, ...]:
    if not evidence["conditions"]:
        return ()
    during = evidence["during"]
    return (
        Rule(
            evidence["ground"],
            evidence["agent"]["tier"],
            Outcome(evidence["outcome"], evidence["step"]),
            tuple(read_condition(each["required"]) for each in evidence["conditions"]),
            evidence["match"],
            evidence["target"],
            frozenset(evidence.get("examined_in", ())),
            *((during["kind"], during["any_time"]) if during else ()),
        ),
    )


def _terms(during: dict | None) -> dict[str, Term]:
    if not during:
        return {}
    return {during["kind"]: read_back(Term, during)}


def _series(evidence: dict) -> dict[str, Series]:
    """The points behind all conditions, those of one metric brought together."""
    series: dict[str, Counter] = {}
    among: dict[tuple, int] = {}
    for finding in evidence["conditions"]:
        points = Counter(
            Point(
                date.fromisoformat(found["start"]),
                date.fromisoformat(found["end"]),
                value_of(found["value"]),
                found["ref"],
            )
            for found in finding["found"]
        )
        code = finding["required"]["metric"]
        # two windows may have looked at the same point, which is one all the same
        series[code] = series.get(code, Counter()) | (points or _unnamed(evidence, finding))
        # among how many a place is, only that condition says which asked for a share
        among |= {
            (code, found["start"], found["ref"]): found["of"]
            for found in finding["found"]
            if "of" in found
        }
    return {
        code: tuple(
            point._replace(of=among.get((code, point.start.isoformat(), point.ref)))
            for point in sorted(points.elements(), key=lambda point: (point.start, point.end))
        )
        for code, points in series.items()
    }


def _unnamed(evidence: dict, finding: dict) -> Counter:
    """Points for what was counted but not recorded, before schema 3: as many as there were,
    where any window of theirs begins."""
    since = date.fromisoformat(evidence["agent"]["tier_since"])
    joined = date.fromisoformat(evidence["agent"]["joined"])
    if finding["required"]["read"] == MONTHS:
        return Counter([Point(joined, joined)])
    if finding["required"]["read"] == COUNT and finding["required"]["records"] != VIOLATION:
        day = max(since, joined)
        return Counter({Point(day, day): min(max(0, finding["count"]), MONTHS_MAX)})
    if finding["required"]["records"] == VIOLATION and finding["required"]["read"] == COUNT:
        return Counter(read_back(Violation, each).point for each in evidence["violations"])
    return Counter()
