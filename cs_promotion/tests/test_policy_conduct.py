"""What a version of the policy says of violations: what a severity leads to, and what kinds of
them bring (V1, V2)."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestPolicyConduct(CsPromotionCase):
    def _draft(self, day="2025-03-01", **values):
        return self._make_policy(self.company, day, activate=False, **values)

    def _row(self, policy, severity):
        return policy.consequence_ids.filtered(lambda each: each.severity == severity)

    # ------------------------------------------------------------------ consequences

    def test_V2_is_what_a_policy_says_by_default(self):
        told = [
            ("minor", False, True),
            ("moderate", "demote", True),
            ("serious", "dismissal_review", True),
        ]
        bare = self.env["cs.policy"].create(
            {"name": "Bare", "scorecard_id": self.policy.scorecard_id.id}
        )
        for policy in (self.env.ref("cs_promotion.policy_default"), self.policy, bare):
            rows = [(row.severity, row.outcome, row.fined) for row in policy.consequence_ids]
            self.assertEqual(rows, told)

    def test_V2_a_version_says_what_a_severity_leads_to(self):
        """Moderate ones are reviewed, serious ones step down; the month's version decides."""
        draft = self._draft()
        self._row(draft, "moderate").outcome = "dismissal_review"
        self._row(draft, "serious").outcome = "demote"
        draft.action_activate()
        self._violation(self.agent, "2025-02-10", "moderate")
        self._play("2025-02", {})
        self.assertEqual(self._decisions(self.agent).ground, "demote_violation")
        peer = self._make_agent("Third")
        moderate = self._violation(self.peer, "2025-03-10", "moderate")
        self._violation(peer, "2025-03-10", "serious")
        self.assertIn("dismissal review", " ".join(moderate._get_effects()))
        with self.subTest("told beforehand"):
            path = self.env["cs.path"].search([("employee_id", "=", self.peer.id)])
            self.assertIn("leads to this: Dismissal review", path.downwards_html)
        self._play("2025-03", {})
        review, down = self._decisions(self.peer), self._decisions(peer)
        self.assertRecordValues(
            review | down,
            [
                {
                    "outcome": "dismissal_review",
                    "ground": "dismissal_review_moderate",
                    "ground_name": "Moderate violation",
                },
                {
                    "outcome": "demote",
                    "ground": "demote_serious",
                    "ground_name": "Serious violation",
                },
            ],
        )
        self.assertEqual(down.tier_to_id, self.tiers["probation"])
        for decision in review | down:
            self.assertTrue(decision._follows_from_evidence())
            decision.violation_ids.sudo()._withdraw("A mistake")
            self.assertEqual(decision.state, "withdrawn")

    def test_V2_no_fine_where_none_is_due(self):
        draft = self._draft()
        self._row(draft, "minor").fined = False
        draft.action_activate()
        with self.assertRaisesRegex(ValidationError, "outside the range"), self.env.cr.savepoint():
            self._violation(self.agent, "2025-03-10", "minor", fine=20)
        violation = self._violation(self.agent, "2025-03-10", "minor", fine=0)
        self.assertEqual(violation.state, "confirmed")
        self.assertEqual(violation._get_effects(), [])
        self._violation(self.agent, "2025-03-11", "moderate", fine=20)
        with self.assertRaisesRegex(ValidationError, "outside the range"), self.env.cr.savepoint():
            self._violation(self.agent, "2025-02-10", "minor", fine=0)

    def test_V2_the_page_says_it(self):
        draft = self._draft()
        before = self._as(self.user_manager, self.policy).page_html
        for words in (
            "Minor: a fine.",
            "Moderate: a fine, and one step down from the first of the next month.",
            "Serious: a fine, and a dismissal review.",
        ):
            self.assertIn(words, before)
        self._row(draft, "minor").fined = False
        self._row(draft, "moderate").outcome = "dismissal_review"
        page = self._as(self.user_manager, draft).page_html
        self.assertIn("Minor: nothing follows.", page)
        self.assertIn("Moderate: a fine, Dismissal review.", page)

    def test_V2_consequences_that_cannot_be(self):
        draft = self._draft()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            draft.consequence_ids = [Command.create({"severity": "minor"})]
        with self.assertRaisesRegex(ValidationError, "promote is no"), self.env.cr.savepoint():
            self._row(draft, "minor").outcome = "promote"
        rule = draft.rule_ids[0]
        self._row(draft, "minor").outcome = "demote"
        for code in ("confirm_junior", "dismiss_repeated", "demote_minor"):
            with self.assertRaisesRegex(UserError, "fixed procedures"), self.env.cr.savepoint():
                rule.code = code
        rule.code = "demote_serious"

    # ------------------------------------------------------------------ offences

    def _offence(self, policy, **values):
        kind = self.env.ref("cs_promotion.violation_type_slacking")
        return self.env["cs.policy.offence"].create(
            {"policy_id": policy.id, "type_id": kind.id, **values}
        )

    def _report(self, agent, day, **values):
        """A violation as it is typed, severity and fine as proposed."""
        kind = self.env.ref("cs_promotion.violation_type_slacking")
        return self.env["cs.violation"].create(
            {"employee_id": agent.id, "date": day, "type_id": kind.id, **values}
        )

    def test_V1_no_kind_has_anything_of_its_own_by_default(self):
        self.assertFalse(self.env.ref("cs_promotion.policy_default").offence_ids)
        violation = self._report(self.agent, "2025-03-10")
        self.assertRecordValues(
            violation,
            [{"severity": False, "fine": 0, "fine_min": 20, "fine_max": 100, "points": 0}],
        )

    def test_V2_severity_and_fixed_fine_are_proposed(self):
        """When it is typed, imported or called; a person decides the severity all the same."""
        self._offence(self.policy, severity="moderate", fine_method="fixed", fine_amount=150)
        violation = self._report(self.agent, "2025-03-10")
        self.assertEqual((violation.severity, violation.fine), ("moderate", 150))
        given = self._report(self.agent, "2025-03-10", severity="minor")
        self.assertEqual((given.severity, given.fine), ("minor", 150))
        form = Form(self.env["cs.violation"].with_user(self.user_office))
        form.employee_id = self.agent
        form.date = "2025-03-11"
        form.type_id = self.env.ref("cs_promotion.violation_type_slacking")
        self.assertEqual((form.severity, form.fine), ("moderate", 150))
        form.severity = "minor"
        typed = form.save()
        self.assertEqual((typed.severity, typed.fine), ("minor", 150))
        with self.assertRaisesRegex(ValidationError, "150.0* to 150"), self.env.cr.savepoint():
            typed.fine = 60
        self._as(self.user_office, typed).action_confirm()
        self.assertEqual(typed.fine, 150)
        other = self._violation(self.agent, "2025-03-12", "minor", fine=60, kind="insubordination")
        self.assertEqual(other.fine, 60, "within the range of the rung, as ever")

    def test_V2_no_fine_for_a_kind(self):
        self._offence(self.policy, fine_method="none")
        violation = self._report(self.agent, "2025-03-10", severity="minor")
        violation._confirm()
        with self.assertRaisesRegex(ValidationError, "outside the range"), self.env.cr.savepoint():
            self._report(self.agent, "2025-03-10", severity="minor", fine=20)

    def test_V2_no_fine_for_a_severity_goes_first(self):
        self._offence(self.policy, severity="minor", fine_method="fixed", fine_amount=50)
        self._row(self.policy, "minor").fined = False
        violation = self._report(self.agent, "2025-03-10")
        self.assertEqual((violation.severity, violation.fine, violation.fine_max), ("minor", 0, 0))

    def test_V2_a_fine_that_grows_with_repetition(self):
        """Three months back, that day included; of this kind, confirmed, and since joining."""
        fixed = {"fine_method": "fixed", "months": 3}
        self._offence(self.policy, severity="minor", fine_amount=30, **fixed)
        self._offence(self.policy, severity="minor", fine_amount=60, times=2, **fixed)
        self._offence(self.policy, severity="serious", fine_amount=90, times=3, **fixed)
        agent = self._make_agent("Again", hired="2025-01-01")
        told = []
        for day in ("2025-01-10", "2025-02-10", "2025-04-10", "2025-05-11"):
            violation = self._report(agent, day)
            told.append((violation.severity, violation.fine))
            violation._confirm()
        self.assertEqual(told, [("minor", 30), ("minor", 60), ("serious", 90), ("minor", 60)])
        self._report(agent, "2025-05-12")
        self.assertEqual(self._report(agent, "2025-05-13").fine, 90, "one is only reported")
        self.assertEqual(self._report(self.peer, "2025-05-13").fine, 30)
        former = self.env["cs.violation"].search([("date", "=", "2025-02-10")])
        self.assertEqual(former.fine_max, 60, "as when it was decided")

    def test_V3_a_month_over_the_limit_follows_its_offence(self):
        kind = self.env["cs.violation.type"]._get_complaint_rate()
        self._offence(self.policy, type_id=kind.id, severity="moderate", points=3)
        self._offence(self.policy, type_id=kind.id, times=2, fine_method="fixed", fine_amount=55)
        self._row(self.policy_b, "minor").fined = False
        raised = []
        for month in ("2025-01", "2025-02"):
            self._figure(self.agent, month, 100, 10, 5)
            self._play(month, {})
            raised.append(
                self.env["cs.violation"].search([("cycle_id.date_start", "=", f"{month}-01")])
            )
        self.assertRecordValues(
            raised[0] | raised[1],
            [
                {"severity": "moderate", "fine": 20, "points": 3},
                {"severity": "minor", "fine": 55, "points": 0},
            ],
        )

    def test_11_points_are_a_metric(self):
        """Added up over the last months; a withdrawn violation takes its points along."""
        draft = self._draft("2025-01-01")
        self._offence(draft, points=4)
        self._offence(draft, points=6.5, times=2, months=6)
        rule = self.env["cs.policy.rule"].create(
            {
                "policy_id": draft.id,
                "code": "too_many_points",
                "name": "Too many points",
                "tier_id": self.tiers["junior"].id,
                "outcome": "dismissal_review",
                "condition_ids": [
                    Command.create(
                        {
                            "metric": "violation_points",
                            "operator": ">=",
                            "value": 10.5,
                            "window": "last_months",
                            "months": 12,
                        }
                    )
                ],
            }
        )
        draft.action_activate()
        first = self._violation(self.agent, "2025-01-10", fine=20)
        self.assertEqual(first.points, 4)
        other = self._violation(self.peer, "2025-01-11", fine=20)
        self._play("2025-01", {self.agent: 80})
        self.assertFalse(self._decisions(self.agent))
        second = self._violation(self.agent, "2025-02-10", fine=20)
        unrelated = self._violation(self.agent, "2025-02-11", fine=20, kind="insubordination")
        self.assertEqual((second.points, unrelated.points), (6.5, 0))
        self._play("2025-02", {self.agent: 80})
        review = self._decisions(self.agent, ground="too_many_points")
        self.assertEqual(review.violation_ids, first | second)
        self.assertIn("Points of violations", rule.sentence)
        self.assertTrue(review._follows_from_evidence())
        self.assertFalse(other.points == 0)
        second.sudo()._withdraw("A mistake")
        self.assertEqual(review.state, "withdrawn")

    def test_V1_the_page_tells_offences(self):
        draft = self._draft()
        self._offence(draft, severity="minor", points=2, fine_method="fixed", fine_amount=30)
        self._offence(draft, fine_method="none", times=2, months=6)
        page = self._as(self.user_manager, draft).page_html
        self.assertIn("Slacking: Minor, 2 points, a fine of 30.", page)
        self.assertIn("Slacking, from time 2 on: no fine, counted within 6 months.", page)

    def test_V1_offences_that_cannot_be(self):
        draft = self._draft()
        row = self._offence(draft)
        for values in ({"times": 0}, {"months": -1}, {"points": -1}, {"fine_amount": -5}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                row.write(values)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._offence(draft)
