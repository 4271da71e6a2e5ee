"""Evidence: a verdict with all it rests on, as plain JSON, and the way back.

What :func:`record` writes is enough for :func:`replay` to reach the same verdict with
no database at hand (policy 12), and holds what a person wants to read: for each
condition what was required, what was found, whether it was met, and from which reviews.

It is kept for ever, and so outlives releases: every record says by its ``schema`` how it is to
be read. :func:`read` brings older ones up to date (``UPGRADERS``), takes what later ones have
besides for nothing, and refuses what has been tampered with out of shape by one error. Whoever
changes what is recorded counts ``SCHEMA`` up, adds an upgrader, and stores an example of the
release in ``tests/evidence/``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from .conditions import Finding, Found
from .facts import (
    MONTHS_MAX,
    Closing,
    Condition,
    Consequence,
    Facts,
    Ladder,
    Policy,
    ProbationTest,
    Rule,
    Settings,
    Term,
    Violation,
)
from .places import Order, Place, Places
from .rules import CONFIRM, Verdict, confirm, judge
from .series import Point, Series
from .vocabulary import COUNT, EACH, EVENT, MONTH, MONTHS, QUARTER, VIOLATION, Metric, Outcome

SCHEMA = 4
# what goes wrong in data of another shape, whichever value it is that is missing or odd
MALFORMED = (KeyError, IndexError, TypeError, ValueError, ArithmeticError, AttributeError)
PLAIN = {str, int, bool}
TOLD = (Decimal, Fraction, date)  # what is kept as text
EXACT_LENGTH = 100  # digits of a fraction that anything was ever put together to
LARGEST = Decimal("1e15")  # beyond it a number is no score, points or setting


class EvidenceError(ValueError, KeyError):
    """Evidence that cannot be read: not written by this software, or tampered with.

    Also a KeyError, which is what callers were told to expect of a key that is missing.
    """

    __str__ = Exception.__str__


def record(policy: Policy, facts: Facts, verdict: Verdict) -> dict:
    """The evidence of one verdict: JSON types only, decimals and dates as strings."""
    kept = {
        "schema": SCHEMA,
        "agent": {
            "tier": facts.tier,
            "tier_since": _text(facts.tier_since),
            "joined": _text(facts.joined),
            "left": _text(facts.left),
        },
        **_record_policy(policy),
        "outcome": verdict.outcome,
        "ground": verdict.ground,
        "effective": _text(verdict.effective),
        "to": verdict.to,
        "step": verdict.rule.outcome.step if verdict.rule else None,
        "match": verdict.rule.match if verdict.rule else None,
        "target": verdict.rule.target if verdict.rule else None,
        "examined_in": sorted(verdict.rule.examined_in) if verdict.rule else [],
        **({"during": _during(verdict)} if verdict.term else {}),
        "conditions": [finding_json(finding) for finding in verdict.findings],
        "violations": [_plain(each) for each in verdict.violations],
        "test": _plain(verdict.test) if verdict.test else None,
        "place": place_json(verdict.place) if verdict.place else None,
    }
    return _leave_out(kept, "examined_in", "place")


def _record_policy(policy: Policy) -> dict:
    """What is kept of the policy: the same for all that it decides, so it is made once."""
    if "evidence" not in policy.notes:
        policy.notes["evidence"] = {
            "ladder": [*policy.ladder.steps],
            "appointed": sorted(policy.ladder.appointed),
            "probation": policy.ladder.probation,
            "settings": _plain(policy.settings),
            "consequences": {
                severity: {"outcome": outcome.code, "step": outcome.step, "bars": outcome.bars}
                for severity, outcome in policy.outcomes
            },
        }
    return policy.notes["evidence"]


def place_json(place: Place) -> dict:
    """The place that somebody was given: how many there are, who else was, what was compared."""
    return {
        "number": place.places.number,
        "percent": _text(place.places.percent),
        "within": place.places.within,
        "of": sorted(place.places.of),
        "order": [
            {
                **_required(each.condition),
                "direction": each.direction,
                "compared": None if value is None else str(value),
            }
            for each, value in zip(place.places.order, place.compared, strict=True)
        ],
        "place": place.number,
        "eligible": place.eligible,
        "counted": place.counted,
        "held": place.held,
    }


def read_place(values: Mapping) -> Place:
    """The place that :func:`place_json` wrote."""
    orders = []
    for each in values["order"]:
        asked = read_condition(each)
        how = (asked.times, asked.window, asked.months, asked.reading)
        orders.append(Order(asked.metric, _string(each["direction"]), *how))
    compared = (each["compared"] for each in values["order"])
    return Place(
        Places(
            None if values["number"] is None else _whole(values["number"]),
            None if values["percent"] is None else _number(values["percent"]),
            _string(values["within"]),
            frozenset(_string(each) for each in values["of"]),
            tuple(orders),
        ),
        *(_whole(values[name]) for name in ("place", "eligible", "counted", "held")),
        tuple(None if each is None else _value(each) for each in compared),
    )


def _during(verdict: Verdict) -> dict:
    """The trial or plan that the rule ended."""
    return {
        "kind": verdict.rule.during,
        "any_time": verdict.rule.any_time,
        **{name: each for name, each in _plain(verdict.term).items() if name != "ref"},
    }


def finding_json(finding: Finding) -> dict:
    """One condition's finding: required, found, met, and from which points."""
    return {
        "required": _required(finding.condition),
        "found": [_leave_out(_plain(each), "of") for each in finding.found],
        "count": finding.count,
        "needed": finding.needed,
        "held": finding.held,
        "met": finding.met,
        "value": None if finding.value is None else str(finding.value),
    }


