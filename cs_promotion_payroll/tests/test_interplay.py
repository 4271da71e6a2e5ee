"""Where the parts of pay meet: arrears with fines, refunds, absence, contracts, pay months,
structures and currencies. Amounts by hand.

A junior has 1700, 200 by the score, 0.1 % of the sales; a senior 2000, 400, 0.5 %.
"""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.cs_promotion.models import scheduled

from .test_arrears import ArrearsCase
from .test_structure_prepare import OwnStructureCase


class InterplayCase(ArrearsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.param = cls.env["ir.config_parameter"].sudo()

    @classmethod
    def _run_action(cls, case, name):
        cron = case.env.ref(f"cs_promotion_payroll.ir_cron_{name}")
        with case.enter_registry_test_mode():
            cron.method_direct_trigger()
        case.env.invalidate_all()

    def _read(self, slip):
        """What a payslip pays, settles and takes, line by line."""
        slip = slip.sudo()
        return (
            [(each.code, each.name, each.total) for each in slip.line_ids],
            sorted((each.month, each.item, each.amount) for each in slip.cs_settlement_ids),
            sorted((each.violation_id.id, each.amount) for each in slip.cs_taking_ids),
            slip.cs_figures,
        )

    def _same(self, agent, month):
        """The payslip by form, computed twice; wizard and scheduled action pay the same."""
        single = self._slip(agent, month)
        found = self._read(single)
        single.compute_sheet()
        self.assertEqual(self._read(single), found, "computed twice")
        single.action_payslip_cancel()
        batch = self._batch(agent, month).slip_ids
        self.assertEqual(self._read(batch), found, "by the wizard")
        batch.action_payslip_cancel()
        with patch.object(scheduled, "BATCH", 1):
            run = self._batch(agent + self.peer, month)
            self.assertFalse(run.slip_ids)
            self._run_action(self, "make")
        large = run.slip_ids.filtered(lambda each: each.employee_id == agent)
        self.assertEqual(self._read(large), found, "by the scheduled action")
        (run.slip_ids - large).action_payslip_cancel()
        return large.with_user(self.user_payroll)

    def _settles(self, slip, **amounts):
        self.assertEqual(self._settled(slip), amounts)

    def _sales_gone(self, agent=None, sales=500000):
        """A junior was paid 0.1 % of 500,000 = 500 for January that are nought by now."""
        agent = agent or self.agent
        figure = self._figure(agent, "2025-01", sales=sales)
        self._pay(agent, "2025-01")
        figure.sales = 0
        return figure


@tagged("post_install", "-at_install", "cs_promotion")
class TestArrearsAndFines(InterplayCase):
    def test_one_cap_for_both_over_four_months(self):
        """20 % of 1,700 is 340 a month: of -500 and fines of 100 and 90: 340; 160 and 180; 10."""
        self._sales_gone()
        fines = self._violation(self.agent, "2025-02-03", fine=100)
        fines += self._violation(self.agent, "2025-02-04", fine=90)
        for month, arrear, fine in (
            ("2025-02", -340, 0),
            ("2025-03", -160, -180),
            ("2025-04", 0, -10),
            ("2025-05", 0, 0),
        ):
            slip = self._same(self.agent, month)
            found = self._amounts(slip)
            self.assertEqual(
                (found.get("ARREARS_COMMISSION", 0), found["FINE"], found["NET"]),
                (arrear, fine, 1700 + arrear + fine),
                month,
            )
            self._confirm(slip)
        self.assertEqual(fines.mapped("fine_taken"), [100, 90])
        self.assertEqual(self._find(self.agent), {})

    def test_minimum_wage_for_both(self):
        """Never below 1,650: 50 a month; with sales of 100,000 (100 of commission) 150."""
        self.policy.minimum_wage = 1650
        self._sales_gone(sales=80000)  # 80
        self._violation(self.agent, "2025-02-03", fine=100)
        self._figure(self.agent, "2025-03", sales=100000)
        for month, arrear, fine, net in (
            ("2025-02", -50, 0, 1650),
            ("2025-03", -30, -100, 1670),
            ("2025-04", 0, 0, 1700),
        ):
            slip = self._same(self.agent, month)
            found = self._amounts(slip)
            self.assertEqual(
                (found.get("ARREARS_COMMISSION", 0), found["FINE"], found["NET"]),
                (arrear, fine, net),
                month,
            )
            self._confirm(slip)

    def test_returns_first_then_the_cap_of_what_is_left(self):
        """Sales of -100,000 in January take 100 of February's commission of 200: the gross is
        1,800, of which 20 % are 360, for what is owed back of base wage (a senior by mistake)."""
        agent = self._make_agent("Cora", tier="senior")
        figure = self._figure(agent, "2025-01", sales=0)
        self._pay(agent, "2025-01")
        agent.version_id.cs_tier_id = self.tiers["junior"]  # -300
        figure.sales = -100000  # -100 by a junior's rate
        self._figure(agent, "2025-02", sales=200000)
        self.policy.fine_cap_percent = 10
        self._violation(agent, "2025-02-10", fine=50)
        slip = self._same(agent, "2025-02")
        # 1,700 + 200 - 100 = 1,800: 10 % are 180
        self.assertEqual(
            self._amounts(slip),
            {
                "BASE": 1700,
                "APPRAISAL": 0,
                "COMMISSION": 200,
                "ARREARS_BASE": -180,
                "ARREARS_COMMISSION": -100,
                "GROSS": 1620,
                "FINE": 0,
                "NET": 1620,
            },
        )

    def _owing(self):
        """+120 of January's score, -250 of its sales, a fine of 60."""
        agent = self._make_agent("Cora")
        self._play("2025-01", {agent: 40})
        figure = self._figure(agent, "2025-01", sales=250000)
        self.assertPaid(self._pay(agent, "2025-01"), BASE=1700, APPRAISAL=80, COMMISSION=250)
        self._rescore(agent, "2025-01", 100)
        figure.sales = 0
        violation = self._violation(agent, "2025-02-05", fine=100)
        return agent, violation

    def _check_february(self, slip):
        """20 % of 1,820 are 364: 250 and 100 fit."""
        self.assertEqual(
            self._amounts(slip),
            {
                "BASE": 1700,
                "APPRAISAL": 0,
                "COMMISSION": 0,
                "ARREARS_APPRAISAL": 120,
                "ARREARS_COMMISSION": -250,
                "GROSS": 1570,
                "FINE": -100,
                "NET": 1470,
            },
        )

    def test_refunded_and_paid_anew(self):
        agent, violation = self._owing()
        first = self._same(agent, "2025-02")
        self._confirm(first)
        self._check_february(first)
        self.assertEqual((violation.fine_taken, self._find(agent)), (100, {}))
        first.refund_sheet()
        refund = first.sudo().refunded_id
        self._check_february(refund)
        self.assertEqual(violation.fine_taken, 0)
        self.assertEqual(
            self._find(agent),
            {("2025-01", "APPRAISAL"): 120, ("2025-01", "COMMISSION"): -250},
        )
        again = self._same(agent, "2025-02")
        self._confirm(again)
        self._check_february(again)
        self.assertEqual((violation.fine_taken, self._find(agent)), (100, {}))
        march = self._pay(agent, "2025-03")
        self.assertPaid(march, BASE=1700)

    def test_cancelled_and_settled_by_the_next(self):
        self.param.set_param("payroll.allow_cancel_payslips", True)
        agent, violation = self._owing()
        first = self._pay(agent, "2025-02")
        first.action_payslip_cancel()
        self.assertEqual(violation.fine_taken, 0)
        march = self._pay(agent, "2025-03")
        self._check_february(march)
        # computed anew it finds nothing any more
        first.action_payslip_draft()
        first.compute_sheet()
        self.assertPaid(first, BASE=1700)
        self._confirm(first)
        self.assertEqual((violation.fine_taken, self._find(agent)), (100, {}))

    def test_credit_note_by_hand(self):
        agent, violation = self._owing()
        self._pay(agent, "2025-02")
        run = self._batch(agent, "2025-02", credit_note=True)
        self._check_february(run.slip_ids)
        self._confirm(run.slip_ids)
        self.assertEqual(violation.fine_taken, 0)
        again = self._pay(agent, "2025-02")
        self._check_february(again)
        self.assertEqual((violation.fine_taken, self._find(agent)), (100, {}))

    def test_without_a_rule_for_what_is_owed_back_fines_have_the_whole_limit(self):
        """The structure settles base wage alone: the commission of 500 waits, and takes neither
        room from the fine nor from the base wage."""
        structure = self.company._get_cs_structure()
        structure.rule_ids -= structure.rule_ids.filtered(
            lambda rule: rule.cs_item == "ARREARS_COMMISSION"
        )
        self._sales_gone()
        self._violation(self.agent, "2025-02-05", fine=100)
        slip = self._same(self.agent, "2025-02")
        self.assertPaid(slip, BASE=1700, FINE=-100)
        self.assertIn("no_arrears_rule", self._warnings(slip))


@tagged("post_install", "-at_install", "cs_promotion")
class TestArrearsOfMonths(InterplayCase):
    def _three_months(self):
        agent = self._make_agent("Cora")
        for month, sales in (("2025-01", 0), ("2025-02", 100000), ("2025-03", 50000)):
            self._figure(agent, month, sales=sales)
            self._play(month, {agent: 90})
            self._pay(agent, month)
        return agent

    def test_promotion_back_to_within_a_month_and_withdrawn(self):
        """Senior from 11 February: 10 and 18 of 28 days.

        February: base 1892.86 (+192.86), appraisal 0.9 * 328.571 = 295.71 (+115.71), commission
        at 0.357 % 357.14 (+257.14). March: +300, +180, +200.
        """
        agent = self._three_months()
        decision = self._decide(agent, "senior", "2025-02-11")
        self._apply("2025-04-02")
        self.assertEqual(
            self._find(agent),
            {
                ("2025-02", "BASE"): 192.86,
                ("2025-02", "APPRAISAL"): 115.71,
                ("2025-02", "COMMISSION"): 257.14,
                ("2025-03", "BASE"): 300,
                ("2025-03", "APPRAISAL"): 180,
                ("2025-03", "COMMISSION"): 200,
            },
        )
        april = self._same(agent, "2025-04")
        self._confirm(april)
        self._settles(april, BASE=492.86, APPRAISAL=295.71, COMMISSION=457.14)
        self.assertEqual(self._amounts(april)["BASE"], 2000)
        self.assertEqual(self._find(agent), {})
        decision._take_back("it was another agent")
        # April: 300 of base wage; what was settled is owed back: 1545.71 in all, 340 a month
        rest = 1245.71 + 300
        self.assertEqual(round(sum(self._find(agent).values()), 2), -rest)
        for month in ("2025-05", "2025-06", "2025-07", "2025-08", "2025-09"):
            slip = self._pay(agent, month)
            part = min(340, round(rest, 2))
            self.assertEqual(round(sum(self._settled(slip).values()), 2), -part, month)
            rest -= part
        self.assertEqual(self._find(agent), {})

    def test_score_corrected_twice_before_and_twice_after(self):
        self._play("2025-01", {self.agent: 60})
        self._pay(self.agent, "2025-01")
        self._rescore(self.agent, "2025-01", 80)
        self._rescore(self.agent, "2025-01", 90)
        february = self._same(self.agent, "2025-02")
        self._confirm(february)
        self._settles(february, APPRAISAL=60)
        self._rescore(self.agent, "2025-01", 70)
        self.assertEqual(self._find(self.agent), {("2025-01", "APPRAISAL"): -40})
        self._rescore(self.agent, "2025-01", 50)
        march = self._same(self.agent, "2025-03")
        self._confirm(march)
        self._settles(march, APPRAISAL=-80)
        self.assertEqual(self._find(self.agent), {})
        self._rescore(self.agent, "2025-01", 60)
        april = self._pay(self.agent, "2025-04")
        self._settles(april, APPRAISAL=20)
        self._cycle("2025-01")._reopen("once more")
        self.assertEqual(self._find(self.agent), {}, "open, it is as it was")

    def test_policy_back_twice(self):
        """1,750 from January on: 50 of each month; then 1,720 from February on: -30 of
        February and of March."""
        for month in ("2025-01", "2025-02"):
            self._pay(self.agent, month)
        for day, wage, month, settled in (
            ("2025-01-01", 1750, "2025-03", 100),
            ("2025-02-01", 1720, "2025-04", -60),
        ):
            policy = self._make_policy(self.company, day, activate=False)
            line = policy.pay_ids.filtered(lambda each: each.tier_id == self.tiers["junior"])
            line.base_wage = wage
            policy.action_activate()
            slip = self._same(self.agent, month)
            self._confirm(slip)
            self._settles(slip, BASE=settled)
            self.assertEqual(self._amounts(slip)["BASE"], wage)
            self.assertEqual(self._find(self.agent), {})

    def test_agreed_wage_by_each_basis(self):
        """Of a base wage of 1,700: 1,500 agreed after January was paid, 2,200 after February."""
        for day, basis, low, per_month in (
            ("2024-07-01", "tier", {}, 0),
            ("2024-08-01", "agreed", {"BASE": -200}, 500),
            ("2024-09-01", "higher", {}, 500),
        ):
            policy = self._make_policy(self.company, day, activate=False)
            policy.wage_basis = basis
            policy.action_activate()
            agent = self._make_agent(f"Agreed {basis}")
            self._pay(agent, "2025-01")
            agent.version_id.write({"wage": 1500, "cs_wage_agreed": True})
            february = self._pay(agent, "2025-02")
            self._settles(february, **low)
            agent.version_id.write({"wage": 2200})
            march = self._slip(agent, "2025-03")
            # of January 200 were taken back already; February was paid by 1,500
            settled = {"tier": 0, "agreed": 2 * 700, "higher": 2 * 500}[basis]
            self.assertEqual(self._settled(march).get("BASE", 0), settled, basis)
            self.assertEqual(self._amounts(march)["BASE"], 1700 + per_month, basis)

    def test_a_month_from_the_26th_by_results_of_the_month_before(self):
        """March's payslip, 26 February to 25 March (28 days), pays February's score."""
        self.company.cs_period_day = 25
        self.company.cs_results_month = "before"
        agent = self._make_agent("Cora")
        figure = self._figure(agent, "2025-02", sales=100000)
        self._play("2025-02", {agent: 50})
        slip = self._slip(agent, "2025-03", date_from="2025-02-26", date_to="2025-03-25")
        self.assertPaid(slip, BASE=1700, APPRAISAL=100, COMMISSION=100)
        self._confirm(slip)
        self._rescore(agent, "2025-02", 100)
        figure.sales = 50000
        self._decide(agent, "senior", "2025-03-12")  # 14 of 28 days
        self._apply("2025-04-01")
        # base 1850; appraisal 300; commission 0.3 % of 50,000 = 150
        self.assertEqual(
            self._find(agent),
            {
                ("2025-03", "BASE"): 150,
                ("2025-03", "APPRAISAL"): 200,
                ("2025-03", "COMMISSION"): 50,
            },
        )
        april = self._slip(agent, "2025-04", date_from="2025-03-26", date_to="2025-04-25")
        self._settles(april, BASE=150, APPRAISAL=200, COMMISSION=50)

    def test_yen(self):
        """Whole yen: 20 % of 1,703 (3 of commission) is 341 (340.6)."""
        yen = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", "JPY")])
        )
        yen.active = True
        self.company.currency_id = yen
        figure = self._figure(self.agent, "2025-01", sales=400700)  # 400.7: 401
        self._pay(self.agent, "2025-01")
        figure.sales = 10400  # 10.4: 10
        self._figure(self.agent, "2025-02", sales=3000)
        self._violation(self.agent, "2025-02-03", fine=50)
        self.assertEqual(self._find(self.agent), {("2025-01", "COMMISSION"): -391})
        february = self._same(self.agent, "2025-02")
        self._confirm(february)
        found = self._amounts(february)
        self.assertEqual(
            (found["ARREARS_COMMISSION"], found["FINE"], found["NET"]), (-341, 0, 1362)
        )
        march = self._pay(self.agent, "2025-03")
        found = self._amounts(march)
        self.assertEqual(
            (found["ARREARS_COMMISSION"], found["FINE"], found["NET"]), (-50, -50, 1600)
        )

    def test_returns_and_the_refund_of_the_month_that_bore_them(self):
        """January -50,000: -50; February's commission of 30 bears 30, March's of 100 the rest."""
        agent = self._make_agent("Cora")
        self._figure(agent, "2025-01", sales=-50000)
        self._figure(agent, "2025-02", sales=30000)
        self._figure(agent, "2025-03", sales=100000)
        self.assertPaid(self._pay(agent, "2025-01"), BASE=1700)
        february = self._same(agent, "2025-02")
        self._confirm(february)
        self._settles(february, COMMISSION=-30)
        february.refund_sheet()
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): -50})
        march = self._pay(agent, "2025-03")
        self._settles(march, COMMISSION=-50)
        again = self._pay(agent, "2025-02")
        self.assertPaid(again, BASE=1700, COMMISSION=30)
        self.assertEqual(self._find(agent), {})


