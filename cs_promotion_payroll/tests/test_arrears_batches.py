"""Arrears in batches: ticked, confirmed by the scheduled action, refunded (W7)."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.cs_promotion.models import scheduled

from .arrears_common import InterplayCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestInterplayOfBatches(InterplayCase):
    def test_ticked_and_confirmed_by_the_scheduled_action(self):
        """Both owe 80 of January (sales), and a fine of 300 that they share the limit with: 340.
        What is not ticked stays; then it pays the same."""
        agents = self.agent + self.peer
        for agent in agents:
            self._sales_gone(agent, sales=80000)
            self._violation(agent, "2025-02-03", fine=100)
            self._violation(agent, "2025-02-04", fine=100)
            self._violation(agent, "2025-02-05", fine=100)
        with patch.object(scheduled, "BATCH", 1):
            run = self._batch(agents, "2025-02")
            self._run_action(self, "make")
            self._tick(run.action_cs_confirm(), run.env, [self.agent.name])
            self._run_action(self, "confirm")
            states = {slip.employee_id: slip.state for slip in run.slip_ids}
            self.assertEqual(states, {self.agent: "done", self.peer: "verify"})
            self._confirm(run)
            self._run_action(self, "confirm")
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
        for slip in run.slip_ids:
            found = self._amounts(slip)
            self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (-80, -260))
            self.assertEqual(sum(slip.sudo().cs_taking_ids.mapped("amount")), 260)
            self.assertEqual(self._find(slip.employee_id), {})
        march = self._batch(agents, "2025-03")
        for slip in march.slip_ids:
            self.assertPaid(slip, BASE=1700, FINE=-40)

    def test_whole_batch_refunded_and_paid_anew(self):
        agents = self.agent + self.peer
        for agent in agents:
            self._sales_gone(agent, sales=500000)
            self._violation(agent, "2025-02-03", fine=100)
        run = self._batch(agents, "2025-02")
        self._confirm(run)
        found = [self._read(slip)[:3] for slip in run.slip_ids]
        run.slip_ids.refund_sheet()
        again = self._batch(agents, "2025-02")
        self.assertEqual([self._read(slip)[:3] for slip in again.slip_ids], found)
        self._confirm(again)
        for agent in agents:
            self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): -160})
        march = self._batch(agents, "2025-03")
        for slip in march.slip_ids:
            found = self._amounts(slip)
            self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (-160, -100))

    def test_settled_by_a_later_month_first(self):
        """March's payslip is confirmed before February's: it settles January's, once."""
        self._sales_gone(sales=300000)
        february, march = self._slip(self.agent, "2025-02"), self._slip(self.agent, "2025-03")
        self._confirm(march)
        self._settles(march, COMMISSION=-300)
        self._confirm(february)
        self._settles(february)
        self.assertEqual(self._find(self.agent), {})

    def test_another_structure_for_one_payslip_settles_nothing(self):
        """HR chooses a structure that does not pay by tier: nothing is settled, all of it open."""
        figure = self._sales_gone()
        flat = self.env["hr.payroll.structure"].create(
            {"name": "Flat", "code": "FLAT", "company_id": self.company.id, "parent_id": False}
        )
        slip = self._slip(self.agent, "2025-02")
        self._settles(slip, COMMISSION=-340)
        slip.struct_id = flat
        slip.compute_sheet()
        self._confirm(slip)
        self.assertFalse(slip.sudo().cs_settlement_ids)
        self.assertEqual(self._find(self.agent), {("2025-01", "COMMISSION"): -500})
        figure.sales = 500000
        self.assertEqual(self._find(self.agent), {})
