from odoo.tests import Form, tagged

from .arrears_common import ArrearsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestArrearsBeforehand(ArrearsCase):
    """W7: re-opening, upholding an appeal and correcting figures say beforehand which payslips
    they touch, and by how much."""

    def _ask(self, action):
        return self.env["cs.reason"].browse(action["res_id"]).consequences

    def test_w7_reopening_names_the_payslips_that_rest_on_the_month(self):
        self._play("2025-01", {self.agent: 60, self.peer: 80})
        slips = self._pay(self.agent, "2025-01") | self._pay(self.peer, "2025-01")
        text = self._ask(self._cycle("2025-01").with_user(self.user_manager).action_reopen())
        self.assertIn("2 done payslips rest on the scores of January 2025: 280.00", text)
        self.assertIn(f"Agent, {slips[0].name}: 120.00", text)
        self.assertIn(f"Peer, {slips[1].name}: 160.00", text)

    def test_w7_reopening_an_unpaid_month_names_none(self):
        self._play("2025-01", {self.agent: 60})
        self._slip(self.agent, "2025-01")
        text = self._ask(self._cycle("2025-01").with_user(self.user_manager).action_reopen())
        self.assertNotIn("payslip", text)

    def test_w7_withdrawing_a_decision_tells_the_amounts(self):
        """Back to intermediate: 100 of base wage and 95 of appraisal pay for January."""
        agent, decision = self._demote_paid()
        text = self._ask(decision.with_user(self.user_manager).action_withdraw())
        self.assertIn("+195.00 in all", text)
        self.assertRegex(text, r"January 2025 \(.+\), Base wage: \+100.00")
        self.assertRegex(text, r"January 2025 \(.+\), Appraisal pay: \+95.00")
        self.assertEqual(self._tier_on(agent, "2025-01-01"), "junior", "only asked")
        self.assertEqual(decision.state, "applied")
        self.assertEqual(self._find(agent), {})

    def test_w7_upholding_an_appeal_tells_the_amounts(self):
        """The appeal against the violation behind the demotion is upheld."""
        agent, decision = self._demote_paid()
        appeal = self.env["cs.appeal"].create(
            {
                "employee_id": agent.id,
                "violation_id": decision.violation_ids.id,
                "grounds": "It was another agent",
            }
        )
        appeal.write({"state": "answered", "answer": "So it was"})
        text = self._ask(appeal.with_user(self.user_manager).action_uphold())
        self.assertIn("+195.00 in all", text)
        self.assertEqual(appeal.state, "answered")
        self.assertEqual(decision.state, "applied")
        self._give_reason(appeal.with_user(self.user_manager).action_uphold(), "It was another")
        self.assertEqual(
            self._find(agent), {("2025-01", "BASE"): 100, ("2025-01", "APPRAISAL"): 95}
        )

    def test_w7_upholding_an_appeal_against_a_score_names_the_payslip(self):
        self._play("2025-01", {self.agent: 60, self.peer: 80})
        slip = self._pay(self.agent, "2025-01")
        self._pay(self.peer, "2025-01")
        appeal = self.env["cs.appeal"].create(
            {
                "employee_id": self.agent.id,
                "appraisal_id": self._appraisal(self.agent, "2025-01").id,
                "grounds": "Two items were mixed up",
            }
        )
        appeal.write({"state": "answered", "answer": "So they were", "correct_role": "both"})
        text = self._ask(appeal.with_user(self.user_manager).action_uphold())
        self.assertIn("1 done payslips rest on the scores of January 2025: 120.00", text)
        self.assertIn(f"Agent, {slip.name}: 120.00", text)
        self.assertNotIn("Peer,", text)

    def test_w7_the_form_of_figures(self):
        agent = self._make_agent("Cora", tier="senior")
        figure = self._figure(agent, "2025-01", sales=100000)
        slip = self._pay(agent, "2025-01")
        with Form(figure.with_user(self.user_office)) as form:
            self.assertIn(f"January 2025 is paid ({slip.name}). What other", form.pay_notice)
            form.sales = 50000
            self.assertIn("the next payslip settles -250.00", form.pay_notice)
            form.sales = -10000
            self.assertIn("the next payslip settles -550.00", form.pay_notice)
            form.sales = 100000
        self.assertFalse(self._figure(agent, "2025-02").pay_notice)
        with Form(self.env["cs.figure"].with_user(self.user_office)) as form:
            form.employee_id = self.peer
            form.month = "2025-01-01"
            form.sales = 1000
            self.assertFalse(form.pay_notice)

    def test_w7_the_list_of_figures_costs_no_query_by_the_row(self):
        agents = [self._make_agent(f"Agent {number}") for number in range(8)]
        for agent in agents:
            self._figure(agent, "2025-01", sales=1000)
            self._pay(agent, "2025-01")
        figures = self.env["cs.figure"].search([("employee_id", "in", [a.id for a in agents])])
        counts = []
        for some in (figures[:2], figures):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.user_office).mapped("pay_notice")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_w7_the_import_of_figures(self):
        agent = self._make_agent("Cora", tier="senior")
        self._figure(agent, "2025-01", sales=100000)
        slip = self._pay(agent, "2025-01")
        result = (
            self.env["cs.figure"]
            .with_user(self.user_office)
            .load(
                ["employee_id/.id", "month", "sales"],
                [[str(agent.id), "2025-01", "50000"], [str(self.peer.id), "2025-01", "10"]],
            )
        )
        self.assertEqual(len(result["ids"]), 2)
        (message,) = result["messages"]
        self.assertEqual(message["type"], "warning")
        self.assertIn("1 of these months are paid", message["message"])
        self.assertIn(f"Cora January 2025 ({slip.name}) -250.00", message["message"])

    def _demote_paid(self):
        """An intermediate demoted for a violation, and paid as a junior for January."""
        agent, decision = self._demote("Cora")
        self._play("2025-01", {agent: 95})
        self.assertPaid(self._pay(agent, "2025-01"), BASE=1700, APPRAISAL=190, FINE=-50)
        return agent, decision
