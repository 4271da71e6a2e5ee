from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from odoo.addons.cs_promotion.tests.common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestPraise(CsPromotionCase):
    """A metric with a source, and an outcome, that an addon declares: judged, told, replayed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        window = {"window": "rolling_months", "months": 2}
        cls.rule = cls._rule("commend", "Customers' favourite", "commendation", 3, **window)
        cls._rule("praised", "Praised often", "promote", 6)

    @classmethod
    def _rule(cls, code, name, outcome, letters, **window):
        """A rule of junior agents on so many letters."""
        condition = {"metric": "praise", "operator": ">=", "value": letters, **window}
        return cls.env["cs.policy.rule"].create(
            {
                "policy_id": cls.policy.id,
                "code": code,
                "name": name,
                "tier_id": cls.tiers["junior"].id,
                "outcome": outcome,
                "condition_ids": [Command.create(condition)],
            }
        )

    @classmethod
    def _praise(cls, agent, *days):
        for day in days:
            cls.env["cs.praise"].create(
                {"employee_id": agent.id, "company_id": cls.company.id, "date": day}
            )

    def _commend(self):
        self._praise(self.agent, "2025-02-01", "2025-02-20", "2025-03-31")
        self._praise(self.peer, "2025-01-30", "2025-03-01", "2025-03-02", "2025-04-01")
        self._play_months("2025-01", "2025-02", {self.agent: 70, self.peer: 70})
        self.assertFalse(self._decisions(self.agent))
        self._play("2025-03", {self.agent: 70, self.peer: 70})
        self.assertFalse(self._decisions(self.peer), "one lies before, one after the months")
        return self._decisions(self.agent)

    def test_chosen_in_a_form_and_told_in_words(self):
        with Form(self.rule.condition_ids.with_user(self.user_manager)) as form:
            self.assertEqual(form.metric, "praise")
            self.assertTrue(form.counted)
        self.assertEqual(
            self.rule.condition_ids.sentence,
            "Letters of thanks ≥ 3, counted in the last 2 months, in the tier",
        )
        page = html2plaintext(self.policy.page_html)
        self.assertIn("Customers' favourite", page)
        self.assertIn("Commendation", page)

    def test_decided_announced_and_carried_out(self):
        decision = self._commend()
        self.assertEqual((decision.outcome, decision.kind), ("commendation", "commendation"))
        self.assertEqual((decision.state, decision.tier_to_id), ("announced", self.env["cs.tier"]))
        self.assertIn("Commendation", decision.display_name)
        self.assertEqual(
            decision.evidence_text,
            "✓ Letters of thanks ≥ 3, counted in the last 2 months, in the tier: 3",
        )
        [finding] = decision.evidence["conditions"]
        self.assertEqual(
            [each["key"] for each in finding["found"]], ["2025-02-01", "2025-02-20", "2025-03-31"]
        )
        letter, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_decision_letter", decision.ids
        )
        self.assertIn("Notice: Commendation", html2plaintext(letter.decode()))
        tier = self.agent.version_id.cs_tier_id
        decision._apply_due(decision.notice_until)
        self.assertEqual(decision.state, "applied")
        self.assertEqual(self.agent.version_id.cs_tier_id, tier)
        self.assertIn("Commended: Customers' favourite", self.agent.message_ids[0].body)

    def test_replayed_from_its_evidence_alone(self):
        decision = self._commend()
        self.assertTrue(decision._follows_from_evidence())
        evidence = dict(decision.evidence)
        evidence["conditions"][0]["found"].pop()
        decision.evidence = evidence
        self.assertFalse(decision._follows_from_evidence())

    def test_neither_bars_a_promotion_nor_comes_twice(self):
        decision = self._commend()
        self._praise(self.agent, "2025-04-02", "2025-04-03")
        self._play("2025-04", {self.agent: 70, self.peer: 70})
        self.assertEqual(self._decisions(self.agent), decision, "it is open still")
        self._praise(self.agent, "2025-05-02")
        self._play("2025-05", {self.agent: 70, self.peer: 70})
        self.assertEqual((self._decisions(self.agent) - decision).mapped("ground"), ["praised"])

    def test_on_the_path_before_it_comes(self):
        self._praise(self.agent, "2025-01-10", "2025-01-11")
        self._play("2025-01", {self.agent: 70, self.peer: 70})
        path = self.env["cs.path"].browse(self.agent.id)
        words = html2plaintext(path.downwards_html) + html2plaintext(path.upwards_html)
        self.assertIn("Letters of thanks ≥ 3", words)

    def test_a_rule_whose_metric_is_gone_is_refused_by_name(self):
        self.env.cr.execute(
            "UPDATE cs_policy_condition SET metric = 'gone' WHERE id = %s",
            [self.rule.condition_ids.id],
        )
        self.env.invalidate_all()
        self.assertIn("gone ≥ 3", self.rule.condition_ids.sentence)
        with self.assertRaisesRegex(Exception, "No addon that is installed knows gone"):
            self.policy._compile()
