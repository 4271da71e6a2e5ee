"""Arrears of agents who moved, left, and came back (W7)."""

from freezegun import freeze_time

from odoo.tests import tagged

from .arrears_common import InterplayCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestInterplayOfPeople(InterplayCase):
    def test_moved_within_the_month_with_an_arrear(self):
        """The old company settles what it owes with its payslip of the last days."""
        agent = self._make_agent("Cora")
        self._play("2025-01", {agent: 50})
        self._pay(agent, "2025-01")
        self._rescore(agent, "2025-01", 100)
        self._move(agent, "2025-02-15")
        slip = self._batch_of_left("2025-02")
        self.assertEqual(slip.sudo().employee_id, agent)
        self._settles(slip, APPRAISAL=100)
        # 14 of 28 days
        self.assertEqual(self._amounts(slip)["BASE"], 850)
        self._confirm(slip)
        self.assertFalse(self._open_in(self.company, agent))
        self.assertFalse(self._open_in(self.company_b, agent))

    def test_moved_and_found_after_the_last_payslip(self):
        agent = self._make_agent("Cora")
        self._play("2025-01", {agent: 50})
        self._pay(agent, "2025-01")
        self._move(agent, "2025-02-01")
        self._rescore(agent, "2025-01", 100)
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left), (100, True))
        payroll_b = self._make_user("pay_b", "payroll.group_payroll_manager", self.company_b)
        theirs = self._slip(agent, "2025-02", user=payroll_b)
        self.assertEqual((theirs.company_id, self._settled(theirs)), (self.company_b, {}))
        action = rows.with_user(self.user_payroll).with_company(self.company).action_settle()
        slip = self.env["hr.payslip"].search(action["domain"])
        self.assertEqual(slip.company_id, self.company)
        self._settles(slip, APPRAISAL=100)
        self._confirm(slip.with_user(self.user_payroll))
        self.assertFalse(self._open_in(self.company, agent))

    def _open_in(self, company, agent):
        return self.env["cs.pay.difference"]._find(company, agent.ids)

    def _move(self, agent, day):
        """To the other company, as HR does."""
        with freeze_time(f"{day} 10:00:00"):
            agent.write(
                {
                    "company_id": self.company_b.id,
                    "department_id": self.hotline_b.id,
                    "parent_id": self.superior_b.id,
                }
            )
        self.env.flush_all()
        self.env.invalidate_all()

    def _batch_of_left(self, month):
        """The old company's payroll makes payslips of those who left it."""
        run = self._batch(self.peer, month)
        run.slip_ids.action_payslip_cancel()
        run.slip_ids.unlink()
        wizard = self.env["hr.payslip.employees"].with_user(self.user_payroll)
        wizard.with_context(active_id=run.id).create({"cs_with_left": True}).compute_sheet()
        return run.slip_ids

    def test_leaver_with_an_open_rest_who_comes_back(self):
        """Left on 28 February owing 500; the settlement takes nothing of nought; back in April
        it stays on the list, and the fine of then is still due."""
        agent = self._make_agent("Cora", left="2025-02-28")
        self._sales_gone(agent)
        self._violation(agent, "2025-02-10", fine=60)
        february = self._same(agent, "2025-02")
        self._confirm(february)
        found = self._amounts(february)
        self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (-340, 0))
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left), (-160, True))
        slip = self.env["hr.payslip"].search(
            rows.with_user(self.user_payroll).action_settle()["domain"]
        )
        self.assertEqual(self._amounts(slip)["NET"], 0)
        slip.action_payslip_cancel()
        agent.create_version(
            {
                "date_version": "2025-04-01",
                "contract_date_start": "2025-04-01",
                "contract_date_end": False,
                "cs_tier_id": self.tiers["junior"].id,
                "cs_tier_since": "2025-04-01",
            }
        )
        april = self._same(agent, "2025-04")
        self.assertPaid(april, BASE=1700, FINE=-60)
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left, rows.beyond), (-160, False, True))
