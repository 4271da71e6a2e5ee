from odoo import fields
from odoo.tests import tagged

from ..history import measured_month
from ..hotline import STAGES, HotlineHistory
from ..measure import undone
from ..stage import Case
from .common import BenchCase

DRAWN, TIMES = 80, 2


@tagged("post_install", "-at_install", "cs_promotion")
class TestHotlineBench(BenchCase):
    """The bench of a small hotline: all occurs that its yardsticks know, and they say the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        month = measured_month(fields.Date.to_date("2025-11-14"))
        HotlineHistory.make(cls.env, month, DRAWN, TIMES)
        cls.case = Case(cls.env, month, DRAWN, TIMES, HotlineHistory)

    def test_eight_items_are_measured_and_one_is_graded(self):
        form = self.case.cycle.policy_id._compile().form
        measured = [part for part in form.parts.values() if part.metric]
        self.assertEqual((len(measured), len(form.parts)), (8, 9))
        self.assertEqual(sum(part.maximum for part in form.parts.values()), 100)

    def test_history_is_half_a_year_with_moves_both_ways(self):
        months = self._search(
            "cs.cycle", ("kind", "=", "month"), ("date_end", "<", self.case.month)
        )
        self.assertEqual(len(months), HotlineHistory.months)
        self.assertEqual(set(months.mapped("state")), {"closed"})
        self.assertTrue(all(months.appraisal_ids.mapped("scored")))
        classes = set(months.appraisal_ids.class_id.mapped("code"))
        self.assertEqual(classes, {"5", "4", "3", "2", "none"})
        decisions = self._search("cs.decision", ("state", "=", "applied"))
        self.assertEqual(set(decisions.mapped("ground")), {"promote_senior", "demote_senior"})
        for decision in self._search("cs.decision"):
            self.assertTrue(decision._follows_from_evidence(), decision.display_name)

    def test_stages_and_yardsticks_agree(self):
        case = self.case
        with undone(case.env):
            for kind in STAGES:
                self._check_stage(kind())
            decided = self._search("cs.decision", ("cycle_id", "=", case.cycle.id))
            self.assertLessEqual(
                {"promote_senior", "demote_senior", "review_last_agents"},
                set(decided.mapped("ground")),
            )
            eligible = case.cycle.appraisal_ids.filtered("eligible")
            promoted = decided.filtered(lambda each: each.outcome == "promote")
            self.assertLess(promoted.employee_id, eligible.employee_id)  # places are few
            classes = case.quarter.appraisal_ids.class_id.mapped("code")
            self.assertEqual(set(classes), {"5", "4", "3", "2", "none"})
