"""The lines are the truth: what they deduct of fines is booked, whatever made them (W5)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CsPayrollCase


class LinesCase(CsPayrollCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.structure = cls.company._get_cs_structure()
        cls.param = cls.env["ir.config_parameter"].sudo()

    @classmethod
    def _rule(cls, code):
        return cls.structure.rule_ids.filtered(lambda rule: rule.code == code)

    @classmethod
    def _add_rule(cls, code, category, sequence, **values):
        rule = cls.env["hr.salary.rule"].create(
            {
                "name": code,
                "code": code,
                "sequence": sequence,
                "category_id": cls.env.ref(f"cs_promotion_payroll.category_{category}").id,
                "company_id": cls.company.id,
                "amount_select": "code",
                **values,
            }
        )
        cls.structure.rule_ids += rule
        return rule


@tagged("post_install", "-at_install", "cs_promotion")
class TestFineLines(LinesCase):
    """A fine of 50.00 on a base wage of 1700.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.violation = cls._violation(cls.agent, "2025-01-10", fine=50)

    def _assert_taken(self, taken, line=None):
        """What January takes, as its line says; February takes the rest."""
        slip = self._pay(self.agent, "2025-01")
        self.assertPaid(slip, BASE=1700, FINE=-(taken if line is None else line))
        self.assertEqual(self.violation.fine_taken, taken)
        self.assertEqual(sum(slip.cs_taking_ids.mapped("amount")), taken)
        self.assertEqual(float(slip.cs_figures["taken"]), taken)
        self.assertEqual(float(slip.cs_figures["carried"]), 50 - taken)
        return slip

    def test_rule_archived(self):
        rule = self._rule("FINE")
        rule.active = False
        self._assert_taken(0)
        rule.active = True
        self.assertPaid(self._pay(self.agent, "2025-02"), BASE=1700, FINE=-50)

    def test_rule_edited_to_ten(self):
        self._rule("FINE").write({"amount_select": "fix", "amount_fix": -10})
        self._assert_taken(10)

    def test_rule_replaced_by_a_plain_one(self):
        self.structure.rule_ids -= self._rule("FINE")
        self._add_rule("FINE", "deduction", 110, amount_select="fix", amount_fix=-10)
        self._assert_taken(10)

    def test_rule_replaced_by_one_that_takes_half(self):
        self.structure.rule_ids -= self._rule("FINE")
        self._add_rule(
            "HALF",
            "deduction",
            110,
            amount_python_compute="amount, rate, name = payroll.cs.fine\nresult = amount / 2",
        )
        slip = self._pay(self.agent, "2025-01")
        self.assertEqual(self._line(slip, "HALF").total, -25)
        self.assertEqual(self.violation.fine_taken, 25)

    def test_rule_left_out_of_a_structure_of_ones_own(self):
        own = self.structure.copy(
            {
                "name": "Own",
                "code": "OWN",
                "company_id": self.company.id,
                "rule_ids": [(6, 0, (self.structure.rule_ids - self._rule("FINE")).ids)],
            }
        )
        self.agent.version_id.sudo().struct_id = own
        slip = self._assert_taken(0)
        self.assertEqual(slip.struct_id, own)
        self.agent.version_id.sudo().struct_id = self.structure
        self.assertPaid(self._pay(self.agent, "2025-02"), BASE=1700, FINE=-50)

    def test_other_deductions_are_no_fines(self):
        self._add_rule("INSURANCE", "deduction", 105, amount_select="fix", amount_fix=-100)
        slip = self._pay(self.agent, "2025-01")
        self.assertEqual(self._line(slip, "FINE").total, -50)
        self.assertEqual(self._line(slip, "NET").total, 1550)
        self.assertEqual(self.violation.fine_taken, 50)

    def test_more_than_is_due_is_warned_of_and_booked_nowhere(self):
        self._rule("FINE").write({"amount_select": "fix", "amount_fix": -80})
        slip = self._slip(self.agent, "2025-01")
        self.assertIn("fine_over", self._warnings(slip))
        self._confirm(slip)
        self.assertEqual(self.violation.fine_taken, 50)
        self.assertEqual(float(slip.cs_figures["carried"]), 0)

    def test_line_edited_where_nothing_is_computed_on_confirming(self):
        """HR lets the agent pay 10.00 of 50.00 this month."""
        self.param.set_param("payroll.prevent_compute_on_confirm", "True")
        self.param.set_param("payroll.allow_edit_payslip_lines", "True")
        slip = self._slip(self.agent, "2025-01")
        self._line(slip, "FINE").amount = -10
        self._confirm(slip)
        self.assertEqual(slip.state, "done")
        self.assertEqual(self._line(slip, "FINE").total, -10)
        self.assertEqual(self.violation.fine_taken, 10)
        self.assertEqual(float(slip.cs_figures["carried"]), 40)
        self.assertPaid(self._slip(self.agent, "2025-02"), BASE=1700, FINE=-40)

    def test_line_edited_in_a_batch(self):
        self.param.set_param("payroll.prevent_compute_on_confirm", "True")
        run = self._batch(self.agent + self.peer, "2025-01")
        slips = {slip.employee_id: slip for slip in run.slip_ids}
        self._line(slips[self.agent], "FINE").amount = -10
        self._line(slips[self.peer], "BASE").amount = 1600
        self._confirm(run)
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
        self.assertEqual(self.violation.fine_taken, 10)
        self.assertEqual(self._line(slips[self.peer], "BASE").total, 1600)

    def test_line_edited_where_confirming_computes(self):
        """As OCA has it: confirming computes, and what is booked is what the line says then."""
        slip = self._slip(self.agent, "2025-01")
        self._line(slip, "FINE").amount = -10
        self._confirm(slip)
        self.assertEqual(self._line(slip, "FINE").total, -50)
        self.assertEqual(self.violation.fine_taken, 50)

    def test_line_edited_beyond_what_is_due_is_refused(self):
        self.param.set_param("payroll.prevent_compute_on_confirm", "True")
        slip = self._slip(self.agent, "2025-01")
        self._line(slip, "FINE").amount = -60
        with self.assertRaisesRegex(UserError, "of which 50.0+ is left"):
            self._confirm(slip)
        self.assertEqual(slip.state, "verify")

    def test_given_back_as_it_was_taken(self):
        self._rule("FINE").write({"amount_select": "fix", "amount_fix": -10})
        slip = self._assert_taken(10)
        slip.refund_sheet()
        self.assertEqual(self.violation.fine_taken, 0)


