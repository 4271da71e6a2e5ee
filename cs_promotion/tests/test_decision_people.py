from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .decision_common import DecisionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestDecisionPeople(DecisionCase):
    """What people decide and take part in, and what a decision keeps (U4, U5, O4, policy 12)."""

    # ------------------------------------------------------------------ persons' decisions

    def _create(self, agent, tier, day, grounds="Outstanding at the fair", user=None):
        decisions = self._as(user or self.user_manager, self.env["cs.decision"])
        return decisions.create(
            {
                "employee_id": agent.id,
                "tier_to_id": self.tiers[tier].id,
                "effective_date": day,
                "grounds": grounds,
            }
        ).sudo()

    @freeze_time("2025-03-10")
    def test_U4_skip_level_by_a_manager_with_grounds(self):
        decision = self._create(self.agent, "senior", "2025-03-15")
        self.assertRecordValues(
            decision,
            [
                {
                    "kind": "exceptional",
                    "ground": False,
                    "ground_type": "person",
                    "outcome": "promote",
                    "tier_from_id": self.tiers["junior"].id,
                    "decided_by": self.user_manager.id,
                    "policy_id": self.policy.id,
                    "state": "proposed",
                }
            ],
        )
        self._as(self.user_manager, decision).action_approve()
        self.assertEqual(decision.notice_until, date(2025, 3, 13))
        self._apply("2025-03-15")
        self.assertEqual(self._tier_on(self.agent, "2025-03-14"), "junior")
        self.assertEqual(self._tier_on(self.agent, "2025-03-15"), "senior")

    def test_U4_L5_appointment_to_the_top(self):
        senior = self._make_agent("Senior", tier="senior")
        decision = self._create(senior, "reserve", "2025-05-01")
        decision._announce(date(2025, 4, 20))
        self._apply("2025-05-01")
        self.assertEqual(self._tier_on(senior, "2025-05-01"), "reserve")
        self.assertEqual(senior._get_version(date(2025, 5, 1)).wage, 2000)  # as senior

    def test_U4_needs_grounds(self):
        for grounds in (False, "", "   "):
            with (
                self.subTest(grounds),
                self.assertRaisesRegex(ValidationError, "Agent.*write down the grounds"),
                self.env.cr.savepoint(),
            ):
                self._create(self.agent, "senior", "2025-03-15", grounds)

    def test_U4_leads_to_another_tier(self):
        with self.assertRaisesRegex(ValidationError, "Agent holds Junior agent then"):
            self._create(self.agent, "junior", "2025-03-15")

    def test_U4_the_managers_alone(self):
        for user in (self.user_office, self.user_superior, self.user_agent):
            with self.subTest(user.login), self.assertRaises(AccessError), self.env.cr.savepoint():
                self._create(self.agent, "senior", "2025-03-15", user=user)

    def test_U4_refused_for_leavers_and_strangers(self):
        leaver = self._make_agent("Leaver", left="2025-03-15")
        self._create(leaver, "senior", "2025-03-14")
        with self.assertRaisesRegex(ValidationError, "Leaver has left by then.*2025-03-15"):
            self._create(leaver, "senior", "2025-03-15")
        with self.assertRaisesRegex(ValidationError, "Leaver has left"):
            self._create(leaver, "senior", "2025-06-01")
        with self.assertRaisesRegex(ValidationError, "is not on the ladder"):
            self._create(self.stranger, "senior", "2025-03-15")
        with self.assertRaisesRegex(ValidationError, "Agent is not on the ladder"):
            self._create(self.agent, "senior", "2024-12-31")

    def test_announced_decision_cannot_be_edited(self):
        decision = self._create(self.agent, "senior", "2025-03-15")
        self._as(self.user_manager, decision).grounds = "Better words"
        decision._announce(date(2025, 3, 10))
        for vals in (
            {"tier_to_id": self.tiers["reserve"].id},
            {"effective_date": "2025-03-20"},
            {"grounds": "Other words"},
            {"state": "applied"},
            {"notice_until": "2025-01-01"},
        ):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                self._as(self.user_manager, decision).write(vals)
        with self.assertRaisesRegex(UserError, "stays on record"):
            decision.unlink()
        self.assertEqual(decision.grounds, "Better words")

    def test_rule_decision_cannot_be_forged(self):
        """Whatever a network call sends, a manager's record is a manager's decision."""
        try:
            with self.env.cr.savepoint():
                decision = self._as(self.user_manager, self.env["cs.decision"]).create(
                    {
                        "employee_id": self.agent.id,
                        "tier_to_id": self.tiers["senior"].id,
                        "effective_date": "2025-03-15",
                        "grounds": "Because",
                        "ground_type": "rule",
                        "ground": "promote_senior",
                        "state": "applied",
                        "outcome": "demote",
                    }
                )
        except UserError:
            decision = self.env["cs.decision"]
        for each in decision.sudo():
            self.assertEqual((each.ground_type, each.ground), ("person", False))
            self.assertEqual((each.state, each.outcome), ("proposed", "promote"))
        self.assertFalse(self._decisions(self.agent, ground_type="rule"))

    # ------------------------------------------------------------------ notice and approval

    def _decide_moderate(self, **settings):
        if settings:
            self._make_policy(self.company, "2025-03-01", **settings)
        self._violation(self.agent, "2025-03-10", "moderate")
        self._play("2025-03", {})
        return self._decisions(self.agent)

    def test_O4_announced_with_notice(self):
        decision = self._decide_moderate()
        self.assertEqual(
            (decision.state, decision.announced_on, decision.notice_until),
            ("announced", date(2025, 4, 1), date(2025, 4, 4)),
        )
        self._apply("2025-04-03")
        self.assertEqual(decision.state, "announced")
        self._apply("2025-04-04")
        self.assertEqual((decision.state, decision.applied_on), ("applied", date(2025, 4, 4)))

    def test_O4_days_of_the_policy(self):
        decision = self._decide_moderate(notice_days=10)
        self.assertEqual(decision.notice_until, date(2025, 4, 11))

    def test_O4_no_notice(self):
        decision = self._decide_moderate(notice_days=0)
        self._apply("2025-04-01")
        self.assertEqual(decision.state, "applied")

    def test_O4_a_manager_approves_first(self):
        decision = self._decide_moderate(approval="manager")
        self.assertEqual((decision.state, decision.notice_until), ("proposed", False))
        self._apply("2025-05-01")
        self.assertEqual(decision.state, "proposed")
        with self.assertRaises(AccessError):
            self._as(self.user_office, decision).action_approve()
        with freeze_time("2025-04-10"):
            self._as(self.user_manager, decision).action_approve()
        self.assertRecordValues(
            decision,
            [
                {
                    "state": "announced",
                    "approved_by": self.user_manager.id,
                    "notice_until": date(2025, 4, 13),
                    "effective_date": date(2025, 4, 1),
                }
            ],
        )
        self._apply("2025-04-13")
        self.assertEqual(self._tier_on(self.agent, "2025-04-01"), "probation")

    def test_O4_a_manager_rejects(self):
        decision = self._decide_moderate(approval="manager")
        self._give_reason(self._as(self.user_manager, decision).action_reject(), "Too harsh")
        self.assertEqual((decision.state, decision.closing_reason), ("rejected", "Too harsh"))
        self._apply("2025-05-01")
        self.assertEqual(self._tier_on(self.agent, "2025-05-01"), "junior")

    def test_O4_nobody_decides_on_a_matter_of_their_own(self):
        self.agent.user_id = False
        employee = self._make_agent("Manager", user=self.user_manager)
        self._make_policy(self.company, "2025-03-01", approval="manager")
        self._violation(employee, "2025-03-10", "moderate")
        self._play("2025-03", {})
        decision = self._decisions(employee)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._as(self.user_manager, decision).action_approve()
        self.assertEqual(decision.state, "proposed")

    def test_O4_applied_decision_is_taken_back(self):
        decision = self._decide_moderate()
        self._apply("2025-04-04")
        action = self._as(self.user_manager, decision).action_withdraw()
        self._give_reason(action, "The appeal was right")
        self.assertEqual(decision.state, "withdrawn")
        self.assertEqual(self._tier_on(self.agent, "2025-04-01"), "junior")
        version = self.agent._get_version(date(2025, 4, 1))
        self.assertEqual((version.wage, version.cs_tier_since), (1700, date(2025, 1, 1)))

    # ------------------------------------------------------------------ attestation

    def _promote_attested(self):
        self._make_policy(self.company, "2025-03-01", require_attestation=True)
        self._play_totals("2025-01", agent=[95] * 3)
        return self._decisions(self.agent)

    def test_U5_waits_for_the_superior(self):
        decision = self._promote_attested()
        self.assertTrue(decision.needs_attestation)
        self._apply("2025-05-01")
        self.assertEqual(decision.state, "announced")
        with self.assertRaises(AccessError):
            self._as(self.user_office, decision).action_attest()
        self._as(self.user_superior, decision).action_attest()
        self.assertEqual(decision.attested_by, self.user_superior)
        self.assertFalse(decision.needs_attestation)
        self._apply("2025-05-01")
        self.assertEqual(decision.state, "applied")

    def test_U5_demotions_need_none(self):
        decision = self._decide_moderate(require_attestation=True)
        self._apply("2025-04-04")
        self.assertEqual(decision.state, "applied")

    def test_U5_not_required_by_default(self):
        self._play_totals("2025-01", agent=[95] * 3)
        self.assertFalse(self._decisions(self.agent).needs_attestation)

    # ------------------------------------------------------------------ evidence

    def test_12_evidence_names_conditions_and_reviews(self):
        for month, total in (("2025-01", 93), ("2025-02", 95), ("2025-03", 96)):
            self._play(month, {self.agent: total})
        decision = self._decisions(self.agent)
        text = decision.evidence_text
        self.assertIn("Q1 2025: 94.67", text)
        self.assertIn("≥ 91", text)
        self.assertEqual(text.count("✓"), 3)
        conditions = decision.evidence["conditions"]
        self.assertEqual([each["met"] for each in conditions], [True] * 3)
        found = [review["ref"] for each in conditions for review in each["found"] or ()]
        self.assertIn(self._appraisal(self.agent, "2025-01", "quarter").id, found)

    def test_12_replay_gives_the_same(self):
        self._violation(self.peer, "2025-03-05", "moderate")
        self._violation(self.peer, "2025-03-06", "serious")
        novice = self._make_agent("Novice", tier="probation")
        self._probation_test(novice, "2025-03-05")
        self.env["cs.verdict"]._confirm_probations(novice, date(2025, 3, 5))
        self._play_totals("2025-01", agent=[95] * 3)
        decisions = self._decisions(self.agent) | self._decisions(self.peer)
        decisions |= self._decisions(novice)
        self.assertEqual(len(decisions), 4)
        for decision in decisions:
            with self.subTest(decision.ground):
                self.assertTrue(decision._follows_from_evidence())
                params = decision.action_replay()["params"]
                self.assertEqual(params["type"], "success")

    def test_12_replay_finds_out_what_does_not_follow(self):
        decision = self._decide_moderate()
        evidence = decision.evidence
        evidence["violations"] = []
        decision.evidence = evidence
        self.assertFalse(decision._follows_from_evidence())
        self.assertEqual(decision.action_replay()["params"]["type"], "danger")

    def test_12_policy_version_and_grounds_are_kept(self):
        decision = self._decide_moderate()
        self._make_policy(self.company, "2025-04-01")
        self.assertEqual(decision.policy_id, self.policy)
        self.assertEqual(decision.ground_name, "Moderate violation")
        rule = self.policy.rule_ids.filtered(lambda each: each.code == "dismiss_failing")
        with self.assertRaises(UserError):
            rule.condition_ids = [Command.clear()]