@tagged("post_install", "-at_install", "cs_promotion")
class TestInterplayOfPeople(InterplayCase):
    def test_moved_within_the_month_with_an_arrear(self):
        """The old company settles what it owes with its payslip of the last days."""
        agent = self._make_agent("Cora")
        self._play("2025-01", {agent: 50})
        self._pay(agent, "2025-01")
        self._rescore(agent, "2025-01", 100)
        self._move(agent, "2025-02-15")
        slip = self._batch_of_left("2025-02")
        self.assertEqual(slip.sudo().employee_id, agent)
        self._settles(slip, APPRAISAL=100)
        # 14 of 28 days
        self.assertEqual(self._amounts(slip)["BASE"], 850)
        self._confirm(slip)
        self.assertFalse(self._open_in(self.company, agent))
        self.assertFalse(self._open_in(self.company_b, agent))

    def test_moved_and_found_after_the_last_payslip(self):
        agent = self._make_agent("Cora")
        self._play("2025-01", {agent: 50})
        self._pay(agent, "2025-01")
        self._move(agent, "2025-02-01")
        self._rescore(agent, "2025-01", 100)
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left), (100, True))
        payroll_b = self._make_user("pay_b", "payroll.group_payroll_manager", self.company_b)
        theirs = self._slip(agent, "2025-02", user=payroll_b)
        self.assertEqual((theirs.company_id, self._settled(theirs)), (self.company_b, {}))
        action = rows.with_user(self.user_payroll).with_company(self.company).action_settle()
        slip = self.env["hr.payslip"].search(action["domain"])
        self.assertEqual(slip.company_id, self.company)
        self._settles(slip, APPRAISAL=100)
        self._confirm(slip.with_user(self.user_payroll))
        self.assertFalse(self._open_in(self.company, agent))

    def _open_in(self, company, agent):
        return self.env["cs.pay.difference"]._find(company, agent.ids)

    def _move(self, agent, day):
        """To the other company, as HR does."""
        with freeze_time(f"{day} 10:00:00"):
            agent.write(
                {
                    "company_id": self.company_b.id,
                    "department_id": self.hotline_b.id,
                    "parent_id": self.superior_b.id,
                }
            )
        self.env.flush_all()
        self.env.invalidate_all()

    def _batch_of_left(self, month):
        """The old company's payroll makes payslips of those who left it."""
        run = self._batch(self.peer, month)
        run.slip_ids.action_payslip_cancel()
        run.slip_ids.unlink()
        wizard = self.env["hr.payslip.employees"].with_user(self.user_payroll)
        wizard.with_context(active_id=run.id).create({"cs_with_left": True}).compute_sheet()
        return run.slip_ids

    def test_leaver_with_an_open_rest_who_comes_back(self):
        """Left on 28 February owing 500; the settlement takes nothing of nought; back in April
        it stays on the list, and the fine of then is still due."""
        agent = self._make_agent("Cora", left="2025-02-28")
        self._sales_gone(agent)
        self._violation(agent, "2025-02-10", fine=60)
        february = self._same(agent, "2025-02")
        self._confirm(february)
        found = self._amounts(february)
        self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (-340, 0))
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left), (-160, True))
        slip = self.env["hr.payslip"].search(
            rows.with_user(self.user_payroll).action_settle()["domain"]
        )
        self.assertEqual(self._amounts(slip)["NET"], 0)
        slip.action_payslip_cancel()
        agent.create_version(
            {
                "date_version": "2025-04-01",
                "contract_date_start": "2025-04-01",
                "contract_date_end": False,
                "cs_tier_id": self.tiers["junior"].id,
                "cs_tier_since": "2025-04-01",
            }
        )
        april = self._same(agent, "2025-04")
        self.assertPaid(april, BASE=1700, FINE=-60)
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual((rows.amount, rows.has_left, rows.beyond), (-160, False, True))


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
class TestArrearsOfAbsence(InterplayCase):
    """April 2025 has 30 days, 22 of them working days."""

    def _unpaid(self, agent, first, last):
        kind = self.env["hr.leave.type"].create(
            {
                "name": "Unpaid",
                "requires_allocation": False,
                "leave_validation_type": "no_validation",
                "company_id": self.company.id,
                "unpaid": True,
            }
        )
        self.env["hr.leave"].create(
            {
                "employee_id": agent.id,
                "holiday_status_id": kind.id,
                "request_date_from": first,
                "request_date_to": last,
            }
        )

    def test_unpaid_leave_reduces_what_is_owed(self):
        """17 of 22 days: 1313.64 of 1,700, of 2,000 from the first on 1545.45; cap 20 %."""
        agent = self._make_agent("Cora")
        self._unpaid(agent, "2025-04-07", "2025-04-11")
        self.assertPaid(self._pay(agent, "2025-04"), BASE=1313.64)
        agent.version_id.cs_tier_id = self.tiers["senior"]
        self.assertEqual(self._find(agent), {("2025-04", "BASE"): 231.81})
        may = self._same(agent, "2025-05")
        self._confirm(may)
        self._settles(may, BASE=231.81)
        self.assertEqual(self._find(agent), {})

    def test_twenty_unpaid_days_cap_what_is_taken(self):
        """March's -100; in April 20 of 22 days unpaid: 154.55, of which 20 % are 30.91."""
        agent = self._make_agent("Cora")
        figure = self._figure(agent, "2025-03", sales=100000)
        self._pay(agent, "2025-03")
        figure.sales = 0
        self._violation(agent, "2025-04-01", fine=50)
        self._unpaid(agent, "2025-04-01", "2025-04-28")
        april = self._same(agent, "2025-04")
        self._confirm(april)
        found = self._amounts(april)
        self.assertEqual(
            (found["BASE"], found["ARREARS_COMMISSION"], found["FINE"], found["NET"]),
            (154.55, -30.91, 0, 123.64),
        )
        may = self._same(agent, "2025-05")
        found = self._amounts(may)
        self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (-69.09, -50))

    def test_two_contracts(self):
        """The second contract, from 16 April on, turns out to be a senior's: 850 + 1,000."""
        agent = self._make_agent("Cora", left="2025-04-15")
        again = agent.create_version(
            {
                "date_version": "2025-04-16",
                "contract_date_start": "2025-04-16",
                "contract_date_end": False,
            }
        )
        self._play("2025-04", {agent: 50})
        self.assertPaid(self._pay(agent, "2025-04"), BASE=1700, APPRAISAL=100)
        self._rescore(agent, "2025-04", 100)
        self._decide(agent, "senior", "2025-04-16")
        self._apply("2025-05-02")
        self.assertEqual(again.cs_tier_id, self.tiers["senior"])
        # appraisal 100 + 200 of score 100, 100 paid
        self.assertEqual(
            self._find(agent), {("2025-04", "BASE"): 150, ("2025-04", "APPRAISAL"): 200}
        )
        may = self._same(agent, "2025-05")
        self._settles(may, BASE=150, APPRAISAL=200)
        self.assertEqual(self._amounts(may)["BASE"], 2000)

    def test_part_time(self):
        """Three of five days from 16 April on, known after pay: 850 + 510, -340: all in May,
        whose gross is 1,020 (20 % are 204): the rest in June."""
        agent = self._make_agent("Cora")
        self._pay(agent, "2025-04")
        part = self.company.resource_calendar_id.copy({"name": "Three days"})
        part.attendance_ids.filtered(lambda each: each.dayofweek in ("3", "4")).unlink()
        agent.create_version({"date_version": "2025-04-16"}).resource_calendar_id = part
        self.assertEqual(self._find(agent), {("2025-04", "BASE"): -340})
        for month, part in (("2025-05", -204), ("2025-06", -136)):
            slip = self._same(agent, month)
            self._confirm(slip)
            self.assertEqual(self._amounts(slip)["BASE"], 1020)
            self._settles(slip, BASE=part)
        self.assertEqual(self._find(agent), {})


