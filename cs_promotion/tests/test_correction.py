"""A corrected month touches only those whose verdict changes (O1-O4, V3, X1-X4)."""

from datetime import date

from odoo.tests import freeze_time, tagged

from .common import CsPromotionCase

INTERNAL = "The office mistook Peer's sales"


class CorrectionCase(CsPromotionCase):
    """March 2025 is closed, and corrected in April."""

    def _play_march(self, **totals):
        """Three months; by default both step up to intermediate on 1 April (U2)."""
        totals = {"agent": 95, "peer": 96} | totals
        scores = {getattr(self, name): total for name, total in totals.items()}
        with freeze_time("2025-04-01"):
            return self._play_months("2025-01", "2025-03", scores)[-1]

    def _reopen(self, cycle, day="2025-04-03"):
        with freeze_time(day):
            self._give_reason(cycle.with_user(self.user_manager).action_reopen(), INTERNAL)

    def _regrade(self, agent, total, month="2025-03"):
        self._regrade_sheets(self._appraisal(agent, month).sheet_ids, total)

    def _correct(self, cycle, agent, total, day="2025-04-04"):
        self._reopen(cycle)
        self._regrade(agent, total)
        with freeze_time(day):
            self._close(cycle, day)

    def _send_letters(self):
        with self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_notify").method_direct_trigger()
        self.env.invalidate_all()

    def _get_mails(self, decisions):
        """All that was posted or mailed on these decisions."""
        return self.env["mail.message"].search(
            [("model", "=", "cs.decision"), ("res_id", "in", decisions.ids)]
        )


