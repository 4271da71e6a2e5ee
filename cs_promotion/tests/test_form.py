"""Forms of every kind, scored by a closing (policy language, *Scoring*)."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .form_common import FormCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestForm(FormCase):
    def test_B2_measured_and_graded_items_make_one_score(self):
        self._form(
            self._measured("daily", 70, scale_id=self.line.id),
            self._measured("passed", 25),
            {"name": "Conduct", "rater": "superior"},
            grades=((5, "excellent"), (4, "good"), (0, "poor")),
        )
        self._weigh(self.policy, superior=100, office=0)
        cycle = self._open("2025-01")
        agent = self._appraisal(self.agent, "2025-01")
        self.assertEqual(agent.sheet_ids.mapped("role"), ["superior"])
        self.assertEqual(agent.sheet_ids.item_count, 1)
        self._give(self.agent, "superior", conduct="good")
        self._appraisal(self.peer, "2025-01")._exclude("away")
        with self.assertRaisesRegex(UserError, "Agent: nothing is known of Daily, Passed"):
            self._close(cycle)
        self._measure(self.agent, daily=262, passed=96)
        self._close(cycle)
        # 52.5 % of 70 = 36.75, 96 % of 25 = 24, 4
        self.assertEqual(agent.score, 64.75)

    def test_raters_rate_their_own_items_and_share_the_others(self):
        self._form(
            {"name": "Talk", "rater": "superior", "source": "number", "maximum": 60},
            {"name": "Papers", "rater": "office", "source": "number", "maximum": 20},
            {"name": "Both", "source": "number", "maximum": 20},
        )
        self._weigh(self.policy, superior=75, office=25)
        cycle = self._open("2025-01")
        self._appraisal(self.peer, "2025-01")._exclude("away")
        sheet = self._sheet(self.agent, "2025-01", "superior")
        self.assertEqual(sheet.line_ids.item_id.mapped("name"), ["Talk", "Both"])
        with self.assertRaisesRegex(ValidationError, "at most 60"):
            sheet.line_ids[0].given = 61
        self._give(self.agent, "superior", talk=45.5, both=20)
        self._give(self.agent, "office", papers=0, both=10)
        self._close(cycle)
        appraisal = self._appraisal(self.agent, "2025-01")
        self.assertEqual(appraisal.score, 63)
        self.assertFalse(appraisal.measured or appraisal.measured_html)

    def test_points_beside_the_form_and_a_knock_out(self):
        self._form(
            {"name": "Work"},
            {"name": "Ideas", "effect": "adds", "source": "number", "maximum": 10},
            {"name": "Faults", "effect": "takes", "source": "number", "maximum": 30},
            {
                "name": "Rude",
                "effect": "fails",
                "falls_to": 40,
                "own_grade_ids": [
                    Command.create({"points": 1, "name": "yes"}),
                    Command.create({"points": 0, "name": "no"}),
                ],
            },
            score_max=110,
        )
        self._weigh(self.policy, superior=100, office=0)
        cycle = self._open("2025-01")
        self._give(self.agent, "superior", work="good", ideas=8, faults=0, rude="no")
        self._give(self.peer, "superior", work="good", ideas=0, faults=3, rude="yes")
        self._close(cycle)
        self.assertEqual(self._appraisal(self.agent, "2025-01").score, 108)
        self.assertEqual(self._appraisal(self.peer, "2025-01").score, 40)

    def test_left_out_the_other_items_make_up_for_it(self):
        self._form(
            self._measured("passed", 50, missing="left_out"),
            {"name": "Work", "number": 2},
            grades=((50, "good"), (40, "fair")),
        )
        self._weigh(self.policy, superior=100, office=0)
        cycle = self._open("2025-01")
        for agent in (self.agent, self.peer):
            self._give(agent, "superior", work="fair")
        self._measure(self.peer, passed=100)
        self._close(cycle)
        self.assertEqual(self._appraisal(self.agent, "2025-01").score, 80)
        self.assertEqual(self._appraisal(self.peer, "2025-01").score, 90)

    def test_a_form_that_does_not_reach_the_highest_score_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "at most 90 points, .* goes up to 100"):
            self._form({"name": "Work", "source": "number", "maximum": 90})
        with self.assertRaisesRegex(ValidationError, "goes up to 120"):
            self._form({"name": "Work"}, score_max=120)
        with self.assertRaisesRegex(ValidationError, "no item of the form counts|needs items"):
            self._form({"name": "Work", "effect": "adds"})

    def test_a_duplicate_has_the_items_with_their_own_grades(self):
        own = [Command.create({"points": 100, "name": "yes"})]
        scorecard = self._form({"name": "Work", "own_grade_ids": own})
        again = scorecard.copy()
        item = again.section_ids.item_ids
        self.assertEqual(item.own_grade_ids.mapped("name"), ["yes"])
        self.assertEqual(item.own_grade_ids.section_id, again.section_ids)
        self.assertEqual(again.section_ids.grade_ids.mapped("name"), ["good", "bad"])
        self.assertEqual(again.points_max, 100)

    def test_where_all_is_measured_nobody_fills_a_form_in(self):
        self._form(self._measured("daily", 75, scale_id=self.line.id), self._measured("passed", 25))
        cycle = self._open("2025-01")
        self.assertFalse(cycle.appraisal_ids.sheet_ids)
        self.assertFalse(cycle._find_without_sheets())
        with self.assertRaisesRegex(UserError, "Peer: nothing is known of Daily, Passed"):
            self._close(cycle)
        for agent, daily in ((self.agent, 300), (self.peer, 260)):
            self._measure(agent, daily=daily, passed=100)
        self._close(cycle)
        self.assertEqual(
            [self._appraisal(agent, "2025-01").score for agent in (self.agent, self.peer)],
            [100, 62.5],
        )
