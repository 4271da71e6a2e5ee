"""Classes by share and by score, frozen with the score (policy language, *Classes*)."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestClass(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.agent | cls.peer
        for number in range(3):
            cls.team |= cls._make_agent(f"Agent {number}", department=cls.front_desk)

    @classmethod
    def _stars(cls, **values):
        """The hotline's stars, over the whole company (B6, B7)."""
        rows = [
            ("5", "share", 10, 1.3),
            ("4", "share", 20, 1.15),
            ("3", "share", 40, 1),
            ("2", "rest", 0, 0.8),
            ("none", "score", 60, 0.5),
        ]
        cls.policy.write(
            {
                "rank_within": "company",
                "class_from": 70,
                "class_rounding": "half_up",
                "class_ids": [
                    Command.create(
                        {
                            "sequence": number,
                            "code": code,
                            "name": f"{code} stars",
                            "given_by": kind,
                            "share": number_ if kind == "share" else 0,
                            "score": number_ if kind == "score" else 0,
                            "coefficient": coefficient,
                        }
                    )
                    for number, (code, kind, number_, coefficient) in enumerate(rows)
                ],
                **values,
            }
        )

    def _classes(self, month):
        return [self._appraisal(agent, month).class_id.code for agent in self.team]

    def test_B6_stars_over_the_whole_company(self):
        self._stars()
        scores = dict(zip(self.team, (96, 86, 80, 76, 72), strict=True))
        self._play("2025-01", scores)
        self.assertEqual(self._classes("2025-01"), ["5", "4", "3", "3", "2"])
        self.assertEqual(self._appraisal(self.team[2], "2025-01").rank, 3)
        self._play("2025-02", dict(zip(self.team, (96, 96, 66, 60, 56), strict=True)))
        # of two 0.2 and 0.4 are none, 0.8 is one, equal scores share it
        self.assertEqual(self._classes("2025-02"), ["3", "3", "none", "none", False])

    def test_R2_ranks_within_the_department_as_before(self):
        self._stars(rank_within="department")
        self._play("2025-01", dict(zip(self.team, (96, 86, 80, 76, 72), strict=True)))
        self.assertEqual([self._appraisal(a, "2025-01").rank for a in self.team], [1, 2, 1, 2, 3])

    def test_a_rank_says_among_whom(self):
        self._stars()
        self._play("2025-01", dict(zip(self.team, (96, 86, 80, 76, 72), strict=True)))
        appraisal = self._appraisal(self.agent, "2025-01").with_user(self.user_agent)
        self.assertIn(("January 2025, rank in the company", "1"), appraisal._get_result_facts())
        report = self.env["report.cs_promotion.report_scorecard"].with_user(self.user_agent)
        [page] = report._get_report_values(appraisal.ids)["pages"]
        self.assertEqual(page["rank"], "rank 1 in the company")
        board = self.env["cs.board"].with_user(self.user_agent).action_open_board()
        self.assertEqual([*board["context"]], ["search_default_cycle_id"], "all in one list")
        departments = self.env["cs.cycle.page"]._get_departments(appraisal.cycle_id)
        self.assertEqual([len(row["first"]) for row in departments], [1, 1])

    def test_ranks_within_the_job_position(self):
        jobs = self.env["hr.job"].create([{"name": name} for name in ("Phone", "Mail")])
        for agent, job in zip(self.team, (0, 1, 0, 1, 0), strict=True):
            agent.job_id = jobs[job]
        self.policy.rank_within = "job"
        self._play("2025-01", dict(zip(self.team, (96, 86, 80, 76, 72), strict=True)))
        self.assertEqual([self._appraisal(a, "2025-01").rank for a in self.team], [1, 1, 2, 2, 3])

    def test_too_few_are_not_ranked(self):
        self._stars(rank_within="department", rank_least=3)
        scores = dict(zip(self.team, (96, 66, 80, 76, 72), strict=True))
        self._play("2025-01", scores)
        self.assertEqual([self._appraisal(a, "2025-01").rank for a in self.team], [0, 0, 1, 2, 3])
        self.assertEqual(self._classes("2025-01"), ["none", "none", "4", "3", "2"])
        self.assertIn(
            "Fewer than 3 people are not ranked.", self.env["cs.words"]._say_ranks(self.policy)
        )

    def test_those_of_another_form_are_ranked_among_themselves(self):
        leaders = self.team[:2]
        leaders.job_id = self.env["hr.job"].create(
            {"name": "Shift Leader", "company_id": self.policy.company_id.id}
        )
        self.policy.write(
            {
                "rank_within": "company",
                "rank_by_form": True,
                "half_method": "average",
                "form_ids": [
                    Command.create(
                        {
                            "job_id": leaders.job_id.id,
                            "scorecard_id": self.policy.scorecard_id.copy().id,
                        }
                    )
                ],
            }
        )
        for month in range(1, 7):
            self._play(f"2025-{month:02}", dict(zip(self.team, (70, 86, 80, 76, 90), strict=True)))
        first = self._appraisal(self.team[0], "2025-01")
        self.assertEqual(
            first._say_rank_within(), "in the company, among those scored by the same form"
        )
        for kind, count in (("month", 6), ("quarter", 2), ("half", 1)):
            for agent, rank in zip(self.team, (2, 1, 2, 3, 1), strict=True):
                results = self.env["cs.appraisal"].search(
                    [("kind", "=", kind), ("employee_id", "=", agent.id)]
                )
                self.assertEqual(results.mapped("rank"), [rank] * count, kind)
        self.assertIn("another form", self.env["cs.words"]._say_ranks(self.policy))

    def test_three_times_in_a_row_the_best_class_promotes(self):
        self._stars()
        self.env["cs.policy.rule"].create(
            {
                "policy_id": self.policy.id,
                "code": "stars",
                "name": "Stars",
                "sequence": 1,
                "tier_id": self.tiers["junior"].id,
                "outcome": "promote",
                "condition_ids": [
                    Command.create(
                        {
                            "metric": "month_class",
                            "operator": "<=",
                            "value": 1,
                            "times": 2,
                            "consecutive": True,
                        }
                    )
                ],
            }
        )
        for month in ("2025-01", "2025-02"):
            self._play(month, dict(zip(self.team, (96, 86, 80, 76, 72), strict=True)))
        decision = self.env["cs.decision"].search([("ground", "=", "stars")])
        self.assertEqual(decision.employee_id, self.agent)
        self.assertTrue(decision._follows_from_evidence())

    def test_a_policy_says_its_classes(self):
        self._stars()
        sentence = self.policy.class_ids[0].sentence
        self.assertEqual(sentence, "10 % of those ranked, times 1.3")
        self.assertIn(sentence, self.policy.page_html)
        copy = self.policy.copy({"date_from": "2026-01-01"})
        self.assertEqual(copy.class_ids.mapped("code"), ["5", "4", "3", "2", "none"])
        copy.class_ids[0].share = 15
        changes = self.env["cs.policy.changes"]._get_changes(self.policy, copy)
        self.assertIn(
            ("5 stars", "15 % of those ranked, times 1.3"),
            [(row["part"], row["now"]) for row in changes],
        )

    def test_classes_that_nobody_could_be_in_are_refused(self):
        self._stars()
        with self.assertRaisesRegex(ValidationError, "more than 100"):
            self.policy.write(
                {"class_ids": [Command.update(self.policy.class_ids[0].id, {"share": 50})]}
            )
