"""Evidence: a verdict with all it rests on, as plain JSON, and the way back.

What :func:`record` writes is enough for :func:`~.replay.replay` to reach the same verdict with
no database at hand (policy 12), and holds what a person wants to read: for each
condition what was required, what was found, whether it was met, and from which reviews.

It is kept for ever, and so outlives releases: every record says by its ``schema`` how it is to
be read. :func:`read` brings older ones up to date (``UPGRADERS``), takes what later ones have
besides for nothing, and refuses what has been tampered with out of shape by one error. Whoever
changes what is recorded counts ``SCHEMA`` up, adds an upgrader, and stores an example of the
release in ``tests/evidence/``.
"""

from collections.abc import Mapping

from .conditions import Finding, Found
from .facts import Facts, ProbationTest, Violation
from .places import Order, Place, Places
from .plain import (
    MALFORMED,
    EvidenceError,
    day,
    exact,
    leave_out,
    listed,
    number,
    plain,
    read_back,
    string,
    text,
    value_of,
    whole,
)
from .policy import Policy, Settings
from .rule import Condition
from .rules import Verdict
from .vocabulary import COUNT, EACH, EVENT, MONTH, MONTHS, QUARTER, VIOLATION, Metric

SCHEMA = 4


def record(policy: Policy, facts: Facts, verdict: Verdict) -> dict:
    """The evidence of one verdict: JSON types only, decimals and dates as strings."""
    kept = {
        "schema": SCHEMA,
        "agent": {
            "tier": facts.tier,
            "tier_since": text(facts.tier_since),
            "joined": text(facts.joined),
            "left": text(facts.left),
        },
        **_record_policy(policy),
        "outcome": verdict.outcome,
        "ground": verdict.ground,
        "effective": text(verdict.effective),
        "to": verdict.to,
        "step": verdict.rule.outcome.step if verdict.rule else None,
        "match": verdict.rule.match if verdict.rule else None,
        "target": verdict.rule.target if verdict.rule else None,
        "examined_in": sorted(verdict.rule.examined_in) if verdict.rule else [],
        **({"during": _during(verdict)} if verdict.term else {}),
        "conditions": [finding_json(finding) for finding in verdict.findings],
        "violations": [plain(each) for each in verdict.violations],
        "test": plain(verdict.test) if verdict.test else None,
        "place": place_json(verdict.place) if verdict.place else None,
    }
    return leave_out(kept, "examined_in", "place")


def _record_policy(policy: Policy) -> dict:
    """What is kept of the policy: the same for all that it decides, so it is made once."""
    if "evidence" not in policy.notes:
        policy.notes["evidence"] = {
            "ladder": [*policy.ladder.steps],
            "appointed": sorted(policy.ladder.appointed),
            "probation": policy.ladder.probation,
            "settings": plain(policy.settings),
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
        "percent": text(place.places.percent),
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
        orders.append(Order(asked.metric, string(each["direction"]), *how))
    compared = (each["compared"] for each in values["order"])
    return Place(
        Places(
            None if values["number"] is None else whole(values["number"]),
            None if values["percent"] is None else number(values["percent"]),
            string(values["within"]),
            frozenset(string(each) for each in values["of"]),
            tuple(orders),
        ),
        *(whole(values[name]) for name in ("place", "eligible", "counted", "held")),
        tuple(None if each is None else value_of(each) for each in compared),
    )


def _during(verdict: Verdict) -> dict:
    """The trial or plan that the rule ended."""
    return {
        "kind": verdict.rule.during,
        "any_time": verdict.rule.any_time,
        **{name: each for name, each in plain(verdict.term).items() if name != "ref"},
    }


def finding_json(finding: Finding) -> dict:
    """One condition's finding: required, found, met, and from which points."""
    return {
        "required": _required(finding.condition),
        "found": [leave_out(plain(each), "of") for each in finding.found],
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
    metric = Metric(**{name: string(values[key]) for name, key in names.items()})
    return read_back(Condition, {**values, "metric": metric})


def read_finding(values: Mapping) -> Finding:
    """The finding that :func:`finding_json` wrote, of any release.

    :raises EvidenceError: when it has been tampered with out of shape
    """
    shaped = _shape_finding(values)
    return Finding(
        read_condition(shaped["required"]),
        tuple(read_back(Found, each) for each in shaped["found"]),
        shaped["count"],
        shaped["needed"],
        shaped["held"],
        shaped["met"],
        None if shaped["value"] is None else exact(shaped["value"]),
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
        **leave_out(plain(condition), "group", "share"),
        **declared,
        "records": metric.records,
    }


def read(evidence) -> dict:
    """``evidence`` of any release as :func:`record` writes it today; the original stays as it is.

    Every key that the pages and :func:`~.replay.replay` look at is there, with the type it should
    have.

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
            "tier": string(agent["tier"]),
            "tier_since": day(agent["tier_since"]),
            "joined": day(agent["joined"]),
            "left": day(agent["left"]) if agent.get("left") else None,
        },
        "ladder": [string(each) for each in listed(evidence["ladder"])],
        "appointed": [string(each) for each in listed(evidence["appointed"])],
        "probation": string(evidence["probation"]) if evidence["probation"] else None,
        "consequences": {
            string(severity): {
                "outcome": string(each["outcome"]),
                "step": whole(each["step"]),
                "bars": bool(each["bars"]),
            }
            for severity, each in evidence["consequences"].items()
        },
        "settings": plain(read_back(Settings, evidence["settings"])),
        "outcome": string(evidence["outcome"]),
        "ground": string(evidence["ground"]),
        "effective": day(evidence["effective"]),
        "to": string(evidence["to"]) if evidence["to"] else None,
        "target": string(evidence["target"]) if evidence["target"] else None,
        "during": _shape_during(evidence["during"]) if evidence["during"] else None,
        "step": None if evidence["step"] is None else whole(evidence["step"]),
        "conditions": [_shape_finding(each) for each in listed(evidence["conditions"])],
        "violations": [
            plain(read_back(Violation, each)) for each in listed(evidence["violations"])
        ],
        "test": plain(read_back(ProbationTest, evidence["test"])) if evidence["test"] else None,
        **_shape_optional(evidence),
    }


def _shape_optional(evidence: Mapping) -> dict:
    """What a record has only where the verdict rests on it."""
    shaped = {}
    if evidence.get("examined_in"):
        shaped["examined_in"] = [whole(each) for each in listed(evidence["examined_in"])]
    if evidence.get("place"):
        shaped["place"] = place_json(read_place(evidence["place"]))
    return shaped


def _shape_during(during: dict) -> dict:
    back = during["came_from"]
    return {
        "kind": string(during["kind"]),
        "any_time": bool(during["any_time"]),
        "start": day(during["start"]),
        "until": day(during["until"]),
        "came_from": string(back) if back else None,
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
                **leave_out(each, "of"),
                "key": string(each["key"]),
                "start": day(each["start"]),
                "end": day(each["end"]),
                "value": str(value_of(each["value"])),
                "met": bool(each["met"]),
                "ref": each.get("ref"),
                **({"of": whole(each["of"])} if each.get("of") else {}),
            }
            for each in listed(finding.get("found", []))
        ],
        "count": whole(finding["count"]),
        "needed": None if needed is None else whole(needed),
        "held": bool(finding.get("held", True)),
        "met": bool(finding["met"]),
        "value": str(exact(finding["value"])) if finding.get("value") is not None else None,
    }


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
