from datetime import date

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestQuarter(CsPromotionCase):
    """Quarterly reviews: by average and by a form of their own (R3, R4, O1)."""

    @classmethod
    def _close(cls, cycle, day=None):
        return cls._close_as_office(cycle, day)

    def _quarter(self, agent, start="2025-01"):
        return self._appraisal(agent, start, "quarter")

    def _set_scorecard(self, day="2025-01-01"):
        return self._make_policy(self.company, day, quarter_method="scorecard")

    # ------------------------------------------------------------------ by average

    def test_R3_closed_with_its_last_month(self):
        self._play_months("2025-01", "2025-02", {self.agent: 80, self.peer: 70})
        self.assertFalse(self._quarter(self.agent))
        self._play("2025-03", {self.agent: 80, self.peer: 70})
        cycle = self._quarter(self.agent).cycle_id
        self.assertRecordValues(
            cycle,
            [
                {
                    "name": "Q1 2025",
                    "state": "closed",
                    "date_start": date(2025, 1, 1),
                    "date_end": date(2025, 3, 31),
                    "policy_id": self.policy.id,
                }
            ],
        )
        self.assertFalse(cycle.appraisal_ids.sheet_ids)

    def test_R3_mean_of_the_three_months(self):
        for month, total in (("2025-01", 91), ("2025-02", 92), ("2025-03", 92)):
            self._play(month, {self.agent: total})
        self.assertEqual(self._quarter(self.agent).score, 91.67)

    def test_S4_mean_of_rounded_months_half_up(self):
        """The mean is taken of the months as they were rounded."""
        self._make_policy(self.company, "2025-01-01", superior_weight=1.0, office_weight=2.0)
        for month, superior, office in (
            ("2025-01", 85, 86),  # 85.67
            ("2025-02", 90, 91),  # 90.67
            ("2025-03", 91, 92),  # 91.67
        ):
            cycle = self._open(month)
            self._appraisal(self.peer, month)._exclude("not part of this test")
            self._score(self._appraisal(self.agent, month), superior, office)
            self._close(cycle)
        self.assertEqual(self._quarter(self.agent).score, 89.34)  # unrounded: 89.33

    def test_R3_without_all_three_no_quarterly_review(self):
        joiner = self._make_agent("Joiner", hired="2025-01-31")
        late = self._make_agent("Late", hired="2025-02-01")
        leaver = self._make_agent("Leaver", left="2025-02-28")
        everyone = self.agent | self.peer | joiner
        self._play("2025-01", dict.fromkeys(everyone | leaver, 80))
        self._play("2025-02", dict.fromkeys(everyone - self.peer | leaver | late, 80))
        self._play("2025-03", dict.fromkeys(everyone | late, 80))
        cycle = self._cycle("2025-01", "quarter")
        self.assertEqual(cycle.appraisal_ids.employee_id, self.agent | joiner)

    def test_R3_leaver_on_the_last_day_has_a_review(self):
        leaver = self._make_agent("Leaver", left="2025-03-02")
        self._play_months("2025-01", "2025-03", {self.agent: 80, leaver: 90})
        self.assertEqual((self._quarter(leaver).score, self._quarter(leaver).rank), (90, 1))
        self.assertEqual(self._quarter(self.agent).rank, 2)

    def test_R4_ranks_within_the_department_at_the_end(self):
        mover = self._make_agent("Mover")
        twin = self._make_agent("Twin")
        mover.create_version({"date_version": "2025-03-31"}).department_id = self.front_desk
        scores = {self.agent: 90, twin: 90, self.peer: 80, mover: 70}
        self._play_months("2025-01", "2025-03", scores)
        ranks = {agent.name: self._quarter(agent).rank for agent in scores}
        self.assertEqual(ranks, {"Agent": 1, "Twin": 1, "Peer": 3, "Mover": 1})
        self.assertEqual(self._quarter(mover).department_id, self.front_desk)

    def test_quarter_without_anyone_is_closed_too(self):
        self._play("2025-03", {})
        self.assertEqual(self._cycle("2025-01", "quarter").state, "closed")

    def test_R4_quarter_waits_for_its_last_month(self):
        """Scores and ranks of a quarter by average are those of its months."""
        cycle = self._cycle("2025-01", "quarter")
        self._play_months("2025-01", "2025-02", {self.agent: 95, self.peer: 80})
        with (
            self.assertRaisesRegex(UserError, "Close March 2025 before Q1 2025"),
            self.env.cr.savepoint(),
        ):
            self._close(cycle)
        self.assertEqual(cycle.state, "open")
        self._play("2025-03", {self.agent: 95, self.peer: 80})
        self.assertEqual(cycle.state, "closed")
        self.assertEqual(self._quarter(self.agent).score, 95)

    # ------------------------------------------------------------------ by a form of its own

    def test_R3_scorecard_has_sheets_of_its_own(self):
        self._set_scorecard()
        self.env["cs.cycle"]._open_due(self.company, fields.Date.to_date("2025-03-02"))
        sheets = self._quarter(self.agent).sheet_ids
        self.assertEqual(sorted(sheets.mapped("role")), ["office", "superior"])
        self.assertEqual(len(sheets.line_ids), 40)

    def _play_scorecard(self, forms, months):
        """A quarter by form: ``agent`` and ``peer`` get these months' and forms' totals."""
        self._set_scorecard()
        self._play_months("2025-01", "2025-02", months)
        month, quarter = self._open("2025-03"), self._open("2025-01", "quarter")
        for agent in months:
            self._score(self._appraisal(agent, "2025-03"), months[agent])
            self._score(self._quarter(agent), forms[agent])
        self._close(month)
        self.assertFalse(self._decisions(self.agent), "rules wait for the quarter")
        self._close(quarter)

    def test_R3_R4_scored_by_form_ranked_by_months(self):
        self._play_scorecard({self.agent: 92, self.peer: 98}, {self.agent: 90, self.peer: 80})
        self.assertEqual([self._quarter(self.agent).score, self._quarter(self.agent).rank], [92, 1])
        self.assertEqual([self._quarter(self.peer).score, self._quarter(self.peer).rank], [98, 2])

    def test_O1_rules_wait_for_month_and_quarter(self):
        self._play_scorecard({self.agent: 92, self.peer: 80}, {self.agent: 90, self.peer: 80})
        self.assertEqual(self._decisions(self.agent).ground, "promote_intermediate")
        self.assertEqual(self._decisions(self.agent).effective_date, date(2025, 4, 1))

    def test_R4_closed_on_a_selection_month_first(self):
        self._set_scorecard()
        months = {self.agent: 90, self.peer: 80}
        self._play_months("2025-01", "2025-02", months)
        cycles = self._open("2025-01", "quarter") | self._open("2025-03")
        for agent, total in months.items():
            self._score(self._appraisal(agent, "2025-03"), total)
            self._score(self._quarter(agent), 92)
        with (
            self.assertRaisesRegex(UserError, "Close March 2025 before Q1 2025"),
            self.env.cr.savepoint(),
        ):
            self._close(cycles[0])
        cycles.with_user(self.user_office).action_close()
        self.assertEqual([self._quarter(self.agent).rank, self._quarter(self.peer).rank], [1, 2])
        self.assertEqual(self._decisions(self.agent).ground, "promote_intermediate")

    def test_R4_form_without_three_months_has_a_score_but_no_rank(self):
        self._set_scorecard()
        late = self._make_agent("Late", hired="2025-02-01")
        self._play_months("2025-01", "2025-02", {self.agent: 80, late: 80})
        month, quarter = self._open("2025-03"), self._open("2025-01", "quarter")
        self._score(month.appraisal_ids | quarter.appraisal_ids, 93)
        self._close(month)
        self._close(quarter)
        self.assertEqual([self._quarter(late).score, self._quarter(late).rank], [93, 0])
        self.assertFalse(self._decisions(late), "no rank in the quarter, no step up")

    def test_scorecard_quarter_refuses_what_is_missing(self):
        self._set_scorecard()
        self._play("2025-03", {self.agent: 80})
        quarter = self._open("2025-01", "quarter")
        with self.assertRaisesRegex(UserError, "Q1 2025 is not complete(.|\n)*Peer: Office"):
            self._close(quarter)
        self._quarter(self.peer)._exclude("Left out")
        self._score(self._quarter(self.agent), 85)
        self._close(quarter)
        self.assertEqual(self._quarter(self.agent).score, 85)
        self.assertFalse(self._quarter(self.peer).scored)

    def test_next_month_waits_for_the_quarter(self):
        self._set_scorecard()
        self._play("2025-03", {self.agent: 80})
        self._open("2025-01", "quarter")
        cycle = self._open("2025-04")
        self._score(cycle.appraisal_ids, 80)
        with self.assertRaisesRegex(UserError, "Close Q1 2025 before April 2025"):
            self._close(cycle)

    # ------------------------------------------------------------------ re-opening

    def test_R3_reopened_by_average_it_gets_no_sheets(self):
        self._play_months("2025-01", "2025-03", {self.agent: 80, self.peer: 70})
        quarter = self._quarter(self.agent).cycle_id
        self._reopen_as_manager(self._cycle("2025-03"))
        self.assertEqual((quarter.state, quarter.work), ("open", False))
        self.assertNotIn(quarter, quarter._find_without_sheets().cycle_id)
        self._close(self._cycle("2025-03"))
        self.assertEqual(self._quarter(self.agent).score, 80)

    def test_reopened_scorecard_quarter_is_judged_anew(self):
        self._play_scorecard({self.agent: 92, self.peer: 80}, {self.agent: 90, self.peer: 80})
        quarter = self._quarter(self.agent).cycle_id
        self._reopen_as_manager(quarter)
        decision = self._decisions(self.agent)
        self.assertEqual((decision.state, decision.awaits_closing), ("announced", True))
        self.assertEqual(self._cycle("2025-03").state, "closed")
        self._regrade_sheets(self._quarter(self.agent).sheet_ids, 80)
        self._close(quarter)
        self.assertEqual(self._decisions(self.agent).mapped("state"), ["withdrawn"])
