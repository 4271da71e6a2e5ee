"""To-dos: who may end them, whom they reach on a fresh install, in which language (15, 17)."""

from odoo.tests import tagged

from .notice_common import NoticeCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTodo(NoticeCase):
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
