from odoo import Command
from odoo.tests import tagged

from .common import CsPayrollCase

NAMES = {
    "SCORE": "score",
    "RANK": "rank",
    "SALES": "sales",
    "DAYS": "days",
    "MONTH_DAYS": "month_days",
    "BASE_PAID": "BASE",
    "BASE_FULL": "BASE_FULL",
    "APPRAISAL_PAID": "APPRAISAL",
    "APPRAISAL_FULL": "APPRAISAL_FULL",
    "COMMISSION_PAID": "COMMISSION",
    "ANYTHING": "anything_else",
}
FACTS = ("SCORE", "RANK", "SALES", "DAYS", "MONTH_DAYS", "ANYTHING")  # a rule of none pays an item


@tagged("post_install", "-at_install", "cs_promotion")
class TestPayrollCs(CsPayrollCase):
    """``payroll.cs`` in rules of the company's own: the same at every compute, 0 where no tier is
    held, and in structures that do not pay by tier as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        category = cls.env.ref("cs_promotion_payroll.category_allowance")
        cls.rules = cls.env["hr.salary.rule"].create(
            [
                {
                    "name": code,
                    "code": code,
                    "sequence": 300 + number,
                    "category_id": category.id,
                    "company_id": cls.company.id,
                    "amount_select": "code",
                    "amount_python_compute": f"result = payroll.cs.{name}\n"
                    "result_name = 'tier ' + (payroll.cs.tier or 'none')",
                }
                for number, (code, name) in enumerate(NAMES.items())
            ]
        )
        cls.flat = cls.env["hr.payroll.structure"].create(
            {
                "name": "Flat",
                "code": "FLAT",
                "company_id": cls.company.id,
                "parent_id": False,
                "rule_ids": [Command.set(cls.rules.filtered(lambda rule: rule.code in FACTS).ids)],
            }
        )

    def _read(self, slip):
        return {line.code: round(line.total, 2) for line in slip.line_ids if line.code in NAMES}

    def _month(self):
        self._figure(self.agent, "2025-04", sales=22000)
        self._violation(self.agent, "2025-04-05", fine=50)
        self._play("2025-04", {self.agent: 88, self.peer: 90})

    AGENT = {
        "SCORE": 88,
        "RANK": 2,
        "SALES": 22000,
        "DAYS": 30,
        "MONTH_DAYS": 30,
        "BASE_PAID": 1700,
        "BASE_FULL": 1700,
        "APPRAISAL_PAID": 176,
        "APPRAISAL_FULL": 200,
        "COMMISSION_PAID": 22,
        "ANYTHING": 0,
    }

    def test_same_at_every_compute(self):
        self.company.cs_structure_id.rule_ids |= self.rules
        self._month()
        slip = self._slip(self.agent, "2025-04")
        self.assertEqual(self._read(slip), self.AGENT)
        first = self._amounts(slip), slip.cs_figures
        slip.compute_sheet()
        self.assertEqual(self._read(slip), self.AGENT)
        self.assertEqual((self._amounts(slip), slip.cs_figures), first)
        self.assertEqual(self._line(slip, "SCORE").name, "tier junior")
        slip.action_payslip_done()
        self.assertEqual((self._amounts(slip), slip.cs_figures), first)

    def test_structure_that_does_not_pay_by_tier(self):
        self._month()
        self.agent.version_id.struct_id = self.flat
        slip = self._slip(self.agent, "2025-04")
        self.assertFalse(slip.cs_figures)
        facts = {code: self.AGENT[code] for code in FACTS}
        self.assertEqual(self._read(slip), facts)
        slip.compute_sheet()
        self.assertEqual(self._read(slip), facts)

    def _clerk(self, name="Clerk", structure=None, wage=3000, hired="2025-01-01"):
        clerk = self.env["hr.employee"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "date_version": hired,
                "contract_date_start": hired,
                "wage": wage,
            }
        )
        clerk.version_id.struct_id = structure or self.flat
        return clerk

    def test_nobodys_tier(self):
        """All 0, whatever the payslip's period; no error where no policy is in force either."""
        clerk = self._clerk()
        nothing = dict.fromkeys(FACTS, 0)
        slip = self._slip(clerk, "2025-04")
        self.assertEqual(self._read(slip), nothing | {"MONTH_DAYS": 30})
        self.assertEqual(self._line(slip, "SCORE").name, "tier none")
        early = self._slip(self._make_agent("Early", hired="2023-01-01"), "2023-05", compute=False)
        early.employee_id.version_id.struct_id = early.struct_id = self.flat
        early.compute_sheet()  # a tier is held, but no policy pays it yet
        self.assertEqual(self._read(early), nothing | {"MONTH_DAYS": 31})
        half = self._slip(clerk, "2025-05", compute=False)
        half.date_to = "2025-06-15"
        half.compute_sheet()
        self.assertEqual(self._read(half), nothing | {"MONTH_DAYS": 30})

    def test_nobodys_tier_by_the_structure_of_tier_pay(self):
        """Names say why it is nothing."""
        slip = self._slip(self._clerk(structure=self.company.cs_structure_id, wage=0), "2025-04")
        self.assertPaid(slip)
        for code in ("BASE", "APPRAISAL", "COMMISSION"):
            self.assertRegex(self._line(slip, code).name, "no tier held")

    def test_no_policy_and_no_tier(self):
        """A company without a policy in force pays people without a tier by that structure."""
        structure = self.company.cs_structure_id
        early = self._clerk("Early", structure, wage=0, hired="2023-01-01")
        self.assertPaid(self._slip(early, "2023-05"))

    def test_cs_rules_in_a_structure_that_pays_no_item(self):
        """Fines and arrears of it are nil: nothing of them would be booked."""
        self._month()
        category = self.env.ref("cs_promotion_payroll.category_deduction")
        self.flat.rule_ids |= self.env["hr.salary.rule"].create(
            {
                "name": "Fines",
                "code": "FINE",
                "sequence": 400,
                "category_id": category.id,
                "company_id": self.company.id,
                "amount_select": "cs",
                "cs_item": "FINE",
            }
        )
        self.agent.version_id.struct_id = self.flat
        self.assertFalse(self.flat.cs_tier_pay)
        slip = self._slip(self.agent, "2025-04")
        self.assertEqual(self._line(slip, "FINE").total, 0)
        slip.action_payslip_done()
        self.assertEqual(
            self.env["cs.violation"].search([("employee_id", "=", self.agent.id)]).fine_taken, 0
        )

    def test_no_storm_of_queries(self):
        """What the rules of many payslips ask for is loaded once for all of them."""

        def count(number, month):
            clerks = self.env["hr.employee"].union(
                *(self._clerk(f"{month} {each}") for each in range(number))
            )
            slips = self.env["hr.payslip"].create(
                [
                    {
                        "employee_id": clerk.id,
                        "contract_id": clerk.version_id.id,
                        "struct_id": self.flat.id,
                        "company_id": self.company.id,
                        "date_from": f"{month}-01",
                        "date_to": self._month_end(month),
                    }
                    for clerk in clerks
                ]
            )
            self.env.flush_all()
            loads = []
            pay = type(self.env["cs.pay"])
            load = pay._load
            self.patch(pay, "_load", lambda *args: loads.append(args) or load(*args))
            slips.compute_sheet()
            self.assertEqual(len(slips.line_ids), number * len(FACTS))
            return len(loads)

        self.assertEqual(count(2, "2025-04"), 1)
        self.assertEqual(count(12, "2025-05"), 1)
