"""Messages, followers, activities, attachments and links say no more than the records."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import CsPromotionCase

BODY = "Said behind closed doors"


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessMail(CsPromotionCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={})
        cls._play("2025-01", {cls.agent: 95})
        cls._open("2025-02")
        cls.violation = cls._violation(cls.agent, "2025-02-03", confirm=False)
        cls.decision = cls._decide(cls.agent, "senior", "2025-03-01", announce=False)
        cls.sheet = cls._sheet(cls.agent, "2025-02", "superior")
        cls.records = (cls.violation, cls.decision, cls.sheet, cls._cycle("2025-02"))
        for record in cls.records:
            record.message_post(body=BODY)
        cls.attachments = cls.env["ir.attachment"].create(
            [
                {"name": "proof.txt", "raw": b"x", "res_model": each._name, "res_id": each.id}
                for each in cls.records
            ]
        )

    def test_messages(self):
        """Strangers, other companies and the subject of what is not published read nothing."""
        users = self.user_stranger | self.user_peer | self.user_agent | self.user_office_b
        for user in users:
            found = self._as(user, self.env["mail.message"]).search([("body", "ilike", BODY)])
            self.assertFalse(found, user.login)
        for record in self.records:
            message = record.message_ids.filtered(lambda each: BODY in each.body)
            self.assertTrue(message)
            for user in users:
                with self.subTest(user=user.login, record=record), self.assertRaises(AccessError):
                    self._as(user, message).read(["body"])
        for user in (self.user_office, self.user_manager):
            found = self._as(user, self.env["mail.message"]).search([("body", "ilike", BODY)])
            self.assertIn(self.violation.id, found.mapped("res_id"))

    def test_history_of_a_cycle(self):
        """Everyone sees a cycle, but its history (reasons, names) only those who run it."""
        cycle = self._cycle("2025-01")
        self.assertEqual(self._as(self.user_peer, cycle).state, "closed")
        for user in (self.user_peer, self.user_superior):
            self.assertFalse(
                self._as(user, self.env["mail.message"]).search(
                    [("model", "=", "cs.cycle"), ("res_id", "=", cycle.id)]
                )
            )
        self.assertTrue(
            self._as(self.user_office, self.env["mail.message"]).search(
                [("model", "=", "cs.cycle"), ("res_id", "=", cycle.id)]
            )
        )

    def test_posting(self):
        for record in (*self.records, self._violation(self.agent, "2025-02-04")):
            for user in (self.user_stranger, self.user_peer, self.user_agent, self.user_office_b):
                with self.subTest(user=user.login, record=record), self.assertRaises(AccessError):
                    self._as(user, record).message_post(body="I was here")
            self.assertFalse(record.message_ids.filtered(lambda each: "I was here" in each.body))

    def test_following(self):
        """Nobody follows what they cannot read."""
        for record in (self.violation, self.decision, self.sheet):
            for user in (self.user_stranger, self.user_agent, self.user_office_b):
                with self.subTest(user=user.login, record=record):
                    self._as(user, record).message_subscribe(user.partner_id.ids)
                    self.env.invalidate_all()
                    self.assertNotIn(user.partner_id, record.message_partner_ids)

    def test_activities(self):
        for record in (self.violation, self.decision):
            activity = record.activity_schedule(
                "mail.mail_activity_data_todo", summary=BODY, user_id=self.user_manager.id
            )
            for user in (self.user_stranger, self.user_agent, self.user_office_b):
                with self.subTest(user=user.login, record=record), self.assertRaises(AccessError):
                    self._as(user, activity).read(["summary"])
                with self.subTest(user=user.login, record=record), self.assertRaises(AccessError):
                    self._as(user, record).activity_schedule(
                        "mail.mail_activity_data_todo", user_id=user.id
                    )
            self.assertEqual(self._as(self.user_manager, activity).summary, BODY)

    def test_attachments(self):
        for attachment in self.attachments:
            for user in (self.user_stranger, self.user_agent, self.user_office_b):
                subtest = self.subTest(user=user.login, model=attachment.res_model)
                with subtest, self.assertRaises(AccessError):
                    self._as(user, attachment).read(["raw"])
        own = self.attachments.filtered(lambda each: each.res_model == "cs.violation")
        self.assertEqual(self._as(self.user_superior, own).raw, b"x")

    def test_attachments_of_a_cycle(self):
        """They follow the cycle's history: for those who run it, though all see the cycle."""
        attachment = self.attachments.filtered(lambda each: each.res_model == "cs.cycle")
        for user in (self.user_peer, self.user_superior):
            found = self._as(user, self.env["ir.attachment"]).search(
                [("res_model", "=", "cs.cycle"), ("res_id", "=", attachment.res_id)]
            )
            self.assertFalse(found, user.login)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, attachment).read(["raw"])
        for user in (self.user_office, self.user_manager):
            self.assertEqual(self._as(user, attachment).raw, b"x")

    def test_links(self):
        """A link in a mail opens the record for its readers, and tells others nothing."""
        for login, sees in (("cs_stranger", False), ("cs_agent", False), ("cs_superior", True)):
            self.authenticate(login, login)
            for record in (self.violation, self.decision):
                response = self.url_open(
                    f"/mail/view?model={record._name}&res_id={record.id}", allow_redirects=False
                )
                with self.subTest(login=login, record=record):
                    self.assertEqual(response.status_code, 303)
                    self.assertEqual(record._name in response.headers["Location"], sees)
