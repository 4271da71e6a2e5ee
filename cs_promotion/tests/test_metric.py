"""Metrics of the company's own: figures, what is made of them, and rules that go by them."""

from fractions import Fraction

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.series import Scope
from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestMetric(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls._metric("tickets", unit="tickets")
        cls.solved = cls._metric("solved")

    @classmethod
    def _metric(cls, code, **values):
        values = {"name": code.title(), "code": code, **values}
        return cls.env["cs.metric"].create(values)

    def _measure(self, metric, whose, day, value):
        key = {"hr.employee": "employee_id", "hr.department": "department_id"}
        values = {
            "metric_id": metric.id,
            "date": day,
            "value": value,
            "company_id": self.company.id,
        }
        if whose:
            values[key[whose._name]] = whose.id
        return self.env["cs.measure"].with_company(self.company).create(values)

    def _load(self, code, until, agents=None):
        agents = agents or self.agent
        timelines = self.env["cs.timeline"]._load(agents.ids, self.company)
        scope = Scope(timelines, self.company, fields.Date.to_date(until))
        metric = self.env["cs.vocabulary"]._get_metrics()[code]
        [(_metric, series)] = self.env["cs.facts"]._load_series([metric], scope)
        return {
            agent.name: [(f"{each.start}", each.value) for each in series.get(agent.id, ())]
            for agent in agents
        }

    def test_any_day_stands_for_the_first_of_its_period(self):
        measure = self._measure(self.tickets, self.agent, "2025-03-17", 120)
        self.assertEqual(f"{measure.date}", "2025-03-01")
        self.assertEqual(measure.company_id, self.company)
        self.assertEqual(self._load("tickets", "2025-03-31")["Agent"], [("2025-03-01", 120)])
        self.assertEqual(self._load("tickets", "2025-03-30")["Agent"], [])
        measure.date = "2025-04-30"
        self.assertEqual(f"{measure.date}", "2025-04-01")

    def test_an_exact_ratio_in_percent_and_none_of_nothing(self):
        self._metric("rate", kind="ratio", one="solved", other="tickets", percent=True)
        for day, tickets, solved in (("2025-01-01", 3, 1), ("2025-02-01", 0, 0)):
            self._measure(self.tickets, self.agent, day, tickets)
            self._measure(self.solved, self.agent, day, solved)
        self.assertEqual(
            self._load("rate", "2025-02-28")["Agent"], [("2025-01-01", Fraction(100, 3))]
        )

    def test_a_ratio_over_a_quarter_is_that_of_what_both_come_to_in_it(self):
        quarter = {"kind": "ratio", "one": "solved", "other": "tickets", "grain": "quarter"}
        self._metric("rate_quarter", percent=True, **quarter)
        for day, tickets, solved in (("2025-01-01", 10, 5), ("2025-02-01", 100, 92)):
            self._measure(self.tickets, self.agent, day, tickets)
            self._measure(self.solved, self.agent, day, solved)
        # 97 of 110, not the mean of 50 % and 92 %
        found = self._load("rate_quarter", "2025-03-31")["Agent"]
        self.assertEqual(found, [("2025-01-01", Fraction(970, 11))])

    def test_what_goes_by_an_archived_metric_still_does(self):
        self._metric("tickets_year", kind="period", one="tickets", grain="year")
        self._measure(self.tickets, self.agent, "2025-03-01", 120)
        (self.tickets | self.solved).active = False
        self.assertEqual(self._load("tickets", "2025-03-31")["Agent"], [("2025-03-01", 120)])
        self.assertEqual(self._load("tickets_year", "2025-12-31")["Agent"], [("2025-01-01", 120)])

    def test_a_quarter_comes_of_its_months_and_a_department_of_its_members(self):
        self._metric("by_quarter", kind="period", one="tickets", grain="quarter", gather="mean")
        self._metric("by_team", kind="members", one="tickets", subject="department", gather="mean")
        for agent, value in ((self.agent, 100), (self.peer, 200)):
            self._measure(self.tickets, agent, "2025-01-01", value)
        self._measure(self.tickets, self.agent, "2025-03-01", 50)
        quarter = self._load("by_quarter", "2025-03-31")["Agent"]
        self.assertEqual(quarter, [("2025-01-01", 75)])
        team = self._load("by_team", "2025-01-31", self.agent | self.peer)
        self.assertEqual(team, {name: [("2025-01-01", 150)] for name in ("Agent", "Peer")})

    def test_a_department_s_and_the_company_s_value_is_that_of_each_of_them(self):
        floor = self._metric("floor", subject="department")
        profit = self._metric("profit", subject="company")
        self._measure(floor, self.hotline, "2025-01-01", 7)
        self._measure(profit, None, "2025-01-01", -3)
        self.assertEqual(self._load("floor", "2025-01-31")["Agent"], [("2025-01-01", 7)])
        self.assertEqual(self._load("profit", "2025-01-31")["Agent"], [("2025-01-01", -3)])
        with self.assertRaisesRegex(ValidationError, "A department"):
            self._measure(floor, self.agent, "2025-02-01", 7)

    def test_a_value_through_a_scale(self):
        scale = self.env["cs.scale"].create(
            {
                "name": "Handling",
                "code": "handling",
                "mode": "line",
                "step_ids": [
                    Command.create({"bound": 220, "value": 0}),
                    Command.create({"bound": 300, "value": 25}),
                ],
            }
        )
        self.assertEqual(scale.sentence, "straight from 220 (0) → 300 (25)")
        self._metric("points", kind="scaled", one="tickets", scale_id=scale.id)
        self._measure(self.tickets, self.agent, "2025-01-01", 262)
        self.assertEqual(
            self._load("points", "2025-01-31")["Agent"], [("2025-01-01", Fraction(105, 8))]
        )
        with self.assertRaisesRegex(UserError, "in use"):
            scale.step_ids[0].value = 1
        with self.assertRaisesRegex(ValidationError, "does not lie above"):
            scale.copy({"step_ids": [Command.create({"bound": 1})] * 2})

    def test_a_metric_is_made_of_others_that_there_are_and_not_of_itself(self):
        loop = self._metric("loop")
        for fault, values in {
            "it would be made of itself": {"one": "tickets", "other": "loop", "kind": "sum"},
            "of no shorter period": {"one": "tickets", "kind": "period", "grain": "month"},
            "quarter_score is of a longer period": {
                "one": "tickets",
                "other": "quarter_score",
                "kind": "sum",
            },
            "the same period": {"one": "tickets", "kind": "members", "grain": "quarter"},
            "needs a scale": {"one": "tickets", "kind": "scaled"},
            "of a day": {"kind": "violations"},
            "say of which metrics": {"kind": "sum", "one": "tickets", "other": False},
        }.items():
            with self.assertRaisesRegex(ValidationError, fault):
                loop.write(values)

    def test_what_something_goes_by_stays_what_it_is(self):
        self._measure(self.tickets, self.agent, "2025-01-01", 1)
        self.tickets.name = "Calls"
        for values in ({"grain": "quarter"}, {"code": "calls"}):
            with self.assertRaisesRegex(UserError, "used by"):
                self.tickets.write(values)
        with self.assertRaisesRegex(UserError, "used by"):
            self.tickets.unlink()
        self.solved.unlink()

    def test_O1_a_rule_on_a_metric_moves_and_says_why(self):
        """15.1: confirmed when sales of three months together pass 150,000."""
        rule = self.env["cs.policy.rule"].create(
            {
                "policy_id": self.policy.id,
                "code": "by_tickets",
                "name": "By Tickets",
                "tier_id": self.tiers["junior"].id,
                "outcome": "promote",
                "condition_ids": [
                    Command.create(
                        {"metric": "tickets", "value": 300, "times": 3, "reading": "sum"}
                    )
                ],
            }
        )
        sentence = "Tickets ≥ 300, added up in the last 3 reviews"
        self.assertEqual(rule.condition_ids.sentence, sentence)
        for month in ("2025-01", "2025-02", "2025-03"):
            self._measure(self.tickets, self.agent, f"{month}-01", 100)
            self._play(month, {self.agent: 90})
        decision = self.env["cs.decision"].search([("ground", "=", "by_tickets")])
        self.assertEqual(decision.employee_id, self.agent)
        self.assertEqual(f"{decision.effective_date}", "2025-04-01")
        self.assertIn("300", decision.evidence_text)
        self.assertTrue(decision._follows_from_evidence())

    def test_a_closed_month_is_closed_for_what_it_was_judged_by(self):
        late = self._metric("late", late=True)
        measure = self._measure(self.tickets, self.agent, "2025-01-01", 100)
        self._play("2025-01", {self.agent: 90})
        with self.assertRaisesRegex(UserError, "the month is closed"):
            measure.value = 90
        with self.assertRaisesRegex(UserError, "the month is closed"):
            self._measure(self.tickets, self.peer, "2025-01-01", 1)
        self._measure(late, self.agent, "2025-01-01", 1)

    @mute_logger("odoo.sql_db")
    def test_agents_see_their_own_and_the_office_enters_them(self):
        ours = self._measure(self.tickets, self.agent, "2025-01-01", 100)
        theirs = self._measure(self.tickets, self.peer, "2025-01-01", 100)
        seen = self.env["cs.measure"].with_user(self.user_agent).search([])
        self.assertEqual(seen, ours)
        with self.assertRaises(AccessError):
            ours.with_user(self.user_agent).value = 1
        theirs.with_user(self.user_office).value = 5
        with self.assertRaises(AccessError):
            self.tickets.with_user(self.user_office).name = "x"

    def test_the_menu_is_there_once_there_is_something_to_measure(self):
        menu = self.env.ref("cs_promotion.cs_measure_menu")
        self.assertNotIn(menu.id, self.env["ir.ui.menu"]._load_menus_blacklist())
        (self.tickets | self.solved).unlink()
        others = self.env["cs.metric"].with_context(active_test=False).search([])
        hidden = menu.id in self.env["ir.ui.menu"]._load_menus_blacklist()
        self.assertEqual(hidden, not others)

    # ------------------------------------------------------------------ parts

    def _exam(self, *codes, weight=50, **values):
        parts = [Command.create({"metric": code, "weight": weight}) for code in codes]
        values = {"kind": "parts", "grain": "event", **values}
        return self._metric("exam", part_ids=parts, **values)

    def test_parts_of_a_former_employment_are_history(self):
        for code in ("written", "spoken"):
            self._metric(code, grain="event")
        self._exam("written", "spoken")
        metrics = {each.code: each for each in self.env["cs.metric"].search([])}
        self._measure(metrics["written"], self.agent, "2025-01-10", 60)
        self._measure(metrics["spoken"], self.agent, "2025-02-10", 80)
        self.assertEqual(self._load("exam", "2025-02-28")["Agent"], [("2025-02-10", 70)])
        self.agent.version_id.contract_date_end = "2025-01-20"
        self.assertEqual(self._load("exam", "2025-01-31")["Agent"], [])

    def test_faults_are_named(self):
        for code in ("written", "spoken"):
            self._metric(code, grain="event")
        for fault, codes, values in (
            ("two parts at least", ("written",), {}),
            ("on which something happened", ("written", "tickets"), {}),
            ("on which something happened", ("written", "spoken"), {"grain": "month"}),
            ("parts count for", ("written", "spoken"), {"valid_months": -1}),
            ("above 0", ("written", "spoken"), {"weight": 0}),
        ):
            refused = self.assertRaisesRegex(ValidationError, fault)
            with self.subTest(fault), refused, self.env.cr.savepoint():
                self._exam(*codes, **values)

    def test_a_whole_that_is_used_stays_as_it_is(self):
        for code in ("written", "spoken"):
            self._metric(code, grain="event")
        exam = self._exam("written", "spoken")
        self.env["cs.metric"].search([("code", "=", "written")]).name = "Paper"
        exam.part_ids[0].weight = 60
        with self.assertRaisesRegex(UserError, "can no longer change"):
            self.env["cs.metric"].search([("code", "=", "written")]).grain = "month"
        self._metric("twice", kind="sum", one="exam", other="exam", grain="event")
        with self.assertRaisesRegex(UserError, "can no longer change"):
            exam.part_ids[0].weight = 50
