"""The office's month: figures by import, violations told, probation tests due."""

import base64
from io import BytesIO

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import CsPromotionCase

OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "date_format": "%Y-%m-%d"}
FIELDS = ("employee_id", "month", "sales", "handled", "complaints")


@tagged("post_install", "-at_install", "cs_promotion")
class TestFigureImport(CsPromotionCase):
    def _import(self, *rows, fields=FIELDS, model="cs.figure"):
        """What Odoo's import dialog does with a CSV file."""
        text = "\n".join(",".join(map(str, row)) for row in [fields, *rows])
        wizard = (
            self.env["base_import.import"]
            .with_user(self.user_office)
            .create({"res_model": model, "file": text.encode(), "file_type": "text/csv"})
        )
        return wizard.execute_import([*fields], [*fields], OPTIONS)

    def _figures(self):
        figures = self.env["cs.figure"].search([("company_id", "=", self.company.id)])
        return {
            (each.employee_id.name, f"{each.month:%Y-%m}"): (
                each.sales,
                each.handled,
                each.complaints,
            )
            for each in figures
        }

    def test_import_twice_changes_nothing(self):
        rows = [["Agent", "2025-03-01", 1000.5, 400, 2], ["Peer", "2025-03-31", 900, 300, 0]]
        self.assertFalse(self._import(*rows)["messages"])
        expected = {("Agent", "2025-03"): (1000.5, 400, 2), ("Peer", "2025-03"): (900, 300, 0)}
        self.assertEqual(self._figures(), expected)
        before = self.env["cs.figure"].search([]).mapped("write_date")
        self.assertFalse(self._import(*rows)["messages"])
        self.assertEqual(self._figures(), expected)
        self.assertEqual(self.env["cs.figure"].search([]).mapped("write_date"), before)

    def test_import_again_corrects(self):
        self._import(["Agent", "2025-03-01", 1000, 400, 2])
        self._import(["Agent", "2025-03-01", 1200, 400, 2], ["Peer", "2025-03-01", 5, 6, 0])
        self.assertEqual(self._figures()["Agent", "2025-03"], (1200, 400, 2))
        self.assertEqual(len(self._figures()), 2)

    def test_closed_month_the_same_file_is_harmless(self):
        """V3: complaints of a closed month are fixed; the same file again is no change."""
        row = ["Agent", "2025-03-01", 1000, 400, 2]
        self._import(row)
        self._play("2025-03", {self.agent: 80})
        self.assertFalse(self._import(row)["messages"])
        messages = self._import(["Agent", "2025-03-01", 1000, 400, 9])["messages"]
        self.assertIn("closed", messages[0]["message"])
        self.assertEqual(self._figures()["Agent", "2025-03"], (1000, 400, 2))

    def test_a_month_given_twice_is_refused(self):
        rows = [["Agent", "2025-03-01", 1000, 400, 2], ["Agent", "2025-03-15", 900, 300, 0]]
        message = self._import(*rows)["messages"][-1]
        self.assertIn("Agent, 2025-03", message["message"])
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        self.assertFalse(self._figures())

    def test_unknown_agents_are_not_taken_for_one(self):
        rows = [["Nobody", "2025-03-01", 1, 1, 0], ["No one", "2025-03-01", 1, 1, 0]]
        with mute_logger("odoo.sql_db"):
            messages = self._import(*rows)["messages"]
        told = " ".join(each["message"] for each in messages)
        for words in ("Nobody", "No one"):
            self.assertIn(words, told)
        self.assertNotIn("more than once", told)

    def test_errors_name_the_row_and_nothing_is_stored(self):
        result = self._import(
            ["Agent", "2025-03-01", 1000, 400, 2],
            ["Nobody", "2025-03-01", 900, 300, 0],
        )
        message = result["messages"][0]
        self.assertEqual(message["type"], "error")
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        self.assertIn("Nobody", message["message"])
        self.assertFalse(self._figures())

    def test_sample_file(self):
        """The sample that the dialog offers has the columns that the import knows by name."""
        [template] = self.env["cs.figure"].get_import_templates()
        self._check_sample(template, "cs.figure")

    def test_sample_file_of_employees(self):
        self._check_sample(self.env["hr.employee"].get_import_templates()[-1], "hr.employee")

    def _check_sample(self, template, model):
        with file_open(template["template"].lstrip("/"), "rb") as file:
            content = file.read()
        sheet = load_workbook(BytesIO(content)).active
        heads = [cell.value for cell in sheet[1]]
        wizard = self.env["base_import.import"].create(
            {
                "res_model": model,
                "file": content,
                "file_name": "sample.xlsx",
                "file_type": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            }
        )
        preview = wizard.parse_preview({"has_headers": True, "quoting": '"', "separator": ","})
        self.assertNotIn("error", preview)
        self.assertEqual(preview["headers"], heads)
        self.assertEqual(len(preview["matches"]), len(heads), preview["matches"])
        self.assertTrue(base64.b64encode(content))