@tagged("post_install", "-at_install", "cs_promotion")
class TestInterplayOfBatches(InterplayCase):
    def test_ticked_and_confirmed_by_the_scheduled_action(self):
        """Both owe 80 of January (sales), and a fine of 300 that they share the limit with: 340.
        What is not ticked stays; then it pays the same."""
        agents = self.agent + self.peer
        for agent in agents:
            self._sales_gone(agent, sales=80000)
            self._violation(agent, "2025-02-03", fine=100)
            self._violation(agent, "2025-02-04", fine=100)
            self._violation(agent, "2025-02-05", fine=100)
        with patch.object(scheduled, "BATCH", 1):
            run = self._batch(agents, "2025-02")
            self._run_action(self, "make")
            self._tick(run.action_cs_confirm(), run.env, [self.agent.name])
            self._run_action(self, "confirm")
            states = {slip.employee_id: slip.state for slip in run.slip_ids}
            self.assertEqual(states, {self.agent: "done", self.peer: "verify"})
            self._confirm(run)
            self._run_action(self, "confirm")
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
        for slip in run.slip_ids:
            found = self._amounts(slip)
            self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (-80, -260))
            self.assertEqual(sum(slip.sudo().cs_taking_ids.mapped("amount")), 260)
            self.assertEqual(self._find(slip.employee_id), {})
        march = self._batch(agents, "2025-03")
        for slip in march.slip_ids:
            self.assertPaid(slip, BASE=1700, FINE=-40)

    def test_whole_batch_refunded_and_paid_anew(self):
        agents = self.agent + self.peer
        for agent in agents:
            self._sales_gone(agent, sales=500000)
            self._violation(agent, "2025-02-03", fine=100)
        run = self._batch(agents, "2025-02")
        self._confirm(run)
        found = [self._read(slip)[:3] for slip in run.slip_ids]
        run.slip_ids.refund_sheet()
        again = self._batch(agents, "2025-02")
        self.assertEqual([self._read(slip)[:3] for slip in again.slip_ids], found)
        self._confirm(again)
        for agent in agents:
            self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): -160})
        march = self._batch(agents, "2025-03")
        for slip in march.slip_ids:
            found = self._amounts(slip)
            self.assertEqual((found["ARREARS_COMMISSION"], found["FINE"]), (-160, -100))

    def test_settled_by_a_later_month_first(self):
        """March's payslip is confirmed before February's: it settles January's, once."""
        self._sales_gone(sales=300000)
        february, march = self._slip(self.agent, "2025-02"), self._slip(self.agent, "2025-03")
        self._confirm(march)
        self._settles(march, COMMISSION=-300)
        self._confirm(february)
        self._settles(february)
        self.assertEqual(self._find(self.agent), {})

    def test_another_structure_for_one_payslip_settles_nothing(self):
        """HR chooses a structure that does not pay by tier: nothing is settled, all of it open."""
        figure = self._sales_gone()
        flat = self.env["hr.payroll.structure"].create(
            {"name": "Flat", "code": "FLAT", "company_id": self.company.id, "parent_id": False}
        )
        slip = self._slip(self.agent, "2025-02")
        self._settles(slip, COMMISSION=-340)
        slip.struct_id = flat
        slip.compute_sheet()
        self._confirm(slip)
        self.assertFalse(slip.sudo().cs_settlement_ids)
        self.assertEqual(self._find(self.agent), {("2025-01", "COMMISSION"): -500})
        figure.sales = 500000
        self.assertEqual(self._find(self.agent), {})


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
