"""Words for what people are told: the messages that reached them, and their to-dos."""

from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

from .common import CsPromotionCase


class NoticeCase(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (
            cls.user_agent,
            cls.user_peer,
            cls.user_superior,
            cls.user_office,
            cls.user_manager,
        ):
            user.email = f"{user.login}@example.com"
        cls.last = cls.env["mail.message"].search([], order="id desc", limit=1).id

    def _forget(self):
        """What was told up to now counts no more."""
        self.last = self.env["mail.message"].search([], order="id desc", limit=1).id

    def _told(self, user):
        """Subject and text of all that the user, or partner, was told since."""
        partner = user.partner_id if user._name == "res.users" else user
        messages = self.env["mail.message"].search(
            [
                ("id", ">", self.last),
                "|",
                ("notified_partner_ids", "in", partner.ids),
                ("partner_ids", "in", partner.ids),
            ],
            order="id",
        )
        return "\n".join(
            f"{message.subject}\n{html2plaintext(message.body or '')}" for message in messages
        )

    def _mails(self, user):
        """The HTML of the mails to the user since, buttons included."""
        return "\n".join(
            self.env["mail.mail"]
            .search(
                [
                    ("mail_message_id", ">", self.last),
                    ("recipient_ids", "in", user.partner_id.ids),
                ]
            )
            .mapped("body_html")
        )

    def _todos(self, user, record=None):
        """The user's to-dos, of one record or of all."""
        domain = [("user_id", "=", user.id)]
        if record:
            domain += [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["mail.activity"].search(domain)

    def _assert_not_ended_by(self, user, todo):
        own = self._as(user, todo)
        for step in (
            own.unlink,
            own.action_done,
            lambda: own.action_feedback(feedback="Done"),
            lambda: own.write({"user_id": user.id}),
            lambda: own.write({"date_deadline": "2030-01-01"}),
            own.action_cancel,
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                step()
        self.env.invalidate_all()
        self.assertTrue(todo.exists() and todo.active)

    def _run_notify(self):
        with self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_notify").method_direct_trigger()
        self.env.invalidate_all()

    def _assert_says(self, text, *words):
        for each in words:
            with self.subTest(words=each):
                self.assertIn(each, text)