def read_condition(values: Mapping) -> Condition:
    """The condition that a finding's ``required`` describes, of any release.

    Its metric is what it was when it was judged by, whether it is still declared or not.
    """
    values = {**FIRST_METRICS.get(values["metric"], {}), **values}
    names = {"code": "metric", "grain": "grain", "read": "read", "records": "records"}
    metric = Metric(**{name: _string(values[key]) for name, key in names.items()})
    return _read(Condition, {**values, "metric": metric})


def read_finding(values: Mapping) -> Finding:
    """The finding that :func:`finding_json` wrote, of any release.

    :raises EvidenceError: when it has been tampered with out of shape
    """
    shaped = _shape_finding(values)
    return Finding(
        read_condition(shaped["required"]),
        tuple(_read(Found, each) for each in shaped["found"]),
        shaped["count"],
        shaped["needed"],
        shaped["held"],
        shaped["met"],
        None if shaped["value"] is None else _exact(shaped["value"]),
    )


def same_facts(ours: Mapping, theirs: Mapping) -> bool:
    """Whether two records, as :func:`read` gives them, rest on the same facts about the agent.

    Before schema 3 what was counted was recorded as a number alone, which then decides.
    """

    def told(finding: Mapping, other: Mapping) -> dict:
        required = finding["required"]
        counted = (required["reading"] or required["read"]) != EACH
        bare = counted and not (finding["found"] and other["found"])
        return {**finding, "found": []} if bare else dict(finding)

    pairs = zip(ours["conditions"], theirs["conditions"], strict=False)
    return (
        len(ours["conditions"]) == len(theirs["conditions"])
        and all(told(one, other) == told(other, one) for one, other in pairs)
        and all(ours[name] == theirs[name] for name in ("violations", "test"))
    )


def _required(condition: Condition) -> dict:
    metric = condition.metric
    declared = {"metric": metric.code, "grain": metric.grain, "read": metric.read}
    return {
        **_leave_out(_plain(condition), "group", "share"),
        **declared,
        "records": metric.records,
    }


def _leave_out(kept: dict, *names: str) -> dict:
    """Without those of these that say nothing: what rests on none of it is written as ever."""
    return {name: value for name, value in kept.items() if value or name not in names}


def read(evidence) -> dict:
    """``evidence`` of any release as :func:`record` writes it today; the original stays as it is.

    Every key that the pages and :func:`replay` look at is there, with the type it should have.

    :raises EvidenceError: when it has been tampered with out of shape
    """
    try:
        schema = evidence.get("schema", 1)
        if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
            raise EvidenceError(f"schema {schema!r}")
        current = dict(evidence)
        for upgrade in UPGRADERS[schema - 1 :]:
            current = upgrade(current)
        return _shape(current)
    except EvidenceError:
        raise
    except MALFORMED as error:
        raise EvidenceError(f"{type(error).__name__}: {error}") from error


def _from_1(evidence: dict) -> dict:
    """Release 19.0.1.0.0 recorded no schema, and not which steps are by appointment: its engine
    did not look at that, so that none has to be for the same verdict to follow."""
    return {"appointed": [], **evidence, "schema": 2}


def _from_2(evidence: dict) -> dict:
    """Until 19.0.2.0.0 the engine knew seven metrics and three outcomes by name. A record said
    of what was counted how many there were, and nothing more. (:func:`read_condition` adds what
    they are.)"""
    step = FIRST_STEPS.get(evidence["outcome"], 0) if evidence["conditions"] else None
    return {**evidence, "schema": 3, "step": step}


