"""Who is on the slate of a supervisor post, and who is not (L5, R5)."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.common import MANAGER
from odoo.addons.cs_promotion.tests.test_since_joining import RehireCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestSlate(RehireCase):
    def _vacancy(self, day="2025-03-01"):
        return self.env["cs.vacancy"].create(
            {"company_id": self.company.id, "department_id": self.hotline.id, "date": day}
        )

    def test_L5_R5_the_slate_shows_the_present_employment(self):
        agent = self._make_agent("Returned", "senior", hired="2024-01-01")
        self._award(agent, "2025-01")
        self._violation(agent, "2025-01-15", fine=100)
        self._play("2025-01", {agent: 90})
        self._rehire(agent, "2025-01-31", "2025-02-10")
        vacancy = self._vacancy()
        vacancy._draw(date(2025, 2, 20))
        [figures] = vacancy.candidate_ids
        self.assertEqual(
            (figures.score_mean, figures.award_count, figures.violation_count), (0, 0, 0)
        )

    def test_archived_agents_are_not_on_the_slate(self):
        with freeze_time("2025-06-18 10:00:00"):
            self.agent.action_archive()
        vacancy = self._vacancy()
        vacancy._draw(date(2030, 1, 1))
        self.assertNotIn(self.agent, vacancy.candidate_ids.employee_id)

    def test_on_the_slate_nobody_decides(self):
        user = self._make_user("boss", MANAGER)
        boss = self._make_agent("Boss", tier="senior", user=user)
        vacancy = self._vacancy()
        vacancy._draw(vacancy.date)
        chosen = vacancy.candidate_ids.filtered(lambda each: each.employee_id == boss)
        self.assertTrue(chosen)
        mine = self._as(user, vacancy)
        for step in (
            lambda: mine.write({"chosen_id": chosen.id}),
            mine.action_cancel,
            mine.action_appoint,
        ):
            with self.assertRaisesRegex(UserError, "on the slate yourself"):
                step()
