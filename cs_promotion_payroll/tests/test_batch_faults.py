"""Leave, and what is wrong with one employee, stop nobody else's payslip."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payroll.models.hr_payslip import HrPayslip as OcaPayslip

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestLeave(CsPayrollCase):
    """The payroll people here have no group of Time Off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kind = cls.env["hr.leave.type"].create(
            {
                "name": "Ill",
                "requires_allocation": False,
                "leave_validation_type": "no_validation",
                "company_id": cls.company.id,
            }
        )
        cls.env["hr.leave"].create(
            {
                "employee_id": cls.agent.id,
                "holiday_status_id": kind.id,
                "request_date_from": "2025-01-06",
                "request_date_to": "2025-01-10",
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _leave_days(self, slip):
        lines = slip.worked_days_line_ids.filtered(lambda line: line.code != "WORK100")
        return {line.name: line.number_of_days for line in lines}

    def test_leave_stops_no_payslip_and_no_batch(self):
        slip = self._slip(self.agent, "2025-01")
        self.assertPaid(slip, BASE=1700)
        self.assertEqual(self._leave_days(slip), {"Ill": -5})
        run = self._batch(self.agent + self.peer, "2025-01")
        self.assertEqual(run.slip_ids.employee_id, self.agent + self.peer)
        self.assertFalse(run.sudo().cs_failed_ids)

    def test_leave_of_someone_not_paid_by_tier(self):
        structure = self.env["hr.payroll.structure"].create(
            {"name": "Plain", "code": "PLAIN", "company_id": self.company.id, "parent_id": False}
        )
        self.agent.version_id.sudo().struct_id = structure
        run = self._batch(self.agent + self.peer, "2025-01")
        self.assertEqual(run.slip_ids.employee_id, self.agent + self.peer)

    def test_a_public_holiday_has_a_code_with_work_entries_installed(self):
        """There OCA takes the code from a work entry type that a public holiday has not."""
        oca = OcaPayslip._compute_leave_days

        def without_code(slips, contract, start, end):
            return [
                line | {"code": False, "sequence": False}
                for line in oca(slips, contract, start, end)
            ]

        with patch.object(OcaPayslip, "_compute_leave_days", without_code):
            run = self._batch(self.agent + self.peer, "2025-01")
            slip = self._slip(self.agent, "2025-02")
        self.assertEqual(run.slip_ids.employee_id, self.agent + self.peer)
        mine = run.slip_ids.filtered(lambda each: each.employee_id == self.agent)
        self.assertEqual(set(mine.worked_days_line_ids.mapped("code")), {"GLOBAL", "WORK100"})
        self.assertPaid(slip, BASE=1700)


@tagged("post_install", "-at_install", "cs_promotion")
class TestOneFault(CsPayrollCase):
    def _failed(self, run):
        return {each.employee_id.name: each.error for each in run.sudo().cs_failed_ids}

    def _break_for(self, *agents):
        """A salary rule that cannot be computed for these."""
        rule = self._get_rule("BASE")
        rule.condition_select = "python"
        rule.condition_python = f"result = 1 / int(employee.id not in {[a.id for a in agents]})"

    @mute_logger("odoo.addons.cs_promotion.models.scheduled")
    def test_a_broken_rule_for_one(self):
        others = self.peer + self._make_agent("Third") + self._make_agent("Fourth")
        self._break_for(self.agent)
        run = self._batch(self.agent + others, "2025-01")
        self.assertEqual(run.slip_ids.employee_id, others)
        self.assertEqual(set(run.slip_ids.mapped("state")), {"verify"})
        self.assertEqual(list(self._failed(run)), ["Agent"])
        self._get_rule("BASE").condition_select = "none"
        run.action_cs_retry()
        self.assertEqual(run.slip_ids.employee_id, self.agent + others)
        self.assertFalse(self._failed(run))

    def test_no_structure_and_no_contract(self):
        bare = self._make_agent("Bare")
        bare.version_id.sudo().struct_id = False
        gone = self._make_agent("Gone", hired="2024-02-01", left="2024-12-20")
        run = self._batch(self.peer + bare + gone, "2025-01")
        self.assertEqual(run.slip_ids.employee_id, self.peer)
        failed = self._failed(run)
        self.assertIn("no salary structure", failed["Bare"])
        self.assertIn("no contract that is paid by tier", failed["Gone"])

    def test_no_calendar(self):
        free = self._make_agent("Free")
        free.version_id.sudo().resource_calendar_id = False
        run = self._batch(self.peer + free, "2025-01")
        self.assertEqual(run.slip_ids.employee_id, self.peer + free)

    def test_someone_not_paid_by_tier_is_no_obstacle(self):
        """Mixed in, with a fault of their own: listed, and made once it is mended."""
        structure = self.env["hr.payroll.structure"].create(
            {"name": "Plain", "code": "PLAIN", "company_id": self.company.id, "parent_id": False}
        )
        clerk = self.env["hr.employee"].create(
            {
                "name": "Clerk",
                "company_id": self.company.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
            }
        )
        clerk.version_id.struct_id = structure
        broken = UserError("The clerk's payslip is broken")
        oca = OcaPayslip.get_payslip_vals

        def break_clerk(slips, start, end, employee_id, **values):
            if employee_id == clerk.id:
                raise broken
            return oca(slips, start, end, employee_id, **values)

        with patch.object(OcaPayslip, "get_payslip_vals", break_clerk):
            run = self._batch(self.peer + clerk, "2025-01")
        self.assertEqual(run.slip_ids.employee_id, self.peer)
        self.assertEqual(self._failed(run), {"Clerk": "The clerk's payslip is broken"})
        run.action_cs_retry()
        self.assertEqual(run.slip_ids.employee_id, self.peer + clerk)
        self.assertFalse(self._failed(run))

    def test_a_payslip_that_cannot_be_confirmed_stops_no_other(self):
        run = self._batch(self.agent + self.peer, "2025-01")
        self._break_for(self.peer)
        with mute_logger("odoo.addons.cs_promotion.models.scheduled"):
            told = self._confirm(run)
        slips = {slip.employee_id: slip for slip in run.slip_ids}
        self.assertEqual(slips[self.agent].state, "done")
        self.assertEqual(slips[self.peer].state, "verify")
        self.assertIn("Peer", told["params"]["message"])
        self.assertIn("Could not be confirmed", slips[self.peer].message_ids[:1].body)
        self._get_rule("BASE").condition_select = "none"
        self.assertIsNone(run.action_cs_confirm())
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
