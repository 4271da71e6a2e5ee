from odoo.tests import tagged

from .test_structure_prepare import OwnStructureCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestStructureFaults(OwnStructureCase):
    """What of a company's own structure a person has to look at before it is prepared."""

    def test_unpaid_leave_taken_twice_is_said(self):
        """The policy takes it off the base wage (W6); a rule of one's own would take it again."""
        leave = self.ours.rule_ids.filtered(lambda rule: rule.code == "MEAL").copy(
            {"code": "UNPAID", "name": "Days off", "amount_python_compute": "result = -50"}
        )
        self.ours.rule_ids += leave
        wizard = self._prepare(user=self.user_payroll, structure_id=self.ours.id)
        self.assertIn("“Days off” seems to take off unpaid leave", wizard.faults)
        leave.amount_python_compute = "result = payroll.cs.BASE - payroll.cs.BASE_FULL"
        wizard.invalidate_recordset(["faults"])
        self.assertFalse(wizard.faults, "it looks at what tier pay has taken off")
        leave.write({"code": "LEAVE", "name": "事假扣款", "amount_python_compute": "result = -50"})
        wizard.invalidate_recordset(["faults"])
        self.assertIn("事假扣款", wizard.faults)
        self.policy.unpaid_leave = "none"
        wizard.invalidate_recordset(["faults"])
        self.assertFalse(wizard.faults)
