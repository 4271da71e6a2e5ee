"""Part time and agreed wages of a scenario, on payslips reckoned by hand (W6)."""

import json

from odoo.tests import TransactionCase, tagged

JUNIOR = 1700  # what the shipped policy pays


@tagged("post_install", "-at_install", "cs_promotion")
class TestScenarioWages(TransactionCase):
    def _pay(self, basis="tier", **given):
        """The base of January and February 2026."""
        agent = {"department": "Hotline", "hired": "2025-01-01", "tier": "junior", "months": {}}
        scenario = {
            "from": "2026-01",
            "until": "2026-02",
            "policy": {"settings": {"wage_basis": basis}},
            "employees": {"ANNA": {**agent, **given}},
        }
        # undone, as a test plays several
        with self.env.cr.savepoint() as savepoint:
            found = self.env["cs.replay"]._play(json.dumps(scenario))["employees"]["ANNA"]
            savepoint.rollback()
        self.env.invalidate_all()
        return [found["payslips"][month]["BASE"] for month in ("2026-01", "2026-02")]

    def test_part_time(self):
        self.assertEqual(self._pay(), [JUNIOR, JUNIOR])
        # 37.5 % of 1,700
        self.assertEqual(self._pay(full_time=37.5), [637.5, 637.5])
        self.assertEqual(self._pay(full_time="33.33"), [566.61, 566.61])

    def test_full_time_from_a_day_on(self):
        moves = [{"date": "2026-02-15", "full_time": 100}]
        # 14 days of 28 at 850, 14 at 1,700
        self.assertEqual(self._pay(full_time=50, moves=moves), [850, 1275])

    def test_agreed_wage(self):
        moves = [{"date": "2026-02-15", "wage": 3000}]
        # 14 days of 28 at 2,400.50, 14 at 3,000
        self.assertEqual(self._pay("agreed", wage=2400.5, moves=moves), [2400.5, 2700.25])
        # the policy pays by the tier, whatever was agreed
        self.assertEqual(self._pay(wage=2400.5, moves=moves), [JUNIOR, JUNIOR])

    def test_agreed_wage_of_part_time_stays_at_a_promotion(self):
        to = [{"date": "2026-02-01", "to": "senior"}]
        # half of 2,345.67 is 1,172.835
        paid = self._pay("agreed", wage=2345.67, full_time=50, decisions=to)
        self.assertEqual(paid, [1172.84, 1172.84])
        # the senior's 2,000 by half
        self.assertEqual(self._pay("agreed", full_time=50, decisions=to), [850, 1000])
