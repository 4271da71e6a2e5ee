"""Arrears of months with unpaid leave, two contracts, part time (W3, W6, W7)."""

from odoo.tests import tagged

from .arrears_common import InterplayCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestArrearsOfAbsence(InterplayCase):
    """April 2025 has 30 days, 22 of them working days."""

    def _unpaid(self, agent, first, last):
        kind = self.env["hr.leave.type"].create(
            {
                "name": "Unpaid",
                "requires_allocation": False,
                "leave_validation_type": "no_validation",
                "company_id": self.company.id,
                "unpaid": True,
            }
        )
        self.env["hr.leave"].create(
            {
                "employee_id": agent.id,
                "holiday_status_id": kind.id,
                "request_date_from": first,
                "request_date_to": last,
            }
        )

    def test_unpaid_leave_reduces_what_is_owed(self):
        """17 of 22 days: 1313.64 of 1,700, of 2,000 from the first on 1545.45; cap 20 %."""
        agent = self._make_agent("Cora")
        self._unpaid(agent, "2025-04-07", "2025-04-11")
        self.assertPaid(self._pay(agent, "2025-04"), BASE=1313.64)
        agent.version_id.cs_tier_id = self.tiers["senior"]
        self.assertEqual(self._find(agent), {("2025-04", "BASE"): 231.81})
        may = self._same(agent, "2025-05")
        self._confirm(may)
        self._settles(may, BASE=231.81)
        self.assertEqual(self._find(agent), {})

    def test_twenty_unpaid_days_cap_what_is_taken(self):
        """March's -100; in April 20 of 22 days unpaid: 154.55, of which 20 % are 30.91."""
        agent = self._make_agent("Cora")
        figure = self._figure(agent, "2025-03", sales=100000)
        self._pay(agent, "2025-03")
        figure.sales = 0
        self._violation(agent, "2025-04-01", fine=50)
        self._unpaid(agent, "2025-04-01", "2025-04-28")
        april = self._same(agent, "2025-04")
        self._confirm(april)
        found = self._amounts(april)
        self.assertEqual(
            (found["BASE"], found["ARREARS_COMMISSION"], found["FINE"], found["NET"]),
            (154.55, -30.91, 0, 123.64),
        )
        may = self._same(agent, "2025-05")
        found = self._amounts(may)
        self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (-69.09, -50))

    def test_two_contracts(self):
        """The second contract, from 16 April on, turns out to be a senior's: 850 + 1,000."""
        agent = self._make_agent("Cora", left="2025-04-15")
        again = agent.create_version(
            {
                "date_version": "2025-04-16",
                "contract_date_start": "2025-04-16",
                "contract_date_end": False,
            }
        )
        self._play("2025-04", {agent: 50})
        self.assertPaid(self._pay(agent, "2025-04"), BASE=1700, APPRAISAL=100)
        self._rescore(agent, "2025-04", 100)
        self._decide(agent, "senior", "2025-04-16")
        self._apply("2025-05-02")
        self.assertEqual(again.cs_tier_id, self.tiers["senior"])
        # appraisal 100 + 200 of score 100, 100 paid
        self.assertEqual(
            self._find(agent), {("2025-04", "BASE"): 150, ("2025-04", "APPRAISAL"): 200}
        )
        may = self._same(agent, "2025-05")
        self._settles(may, BASE=150, APPRAISAL=200)
        self.assertEqual(self._amounts(may)["BASE"], 2000)

    def test_part_time(self):
        """Three of five days from 16 April on, known after pay: 850 + 510, -340: all in May,
        whose gross is 1,020 (20 % are 204): the rest in June."""
        agent = self._make_agent("Cora")
        self._pay(agent, "2025-04")
        part = self.company.resource_calendar_id.copy({"name": "Three days"})
        part.attendance_ids.filtered(lambda each: each.dayofweek in ("3", "4")).unlink()
        agent.create_version({"date_version": "2025-04-16"}).resource_calendar_id = part
        self.assertEqual(self._find(agent), {("2025-04", "BASE"): -340})
        for month, part in (("2025-05", -204), ("2025-06", -136)):
            slip = self._same(agent, month)
            self._confirm(slip)
            self.assertEqual(self._amounts(slip)["BASE"], 1020)
            self._settles(slip, BASE=part)
        self.assertEqual(self._find(agent), {})
