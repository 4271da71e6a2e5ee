"""Decisions, dismissal reviews, violations: told to whom they concern, or kept for paper (17)."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .notice_common import NoticeCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestNoticeDecision(NoticeCase):
    def _review(self, notify=True):
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 55, self.peer: 90})
            if notify:
                self._run_notify()
        self._forget()
        return self._decisions(self.agent, ground="dismiss_failing")

    def _end(self, review, step, reason):
        action = getattr(self._as(self.user_manager, review), f"action_{step}")()
        self._give_reason(action, reason)

    def test_dismissed(self):
        review = self._review()
        self.assertTrue(self._todos(self.user_manager, review), "Only a person ends it")
        with freeze_time("2025-04-05"):
            self._end(review, "dismiss", "No change after training")
        self.assertEqual(review.review_end, "dismissed")
        for user in (self.user_agent, self.user_superior):
            text = self._told(user)
            self._assert_says(text.lower(), "dismissed", "no change after training")
        todo = self._todos(self.user_manager, review)
        self.assertEqual(len(todo), 1)
        self._assert_says(todo.summary, "Register the departure", self.agent.name)
        self.assertFalse(self._todos(self.user_agent, review))

    def test_kept(self):
        review = self._review()
        with freeze_time("2025-04-05"):
            self._end(review, "reject", "Scores rise again")
        self.assertEqual(review.review_end, "kept")
        self._assert_says(self._told(self.user_agent), "you stay", "Scores rise again")
        self._assert_says(self._told(self.user_superior), "kept", "Scores rise again")
        self.assertFalse(self._todos(self.user_manager, review))

    def test_one_who_knew_nothing_is_not_told_of_being_kept(self):
        review = self._review(notify=False)
        review.to_notify = False
        with freeze_time("2025-04-05"):
            self._end(review, "reject", "Scores rise again")
        self.assertFalse(self._told(self.user_agent))

    def test_o4_managers_are_asked_to_approve(self):
        """What a rule proposes waits for a manager: each has a to-do until one of them decides."""
        second = self._make_user("second", "base.group_user,cs_promotion.group_manager")
        self.policy.approval = "manager"
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 70})
            self._run_notify()
        decision = self._decisions(self.agent)
        self.assertEqual(decision.state, "proposed")
        for user in (self.user_manager, second):
            todo = self._todos(user, decision)
            self._assert_says(todo.summary, "Approve or reject", self.agent.name)
        self.assertFalse(self._todos(self.user_agent, decision))
        with freeze_time("2025-04-02"):
            self._run_notify()
            self.assertEqual(len(self._todos(second, decision)), 1, "asked once")
            self._as(self.user_manager, decision).action_approve()
        for user in (self.user_manager, second):
            self.assertNotIn("Approve", str(self._todos(user, decision).mapped("summary")))

    def test_from_and_to_and_a_link(self):
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 90})
            self._run_notify()
        decision = self._decisions(self.agent)
        for user in (self.user_agent, self.user_superior):
            mail = self.env["mail.mail"].search(
                [
                    ("model", "=", "cs.decision"),
                    ("res_id", "=", decision.id),
                    ("recipient_ids", "in", user.partner_id.ids),
                ]
            )
            text = " ".join(html2plaintext(mail.body_html).split())
            self._assert_says(text, "Junior agent →", "Intermediate agent")
            self.assertIn("/mail/view?", mail.body_html)

    def test_todo_of_a_scheduled_action_speaks_the_assignees_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        kind = self.env.ref("cs_promotion.mail_activity_decision_announced")
        kind.update_field_translations("summary", {"zh_CN": "请查看已公示的决定"})
        self.user_superior.lang = "zh_CN"
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 90})
            self._run_notify()
        decision = self._decisions(self.agent)
        self.assertEqual(self._todos(self.user_superior, decision).summary, "请查看已公示的决定")
        self.assertEqual(
            self._todos(self.user_agent, decision).summary, "Read the announced decision"
        )

    def test_correction_tells_no_internal_reason(self):
        decision = self._step_up()
        with freeze_time("2025-04-01"):
            self._run_notify()
            self._forget()
            decision.cycle_id.state = "open"
            decision._withdraw("Peer's sales were left out")
        for user in (self.user_agent, self.user_superior):
            text = self._told(user)
            self.assertNotIn("sales", text)
            self._assert_says(text, "March 2025 was corrected", "Junior agent → Intermediate")

    # ------------------------------------------------------------------ on paper

    def test_notified_only_when_something_was_sent(self):
        self.agent.user_id = False
        self.agent.work_contact_id.email = False
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 90})
            self._run_notify()
        decision = self._decisions(self.agent)
        self.assertFalse(decision.notified)
        self.assertTrue(decision.to_hand_over)
        self._assert_says(self._told(self.user_superior), decision.employee_id.name)
        rows = self._as(self.user_office, self.env["cs.handover"]).search(
            [("employee_id", "=", self.agent.id)]
        )
        self.assertEqual(set(rows.mapped("kind")), {"decision", "score"})
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_handover", rows.ids
        )
        self._assert_says(html2plaintext(html.decode()), "Notice of Promotion", "March 2025")
        with freeze_time("2025-04-02"):
            self._as(self.user_office, rows).action_handed_over()
        self.assertFalse(self.env["cs.handover"].search([("employee_id", "=", self.agent.id)]))
        self.assertEqual(decision.handed_over_by, self.user_office)
        self.assertEqual(decision.handed_over_on.isoformat(), "2025-04-02")
        self.assertTrue(decision.notified)
        self.assertIn("Handed over on paper", decision.message_ids[:1].body)
        decision._withdraw("A mistake")
        self.assertTrue(decision.to_hand_over, "That it no longer stands is told on paper, too")

    def test_handing_over_is_for_the_office(self):
        self.agent.user_id = False
        self.agent.work_contact_id.email = False
        violation = self._violation(self.agent, "2025-02-03", confirm=False)
        violation.with_context(tracking_disable=False)._confirm()
        self.assertTrue(violation.to_hand_over)
        self.assertFalse(violation.notified)
        for user in (self.user_superior, self.user_office_b):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._as(user, violation).action_handed_over()
        self._as(self.user_office, violation).action_handed_over()
        with self.assertRaisesRegex(UserError, "no letter"):
            self._as(self.user_office, violation).action_handed_over()
        self.assertFalse(
            self._as(self.user_office_b, self.env["cs.handover"]).search(
                [("company_id", "=", self.company.id)]
            )
        )

    # ------------------------------------------------------------------ language of letters

    def test_letter_of_one_without_login_is_in_the_companys_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.agent.user_id = False
        self.assertEqual(self.agent._cs_get_letter_lang(), "en_US")
        self.company.partner_id.lang = "zh_CN"
        self.assertEqual(self.agent._cs_get_letter_lang(), "zh_CN")
        decision = self._decide(self.agent, "senior", "2025-04-01")
        self.assertEqual(decision.letter_lang, "zh_CN")

    def test_language_of_the_contact_counts_where_it_was_chosen(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.agent.user_id = False
        self.agent.work_contact_id.lang = "zh_CN"
        self.assertEqual(self.agent._cs_get_letter_lang(), "zh_CN")

    # ------------------------------------------------------------------ violations

    def test_closing_raises_a_violation_and_the_agent_is_told(self):
        with freeze_time("2025-02-01"):
            self._figure(self.agent, "2025-01", handled=100, complaints=3)
            cycle = self._open("2025-01")
            self._score(cycle.appraisal_ids, 90)
            self._as(self.user_office, cycle).action_close()
            self._run_notify()
        violation = self.env["cs.violation"].search([("cycle_id", "=", cycle.id)])
        self.assertTrue(violation.notified)
        self._assert_says(
            self._told(self.user_agent),
            "violation of yours was confirmed",
            violation.currency_id.format(violation.fine),
        )
        self._assert_says(self._told(self.user_superior), "Violation confirmed")

    def test_who_reported_hears_the_outcome(self):
        live = {"tracking_disable": False}
        reported = (
            self._as(self.user_superior, self.env["cs.violation"])
            .with_context(**live)
            .create(
                {
                    "employee_id": self.agent.id,
                    "date": "2025-02-03",
                    "type_id": self.env.ref("cs_promotion.violation_type_slacking").id,
                    "severity": "minor",
                    "fine": 50,
                    "description": "Away from the phone",
                }
            )
        )
        self._assert_says(self._told(self.user_office), "Away from the phone", self.agent.name)
        violation = self._as(self.user_office, reported).with_context(**live)
        violation.action_confirm()
        self._assert_says(self._told(self.user_superior), "confirmed", "Minor", "50.00")
        self._assert_says(self._told(self.user_agent), "confirmed", "50.00")
        self._forget()
        self._give_reason(
            self._as(self.user_office, violation).action_withdraw(), "The phone was broken"
        )
        for user in (self.user_superior, self.user_agent):
            self._assert_says(self._told(user), "withdrawn", "The phone was broken")

    def test_withdrawn_report_is_told_to_the_reporter_only(self):
        violation = self._violation(self.agent, "2025-02-03", confirm=False)
        violation.reported_by = self.user_superior
        self._give_reason(self._as(self.user_office, violation).action_withdraw(), "Nothing in it")
        self._assert_says(self._told(self.user_superior), "withdrawn", "Nothing in it")
        self.assertFalse(self._told(self.user_agent))
