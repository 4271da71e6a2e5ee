"""Appeals: the agent learns result, answer, reason, effect, and what is next (17)."""

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .appeal_common import AppealNoticeCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestNoticeAppeal(AppealNoticeCase):
    def _month(self, score=80, closed="2025-02-01"):
        with freeze_time(closed):
            self._play("2025-01", {self.agent: score, self.peer: 90})
        return self._appraisal(self.agent, "2025-01")

    def test_violation(self):
        with freeze_time("2025-02-10"):
            violation = self._violation(self.agent, "2025-02-03", fine=60)
            appeal = self._appeal(violation)
            self._answer(appeal, "The recordings show it")
            text = self._told(self.user_agent)
            self._assert_says(text, "The office has answered", "The recordings show it", "manager")
            self._forget()
            self._decide_on(appeal, "reject", reason="Seen by two people")
            text = self._told(self.user_agent)
            self._assert_says(
                text,
                "Your appeal was rejected",
                "The recordings show it",
                "Seen by two people",
                "60.00 stand",
                "no second appeal",
            )
            mail = self._mails(self.user_agent)
            self._assert_says(mail, "/mail/view?", "View")

    def test_upheld_violation_tells_of_fine_and_decision_once(self):
        with freeze_time("2025-02-01"):
            violation = self._violation(self.agent, "2025-01-20", severity="moderate", fine=60)
            self._play("2025-01", {self.agent: 95, self.peer: 90})
            self._run_notify()
            decision = self._decisions(self.agent)
            appeal = self._appeal(violation)
            self._answer(appeal, "We agree")
            self._forget()
            self._decide_on(appeal, "uphold", reason="It was somebody else")
        self.assertEqual(decision.state, "withdrawn")
        self.assertEqual(appeal.fallen_ids, decision)
        text = self._told(self.user_agent)
        self._assert_says(
            text,
            "Your appeal was upheld",
            "We agree",
            "It was somebody else",
            "60.00 is not taken",
            "Withdrawn with it",
        )
        self.assertNotIn("Violation withdrawn", text, "The answer to the appeal says it")

    def test_upheld_decision(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            self._run_notify()
            appeal = self._appeal(decision)
            self._answer(appeal, "Right")
            self._forget()
            self._decide_on(appeal, "uphold", reason="Wrong quarter")
        text = self._told(self.user_agent)
        self._assert_says(
            text, "Right", "Wrong quarter", "Junior agent → Intermediate agent", "does not take"
        )
        self.assertEqual(text.count("Wrong quarter"), 1, "Nobody is told twice")
        self._assert_says(self._told(self.user_superior), "no longer stands", "Wrong quarter")

    def test_in_the_language_of_the_agent(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user_agent.lang = "zh_CN"
        kind = self.env.ref("cs_promotion.violation_type_slacking")
        kind.update_field_translations("name", {"zh_CN": "消极怠工"})
        with freeze_time("2025-02-10"):
            appeal = self._appeal(self._violation(self.agent, "2025-02-03", fine=60))
            self._answer(appeal)
            self._forget()
            self._decide_on(appeal, "reject")
        self._assert_says(self._told(self.user_agent), "消极怠工")

    def test_rater_learns_grounds_and_items(self):
        appraisal = self._month()
        items = appraisal.sheet_ids.line_ids.item_id.filtered(lambda each: each.number in (3, 7))
        with freeze_time("2025-02-03"):
            appeal = self._appeal(appraisal, submit=False, grounds="Item 3: the <colours>")
            self._as(self.user_agent, appeal).item_ids = items
            self._as(self.user_agent, appeal).action_submit()
            self._answer(appeal)
            self.env["res.lang"]._activate_lang("zh_CN")
            self.user_superior.lang = "zh_CN"
            self._decide_on(appeal, "uphold", reason="Seen again")
        todo = self._todos(self.user_superior, appraisal)
        self.assertEqual(len(todo), 1)
        names = items.with_context(lang="zh_CN").mapped("name")
        self._assert_says(todo.note, "&lt;colours&gt;", "Seen again", *names)
        self._assert_says(todo.summary, "2025年1月")

    def test_items_belong_to_the_form(self):
        appraisal = self._month()
        foreign = self.policy.scorecard_id.copy().section_ids.item_ids[:1]
        with freeze_time("2025-02-03"):
            appeal = self._appeal(appraisal, submit=False)
            with self.assertRaisesRegex(ValidationError, "not items of the form"):
                self._as(self.user_agent, appeal).item_ids = foreign

    def test_regraded_to_the_same_score_may_be_appealed_again(self):
        appraisal = self._month()
        with freeze_time("2025-02-03"):
            self._run_notify()
            appeal = self._appeal(appraisal)
            self._answer(appeal)
            self._decide_on(appeal, "uphold")
        with freeze_time("2025-02-20"):
            for sheet in appraisal.sheet_ids:
                self._fill_in(sheet, 80)
            self._forget()
            self._close(appraisal.cycle_id, "2025-02-20")
            self._run_notify()
            self.assertEqual(appraisal.score, 80)
            self.assertEqual(appraisal.appeal_until.isoformat(), "2025-02-23")
            self._assert_says(self._told(self.user_agent), "80.00", "02/23/2025", "anew")
            self.assertFalse(self._told(self.user_peer), "The peer's score stays as it was")
            again = self._appeal(appraisal)
        self.assertEqual(again.state, "submitted")

    def test_agent_reads_score_and_appeal_while_it_is_corrected(self):
        appraisal = self._month()
        with freeze_time("2025-02-03"):
            appeal = self._appeal(appraisal)
            self._answer(appeal)
            self._decide_on(appeal, "uphold")
        self.assertEqual(appraisal.cycle_id.state, "open")
        own = self._as(self.user_agent, appraisal)
        self.assertTrue(own.being_corrected)
        self.assertEqual(own.score, 80, "The former score, until it is published anew")
        self.assertFalse(own.sheet_ids, "Sheets are no one's to see while they are filled in")
        seen = self._as(self.user_agent, appeal)
        self.assertIn(
            "January 2025",
            seen.web_read({"appraisal_id": {"fields": {"display_name": {}}}})[0]["appraisal_id"][
                "display_name"
            ],
        )
        self.assertTrue(seen.being_corrected)

    def test_uphold_refuses_before_a_reason_is_asked_for(self):
        appraisal = self._month()
        with freeze_time("2025-02-03"):
            appeal = self._appeal(appraisal)
        with freeze_time("2025-03-02"):
            self._play("2025-02", {self.agent: 80, self.peer: 90})
            self._answer(appeal)
            with self.assertRaisesRegex(UserError, "2025"):
                self._as(self.user_manager, appeal).action_uphold()

    def test_lapse_does_not_tell_a_colleagues_matter(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            self._run_notify()
            appeal = self._appeal(decision)
            self._forget()
            decision.cycle_id.state = "open"
            decision._withdraw("Peer's sales were wrong")
        self.assertEqual(appeal.state, "lapsed")
        for text in (appeal.reason, self._told(self.user_agent), self._told(self.user_superior)):
            self.assertNotIn("sales", text)
            self.assertIn("corrected", text)

    def test_buttons_are_for_those_who_can_use_them(self):
        with freeze_time("2025-02-10"):
            appeal = self._appeal(self._violation(self.agent, "2025-02-03"), submit=False)

            def can(user):
                seen = self._as(user, appeal)
                names = ("submit", "answer", "decide", "withdraw")
                return [name for name in names if seen[f"can_{name}"]]

            self.assertEqual(can(self.user_agent), ["submit"])
            self._as(self.user_agent, appeal).action_submit()
            self.assertEqual(can(self.user_agent), ["withdraw"])
            self.assertEqual(can(self.user_office), ["answer"])
            self._answer(appeal)
            self.assertEqual(can(self.user_office), [])
            self.assertEqual(can(self.user_manager), ["decide"])
            appeal.violation_id.reported_by = self.user_manager
            self.assertEqual(can(self.user_manager), [], "Who reported it does not decide")
            with self.assertRaisesRegex(UserError, "Answered"):
                self._as(self.user_office, appeal).action_answer()

    @freeze_time("2025-03-10")
    def test_V2_who_is_told_of_a_violation_is_told_until_when(self):
        violation = self._violation(self.agent, "2025-03-07", confirm=False)
        office = self._as(self.user_office, violation).with_context(tracking_disable=False)
        office.action_confirm()
        self._assert_says(self._told(self.user_agent), "You may appeal until 03/13/2025")

    def test_O4_who_is_mailed_a_decision_is_told_until_when(self):
        decision = self._step_up()
        with freeze_time("2025-04-01"):
            decision.to_notify = True
            self._run_notify()
        self._assert_says(self._mails(self.user_agent), "You may appeal until 04/04/2025.")
        self._assert_says(
            self._mails(self.user_superior),
            "It may be appealed until 04/04/2025. Please talk it over with them.",
        )
