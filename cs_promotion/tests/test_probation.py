from datetime import date

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestProbation(CsPromotionCase):
    """Probation, its test, and confirmation as a junior (U1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.novice = cls._make_agent("Novice", tier="probation", hired="2025-07-10")

    def _confirm(self, day, agent=None):
        """What the scheduled actions do on that day."""
        day = fields.Date.to_date(day)
        decisions = self.env["cs.verdict"]._confirm_probations(agent or self.novice, day)
        self._apply(day)
        return decisions

    def _assert_confirmed(self, decision, day):
        self.assertRecordValues(
            decision,
            [
                {
                    "kind": "confirmation",
                    "outcome": "promote",
                    "ground_type": "procedure",
                    "ground": "confirm_junior",
                    "effective_date": date.fromisoformat(day),
                    "policy_id": self.policy.id,
                }
            ],
        )
        self.assertEqual(decision.tier_from_id.code, "probation")
        self.assertEqual(decision.tier_to_id.code, "junior")

    def test_U1_the_day_after_probation_ends(self):
        """Hired 10 July, passed in July: junior from 10 August."""
        test = self._probation_test(self.novice, "2025-07-25")
        decision = self._confirm("2025-07-26")
        self._assert_confirmed(decision, "2025-08-10")
        self.assertEqual(decision.test_id, test)
        self._confirm("2025-08-10")
        self.assertEqual(decision.state, "applied")
        self.assertEqual(self._tier_on(self.novice, "2025-08-09"), "probation")
        self.assertEqual(self._tier_on(self.novice, "2025-08-10"), "junior")
        version = self.novice._get_version(date(2025, 8, 10))
        self.assertEqual((version.wage, version.cs_tier_since), (1700, date(2025, 8, 10)))

    def test_U1_the_day_of_a_later_test(self):
        self._probation_test(self.novice, "2025-08-21")
        self._assert_confirmed(self._confirm("2025-08-21"), "2025-08-21")
        self._confirm("2025-08-24")  # notice of three days
        self.assertEqual(self._tier_on(self.novice, "2025-08-20"), "probation")
        self.assertEqual(self._tier_on(self.novice, "2025-08-21"), "junior")

    def test_U1_knowledge_and_skills_both_at_the_pass_mark(self):
        for knowledge, skills, passed in (
            (60, 60, True),
            (59.99, 100, False),
            (100, 59.99, False),
            (100, 60, True),
        ):
            with self.subTest(knowledge=knowledge, skills=skills):
                test = self._probation_test(self.novice, "2025-07-20", knowledge, skills)
                self.assertEqual(test.passed, passed)
                decision = self._confirm("2025-07-21")
                self.assertEqual(bool(decision), passed)
                decision._withdraw("next case")
                test.unlink() if not passed else test.write({"knowledge": 0})

    def test_U1_pass_mark_of_the_policy(self):
        self._make_policy(self.company, "2025-07-01", pass_mark=80.0)
        self._probation_test(self.novice, "2025-07-20", 79.5, 90)
        self.assertFalse(self._confirm("2025-08-20"))
        self._probation_test(self.novice, "2025-08-20", 80, 80)
        self.assertEqual(self._confirm("2025-08-20").effective_date, date(2025, 8, 20))

    def test_U1_months_of_the_policy(self):
        self._make_policy(self.company, "2025-07-01", probation_months=3)
        self._probation_test(self.novice, "2025-07-20")
        self.assertEqual(self._confirm("2025-07-20").effective_date, date(2025, 10, 10))

    def test_U1_month_end(self):
        """Hired 31 January: a month is served at the end of February."""
        agent = self._make_agent("January", tier="probation", hired="2025-01-31")
        self._probation_test(agent, "2025-02-03")
        self.assertEqual(self._confirm("2025-02-03", agent).effective_date, date(2025, 2, 28))

    def test_U1_no_test_no_confirmation(self):
        self.assertFalse(self._confirm("2025-12-31"))
        self.assertEqual(self._tier_on(self.novice, "2025-12-31"), "probation")

    def test_U1_retest_after_a_failed_one(self):
        self._probation_test(self.novice, "2025-07-20", 40, 90)
        self.assertFalse(self._confirm("2025-08-15"))
        retest = self._probation_test(self.novice, "2025-09-02")
        decision = self._confirm("2025-09-03")
        self._assert_confirmed(decision, "2025-09-02")
        self.assertEqual(decision.test_id, retest)

    def test_U1_first_passed_test_counts(self):
        first = self._probation_test(self.novice, "2025-07-20")
        self._probation_test(self.novice, "2025-08-25")
        decision = self._confirm("2025-08-26")
        self.assertEqual((decision.effective_date, decision.test_id), (date(2025, 8, 10), first))

    def test_U1_test_of_the_future_does_not_count_yet(self):
        self._probation_test(self.novice, "2025-08-25")
        self.assertFalse(self._confirm("2025-08-24"))

    def test_U1_second_probation_needs_a_test_of_its_own(self):
        """Demoted to probation: served and tested again, from the day the tier began."""
        self._probation_test(self.novice, "2025-07-20")
        self._confirm("2025-07-20")
        self._confirm("2025-08-10")
        self._violation(self.novice, "2025-09-04", severity="moderate")
        self._play("2025-09", {})
        self._apply("2025-10-04")
        self.assertEqual(self._tier_on(self.novice, "2025-10-01"), "probation")
        self.assertFalse(self._confirm("2025-11-05"), "the test of July was for another probation")
        self._probation_test(self.novice, "2025-10-20")
        decision = self._confirm("2025-11-05")
        self._assert_confirmed(decision, "2025-11-01")
        self._confirm("2025-11-08")
        changes = [each.tier_to_id.code for each in self._decisions(self.novice, state="applied")]
        self.assertEqual(changes, ["junior", "probation", "junior"])

    def test_U1_test_on_the_day_the_tier_began_counts(self):
        self._probation_test(self.novice, "2025-07-10")
        self.assertEqual(self._confirm("2025-07-10").effective_date, date(2025, 8, 10))

    def test_U1_leaver_is_not_confirmed(self):
        for left, confirmed in (("2025-08-10", False), ("2025-08-11", True)):
            with self.subTest(left):
                agent = self._make_agent(
                    f"Leaver {left}", tier="probation", hired="2025-07-10", left=left
                )
                self._probation_test(agent, "2025-07-20")
                self.assertEqual(bool(self._confirm("2025-07-21", agent)), confirmed)

    def test_U1_once_only(self):
        self._probation_test(self.novice, "2025-07-20")
        self.assertEqual(len(self._confirm("2025-07-21")), 1)
        self.assertFalse(self._confirm("2025-07-22"))
        self.assertFalse(self._confirm("2025-08-10"))
        self.assertFalse(self._confirm("2025-08-11"))
        self.assertEqual(len(self._decisions(self.novice)), 1)

    def test_U1_button_of_the_office(self):
        self._probation_test(self.novice, "2025-07-20")
        employees = self.novice | self.agent
        self.user_office.group_ids |= self.env.ref("hr.group_hr_user")
        self._as(self.user_office, employees).action_cs_confirm_probation()
        self._assert_confirmed(self._decisions(self.novice), "2025-08-10")
        self.assertFalse(self._decisions(self.agent))

    def test_U1_followed_by_a_step_up_at_the_quarters_end(self):
        """Confirmed mid-month, then promoted with the next quarter (U2)."""
        self._probation_test(self.novice, "2025-07-20")
        self._confirm("2025-07-20")
        self._confirm("2025-08-10")
        self._play_months("2025-10", "2025-12", {self.novice: 96})
        self._apply("2026-01-04")
        self.assertEqual(self._tier_on(self.novice, "2026-01-01"), "intermediate")

    def test_probation_is_never_left_by_a_score(self):
        self._play_months("2025-10", "2025-12", {self.novice: 100})
        self.assertFalse(self._decisions(self.novice))

    def test_points_lie_between_0_and_100(self):
        for knowledge, skills in ((-0.01, 80), (80, 100.01)):
            with (
                self.subTest(knowledge=knowledge, skills=skills),
                self.assertRaisesRegex(ValidationError, "Novice: .* between 0 and 100"),
                self.env.cr.savepoint(),
            ):
                self._probation_test(self.novice, "2025-07-20", knowledge, skills)

    def test_date_outside_the_employment_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "2025-07-09 is before Novice joined"):
            self._probation_test(self.novice, "2025-07-09")
        leaver = self._make_agent("Leaver", tier="probation", left="2025-03-31")
        with self.assertRaisesRegex(ValidationError, "Leaver is not employed on 2025-04-01"):
            self._probation_test(leaver, "2025-04-01")
