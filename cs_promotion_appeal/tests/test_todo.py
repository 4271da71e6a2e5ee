from odoo.tests import tagged

from .appeal_common import AppealNoticeCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTodo(AppealNoticeCase):
    """To-dos of an appeal: who may end them (15, 17)."""

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
