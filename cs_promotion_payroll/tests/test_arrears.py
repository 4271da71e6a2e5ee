from odoo.exceptions import UserError
from odoo.tests import tagged

from .arrears_common import ArrearsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestArrearsFound(ArrearsCase):
    """W7: each kind of change is found by itself, with its amount by the policy of the month."""

    def test_w7_score_corrected(self):
        """Score 60, later 100: +80 of a junior's appraisal pay of 200."""
        self._play("2025-01", {self.agent: 60})
        slip = self._pay(self.agent, "2025-01")
        self.assertPaid(slip, BASE=1700, APPRAISAL=120)
        self.assertEqual(self._find(self.agent), {})
        self._rescore(self.agent, "2025-01", 100)
        self.assertEqual(self._find(self.agent), {("2025-01", "APPRAISAL"): 80})
        next_slip = self._slip(self.agent, "2025-02")
        self.assertEqual(self._settled(next_slip), {"APPRAISAL": 80})
        line = self._line(next_slip, "ARREARS_APPRAISAL")
        self.assertEqual(
            line.name,
            "Settled of earlier months, Appraisal pay: January 2025 +80.00 "
            "(the score changed (60 → 100))",
        )
        self.assertEqual(line.category_id.code, "ALW")
        self.assertIn("arrears", self._warnings(next_slip))
        self.assertEqual(self._amounts(next_slip)["NET"], 1780)

    def test_w7_a_month_that_is_open_again_owes_nothing_yet(self):
        self._play("2025-01", {self.agent: 60})
        self._pay(self.agent, "2025-01")
        self._cycle("2025-01")._reopen("the office mistook two agents")
        self.assertEqual(self._find(self.agent), {})

    def test_w7_month_closed_after_pay(self):
        """Paid before the month was closed: all of the appraisal pay is owed, 90 % of 200."""
        slip = self._pay(self.agent, "2025-01")
        self.assertPaid(slip, BASE=1700)
        self._open("2025-01")
        self.assertEqual(self._find(self.agent), {})
        self._play("2025-01", {self.agent: 90})
        self.assertEqual(self._find(self.agent), {("2025-01", "APPRAISAL"): 180})

    def test_w7_sales_corrected(self):
        """Sales of a senior halved: 0.5 % of 50000 is -250, within 20 % of 2,000."""
        agent = self._make_agent("Cora", tier="senior")
        figure = self._figure(agent, "2025-01", sales=100000)
        slip = self._pay(agent, "2025-01")
        self.assertPaid(slip, BASE=2000, COMMISSION=500)
        figure.with_user(self.user_office).sales = 50000
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): -250})
        next_slip = self._slip(agent, "2025-02")
        self.assertEqual(self._settled(next_slip), {"COMMISSION": -250})
        self.assertIn("(100000 → 50000)", self._line(next_slip, "ARREARS_COMMISSION").name)
        self.assertEqual(self._amounts(next_slip)["GROSS"], 1750)

    def test_w7_sales_entered_late(self):
        self._pay(self.agent, "2025-01")
        self._figure(self.agent, "2025-01", sales=20000)  # 0.1 %
        self.assertEqual(self._find(self.agent), {("2025-01", "COMMISSION"): 20})

    def test_w7_decision_applied_late(self):
        """A promotion with effect in a paid month: 1800 + 270 + 300 instead of 1700 + 180 + 100
        are +390, or +570 where there was no score yet."""
        agent = self._make_agent("Cora")
        self._play_months("2025-01", "2025-02", {agent: 95})
        self._figure(agent, "2025-04", sales=100000)
        april = self._pay(agent, "2025-04")
        self.assertPaid(april, BASE=1700, COMMISSION=100)
        self._play("2025-03", {agent: 95})
        self._apply("2025-05-20")
        self.assertEqual(self._tier_on(agent, "2025-04-01"), "intermediate")
        self._play("2025-04", {agent: 90})
        self.assertEqual(
            self._find(agent),
            {
                ("2025-04", "BASE"): 100,
                ("2025-04", "APPRAISAL"): 270,
                ("2025-04", "COMMISSION"): 200,
            },
        )
        may = self._pay(agent, "2025-05")
        self.assertEqual(self._settled(may), {"BASE": 100, "APPRAISAL": 270, "COMMISSION": 200})
        self.assertIn(
            f"{self.tiers['junior'].name} → {self.tiers['intermediate'].name}",
            self._line(may, "ARREARS_BASE").name,
        )
        self.assertEqual(self._find(agent), {})

    def test_w7_tier_back_dated_by_three_months(self):
        """Junior to senior from January, three months paid: 300 each in base wage."""
        for month in ("2025-01", "2025-02", "2025-03"):
            self._pay(self.agent, month)
        self.agent.version_id.write({"cs_tier_id": self.tiers["senior"].id})
        self.assertEqual(
            self._find(self.agent),
            {(month, "BASE"): 300 for month in ("2025-01", "2025-02", "2025-03")},
        )
        april = self._slip(self.agent, "2025-04")
        self.assertEqual(self._settled(april), {"BASE": 900})

    def test_w7_decision_withdrawn(self):
        """A demotion of an intermediate withdrawn: 100 of base, 95 of appraisal pay: +195."""
        agent, decision = self._demote("Cora")
        self._play("2025-01", {agent: 95})
        self.assertPaid(self._pay(agent, "2025-01"), BASE=1700, APPRAISAL=190, FINE=-50)
        decision._take_back("it was another agent")
        self.assertEqual(self._tier_on(agent, "2025-01-01"), "intermediate")
        self.assertEqual(
            self._find(agent), {("2025-01", "BASE"): 100, ("2025-01", "APPRAISAL"): 95}
        )

    def test_w7_policy_activated_back(self):
        """A version from an earlier month pays more: the months since are owed the rest."""
        for month in ("2025-01", "2025-02"):
            self._pay(self.agent, month)
        raised = self._make_policy(self.company, "2025-02-01", activate=False)
        raised.rung_ids.filtered(lambda line: line.tier_id == self.tiers["junior"]).base_wage = 1750
        raised.action_activate()
        self.assertEqual(self._find(self.agent), {("2025-02", "BASE"): 50})
        march = self._slip(self.agent, "2025-03")
        self.assertEqual(self._settled(march), {"BASE": 50})
        self.assertIn("another policy", self._line(march, "ARREARS_BASE").name)

    def test_w7_agreed_wage_changed_back(self):
        policy = self._make_policy(self.company, "2025-01-01", activate=False)
        policy.wage_basis = "higher"
        policy.action_activate()
        self._pay(self.agent, "2025-01")
        self.agent.version_id.write({"wage": 2500, "cs_wage_agreed": True})
        self.assertEqual(self._find(self.agent), {("2025-01", "BASE"): 800})
        february = self._pay(self.agent, "2025-02")
        self.assertEqual(self._settled(february), {"BASE": 800})
        self.agent.version_id.write({"wage": 2000})
        self.assertEqual(
            self._find(self.agent), {("2025-01", "BASE"): -500, ("2025-02", "BASE"): -500}
        )

    def test_w7_contract_dates_changed(self):
        """Joined on the 11th and not on the 1st: 21 of 31 days are 1151.61 of 1700. Left on the
        20th: 10 of them are 548.39."""
        agent = self._make_agent("Cora", hired="2025-01-01")
        self._pay(agent, "2025-01")
        agent.version_id.write(
            {
                "contract_date_start": "2025-01-11",
                "date_version": "2025-01-11",
                "cs_tier_since": "2025-01-11",
            }
        )
        self.assertEqual(self._find(agent), {("2025-01", "BASE"): -548.39})
        agent.version_id.write({"contract_date_end": "2025-01-20"})
        self.assertEqual(self._find(agent), {("2025-01", "BASE"): -1151.61})

    def test_w7_share_of_full_time_changed(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Half", "company_id": self.company.id, "full_time_required_hours": 80}
        )
        share = calendar.hours_per_week / 80
        self.assertTrue(0 < share < 1)
        self._pay(self.agent, "2025-01")
        self.agent.version_id.resource_calendar_id = calendar
        self.assertEqual(
            self._find(self.agent), {("2025-01", "BASE"): round(1700 * share - 1700, 2)}
        )

    def test_w7_days_of_a_paid_month_stay(self):
        """Another last day of the pay month is of the months to come: nothing is owed."""
        for month in ("2025-01", "2025-02"):
            self._pay(self.agent, month)
        self.company.cs_period_day = 25
        self.company.cs_results_month = "before"
        self.assertEqual(self._find(self.agent), {})
        self._play("2025-02", {self.agent: 50})
        self.assertEqual(self._find(self.agent), {("2025-02", "APPRAISAL"): 100})

    def test_w7_an_edited_line_is_meant_so(self):
        """HR paid 1,000 instead of 1,700 by editing the line: that is no difference."""
        self.env["ir.config_parameter"].sudo().set_param("payroll.prevent_compute_on_confirm", True)
        slip = self._slip(self.agent, "2025-01")
        self._line(slip, "BASE").write({"amount": 1000})
        self._confirm(slip)
        self.assertEqual(self._find(self.agent), {})

    def test_w7_what_the_structure_does_not_pay_is_not_compared(self):
        """A structure with a commission rule of its own pays no commission by tier."""
        structure = self.company._get_cs_structure()
        structure.rule_ids -= structure.rule_ids.filtered(lambda rule: rule.cs_item == "COMMISSION")
        self._pay(self.agent, "2025-01")
        self._figure(self.agent, "2025-01", sales=20000)
        self._play("2025-01", {self.agent: 50})
        self.assertEqual(self._find(self.agent), {("2025-01", "APPRAISAL"): 100})

    def test_w7_paid_twice(self):
        """Two payslips of one month, which the last release let pass, paid the base wage twice:
        the second is owed back."""
        self._pay(self.agent, "2025-01")
        twin = self._slip(self.agent, "2025-01")
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_payslip SET state = 'done' WHERE id = %s", (twin.id,))
        self.env.invalidate_all()
        self.assertEqual(self._find(self.agent), {("2025-01", "BASE"): -1700})


