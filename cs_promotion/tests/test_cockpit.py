"""The cycle as HR's cockpit: progress, who is late, reminders."""

from unittest.mock import patch

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.view import cs_cycle_page
from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
@freeze_time("2025-08-02")
class TestCockpit(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lone = cls.env["hr.employee"].create({"name": "No Login", "company_id": cls.company.id})
        cls.clerk = cls._make_agent("Clerk", department=cls.front_desk, parent=cls.lone)
        cls.cycle = cls._open("2025-07")
        cls.kind = cls.env.ref("cs_promotion.mail_activity_score")

    def _rows(self):
        """name -> "done / total" as the cockpit shows it."""
        self.env.flush_all()
        self.cycle.invalidate_recordset()
        page = html.fromstring(f"<div>{self.cycle.progress_html}</div>")
        return {
            row.findall(".//span")[0].text_content().strip(): " ".join(
                row.findall(".//span")[1].text_content().split()
            )
            for row in page.find_class("o_cs_progress_row")
        }

    def _reminded(self):
        return self.cycle.activity_ids.filtered(lambda each: each.activity_type_id == self.kind)

    def test_progress_by_department_and_rater(self):
        self._fill_in(self._sheet(self.agent, "2025-07", "superior"), 90)
        self._score(self._appraisal(self.clerk, "2025-07"), 70)
        self.assertEqual(
            self._rows(),
            {
                self.hotline.name: "1 / 4",
                self.front_desk.name: "2 / 2",
                "Superior": "1 / 2",
                "No Login (paper, entered by the office)": "1 / 1",
                "Office": "1 / 3",
            },
        )
        self.assertEqual(self.cycle.open_sheet_count, 3)

    def test_many_departments_are_shown_together(self):
        """The slowest come first, and by name."""
        self._score(self._appraisal(self.clerk, "2025-07"), 70)
        with patch.object(cs_cycle_page, "SHOWN", 1):
            self.assertEqual(
                self._rows(),
                {
                    self.hotline.name: "0 / 4",
                    self.front_desk.name: "2 / 2",
                    "Superior": "0 / 2",
                    "2 others": "2 / 4",
                },
            )

    def test_left_out_agents_do_not_count(self):
        appraisal = self._appraisal(self.clerk, "2025-07")
        appraisal._exclude("on leave")
        self.assertNotIn(self.front_desk.name, self._rows())
        self.assertEqual(self.cycle.open_sheet_count, 4)
        appraisal.action_include()
        self.assertEqual(self._rows()[self.front_desk.name], "0 / 2")
        self.assertEqual(self.cycle.open_sheet_count, 6)

    def test_another_superior_takes_the_sheet_over(self):
        self._appraisal(self.agent, "2025-07").superior_id = self.lone
        rows = self._rows()
        self.assertEqual(rows["Superior"], "0 / 1")
        self.assertEqual(rows["No Login (paper, entered by the office)"], "0 / 2")

    def test_late_after_the_due_date(self):
        self.assertFalse(self.cycle.late)
        with freeze_time("2025-08-06"):
            self.cycle.invalidate_recordset()
            self.assertTrue(self.cycle.late)
            self.assertIn("bg-danger", self.cycle.progress_html)

    def test_remind_by_activity_and_mail(self):
        """Each rater with open sheets once, told how many; paper forms are the office's."""
        before = self.env["mail.message"].search([], limit=1, order="id desc").id
        self._as(self.user_office, self.cycle).action_remind()
        self.assertEqual(
            {each.user_id: each.summary for each in self._reminded()},
            {
                self.user_superior: "Sheets to fill in: 2",
                self.user_office: "Sheets to fill in: 4",
                self.user_manager: "Sheets to fill in: 4",
            },
        )
        mails = self.env["mail.message"].search([("id", ">", before)])
        self.assertIn(self.user_superior.partner_id, mails.notified_partner_ids)
        self.cycle._remind()
        self.assertEqual(len(self._reminded()), 3, "no second activity for the same")

    def test_reminders_speak_the_language_of_the_rater(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user_superior.lang = "zh_CN"
        self.cycle._remind()
        subjects = {
            user: self.env["mail.message"]
            .search([("notified_partner_ids", "in", user.partner_id.ids)], limit=1)
            .subject
            for user in (self.user_superior, self.user_office)
        }
        self.assertTrue(subjects[self.user_superior].startswith("2025年7月"))
        self.assertTrue(subjects[self.user_office].startswith("July"))

    def test_reminders_go_when_the_sheets_are_in(self):
        self.cycle._remind()
        self._score(self.cycle.appraisal_ids, 80)
        self._close(self.cycle)
        self.assertFalse(self._reminded())
        with self.assertRaisesRegex(UserError, "No rater"):
            self._as(self.user_office, self.cycle).action_remind()

    def test_office_only(self):
        for user in (self.user_agent, self.user_superior, self.user_office_b):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.cycle).action_remind()

    def test_scheduled_reminders(self):
        """Once when the month has ended, again the day after the sheets were due."""
        crons = self.env["cs.cycle"]
        with self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_remind").method_direct_trigger()
        self.assertTrue(self._reminded())
        count = self.env["mail.message"].search_count([])
        for day, more in (("2025-08-03", False), ("2025-08-06", True), ("2025-08-07", False)):
            with freeze_time(day), self.enter_registry_test_mode():
                self.env.ref("cs_promotion.ir_cron_remind").method_direct_trigger()
            self.assertEqual(crons.env["mail.message"].search_count([]) > count, more, day)
            count = self.env["mail.message"].search_count([])
