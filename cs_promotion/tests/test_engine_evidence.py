"""Evidence: what a decision rests on, and the way back from it (policy 12)."""

import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import given

from ..engine.conditions import examine
from ..engine.evidence import finding_json, read_condition, read_finding, record
from ..engine.facts import ProbationTest
from ..engine.plain import EvidenceError
from ..engine.replay import replay
from ..engine.rules import (
    CONFIRM,
    PROCEDURES,
    confirm,
    examine_rule,
    judge,
)
from .test_engine_strategies import (
    MANY,
    SHIPPED,
    EngineCase,
    any_situation,
    closing,
    conditions,
    day,
    known,
    quarter,
    scored,
    seeded,
    situations,
    verdicts,
    violation,
)

RULE = "rule"
DECLARED = ("grain", "read", "records")


def through_json(policy, facts, verdict) -> dict:
    """The evidence as a database gives it back."""
    return json.loads(json.dumps(record(policy, facts, verdict)))


def any_verdict(random):
    """A verdict with what led to it, as often of each kind."""
    kind = random.choice((*PROCEDURES, RULE, RULE, RULE))
    while True:
        policy, facts, close = any_situation(random)
        for verdict in verdicts(policy, facts, close):
            if verdict.ground == kind or (verdict.rule and kind == RULE):
                return policy, facts, verdict


class TestEvidence(EngineCase):
    def promotion(self):
        facts = known(
            "junior",
            joined="2026-01-01",
            quarters=(quarter("2025Q4", 60, 9), quarter("2026Q1", 91, 3)._replace(ref=17)),
        )
        (verdict,) = judge(SHIPPED, facts, closing("2026-03"))
        return facts, verdict

    def test_12_evidence_says_required_found_met_and_from_which_reviews(self):
        evidence = through_json(SHIPPED, *self.promotion())
        self.assertEqual(evidence["ground"], "promote_intermediate")
        self.assertEqual(evidence["match"], "all")
        rank, score, tenure = evidence["conditions"]
        self.assertEqual(
            score,
            {
                "required": {
                    "metric": "quarter_score",
                    "grain": "quarter",
                    "read": "each",
                    "records": "review",
                    "operator": ">=",
                    "value": "91",
                    "value_max": None,
                    "times": 1,
                    "consecutive": False,
                    "window": "latest",
                    "months": 0,
                    "reading": "",
                },
                "found": [
                    {
                        "key": "2026Q1",
                        "start": "2026-01-01",
                        "end": "2026-03-31",
                        "value": "91",
                        "met": True,
                        "ref": 17,
                    }
                ],
                "count": 1,
                "needed": 1,
                "held": True,
                "met": True,
                "value": None,
            },
        )
        self.assertEqual(rank["found"][0]["value"], "3")
        self.assertEqual((tenure["count"], tenure["needed"]), (3, None))
        self.assertEqual([each["start"] for each in tenure["found"]], ["2026-01-01"])

    def test_12_evidence_says_under_which_settings_and_facts(self):
        evidence = through_json(SHIPPED, *self.promotion())
        self.assertEqual(evidence["ladder"], [*SHIPPED.ladder.steps])
        self.assertEqual(set(evidence["settings"]), set(asdict(SHIPPED.settings)))
        self.assertEqual(evidence["settings"]["pass_mark"], "60")
        self.assertEqual(evidence["settings"]["top_n"], 3)
        self.assertEqual(
            evidence["agent"],
            {
                "tier": "junior",
                "tier_since": "2026-01-01",
                "joined": "2026-01-01",
                "left": None,
            },
        )
        self.assertEqual(
            (evidence["outcome"], evidence["effective"], evidence["to"]),
            ("promote", "2026-04-01", "intermediate"),
        )

    def test_12_evidence_of_a_confirmation_is_the_test(self):
        test = ProbationTest(day("2026-01-28"), Decimal("85.5"), Decimal(78), 5)
        facts = known("probation", tests=(test,))
        verdict = confirm(SHIPPED, facts, day("2026-01-31"))
        evidence = through_json(SHIPPED, facts, verdict)
        self.assertEqual(
            evidence["test"],
            {"date": "2026-01-28", "knowledge": "85.5", "skills": "78", "ref": 5},
        )
        self.assertEqual((evidence["conditions"], evidence["match"]), ([], None))
        self.assertEqual(replay(evidence), replace(verdict, agent=0))

    def test_12_a_changed_score_no_longer_follows(self):
        evidence = through_json(SHIPPED, *self.promotion())
        self.assertEqual(replay(evidence).to, "intermediate")
        evidence["conditions"][1]["found"][0]["value"] = "90.99"
        self.assertIsNone(replay(evidence))

    def test_12_a_withdrawn_violation_no_longer_follows(self):
        facts = known(violations=(violation("2026-05-06", "moderate"),))
        (verdict,) = judge(SHIPPED, facts, closing("2026-05"))
        evidence = through_json(SHIPPED, facts, verdict)
        self.assertEqual(replay(evidence), replace(verdict, agent=0))
        self.assertIsNone(replay(evidence | {"violations": []}))

    def test_12_another_setting_no_longer_follows(self):
        test = ProbationTest(day("2026-01-28"), Decimal(60), Decimal(60))
        facts = known("probation", tests=(test,))
        evidence = through_json(SHIPPED, facts, confirm(SHIPPED, facts, day("2026-01-31")))
        evidence["settings"]["pass_mark"] = "61"
        self.assertIsNone(replay(evidence))

    def test_12_evidence_out_of_shape_is_an_error(self):
        evidence = through_json(SHIPPED, *self.promotion())
        for name in evidence:
            broken = {key: value for key, value in evidence.items() if key != name}
            if name not in ("schema", "appointed", "match", "probation", "step", "target", "to"):
                self.assertRaises(EvidenceError, replay, broken)
        evidence["effective"] = "soon"
        self.assertRaises(EvidenceError, replay, evidence)

    def test_P4_findings_of_what_is_missing_are_evidence_too(self):
        """The path to the next tier: the same words on a rule that does not apply."""
        facts = known("junior", months=scored("2026-01", 59, 40, 61))
        (rule,) = (rule for rule in SHIPPED.rules if rule.code == "dismiss_failing")
        applies, (finding,) = examine_rule(rule, facts, closing("2026-03"))
        self.assertFalse(applies)
        told = finding_json(finding)
        self.assertEqual([found["met"] for found in told["found"]], [True, True, False])
        self.assertEqual((told["count"], told["needed"], told["met"]), (0, 3, False))