@tagged("post_install", "-at_install", "cs_promotion")
class TestViolationTold(CsPromotionCase):
    def setUp(self):
        super().setUp()
        self.last = self.env["mail.message"].search([], limit=1, order="id desc").id

    def _told(self, user):
        return self.env["mail.message"].search(
            [("id", ">", self.last), ("notified_partner_ids", "in", user.partner_id.ids)]
        )

    def _report(self):
        violations = self.env["cs.violation"].with_user(self.user_superior)
        return violations.with_context(tracking_disable=False).create(
            {
                "employee_id": self.agent.id,
                "date": "2025-03-04",
                "type_id": self.env.ref("cs_promotion.violation_type_slacking").id,
                "description": "Left the counter unattended.",
            }
        )

    def test_office_is_told_of_a_report(self):
        self._report()
        self.assertIn("unattended", self._told(self.user_office).body)
        self.assertFalse(self._told(self.user_agent))
        self.assertFalse(self._told(self.user_office_b))

    @freeze_time("2025-03-10")
    def test_v2_agent_is_told_what_was_confirmed(self):
        """Severity and fine."""
        violation = self._report().with_user(self.user_office)
        self.assertEqual((violation.fine_min, violation.fine_max), (20, 100))
        violation.write({"severity": "minor", "fine": 45})
        violation.action_confirm()
        message = self._told(self.user_agent)
        self.assertEqual(len(message), 1)
        for words in ("Slacking", "Minor", "45.00"):
            self.assertIn(words, message.body)


@tagged("post_install", "-at_install", "cs_promotion")
@freeze_time("2025-03-10")
class TestProbationDue(CsPromotionCase):
    def _due(self, agent):
        return agent.activity_search(["cs_promotion.mail_activity_probation_test"])

    def test_u1_test_becomes_due(self):
        soon = self._make_agent("Soon", tier="probation", hired="2025-02-15")
        later = self._make_agent("Later", tier="probation", hired="2025-03-01")
        passed = self._make_agent("Passed", tier="probation", hired="2025-02-12")
        self._probation_test(passed, "2025-03-05")
        self.env["cs.probation.test"]._cron_remind()
        todo = self._due(soon)
        self.assertEqual(
            (todo.user_id, f"{todo.date_deadline}"), (self.user_superior, "2025-03-15")
        )
        self.assertFalse(self._due(later) or self._due(passed) or self._due(self.agent))
        self.env["cs.probation.test"]._cron_remind()
        self.assertEqual(len(self._due(soon)), 1)

    def test_u1_the_to_do_goes_with_the_passed_test(self):
        agent = self._make_agent("Soon", tier="probation", hired="2025-02-15")
        self.env["cs.probation.test"]._cron_remind()
        self._probation_test(agent, "2025-03-09", knowledge=30)
        self.assertTrue(self._due(agent), "failed: still to do")
        self._probation_test(agent, "2025-03-10")
        self.assertFalse(self._due(agent))
