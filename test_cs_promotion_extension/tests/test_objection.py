from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from odoo.addons.cs_promotion_appeal.tests.appeal_common import AppealNoticeCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestObjection(AppealNoticeCase):
    """A kind of appeal that an addon declares: chosen, handed in, answered, decided, told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._cs_today()
        cls.figures = cls._figure(cls.agent, "2025-01")
        cls.figures.nights = 3

    def test_told_by_its_own_page(self):
        own = self._as(self.user_agent, self.figures)
        self.assertTrue(own.can_appeal)
        self.assertFalse(self._as(self.user_superior, self.figures).can_appeal)
        self.assertEqual((own.appeal_until - self.today).days, 10)
        action = own.action_appeal()
        with Form(own.env["cs.appeal"].with_context(**action["context"])) as form:
            self.assertEqual((form.kind, form.figure_id), ("figures", self.figures))
            form.grounds = "There were five"

    def test_upheld_the_office_has_to_count_again(self):
        appeal = self._appeal(self.figures, grounds="There were five")
        self.assertIn("January 2025", appeal.display_name)
        kinds = dict(appeal._fields["kind"]._description_selection(self.env))
        self.assertEqual(kinds[appeal.kind], "Monthly figures")
        self.assertTrue(self.figures.has_open_appeal)
        self._answer(appeal, "There were five indeed")
        self._forget()
        self._decide_on(appeal, "uphold")
        self.assertEqual(appeal.state, "upheld")
        self._assert_says(
            self._told(self.user_agent), "was upheld", "counts again and corrects the figures"
        )
        self.assertTrue(self._todos(self.user_office, appeal))

    def test_rejected_it_stands_for_good(self):
        appeal = self._appeal(self.figures)
        self._answer(appeal)
        self._forget()
        self._decide_on(appeal, "reject")
        self._assert_says(self._told(self.user_agent), "was rejected", "The figures stand.")
        self.assertFalse(self._as(self.user_agent, self.figures).can_appeal)
        with self.assertRaisesRegex(ValidationError, "no second appeal"):
            self._appeal(self.figures)

    def test_its_days_are_its_own(self):
        with freeze_time(f"{self.figures.appeal_until} 10:00:00"):
            self.assertTrue(self._as(self.user_agent, self.figures).can_appeal)
        with (
            freeze_time("2099-01-01"),
            self.assertRaisesRegex(ValidationError, "could be appealed"),
        ):
            self._appeal(self.figures)

    def test_one_object_alone(self):
        violation = self._violation(self.agent, "2025-02-03")
        violation.confirmed_on = self.today
        with self.assertRaisesRegex(ValidationError, "Monthly figures"):
            self.env["cs.appeal"].create(
                {
                    "employee_id": self.agent.id,
                    "figure_id": self.figures.id,
                    "violation_id": violation.id,
                    "grounds": "Both",
                }
            )
