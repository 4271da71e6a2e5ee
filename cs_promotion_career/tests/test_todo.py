from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.notice_common import NoticeCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTodo(NoticeCase):
    """To-dos of a transfer: who may end them (15, 17)."""

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
