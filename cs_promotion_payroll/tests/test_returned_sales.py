from odoo.tests import tagged

from .arrears_common import ArrearsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestReturnedSales(ArrearsCase):
    """W7: a month in which more comes back than is sold pays no commission, and what that takes
    back comes off the next commissions, unless the policy waives it."""

    def test_w7_over_three_months(self):
        """A senior: 0.5 % of 100000, of -40000, of 10000, of 50000."""
        agent = self._make_agent("Cora", tier="senior")
        for month, sales, own, settled, net, rest in (
            ("2025-01", 100000, 500, {}, 2500, None),
            ("2025-02", -40000, 0, {}, 2000, -200),
            ("2025-03", 10000, 50, {"COMMISSION": -50}, 2000, -150),
            ("2025-04", 50000, 250, {"COMMISSION": -150}, 2100, None),
            ("2025-05", 50000, 250, {}, 2250, None),
        ):
            self._figure(agent, month, sales=sales)
            slip = self._pay(agent, month)
            self.assertEqual(self._amounts(slip)["COMMISSION"], own, month)
            self.assertEqual(self._settled(slip), settled, month)
            self.assertEqual(self._amounts(slip)["NET"], net, month)
            self.assertEqual(self._find(agent).get(("2025-02", "COMMISSION")), rest, month)

    def test_w7_the_line_tells(self):
        agent = self._make_agent("Cora", tier="senior")
        self._figure(agent, "2025-01", sales=-40000)
        slip = self._pay(agent, "2025-01")
        self.assertIn("200.00 to come off the next ones", self._line(slip, "COMMISSION").name)
        self._figure(agent, "2025-02", sales=100000)
        february = self._slip(agent, "2025-02")
        self.assertEqual(self._settled(february), {"COMMISSION": -200})
        self.assertIn(
            "January 2025 -200.00 (more goods came back than were sold (-40000))",
            self._line(february, "ARREARS_COMMISSION").name,
        )

    def test_w7_returns_take_no_wage(self):
        """A cap of 100 % would take all of it: what comes off the commission is none of it."""
        self.policy.fine_cap_percent = 100
        self._figure(self.agent, "2025-01", sales=-100000)
        self._pay(self.agent, "2025-01")
        february = self._pay(self.agent, "2025-02")
        self.assertEqual(self._settled(february), {})
        self.assertEqual(self._amounts(february)["NET"], 1700)
        self.assertEqual(self._find(self.agent), {("2025-01", "COMMISSION"): -100})

    def test_w7_waived(self):
        policy = self._make_policy(self.company, "2025-01-01", activate=False)
        policy.returned_sales = "waived"
        policy.action_activate()
        self._figure(self.agent, "2025-01", sales=-100000)
        slip = self._pay(self.agent, "2025-01")
        self.assertEqual(self._amounts(slip)["COMMISSION"], 0)
        self.assertEqual(self._find(self.agent), {})

    def test_w7_returns_corrected(self):
        """-40000 becomes -20000 after 150 of 200 came off: 50 are owed back to the agent."""
        agent = self._make_agent("Cora", tier="senior")
        figure = self._figure(agent, "2025-01", sales=-40000)
        self._pay(agent, "2025-01")
        self._figure(agent, "2025-02", sales=30000)
        self.assertEqual(self._settled(self._pay(agent, "2025-02")), {"COMMISSION": -150})
        figure.sales = -20000
        self.assertEqual(self._find(agent), {("2025-01", "COMMISSION"): 50})
        self.assertEqual(self._settled(self._pay(agent, "2025-03")), {"COMMISSION": 50})

    def test_w7_a_paid_month_turns_negative(self):
        """Paid 500; then -20000: 500 are owed back as pay, 100 come off the next commissions."""
        agent = self._make_agent("Cora", tier="senior")
        figure = self._figure(agent, "2025-01", sales=100000)
        self._pay(agent, "2025-01")
        figure.with_user(self.user_office).sales = -20000
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual(
            sorted((row.amount, row.returned) for row in rows), [(-500, False), (-100, True)]
        )
        self._figure(agent, "2025-02", sales=10000)
        # the commission of 50, and 20 % of the 2000 that are left
        february = self._pay(agent, "2025-02")
        self.assertEqual(self._settled(february), {"COMMISSION": -450})
        rows = self.env["cs.pay.difference"]._refresh(self.company, agent.ids)
        self.assertEqual(
            sorted((row.amount, row.returned) for row in rows), [(-100, False), (-50, True)]
        )

    def test_w7_the_policy_page_tells(self):
        self.assertIn("comes off the next commissions", self.policy.page_html)
        policy = self._make_policy(self.company, "2025-01-01", activate=False)
        policy.returned_sales = "waived"
        self.assertIn("nothing is taken back", policy.page_html)
