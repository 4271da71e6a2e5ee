from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.access_document import DocumentCase, get_table

from .common import CsPayrollCase

ROLES = ("agent", "superior", "stranger", "office", "manager", "officer", "payroll")


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccess(DocumentCase, CsPayrollCase):
    """Who may pay, and who sees what of it: companies apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_payroll_b = cls._make_user(
            "payroll_b", "payroll.group_payroll_manager", cls.company_b
        )
        cls.violation = cls._violation(cls.agent, "2025-01-10", fine=50)
        cls.slip = cls._pay(cls.agent, "2025-01").sudo()
        cls.taking = cls.slip.cs_taking_ids
        cls.draft = cls._slip(cls.peer, "2025-01").sudo()

    def _denied(self, user, records, operation="read"):
        with self.assertRaises(AccessError, msg=f"{user.login} {operation}"):
            if operation == "read":
                self._as(user, records).read()
            elif operation == "write":
                self._as(user, records).write({"amount": 1})
            elif operation == "unlink":
                self._as(user, records).unlink()
            elif operation == "create":
                records.with_user(user).create(
                    {"slip_id": self.draft.id, "violation_id": self.violation.id, "amount": 1}
                )

    def test_payroll_needs_no_group_of_customer_service(self):
        self.assertFalse(self.user_payroll.has_group("cs_promotion.group_office"))
        self.assertPaid(self.slip, BASE=1700, FINE=-50)
        run = self._batch(self.agent + self.peer, "2025-02", user=self.user_payroll)
        self._confirm(run.slip_ids)
        run.slip_ids[0].refund_sheet()

    def test_payroll_reads_the_whole_form(self):
        """Nothing on the form, the violations' names included, asks for further rights."""
        slip = self._as(self.user_payroll, self.slip)
        [values] = slip.web_read(
            {
                "cs_warning": {},
                "cs_explanation": {},
                "cs_taking_ids": {
                    "fields": {
                        "violation_id": {"fields": {"display_name": {}}},
                        "month": {},
                        "fine": {},
                        "amount": {},
                        "slip_state": {},
                    }
                },
            }
        )
        [taking] = values["cs_taking_ids"]
        self.assertEqual(taking["amount"], 50)
        self.assertIn("Agent", taking["violation_id"]["display_name"])
        self.assertIn("Junior agent", values["cs_explanation"])

    def test_officer_pays_whom_they_manage(self):
        """OCA's rule for officers holds for payslips and for what they took."""
        self._denied(self.user_officer, self.slip)
        self._denied(self.user_officer, self.taking)
        self.hotline.manager_id = self.env["hr.employee"].create(
            {"name": "Officer", "company_id": self.company.id, "user_id": self.user_officer.id}
        )
        self.assertTrue(self._as(self.user_officer, self.taking).read())
        slip = self._slip(self.agent, "2025-02", user=self.user_officer)
        self._confirm(slip)
        self.assertPaid(slip, BASE=1700)

    def test_agent_sees_what_was_taken_of_the_own_pay(self):
        [values] = self._as(self.user_agent, self.taking).read(["amount", "fine", "month"])
        self.assertEqual((values["amount"], values["fine"]), (50, 50))
        self._denied(self.user_peer, self.taking)
        self._denied(self.user_agent, self.slip)
        self._denied(self.user_agent, self.slip.line_ids)

    def test_agent_sees_no_draft(self):
        self._violation(self.agent, "2025-02-10", fine=60)
        draft = self._slip(self.agent, "2025-02").sudo()
        self._denied(self.user_agent, draft.cs_taking_ids)

    def test_superior_office_and_manager_see_nothing_of_pay(self):
        for user in (self.user_superior, self.user_office, self.user_manager, self.user_stranger):
            self._denied(user, self.taking)
            self._denied(user, self.slip)
            self.assertFalse(self._as(user, self.env["cs.fine.taking"]).search([]))
        with self.assertRaises(AccessError):
            self._as(self.user_superior, self.violation).read(["fine_taken"])
        with self.assertRaises(AccessError):
            self._as(self.user_agent, self.violation).read(["cs_taking_ids"])
        [values] = self._as(self.user_office, self.violation).read(["fine_taken"])
        self.assertEqual(values["fine_taken"], 50)

    def test_nobody_makes_or_changes_takings(self):
        for user in (self.user_payroll, self.user_officer, self.user_manager, self.user_agent):
            for operation in ("write", "unlink", "create"):
                self._denied(user, self.taking, operation)

    def test_only_payroll_computes_and_confirms(self):
        for user in (self.user_agent, self.user_superior, self.user_office, self.user_manager):
            with self.assertRaises(AccessError):
                self._as(user, self.draft).compute_sheet()
            with self.assertRaises(AccessError):
                self._as(user, self.draft).action_payslip_done()
        self.assertEqual(self.draft.state, "verify")

    def test_figures_cannot_be_made_up_over_the_network(self):
        slip = self._as(self.user_payroll, self.draft)
        slip.with_context(cs_prepared={slip.id: {"pay": 1}}).compute_sheet()
        self.assertPaid(slip, BASE=1700)

    def test_companies_apart(self):
        self._denied(self.user_payroll_b, self.slip)
        self._denied(self.user_payroll_b, self.taking)
        self.assertFalse(self._as(self.user_payroll_b, self.env["cs.fine.taking"]).search([]))
        with self.assertRaises(AccessError):
            self._as(self.user_payroll_b, self.draft).compute_sheet()
        self._violation(self.agent_b, "2025-01-10", fine=70)
        slip = self._slip(self.agent_b, "2025-01", user=self.user_payroll_b)
        self.assertPaid(slip, BASE=1700, FINE=-70)
        self.assertEqual(slip.struct_id, self.company_b.cs_structure_id)
        self._confirm(slip)
        self.assertEqual(slip.sudo().cs_taking_ids.company_id, self.company_b)
        self._denied(self.user_payroll, slip.sudo().cs_taking_ids)

    def test_document(self):
        """docs/access.md says what payroll and the others may do."""
        run = self._batch(self.peer, "2025-03")
        records = {
            "payslip done": self.slip,
            "payslip not done": self.draft,
            "line of a done payslip": self.slip.line_ids[0],
            "taking": self.taking,
            "batch": run.sudo(),
            "payslip to make": self.env["cs.payslip.request"].create(
                {"run_id": run.id, "employee_id": self.peer.id, "user_id": self.user_payroll.id}
            ),
            "pay report": self.env["cs.pay.report"].search([], limit=1),
        }
        rows = []
        for key, record in records.items():
            letters = []
            for role in ROLES:
                seen = self._as(getattr(self, f"user_{role}"), record)
                found = [
                    right[0]
                    for right in ("read", "write", "create", "unlink")
                    if seen.has_access(right)
                ]
                letters.append("".join(found) or "-")
            rows.append([f"`{record._name}`", key, *letters])
        writers = {
            (record._name, field.name): {
                role
                for role in ROLES
                for seen in [self._as(getattr(self, f"user_{role}"), record)]
                if seen.has_access("write") and self.may_write_field(seen, field)
            }
            for record in (self.draft, self.taking)
            for field in self.get_fields(record)
            if field._module == "cs_promotion_payroll"
        }
        text = get_table(["model", "record", *ROLES], rows)
        self.check_document("payroll", text + self.describe_fields(writers, {}, ROLES))
