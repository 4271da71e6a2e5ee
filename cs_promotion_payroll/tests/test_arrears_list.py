from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .arrears_common import ArrearsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestArrearsList(ArrearsCase):
    """W7: the list To Be Settled shows every difference with its reason, to those who pay."""

    def _open_list(self, user):
        model = self.env["cs.pay.difference"].with_user(user).with_company(self.company)
        action = model.action_open()
        self.assertEqual(action["res_model"], "cs.pay.difference")
        return model.search([("company_id", "=", self.company.id)])

    def test_w7_opening_it_brings_it_up_to_date(self):
        hr = self._make_user("hr", "base.group_user,hr.group_hr_manager")
        figure = self._figure(self.agent, "2025-01", sales=100000)
        self._pay(self.agent, "2025-01")
        self.assertFalse(self._open_list(hr))
        figure.sales = 50000
        for user in (hr, self.user_officer, self.user_payroll):
            row = self._open_list(user)
            self.assertEqual((row.employee_id, row.amount), (self.agent, -50))
            self.assertEqual(row.month, self._date("2025-01-01"))
            self.assertEqual(row.cause, "The sales figure changed (100000 → 50000)")
        figure.sales = 100000
        self.assertFalse(self._open_list(hr))

    def test_w7_the_scheduled_action_does_the_same(self):
        figure = self._figure(self.agent, "2025-01", sales=100000)
        self._pay(self.agent, "2025-01")
        figure.sales = 50000
        with self.enter_registry_test_mode():
            self.env.ref("cs_promotion_pay.ir_cron_refresh").method_direct_trigger()
        rows = self.env["cs.pay.difference"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual(rows.amount, -50)

    def test_w7_companies_apart_and_agents_see_nothing(self):
        other = self._make_user(
            "hr_b", "base.group_user,payroll.group_payroll_manager", self.company_b
        )
        self._figure(self.agent, "2025-01", sales=100000)
        self._pay(self.agent, "2025-01")
        self._figure(self.peer, "2025-01", sales=1000)
        figure = self.env["cs.figure"].search([("employee_id", "=", self.agent.id)])
        figure.sales = 0
        rows = self.env["cs.pay.difference"]._refresh(self.company, self.agent.ids)
        self.assertTrue(rows)
        theirs = self.env["cs.pay.difference"].with_user(other).with_company(self.company_b)
        theirs.action_open()
        self.assertFalse(self._as(other, theirs).search([("id", "in", rows.ids)]))
        for user in (self.user_agent, self.user_superior, self.user_stranger):
            with self.assertRaises(AccessError):
                self._as(user, rows).read(["amount"])
            with self.assertRaises(AccessError):
                self._as(user, rows).action_open()
        for user in (self.user_payroll, self.user_officer):
            with self.assertRaises(AccessError):
                self._as(user, rows).write({"amount": 1})
            with self.assertRaises(AccessError):
                self._as(user, rows).unlink()
            with self.assertRaises(AccessError):
                self._as(user, rows).create({"employee_id": self.agent.id})

    def test_w7_what_payslips_settled_is_seen_like_the_payslips(self):
        figure = self._figure(self.agent, "2025-01", sales=100000)
        self._pay(self.agent, "2025-01")
        figure.sales = 150000
        rows = self._pay(self.agent, "2025-02").cs_settlement_ids
        self.assertEqual(rows.amount, 50)
        self.assertEqual(self._as(self.user_agent, rows).amount, 50)
        self.assertEqual(self._as(self.user_payroll, rows).amount, 50)
        with self.assertRaises(AccessError):
            self._as(self.user_peer, rows).read(["amount"])

    def test_w7_a_leavers_rest_is_listed_until_it_is_settled(self):
        agent = self._make_agent("Leo", left="2025-01-31")
        self._pay(agent, "2025-01")
        self._figure(agent, "2025-01", sales=100000)
        clerk = self._make_user("clerk", "base.group_user,payroll.group_payroll_user")
        differences = self.env["cs.pay.difference"]
        with freeze_time("2025-03-01"):
            differences._refresh(self.company, agent.ids)
            differences._remind_of_leavers(self.company)
            differences._remind_of_leavers(self.company)
        row = differences.search([("has_left", "=", True), ("company_id", "=", self.company.id)])
        self.assertEqual((row.employee_id, row.amount, row.beyond), (agent, 100, False))
        todo = agent.activity_ids.filtered(lambda each: each.user_id == clerk)
        self.assertEqual(len(todo), 1)
        self.assertIn("Leo", todo.summary)
        self.assertIn("100.00", todo.summary)
        with freeze_time("2027-03-01"):
            self.assertEqual(self._listed(agent), {("2025-01", "COMMISSION"): 100})
            self.assertFalse(row.exists().beyond, "it never gets too old for a leaver")
        action = row.with_user(self.user_payroll).action_settle()
        last = self.env["hr.payslip"].search(action["domain"])
        self.assertEqual(last.cs_pay_month, self._date("2025-02-01"))
        self.assertEqual(self._settled(last), {"COMMISSION": 100})
        self._confirm(last)
        self.assertFalse(row.exists())
        differences._remind_of_leavers(self.company)
        self.assertFalse(todo.exists())

    def test_w7_who_is_employed_waits_for_the_next_payslip(self):
        self._pay(self.agent, "2025-01")
        self._figure(self.agent, "2025-01", sales=100000)
        row = self.env["cs.pay.difference"]._refresh(self.company, self.agent.ids)
        self.assertFalse(row.has_left)
        with self.assertRaisesRegex(UserError, "Choose leavers"):
            row.with_user(self.user_payroll).action_settle()
        with self.assertRaises(AccessError):
            row.with_user(self.user_agent).action_settle()

    def test_w7_number_of_queries_does_not_grow(self):
        agents = [self._make_agent(f"Agent {number}") for number in range(10)]
        for agent in agents:
            self._pay(agent, "2025-01")
            self._figure(agent, "2025-01", sales=1000)
        counts = []
        for some in (agents[:2], agents):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env["cs.pay.difference"]._refresh(self.company, [a.id for a in some])
            self.assertEqual(rows.mapped("amount"), [1] * len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
