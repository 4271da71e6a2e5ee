from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .decision_common import DecisionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestDecision(DecisionCase):
    """What rules decide, and when (U2, U3, D1, D2, X1-X4, O1-O3, O5)."""

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
