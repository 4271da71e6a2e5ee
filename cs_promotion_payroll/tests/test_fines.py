from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestFines(CsPayrollCase):
    """Fines are taken, capped, carried forward and given back (W5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.param = cls.env["ir.config_parameter"].sudo()

    def test_w5_fine_is_deducted(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        slip = self._slip(self.agent, "2025-01")
        self.assertPaid(slip, BASE=1700, FINE=-50)
        self.assertEqual(slip.cs_taking_ids.violation_id, violation)
        self.assertEqual(violation.fine_taken, 0, "a draft shows what it would take")
        self._confirm(slip)
        self.assertEqual(violation.fine_taken, 50)
        self.assertPaid(self._slip(self.agent, "2025-02"), BASE=1700)

    def test_w5_only_confirmed_fines_up_to_the_month(self):
        self._violation(self.agent, "2025-01-10", fine=50, confirm=False)
        self._violation(self.agent, "2025-02-10", fine=60)
        self.assertPaid(self._slip(self.agent, "2025-01"), BASE=1700)
        self.assertPaid(self._slip(self.agent, "2025-02"), BASE=1700, FINE=-60)

    def test_w5_capped_and_carried_until_all_is_taken(self):
        self.policy.fine_cap_percent = 5
        first = self._violation(self.agent, "2025-01-10", fine=100)
        second = self._violation(self.agent, "2025-01-20", fine=100)
        slip = self._pay(self.agent, "2025-01")  # 5 % of 1700
        self.assertPaid(slip, BASE=1700, FINE=-85)
        self.assertEqual(
            self._line(slip, "FINE").name,
            "Fines: 85.00 of 200.00 due, the rest is carried forward",
        )
        self.assertIn("115.00 carried forward", slip.cs_explanation)
        self.assertEqual((first.fine_taken, second.fine_taken), (85, 0))
        self.assertPaid(self._pay(self.agent, "2025-02"), BASE=1700, FINE=-85)
        self.assertEqual((first.fine_taken, second.fine_taken), (100, 70))
        self.assertPaid(self._pay(self.agent, "2025-03"), BASE=1700, FINE=-30)
        self.assertPaid(self._pay(self.agent, "2025-04"), BASE=1700)
        self.assertEqual((first.fine_taken, second.fine_taken), (100, 100))

    def test_w5_never_below_the_minimum_wage(self):
        self.policy.minimum_wage = 1680
        self._violation(self.agent, "2025-01-10", fine=100)
        self.assertPaid(self._pay(self.agent, "2025-01"), BASE=1700, FINE=-20)
        self.policy.minimum_wage = 1800
        self.assertPaid(self._pay(self.agent, "2025-02"), BASE=1700)
        self.policy.minimum_wage = 0
        self.assertPaid(self._pay(self.agent, "2025-03"), BASE=1700, FINE=-80)

    def test_w5_two_drafts_of_a_month_take_once(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        slips = self._slip(self.agent, "2025-01") + self._slip(self.agent, "2025-01")
        self.assertEqual([self._amounts(slip)["FINE"] for slip in slips], [-50, -50])
        with self.assertRaisesRegex(UserError, "a month is paid once"):
            slips.action_payslip_done()
        self._confirm(slips[0])
        with self.assertRaisesRegex(UserError, "January 2025 has been paid already, by"):
            slips[1].action_payslip_done()
        self.assertEqual(slips.mapped("state"), ["done", "verify"])
        self.assertEqual(violation.fine_taken, 50)

    def test_w5_two_months_confirmed_together_take_once(self):
        self.policy.fine_cap_percent = 2
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        later, sooner = self._slip(self.agent, "2025-02"), self._slip(self.agent, "2025-01")
        self._confirm(later + sooner)
        self.assertPaid(sooner, BASE=1700, FINE=-34)
        self.assertPaid(later, BASE=1700, FINE=-16)
        self.assertEqual(violation.fine_taken, 50)

    def test_w5_confirming_again_takes_nothing_more(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        slip = self._pay(self.agent, "2025-01")
        self._confirm(slip)
        slip.compute_sheet()
        self.assertEqual(violation.fine_taken, 50)
        self.assertEqual(len(slip.cs_taking_ids), 1)

    def test_w5_stale_payslip_confirmed_without_recomputing_is_refused(self):
        self.param.set_param("payroll.prevent_compute_on_confirm", "True")
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        first, second = self._slip(self.agent, "2025-01"), self._slip(self.agent, "2025-02")
        self._confirm(first)
        with self.assertRaisesRegex(UserError, "Compute the payslip again"):
            self._confirm(second)
        self.assertEqual(second.state, "verify")
        self.assertEqual(violation.fine_taken, 50)
        second.compute_sheet()
        self._confirm(second)
        self.assertPaid(second, BASE=1700)

    def test_w5_cancelled_payslip_gives_back(self):
        self.param.set_param("payroll.allow_cancel_payslips", "True")
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        slip = self._pay(self.agent, "2025-01")
        slip.action_payslip_cancel()
        self.assertEqual(violation.fine_taken, 0)
        self.assertPaid(self._pay(self.agent, "2025-02"), BASE=1700, FINE=-50)
        slip.action_payslip_draft()
        slip.compute_sheet()
        self.assertPaid(slip, BASE=1700)

    def test_w5_refund_is_the_mirror_and_gives_back(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        self._play("2025-01", {self.agent: 95})
        slip = self._pay(self.agent, "2025-01")
        slip.refund_sheet()
        refund = slip.refunded_id
        self.assertTrue(refund.credit_note)
        self.assertEqual(refund.state, "done")
        self.assertEqual(self._amounts(refund), self._amounts(slip))
        self.assertEqual(refund.cs_explanation, slip.cs_explanation)
        self.assertEqual(violation.fine_taken, 0)
        again = self._pay(self.agent, "2025-01")
        self.assertPaid(again, BASE=1700, APPRAISAL=190, FINE=-50)
        self.assertNotIn("twin", self._warnings(again))
        self.assertEqual(violation.fine_taken, 50)

    def test_w5_refund_of_an_inexact_commission_keeps_the_cent(self):
        newcomer = self._make_agent("Newcomer", tier="probation", hired="2025-02-11")
        self._decide(newcomer, "junior", "2025-03-11")
        self._apply("2025-03-14")
        self._figure(newcomer, "2025-03", sales=9876543.21)
        slip = self._pay(newcomer, "2025-03")
        slip.refund_sheet()
        self.assertEqual(self._amounts(slip.refunded_id), self._amounts(slip))

    def test_w5_cancelling_a_refund_after_the_fine_was_taken_again_is_refused(self):
        self.param.set_param("payroll.allow_cancel_payslips", "True")
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        slip = self._pay(self.agent, "2025-01")
        slip.refund_sheet()
        self._pay(self.agent, "2025-01")
        with self.assertRaisesRegex(UserError, "has been paid anew for January 2025 since, by"):
            slip.refunded_id.action_payslip_cancel()
        self.assertEqual(slip.refunded_id.state, "done")
        self.assertEqual(violation.fine_taken, 50)

    def test_w5_credit_note_batch_mirrors_the_month(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        self._pay(self.agent, "2025-01")
        run = self._batch(self.agent, "2025-01", credit_note=True)
        self.assertPaid(run.slip_ids, BASE=1700, FINE=-50)
        self._confirm(run.slip_ids)
        self.assertEqual(violation.fine_taken, 0)

    def test_withdrawn_after_it_was_taken_is_warned_of(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        self._pay(self.agent, "2025-01")
        violation._withdraw("It was a mistake")
        slip = self._slip(self.agent, "2025-02")
        self.assertIn("withdrawn", self._warnings(slip))
        self.assertIn("Refund them", slip.cs_warning)

    def test_deleted_draft_leaves_no_taking(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        slip = self._slip(self.agent, "2025-01")
        slip.action_payslip_cancel()
        slip.unlink()
        self.assertFalse(violation.cs_taking_ids)

    def test_database_refuses_more_than_the_fine(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        slip = self._pay(self.agent, "2025-01")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            slip.cs_taking_ids.sudo().amount = 51
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(violation.fine_taken, 50)
