from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestCommon(CsPromotionCase):
    """The short words of the tests do what they say."""

    def test_grades_add_up(self):
        for total in (5, 40, 55, 60, 61, 91, 95, 98, 100):
            self.assertEqual(sum(self._grades(total)), total)
        with self.assertRaises(ValueError):
            self._grades(99)

    def test_quarter_of_two_agents(self):
        self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 90})
        self.assertEqual(self._appraisal(self.agent, "2025-03").score, 95)
        self.assertEqual(self._appraisal(self.peer, "2025-01", "quarter").rank, 2)
        self._apply("2025-04-04")
        self.assertEqual(self._tier_on(self.agent, "2025-03-31"), "junior")
        self.assertEqual(self._tier_on(self.agent, "2025-04-01"), "intermediate")
        self.assertEqual(self._tier_on(self.peer, "2025-04-01"), "junior")

    def test_events_of_an_agent(self):
        self._violation(self.peer, "2025-01-03", severity="moderate")
        self._figure(self.agent, "2025-01", sales=100, handled=10, complaints=3)
        self._probation_test(self.peer, "2025-01-10")
        self._award(self.peer, "2025-01")
        self._play("2025-01", {})
        self.assertEqual(self._decisions(self.peer).ground, "demote_violation")
        self._decide(self.agent, "senior", "2025-02-10")
        self._apply("2025-02-13")
        self.assertEqual(self._tier_on(self.peer, "2025-02-13"), "probation")
        self.assertEqual(self._tier_on(self.agent, "2025-02-13"), "senior")
        self.assertEqual(
            self.env["cs.violation"].search_count(
                [("employee_id", "=", self.agent.id), ("state", "=", "confirmed")]
            ),
            1,
        )
