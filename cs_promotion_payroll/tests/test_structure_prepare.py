from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CsPayrollCase

INSURANCE = "result = -0.105 * min(max(categories.BASIC + categories.ALW, 3000), 20000)"
TAX = "result = -0.03 * max(categories.GROSS + categories.DED - 5000, 0)"


class OwnStructureCase(CsPayrollCase):
    """A company with a payroll of its own: wage, meals, insurance 10.5 % of at least 3,000, tax
    of 3 % above 5,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls._make_structure("Ours", wage="BASIC")

    @classmethod
    def _make_structure(cls, name, wage="BASIC", company=None, **values):
        company = company or cls.company
        rules = (
            ("Wage", wage, 10, "basic", "result = contract.wage"),
            ("Meals", "MEAL", 20, "allowance", "result = 300"),
            ("Gross", "GROSS", 100, "gross", "result = categories.BASIC + categories.ALW"),
            ("Social insurance", "INS", 110, "deduction", INSURANCE),
            ("Income tax", "TAX", 120, "deduction", TAX),
            ("Net", "NET", 200, "net", "result = categories.GROSS + categories.DED"),
        )
        return cls.env["hr.payroll.structure"].create(
            {
                "name": name,
                "code": name.upper(),
                "company_id": company.id,
                "parent_id": False,
                "rule_ids": [
                    (
                        0,
                        0,
                        {
                            "name": label,
                            "code": code,
                            "sequence": sequence,
                            "category_id": cls.env.ref(
                                f"cs_promotion_payroll.category_{category}"
                            ).id,
                            "company_id": company.id,
                            "amount_select": "code",
                            "amount_python_compute": formula,
                        },
                    )
                    for label, code, sequence, category, formula in rules
                ],
            }
            | values
        )

    def _prepare(self, user=None, **values):
        model = self.env["cs.structure.prepare"].with_user(user or self.user_payroll)
        return model.with_company(self.company).create({"month": "2025-03-01"} | values)

    def _lines(self, slip):
        return {line.code: round(line.total, 2) for line in slip.line_ids}

    def _play_march(self):
        """Cora holds junior and our own structure; a score of 80 and sales of 10,000."""
        agent = self._make_agent("Cora")
        agent.version_id.struct_id = self.ours
        self._figure(agent, "2025-03", sales=10000)
        self._play("2025-03", {agent: 80})
        return agent


@tagged("post_install", "-at_install", "cs_promotion")
class TestStructurePrepare(OwnStructureCase):
    """Prepare my structure: what it would do, old and new net, and only then it is set."""

    def test_what_it_would_do(self):
        self._make_agent("Cora").version_id.struct_id = self.ours
        wizard = self._prepare()
        self.assertEqual(wizard.structure_id, self.ours, "the one most are paid by")
        self.assertEqual(
            {row.code: row.item for row in wizard.rule_ids},
            {"BASIC": "BASE"} | dict.fromkeys(("MEAL", "GROSS", "INS", "TAX", "NET"), False),
        )
        self.assertEqual(
            [
                (row.item, row.code, row.sequence, row.category_id.code, row.replaced_id.code)
                for row in wizard.item_ids
            ],
            [
                ("BASE", "BASE", 10, "BASIC", "BASIC"),
                ("APPRAISAL", "APPRAISAL", 10, "ALW", False),
                ("COMMISSION", "COMMISSION", 10, "ALW", False),
                ("ARREARS_BASE", "ARREARS_BASE", 99, "BASIC", False),
                ("ARREARS_APPRAISAL", "ARREARS_APPRAISAL", 99, "ALW", False),
                ("ARREARS_COMMISSION", "ARREARS_COMMISSION", 99, "ALW", False),
                ("FINE", "FINE", 199, "DED", False),
            ],
        )
        self.assertFalse(wizard.faults)

    def test_old_and_new_net_of_every_agent_and_nothing_stays(self):
        """Until now 1,700 + 300 - 315 = 1,685. Prepared: 1,700 + 160 (score 80) + 20 (0.2 % of
        10,000: 0.1 % = 10) + 300 ..."""
        agent = self._play_march()
        shipped = self.peer  # has the shipped structure: 1,700, no score
        chosen = self._make_agent("Chosen")
        chosen.version_id.struct_id = self._make_structure("Flat")
        counts = {
            model: self.env[model].search_count([])
            for model in ("hr.payslip", "hr.payslip.run", "hr.payroll.structure", "hr.salary.rule")
        }
        sequence = self.env["ir.sequence"].search([("code", "=", "salary.slip")], limit=1)
        number = sequence.number_next_actual
        wizard = self._prepare(structure_id=self.ours.id)
        wizard.action_show_net()
        rows = {row.employee_id: row for row in wizard.agent_ids}
        # gross 2,000, insurance 10.5 % of 3,000 = 315
        self.assertEqual(rows[agent].old_net, 1685.0)
        # 1,700 + 160 + 10 + 300 = 2,170; insurance 315 still
        self.assertEqual(rows[agent].new_net, 1855.0)
        self.assertEqual(rows[agent].change, 170.0)
        self.assertEqual((rows[shipped].old_net, rows[shipped].new_net), (1700.0, 1685.0))
        self.assertEqual((rows[chosen].old_net, rows[chosen].new_net), (1685.0, 1685.0))
        self.assertTrue(rows[agent].chosen and rows[shipped].chosen)
        self.assertFalse(rows[chosen].chosen or rows[chosen].selectable)
        self.env.invalidate_all()
        for model, count in counts.items():
            self.assertEqual(self.env[model].search_count([]), count, model)
        self.assertEqual(sequence.number_next_actual, number)
        self.assertEqual(agent.version_id.struct_id, self.ours)
        self.assertNotEqual(self.company.cs_structure_id, self.ours)

    def test_a_copy_pays_by_tier_with_insurance_and_tax(self):
        senior = self._make_agent("Rich", tier="senior")
        senior.version_id.struct_id = self.ours
        self._figure(senior, "2025-03", sales=1000000)
        self._violation(senior, "2025-03-10", fine=200)
        agent = self._play_march()
        self.peer.version_id.struct_id = flat = self._make_structure("Flat")
        wizard = self._prepare(structure_id=self.ours.id, name="Ours by tier")
        wizard.action_show_net()
        action = wizard.action_set()
        structure = self.env["hr.payroll.structure"].browse(action["res_id"])
        self.assertEqual(structure.name, "Ours by tier")
        self.assertEqual(self.company.cs_structure_id, structure)
        self.assertEqual(agent.version_id.struct_id, structure)
        self.assertEqual(self.peer.version_id.struct_id, flat, "someone chose it")
        self.assertEqual(
            self.ours.rule_ids.mapped("code"), ["BASIC", "MEAL", "GROSS", "INS", "TAX", "NET"]
        )
        self.assertEqual(
            self._lines(self._slip(agent, "2025-03")),
            {
                "BASE": 1700.0,
                "APPRAISAL": 160.0,
                "COMMISSION": 10.0,
                "MEAL": 300.0,
                "GROSS": 2170.0,
                "INS": -315.0,
                "TAX": 0.0,
                "FINE": 0.0,
                "NET": 1855.0,
            },
        )
        # 2,000 + 0.5 % of 1,000,000 + 300 = 7,300; insurance 766.50; tax 3 % of 1,533.50 = 46.01
        self.assertEqual(
            self._lines(self._slip(senior, "2025-03")),
            {
                "BASE": 2000.0,
                "APPRAISAL": 0.0,
                "COMMISSION": 5000.0,
                "MEAL": 300.0,
                "GROSS": 7300.0,
                "INS": -766.5,
                "TAX": -46.01,
                "FINE": -200.0,
                "NET": 6287.49,
            },
        )

    def test_changed_as_it_stands(self):
        """What is replaced is archived, as lines that were paid hang on it."""
        agent = self._play_march()
        paid = self._slip(agent, "2025-02")
        paid.action_payslip_done()
        wage = self.ours.rule_ids.filtered(lambda rule: rule.code == "BASIC")
        wizard = self._prepare(structure_id=self.ours.id, mode="change")
        wizard.action_show_net()
        self.assertIn(wage, self.ours.rule_ids, "so far it was shown only")
        self.assertTrue(wage.active)
        wizard.action_set()
        self.assertTrue(self.ours.cs_tier_pay)
        self.assertEqual(self.company.cs_structure_id, self.ours)
        self.assertFalse(wage.active)
        self.assertEqual(self._lines(paid)["BASIC"], 1700.0)
        self.assertEqual(
            paid.line_ids.filtered(lambda line: line.code == "BASIC").salary_rule_id, wage
        )
        self.assertEqual(self._lines(self._slip(agent, "2025-03"))["NET"], 1855.0)

    def test_a_rule_that_others_use_stays_active(self):
        """Two structures share their rules: one is changed, the other computes as before."""
        twin = self.ours.create(
            {
                "name": "Twin",
                "code": "TWIN",
                "company_id": self.company.id,
                "parent_id": False,
                "rule_ids": [(6, 0, self.ours.rule_ids.ids)],
            }
        )
        wizard = self._prepare(structure_id=self.ours.id, mode="change")
        wizard.action_show_net()
        wizard.action_set()
        self.assertEqual(
            twin.rule_ids.mapped("code"), ["BASIC", "MEAL", "GROSS", "INS", "TAX", "NET"]
        )
        self.assertNotIn("BASIC", self.ours.rule_ids.mapped("code"))

    def test_a_rule_of_the_parent_gives_way_in_this_one_only(self):
        child = self.ours.create(
            {
                "name": "Child",
                "code": "CHILD",
                "company_id": self.company.id,
                "parent_id": self.ours.id,
                "rule_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Phone",
                            "code": "PHONE",
                            "company_id": self.company.id,
                            "sequence": 21,
                            "category_id": self.env.ref(
                                "cs_promotion_payroll.category_allowance"
                            ).id,
                            "amount_select": "fix",
                            "amount_fix": 50,
                        },
                    )
                ],
            }
        )
        agent = self._play_march()
        agent.version_id.struct_id = child
        wizard = self._prepare(structure_id=child.id, mode="change")
        wizard.action_show_net()
        wizard.action_set()
        self.assertIn("BASIC", self.ours.rule_ids.mapped("code"))
        self.assertEqual(
            self._lines(self._slip(agent, "2025-03")),
            {
                "BASE": 1700.0,
                "APPRAISAL": 160.0,
                "COMMISSION": 10.0,
                "MEAL": 300.0,
                "PHONE": 50.0,
                "GROSS": 2220.0,
                "INS": -315.0,
                "TAX": 0.0,
                "FINE": 0.0,
                "NET": 1905.0,
            },
        )

    def test_rules_that_reckon_with_the_code_go_on(self):
        """Overtime is a part of BASIC by its code: the item takes the code over."""
        self.ours.rule_ids = [
            (
                0,
                0,
                {
                    "name": "Overtime",
                    "code": "OT",
                    "company_id": self.company.id,
                    "sequence": 30,
                    "category_id": self.env.ref("cs_promotion_payroll.category_allowance").id,
                    "amount_select": "percentage",
                    "amount_percentage": 10,
                    "amount_percentage_base": "BASIC",
                },
            )
        ]
        agent = self._play_march()
        wizard = self._prepare(structure_id=self.ours.id)
        self.assertEqual(wizard.item_ids[0].code, "BASIC")
        wizard.action_show_net()
        wizard.action_set()
        lines = self._lines(self._slip(agent, "2025-03"))
        self.assertEqual((lines["BASIC"], lines["OT"], lines["GROSS"]), (1700.0, 170.0, 2340.0))

    def test_what_has_to_be_looked_at_is_said(self):
        gross = self.ours.rule_ids.filtered(lambda rule: rule.code == "GROSS")
        gross.amount_python_compute = "result = categories.BASIC + rules.MEAL.amount_fix"
        wizard = self._prepare(structure_id=self.ours.id)
        self.assertFalse(wizard.faults, "all items are in categories that gross counts")
        wizard.item_ids.filtered(lambda row: row.item == "APPRAISAL").category_id = self.env.ref(
            "cs_promotion_payroll.category_allowance"
        )
        self.assertIn("Gross does not count the category Allowance", wizard.faults)

    def test_in_the_form_as_a_person_does(self):
        """Another rule gives way to the appraisal pay; the wage stays."""
        self._make_agent("Cora").version_id.struct_id = self.ours
        env = self.env(user=self.user_payroll)
        with Form(
            env["cs.structure.prepare"].with_company(self.company),
            "cs_promotion_payroll.cs_structure_prepare_view_form",
        ) as form:
            self.assertEqual(form.structure_id, self.ours.with_env(env))
            form.name = "By hand"
            with form.rule_ids.edit(1) as row:
                self.assertEqual(row.code, "MEAL")
                row.item = "APPRAISAL"
        wizard = form.save()
        place = {row.item: (row.sequence, row.category_id.code) for row in wizard.item_ids}
        self.assertEqual(place["APPRAISAL"], (20, "ALW"))
        wizard.action_show_net()
        structure = env["hr.payroll.structure"].browse(wizard.action_set()["res_id"])
        self.assertNotIn("MEAL", structure.rule_ids.mapped("code"))
        self.assertEqual(structure.name, "By hand")

    def test_one_rule_for_each_item(self):
        wizard = self._prepare(structure_id=self.ours.id)
        wizard.rule_ids.filtered(lambda row: row.code == "MEAL").item = "BASE"
        with self.assertRaisesRegex(UserError, "Several rules give way"):
            wizard.action_show_net()

    def test_net_is_looked_at_first(self):
        wizard = self._prepare(structure_id=self.ours.id)
        with self.assertRaisesRegex(UserError, "old and new net first"):
            wizard.action_set()

    def test_whose_payslip_cannot_be_made_is_told(self):
        agent = self._play_march()
        agent.version_id.struct_id = False
        wizard = self._prepare(structure_id=self.ours.id)
        wizard.action_show_net()
        row = wizard.agent_ids.filtered(lambda each: each.employee_id == agent)
        self.assertIn("no salary structure", row.remark)
        self.assertEqual((row.old_net, row.new_net), (0.0, 1855.0))

    def test_who_is_not_ticked_keeps_theirs(self):
        agent = self._play_march()
        wizard = self._prepare(structure_id=self.ours.id)
        wizard.action_show_net()
        wizard.agent_ids.filtered(lambda each: each.employee_id == agent).chosen = False
        wizard.action_set()
        self.assertEqual(agent.version_id.struct_id, self.ours)
        self.assertTrue(agent.cs_not_paid_by_tier)

    def test_prepared_again_there_is_nothing_to_add(self):
        wizard = self._prepare(structure_id=self.ours.id)
        wizard.action_show_net()
        structure = self.env["hr.payroll.structure"].browse(wizard.action_set()["res_id"])
        again = self._prepare(structure_id=structure.id)
        self.assertFalse(again.item_ids)

    def test_who_may(self):
        for user in (self.user_officer, self.user_office, self.user_manager, self.user_agent):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._prepare(user=user, structure_id=self.ours.id)
        theirs = self._make_structure("Theirs", company=self.company_b)
        wizard = self._prepare(structure_id=self.ours.id)
        wizard.sudo().structure_id = theirs
        with self.assertRaises(UserError):
            wizard.with_user(self.user_payroll).action_show_net()

    def test_a_fault_leaves_nothing_behind(self):
        self._play_march()
        wizard = self._prepare(structure_id=self.ours.id)
        count = self.env["hr.payslip"].search_count([])
        with (
            patch.object(type(wizard), "_assign", side_effect=ValueError("no")),
            self.assertRaises(ValueError),
        ):
            wizard.action_show_net()
        self.assertEqual(self.env["hr.payslip"].search_count([]), count)

    def test_settings_accept_what_pays_by_tier_and_is_the_companys(self):
        theirs = self.company_b.cs_structure_id
        for structure, words in ((self.ours, "does not pay by tier"), (theirs, "belongs to")):
            with self.subTest(structure.name), self.assertRaisesRegex(ValidationError, words):
                self.company.cs_structure_id = structure
        settings = self.env["res.config.settings"].with_company(self.company)
        with self.assertRaisesRegex(ValidationError, "does not pay by tier"):
            settings.create({"cs_structure_id": self.ours.id}).execute()

    @freeze_time("2025-04-10")
    def test_the_month_before_is_compared(self):
        wizard = (
            self.env["cs.structure.prepare"]
            .with_company(self.company)
            .create({"structure_id": self.ours.id})
        )
        self.assertEqual(str(wizard.month), "2025-03-01")
