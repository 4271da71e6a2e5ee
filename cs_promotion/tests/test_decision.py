from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..engine.calendar import add_months
from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestDecision(CsPromotionCase):
    """What is decided, when, and by whom (U2-U5, D1, D2, X1-X4, O1-O5, policy 12)."""

    @classmethod
    def _play_totals(cls, first, **totals):
        """Play months from ``first`` on; the keywords give agents' totals by attribute name."""
        months = max(len(each) for each in totals.values())
        for index in range(months):
            scores = {
                getattr(cls, name): each[index]
                for name, each in totals.items()
                if each[index] is not None
            }
            cls._play(f"{add_months(cls._day(first), index):%Y-%m}", scores)

    def _grounds(self, agent):
        return self._decisions(agent).mapped("ground")

    # ------------------------------------------------------------------ upwards

    def test_U2_all_conditions_met(self):
        self._play_totals("2025-01", agent=[91] * 3, peer=[90] * 3)
        decision = self._decisions(self.agent)
        self.assertRecordValues(
            decision,
            [
                {
                    "outcome": "promote",
                    "kind": "promotion",
                    "ground_type": "rule",
                    "ground": "promote_intermediate",
                    "tier_from_id": self.tiers["junior"].id,
                    "tier_to_id": self.tiers["intermediate"].id,
                    "tier_since_from": date(2025, 1, 1),
                    "effective_date": date(2025, 4, 1),
                    "policy_id": self.policy.id,
                    "cycle_id": self._cycle("2025-03").id,
                    "state": "announced",
                }
            ],
        )
        self.assertEqual(decision.rule_id.policy_id, self.policy)
        self.assertFalse(self._decisions(self.peer))

    def test_U2_rank_beyond_the_top_three(self):
        better = [self._make_agent(f"Better {number}") for number in range(3)]
        self._play_months(
            "2025-01", "2025-03", {self.agent: 91, self.peer: 92, **dict.fromkeys(better, 93)}
        )
        self.assertFalse(self._decisions(self.agent))
        self.assertFalse(self._decisions(self.peer))
        self.assertEqual(self._grounds(better[0]), ["promote_intermediate"])

    def test_U2_three_complete_months_since_joining(self):
        """Counted to the effective date: hired on 2 January, 1 April is a day short."""
        joiner = self._make_agent("Joiner", hired="2025-01-02")
        self._play_months("2025-01", "2025-03", {self.agent: 95, joiner: 95})
        self.assertEqual(self._grounds(self.agent), ["promote_intermediate"])
        self.assertFalse(self._decisions(joiner))

    def test_U3_all_conditions_met(self):
        self._decide(self.agent, "intermediate", "2025-01-02")
        self._apply("2025-01-05")
        self._award(self.agent, "2025-05")
        self._play_totals("2025-01", agent=[95] * 6)
        decision = self._decisions(self.agent)[-1]
        self.assertEqual(
            (decision.ground, decision.effective_date, decision.tier_to_id.code),
            ("promote_senior", date(2025, 7, 1), "senior"),
        )

    def test_U3_needs_the_title_and_both_quarters(self):
        lacking = {
            "award": self._make_agent("No award", tier="intermediate"),
            "quarter": self._make_agent("One quarter", tier="intermediate"),
        }
        self._award(lacking["quarter"], "2025-02")
        for month in range(1, 7):
            total = 94 if month < 4 else 96
            self._play(f"2025-{month:02}", {lacking["award"]: 96, lacking["quarter"]: total})
        self.assertFalse(self._decisions(lacking["award"]))
        self.assertFalse(self._decisions(lacking["quarter"]))

    def test_L5_the_top_is_not_reached_by_score(self):
        senior = self._make_agent("Senior", tier="senior", since="2023-01-01", hired="2023-01-01")
        self._award(senior, "2025-01")
        self._play_months("2025-01", "2025-03", {senior: 100})
        self.assertFalse(self._decisions(senior))

    # ------------------------------------------------------------------ downwards

    def _make_intermediates(self, number):
        return [self._make_agent(f"I{index}", tier="intermediate") for index in range(number)]

    def test_D1_three_consecutive_ranks_outside_the_top(self):
        agents = self._make_intermediates(4)
        scores = {agent: 96 - index for index, agent in enumerate(agents[:3])} | {agents[3]: 92}
        self._play_months("2025-01", "2025-02", scores)
        self.assertFalse(self._decisions(agents[3]))
        self._play("2025-03", scores)
        decision = self._decisions(agents[3])
        self.assertEqual((decision.ground, decision.kind), ("demote_intermediate", "demotion"))
        self.assertEqual(decision.tier_to_id.code, "junior")
        for agent in agents[:3]:
            self.assertFalse(self._decisions(agent))

    def test_D1_R5_a_month_without_review_neither_counts_nor_breaks(self):
        agents = self._make_intermediates(4)
        scores = {agent: 96 - index for index, agent in enumerate(agents[:3])}
        for month, total in (("2025-01", 92), ("2025-02", None), ("2025-03", 92), ("2025-04", 92)):
            given = scores | ({agents[3]: total} if total else {})
            self._play(month, given)
        self.assertEqual(self._grounds(agents[3]), ["demote_intermediate"])
        self.assertEqual(self._decisions(agents[3]).effective_date, date(2025, 5, 1))

    def test_D1_one_quarter_of_80_or_below(self):
        agent, better = self._make_intermediates(2)
        self._play_months("2025-01", "2025-03", {agent: 80, better: 81})
        self.assertEqual(self._grounds(agent), ["demote_intermediate"])
        self.assertFalse(self._decisions(better))

    def test_D1_two_consecutive_quarters_between_80_and_91(self):
        agent, better = self._make_intermediates(2)
        for month in range(1, 7):
            self._play(f"2025-{month:02}", {agent: 90, better: 90 if month < 4 else 91})
        self.assertEqual(self._grounds(agent), ["demote_intermediate"])
        self.assertEqual(self._decisions(agent).effective_date, date(2025, 7, 1))
        self.assertFalse(self._decisions(better))

    def test_D1_only_periods_begun_in_the_tier(self):
        """Ranks outside the top before the promotion do not count against it."""
        agent = self._make_agent("Promoted", tier="intermediate", since="2025-02-15")
        better = self._make_intermediates(3)
        self._play_months("2025-01", "2025-03", {agent: 79, **dict.fromkeys(better, 95)})
        self.assertFalse(self._decisions(agent))

    def test_D2_three_months_below_90_in_the_first_year(self):
        agent = self._make_agent("Senior", tier="senior", since="2025-01-01")
        totals = [89, 95, 89, 95, 89]
        for index, total in enumerate(totals):
            self.assertFalse(self._decisions(agent))
            self._play(f"2025-{index + 1:02}", {agent: total})
        self.assertEqual(self._grounds(agent), ["demote_senior"])

    def test_D2_rests_after_the_first_year(self):
        agent = self._make_agent("Senior", tier="senior", since="2024-04-01", hired="2024-01-01")
        self._play_months("2025-02", "2025-04", {agent: 89})
        self.assertFalse(self._decisions(agent), "April is not wholly within the first 12 months")

    # ------------------------------------------------------------------ dismissal reviews

    def test_X1_three_consecutive_failing_months(self):
        self._play_totals("2025-01", agent=[59, 59, 59], peer=[59, 60, 59])
        review = self._decisions(self.agent)
        self.assertRecordValues(
            review,
            [
                {
                    "outcome": "dismissal_review",
                    "kind": "review",
                    "ground": "dismiss_failing",
                    "tier_to_id": False,
                    "effective_date": date(2025, 4, 1),
                    "state": "announced",
                }
            ],
        )
        self.assertFalse(self._decisions(self.peer))

    def test_X1_nobody_is_dismissed_by_the_machine(self):
        self._play_totals("2025-01", agent=[59, 59, 59])
        self._apply("2026-01-01")
        self.assertEqual(self._decisions(self.agent).state, "announced")
        self.assertTrue(self.agent.active)
        self.assertFalse(self.agent.contract_date_end)
        self.assertEqual(self._tier_on(self.agent, "2026-01-01"), "junior")

    def test_X4_one_open_review_for_each_ground(self):
        self._play_totals("2025-01", agent=[50] * 4)
        self.assertEqual(len(self._decisions(self.agent)), 1)
        self._violation(self.agent, "2025-05-10", "serious")
        self._play("2025-05", {self.agent: 50})
        self.assertEqual(sorted(self._grounds(self.agent)), ["dismiss_failing", "dismiss_serious"])
        self._decisions(self.agent, ground="dismiss_failing")._reject("Two more months")
        self._play("2025-06", {self.agent: 50})
        reviews = self._decisions(self.agent, ground="dismiss_failing")
        self.assertEqual(reviews.mapped("state"), ["rejected", "announced"])

    def test_X4_no_promotion_by_score_while_a_review_is_open(self):
        self._violation(self.agent, "2025-01-10", "serious")
        self._play_totals("2025-01", agent=[95] * 3, peer=[95] * 3)
        self.assertEqual(self._grounds(self.agent), ["dismiss_serious"])
        self.assertEqual(self._grounds(self.peer), ["promote_intermediate"])
        self._decisions(self.agent)._reject("It was not that serious")
        self._play_totals("2025-04", agent=[95] * 3)
        self.assertEqual(self._grounds(self.agent), ["dismiss_serious", "promote_intermediate"])

    def test_X4_a_demotion_comes_beside_a_review(self):
        self._violation(self.agent, "2025-01-10", "serious")
        self._violation(self.agent, "2025-01-10", "moderate")
        self._play("2025-01", {})
        self.assertEqual(sorted(self._grounds(self.agent)), ["demote_violation", "dismiss_serious"])

    def test_X_review_is_ended_by_a_manager_only(self):
        self._violation(self.agent, "2025-01-10", "serious")
        self._violation(self.peer, "2025-01-10", "serious")
        self._play("2025-01", {})
        review = self._decisions(self.agent)
        for button in ("action_dismiss", "action_reject", "action_withdraw"):
            with self.subTest(button), self.assertRaises(AccessError), self.env.cr.savepoint():
                self._give_reason(getattr(self._as(self.user_office, review), button)(), "No")
        self.assertEqual(review.state, "announced")
        action = self._as(self.user_manager, review).action_dismiss()
        self._give_reason(action, "Heard, and dismissed")
        self.assertRecordValues(
            review,
            [
                {
                    "state": "applied",
                    "closing_reason": "Heard, and dismissed",
                    "decided_by": self.user_manager.id,
                }
            ],
        )
        action = self._as(self.user_manager, self._decisions(self.peer)).action_reject()
        self._give_reason(action, "One more chance")
        self.assertEqual(self._decisions(self.peer).state, "rejected")

    # ------------------------------------------------------------------ persons' decisions

    def _form(self, agent, tier, day, grounds="Outstanding at the fair"):
        decisions = self._as(self.user_manager, self.env["cs.decision"])
        with Form(decisions.with_company(self.company)) as form:
            form.employee_id = agent.with_user(self.user_manager)
            form.tier_to_id = self.tiers[tier]
            form.effective_date = date.fromisoformat(day)
            if grounds:
                form.grounds = grounds
        return form.record.sudo()

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

    # ------------------------------------------------------------------ order and dates

    def test_O1_only_agents_with_a_result_for_the_period_just_closed(self):
        """Three failing months, but none in the month just closed: nothing is decided."""
        self._play_totals("2025-01", agent=[59, 59, None, 59], peer=[80] * 4)
        self.assertEqual(self._decisions(self.agent).effective_date, date(2025, 5, 1))

    def test_O2_demotion_goes_before_promotion(self):
        self._violation(self.agent, "2025-03-10", "moderate")
        self._play_totals("2025-01", agent=[95] * 3)
        self.assertEqual(self._grounds(self.agent), ["demote_violation"])

    def test_O2_one_step_down_only(self):
        agent, better = self._make_intermediates(2)
        self._violation(agent, "2025-03-10", "moderate")
        self._play_months("2025-01", "2025-03", {agent: 70, better: 95})
        self.assertEqual(self._grounds(agent), ["demote_violation"])

    def test_O2_no_second_change_on_a_day_that_has_one(self):
        self._decide(self.agent, "senior", "2025-04-01")
        self._play_totals("2025-01", agent=[95] * 3)
        self.assertEqual(self._decisions(self.agent).mapped("kind"), ["exceptional"])

    def test_O2_the_database_refuses_a_second_change(self):
        self._decide(self.agent, "senior", "2025-04-01")
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._decide(self.agent, "reserve", "2025-04-01")
        self._decisions(self.agent)._withdraw("A mistake")
        self._decide(self.agent, "reserve", "2025-04-01")

    def test_O2_leaver_gets_none(self):
        gone = self._make_agent("Gone", left="2025-04-01")
        stays = self._make_agent("Stays a day more", left="2025-04-02")
        self._violation(gone, "2025-03-10", "serious")
        self._play_months("2025-01", "2025-03", {gone: 95, stays: 95})
        self.assertFalse(self._decisions(gone))
        self.assertEqual(self._grounds(stays), ["promote_intermediate"])

    def test_O3_first_day_after_the_period_however_late(self):
        cycle = self._open("2025-01")
        self._violation(self.agent, "2025-01-10", "moderate")
        cycle.appraisal_ids._exclude("not part of this test")
        self._close(cycle, "2025-06-20")
        decision = self._decisions(self.agent)
        self.assertEqual(decision.effective_date, date(2025, 2, 1))
        self.assertEqual(
            (decision.announced_on, decision.notice_until), (date(2025, 6, 20), date(2025, 6, 23))
        )
        self._apply("2025-06-22")
        self.assertEqual(decision.state, "announced")
        self._apply("2025-06-23")
        self.assertEqual(self._tier_on(self.agent, "2025-01-31"), "junior")
        self.assertEqual(self._tier_on(self.agent, "2025-02-01"), "probation")

    def test_O5_judged_by_the_policy_of_the_last_day(self):
        """A stricter policy from March on leaves the reviews of February alone."""
        stricter = self._make_policy(self.company, "2025-03-01", pass_mark=70.0)
        self._play_totals("2025-01", agent=[65] * 3)
        review = self._decisions(self.agent)
        self.assertEqual((review.ground, review.policy_id), ("dismiss_failing", stricter))
        self.assertEqual(review.effective_date, date(2025, 4, 1))

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
