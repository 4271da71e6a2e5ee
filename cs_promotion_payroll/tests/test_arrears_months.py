"""Arrears of paid months: promotions, scores, policies, wages, pay months, currencies (W7, W8)."""

from odoo.tests import tagged

from .arrears_common import InterplayCase


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
            line = policy.rung_ids.filtered(lambda each: each.tier_id == self.tiers["junior"])
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
