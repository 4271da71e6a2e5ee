import re
from pathlib import Path

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import CsPromotionCase

LATE_IN_UTC = "2025-08-31 17:00:00"  # 1 September, one o'clock at night, in Shanghai


@tagged("post_install", "-at_install", "cs_promotion")
class TestCompanyDay(CsPromotionCase):
    """Today, month's end, default dates and deadlines are the company's own calendar day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.company_b.resource_calendar_id.tz = "America/New_York"
        cls.september = fields.Date.to_date("2025-09-01")

    @freeze_time(LATE_IN_UTC)
    def test_a_company_has_the_day_of_its_time_zone(self):
        self.assertEqual(self.company._cs_today(), self.september)
        self.assertEqual(self.company_b._cs_today(), fields.Date.to_date("2025-08-31"))
        self.company_b.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(self.company_b._cs_today(), self.september, "the address comes first")

    @freeze_time(LATE_IN_UTC)
    def test_default_dates(self):
        for model, name in (
            ("cs.violation", "date"),
            ("cs.probation.test", "date"),
            ("cs.figure", "month"),
            ("cs.award", "month"),
            ("cs.cycle", "date_start"),
            ("cs.policy", "date_from"),
            ("cs.decision", "effective_date"),
        ):
            with self.subTest(model=model):
                records = self.env[model].with_company(self.company)
                self.assertEqual(records.default_get([name])[name], self.september)
                there = records.with_company(self.company_b).default_get([name])[name]
                self.assertLess(there, self.september)

    @freeze_time(LATE_IN_UTC)
    def test_the_month_ends_with_the_companys_day(self):
        for company, agents in (
            (self.company, self.agent | self.peer),
            (self.company_b, self.agent_b | self.peer_b),
        ):
            self._play_months("2025-01", "2025-07", {}, company=company)
            appraisals = self._open("2025-08", company=company).appraisal_ids
            self.assertEqual(appraisals.employee_id, agents)
            self._score(appraisals, 90)
        with self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_close").method_direct_trigger()
        self.assertEqual(self._cycle("2025-08").state, "closed")
        self.assertEqual(self._cycle("2025-08").closed_on, self.september)
        self.assertEqual(self._cycle("2025-08", company=self.company_b).state, "open")

    @freeze_time(LATE_IN_UTC)
    def test_decisions_take_effect_on_the_companys_day(self):
        here = self._decide(self.agent, "senior", "2025-09-01", announce=False)
        there = self._decide(self.agent_b, "senior", "2025-09-01", announce=False)
        for decision in here | there:
            decision._announce(fields.Date.to_date("2025-08-25"))
        with self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_apply").method_direct_trigger()
        self.assertEqual((here.state, there.state), ("applied", "announced"))
        self.assertEqual(here.applied_on, self.september)

    @freeze_time(LATE_IN_UTC)
    def test_the_path_shows_whom_the_day_has_on_the_ladder(self):
        new = self._make_agent("New", hired="2025-09-01")
        other = self._make_agent("Other", hired="2025-09-01", department=self.hotline_b)
        self.env.flush_all()
        self.assertEqual(self.env["cs.path"].search([("id", "in", (new | other).ids)]).ids, new.ids)

    def test_nothing_asks_the_server_for_the_day(self):
        """Where a day is needed it is some company's; the server's own is UTC's."""
        root = Path(__file__).parents[2]
        paths = [
            path
            for path in sorted(root.glob("cs_*/**/*.py"))
            if not {"tests", "cli"} & set(path.parts)
        ]
        self.assertGreater(len(paths), 50)
        for path in paths:
            found = re.findall(r"Date\.(?:today|context_today)\b|date\.today\(", path.read_text())
            self.assertFalse(found, f"{path.relative_to(root)} asks the server for the day")
