"""To-dos: who may end them, whom they reach on a fresh install, in which language (15, 17)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .notice_common import NoticeCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTodo(NoticeCase):
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

    def _appeal_today(self):
        violation = self._violation(self.agent, "2025-02-03")
        violation.confirmed_on = violation.company_id._cs_today()
        return self._appeal(violation)

    def test_agent_does_not_end_the_offices_todo_on_an_appeal(self):
        appeal = self._appeal_today()
        todo = self._todos(self.user_office, appeal)
        self.assertEqual(len(todo), 1)
        self._assert_not_ended_by(self.user_agent, todo)
        self._as(self.user_office, todo).action_feedback(feedback="Answered by phone")
        self.assertFalse(todo.active)

    def test_agent_does_not_end_todos_on_a_transfer(self):
        transfer = self._as(self.user_agent, self.env["cs.transfer"]).create(
            {
                "employee_id": self.agent.id,
                "department_id": self.front_desk.id,
                "date": "2030-05-01",
                "motive": "Evenings suit me",
            }
        )
        transfer.action_submit()
        for user in (self.user_superior, self.user_office):
            todo = self._todos(user, transfer)
            self.assertTrue(todo, user.login)
            self._assert_not_ended_by(self.user_agent, todo)
        opinion = self._todos(self.user_superior, transfer)
        self._as(self.user_office, opinion).unlink()

    def test_superior_does_not_end_the_offices_todo(self):
        appeal = self._appeal_today()
        transfer_todo = self._todos(self.user_office, appeal)
        self._assert_not_ended_by(self.user_superior, transfer_todo)

    def test_office_does_not_end_colleagues_todos_on_its_own_matter(self):
        clerk = self._make_agent("Clerk", user=self.user_office)
        violation = self._violation(clerk, "2025-02-03")
        violation.confirmed_on = violation.company_id._cs_today()
        appeal = self._appeal(violation)
        todo = self._todos(self.user_manager, appeal)
        self.assertTrue(todo)
        self._assert_not_ended_by(self.user_office, todo)

    def test_own_notes_to_oneself_are_ones_own(self):
        appeal = self._appeal_today()
        todo = self._as(self.user_agent, appeal).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.user_agent.id
        )
        todo.action_feedback()

    def test_fresh_install_reaches_the_administrator(self):
        """Where nobody else is of the office, the administrator is; the robot never is."""
        admin = self.env.ref("base.user_admin")
        company = self.env["res.company"].create({"name": "Fresh"})
        admin.company_ids += company
        office = self.env["cs.cycle"]._get_office(company)
        self.assertIn(admin, office)
        self.assertNotIn(self.env.ref("base.user_root"), office)
        department = self.env["hr.department"].create({"name": "Hotline", "company_id": company.id})
        self._make_policy(company)
        self._make_agent("First", department=department).parent_id = False
        cycle = self._open("2025-02", company=company)
        self.assertEqual(cycle._remind(), admin)
        self.assertTrue(self._todos(admin, cycle))

    def test_reminder_names_the_month_in_the_raters_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user_superior.lang = "zh_CN"
        cycle = self._open("2025-02")
        self._as(self.user_office, cycle).action_remind()
        self.assertIn("2025年2月", self._todos(self.user_superior, cycle).res_name)
