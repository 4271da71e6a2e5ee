"""Whatever policy activation lets through can be carried out, to the closing and the pages."""

from datetime import date
from random import Random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.evidence import SCHEMA
from ..engine.rule import OPERATORS
from ..engine.series import WINDOWS
from .test_engine_strategies import CODES, COUNTED, STEPS
from .test_policy_ladder import CsLadderCase

SEEDS = range(40)
APPOINTED = ("reserve", "adviser", "deputy")


@tagged("post_install", "-at_install", "cs_promotion")
class TestRandomPolicies(CsLadderCase):
    """Ladders, forms, rules and settings at random; a quarter is played with each that passes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code, place in (("adviser", 25), ("expert", 35), ("deputy", 50)):
            cls._make_tier(code, place)
        cls.order = sorted(cls.tiers, key=lambda code: cls.tiers[code].sequence)
        # people of the shipped policy do not come with it into a company of another
        cls.env.cr.execute(
            "UPDATE hr_version SET cs_tier_id = NULL, cs_tier_since = NULL WHERE employee_id IN %s",
            [(cls.agent.id, cls.peer.id)],
        )
        cls.env.invalidate_all()

    def _scorecard(self, draws):
        """A form of one to three sections, mostly of 100 points in all."""
        shares = draws.choice([[100], [50, 50], [40, 60], [20, 30, 50]])
        weights = draws.choice([shares, shares, [*shares[:-1], shares[-1] + 1]])
        sections = []
        number = 0
        for index, (share, weight) in enumerate(zip(shares, weights, strict=True)):
            items = draws.choice([1, 2, 5, 10])
            best = draws.choice([share / items] * 4 + [0, 5, 100])
            points = {round(each, 2) for each in (best, draws.choice([0, best / 2]), 0)}
            numbers = range(number + 1, number + items + 1)
            number += items
            sections.append(
                Command.create(
                    {
                        "code": f"S{index}",
                        "name": f"Section {index}",
                        "weight": min(weight, 100),
                        "item_ids": [
                            Command.create({"number": each, "name": f"Item {each}"})
                            for each in numbers
                        ],
                        "grade_ids": [
                            Command.create({"points": each, "name": f"{each:g}"}) for each in points
                        ],
                    }
                )
            )
        return self.env["cs.scorecard"].create({"name": "Random", "section_ids": sections})

    def _condition(self, draws):
        metric = draws.choice(CODES)
        sensible = draws.random() < 0.9
        counted = metric in COUNTED and sensible
        operator = draws.choice(OPERATORS)
        value = draws.choice([0, 1, 3, 60, 90]) if metric.endswith("score") else draws.randint(0, 4)
        window = "latest" if counted else draws.choice(WINDOWS)
        return {
            "metric": metric,
            "operator": operator,
            "value": value,
            "value_max": value + draws.choice([2, 10]) if operator == "between" else 0,
            "times": 1 if counted else draws.choice([1, 1, 2, 3]),
            "consecutive": not counted and draws.random() < 0.4,
            "window": window,
            "months": draws.choice([3, 12, 12, 600]) if window.endswith("months") else 0,
        }

    def _policy(self, draws):
        """A draft: some tiers paid, rules on them mostly, settings within and out of reason."""
        paid = [code for code in self.order if draws.random() < 0.6] or ["junior"]
        rung = draws.choice([1, 1, 2])
        draft = self.env["cs.policy"].create(
            {
                "name": "Random",
                "company_id": self.company.id,
                "date_from": "2025-01-01",
                "scorecard_id": self._scorecard(draws).id,
                "score_method": draws.choice(["sum", "weighted"]),
                "rater_ids": self._raters(
                    superior=draws.choice([0, 50, 33.33]), office=draws.choice([50, 100, 0.01])
                ),
                "quarter_method": draws.choice(["average", "scorecard"]),
                "pass_mark": draws.choice([0, 60, 100]),
                "top_n": draws.choice([1, 3, 2**31 - 1]),
                "probation_months": draws.choice([0, 1, 600, 601]),
                "appraisal_pay_method": draws.choice(["proportional", "pass"]),
                "complaint_rate_limit": draws.choice([0.01, 2, 100]),
                "repeat_violations": draws.choice([1, 3, 10**6]),
                "notice_days": draws.choice([0, 3, 366, 10**6]) if rung == 2 else 3,
                "scoring_days": draws.choice([0, 5, 366]),
                "approval": draws.choice(["automatic", "manager"]),
                "rung_ids": [
                    Command.create(
                        {
                            "sequence": place,
                            "tier_id": self.tiers[code].id,
                            "appointed": code in APPOINTED,
                            "on_probation": not place and draws.random() < 0.9,
                            "paid_as_below": code in APPOINTED and draws.random() < 0.5,
                            "base_wage": draws.choice([0, 1500, 10**9]),
                            "appraisal_pay": draws.choice([0, 100]),
                            "commission_percent": draws.choice([0, 0.1, 100]),
                            "fine_min": low,
                            "fine_max": low + draws.choice([0, 100]),
                        }
                    )
                    for place, code in enumerate(paid)
                    for low in [draws.choice([0, 20])]
                ],
            }
        )
        for index in range(draws.randint(0, 4)):
            tier = draws.choice(paid if draws.random() < 0.9 else self.order)
            try:
                with self.env.cr.savepoint():
                    self.env["cs.policy.rule"].create(
                        {
                            "policy_id": draft.id,
                            "code": f"rule_{index}",
                            "name": f"Rule {index}",
                            "tier_id": self.tiers[tier].id,
                            "outcome": draws.choice(STEPS),
                            "match": draws.choice(["all", "any"]),
                            "condition_ids": [
                                Command.create(self._condition(draws))
                                for _each in range(draws.choice([1, 1, 2]))
                            ],
                        }
                    )
            except UserError:
                self.env.invalidate_all()
        return draft

    def _play_quarter(self, draws, policy):
        """People on every rung, results and events of three months; all that follows from them."""
        codes = policy._get_ladder().steps
        agents = self.env["hr.employee"]
        for index in range(max(4, len(codes))):
            agents |= self._make_agent(
                f"Random {index}",
                tier=codes[index % len(codes)],
                hired="2024-12-01" if index % 3 else "2025-01-01",
            )
        fines = policy._get_pay_lines()
        for month in ("2025-01", "2025-02", "2025-03"):
            for agent in agents:
                low = float(fines[self._tier_on(agent, f"{month}-03")].fine_min)
                self._figure(agent, month, 1000, 100, draws.choice([0, 1, 50]))
                if draws.random() < 0.3:
                    severity = draws.choice(["minor", "moderate", "serious"])
                    self._violation(agent, f"{month}-03", severity, low)
                if draws.random() < 0.5:
                    self._probation_test(agent, f"{month}-04", 100, 100)
                if draws.random() < 0.2:
                    self._award(agent, month)
            self._close_month(draws, month)
        return agents

    def _close_month(self, draws, month):
        day = self._month_end(month)
        agents = self.env["hr.employee"].search([("name", "like", "Random ")])
        self.env["cs.verdict"]._confirm_probations(agents, day)
        cycle = self._open(month)
        cycles = cycle
        if month.endswith("03") and cycle.policy_id.quarter_method == "scorecard":
            cycles |= self._open("2025-01", "quarter")
        for each in cycles:
            for sheet in each.appraisal_ids.sheet_ids:
                for line in sheet.line_ids:
                    line.grade_id = draws.choice(line.section_id.grade_ids)
                sheet.action_submit()
        for each in cycles:
            self._close(each)
        self.assertEqual(set(cycles.mapped("state")), {"closed"})
        for appraisal in cycles.appraisal_ids.filtered("scored"):
            self.assertTrue(0 <= appraisal.score <= 100, appraisal.score)
        decisions = self.env["cs.decision"].search([("company_id", "=", self.company.id)])
        decisions._announce(date(2025, int(month[-2:]), 28))
        self._apply("2026-12-31")

    def _look(self, policy, agents):
        """The pages that show the policy and what came of it."""
        self.assertTrue(self._as(self.user_manager, policy).page_html)
        paths = self.env["cs.path"].search([("employee_id", "in", agents.ids)])
        for path in self._as(self.user_manager, paths):
            self.assertTrue(path.ladder_html)
            path.read(["upwards_html", "downwards_html", "chart_html"])
        decisions = self.env["cs.decision"].search([("employee_id", "in", agents.ids)])
        for decision in decisions:
            self.assertTrue(decision._follows_from_evidence(), decision.evidence)
            self.assertEqual(decision.evidence["schema"], SCHEMA)
            appointed = decision.tier_to_id.code in APPOINTED
            self.assertFalse(appointed and decision.ground != "demote_violation", decision.ground)
            decision.read(["evidence_html", "evidence_text"])
            self.env["cs.decision.letter"]._get_values(decision)
        policies = self.env["cs.policy"]
        policies.search([("company_id", "=", self.company.id)])._revise_wages()
        return decisions

    def test_what_passes_can_be_carried_out(self):
        passed, decided = 0, 0
        for seed in SEEDS:
            draws = Random(seed)
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.policy.active = False
                policy = self._policy(draws)
                try:
                    with self.env.cr.savepoint():
                        policy.action_activate()
                        self.env.flush_all()
                except UserError as error:
                    self.assertIn("Random", str(error))
                else:
                    passed += 1
                    agents = self._play_quarter(draws, policy)
                    decided += len(self._look(policy, agents))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertGreater(passed, 8)
        self.assertLess(passed, len(SEEDS))
        self.assertGreater(decided, passed)
