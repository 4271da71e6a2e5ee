"""A done payslip by tier says for ever what was paid: tried by everybody who may write it."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.frozen_common import FrozenCase

from .common import CsPayrollCase

# what OCA payroll keeps on a payslip besides what is paid, and lets payroll change at any time
OF_PAYROLL = "says nothing of what was paid"
MAY_CHANGE = {
    ("hr.payslip", name): OF_PAYROLL
    for name in (
        "compute_date",
        "hide_child_lines",
        "hide_invisible_lines",
        "name",
        "note",
        "paid",
        "payslip_run_id",
    )
} | {("hr.payslip.line", "contract_id"): "OCA's: required, hence restricted"}


@tagged("post_install", "-at_install", "cs_promotion")
class TestFrozen(FrozenCase, CsPayrollCase):
    may_change = MAY_CHANGE
    writers = ("payroll", "officer", "manager", "hr", "agent", "admin")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_hr = cls._make_user("hr", "hr.group_hr_manager")
        admin = cls.env.ref("base.user_admin")
        admin.company_ids |= cls.company
        admin.group_ids |= cls.env.ref("payroll.group_payroll_manager")
        cls._violation(cls.agent, "2025-01-10", fine=50)
        cls.slip = cls._pay(cls.agent, "2025-01").sudo()
        cls.draft = cls._slip(cls.peer, "2025-01").sudo()
        cls.frozen = {
            "payslip": cls.slip,
            "taking": cls.slip.cs_taking_ids,
            "base line": cls._line(cls.slip, "BASE"),
            "fine line": cls._line(cls.slip, "FINE"),
            "worked days": cls.slip.worked_days_line_ids[:1],
        }

    def _get_fields(self, record):
        """Of what OCA defines, what the payslip was paid by."""
        return [
            field
            for field in super()._get_fields(record)
            if not (field.comodel_name == "hr.payslip" and field.type == "one2many")
        ]

    def test_no_field_changes(self):
        self._check_writes()

    def test_nothing_is_deleted(self):
        self._check_unlinks()

    def test_what_they_name_stays(self):
        self._check_targets()

    def test_no_line_is_added(self):
        values = self._line(self.slip, "BASE").copy_data()[0]
        payroll = self.env(user=self.user_payroll)
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            payroll["hr.payslip.line"].create(values | {"slip_id": self.slip.id})
        self.slip.invalidate_recordset()
        self.assertEqual(len(self.slip.line_ids), 6)

    def test_nothing_it_was_paid_by_is_added(self):
        """Neither anew, nor moved there from a payslip that is not done yet."""
        contract = self.draft.contract_id.id
        given = {"name": "Bonus", "code": "BONUS", "contract_id": contract}
        for name in ("hr.payslip.input", "hr.payslip.worked_days"):
            parts = self.env(user=self.user_payroll)[name]
            with self.assertRaisesRegex(UserError, "can no longer be changed"):
                parts.create(given | {"payslip_id": self.slip.id})
            with self.assertRaisesRegex(UserError, "can no longer be changed"):
                parts.with_context(default_payslip_id=self.slip.id).create(given)
            part = parts.create(given | {"payslip_id": self.draft.id})
            with self.assertRaisesRegex(UserError, "can no longer be changed"), self.cr.savepoint():
                part.payslip_id = self.slip
            part.invalidate_recordset()
            self.assertEqual(part.payslip_id, self.draft)

    def test_figures_are_computed_not_given(self):
        """Not on a payslip that is not done yet either, nor on a new one."""
        draft = self.draft.with_user(self.user_payroll)
        for values in ({"cs_figures": {"due": "0"}}, {"cs_warned": True}):
            with self.assertRaisesRegex(UserError, "set by hand"):
                draft.write(values)
            with self.assertRaisesRegex(UserError, "set by hand"):
                draft.copy(values)
            with self.assertRaisesRegex(UserError, "set by hand"):
                slips = draft.with_context(
                    **{f"default_{name}": value for name, value in values.items()}
                )
                slips.create({"employee_id": self.peer.id})

    def test_it_is_done_by_its_button(self):
        draft = self.draft.with_user(self.user_payroll)
        with self.assertRaisesRegex(UserError, "by its button"):
            draft.state = "done"
        self._confirm(draft)
        self.assertEqual(draft.state, "done")
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            draft.action_payslip_draft()

    def test_it_is_cancelled_where_that_is_allowed(self):
        slip = self.slip.with_user(self.user_payroll)
        with self.assertRaises(UserError):
            slip.action_payslip_cancel()
        self.env["ir.config_parameter"].set_param("payroll.allow_cancel_payslips", "True")
        slip.invalidate_recordset()
        slip.action_payslip_cancel()
        slip.action_payslip_draft()
        slip.compute_sheet()
        self.assertEqual(slip.state, "verify")

    def test_a_refund_goes_through(self):
        slip = self.slip.with_user(self.user_payroll)
        slip.refund_sheet()
        self.assertEqual(slip.refunded_id.state, "done")
        self.assertEqual(self.slip.cs_taking_ids.violation_id.fine_taken, 0)

    def test_other_payslips_are_payrolls_own(self):
        """Payslips that do not pay by tier stay as OCA has them."""
        structure = self.env["hr.payroll.structure"].create(
            {"name": "Plain", "code": "PLAIN", "company_id": self.company.id, "parent_id": False}
        )
        slip = self.draft.with_user(self.user_payroll)
        slip.struct_id = structure
        slip.action_payslip_done()
        slip.number = "X1"
        self.assertEqual(slip.number, "X1")
