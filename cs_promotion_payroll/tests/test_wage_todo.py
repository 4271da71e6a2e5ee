from freezegun import freeze_time

from odoo.tests import tagged

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestWageTodo(CsPayrollCase):
    """Whoever leaves the ladder leaves tier pay: those who settle pay have a to-do."""

    def _appoint(self):
        star = self._make_agent("Star", "senior")
        vacancy = self.env["cs.vacancy"].create(
            {
                "company_id": self.company.id,
                "department_id": self.front_desk.id,
                "date": "2025-05-01",
            }
        )
        vacancy.action_draw()
        vacancy.chosen_id = vacancy.candidate_ids.filtered(lambda each: each.employee_id == star)
        vacancy.grounds = "All-round ability"
        vacancy.action_appoint()
        return vacancy

    def test_payroll_officers_are_asked(self):
        officer = self._make_user("pay_clerk", "base.group_user,payroll.group_payroll_user")
        elsewhere = self._make_user(
            "pay_clerk_b", "base.group_user,payroll.group_payroll_user", self.company_b
        )
        with freeze_time("2025-04-20"):
            vacancy = self._appoint()
        asked = vacancy.activity_ids.user_id
        self.assertIn(officer, asked)
        self.assertIn(self.user_office, asked)
        self.assertNotIn(elsewhere, asked)
        todo = vacancy.activity_ids.filtered(lambda each: each.user_id == officer)
        self.assertIn("Star", todo.summary)
        self.assertIn("payslips", todo.note)

    def test_structure_is_named_in_the_companys_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        company = self.env["res.company"].create({"name": "Chinese"})
        company.partner_id.lang = "zh_CN"
        for lang in ("en_US", "zh_CN"):  # whoever is there when the first agent gets a tier
            structures = self.env["hr.payroll.structure"].with_context(lang=lang)
            self.assertRegex(structures._create_tier_pay(company).name, "^客服")
