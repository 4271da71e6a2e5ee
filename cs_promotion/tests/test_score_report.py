"""Analysis of scores: closed cycles only, by rater, with the gap between the two."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestScoreReport(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle = cls._open("2025-03")
        cls._score(cls._appraisal(cls.agent, "2025-03"), [5] * 20, [3] * 15 + [5] * 5)
        cls._score(cls._appraisal(cls.peer, "2025-03"), [3] * 20, [3] * 20)

    def _report(self, user=None):
        return self._as(user or self.user_office, self.env["cs.score.report"])

    def test_closed_cycles_only(self):
        """Blind rating: nothing of an open month shows."""
        self.assertFalse(self._report().search_count([]))
        self._close(self.cycle)
        self.assertEqual(self._report().search_count([]), 80)

    def test_mean_gap_between_the_raters(self):
        """The superior gave the agent two points more on 15 of 20 items: 0.75 over both agents."""
        self._close(self.cycle)
        [(superior, gap)] = self._report()._read_group(
            [("role", "=", "superior")], ["superior_id"], ["gap:avg"]
        )
        self.assertEqual((superior.id, gap), (self.superior.id, 0.75))
        [(_role, gap)] = self._report()._read_group(
            [("role", "=", "office")], ["role"], ["gap:avg"]
        )
        self.assertEqual(gap, -0.75)

    def test_mean_gap_between_the_totals(self):
        """100 against 70 for one agent, 60 both times for the other: 15 points on average."""
        self._close(self.cycle)
        gaps = self._report()._read_group([], ["role"], ["total_gap:avg"])
        self.assertEqual(dict(gaps), {"superior": 15, "office": -15})

    def test_points_by_section(self):
        self._close(self.cycle)
        points = {
            section.code: mean
            for section, mean in self._report()._read_group(
                [("employee_id", "=", self.agent.id), ("role", "=", "office")],
                ["section_id"],
                ["points:avg"],
            )
        }
        self.assertEqual(points, {"SW": 3, "DU": 3, "CH": 3, "KN": 5})

    def test_office_only_and_companies_apart(self):
        self._close(self.cycle)
        for user in (self.user_agent, self.user_superior, self.user_stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._report(user).search_count([])
        self.assertFalse(self._report(self.user_office_b).search_count([]))
