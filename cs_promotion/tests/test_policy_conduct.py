"""What a version of the policy says of violations: what a severity leads to (V2)."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
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
