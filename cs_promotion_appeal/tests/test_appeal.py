from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .appeal_common import AppealCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestAppealDecision(AppealCase):
    """O4: a decision waits while an appeal is open, falls with it or stands for good."""

    def test_open_appeal_holds_the_decision(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            appeal = self._appeal(decision)
            self.assertTrue(decision.waits_for_appeal)
            self.assertIn("decisions wait for it", self._bodies(decision))
        with freeze_time("2025-04-10"):
            self.assertFalse(self._apply("2025-04-10"))
            self._answer(appeal)
            self.assertFalse(self._apply("2025-04-10"))
            self._decide_on(appeal, "reject")
            self.assertEqual((appeal.state, appeal.decided_by), ("rejected", self.user_manager))
            self.assertEqual(appeal.reason, "Looked into")
            self.assertFalse(decision.waits_for_appeal)
            self.assertEqual(self._apply("2025-04-10"), decision)
        self.assertEqual(self._tier_on(self.agent, "2025-04-01"), "intermediate")

    def test_proof_is_attached_before_the_appeal_is_saved(self):
        """It belongs to the appeal then: the office reads it, a peer does not."""
        decision = self._step_up()
        proof = self._as(self.user_agent, self.env["ir.attachment"]).create(
            {"name": "shift.txt", "raw": b"swapped", "res_model": "cs.appeal", "res_id": 0}
        )
        with freeze_time("2025-04-02"):
            appeal = self._as(self.user_agent, self.env["cs.appeal"]).create(
                {
                    "employee_id": self.agent.id,
                    "decision_id": decision.id,
                    "grounds": "The shift was swapped",
                    "proof_ids": [(4, proof.id)],
                }
            )
            appeal.action_submit()
        self.assertEqual(proof.res_id, appeal.id)
        self.assertEqual(self._as(self.user_office, appeal).proof_ids.raw, b"swapped")
        with self.assertRaises(AccessError):
            self._as(self.user_peer, proof).read(["raw"])

    def test_cron_passes_over_the_decision(self):
        decision = self._step_up()
        other = self._decide(self.peer, "senior", "2025-04-01")
        with freeze_time("2025-04-02"):
            appeal = self._appeal(decision)
        with freeze_time("2025-04-20"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_apply").method_direct_trigger()
        self.assertEqual(decision.state, "announced")
        self.assertEqual(other.state, "applied")
        with freeze_time("2025-04-21"), self.enter_registry_test_mode():
            self._as(self.user_agent, appeal).action_withdraw()
            self.env.ref("cs_promotion.ir_cron_apply").method_direct_trigger()
        self.assertEqual(appeal.state, "withdrawn")
        self.assertEqual(decision.state, "applied")

    def test_upheld_decision_is_withdrawn(self):
        decision = self._step_up()
        with freeze_time("2025-04-04"):
            appeal = self._appeal(decision)
            self._answer(appeal)
            self._decide_on(appeal, "uphold", reason="Wrong quarter")
        self.assertEqual((appeal.state, decision.state), ("upheld", "withdrawn"))
        self.assertEqual(decision.closing_reason, "Wrong quarter")
        self.assertIn("The appeal was upheld", self._bodies(decision))
        self.assertIn("The appeal was upheld", self._bodies(appeal))
        self.assertFalse(self._apply("2025-05-01"))
        self.assertEqual(self._tier_on(self.agent, "2025-05-01"), "junior")

    def test_upheld_after_it_was_applied_takes_it_back(self):
        decision = self._step_up()
        with freeze_time("2025-04-04"):
            self._apply("2025-04-04")
            self.assertEqual(decision.state, "applied")
            appeal = self._appeal(decision)
            self._answer(appeal)
            self._decide_on(appeal, "uphold")
        self.assertEqual(self._tier_on(self.agent, "2025-04-04"), "junior")

    def test_after_the_notice_the_error_names_the_day(self):
        decision = self._step_up()
        with freeze_time("2025-04-04"):
            draft = self._appeal(decision, submit=False)
        with freeze_time("2025-04-05"):
            with self.assertRaisesRegex(ValidationError, "04/04/2025"):
                self._as(self.user_agent, draft).action_submit()
            draft.unlink()
            with self.assertRaisesRegex(ValidationError, "04/04/2025"):
                self._appeal(decision, submit=False)

    def test_no_second_appeal_after_a_rejection(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            appeal = self._appeal(decision)
            self._answer(appeal)
            self._decide_on(appeal, "reject")
            self.assertFalse(self._as(self.user_agent, decision).can_appeal)
            with self.assertRaisesRegex(ValidationError, "no second appeal"):
                self._appeal(decision, submit=False)

    def test_withdrawn_appeal_may_be_made_anew(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            appeal = self._appeal(decision)
            self._as(self.user_agent, appeal).action_withdraw()
            self.assertFalse(decision.waits_for_appeal)
            again = self._appeal(decision)
        self.assertEqual((appeal.state, again.state), ("withdrawn", "submitted"))

    def test_dismissal_waits_for_the_appeal(self):
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 55, self.peer: 90})
        review = self._decisions(self.agent, ground="dismiss_failing")
        with freeze_time("2025-04-02"):
            appeal = self._appeal(review)
            with self.assertRaisesRegex(UserError, "an appeal is open"):
                review._dismiss("Three months failed")
            self._answer(appeal)
            self._decide_on(appeal, "reject")
            review._dismiss("Three months failed")
        self.assertEqual(review.state, "applied")

    def test_decision_withdrawn_otherwise_lapses_the_appeal(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            appeal = self._appeal(decision)
            decision._withdraw("Made by mistake")
        self.assertEqual((appeal.state, appeal.reason), ("lapsed", "Made by mistake"))
        self.assertFalse(appeal.activity_ids)

    def test_what_is_not_announced_cannot_be_appealed(self):
        """Nor does the attempt tell the agent what is proposed."""
        decision = self._decide(self.agent, "senior", "2025-04-01", announce=False)
        self.assertFalse(decision.appeal_until)
        with self.assertRaises(AccessError):
            self._appeal(decision, submit=False)
        with self.assertRaisesRegex(ValidationError, "not published"):
            self.env["cs.appeal"].create(
                {"decision_id": decision.id, "grounds": "No", "employee_id": self.agent.id}
            )

    def test_apply_says_that_an_appeal_is_open(self):
        decision = self._step_up()
        with freeze_time("2025-04-04"):
            self._appeal(decision)
            with self.assertRaisesRegex(UserError, "appeal is open"):
                self._as(self.user_office, decision).action_apply()

    def test_P4_the_path_says_until_when_and_that_it_waits(self):
        decision = self._step_up()
        path = self._as(self.user_agent, self.env["cs.path"]).browse(self.agent.id)
        with freeze_time("2025-04-02"):
            self.assertIn("You may appeal until Apr 4, 2025", path.decided_html)
            self._appeal(decision)
            path.invalidate_recordset()
            self.assertIn("An appeal is open: it waits for the outcome", path.decided_html)
            self.assertNotIn("You may appeal", path.decided_html)

    def test_the_letter_says_how_to_appeal(self):
        decision = self._step_up()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_decision_letter", decision.ids
        )
        text = " ".join(html2plaintext(html.decode()).split())
        for words in ("Notice, and how to appeal", "04/04/2025", "hand your written appeal"):
            self.assertTrue(words in text, words)

    def test_P4_the_policy_says_that_decisions_may_be_appealed(self):
        page = html2plaintext(self.policy.page_html)
        self.assertIn("Order, dates and appeals", page)
        self.assertIn("may be appealed", page)

    def test_the_dashboard_counts_what_its_button_opens(self):
        decision = self._step_up()
        dashboard = self._as(self.user_office, self.env["cs.dashboard"]).browse(self.company.id)
        self.assertEqual(dashboard.appeals, 0)
        with freeze_time("2025-04-02"):
            appeal = self._appeal(decision)
        dashboard.invalidate_recordset()
        self.assertEqual(dashboard.appeals, 1)
        action = dashboard.action_view_appeals()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), appeal)