class TestReplay(EngineCase):
    def test_12_every_kind_of_verdict_is_replayed(self):
        """Counts the kinds that the property below is tested on."""
        seen = Counter()
        for seed in range(300):
            policy, facts, verdict = any_verdict(Random(seed))
            seen[verdict.outcome if verdict.rule else verdict.ground] += 1
            self.assertEqual(
                replay(through_json(policy, facts, verdict)), replace(verdict, agent=0)
            )
        for kind in (*PROCEDURES, "promote", "demote", "dismissal_review"):
            self.assertGreater(seen[kind], 10, kind)

    @MANY
    @given(seeded(any_verdict))
    def test_12_replay_reaches_the_same_verdict_from_the_evidence_alone(self, decided):
        policy, facts, verdict = decided
        evidence = record(policy, facts, verdict)
        loaded = json.loads(json.dumps(evidence))
        self.assertEqual(loaded, evidence, "JSON types only")
        again = replay(loaded)
        self.assertEqual(
            (again.outcome, again.ground, again.effective, again.to),
            (verdict.outcome, verdict.ground, verdict.effective, verdict.to),
        )
        self.assertEqual(again, replace(verdict, agent=0))

    @MANY
    @given(seeded(any_verdict))
    def test_12_replay_does_not_believe_what_the_evidence_concludes(self, decided):
        """Once its grounds are turned to nothing, a verdict does not follow."""
        evidence = through_json(*decided)
        for finding in evidence["conditions"]:
            finding["required"].update(operator="<", value="0")
        evidence["violations"] = []
        if evidence["test"]:
            evidence["test"]["skills"] = "0"
        self.assertIsNone(replay(evidence))

    @MANY
    @given(conditions)
    def test_12_conditions_are_read_back(self, condition):
        finding = examine(condition, known(), closing("2026-03"))
        required = json.loads(json.dumps(finding_json(finding)))["required"]
        self.assertEqual(read_condition(required), condition)
        # as 19.0.2.0.0 and before recorded it, which knew what the metrics are
        former = {name: required[name] for name in required if name not in DECLARED}
        self.assertEqual(read_condition(former), condition)

    @MANY
    @given(seeded(any_verdict))
    def test_12_findings_are_read_back(self, decided):
        """What is told of kept evidence is told of the same finding as at the closing."""
        _policy, _facts, verdict = decided
        for finding in verdict.findings:
            self.assertEqual(read_finding(json.loads(json.dumps(finding_json(finding)))), finding)

    @MANY
    @given(situations)
    def test_12_only_what_decided_is_in_the_evidence(self, situation):
        policy, facts, _close = situation
        for verdict in verdicts(*situation):
            evidence = record(policy, facts, verdict)
            self.assertEqual(len(evidence["conditions"]), len(verdict.findings))
            self.assertEqual(evidence["test"] is not None, verdict.ground == CONFIRM)
            self.assertEqual(
                [each["ref"] for each in evidence["violations"]],
                [each.ref for each in verdict.violations],
            )
            self.assertEqual(date.fromisoformat(evidence["effective"]), verdict.effective)
