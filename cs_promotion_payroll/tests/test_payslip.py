from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestPayslip(CsPayrollCase):
    """The standard payslip form pays by tier (W1-W4)."""

    def test_w4_form_computes_everything(self):
        self._figure(self.agent, "2025-01", sales=58000)
        self._play("2025-01", {self.agent: 95})
        slip = self._slip(self.agent, "2025-01")
        self.assertEqual(slip.struct_id, self.company.cs_structure_id)
        self.assertEqual(slip.company_id, self.company)
        self.assertPaid(slip, BASE=1700, APPRAISAL=190, COMMISSION=58)
        self.assertFalse(slip.cs_warned)
        self.assertFalse(slip.cs_warning)
        self.assertEqual(slip.state, "verify")

    def test_w4_lines_show_how_they_came_about(self):
        self._figure(self.agent, "2025-01", sales=58000)
        self._play("2025-01", {self.agent: 95})
        slip = self._slip(self.agent, "2025-01")
        base, appraisal, commission = (
            self._line(slip, code) for code in ("BASE", "APPRAISAL", "COMMISSION")
        )
        self.assertEqual(base.name, "Base wage: Junior agent")
        self.assertEqual((appraisal.amount, appraisal.rate), (200, 95))
        self.assertEqual(appraisal.name, "Appraisal pay: score 95.00")
        self.assertEqual((commission.amount, commission.rate), (58000, 0.1))
        self.assertEqual(
            slip.line_ids.category_id.mapped("code"), ["BASIC", "ALW", "GROSS", "DED", "NET"]
        )
        self.assertIn("Junior agent from 01/01/2025 to 01/31/2025", slip.cs_explanation)
        self.assertIn("Own sales: 58,000.00", slip.cs_explanation)

    def test_w2_no_score_no_appraisal_pay_and_a_warning(self):
        self._figure(self.agent, "2025-01", sales=1000)
        self._play("2025-01", {self.peer: 90})
        slip = self._slip(self.agent, "2025-01")
        self.assertPaid(slip, BASE=1700, COMMISSION=1)
        self.assertEqual(self._warnings(slip), ["no_score"])
        self.assertTrue(slip.cs_warned)
        self.assertIn("no score", slip.cs_warning)

    def test_w2_open_month_is_named(self):
        self._figure(self.agent, "2025-01", sales=1000)
        self.assertEqual(self._warnings(self._slip(self.agent, "2025-01")), ["not_closed"])

    def test_w2_pass_method(self):
        self.policy.appraisal_pay_method = "pass"
        self._play("2025-01", {self.agent: 60, self.peer: 55})
        self.assertPaid(self._slip(self.agent, "2025-01"), BASE=1700, APPRAISAL=200)
        failed = self._slip(self.peer, "2025-01")
        self.assertPaid(failed, BASE=1700)
        self.assertEqual(self._line(failed, "APPRAISAL").rate, 0)

    def test_missing_sales_figure_is_warned_of(self):
        self._play("2025-01", {self.agent: 95})
        slip = self._slip(self.agent, "2025-01")
        self.assertEqual(self._warnings(slip), ["no_sales"])
        self.assertIn("no sales figure", self._line(slip, "COMMISSION").name)

    def test_no_commission_no_warning_on_probation(self):
        newcomer = self._make_agent("Newcomer", tier="probation")
        self._play("2025-01", {newcomer: 80})
        slip = self._slip(newcomer, "2025-01")
        self.assertPaid(slip, BASE=1500, APPRAISAL=80)
        self.assertFalse(slip.cs_warned)

    def test_w3_two_tiers_on_one_payslip(self):
        """Probation to 10 March, junior from 11 March: by calendar days of 31."""
        newcomer = self._make_agent("Newcomer", tier="probation", hired="2025-02-11")
        self._probation_test(newcomer, "2025-03-05")
        self.env["cs.verdict"]._confirm_probations(newcomer, self._date("2025-03-11"))
        self._apply("2025-03-14")
        self.assertEqual(self._tier_on(newcomer, "2025-03-10"), "probation")
        self.assertEqual(self._tier_on(newcomer, "2025-03-11"), "junior")
        self._figure(newcomer, "2025-03", sales=10000)
        slip = self._slip(newcomer, "2025-03")
        # 1500 x 10/31 + 1700 x 21/31; commission 0.1 % x 21/31 of 10,000
        self.assertPaid(slip, BASE=1635.48, COMMISSION=6.77)
        self.assertEqual(
            self._line(slip, "BASE").name,
            "Base wage: New agent (probation) 10 days, Junior agent 21 days of 31",
        )
        commission = self._line(slip, "COMMISSION")
        self.assertEqual((commission.amount, commission.rate), (10000, 0.0677))
        self.assertEqual(len(self._line(slip, "BASE")), 1)
        days = slip.worked_days_line_ids.filtered(lambda line: line.code == "WORK100")
        self.assertEqual(days.number_of_days, 21, "the whole month, not since the promotion")

    def test_w3_inexact_rate_shows_the_amount_itself(self):
        """A mean rate with more decimals than a line keeps must not change the amount."""
        newcomer = self._make_agent("Newcomer", tier="probation", hired="2025-02-11")
        self._decide(newcomer, "junior", "2025-03-11")
        self._apply("2025-03-14")
        self._figure(newcomer, "2025-03", sales=9876543.21)
        slip = self._slip(newcomer, "2025-03")
        self.assertPaid(slip, BASE=1635.48, COMMISSION=6690.56)
        commission = self._line(slip, "COMMISSION")
        self.assertEqual((commission.amount, commission.rate), (6690.56, 100))
        self.assertIn("9,876,543.21", commission.name)
        self.assertIn("0.067742 %", commission.name)

    def test_w3_joiner_and_leaver(self):
        joiner = self._make_agent("Joiner", hired="2025-04-21")
        leaver = self._make_agent("Leaver", left="2025-04-12")
        self.assertPaid(self._slip(joiner, "2025-04"), BASE=566.67)
        self.assertPaid(self._slip(leaver, "2025-04"), BASE=680)

    def test_w3_two_contracts_on_one_payslip(self):
        agent = self._make_agent("Returner", hired="2025-01-01", left="2025-04-06")
        agent.create_contract("2025-04-21")
        timeline = self.env["cs.timeline"]._load(agent.ids)[agent.id]
        self.assertEqual(
            sum(
                each.days_within(self._date("2025-04-01"), self._date("2025-04-30"))
                for each in timeline.stretches
            ),
            16,
        )
        version = agent.version_ids.sorted("date_version")[-1]
        version.write({"cs_tier_id": self.tiers["junior"].id})
        slip = self._slip(agent, "2025-04")
        self.assertPaid(slip, BASE=906.67)
        self.assertEqual(len(slip.line_ids), 6)
        slip.contract_id = False
        slip.compute_sheet()
        self.assertEqual(len(slip.line_ids), 6, "one set of lines for all contracts")
        self.assertPaid(slip, BASE=906.67)

    def test_first_load_dated_today_pays_earlier_months(self):
        """A first load is dated the day it was typed in, the contract began long before."""
        agent = self.env["hr.employee"].create(
            {
                "name": "Loaded",
                "company_id": self.company.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "cs_tier_id": self.tiers["senior"].id,
            }
        )
        agent.version_id.date_version = "2025-06-01"
        self.assertEqual(agent.version_id.contract_date_start, self._date("2025-01-01"))
        self.assertPaid(self._slip(agent, "2025-03"), BASE=2000)

    def test_days_off_the_ladder_are_paid_by_their_wage(self):
        """10 days a junior at 1,700, then off the ladder at a wage of 3,000 (W3, L6)."""
        agent = self._make_agent("Mover")
        version = agent.create_version({"date_version": "2025-04-11"})
        version.write({"cs_tier_id": False, "wage": 3000})
        slip = self._slip(agent, "2025-04")
        self.assertPaid(slip, BASE=2566.67)
        self.assertIn("part_tier", self._warnings(slip))
        whole = self._slip(agent, "2025-05")
        self.assertPaid(whole, BASE=3000)
        self.assertEqual(self._warnings(whole), ["no_tier"])

    def test_a_second_payslip_is_warned_of(self):
        first = self._slip(self.agent, "2025-01")
        self.assertNotIn("twin", self._warnings(first))
        second = self._slip(self.agent, "2025-01")
        self.assertIn("twin", self._warnings(second))
        self.assertIn("another payslip", second.cs_warning)

    def test_period_over_two_months_is_refused(self):
        slip = self._slip(self.agent, "2025-01", compute=False)
        slip.date_to = "2025-02-14"
        with self.assertRaisesRegex(UserError, "one payslip for each month"):
            slip.compute_sheet()
        self.assertFalse(slip.line_ids)

    def test_half_a_month_is_refused_where_the_tier_was_held_longer(self):
        slip = self._slip(self.agent, "2025-01", compute=False)
        slip.date_to = "2025-01-15"
        with self.assertRaisesRegex(UserError, "paid by one payslip"):
            slip.compute_sheet()
        leaver = self._make_agent("Leaver", left="2025-01-15")
        slip = self._slip(leaver, "2025-01", compute=False)
        slip.date_to = "2025-01-15"
        slip.compute_sheet()
        self.assertPaid(slip, BASE=822.58)

    def test_month_without_policy_is_refused(self):
        agent = self._make_agent("Early", hired="2023-01-01")
        slip = self._slip(agent, "2023-05", compute=False)
        with self.assertRaisesRegex(UserError, "no promotion policy"):
            slip.compute_sheet()

    def test_payslip_of_another_company_is_refused(self):
        slip = self.env["hr.payslip"].create(
            {
                "employee_id": self.agent_b.id,
                "date_from": "2025-01-01",
                "date_to": "2025-01-31",
                "company_id": self.company.id,
                "contract_id": self.agent_b.version_id.id,
                "struct_id": self.company.cs_structure_id.id,
            }
        )
        with self.assertRaisesRegex(UserError, "is employed by CS Other"):
            slip.compute_sheet()

    def test_o5_paid_by_the_policy_of_the_months_end(self):
        newer = self._make_policy(self.company, "2025-03-01", activate=False)
        newer.rung_ids.filtered(lambda line: line.tier_id.code == "junior").base_wage = 1900
        newer.action_activate()
        self.assertPaid(self._slip(self.agent, "2025-02"), BASE=1700)
        self.assertPaid(self._slip(self.agent, "2025-03"), BASE=1900)

    def test_done_payslip_never_changes(self):
        slip = self._pay(self.agent, "2025-01")
        before = slip.read()
        lines = slip.line_ids.read()
        self._figure(self.agent, "2025-01", sales=99000)
        slip.compute_sheet()
        self._confirm(slip)
        self.assertEqual(slip.line_ids.read(), lines)
        self.assertEqual(slip.state, "done")
        self.assertEqual(slip.read(["cs_figures"])[0]["cs_figures"], before[0]["cs_figures"])

    def test_own_structure_adds_rules(self):
        """HR's structure below the shipped one: its rules join, gross and net follow."""
        structure = self.env["hr.payroll.structure"].create(
            {
                "name": "With insurance",
                "code": "CSI",
                "company_id": self.company.id,
                "parent_id": self.company.cs_structure_id.id,
                "rule_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Insurance",
                            "code": "INS",
                            "sequence": 120,
                            "company_id": self.company.id,
                            "category_id": self.env.ref(
                                "cs_promotion_payroll.category_deduction"
                            ).id,
                            "amount_select": "fix",
                            "amount_fix": -80,
                        },
                    )
                ],
            }
        )
        self.agent.version_id.struct_id = structure
        slip = self._slip(self.agent, "2025-01")
        amounts = self._amounts(slip)
        self.assertEqual((amounts["BASE"], amounts["INS"], amounts["NET"]), (1700, -80, 1620))

    def test_other_structures_are_left_alone(self):
        clerk = self.env["hr.employee"].create(
            {
                "name": "Clerk",
                "company_id": self.company.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
            }
        )
        rule = self.env["hr.salary.rule"].create(
            {
                "name": "Fee",
                "code": "FEE",
                "company_id": self.company.id,
                "category_id": self.env.ref("cs_promotion_payroll.category_basic").id,
                "amount_select": "fix",
                "amount_fix": 321,
            }
        )
        clerk.version_id.struct_id = self.env["hr.payroll.structure"].create(
            {
                "name": "Clerks",
                "code": "CL",
                "company_id": self.company.id,
                "parent_id": False,
                "rule_ids": [(6, 0, rule.ids)],
            }
        )
        with Form(self.env["hr.payslip"].with_user(self.user_payroll)) as form:
            form.employee_id = clerk.with_user(self.user_payroll)
            form.date_from = "2025-01-16"
            form.date_to = "2025-02-15"  # no calendar month, which is fine here
        slip = form.save()
        slip.compute_sheet()
        self._confirm(slip)
        self.assertEqual(slip.line_ids.mapped(lambda line: (line.code, line.total)), [("FEE", 321)])
        self.assertEqual(slip.state, "done")
        self.assertFalse(slip.cs_figures)
        self.assertFalse(slip.cs_explanation)
        mixed = self._batch(clerk | self.agent, "2025-03")
        self.assertEqual(
            {slip.employee_id: slip.line_ids.mapped("code") for slip in mixed.slip_ids},
            {
                clerk: ["FEE"],
                self.agent: ["BASE", "APPRAISAL", "COMMISSION", "GROSS", "FINE", "NET"],
            },
        )

    def test_printed_payslip_tells_how_it_came_about(self):
        self._figure(self.agent, "2025-01", sales=58000)
        self._play("2025-01", {self.agent: 95})
        slip = self._slip(self.agent, "2025-01")
        for report in ("payroll.report_payslip", "payroll.report_payslipdetails"):
            content, _kind = self.env["ir.actions.report"]._render_qweb_html(report, slip.ids)
            page = content.decode()
            for text in ("Base wage: Junior agent", "Appraisal pay: score 95.00", "Net"):
                self.assertIn(text, page)
            if report == "payroll.report_payslip":
                self.assertIn("<span>0.1 %</span>", page)
                self.assertIn("o_cs_payslip_lines", page)
                self.assertIn("Job Position", page)
                self.assertIn("Own sales: 58,000.00", page)
