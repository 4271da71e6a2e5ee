"""Arrears by a structure of the company's own, and with whoever left the ladder for one (W7)."""

from odoo.tests import tagged

from .arrears_common import InterplayCase
from .test_structure_prepare import OwnStructureCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestInterplayOfStructures(OwnStructureCase, InterplayCase):
    def _by_tier(self):
        self.agent.version_id.struct_id = self.ours
        wizard = self._prepare(structure_id=self.ours.id, name="Ours by tier")
        wizard.action_show_net()
        return self.env["hr.payroll.structure"].browse(wizard.action_set()["res_id"])

    def test_insurance_and_tax_see_what_is_settled(self):
        """Senior back-dated: +300 of January. 2,000 + 300 + 5,000 (sales 1,000,000) + 300 of
        meals = 7,600: insurance 10.5 % = 798, tax 3 % of 1,802 = 54.06."""
        self._by_tier()
        self._pay(self.agent, "2025-01")
        self.agent.version_id.cs_tier_id = self.tiers["senior"]
        self._figure(self.agent, "2025-02", sales=1000000)
        slip = self._same(self.agent, "2025-02")
        self.assertEqual(
            self._lines(slip),
            {
                "BASE": 2000,
                "APPRAISAL": 0,
                "COMMISSION": 5000,
                "MEAL": 300,
                "ARREARS_BASE": 300,
                "GROSS": 7600,
                "INS": -798,
                "TAX": -54.06,
                "FINE": 0,
                "NET": 6747.94,
            },
        )

    def test_cap_by_the_whole_gross_of_an_own_structure(self):
        """1,700 + 300 of meals: 20 % are 400, of -500; then 100 and the fine of 80."""
        self._by_tier()
        self._sales_gone()
        self._violation(self.agent, "2025-02-05", fine=80)
        for month, arrear, fine in (("2025-02", -400, 0), ("2025-03", -100, -80)):
            slip = self._same(self.agent, month)
            self._confirm(slip)
            found = self._lines(slip)
            self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (arrear, fine))
            # insurance of at least 3,000: 315
            self.assertEqual(found["NET"], 2000 + arrear + fine - 315)

    def _former(self, *names):
        """A structure of rules in Python as the first release had them."""
        rules = self.ours.rule_ids.filtered(lambda rule: rule.code != "BASIC")
        category = {"fine": "deduction", "base": "basic"}
        structure = self.env["hr.payroll.structure"].create(
            {
                "name": "Former",
                "code": "FORMER",
                "company_id": self.company.id,
                "parent_id": False,
                "rule_ids": [(6, 0, rules.ids)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": name,
                            "code": f"OUR_{name.upper()}",
                            "sequence": 150 if name == "fine" else 5 + number,
                            "category_id": self.env.ref(
                                f"cs_promotion_payroll.category_{category.get(name, 'allowance')}"
                            ).id,
                            "company_id": self.company.id,
                            "amount_select": "code",
                            "amount_python_compute": "result, result_rate, result_name = "
                            f"payroll.cs.{name}",
                        },
                    )
                    for number, name in enumerate(names)
                ],
            }
        )
        self.company.cs_structure_id = structure
        self.agent.version_id.struct_id = structure
        return structure

    def test_rules_in_python_of_the_first_release(self):
        """1,700 + 160 + 10 + 300 = 2,170; the fine of 100 is taken and booked."""
        structure = self._former("base", "appraisal", "commission", "fine")
        self.assertTrue(structure.cs_tier_pay)
        self._figure(self.agent, "2025-01", sales=10000)
        violation = self._violation(self.agent, "2025-01-10", fine=100)
        self._play("2025-01", {self.agent: 80})
        slip = self._same(self.agent, "2025-01")
        self._confirm(slip)
        found = self._lines(slip)
        self.assertEqual(
            [found[f"OUR_{code}"] for code in ("BASE", "APPRAISAL", "COMMISSION", "FINE")],
            [1700, 160, 10, -100],
        )
        self.assertEqual(found["NET"], 2170 - 315 - 100)
        self.assertEqual(violation.fine_taken, 100)
        # a difference is found and warned of though no rule settles it
        self._rescore(self.agent, "2025-01", 100)
        self.assertEqual(self._find(self.agent), {("2025-01", "APPRAISAL"): 40})
        february = self._slip(self.agent, "2025-02")
        self.assertIn("no_arrears_rule", self._warnings(february))


@tagged("post_install", "-at_install", "cs_promotion")
class TestInterplayOfLadder(OwnStructureCase, InterplayCase):
    def test_transferred_off_the_ladder_with_an_open_rest(self):
        """From February on by our own structure, which settles nothing: January's 100 are
        listed with the leavers', and a payslip by tier settles them and pays nothing else."""
        agent = self._make_agent("Cora")
        figure = self._figure(agent, "2025-01", sales=0)
        self._pay(agent, "2025-01")
        agent.create_version({"date_version": "2025-02-01"}).write(
            {"cs_tier_id": False, "wage": 2600, "struct_id": self.ours.id}
        )
        figure.sales = 100000
        february = self._pay(agent, "2025-02")
        self.assertEqual(february.struct_id, self.ours)
        # 2,600 + 300 - 315
        self.assertEqual(self._lines(february)["NET"], 2585)
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left), (100, True))
        self.assertEqual(rows.search([("has_left", "=", True)]) & rows, rows)
        action = rows.with_user(self.user_payroll).action_settle()
        slip = self.env["hr.payslip"].with_user(self.user_payroll).search(action["domain"])
        self.assertEqual(
            self._amounts(slip),
            {
                "BASE": 0,
                "APPRAISAL": 0,
                "COMMISSION": 0,
                "ARREARS_COMMISSION": 100,
                "GROSS": 100,
                "FINE": 0,
                "NET": 100,
            },
        )
        self._confirm(slip)
        self.assertEqual(self._find(agent), {})
        figure.sales = 150000
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left), (50, True))
        action = rows.with_user(self.user_payroll).action_settle()
        slip = self.env["hr.payslip"].with_user(self.user_payroll).search(action["domain"])
        self.assertEqual((slip.date_from, self._amounts(slip)["NET"]), (self._day("2025-03"), 50))

    def test_what_the_settling_payslip_paid_is_no_difference_of_its_month(self):
        """The settlement of February pays nothing of February, and nothing is found of it when
        a fine is still due: it takes 20 % of what it settles."""
        agent = self._make_agent("Cora")
        figure = self._figure(agent, "2025-01", sales=0)
        self._pay(agent, "2025-01")
        violation = self._violation(agent, "2025-01-20", fine=50)
        agent.create_version({"date_version": "2025-02-01"}).write(
            {"cs_tier_id": False, "wage": 2600, "struct_id": self.ours.id}
        )
        figure.sales = 100000
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        action = rows.with_user(self.user_payroll).action_settle()
        slip = self.env["hr.payslip"].with_user(self.user_payroll).search(action["domain"])
        self._confirm(slip)
        found = self._amounts(slip)
        self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (100, -20))
        self.assertEqual((violation.fine_taken, self._find(agent)), (20, {}))
        slip.refund_sheet()
        self.assertEqual(violation.fine_taken, 0)
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 100})
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left), (100, True))