@tagged("post_install", "-at_install", "cs_promotion")
class TestRealGross(LinesCase):
    """20 unpaid days of a junior with 1700.00 base, 200.00 for a score of 100, 5.00 commission:
    1905.00 - 20 * 1700.00 / 21.75 = 1905.00 - 1563.22 = 341.78, a fifth of which is 68.36."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.unpaid_leave = "none"  # the company's structure deducts it
        cls.violation = cls._violation(cls.agent, "2025-01-10", fine=100)
        cls._figure(cls.agent, "2025-01", sales=5000)

    UNPAID = "result = -worked_days.AWAY.number_of_days * 1700 / 21.75 if worked_days.AWAY else 0.0"

    def _slip_away(self, unpaid=-1563.22):
        if not self.env["cs.appraisal"].search_count([("employee_id", "=", self.agent.id)]):
            self._play("2025-01", {self.agent: 100})
        slip = self._slip(self.agent, "2025-01", compute=False)
        slip.worked_days_line_ids = [
            (
                0,
                0,
                {
                    "name": "Away",
                    "code": "AWAY",
                    "number_of_days": 20,
                    "contract_id": slip.contract_id.id,
                },
            )
        ]
        slip.compute_sheet()
        self.assertEqual(self._line(slip, "UNPAID").total, unpaid)
        return slip

    def test_wherever_the_deduction_stands(self):
        for category, sequence in (
            ("deduction", 40),  # before the gross, which does not add up deductions
            ("deduction", 105),
            ("allowance", 40),  # the gross has it
            ("allowance", 105),
            ("basic", 40),
            ("gross", 105),  # a gross line of its own
        ):
            with self.subTest(category=category, sequence=sequence):
                rule = self._add_rule(
                    "UNPAID", category, sequence, amount_python_compute=self.UNPAID
                )
                slip = self._slip_away()
                self.assertEqual(self._line(slip, "FINE").total, -68.36)
                slip.action_payslip_cancel()
                self.structure.rule_ids -= rule

    def test_a_gross_rule_that_names_it(self):
        for text in (
            "BASE + APPRAISAL + COMMISSION + UNPAID",
            "categories.BASIC + categories.ALW + categories.DED",
        ):
            with self.subTest(text):
                rule = self._add_rule("UNPAID", "deduction", 40, amount_python_compute=self.UNPAID)
                self._rule("GROSS").amount_python_compute = f"result = {text}"
                slip = self._slip_away()
                self.assertEqual(self._line(slip, "GROSS").total, 341.78)
                self.assertEqual(self._line(slip, "FINE").total, -68.36)
                slip.action_payslip_cancel()
                self.structure.rule_ids -= rule

    def test_by_percentage_of_a_day(self):
        self._add_rule(
            "UNPAID",
            "deduction",
            105,
            amount_select="percentage",
            amount_percentage=-100,
            amount_percentage_base="1700 / 21.75",
            quantity="worked_days.AWAY.number_of_days or 0",
        )
        slip = self._slip_away(unpaid=-1563.2)  # 78.16 a day
        self.assertEqual(self._line(slip, "FINE").total, -68.36)

    def test_the_minimum_wage_as_well(self):
        """341.78 - 300.00 = 41.78 may be taken."""
        self.policy.minimum_wage = 300
        self._add_rule("UNPAID", "deduction", 105, amount_python_compute=self.UNPAID)
        self.assertEqual(self._line(self._slip_away(), "FINE").total, -41.78)

    def test_insurance_and_tax_do_not_make_the_gross_less(self):
        """20 % of 1905.00 is 381.00, so all is taken; with a cap of 5 % it is 95.25."""
        self.policy.fine_cap_percent = 5
        self._play("2025-01", {self.agent: 100})
        self._add_rule(
            "PENSION", "deduction", 105, amount_python_compute="result = -categories.GROSS * 0.08"
        )
        slip = self._slip(self.agent, "2025-01")
        self.assertEqual(self._line(slip, "PENSION").total, -152.4)
        self.assertEqual(self._line(slip, "FINE").total, -95.25)

    def test_allowances_make_it_more(self):
        """1905.00 + 500.00 = 2405.00, 4 % of it is 96.20."""
        self.policy.fine_cap_percent = 4
        self._play("2025-01", {self.agent: 100})
        self._add_rule("MEAL", "allowance", 50, amount_select="fix", amount_fix=500)
        self.assertEqual(self._line(self._slip(self.agent, "2025-01"), "FINE").total, -96.2)

    def test_a_rule_of_the_first_release_sees_it_as_well(self):
        self._add_rule("UNPAID", "deduction", 105, amount_python_compute=self.UNPAID)
        self._rule("FINE").write(
            {
                "amount_select": "code",
                "cs_item": False,
                "amount_python_compute": "result, result_rate, result_name = payroll.cs.fine",
            }
        )
        self.assertEqual(self._line(self._slip_away(), "FINE").total, -68.36)