def _from_3(evidence: dict) -> dict:
    """Until 19.0.3.0.0 a condition read the points of its window as its metric says, and they
    were counted at most: nothing else is meant by what is missing. The lowest step was that of
    probation, a rule led to the next one, and violations led to what V2 says."""
    probation = evidence["ladder"][0] if evidence["ladder"] else None
    first = {"probation": probation, "consequences": FIRST_CONSEQUENCES}
    return {**first, **evidence, "schema": 4}


# what the engine knew before metrics and outcomes were declared; no other was ever recorded
FIRST_STEPS = {"promote": 1, "demote": -1, "dismissal_review": 0}
FIRST_CONSEQUENCES = {
    "serious": {"outcome": "dismissal_review", "step": 0, "bars": True},
    "moderate": {"outcome": "demote", "step": -1, "bars": False},
}
FIRST_METRICS = {
    code: {"grain": grain, "read": read, "records": records}
    for code, grain, read, records in (
        ("month_score", MONTH, EACH, "review"),
        ("month_rank", MONTH, EACH, "review"),
        ("quarter_score", QUARTER, EACH, "review"),
        ("quarter_rank", QUARTER, EACH, "review"),
        ("tenure_months", EVENT, MONTHS, ""),
        ("awards", MONTH, COUNT, ""),
        ("violations", EVENT, COUNT, VIOLATION),
    )
}

# of schema 1, 2 ... to the next
UPGRADERS = (_from_1, _from_2, _from_3)

# what a record may lack: a verdict does not hang on it, or another is meant by its absence
ABSENT = {
    "appointed": [],
    "during": None,
    "match": None,
    "probation": None,
    "step": None,
    "target": None,
    "to": None,
}


def _shape(evidence: dict) -> dict:
    """The record with all of its keys, each of the right type."""
    evidence = {**ABSENT, **evidence}
    agent = evidence["agent"]
    return {
        **evidence,
        "agent": {
            **agent,
            "tier": _string(agent["tier"]),
            "tier_since": _day(agent["tier_since"]),
            "joined": _day(agent["joined"]),
            "left": _day(agent["left"]) if agent.get("left") else None,
        },
        "ladder": [_string(each) for each in _listed(evidence["ladder"])],
        "appointed": [_string(each) for each in _listed(evidence["appointed"])],
        "probation": _string(evidence["probation"]) if evidence["probation"] else None,
        "consequences": {
            _string(severity): {
                "outcome": _string(each["outcome"]),
                "step": _whole(each["step"]),
                "bars": bool(each["bars"]),
            }
            for severity, each in evidence["consequences"].items()
        },
        "settings": _plain(_read(Settings, evidence["settings"])),
        "outcome": _string(evidence["outcome"]),
        "ground": _string(evidence["ground"]),
        "effective": _day(evidence["effective"]),
        "to": _string(evidence["to"]) if evidence["to"] else None,
        "target": _string(evidence["target"]) if evidence["target"] else None,
        "during": _shape_during(evidence["during"]) if evidence["during"] else None,
        "step": None if evidence["step"] is None else _whole(evidence["step"]),
        "conditions": [_shape_finding(each) for each in _listed(evidence["conditions"])],
        "violations": [_plain(_read(Violation, each)) for each in _listed(evidence["violations"])],
        "test": _plain(_read(ProbationTest, evidence["test"])) if evidence["test"] else None,
        **_shape_optional(evidence),
    }


def _shape_optional(evidence: Mapping) -> dict:
    """What a record has only where the verdict rests on it."""
    shaped = {}
    if evidence.get("examined_in"):
        shaped["examined_in"] = [_whole(each) for each in _listed(evidence["examined_in"])]
    if evidence.get("place"):
        shaped["place"] = place_json(read_place(evidence["place"]))
    return shaped


def _shape_during(during: dict) -> dict:
    back = during["came_from"]
    return {
        "kind": _string(during["kind"]),
        "any_time": bool(during["any_time"]),
        "start": _day(during["start"]),
        "until": _day(during["until"]),
        "came_from": _string(back) if back else None,
    }


def _shape_finding(finding: dict) -> dict:
    condition = read_condition(finding["required"])
    if condition.operator == "between" and condition.value_max is None:
        raise EvidenceError("'between' without its upper value")
    needed = finding.get("needed")
    return {
        **finding,
        "required": _required(condition),
        "found": [
            {
                **_leave_out(each, "of"),
                "key": _string(each["key"]),
                "start": _day(each["start"]),
                "end": _day(each["end"]),
                "value": str(_value(each["value"])),
                "met": bool(each["met"]),
                "ref": each.get("ref"),
                **({"of": _whole(each["of"])} if each.get("of") else {}),
            }
            for each in _listed(finding.get("found", []))
        ],
        "count": _whole(finding["count"]),
        "needed": None if needed is None else _whole(needed),
        "held": bool(finding.get("held", True)),
        "met": bool(finding["met"]),
        "value": str(_exact(finding["value"])) if finding.get("value") is not None else None,
    }


