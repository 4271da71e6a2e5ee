"""A person decides up or down, with written grounds (policy language, *A person's decision*)."""

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import html2plaintext

from .common import CsPromotionCase
from .effects_common import EffectsCase, rule, scores


@tagged("post_install", "-at_install", "cs_promotion")
class TestPersonDecision(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.senior = cls._make_agent("Cara", tier="senior", user=True)

    def _propose(self, tier="junior", day="2025-04-01", grounds="Three talks led to nothing"):
        return (
            self.env["cs.decision"]
            .with_user(self.user_manager)
            .create(
                {
                    "employee_id": self.senior.id,
                    "tier_to_id": self.tiers[tier].id,
                    "effective_date": day,
                    "grounds": grounds,
                }
            )
        )

    def test_downwards_any_number_of_rungs(self):
        decision = self._propose()
        self.assertEqual((decision.outcome, decision.kind), ("demote", "moved_down"))
        self.assertEqual(decision.tier_from_id, self.tiers["senior"])
        self.assertIn("Demotion by management", decision.display_name)
        decision.action_approve()
        self.assertEqual(decision.state, "announced")
        self._apply(decision.notice_until)
        self.assertEqual(self._tier_on(self.senior, "2025-03-31"), "senior")
        self.assertEqual(self._tier_on(self.senior, "2025-04-01"), "junior")
        letter, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_decision_letter", decision.ids
        )
        words = html2plaintext(letter.decode())
        for text in ("Notice of Demotion", "a step down", "Three talks led to nothing"):
            self.assertIn(text, words)
        self.assertNotIn("Congratulations", words)
        self.assertIn("Three talks", decision.evidence_html)
        self._give_reason(decision.with_user(self.user_manager).action_withdraw(), "A mistake")
        self.assertEqual(self._tier_on(self.senior, "2025-04-01"), "senior")

    def test_the_direction_follows_the_tier_that_is_chosen(self):
        decision = self._propose("intermediate")
        self.assertEqual(decision.kind, "moved_down")
        decision.tier_to_id = self.tiers["reserve"]
        self.assertEqual((decision.outcome, decision.kind), ("promote", "exceptional"))
        decision.tier_to_id = self.tiers["probation"]
        self.assertEqual((decision.outcome, decision.kind), ("demote", "moved_down"))

    def test_it_needs_grounds_and_another_tier(self):
        with self.assertRaisesRegex(ValidationError, "write down the grounds"):
            self._propose(grounds=" ")
        with self.assertRaisesRegex(ValidationError, "another tier"):
            self._propose("senior")

    def test_it_takes_the_day_of_a_rule(self):
        decision = self._propose("intermediate")
        decision.action_approve()
        self._violation(self.senior, "2025-03-10", "moderate", fine=100)
        self._play("2025-03", {self.senior: 70, self.agent: 80, self.peer: 80})
        self.assertEqual(self._decisions(self.senior), decision)

    def test_overtaken_by_a_lower_tier(self):
        decision = self._propose("intermediate", day="2025-05-01")
        decision.action_approve()
        self._decide(self.senior, "junior", "2025-04-01")
        self._apply("2025-04-01")
        self._apply(max(decision.notice_until, decision.effective_date))
        self.assertEqual(decision.state, "withdrawn")
        self.assertEqual(self._tier_on(self.senior, "2025-05-01"), "junior")


@tagged("post_install", "-at_install", "cs_promotion")
class TestPersonDecisionPlayed(EffectsCase, TransactionCase):
    def test_down_and_up_again(self):
        up = rule("up", "fx_b", "promote", ("month_score", ">=", 90))
        found = self._play(
            [up],
            "2025-01",
            "2025-03",
            AL={
                "tier": "fx_a",
                "months": scores(1, 70, 70, 95),
                "decisions": [
                    {"date": "2025-01-15", "to": "fx_c"},
                    {"date": "2025-02-10", "to": "fx_b"},
                ],
            },
        )["AL"]
        self.assertEqual(
            [(each["date"], each["to"], each["kind"]) for each in found["changes"]],
            [
                ("2025-01-15", "fx_c", "moved_down"),
                ("2025-02-10", "fx_b", "exceptional"),
                ("2025-04-01", "fx_a", "promotion"),
            ],
        )
