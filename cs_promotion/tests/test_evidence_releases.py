"""Evidence outlives releases: what was stored by any of them is read by all later ones."""

import json
from copy import deepcopy
from pathlib import Path

from odoo import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..engine.evidence import SCHEMA, read
from ..engine.plain import EvidenceError
from ..engine.replay import replay
from ..engine.rules import PROCEDURES
from ..models.cs_period import key_name
from .evidence_common import CsEvidenceCase

STORED = Path(__file__).parent / "evidence"
KINDS = {"promote", "demote", "review", *PROCEDURES}


def load(release):
    return json.loads((STORED / f"{release}.json").read_text(encoding="utf-8"))


RELEASES = sorted(path.stem for path in STORED.glob("*.json"))


@tagged("post_install", "-at_install", "cs_promotion")
class TestEvidenceReleases(CsEvidenceCase):
    def _stored(self, evidence):
        """A decision of the agent that rests on this evidence, its violations on record."""
        evidence = deepcopy(evidence)
        violations = self.env["cs.violation"]
        for each in evidence["violations"]:
            violation = self._violation(self.agent, each["date"], each["severity"], 50)
            each["ref"] = violation.id
            violations |= violation
        tiers = {code: tier.id for code, tier in self.tiers.items()}
        ground = evidence["ground"]
        rule = self.policy.rule_ids.filtered(lambda each: each.code == ground)
        decision = self.env["cs.decision"].create(
            {
                "employee_id": self.agent.id,
                "company_id": self.company.id,
                "outcome": evidence["outcome"],
                "ground_type": "rule" if rule else "procedure",
                "ground": ground,
                "rule_id": rule.id,
                "tier_from_id": tiers[evidence["agent"]["tier"]],
                "tier_since_from": evidence["agent"]["tier_since"],
                "tier_to_id": tiers.get(evidence["to"]),
                "effective_date": evidence["effective"],
                "policy_id": self.policy.id,
                "violation_ids": [Command.set(violations.ids)],
                "evidence": evidence,
                "state": "announced",
                "announced_on": evidence["effective"],
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return decision

    def _open_everywhere(self, decision):
        """Form, list, letter, replay, path: all that reads the evidence. Their text, and whether
        the decision follows."""
        decision = self._as(self.user_manager, decision)
        decision.read(["display_name", "evidence_html", "evidence_text", "ground_name"])
        letter, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_decision_letter", decision.ids
        )
        message = decision.action_replay()["params"]
        path = self.env["cs.path"].search([("employee_id", "=", self.agent.id)])
        path.decision_ids.mapped("evidence_text")
        text = html2plaintext(decision.evidence_html) + html2plaintext(letter.decode())
        return text + decision.evidence_text, message["type"] == "success"

    def test_every_kind_of_ground_is_stored_of_every_release(self):
        self.assertIn("19.0.1.0.0", RELEASES)
        for release in RELEASES:
            self.assertEqual(set(load(release)), KINDS, release)

    def test_each_stored_evidence_works_in_every_part_of_the_pages(self):
        for release in RELEASES:
            for kind, evidence in load(release).items():
                with self.subTest(release=release, kind=kind), self.env.cr.savepoint() as savepoint:
                    decision = self._stored(evidence)
                    before = deepcopy(decision.evidence)
                    text, follows = self._open_everywhere(decision)
                    self.assertTrue(follows)
                    for finding in evidence["conditions"]:
                        if finding["needed"] is None:  # what is counted is told by its number
                            self.assertIn(str(finding["count"]), text)
                            continue
                        for found in finding["found"]:
                            self.assertIn(key_name(self.env, found["key"]), text)
                    if evidence["test"]:
                        self.assertIn(evidence["test"]["knowledge"].removesuffix(".0"), text)
                    self.assertEqual(decision.evidence, before)
                    if decision.violation_ids:
                        decision.violation_ids[:1].sudo()._withdraw("A mistake")
                        self.assertEqual(decision.state, "withdrawn")
                        self.assertEqual(decision.evidence, before, "kept as it was judged by")
                    savepoint.rollback()

    def test_todays_evidence_is_stamped_and_names_the_tiers_by_appointment(self):
        decisions = self._make_decisions()
        self.assertEqual(set(decisions), KINDS)
        for kind, decision in decisions.items():
            self.assertEqual(len(decision), 1, kind)
            self.assertEqual(decision.evidence["schema"], SCHEMA)
            self.assertEqual(decision.evidence["appointed"], ["reserve"])
            self.assertTrue(decision._follows_from_evidence(), kind)
            # the stored examples are of the same grounds, and say the same of them
            old = load("19.0.1.0.0")[kind]
            added = {"schema", "appointed", "consequences", "probation", "step", "target"}
            self.assertEqual(set(decision.evidence) - set(old), added)
            self.assertEqual(decision.evidence["outcome"], old["outcome"])

    def test_what_a_later_release_adds_is_tolerated(self):
        for kind, evidence in load("19.0.1.0.0").items():
            later = read(evidence) | {"schema": SCHEMA + 1, "weather": {"rain": [1]}}
            later["settings"]["stars"] = "5"
            later["agent"]["shoe_size"] = 44
            for each in later["conditions"]:
                each["colour"] = "red"
                each["required"]["source"] = "sheet"
                for found in each["found"]:
                    found["weight"] = 3
            for each in later["violations"]:
                each["place"] = "hall"
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                _text, follows = self._open_everywhere(self._stored(later))
                self.assertTrue(follows)
                savepoint.rollback()

    def test_a_missing_key_of_a_later_release_has_its_default(self):
        evidence = load("19.0.1.0.0")["promote"]
        self.assertNotIn("schema", evidence)
        self.assertEqual((read(evidence)["schema"], read(evidence)["appointed"]), (SCHEMA, []))
        for finding in evidence["conditions"]:
            for name in ("window", "months", "times", "consecutive"):
                del finding["required"][name]
        self.assertEqual(read(evidence)["conditions"][0]["required"]["window"], "latest")

    def test_reading_leaves_what_is_stored_alone(self):
        for evidence in load("19.0.1.0.0").values():
            before = deepcopy(evidence)
            read(evidence)["violations"].append("more")
            replay(evidence)
            self.assertEqual(evidence, before)

    def test_tampering_does_not_follow_and_breaks_no_page(self):
        """Whatever it is replaced by, every single value: said, and never a traceback."""
        odd = (None, [], {}, "", "soon", -1, 10**40, True, "1E+999999", [[]], {"value": "x"})
        stored = load("19.0.1.0.0")
        for kind in ("promote", "confirm_junior", "dismiss_repeated"):
            for path in self._paths(read(stored[kind])):
                for value in odd:
                    evidence = deepcopy(read(stored[kind]))
                    *parents, last = path
                    place = evidence
                    for key in parents:
                        place = place[key]
                    place[last] = value
                    try:
                        replay(evidence)
                    except EvidenceError:
                        continue
        for evidence in ("nonsense", [1, 2], 5, True, {"schema": "new"}, {"conditions": 7}):
            with self.subTest(evidence), self.env.cr.savepoint() as savepoint:
                decision = self._stored(stored["promote"])
                decision.evidence = evidence
                self.env.flush_all()
                text, follows = self._open_everywhere(decision)
                self.assertFalse(follows)
                self.assertIn("damaged and cannot be read", text)
                kept = self.env["cs.evidence"]
                self.assertFalse(kept._still_follows(decision, decision.violation_ids))
                savepoint.rollback()

    def test_the_same_facts_of_another_release_are_the_same(self):
        """Judged anew, only those whose results changed are touched; damage is no crash."""
        for kind, evidence in load("19.0.1.0.0").items():
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                decision = self._stored(evidence)
                today = read(decision.evidence)
                self.assertTrue(self.env["cs.evidence"]._has_facts(decision, today))
                decision.evidence = [1, 2]
                self.assertFalse(self.env["cs.evidence"]._has_facts(decision, today))
                savepoint.rollback()

    def test_a_month_that_is_none_is_shown_as_it_is(self):
        evidence = load("19.0.1.0.0")["promote"]
        for key in ("2026-99", "0000-01", "0000Q1", "2026W05"):
            evidence["conditions"][0]["found"][0]["key"] = key
            with self.subTest(key), self.env.cr.savepoint() as savepoint:
                self.assertIn(key, self._open_everywhere(self._stored(evidence))[0])
                savepoint.rollback()

    def test_a_changed_value_does_not_follow(self):
        decision = self._stored(load("19.0.1.0.0")["promote"])
        evidence = deepcopy(decision.evidence)
        for finding in evidence["conditions"]:
            for found in finding["found"]:
                found["value"] = "12"
        decision.evidence = evidence
        self.assertFalse(self._open_everywhere(decision)[1])

    def test_withdrawing_a_violation_with_unreadable_evidence(self):
        decision = self._stored(load("19.0.1.0.0")["dismiss_serious"])
        decision.evidence = {"violations": "gone"}
        decision.violation_ids._withdraw("A mistake")
        self.assertEqual(decision.state, "withdrawn")

    def _paths(self, value, path=()):
        """The way to each value of nested evidence."""
        if path:
            yield path
        if isinstance(value, dict):
            for key, each in value.items():
                yield from self._paths(each, (*path, key))
        elif isinstance(value, list):
            for index, each in enumerate(value):
                yield from self._paths(each, (*path, index))
