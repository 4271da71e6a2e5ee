"""Arrears and fines share one limit; both are given back by refunds (W5, W7)."""

from odoo.tests import tagged

from .arrears_common import InterplayCase


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
