from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.common import CsPromotionCase
from odoo.addons.cs_promotion.tests.test_company_day import LATE_IN_UTC


@tagged("post_install", "-at_install", "cs_promotion")
class TestCompanyDay(CsPromotionCase):
    @freeze_time(LATE_IN_UTC)
    def test_default_dates(self):
        """They are the company's day, wherever the server is."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.company_b.resource_calendar_id.tz = "America/New_York"
        september = fields.Date.to_date("2025-09-01")
        for model, name in (("cs.post", "date_open"), ("cs.vacancy", "date")):
            with self.subTest(model=model):
                records = self.env[model].with_company(self.company)
                self.assertEqual(records.default_get([name])[name], september)
                there = records.with_company(self.company_b).default_get([name])[name]
                self.assertLess(there, september)
