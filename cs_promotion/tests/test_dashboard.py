"""The dashboard that opens first for HR, and the first day on an empty database."""

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
@freeze_time("2025-08-08")
class TestDashboard(CsPromotionCase):
    def _dashboard(self, user=None, company=None):
        user = user or self.user_office
        return self._as(user, self.env["cs.dashboard"]).browse((company or self.company).id)

    def test_first_day(self):
        """From nothing to the first closed month: each step says what is still missing."""
        company = self.env["res.company"].create({"name": "CS New"})
        manager = self._make_user(
            "new_manager", "cs_promotion.group_manager,hr.group_hr_user", company
        )

        def look():
            return self._dashboard(manager, company)

        self.assertFalse(look().started or look().start_policy or look().start_agents)
        self.assertIn("take over the shipped policy", look().start_policy_text)
        action = look().with_company(company).action_take_policy()
        policy = self.env["cs.policy"].browse(action["res_id"])
        self.assertEqual((policy.company_id, policy.state), (company, "draft"))
        self.assertIn("look the draft over", look().start_policy_text)
        self.assertEqual(look().action_take_policy()["res_id"], policy.id)
        self._as(manager, policy).action_activate()
        self.assertTrue(look().start_policy)

        department = self.env["hr.department"].create({"name": "New", "company_id": company.id})
        self.assertIn("ranked within theirs", look().start_departments_text)
        policy.rank_within = "company"
        self.assertEqual(look().start_departments_text, "Departments: 1")
        policy.rank_within = "department"
        boss = self.env["hr.employee"].create({"name": "Boss", "company_id": company.id})
        agent = self._make_agent("First", department=department, parent=boss, hired="2025-08-01")
        self.assertTrue(look().start_agents)
        self.assertIn("Agents on the ladder: 1", look().start_agents_text)
        self.assertIn("1 whose superior has no login", look().start_agents_text)

        self.assertIn("open the month", look().start_month_text)
        look().with_company(company).action_open_month()
        self.assertTrue(look().start_month)
        self.assertIn("sheets (2)", look().start_close_text)
        self.env["cs.appraisal"].invalidate_model()
        self._score(self._appraisal(agent, "2025-08"), 90)
        self.assertIn("closes by itself", look().start_close_text)
        self._close(self._cycle("2025-08", company=company))
        self.assertTrue(look().started)

    def test_ladder_pyramid(self):
        self._make_agent("Senior", tier="senior")
        rows = html.fromstring(f"<div>{self._dashboard().ladder_html}</div>").find_class("o_cs_bar")
        self.assertEqual([row.text_content().strip() for row in rows], ["0", "1", "0", "2", "0"])
        self.assertEqual(self._dashboard().agent_count, 3)
        self.assertEqual(self._dashboard(self.user_office_b, self.company_b).agent_count, 2)

    def test_progress_and_late_sheets(self):
        self._open("2025-07")
        self.assertEqual((self._dashboard().missing_sheets, self._dashboard().late_sheets), (4, 4))
        self.assertEqual(self._dashboard().open_sheets, 2, "the superior's are not the office's")
        self._score(self._appraisal(self.agent, "2025-07"), 80)
        self.assertEqual((self._dashboard().missing_sheets, self._dashboard().progress), (2, 50))
        with freeze_time("2025-08-03"):
            self.assertEqual(self._dashboard().late_sheets, 0)

    def test_what_waits(self):
        self._violation(self.agent, "2025-07-03", severity="serious")
        self._violation(self.peer, "2025-07-03", confirm=False)
        self._play("2025-07", {self.agent: 80, self.peer: 80})
        dashboard = self._dashboard()
        self.assertEqual((dashboard.reviews, dashboard.violations, dashboard.approvals), (1, 1, 0))
        [review] = self.env["cs.decision"].search(dashboard.action_view_reviews()["domain"])
        self.assertEqual(review.employee_id, self.agent)
        moves = html.fromstring(dashboard.moves_html).find_class("text-center")
        self.assertEqual(
            {each[1].text_content(): each[0].text_content() for each in moves},
            {
                "Confirmation": "0",
                "Promotion": "0",
                "Demotion": "0",
                "Skip-level or appointment": "0",
                "Dismissal review": "1",
            },
        )

    def test_hr_only(self):
        for user in (self.user_agent, self.user_superior, self.user_stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._dashboard(user).read(["agent_count"])
        with self.assertRaises(AccessError):
            self._dashboard(self.user_office_b).read(["agent_count"])
        with self.assertRaises(AccessError):
            self._dashboard(self.user_office).action_take_policy()