@tagged("post_install", "-at_install", "cs_promotion")
class TestCorrection(CorrectionCase):
    def test_others_keep_decision_letter_and_notice(self):
        cycle = self._play_march()
        mine, theirs = self._decisions(self.agent), self._decisions(self.peer)
        before = mine.read(["announced_on", "notice_until", "notified", "evidence", "approved_by"])
        mails = self._get_mails(mine)
        self._correct(cycle, self.peer, 60)
        self.assertEqual(self._decisions(self.agent), mine)
        self.assertEqual((mine.state, mine.awaits_closing), ("announced", False))
        after = mine.read(["announced_on", "notice_until", "notified", "evidence", "approved_by"])
        for name in ("announced_on", "notice_until", "notified", "approved_by"):
            self.assertEqual(after[0][name], before[0][name])
        told = self._get_mails(mine) - mails
        self.assertFalse(told.partner_ids, "nobody is told of a decision that stays")
        self.assertEqual(theirs.state, "withdrawn")
        self.assertIn("by the corrected results", theirs.closing_reason)
        self.assertNotIn("Peer", theirs.closing_reason)

    def test_internal_reason_stays_with_those_who_run_the_month(self):
        cycle = self._play_march()
        decisions = self._decisions(self.agent) | self._decisions(self.peer)
        self._correct(cycle, self.agent, 60)
        words = " ".join(self._get_mails(decisions).mapped("body"))
        words += " ".join(filter(None, decisions.mapped("closing_reason")))
        self.assertNotIn(INTERNAL, words)
        self.assertTrue(
            any("mistook Peer" in (each or "") for each in cycle.message_ids.mapped("body"))
        )

    def test_letters_go_out_once(self):
        cycle = self._play_march()
        with freeze_time("2025-04-01"):
            decisions = self._decisions(self.agent) | self._decisions(self.peer)
            decisions.to_notify = True
        self._reopen(cycle)
        self._send_letters()
        self.assertEqual(decisions.mapped("notified"), [False, False], "they may yet fall")
        with freeze_time("2025-04-04"):
            self._close(cycle, "2025-04-04")
            self._send_letters()
        self.assertEqual(decisions.mapped("notified"), [True, True])
        mails = self._get_mails(decisions)
        self._correct(cycle, self.peer, 98)
        self._send_letters()
        self.assertFalse((self._get_mails(decisions) - mails).partner_ids)

    def test_new_verdict_has_a_notice_of_its_own(self):
        cycle = self._play_march(peer=90)
        mine = self._decisions(self.agent)
        self.assertFalse(self._decisions(self.peer))
        self._correct(cycle, self.peer, 96, day="2025-04-09")
        theirs = self._decisions(self.peer)
        self.assertEqual((theirs.state, theirs.notice_until), ("announced", date(2025, 4, 12)))
        self.assertEqual((mine.state, mine.notice_until), ("announced", date(2025, 4, 4)))

    def test_verdict_that_changes_for_the_same_day(self):
        """From a step up that was applied to a step down: one goes before the other comes."""
        cycle = self._play_march()
        mine = self._decisions(self.agent)
        self._apply("2025-04-04")
        self.assertEqual(self._tier_on(self.agent, "2025-04-04"), "intermediate")
        self._reopen(cycle)
        self._violation(self.agent, "2025-03-20", "moderate")
        self._close(cycle, "2025-04-09")
        decisions = self._decisions(self.agent)
        self.assertEqual(
            [(each.outcome, each.state) for each in decisions],
            [("promote", "withdrawn"), ("demote", "announced")],
        )
        self.assertEqual(decisions[0], mine)
        self.assertEqual(self._tier_on(self.agent, "2025-04-04"), "junior")
        self._apply("2025-04-12")
        self.assertEqual(self._tier_on(self.agent, "2025-04-04"), "probation")

    def test_evidence_is_brought_up_to_date_with_a_note(self):
        cycle = self._play_march()
        mine = self._decisions(self.agent)
        self._correct(cycle, self.agent, 98)
        self.assertEqual((mine.state, mine.notice_until), ("announced", date(2025, 4, 4)))
        self.assertIn("96", mine.evidence_text)
        self.assertTrue(mine._follows_from_evidence())
        notes = " ".join(mine.message_ids.mapped("body"))
        self.assertIn("brought up to date", notes)
        self.assertNotIn(
            "brought up", " ".join(self._decisions(self.peer).message_ids.mapped("body"))
        )

    def test_ended_review_stays_ended(self):
        cycle = self._play_march(agent=50)
        review = self._decisions(self.agent, outcome="dismissal_review")
        self._give_reason(review.with_user(self.user_manager).action_reject(), "One more chance")
        self._correct(cycle, self.peer, 60)
        self.assertEqual(self._decisions(self.agent), review)
        self.assertEqual((review.state, review.review_end), ("rejected", "kept"))

    def test_dismissed_stays_dismissed(self):
        cycle = self._play_march(agent=50)
        review = self._decisions(self.agent, outcome="dismissal_review")
        self._give_reason(review.with_user(self.user_manager).action_dismiss(), "No way on")
        self._correct(cycle, self.peer, 60)
        self.assertEqual((review.state, review.review_end), ("applied", "dismissed"))
        self.assertEqual(self._decisions(self.agent), review)

    def test_withdrawn_by_a_person_does_not_come_back(self):
        cycle = self._play_march()
        mine = self._decisions(self.agent)
        self._give_reason(mine.with_user(self.user_manager).action_withdraw(), "A mistake")
        self._correct(cycle, self.peer, 60)
        self.assertEqual(self._decisions(self.agent), mine)
        self.assertEqual(mine.state, "withdrawn")

    def test_fallen_decision_comes_back_when_it_follows_again(self):
        cycle = self._play_march()
        self._correct(cycle, self.agent, 60)
        self._correct(cycle, self.agent, 95, day="2025-04-08")
        self.assertEqual(self._decisions(self.agent).mapped("state"), ["withdrawn", "announced"])
        self.assertEqual(self._decisions(self.agent)[-1].notice_until, date(2025, 4, 11))

    def test_violation_withdrawn_by_a_person_does_not_come_back(self):
        self._figure(self.agent, "2025-03", handled=100, complaints=2)
        cycle = self._play_march()
        violation = self.env["cs.violation"].search([("employee_id", "=", self.agent.id)])
        self._give_reason(violation.with_user(self.user_office).action_withdraw(), "Not the agent")
        self._correct(cycle, self.peer, 60)
        found = self.env["cs.violation"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual((found, found.state), (violation, "withdrawn"))
        self._reopen(cycle)
        self.env["cs.figure"].search([("employee_id", "=", self.agent.id)]).complaints = 5
        self._close(cycle, "2025-04-09")
        found = self.env["cs.violation"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual(sorted(found.mapped("state")), ["confirmed", "withdrawn"])

    def test_approval_waits_for_the_closing(self):
        self._make_policy(self.company, "2025-03-01", approval="manager")
        cycle = self._play_march()
        mine = self._decisions(self.agent)
        self._reopen(cycle)
        self.assertFalse(mine.with_user(self.user_manager).can_approve)
        with self.assertRaisesRegex(Exception, "was re-opened"):
            mine.with_user(self.user_manager).action_approve()

    def test_in_batches_of_one(self):
        """Killed after the first agent, the rest is gone on with; nobody is judged twice."""
        cycle = self._play_march()
        decisions = self._decisions(self.agent) | self._decisions(self.peer)
        self._reopen(cycle)
        self._regrade(self.peer, 60)
        cycle._freeze(date(2025, 4, 4))
        first, *rest = cycle._find_unjudged()
        cycle._judge(first)
        cycle._finish()
        self.assertEqual(cycle.state, "closing")
        self.assertEqual(len(decisions.filtered("awaits_closing")), 1)
        for appraisal in rest:
            cycle._judge(appraisal)
        cycle._finish()
        self.assertEqual(cycle.state, "closed")
        self.assertFalse(decisions.filtered("awaits_closing"))
        self.assertEqual(sorted(decisions.mapped("state")), ["announced", "withdrawn"])

    def test_one_who_is_judged_no_more(self):
        """Whose appraisal is gone has no verdict: the decision does not wait for ever."""
        cycle = self._play_march()
        mine = self._decisions(self.agent)
        self._reopen(cycle)
        self._appraisal(self.agent, "2025-03").sudo().unlink()
        self.agent.version_ids.contract_date_end = "2025-02-28"
        self._close(cycle, "2025-04-04")
        self.assertEqual((mine.state, mine.awaits_closing), ("withdrawn", False))

    def test_reopening_says_what_it_sets_off(self):
        self._figure(self.agent, "2025-03", handled=100, complaints=2)
        cycle = self._play_march()
        action = cycle.with_user(self.user_manager).action_reopen()
        words = self.env["cs.reason"].browse(action["res_id"]).consequences
        for each in ("opens again", "waits for the closing: Agent, Promotion", "is told nothing"):
            self.assertIn(each, words)
        self.assertEqual(words.count("waits for the closing"), 3)
