from freezegun import freeze_time

from odoo.tests import tagged

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestCurrency(CsPayrollCase):
    """Amounts are rounded by the currency's own digits, and lines keep what was reckoned (W4).

    A junior earns 1,700, 200 by the score, 0.1 % of the sales; 10 of 30 days in April.
    """

    def _use(self, code, digits=None, fines=(100,)):
        """The company's currency, and how many decimals payslip lines keep."""
        currency = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
        )
        currency.active = True
        self.company.currency_id = currency
        if digits is not None:
            precision = self.env.ref("payroll.decimal_payroll")
            precision.digits = digits
        self.agent.contract_date_end = "2025-04-10"
        for day, fine in enumerate(fines, 5):
            self._violation(self.agent, f"2025-04-{day:02}", fine=fine)
        self._figure(self.agent, "2025-04", sales=123456.78)
        self._play("2025-04", {self.agent: 87})

    def _check(self, **amounts):
        slip = self._slip(self.agent, "2025-04")
        self.env.flush_all()
        self.env.invalidate_all()
        found = {line.code: line.total for line in slip.line_ids}
        self.assertEqual({code: found[code] for code in amounts}, amounts)
        items = slip.cs_figures["items"]
        kept = {code: float(items[code]["amount"]) for code in ("BASE", "APPRAISAL", "COMMISSION")}
        self.assertEqual(kept, {code: amounts[code] for code in kept}, "kept as the lines say")
        return slip

    def test_w4_cny(self):
        self._use("CNY")
        self._check(
            BASE=566.67, APPRAISAL=58, COMMISSION=123.46, GROSS=748.13, FINE=-100, NET=648.13
        )

    def test_w4_jpy(self):
        """No decimals: 566.67, 58 and 123.46 are 567, 58 and 123; 20 % of 748 is 150."""
        self._use("JPY", fines=(100, 80))
        slip = self._check(BASE=567, APPRAISAL=58, COMMISSION=123, GROSS=748, FINE=-150, NET=598)
        self.assertIn("150 of 180 due", self._line(slip, "FINE").name)
        self.assertIn("150 taken, 30 carried", slip.cs_explanation)
        self.assertIn("Own sales: 123,457", slip.cs_explanation)
        slip.action_payslip_done()
        fines = self.env["cs.violation"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual(fines.sorted("date").mapped("fine_taken"), [100, 50])

    @freeze_time("2025-06-05")
    def test_w4_jpy_arrears(self):
        """Sales corrected by 1,600 are 1.60 of commission: 2 in whole yen, as 125 is of 123."""
        self._use("JPY")
        self.agent.contract_date_end = False
        self._pay(self.agent, "2025-04")
        figure = self.env["cs.figure"].search([("employee_id", "=", self.agent.id)])
        figure.sales = 125056.78
        slip = self._slip(self.agent, "2025-05")
        line = self._line(slip, "ARREARS_COMMISSION")
        self.assertEqual(line.total, 2)
        self.assertRegex(line.name, r"April 2025 \+2 \(")

    def test_w4_kwd(self):
        """Three decimals, where lines keep as many."""
        self._use("KWD", digits=3)
        slip = self._check(
            BASE=566.667, APPRAISAL=58, COMMISSION=123.457, GROSS=748.124, FINE=-100, NET=648.124
        )
        self.assertNotIn("decimals", self._warnings(slip))

    def test_w4_kwd_on_lines_of_two_decimals(self):
        """Lines keep two decimals: amounts have as many, so that lines, sums and what was
        reckoned agree; payroll is told."""
        self._use("KWD", digits=2)
        slip = self._check(
            BASE=566.67, APPRAISAL=58, COMMISSION=123.46, GROSS=748.13, FINE=-100, NET=648.13
        )
        self.assertIn("decimals", self._warnings(slip))
        self.assertIn("more decimals than payslip lines keep", slip.cs_warning)
