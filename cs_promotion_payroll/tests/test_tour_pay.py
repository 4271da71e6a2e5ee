from odoo.tests import HttpCase, tagged

from odoo.addons.cs_promotion.engine.calendar import add_months, month_end, month_start

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourPay(CsPayrollCase, HttpCase):
    """The payroll manager, who has no CS group, pays the month in the browser."""

    def test_payroll_pays_the_month(self):
        """The last complete month, as the browser's clock cannot be set."""
        month = add_months(month_start(self.env.cr.now().date()), -1)
        self._figure(self.agent, month, sales=12000)
        violation = self._violation(self.agent, month.replace(day=10), fine=60)
        self._play(month, {self.agent: 91})
        self.start_tour("/odoo", "cs_pay_tour", login="cs_payroll")
        run = self.env["hr.payslip.run"].search([("company_id", "=", self.company.id)])
        self.assertEqual((run.date_start, run.date_end), (month, month_end(month)))
        slips = {slip.employee_id: slip for slip in run.slip_ids}
        self.assertEqual(slips.keys(), {self.agent, self.peer})
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
        self.assertPaid(slips[self.agent], BASE=1700, APPRAISAL=182, COMMISSION=12, FINE=-60)
        self.assertPaid(slips[self.peer], BASE=1700)
        self.assertFalse(self._warnings(slips[self.agent]))
        self.assertTrue(self._warnings(slips[self.peer]), "left out, so without a score (W2)")
        self.assertEqual(violation.fine_taken, 60)
