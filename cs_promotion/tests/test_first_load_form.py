from datetime import date

from odoo.tests import Form, tagged

from .first_load_common import FirstLoadCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestFirstLoadForm(FirstLoadCase):
    """HR takes existing staff up on the employee form."""

    def _form(self, employee):
        self.env.invalidate_all()
        return Form(employee.with_user(self.user_hr), view="hr.view_employee_form")

    def test_form_tier_and_since_set_the_wage(self):
        with self._form(self.newcomer) as form:
            form.cs_tier_id = self.tiers["intermediate"]
            form.cs_tier_since = date(2024, 9, 1)
            self.assertEqual(form.wage, 1800)
        self.assertEqual(self._values(self.newcomer), ("intermediate", date(2024, 9, 1), 1800))

    def test_form_tier_alone_counts_from_joining(self):
        with self._form(self.newcomer) as form:
            form.cs_tier_id = self.tiers["junior"]
            self.assertEqual(form.cs_tier_since, date(2024, 5, 10))
        self.assertEqual(self._values(self.newcomer), ("junior", date(2024, 5, 10), 1700))

    def test_form_new_employee(self):
        with Form(
            self.env["hr.employee"].with_user(self.user_hr).with_company(self.company),
            view="hr.view_employee_form",
        ) as form:
            form.name = "Brand New"
            form.contract_date_start = date(2025, 2, 17)
            form.cs_tier_id = self.tiers["probation"]
        self.assertEqual(self._values(form.record), ("probation", date(2025, 2, 17), 1500))
        self.assertEqual(self._tier_on(form.record, "2025-02-17"), "probation")

    def test_mistake_is_corrected_before_the_first_result(self):
        with self._form(self.newcomer) as form:
            form.cs_tier_id = self.tiers["senior"]
        with self._form(self.newcomer) as form:
            form.cs_tier_id = self.tiers["junior"]
            form.cs_tier_since = date(2024, 6, 1)
        self.assertEqual(self._values(self.newcomer), ("junior", date(2024, 6, 1), 1700))

    def test_form_refuses_another_tier_once_there_are_results(self):
        self._play("2025-01", {self.agent: 80, self.peer: 80})
        with self._form(self.agent) as form, self.assertRaisesRegex(AssertionError, "readonly"):
            form.cs_tier_id = self.tiers["senior"]
        self.assertEqual(self._values(self.agent), ("junior", date(2025, 1, 1), 1700))
