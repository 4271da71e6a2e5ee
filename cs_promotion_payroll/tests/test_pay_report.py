"""Analysis of pay: confirmed payslips by tier and part."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestPayReport(CsPayrollCase):
    def _report(self, user=None):
        return self._as(user or self.user_payroll, self.env["cs.pay.report"]).with_company(
            self.company
        )

    def _sums(self):
        rows = self._report()._read_group([], ["tier_id", "part"], ["amount:sum"])
        return {(tier.code, part): round(amount, 2) for tier, part, amount in rows}

    def test_pay_by_tier_and_part(self):
        """Base 1700, 80 % of the appraisal pay of 200, 0.1 % of sales; the fine is negative."""
        self._figure(self.agent, "2025-03", sales=10000)
        self._violation(self.agent, "2025-03-04", fine=30)
        self._play("2025-03", {self.agent: 80, self.peer: 90})
        self._pay(self.agent, "2025-03")
        draft = self._slip(self.peer, "2025-03")
        self.assertEqual(
            self._sums(),
            {
                ("junior", "BASE"): 1700,
                ("junior", "APPRAISAL"): 160,
                ("junior", "COMMISSION"): 10,
                ("junior", "FINE"): -30,
            },
        )
        self._confirm(draft)
        self.assertEqual(self._sums()["junior", "BASE"], 3400)

    def test_refund_takes_it_back(self):
        self._play("2025-03", {self.agent: 80, self.peer: 90})
        self._pay(self.agent, "2025-03").refund_sheet()
        self.assertEqual(self._sums()["junior", "BASE"], 0)

    def test_payroll_managers_only(self):
        for user in (self.user_office, self.user_agent, self.user_superior, self.user_officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._report(user).search_count([])