@tagged("post_install", "-at_install", "cs_promotion")
class TestArrearsSettled(ArrearsCase):
    """W7: the next payslip settles what was found, once, and gives it back with its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.param = cls.env["ir.config_parameter"].sudo()

    def _owe(self, sales=100000, month="2025-01", tier="senior"):
        """A paid month whose sales come late: 0.5 % of 100000 are 500."""
        agent = self._make_agent("Cora", tier=tier)
        self._pay(agent, month)
        return agent, self._figure(agent, month, sales=sales)

    def test_w7_settled_once_and_further_changes_find_the_rest(self):
        agent, figure = self._owe()
        february = self._slip(agent, "2025-02")
        self.assertEqual(self._settled(february), {"COMMISSION": 500})
        february.compute_sheet()
        self.assertEqual(self._settled(february), {"COMMISSION": 500}, "computed again")
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 500}, "a draft counts not")
        self._confirm(february)
        self.assertEqual(self._find(agent), {})
        figure.sales = 120000
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 100})
        self.assertEqual(self._settled(self._pay(agent, "2025-03")), {"COMMISSION": 100})
        figure.sales = 0
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): -600})

    def test_w7_cancelled_gives_back(self):
        self.param.set_param("payroll.allow_cancel_payslips", True)
        agent, _figure = self._owe()
        february = self._pay(agent, "2025-02")
        self.assertEqual(self._find(agent), {})
        february.action_payslip_cancel()
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 500})
        self.assertEqual(
            self.env["cs.pay.difference"].search([("employee_id", "=", agent.id)]).amount, 500
        )

    def test_w7_refunded_gives_back(self):
        self.param.set_param("payroll.allow_cancel_payslips", True)
        agent, _figure = self._owe()
        february = self._pay(agent, "2025-02")
        february.refund_sheet()
        self.assertEqual(february.refunded_id.cs_settlement_ids.mapped("amount"), [500])
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 500})
        again = self._pay(agent, "2025-02")
        self.assertEqual(self._settled(again), {"COMMISSION": 500})
        self.assertEqual(self._find(agent), {})

    def test_w7_a_cancelled_refund_counts_no_more(self):
        self.param.set_param("payroll.allow_cancel_payslips", True)
        agent, _figure = self._owe()
        february = self._pay(agent, "2025-02")
        february.refund_sheet()
        february.refunded_id.action_payslip_cancel()
        self.assertEqual(self._find(agent), {})

    def test_w7_a_credit_note_by_hand_gives_back(self):
        agent, _figure = self._owe()
        self._pay(agent, "2025-02")
        note = self._slip(agent, "2025-02", compute=False)
        note.credit_note = True
        note.compute_sheet()
        self.assertEqual(self._settled(note), {"COMMISSION": 500})
        self._confirm(note)
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 500})

    def test_w7_refunded_month_is_not_compared_until_paid_anew(self):
        agent, figure = self._owe()
        january = self.env["hr.payslip"].search([("employee_id", "=", agent.id)])
        february = self._pay(agent, "2025-02")
        january.refund_sheet()
        self.assertEqual(self._find(agent), {})
        self.assertPaid(self._pay(agent, "2025-01"), BASE=2000, COMMISSION=500)
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): -500})
        self.assertEqual(self._settled(february), {"COMMISSION": 500})
        figure.sales = 200000
        self.assertEqual(self._find(agent), {})

    def test_w7_against_the_agent_within_the_cap_the_rest_carried(self):
        """5 % of 1,700 is 85: of 200 taken in three payslips 85, 85 and 30; fines wait."""
        self.policy.fine_cap_percent = 5
        figure = self._figure(self.agent, "2025-01", sales=200000)
        self.assertPaid(self._pay(self.agent, "2025-01"), BASE=1700, COMMISSION=200)
        violation = self._violation(self.agent, "2025-02-03", fine=60)
        figure.sales = 0
        for month, taken, rest, fine in (
            ("2025-02", -85, -115, 0),
            ("2025-03", -85, -30, 0),
            ("2025-04", -30, None, -55),
            ("2025-05", None, None, -5),
        ):
            slip = self._pay(self.agent, month)
            self.assertEqual(self._settled(slip).get("COMMISSION"), taken, month)
            self.assertEqual(self._amounts(slip)["FINE"], fine, month)
            self.assertEqual(self._find(self.agent).get(("2025-01", "COMMISSION")), rest, month)
        self.assertEqual(violation.fine_taken, 60)

    def test_w7_never_below_the_minimum_wage(self):
        self.policy.minimum_wage = 1680
        figure = self._figure(self.agent, "2025-01", sales=200000)
        self._pay(self.agent, "2025-01")
        figure.sales = 0
        self.assertEqual(self._settled(self._pay(self.agent, "2025-02")), {"COMMISSION": -20})
        self.assertEqual(self._find(self.agent), {("2025-01", "COMMISSION"): -180})

    def test_w7_favour_widens_the_limit(self):
        """+300 of base and -500 of commission: 20 % of 2,000 are 400."""
        self._figure(self.agent, "2025-01", sales=500000).sales = 500000
        self._pay(self.agent, "2025-01")
        self.agent.version_id.cs_tier_id = self.tiers["senior"]  # 2500 of commission
        figure = self.env["cs.figure"].search([("employee_id", "=", self.agent.id)])
        figure.sales = 0
        self.assertEqual(
            self._find(self.agent), {("2025-01", "BASE"): 300, ("2025-01", "COMMISSION"): -500}
        )
        february = self._pay(self.agent, "2025-02")
        self.assertEqual(self._settled(february), {"BASE": 300, "COMMISSION": -460})
        self.assertEqual(self._find(self.agent), {("2025-01", "COMMISSION"): -40})

    def test_w7_two_months_in_one_batch_settle_once(self):
        agent, _figure = self._owe()
        slips = self._slip(agent, "2025-02") | self._slip(agent, "2025-03")
        self.assertEqual([self._settled(slip) for slip in slips], [{"COMMISSION": 500}] * 2)
        self._confirm(slips)
        self.assertEqual([self._settled(slip) for slip in slips], [{"COMMISSION": 500}, {}])
        self.assertEqual(self._find(agent), {})

    def test_w7_not_settled_twice_without_computing(self):
        self.param.set_param("payroll.prevent_compute_on_confirm", True)
        agent, _figure = self._owe()
        february, march = self._slip(agent, "2025-02"), self._slip(agent, "2025-03")
        self._confirm(february)
        with self.assertRaisesRegex(UserError, "Compute the payslip again"):
            self._confirm(march)
        march.compute_sheet()
        self._confirm(march)
        self.assertEqual(self._find(agent), {})

    def test_w7_an_edited_line_settles_what_it_says(self):
        self.param.set_param("payroll.prevent_compute_on_confirm", True)
        agent, _figure = self._owe()
        february = self._slip(agent, "2025-02")
        self._line(february, "ARREARS_COMMISSION").amount = 200
        self._confirm(february)
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 300})

    def test_w7_how_far_back(self):
        """Twelve months before the payslip's are settled, what lies further back is listed."""
        self.agent.version_id.write(
            {"date_version": "2024-01-01", "contract_date_start": "2024-01-01"}
        )
        for month in ("2024-01", "2024-02", "2025-01"):
            self._pay(self.agent, month)
        for month in ("2024-01", "2024-02"):
            self._figure(self.agent, month, sales=10000)
        february = self._slip(self.agent, "2025-02")
        self.assertEqual(self._settled(february), {"COMMISSION": 10})
        rows = self.env["cs.pay.difference"]._refresh(self.company, self.agent.ids)
        self.assertEqual([(row.amount, row.beyond) for row in rows], [(10, True), (10, False)])
        self.company.cs_arrears_months = 0
        february.compute_sheet()
        self.assertEqual(self._settled(february), {})

    def test_r5_never_before_joining(self):
        """Of a former employment nothing is settled by itself; it is listed."""
        agent = self._make_agent("Cora", hired="2025-01-01", left="2025-02-28")
        self._pay(agent, "2025-02")
        agent.create_version(
            {
                "date_version": "2025-04-01",
                "contract_date_start": "2025-04-01",
                "contract_date_end": False,
                "cs_tier_id": self.tiers["junior"].id,
                "cs_tier_since": "2025-04-01",
            }
        )
        self._figure(agent, "2025-02", sales=10000)
        self.assertEqual(self._settled(self._slip(agent, "2025-04")), {})
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual([(row.amount, row.beyond) for row in rows], [(10, True)])

    def test_w7_structure_without_the_rule_is_warned_of(self):
        structure = self.company._get_cs_structure()
        structure.rule_ids -= structure.rule_ids.filtered(
            lambda rule: rule.cs_item == "ARREARS_COMMISSION"
        )
        agent, _figure = self._owe()
        february = self._slip(agent, "2025-02")
        self.assertEqual(self._settled(february), {})
        self.assertIn("no_arrears_rule", self._warnings(february))
        self._confirm(february)
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 500})