@tagged("post_install", "-at_install", "cs_promotion")
class TestAppealScore(AppealCase):
    """A score: corrected by re-opening; the window counts from the first publication."""

    def _month(self, closed="2025-02-01"):
        with freeze_time(closed):
            self._play("2025-01", {self.agent: 80, self.peer: 90})
        return self._appraisal(self.agent, "2025-01")

    def test_upheld_score_is_corrected_by_reopening(self):
        appraisal = self._month()
        self.assertEqual(appraisal.appeal_until.isoformat(), "2025-02-04")
        with freeze_time("2025-02-03"):
            appeal = self._appeal(appraisal)
            self._answer(appeal)
            self._as(self.user_manager, appeal).correct_role = "office"
            self._decide_on(appeal, "uphold", reason="Sales were left out")
        self.assertEqual(appraisal.cycle_id.state, "open")
        office = appraisal.sheet_ids.filtered(lambda each: each.role == "office")
        superior = appraisal.sheet_ids - office
        self.assertEqual((office.state, superior.state), ("draft", "submitted"))
        self.assertEqual(self._users_to_act(appraisal, "correct_sheet"), self.user_office)
        self.assertIn("The appeal was upheld", self._bodies(appraisal))
        self.assertNotIn("Sales were left out", self._bodies(appraisal.cycle_id))
        self._fill_in(office, 90)
        self.assertFalse(appraisal.activity_ids)
        with freeze_time("2025-02-05"):
            self._close(appraisal.cycle_id)
        self.assertEqual(appraisal.score, 85)

    def test_window_counts_from_the_first_publication(self):
        appraisal = self._month()
        peers = self._appraisal(self.peer, "2025-01")
        with freeze_time("2025-02-20"):
            self._reopen_as_manager(appraisal.cycle_id)
            appraisal.sheet_ids.filtered(lambda each: each.role == "office").action_reset()
            self._fill_in(self._sheet(self.agent, "2025-01", "office"), 70)
            self._close(appraisal.cycle_id)
        self.assertEqual(peers.appeal_until.isoformat(), "2025-02-04")
        self.assertEqual(appraisal.appeal_until.isoformat(), "2025-02-23")

    def test_score_locks_after_a_rejection(self):
        appraisal = self._month()
        with freeze_time("2025-02-03"):
            appeal = self._appeal(appraisal)
            self._answer(appeal)
            self._decide_on(appeal, "reject")
            self._reopen_as_manager(appraisal.cycle_id)
            with self.assertRaisesRegex(UserError, "was rejected"):
                appraisal.sheet_ids.action_reset()

    def test_second_upheld_appeal_finds_the_cycle_open(self):
        appraisal = self._month()
        peers = self._appraisal(self.peer, "2025-01")
        with freeze_time("2025-02-03"):
            appeals = self._appeal(appraisal) | self._appeal(peers)
            for appeal in appeals:
                self._answer(appeal)
                self._decide_on(appeal, "uphold")
        self.assertEqual(appeals.mapped("state"), ["upheld", "upheld"])
        self.assertEqual(set((appraisal | peers).sheet_ids.mapped("state")), {"draft"})

    def test_later_cycle_must_be_reopened_first(self):
        appraisal = self._month()
        with freeze_time("2025-02-03"):
            appeal = self._appeal(appraisal)
        with freeze_time("2025-03-02"):
            self._play("2025-02", {self.agent: 80, self.peer: 90})
            self._answer(appeal)
            with self.assertRaisesRegex(UserError, "2025"):
                self._decide_on(appeal, "uphold")

    def test_decision_waits_for_an_appeal_against_its_score(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            march = self._appeal(self._appraisal(self.agent, "2025-03"))
            self.assertTrue(decision.waits_for_appeal)
            self.assertFalse(self._apply("2025-04-10"))
            self.assertIn("decisions wait for it", self._bodies(decision))
            self._as(self.user_agent, march).action_withdraw()
        self.assertEqual(self._apply("2025-04-10"), decision)

    def test_appeal_of_another_holds_nothing_up(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            self._appeal(self._appraisal(self.peer, "2025-03"))
        self.assertEqual(self._apply("2025-04-10"), decision)

    def test_quarter_by_average_is_appealed_by_its_months(self):
        self._step_up()
        with freeze_time("2025-04-02"), self.assertRaisesRegex(ValidationError, "R3"):
            self._appeal(self._appraisal(self.agent, "2025-01", "quarter"), submit=False)

    def test_rater_does_not_decide(self):
        with freeze_time("2025-02-01"):
            cycle = self._open("2025-01")
            for appraisal in cycle.appraisal_ids:
                self._score(appraisal, 80)
            sheet = self._sheet(self.agent, "2025-01", "office")
            sheet.action_reset()
            self._as(self.user_manager, sheet).action_submit()
            self._close(cycle)
        with freeze_time("2025-02-02"):
            appeal = self._appeal(self._appraisal(self.agent, "2025-01"))
            self._answer(appeal)
            self.assertNotIn(self.user_manager, self._users_to_act(appeal, "appeal_decide"))
            with self.assertRaisesRegex(UserError, "rated or reported"):
                self._decide_on(appeal, "uphold")
            wizard = self.env["cs.reason"].with_user(self.user_manager)
            wizard = wizard.sudo().create(
                {"step": "uphold_appeal", "record_ids": appeal.ids, "reason": "For myself"}
            )
            with self.assertRaisesRegex(UserError, "rated or reported"):
                wizard.with_user(self.user_manager).action_take()
        self.assertEqual(appeal.state, "answered")

    def test_appeal_against_a_score_is_decided_where_it_arose(self):
        self._play("2025-06", {self.agent: 50})
        with freeze_time("2025-07-02"):
            appeal = self._appeal(self._appraisal(self.agent, "2025-06"))
        with freeze_time("2025-07-03 10:00:00"):
            self.agent.write(
                {
                    "company_id": self.company_b.id,
                    "department_id": self.hotline_b.id,
                    "parent_id": self.superior_b.id,
                }
            )
        self.assertEqual((appeal.company_id, appeal.state), (self.company, "submitted"))
        self._answer(appeal)
        self._decide_on(appeal, "reject")
        self.assertEqual(appeal.state, "rejected")


@tagged("post_install", "-at_install", "cs_promotion")
class TestAppealViolation(AppealCase):
    """A violation: upheld, it is withdrawn with its fine and what rests on it."""

    def test_upheld_violation_is_withdrawn_with_its_consequence(self):
        with freeze_time("2025-01-31"):
            violation = self._violation(self.agent, "2025-01-30", severity="moderate")
            appeal = self._appeal(violation)
        with freeze_time("2025-02-01"):
            self._play("2025-01", {self.agent: 80, self.peer: 90})
            decision = self._decisions(self.agent, ground="demote_violation")
            self.assertTrue(decision.waits_for_appeal)
            self.assertFalse(self._apply("2025-02-10"))
            self._answer(appeal)
            self._decide_on(appeal, "uphold", reason="It was another agent")
        self.assertEqual((violation.state, decision.state), ("withdrawn", "withdrawn"))
        self.assertEqual(violation.withdrawn_reason, "It was another agent")
        self.assertIn("The appeal was upheld", self._bodies(violation))

    def test_upheld_after_the_step_down_was_applied(self):
        with freeze_time("2025-02-01"):
            violation = self._violation(self.agent, "2025-01-30", severity="moderate")
            self._play("2025-01", {self.agent: 80, self.peer: 90})
        with freeze_time("2025-02-04"):
            self._apply("2025-02-04")
            self.assertEqual(self._tier_on(self.agent, "2025-02-04"), "probation")
            appeal = self._appeal(violation)
            self._answer(appeal)
            self._decide_on(appeal, "uphold")
        self.assertEqual(self._tier_on(self.agent, "2025-02-04"), "junior")

    def test_window_of_a_violation(self):
        with freeze_time("2025-01-31"):
            violation = self._violation(self.agent, "2025-01-30")
        self.assertEqual(violation.appeal_until.isoformat(), "2025-02-03")
        with freeze_time("2025-02-04"), self.assertRaisesRegex(ValidationError, "02/03/2025"):
            self._appeal(violation, submit=False)

    def test_who_reported_it_does_not_decide(self):
        with freeze_time("2025-01-31"):
            violation = self._violation(self.agent, "2025-01-30", confirm=False)
            violation.reported_by = self.user_manager
            violation._confirm()
            appeal = self._appeal(violation)
            self._answer(appeal)
            with self.assertRaisesRegex(UserError, "rated or reported"):
                self._decide_on(appeal, "reject")
