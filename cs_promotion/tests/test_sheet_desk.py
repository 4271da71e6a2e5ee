"""The rater's desk: one call from sheet to sheet, the company's day, numbers of new items; and
what an upgrade makes of sheets of the last release."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from freezegun import freeze_time

from odoo.tests import Form, tagged

from .common import CsPromotionCase

MIGRATION = Path(__file__).parents[1] / "migrations" / "19.0.2.0.0" / "post-sheets.py"


@tagged("post_install", "-at_install", "cs_promotion")
class TestSheetDesk(CsPromotionCase):
    def _count(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_submit_and_next_is_one_call_of_constant_queries(self):
        few, many = "2025-06", "2025-07"
        counts = {}
        for month in (few, many):
            if month == many:
                for index in range(30):
                    self._make_agent(f"Agent {index}")
            self._open(month)
            sheet = self._sheet(self.agent, month, "superior")
            self._fill_in(sheet, 80, submit=False)
            seen = self._as(self.user_superior, sheet)
            found = {}
            counts[month] = self._count(
                lambda seen=seen, found=found: found.update(seen.action_submit_next())
            )
            states = [each["state"] for each in found["queue"]]
            self.assertEqual(states.count("submitted"), 1)
            self.assertEqual(len(states), 2 if month == few else 32)
        self.assertLessEqual(counts[many], counts[few] + 2, counts)
        self.assertLess(counts[many], 60)

    def test_reading_a_sheet_costs_no_more_in_a_large_company(self):
        spec = {"can_score": {}, "paper_note": {}, "previous_name": {}, "line_ids": {"fields": {}}}
        counts = {}
        for month in ("2025-06", "2025-07"):
            if month == "2025-07":
                for index in range(30):
                    self._make_agent(f"Agent {index}")
            self._open(month)
            seen = self._as(self.user_superior, self._sheet(self.agent, month, "superior"))
            counts[month] = self._count(lambda seen=seen: seen.web_read(spec))
        self.assertLessEqual(counts["2025-07"], counts["2025-06"] + 1, counts)

    def test_overdue_by_the_companys_day(self):
        """Due on 5 July: overdue once it is the 6th in Shanghai, whatever the reader's clock."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self._open("2025-06")
        sheet = self._sheet(self.agent, "2025-06", "superior")
        self.user_superior.tz = "America/Los_Angeles"
        for moment, late in (("2025-07-05 15:30:00", False), ("2025-07-05 16:30:00", True)):
            with freeze_time(moment):
                seen = self._as(self.user_superior, sheet)
                self.assertEqual(seen.is_late, late, moment)
                found = seen.search([("is_late", "=", True), ("id", "=", sheet.id)])
                self.assertEqual(bool(found), late, moment)
                others = seen.search([("is_late", "=", False), ("id", "=", sheet.id)])
                self.assertEqual(bool(others), not late, moment)
        self._fill_in(sheet, 80)
        with freeze_time("2025-08-01"):
            self.assertFalse(self._as(self.user_superior, sheet).is_late)

    def test_new_items_of_a_copied_scorecard_take_the_next_number(self):
        copied = self.policy.scorecard_id.copy({"company_id": self.company.id})
        first, second = copied.section_ids[:2]
        with Form(first.with_user(self.user_manager)) as form:
            for name in ("Telephone", "Chat"):
                with form.item_ids.new() as item:
                    item.name = name
        self.assertEqual(first.item_ids.sorted("number")[-2:].mapped("number"), [21, 22])
        made = self.env["cs.scorecard.item"].create(
            [
                {"section_id": second.id, "name": "One"},
                {"section_id": first.id, "name": "Two", "number": 30},
                {"section_id": first.id, "name": "Three"},
            ]
        )
        self.assertEqual(made.mapped("number"), [31, 30, 32])


@tagged("post_install", "-at_install", "cs_promotion")
class TestSheetMigration(CsPromotionCase):
    """Sheets of 19.0.1.0.0, which knew neither editors nor what was seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open("2025-06")
        cls.sheets = {
            role: cls._sheet(cls.agent, "2025-06", role) for role in ("superior", "office")
        }
        cls.others = {
            role: cls._sheet(cls.peer, "2025-06", role) for role in ("superior", "office")
        }

    def _migrate(self):
        spec = spec_from_file_location("post_sheets", MIGRATION)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        self.env.flush_all()
        module.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _forget(self):
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM cs_appraisal_sheet_editor")
        self.env.cr.execute("UPDATE cs_appraisal_sheet SET seen_on = NULL")
        self.env.invalidate_all()

    def test_editors_and_what_was_seen(self):
        self._fill_in(self._as(self.user_office, self.sheets["office"]), 60)
        self._fill_in(self._as(self.user_superior, self.sheets["superior"]), 80)
        self._fill_in(self._as(self.user_office, self.others["office"]), 60)
        self._fill_in(self._as(self.user_superior, self.others["superior"]), 60, submit=False)
        self._forget()
        self._migrate()
        for sheets in (self.sheets, self.others):
            self.assertEqual(sheets["office"].editor_ids.user_id, self.user_office)
            self.assertEqual(sheets["superior"].editor_ids.user_id, self.user_superior)
        self.assertTrue(self.sheets["office"].seen_on and self.sheets["superior"].seen_on)
        self.assertFalse(self.others["office"].seen_on or self.others["superior"].seen_on)
        self._migrate()
        self.assertEqual(len(self.sheets["office"].editor_ids), 1)

    def test_old_rules_go(self):
        rule = self.env["ir.rule"].create(
            {
                "name": "As in the last release",
                "model_id": self.env["ir.model"]._get_id("cs.appraisal.sheet"),
                "domain_force": "[(1, '=', 1)]",
                "groups": self.env.ref("cs_promotion.group_office").ids,
            }
        )
        self.env["ir.model.data"].create(
            {
                "module": "cs_promotion",
                "name": "cs_appraisal_sheet_rule_office_read",
                "model": "ir.rule",
                "res_id": rule.id,
                "noupdate": True,
            }
        )
        self._migrate()
        self.assertFalse(rule.exists())
