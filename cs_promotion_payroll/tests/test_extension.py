"""An addon that declares terms of its own comes into a company that is paid already, and goes."""

import os
import re

from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.database_common import DatabaseCase

from .extension_steps import BEFORE, WITH, WITHOUT

ADDON = "test_cs_promotion_extension"


@tagged("post_install", "-at_install", "cs_promotion")
class TestExtension(DatabaseCase):
    """``before``, ``there`` and ``gone``: what payslips say without the addon, with it, and
    without it again. Its own tests run while it is installed."""

    suffix = "extension"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = os.getenv("CS_ADDONS_DATABASE")
        cls._create_database(template)
        if not template:
            cls._run_addons("-i", "cs_promotion", "cs_promotion_payroll")
        cls.before = cls._shell(BEFORE)
        cls._odoo(
            *("server", "-i", ADDON, "--test-tags", f"/{ADDON}", "--stop-after-init"),
            *("--http-interface=127.0.0.1", "--http-port=0"),
            "--log-handler=odoo.service.server:INFO",
        )
        cls.tested = cls.log
        cls.there = cls._shell(WITH)
        cls._press("button_immediate_uninstall", ADDON)
        cls.gone = cls._shell(WITHOUT)

    def test_its_own_tests_were_run(self):
        [count] = re.findall(r"(\d+) post-tests in", self.tested)
        self.assertGreater(int(count), 5)

    def test_a_structure_does_not_pay_its_item_by_itself(self):
        self.assertEqual(set(self.there["unasked"]), set(self.before))

    def test_prepared_the_structure_pays_it(self):
        self.assertEqual(
            self.there["february"]["NIGHTS"], ["Night shifts: 3 at 15.00", 45.0], "not January's 9"
        )
        self.assertNotIn("ARREARS_NIGHTS", self.there["february"])
        march = self.there["march"]
        self.assertEqual((march["NIGHTS"][1], march["ARREARS_NIGHTS"][1]), (15.0, 30.0))
        self.assertEqual(self.there["open"], [15.0])

    def test_gone_what_was_paid_stays_readable(self):
        january, february, march = self.gone["slips"]
        self.assertEqual(january, self.before)
        self.assertEqual(february, self.there["february"])
        self.assertEqual(march, self.there["march"])
        self.assertIn("nights: 3", self.gone["explained"])
        self.assertEqual(self.gone["rows"], [["Ben, March 2025: NIGHTS", "Nights changed (1 → 2)"]])
        self.assertNotIn("NIGHTS", self.gone["report"])

    def test_gone_nothing_says_what_was_due(self):
        self.assertEqual(self.gone["open"], 0)

    def test_gone_its_rules_pay_nothing(self):
        self.assertEqual(self.gone["april"]["NIGHTS"], ["NIGHTS: not paid any more", 0.0])
        self.assertEqual(self.gone["april"]["BASE"], self.before["BASE"])
        self.assertIn(["NIGHTS", "NIGHTS"], self.gone["rules"])

    def test_gone_a_refund_gives_back_all_of_it(self):
        self.assertEqual(self.gone["refund"], self.there["march"])

    def test_gone_an_appeal_of_its_kind_stays_readable(self):
        name, grounds, state = self.gone["appeal"]
        self.assertIn("Ben", name)
        self.assertEqual((grounds, state), ("There were six", "answered"))
        self.assertIn("No addon that is installed knows what", self.gone["upheld"])