def replay(evidence: dict) -> Verdict | None:
    """Judge again from the evidence alone: the same verdict, or None if it does not follow.

    :raises EvidenceError: when the evidence has been tampered with out of shape
    """
    try:
        return _replay(read(evidence))
    except EvidenceError:
        raise
    except MALFORMED as error:
        raise EvidenceError(f"{type(error).__name__}: {error}") from error


def keep_violations(evidence: Mapping, refs) -> dict:
    """The record, as :func:`read` gives it, as if of its violations there were these alone.

    :param refs: what the ``ref`` of the violations that are left may be
    """

    def kept(finding: Mapping) -> dict:
        if finding["required"]["records"] != VIOLATION:
            return dict(finding)
        return {**finding, "found": [each for each in finding["found"] if each["ref"] in refs]}

    return {
        **evidence,
        "violations": [each for each in evidence["violations"] if each["ref"] in refs],
        "conditions": [kept(each) for each in evidence["conditions"]],
    }


def _replay(evidence: dict) -> Verdict | None:
    agent = evidence["agent"]
    facts = Facts(
        agent=0,
        tier=agent["tier"],
        tier_since=date.fromisoformat(agent["tier_since"]),
        joined=date.fromisoformat(agent["joined"]),
        left=date.fromisoformat(agent["left"]) if agent["left"] else None,
        series=_series(evidence),
        violations=tuple(_read(Violation, each) for each in evidence["violations"]),
        tests=(_read(ProbationTest, evidence["test"]),) if evidence["test"] else (),
        terms=_terms(evidence["during"]),
    )
    policy = Policy(
        settings=_read(Settings, evidence["settings"]),
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
    return {during["kind"]: _read(Term, during)}


def _series(evidence: dict) -> dict[str, Series]:
    """The points behind all conditions, those of one metric brought together."""
    series: dict[str, Counter] = {}
    among: dict[tuple, int] = {}
    for finding in evidence["conditions"]:
        points = Counter(
            Point(
                date.fromisoformat(found["start"]),
                date.fromisoformat(found["end"]),
                _value(found["value"]),
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
        return Counter(_read(Violation, each).point for each in evidence["violations"])
    return Counter()


def _text(value):
    if value is None or type(value) in PLAIN:  # nearly all: instances of others take longer
        return value
    return str(value) if isinstance(value, TOLD) else value


def _plain(record) -> dict:
    return {name: _text(getattr(record, name)) for name in _names(type(record))}


@cache
def _names(cls) -> tuple[str, ...]:
    return tuple(each.name for each in fields(cls))


def _read(cls, values: Mapping):
    """``values`` back into the dataclass ``cls``, by the types of its fields.

    What is missing has the default of its field; what is there besides is left alone.
    """
    given = {}
    for each in fields(cls):
        if each.name in values:
            given[each.name] = READERS.get(each.type, _as_it_is)(values[each.name])
        elif each.default is MISSING:
            raise EvidenceError(f"{cls.__name__} without {each.name}")
    return cls(**given)


def _string(value) -> str:
    if not isinstance(value, str):
        raise EvidenceError(f"{value!r} is no text")
    return value


def _whole(value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise EvidenceError(f"{value!r} is no whole number")
    return value


def _number(value) -> Decimal:
    number = Decimal(value)
    if not number.is_finite() or abs(number) > LARGEST:
        raise EvidenceError(f"{value!r} is no number")
    return number


def _value(value) -> Decimal | Fraction:
    """A number as it was found: a decimal, or a fraction that is none."""
    if isinstance(value, str) and "/" in value:
        return _exact(value)
    return _number(value)


def _exact(value) -> Fraction:
    if not isinstance(value, str) or len(value) > EXACT_LENGTH:
        raise EvidenceError(f"{value!r} is no fraction")
    return Fraction(value)


def _day(value) -> str:
    return date.fromisoformat(value).isoformat()


def _listed(value) -> list:
    if not isinstance(value, list | tuple):
        raise EvidenceError(f"{value!r} is no list")
    return list(value)


def _as_it_is(value):
    return value


READERS = {
    Decimal: _number,
    Decimal | Fraction: _value,
    Decimal | None: lambda value: None if value is None else _number(value),
    date: date.fromisoformat,
    int: _whole,
    bool: bool,
    str: _string,
}
