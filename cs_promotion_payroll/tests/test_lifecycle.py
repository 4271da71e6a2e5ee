"""Installed among other apps, uninstalled, installed again: nothing of the company's is lost."""

import os

from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.database_common import DatabaseCase

from .lifecycle_steps import FILL, LEFTOVERS, LOOK

# What else a company has; ``script/test`` hands over a database in which they are installed
APPS = (
    "payroll",
    "hr_holidays_attendance",
    "hr_work_entry",
    "hr_expense",
    "hr_recruitment",
    "hr_skills",
    "project",
    "crm",
    "base_automation",
)
CODES = {"BASE", "APPRAISAL", "COMMISSION", "GROSS", "FINE", "NET"}
MONTH = "2027-02"


@tagged("post_install", "-at_install", "cs_promotion")
class TestLifecycle(DatabaseCase):
    """``there``, ``away``, ``back`` and ``gone``: what there is with both addons, without the
    bridge, with it again, and without customer service."""

    suffix = "lifecycle"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = os.getenv("CS_APPS_DATABASE")
        cls._create_database(template)
        if not template:
            cls._run_addons("-i", *APPS)
        cls._run_addons("-i", "cs_promotion", "cs_promotion_payroll")
        cls.given = cls._shell(FILL)
        cls.there = cls._look()
        cls._press("button_immediate_uninstall", "cs_promotion_payroll")
        cls.away = cls._look()
        cls._press("button_immediate_install", "cs_promotion_payroll")
        cls.back = cls._look()
        cls._press("button_immediate_uninstall", "cs_promotion")
        cls.gone = cls._look()
        cls.left = cls._shell(LEFTOVERS)

    @classmethod
    def _look(cls):
        return cls._shell(f"given = {cls.given!r}\nmonth = {MONTH!r}\n{LOOK}")

    def _check_lines(self, state):
        """Old payslips say what they said, category included."""
        self.assertTrue(self.there["lines"])
        self.assertEqual(state["lines"], self.there["lines"])

    def _check_company(self, state):
        """What is not of these addons is there still, and can be looked at."""
        fewer = {
            table: (count, state["kept"].get(table))
            for table, count in self.there["kept"].items()
            if state["kept"].get(table, 0) < count
        }
        self.assertFalse(fewer)
        self.assertEqual(state["views"], self.there["views"])
        self.assertFalse(state["crons"] if state is self.gone else ())
        self.assertEqual(state["dangling"], self.there["dangling"])

    def test_there_is_something_to_lose(self):
        self.assertFalse(self.there["views"])
        self.assertTrue(self.there["takings"])
        for pay in self.there["pay"].values():
            self.assertLessEqual(CODES, set(pay))

    def test_without_the_bridge_agents_are_paid(self):
        for employee, pay in self.away["pay"].items():
            self.assertLessEqual(CODES, set(pay))
            wage = self.away["wages"][employee]
            self.assertEqual(pay["BASE"], [wage, "BASIC"])
            self.assertEqual(pay["NET"][1], "NET")
            self.assertGreaterEqual(pay["NET"][0], wage)

    def test_without_the_bridge_nothing_asks_for_it(self):
        asking = [
            code for code, active, text in self.away["rules"] if active and "payroll.cs" in text
        ]
        self.assertFalse(asking)
        self.assertFalse(
            [name for name in self.away["xmlids"] if name.startswith("cs_promotion_payroll.")]
        )

    def test_without_the_bridge_old_payslips_are_as_before(self):
        self._check_lines(self.away)
        self._check_company(self.away)

    def test_back_again_all_is_linked(self):
        self._check_lines(self.back)
        self._check_company(self.back)
        for name in ("pay", "takings", "taken", "figures", "tier_pay", "company"):
            self.assertEqual(self.back[name], self.there[name], name)

    def test_back_again_nothing_is_there_twice(self):
        for name in ("rules", "categories", "structures"):
            self.assertEqual(self.back[name], self.there[name], name)
        self.assertEqual(sorted(self.back["xmlids"]), sorted(self.there["xmlids"]))

    def test_without_customer_service_no_rule_of_it_is_left(self):
        texts = [text for _code, active, text in self.gone["rules"] if active]
        self.assertFalse([text for text in texts if "payroll.cs" in text])
        codes = {code for code, _active, _text in self.gone["rules"]}
        self.assertFalse(codes & {"APPRAISAL", "COMMISSION", "FINE"})
        self.assertFalse(
            [name for name in self.gone["xmlids"] if not name.startswith("base.module_")]
        )

    def test_without_customer_service_agents_are_paid(self):
        for employee, pay in self.gone["pay"].items():
            wage = self.gone["wages"][employee]
            self.assertEqual(pay["BASE"], [wage, "BASIC"])
            self.assertGreaterEqual(pay["NET"][0], wage)

    def test_without_customer_service_the_rest_is_as_before(self):
        self._check_lines(self.gone)
        self._check_company(self.gone)

    def test_without_customer_service_nothing_of_it_hangs_about(self):
        self.assertEqual(self.left["filters"].count("res.partner"), 1)
        self.assertFalse([name for name in self.left["filters"] if name.startswith("cs.")])
        self.assertFalse([name for name in self.left["exports"] if name.startswith("cs.")])
        for kind in ("actions", "menus", "messages", "activities", "attachments", "groups"):
            self.assertFalse(self.left[kind], kind)
        tables = self._query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'cs\\_%'")
        columns = self._query(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE column_name LIKE 'cs\\_%' AND table_schema = 'public'"
        )
        self.assertFalse(tables + columns)
