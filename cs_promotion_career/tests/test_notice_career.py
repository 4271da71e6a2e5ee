"""Appointments and transfers: told to all they concern, with a to-do to agree pay (17, 19)."""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.cs_promotion.tests.notice_common import NoticeCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestNoticeCareer(NoticeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.star_user = cls._make_user("star")
        cls.star_user.email = "star@example.com"
        cls.star = cls._make_agent("Star", "senior", department=cls.front_desk, user=cls.star_user)
        cls.head_user = cls._make_user("head")
        cls.head_user.email = "head@example.com"
        cls.hotline.manager_id = cls.superior
        cls.front_desk.manager_id = cls.env["hr.employee"].create(
            {
                "name": "Head",
                "company_id": cls.company.id,
                "department_id": cls.front_desk.id,
                "user_id": cls.head_user.id,
            }
        )

    def _vacancy(self, day="2025-05-01"):
        vacancy = self.env["cs.vacancy"].create(
            {"company_id": self.company.id, "department_id": self.hotline.id, "date": day}
        )
        self._as(self.user_office, vacancy).action_draw()
        manager = self._as(self.user_manager, vacancy)
        manager.chosen_id = vacancy.candidate_ids.filtered(
            lambda each: each.employee_id == self.star
        )
        manager.grounds = "All-round ability"
        return vacancy

    def test_appointed_supervisor(self):
        with freeze_time("2025-04-20"):
            vacancy = self._vacancy()
            self._forget()
            self._as(self.user_manager, vacancy).action_appoint()
        self._assert_says(
            self._told(self.star_user),
            "You have been appointed supervisor",
            "All-round ability",
            "Senior agent",
            "05/01/2025",
            "wage and salary structure",
        )
        self._assert_says(self._told(self.user_superior), "Star has been appointed supervisor")
        for user in (self.user_office, self.user_manager):
            todo = self._todos(user, vacancy)
            self.assertEqual(len(todo), 1, user.login)
            self._assert_says(todo.summary, "Agree wage and salary structure", "Star")
        self.assertFalse(self._told(self.user_agent), "The team hears of it on the day")
        self._forget()
        with freeze_time("2025-05-01"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion_career.ir_cron_set_heads").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.agent.parent_id, self.star)
        for user in (self.user_agent, self.user_peer, self.user_superior, self.star_user):
            self._assert_says(self._told(user), "new head", "Superior", "Star")
        self.assertIn("hr.department", self._mails(self.user_agent))

    def test_transfer_off_the_ladder(self):
        with freeze_time("2025-04-20"):
            transfer = self._as(self.user_agent, self.env["cs.transfer"]).create(
                {
                    "employee_id": self.agent.id,
                    "department_id": self.front_desk.id,
                    "date": "2025-05-01",
                    "motive": "Evenings suit me",
                }
            )
            transfer.action_submit()
            transfer = transfer.with_env(self.env)
            office = self._as(self.user_office, transfer)
            self.assertIn("opinion", office.approval_fault)
            with self.assertRaisesRegex(UserError, "both superiors"):
                office.action_approve()
            self._as(self.user_superior, transfer).superior_opinion = "for"
            self._as(self.head_user, transfer).receiving_opinion = "for"
            office = self._as(self.user_office, transfer)
            self.assertFalse(office.approval_fault)
            office.on_ladder = False
            self._forget()
            self._give_reason(office.action_approve(), "Own people come first")
        self._assert_says(
            self._told(self.user_agent),
            "Your transfer was approved",
            "Own people come first",
            "off the CS ladder",
            "wage and salary structure",
        )
        for user in (self.user_superior, self.head_user):
            self._assert_says(self._told(user), "The transfer of Agent was approved")
        self.assertIn("Agree wage", self._todos(self.user_office, transfer)[-1:].summary)
        self.assertFalse(self._as(self.user_office, transfer).can_decide)
        with self.assertRaisesRegex(UserError, "state Approved"):
            self._as(self.user_office, transfer).action_approve()
        self._forget()
        with freeze_time("2025-05-01"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion_career.ir_cron_move").method_direct_trigger()
        for user in (self.user_agent, self.user_superior, self.head_user):
            self._assert_says(self._told(user), "Superior from now on", "Head")

    def test_refused_transfer(self):
        with freeze_time("2025-04-20"):
            transfer = self._as(self.user_agent, self.env["cs.transfer"]).create(
                {
                    "employee_id": self.agent.id,
                    "department_id": self.front_desk.id,
                    "date": "2025-05-01",
                    "motive": "Evenings suit me",
                }
            )
            transfer.action_submit()
            office = self._as(self.user_office, transfer.with_env(self.env))
            self._give_reason(office.action_refuse(), "No seat free")
        self._assert_says(
            self._told(self.user_agent),
            "refused",
            "No seat free",
            "stay as they are",
            "apply again",
        )
        self.assertFalse(self._todos(self.user_office, transfer))

    def test_appointing_is_refused_before_anything_is_asked(self):
        with freeze_time("2025-04-20"):
            vacancy = self._vacancy()
            self.assertFalse(self._as(self.user_manager, vacancy).appointment_fault)
            self._as(self.user_manager, vacancy).grounds = " "
            self.assertIn("grounds", self._as(self.user_manager, vacancy).appointment_fault)
            self.assertFalse(self._as(self.user_office, vacancy).appointment_fault)

    def test_titles_of_new_ones(self):
        for model in ("cs.transfer", "cs.vacancy"):
            new = self.env[model].new({"department_id": False})
            self.assertNotIn("False", new.display_name)
            self.assertTrue(new.display_name)
        with Form(self._as(self.user_agent, self.env["cs.transfer"])) as form:
            self.assertNotIn("False", form.display_name)
            form.department_id = self.front_desk
            form.date = "2025-05-01"
            form.motive = "x"

    def test_posts(self):
        post = self.env["cs.post"].create(
            {"name": "Evenings", "company_id": self.company.id, "department_id": self.front_desk.id}
        )
        self.assertTrue(self._as(self.user_agent, post).can_apply)
        self.assertTrue(self._as(self.user_agent, post).action_apply())
        for user in (self.user_stranger, self.star_user):  # off the ladder; there already
            with self.subTest(user.login):
                self.assertFalse(self._as(user, post).can_apply)
                with self.assertRaises(UserError):
                    self._as(user, post).action_apply()
        office = self._as(self.user_office, post)
        with self.assertRaisesRegex(UserError, "state Open"):
            office.action_reopen()
        office.action_close()
        with self.assertRaisesRegex(UserError, "state Closed"):
            office.action_close()
        with self.assertRaisesRegex(UserError, "no more applications"):
            self._as(self.user_agent, post).action_apply()
