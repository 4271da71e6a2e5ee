from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestClosing(CsPromotionCase):
    """Closing a month: completeness, scores, ranks, freezing, re-opening (S2-S4, R1-R2, O1)."""

    @classmethod
    def _close(cls, cycle, day=None):
        return cls._close_as_office(cycle, day)

    def _score_of(self, agent, month="2025-03"):
        return self._appraisal(agent, month).score

    def _ranks(self, cycle):
        return {each.employee_id.name: each.rank for each in cycle.appraisal_ids}

    def _close_scored(self, superior, office, **settings):
        """The score of ``agent`` from these two totals under a policy with these settings."""
        if settings:
            self._make_policy(self.company, "2025-03-01", **settings)
        cycle = self._open("2025-03")
        self._appraisal(self.peer, "2025-03")._exclude("not part of this test")
        self._score(self._appraisal(self.agent, "2025-03"), superior, office)
        self._close(cycle)
        return self._score_of(self.agent)

    # ------------------------------------------------------------------ what is missing

    def test_refuses_with_a_list_of_what_is_missing(self):
        cycle = self._open("2025-03")
        self._fill_in(self._sheet(self.agent, "2025-03", "office"), 80)
        self._fill_in(self._sheet(self.peer, "2025-03", "superior"), 70, submit=False)
        sheet = self._sheet(self.peer, "2025-03", "office")
        for line in sheet.line_ids.sorted("number")[:7]:
            line.grade_id = line.section_id.grade_ids[0]
        with self.assertRaises(UserError) as caught:
            self._close(cycle)
        self.assertEqual(
            sorted(str(caught.exception).splitlines()[1:]),
            [
                "Agent: Direct superior, 0 of 20 items",
                "Peer: Direct superior, 20 of 20 items",
                "Peer: Office, 7 of 20 items",
            ],
        )
        self.assertEqual(cycle.state, "open")
        self.assertFalse(cycle.appraisal_ids.filtered(lambda each: each.closed or each.scored))

    def test_long_list_of_what_is_missing_is_cut(self):
        for number in range(20):
            self._make_agent(f"Agent {number}")
        cycle = self._open("2025-03")
        with self.assertRaises(UserError) as caught:
            self._close(cycle)
        lines = str(caught.exception).splitlines()[1:]
        self.assertEqual(len(lines), 31)
        self.assertEqual(lines[-1], "… and 14 more")  # 22 agents, two sheets each

    def test_agent_who_joined_after_opening_is_waited_for(self):
        cycle = self._open("2025-03")
        self._score(cycle.appraisal_ids, 80)
        self._make_agent("Late", hired="2025-03-31")
        with self.assertRaisesRegex(UserError, "Late: Office, 0 of 20 items"):
            self._close(cycle)

    def test_leaves_out_named_agents_with_a_reason(self):
        cycle = self._open("2025-03")
        self._score(self._appraisal(self.agent, "2025-03"), 80)
        peer = self._appraisal(self.peer, "2025-03")
        action = peer.action_exclude()
        self.assertIn("Peer", self.env["cs.reason"].browse(action["res_id"]).subject)
        self._give_reason(action, "On parental leave")
        self._close(cycle)
        self.assertRecordValues(
            peer, [{"excluded": True, "excluded_reason": "On parental leave", "scored": False}]
        )
        self.assertEqual((peer.score, peer.rank), (0, 0))
        self.assertEqual(self._appraisal(self.agent, "2025-03").rank, 1)
        bodies = "".join(cycle.message_ids.mapped("body"))
        self.assertIn("Left out: Peer. Reason: On parental leave", bodies)

    def test_leaving_out_needs_a_reason(self):
        self._open("2025-03")
        appraisal = self._appraisal(self.peer, "2025-03")
        for reason in (False, "  "):
            with self.assertRaisesRegex(UserError, "Write down the reason"):
                self._give_reason(appraisal.action_exclude(), reason)
        self.assertFalse(appraisal.excluded)

    def test_leaving_out_from_a_closed_cycle_is_refused(self):
        self._play("2025-03", {self.agent: 80, self.peer: 70})
        appraisal = self._appraisal(self.agent, "2025-03")
        with self.assertRaisesRegex(UserError, "closed"):
            appraisal._exclude("too late")
        self.assertFalse(appraisal.excluded)

    def test_left_out_with_submitted_sheets_has_no_score(self):
        cycle = self._open("2025-03")
        self._score(cycle.appraisal_ids, 80)
        self._appraisal(self.agent, "2025-03")._exclude("Long sick leave")
        self._close(cycle)
        self.assertFalse(self._appraisal(self.agent, "2025-03").scored)
        self.assertEqual(self._ranks(cycle), {"Agent": 0, "Peer": 1})

    def test_closing_without_anyone(self):
        (self.agent | self.peer).write({"cs_tier_id": False})
        cycle = self._close(self._cycle("2025-03"))
        self.assertEqual(cycle.state, "closed")
        self.assertFalse(cycle.appraisal_ids)

    # ------------------------------------------------------------------ order and dates

    @freeze_time("2025-03-31")
    def test_not_before_the_period_has_ended(self):
        cycle = self._open("2025-03")
        self._score(cycle.appraisal_ids, 80)
        with self.assertRaisesRegex(UserError, "ends on 2025-03-31 and cannot be closed before"):
            cycle.action_close()
        self.assertEqual(cycle.state, "open")
        with freeze_time("2025-04-01"):
            cycle.action_close()
        self.assertEqual(cycle.state, "closed")

    def test_not_before_earlier_periods(self):
        self._open("2025-02")
        cycle = self._open("2025-03")
        self._score(cycle.appraisal_ids, 80)
        with self.assertRaisesRegex(UserError, "Close February 2025 before March 2025"):
            self._close(cycle)
        self.assertEqual(cycle.state, "open")

    def test_several_are_closed_oldest_first(self):
        cycles = self._open("2025-03") | self._open("2025-01") | self._open("2025-02")
        self._score(cycles.appraisal_ids, 80)
        cycles.action_close()
        self.assertEqual(set(cycles.mapped("state")), {"closed"})
        quarter = self._appraisal(self.agent, "2025-01", "quarter")
        self.assertEqual(quarter.score, 80)

    def test_not_twice(self):
        cycle = self._play("2025-03", {self.agent: 80, self.peer: 70})
        with self.assertRaisesRegex(UserError, "March 2025 is closed"):
            self._close(cycle)

    # ------------------------------------------------------------------ scores

    def test_S2_total_of_a_rater_is_the_sum(self):
        self.assertEqual(self._close_scored(87, 87), 87)

    def test_S2_sections_by_printed_weight(self):
        """SW 20/20, DU 21/35, CH 12/20, KN 5/25: 20 + 24 + 12 + 4 = 60."""
        grades = [5] * 4 + [3] * 7 + [3] * 4 + [1] * 5
        self.assertEqual(sum(grades), 58)
        self.assertEqual(self._close_scored(grades, grades, score_method="weighted"), 60)

    def test_S3_equal_weights_by_default(self):
        self.assertEqual(self._close_scored(90, 81), 85.5)

    def test_S3_weights_of_the_policy(self):
        self.assertEqual(self._close_scored(90, 80, superior_weight=60.0, office_weight=40.0), 86)

    def test_S3_rater_of_weight_zero_does_not_count(self):
        self.assertEqual(self._close_scored(91, 50, superior_weight=3.0, office_weight=0.0), 91)

    def test_S4_rounded_half_up_in_decimals(self):
        """1.5 % of 91 and 98.5 % of 92 are 91.985, in binary a little less."""
        self.assertEqual(self._close_scored(91, 92, superior_weight=1.5, office_weight=98.5), 91.99)

    def test_S4_thirds(self):
        self.assertEqual(self._close_scored(91, 92, superior_weight=1.0, office_weight=2.0), 91.67)

    # ------------------------------------------------------------------ ranks

    def test_R2_equal_scores_share_the_better_rank(self):
        more = [self._make_agent(f"Agent {number}") for number in range(3)]
        cycle = self._play(
            "2025-03",
            {self.agent: 80, self.peer: 95, more[0]: 90, more[1]: 90, more[2]: 70},
        )
        self.assertEqual(
            self._ranks(cycle),
            {"Peer": 1, "Agent 0": 2, "Agent 1": 2, "Agent": 4, "Agent 2": 5},
        )

    def test_R2_equality_is_that_of_rounded_scores(self):
        """91.67 and 91.67, from different raters, are equal."""
        self._make_policy(self.company, "2025-03-01", superior_weight=1.0, office_weight=2.0)
        cycle = self._open("2025-03")
        self._score(self._appraisal(self.agent, "2025-03"), 91, 92)
        self._score(self._appraisal(self.peer, "2025-03"), 93, 91)
        self._close(cycle)
        self.assertEqual(self._ranks(cycle), {"Agent": 1, "Peer": 1})

    def test_R2_within_the_department_held_at_the_end(self):
        mover = self._make_agent("Mover")
        mover.create_version({"date_version": "2025-03-31"}).department_id = self.front_desk
        later = self._make_agent("Later mover")
        later.create_version({"date_version": "2025-04-01"}).department_id = self.front_desk
        cycle = self._play("2025-03", {self.agent: 95, self.peer: 90, mover: 80, later: 70})
        self.assertEqual(self._ranks(cycle), {"Agent": 1, "Peer": 2, "Later mover": 3, "Mover": 1})
        self.assertEqual(self._appraisal(mover, "2025-03").department_id, self.front_desk)

    def test_R2_department_changed_after_opening_counts(self):
        cycle = self._open("2025-03")
        self.peer.create_version({"date_version": "2025-03-15"}).department_id = self.front_desk
        self._score(cycle.appraisal_ids, 80)
        self._close(cycle)
        moved = self._appraisal(self.peer, "2025-03")
        self.assertEqual(moved.department_id, self.front_desk)
        self.assertEqual(moved.sheet_ids.department_id, self.front_desk)

    def test_R2_leaver_in_the_department_of_the_last_day(self):
        leaver = self._make_agent("Leaver", department=self.front_desk, left="2025-03-12")
        leaver.create_version({"date_version": "2025-03-12"}).department_id = self.hotline
        cycle = self._play("2025-03", {self.agent: 80, self.peer: 70, leaver: 75})
        self.assertEqual(self._ranks(cycle), {"Agent": 1, "Leaver": 2, "Peer": 3})

    def test_R2_agents_without_department_rank_among_themselves(self):
        alone = self._make_agent("Alone")
        alone.department_id = False
        cycle = self._play("2025-03", {self.agent: 80, self.peer: 70, alone: 60})
        self.assertEqual(self._ranks(cycle), {"Agent": 1, "Peer": 2, "Alone": 1})

    # ------------------------------------------------------------------ frozen

    def test_closed_results_stay_as_they_were(self):
        cycle = self._play("2025-03", {self.agent: 80, self.peer: 70})
        appraisal = self._appraisal(self.agent, "2025-03")
        frozen = appraisal.read(["department_id", "tier_id", "score", "rank", "superior_id"])
        self.agent.create_version({"date_version": "2025-03-10"}).department_id = self.front_desk
        self._decide(self.agent, "senior", "2025-03-20")
        self._apply("2025-04-20")
        self.agent.parent_id = self.peer
        self.env.invalidate_all()
        self.assertEqual(
            appraisal.read(["department_id", "tier_id", "score", "rank", "superior_id"]), frozen
        )
        self.assertEqual(self._ranks(cycle), {"Agent": 1, "Peer": 2})

    def test_closed_results_cannot_be_edited(self):
        self._play("2025-03", {self.agent: 80, self.peer: 70})
        appraisal = self._appraisal(self.agent, "2025-03")
        sheet = appraisal.sheet_ids[0]
        figure = self._figure(self.agent, "2025-03", sales=100)
        attempts = {
            "superior": lambda: appraisal.write({"superior_id": self.peer.id}),
            "score": lambda: appraisal.with_user(self.user_office).write({"score": 99}),
            "grade": lambda: sheet.line_ids[0].write({"grade_id": False}),
            "sheet": sheet.action_reset,
            "complaints": lambda: figure.write({"handled": 10, "complaints": 1}),
            "figures": lambda: self._figure(self.peer, "2025-03", handled=10, complaints=1),
            "figure deleted": figure.unlink,
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        self.assertEqual((appraisal.score, sheet.total, figure.handled), (80, 80, 0))

    def test_sales_of_a_closed_month_may_still_come_in(self):
        self._play("2025-03", {self.agent: 80, self.peer: 70})
        figure = self._figure(self.agent, "2025-03")
        figure.sales = 5000
        self.assertEqual(figure.sales, 5000)

    # ------------------------------------------------------------------ re-opening

    def _close_quarter(self, scores):
        return self._play_months("2025-01", "2025-03", scores)[-1]

    def _reopen(self, cycle, reason="The office mistook two agents"):
        self._reopen_as_manager(cycle, reason)

    def _regrade(self, agent, month, total):
        self._regrade_sheets(self._appraisal(agent, month).sheet_ids, total)

    def test_reopen_needs_a_reason(self):
        cycle = self._play("2025-03", {self.agent: 80, self.peer: 70})
        with self.assertRaisesRegex(UserError, "Write down the reason"):
            self._reopen(cycle, "")
        self.assertEqual(cycle.state, "closed")

    def test_reopen_is_the_managers_and_leaves_a_trace(self):
        cycle = self._close_quarter({self.agent: 95, self.peer: 70})
        with self.assertRaises(AccessError):
            self._give_reason(cycle.with_user(self.user_office).action_reopen(), "Just so")
        self.assertEqual(cycle.state, "closed")
        self._reopen(cycle)
        self.assertEqual(cycle.state, "open")
        trace = "".join(cycle.message_ids.mapped("body"))
        self.assertIn("Re-opened: The office mistook two agents", trace)
        self.assertIn("Agent, Promotion, 2025-04-01", trace)

    def test_reopen_lets_decisions_wait_and_unpublishes(self):
        cycle = self._close_quarter({self.agent: 95, self.peer: 70})
        decision = self._decisions(self.agent)
        self.assertEqual((decision.ground, decision.state), ("promote_intermediate", "announced"))
        self._reopen(cycle)
        self.assertEqual((decision.state, decision.awaits_closing), ("announced", True))
        self.assertFalse(decision.closing_reason)
        self.assertFalse(self._apply("2025-05-01"), "it is not applied before the closing")
        self.assertFalse(self._appraisal(self.agent, "2025-03").closed)
        quarter = self._appraisal(self.agent, "2025-01", "quarter")
        self.assertFalse(quarter.closed)
        self.assertEqual(quarter.cycle_id.state, "open")

    def test_closing_again_takes_an_applied_decision_back(self):
        cycle = self._close_quarter({self.agent: 95, self.peer: 70})
        self._apply("2025-04-10")
        self._reopen(cycle)
        self.assertEqual(self._tier_on(self.agent, "2025-04-10"), "intermediate")
        self._regrade(self.agent, "2025-03", 60)
        self._close(cycle)
        self.assertEqual(self._tier_on(self.agent, "2025-04-10"), "junior")
        version = self.agent._get_version(date(2025, 4, 10))
        self.assertEqual((version.wage, version.cs_tier_since), (1700, date(2025, 1, 1)))

    def test_closing_again_without_correction_gives_the_same(self):
        cycle = self._close_quarter({self.agent: 95, self.peer: 70})
        self._apply("2025-04-04")
        before = self._decisions(self.agent)
        self._reopen(cycle)
        self._close(cycle, "2025-04-12")
        self.assertEqual(self._decisions(self.agent), before)
        self.assertEqual((before.state, before.awaits_closing), ("applied", False))
        self.assertEqual(before.notice_until, date(2025, 4, 4))
        self.assertEqual(self._tier_on(self.agent, "2025-04-01"), "intermediate")
        self.assertEqual(self._appraisal(self.agent, "2025-01", "quarter").score, 95)

    def test_closing_again_after_correction_gives_the_corrected(self):
        cycle = self._close_quarter({self.agent: 95, self.peer: 86})
        self._apply("2025-04-04")
        self._reopen(cycle)
        self._regrade(self.agent, "2025-03", 80)  # mean 90
        self._regrade(self.peer, "2025-03", 100)  # mean 90.67
        self._close(cycle)
        self._apply("2025-05-01")
        self.assertEqual(self._decisions(self.agent).mapped("state"), ["withdrawn"])
        self.assertFalse(self._decisions(self.peer))
        self.assertEqual(self._tier_on(self.agent, "2025-05-01"), "junior")
        quarter = self._appraisal(self.agent, "2025-01", "quarter")
        self.assertEqual((quarter.score, quarter.rank), (90, 2))
        self.assertEqual(self._appraisal(self.peer, "2025-01", "quarter").rank, 1)

    def test_reopen_keeps_the_decisions_of_people_and_earlier_months(self):
        self._violation(self.peer, "2025-02-10", severity="moderate")
        self._play("2025-02", {self.agent: 80, self.peer: 80})
        exceptional = self._decide(self.agent, "senior", "2025-03-10")
        cycle = self._play("2025-03", {self.agent: 80, self.peer: 80})
        demotion = self._decisions(self.peer)
        self._reopen(cycle)
        self.assertEqual((exceptional.state, demotion.state), ("announced", "announced"))

    def test_V3_a_violation_stays_while_its_figures_call_for_it(self):
        self._figure(self.agent, "2025-03", handled=100, complaints=2)
        cycle = self._play("2025-03", {self.agent: 80, self.peer: 80})
        violations = self.env["cs.violation"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual(violations.mapped("state"), ["confirmed"])
        figure = self.env["cs.figure"].search([("employee_id", "=", self.agent.id)])
        for complaints, state in ((3, "confirmed"), (1, "withdrawn")):
            self._reopen(cycle)
            self.assertEqual(violations.state, "confirmed")
            figure.complaints = complaints
            self._close(cycle)
            again = self.env["cs.violation"].search([("employee_id", "=", self.agent.id)])
            self.assertEqual((again, again.state), (violations, state))
        self.assertIn("3 complaints of 100", violations.description)
        self.assertIn("by the corrected figures", violations.withdrawn_reason)
        self._reopen(cycle)
        figure.complaints = 2
        self._close(cycle)
        again = self.env["cs.violation"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual(sorted(again.mapped("state")), ["confirmed", "withdrawn"])

    def test_reopen_only_the_newest(self):
        first = self._play("2025-02", {self.agent: 80, self.peer: 70})
        self._play("2025-03", {self.agent: 80, self.peer: 70})
        with self.assertRaisesRegex(UserError, "February 2025 cannot be re-opened"):
            self._reopen(first, "too late")
        self.assertEqual(first.state, "closed")

    def test_reopen_several_newest_first(self):
        cycles = self._close_quarter({self.agent: 95, self.peer: 70})
        cycles |= self._cycle("2025-02")
        self._reopen(cycles, "All wrong")
        self.assertEqual(set(cycles.mapped("state")), {"open"})
        self.assertEqual(self._cycle("2025-01").state, "closed")

    def test_reopen_an_open_one_is_refused(self):
        with self.assertRaisesRegex(UserError, "is not closed"):
            self._reopen(self._open("2025-03"), "Why not")

    def test_reopen_keeps_a_later_tier_of_a_persons_decision(self):
        cycle = self._close_quarter({self.agent: 95, self.peer: 70})
        self._apply("2025-04-04")
        self._decide(self.agent, "reserve", "2025-04-20")
        self._apply("2025-04-23")
        self._reopen(cycle)
        self._regrade(self.agent, "2025-03", 60)
        self._close(cycle)
        self.assertEqual(self._tier_on(self.agent, "2025-04-10"), "junior")
        self.assertEqual(self._tier_on(self.agent, "2025-04-20"), "reserve")

    def test_close_button_closes_on_today(self):
        with freeze_time("2025-04-06"):
            cycle = self._open("2025-03")
            self._score(cycle.appraisal_ids, 80)
            cycle.with_user(self.user_office).action_close()
            self.assertEqual(cycle.closed_on, fields.Date.today())
