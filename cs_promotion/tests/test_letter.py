from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestLetter(CsPromotionCase):
    """Announcing (O4): the letter says what was required and found, in the agent's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["ir.actions.report"]
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.template = cls.env.ref("cs_promotion.report_decision_letter_document")
        cls.template.update_field_translations(
            "arch_db",
            {"zh_CN": {"Your pay per month": "每月工资", "Takes effect on": "生效日期"}},
        )
        cls.tiers["intermediate"].update_field_translations("name", {"zh_CN": "中级客服"})
        for user in (cls.user_agent, cls.user_peer, cls.user_superior):
            user.email = f"{user.login}@example.com"

    def _text(self, decision, user=None):
        report = self.report.with_user(user or self.env.user)
        html, _kind = report._render_qweb_html("cs_promotion.report_decision_letter", decision.ids)
        return html2plaintext(html.decode())

    def _quarter(self, scores, day="2025-04-01"):
        with freeze_time(day):
            self._play_months("2025-01", "2025-03", scores)

    def _announcements(self, decision):
        return self.env["mail.mail"].search(
            [("model", "=", "cs.decision"), ("res_id", "=", decision.id)]
        )

    def test_promotion(self):
        self._quarter({self.agent: 95, self.peer: 90})
        text = self._text(self._decisions(self.agent))
        for words in (
            "Notice of Promotion",
            "Congratulations",
            "Intermediate agent",
            "04/01/2025",
            "91",
            "Q1 2025: 95",
            "1,700.00",
            "1,800.00",
            "0.3 %",
            "04/04/2025",
            "What was required",
        ):
            self.assertIn(words, text)
        self.assertNotIn("dismissal review", text)

    def test_what_the_policy_does_not_pay_is_not_in_it(self):
        self._make_policy(self.company, "2025-04-01", pays_commission=False)
        self._quarter({self.agent: 95, self.peer: 90})
        text = self._text(self._decisions(self.agent))
        self.assertIn("1,800.00", text)
        self.assertNotIn("Commission", text)

    def test_in_the_language_of_the_agent(self):
        self.user_agent.lang = "zh_CN"
        self._quarter({self.agent: 95, self.peer: 90})
        text = self._text(self._decisions(self.agent))
        for words in ("中级客服", "每月工资", "生效日期"):
            self.assertIn(words, text)
        self.assertNotIn("pay per month", text)
        self.assertNotIn("Intermediate agent", text)

    def test_work_contact_gives_the_language_of_one_without_login(self):
        self.agent.user_id = False
        self.agent.work_contact_id.lang = "zh_CN"
        self._quarter({self.agent: 95, self.peer: 90})
        self.assertIn("每月工资", self._text(self._decisions(self.agent)))

    def test_demotion_by_violation(self):
        with freeze_time("2025-02-01"):
            self._violation(self.agent, "2025-01-20", severity="moderate", fine=60)
            self._play("2025-01", {self.agent: 95, self.peer: 90})
        text = self._text(self._decisions(self.agent))
        for words in ("Notice of Demotion", "step down", "Slacking", "60.00", "2025-01-20"):
            self.assertIn(words, text)
        self.assertNotIn("Congratulations", text)

    def test_dismissal_review(self):
        self._quarter({self.agent: 55, self.peer: 90})
        text = self._text(self._decisions(self.agent, ground="dismiss_failing"))
        for words in ("Notice of a Dismissal Review", "a person decides", "February 2025: 55"):
            self.assertIn(words, text)
        self.assertNotIn("Your pay per month", text)

    def test_confirmation(self):
        novice = self._make_agent("Novice", "probation", hired="2025-07-10")
        self._probation_test(novice, "2025-08-01", knowledge=85, skills=70)
        with freeze_time("2025-08-02"):
            self.env["cs.verdict"]._confirm_probations(novice, fields.Date.to_date("2025-08-02"))
        text = self._text(self._decisions(novice))
        for words in (
            "Notice of Confirmation",
            "passed the test",
            "85",
            "70",
            "08/10/2025",
            "1,500.00",
            "1,700.00",
        ):
            self.assertIn(words, text)

    def test_appointment_and_skip_level(self):
        skip = self._decide(self.agent, "senior", "2025-04-01", grounds="Saved the account")
        text = self._text(skip)
        self.assertIn("Notice of Skip-level Promotion", text)
        self.assertIn("Saved the account", text)
        appointed = self._decide(self.peer, "reserve", "2025-04-01")
        text = self._text(appointed)
        self.assertIn("Notice of Appointment", text)
        self.assertIn("2,000.00", text, "The reserve supervisor is paid as the senior")

    def test_pdf(self):
        decision = self._decide(self.agent, "senior", "2025-04-01")
        content, kind = self.report.with_context(force_report_rendering=True)._render_qweb_pdf(
            "cs_promotion.report_decision_letter", decision.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertGreater(len(content), 5000)

    def test_agent_prints_their_own_only(self):
        decision = self._decide(self.agent, "senior", "2025-04-01")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("Skip-level", self._text(decision, self.user_agent))
        self.assertTrue(self._as(self.user_agent, decision).action_print_letter())
        for user in (self.user_peer, self.user_stranger, self.user_office_b):
            with self.subTest(user.login):
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    self._text(decision, user)
                with self.assertRaises(AccessError):
                    self._as(user, decision).action_print_letter()

    def test_mail_and_activity(self):
        self.user_superior.lang = "zh_CN"
        self._quarter({self.agent: 95, self.peer: 90})
        decision = self._decisions(self.agent)
        self.assertTrue(decision.to_notify)
        with freeze_time("2025-04-01"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_notify").method_direct_trigger()
        mails = self._announcements(decision)
        to_agent = mails.filtered(lambda mail: self.user_agent.partner_id in mail.recipient_ids)
        self.assertEqual(mails.recipient_ids, (self.user_agent | self.user_superior).partner_id)
        self.assertEqual(to_agent.subject, "Notice of Promotion")
        self.assertEqual(len(to_agent.attachment_ids), 1)
        self.assertIn("Notice of Promotion Agent", to_agent.attachment_ids.name)
        self.assertFalse((mails - to_agent).attachment_ids)
        self.assertEqual(decision.activity_ids.user_id, self.user_agent | self.user_superior)
        self.assertEqual(
            set(decision.activity_ids.mapped("date_deadline")), {decision.notice_until}
        )
        with freeze_time("2025-04-02"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_notify").method_direct_trigger()
        self.assertEqual(self._announcements(decision), mails, "Nobody is told twice")

    def test_withdrawn_before_the_mail_tells_nobody(self):
        self._quarter({self.agent: 95, self.peer: 90})
        decision = self._decisions(self.agent)
        decision._withdraw("Closed by mistake")
        with freeze_time("2025-04-01"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_notify").method_direct_trigger()
        self.assertFalse(self._announcements(decision))
        self.assertFalse(decision.activity_ids)

    def test_withdrawn_after_the_mail_tells_those_who_were_told(self):
        self._quarter({self.agent: 95, self.peer: 90})
        decision = self._decisions(self.agent)
        with freeze_time("2025-04-01"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_notify").method_direct_trigger()
        decision.invalidate_recordset()
        decision._withdraw("The score was corrected")
        last = decision.message_ids.sorted("id")[-1:] | self.env["mail.message"].search(
            [("model", "=", "cs.decision"), ("res_id", "=", decision.id)], limit=3
        )
        told = last.filtered(lambda each: "The score was corrected" in (each.body or ""))
        people = (self.user_agent | self.user_superior).partner_id
        self.assertTrue(people <= told.notified_partner_ids)
        self.assertFalse(decision.notified)

    def test_history_played_later_tells_nobody(self):
        self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 90})
        self.assertFalse(self._decisions(self.agent).to_notify)

    def test_one_that_cannot_be_sent_does_not_stop_the_rest(self):
        self._quarter({self.agent: 95, self.peer: 95})
        decisions = self._decisions(self.agent) | self._decisions(self.peer)
        first = decisions.sorted("id")[0]
        model = type(self.env["cs.decision"])
        send = model._notify_announced

        def fail(decision):
            if decision == first:
                raise UserError(decision.env._("No printer"))
            return send(decision)

        self.patch(model, "_notify_announced", fail)
        with freeze_time("2025-04-01"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_notify").method_direct_trigger()
        self.assertFalse(self._announcements(first))
        self.assertTrue(self._announcements(decisions - first))
        self.assertIn("No printer", "".join(first.message_ids.mapped("body")))
        self.assertFalse(any(decisions.mapped("to_notify")))
