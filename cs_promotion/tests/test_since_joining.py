from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..engine.calendar import add_months, month_end
from ..engine.facts import Closing, Facts, ProbationTest, Violation
from ..engine.series import Point
from .common import CsPromotionCase


class RehireCase(CsPromotionCase):
    """People who leave and come back."""

    @classmethod
    def _rehire(cls, agent, left, joined, tier="junior"):
        """End the contract, and begin another after a break."""
        agent.version_ids.sorted("date_version")[-1].write({"contract_date_end": left})
        version = agent.create_version(
            {
                "date_version": joined,
                "contract_date_start": joined,
                "contract_date_end": False,
            }
        )
        if tier != "junior":
            version.write({"cs_tier_id": cls.tiers[tier].id, "cs_tier_since": joined})
        cls.env.flush_all()
        cls.env.invalidate_all()
        return version


@tagged("post_install", "-at_install", "cs_promotion")
class TestSinceJoining(RehireCase):
    """After a break in employment all that is counted begins anew (R5)."""

    def _facts(self, agent, day):
        timelines = self.env["cs.timeline"]._load(agent.ids, self.company)
        closing = Closing(date.fromisoformat(day))
        metrics = self.env["cs.vocabulary"]._get_metrics().values()
        [facts] = self.env["cs.facts"]._load(timelines, closing, self.company, metrics)
        return facts

    def test_R5_X1_failing_months_before_and_after_the_break_do_not_add_up(self):
        self._play_months("2025-01", "2025-02", {self.agent: 50})
        self._rehire(self.agent, "2025-02-28", "2025-03-10")
        self._play("2025-03", {self.agent: 50})
        self.assertFalse(self._decisions(self.agent))
        self._play_months("2025-04", "2025-05", {self.agent: 50})
        self.assertEqual(self._decisions(self.agent).ground, "dismiss_failing")

    def test_R5_a_gap_of_less_than_four_days_is_no_break(self):
        self._play_months("2025-01", "2025-02", {self.agent: 50})
        self._rehire(self.agent, "2025-02-28", "2025-03-03")
        self._play("2025-03", {self.agent: 50})
        self.assertEqual(self._decisions(self.agent).ground, "dismiss_failing")

    def test_R3_R5_months_of_a_former_employment_make_no_quarter(self):
        self._play("2025-01", {self.agent: 95, self.peer: 95})
        self._rehire(self.agent, "2025-01-31", "2025-02-10")
        self._play_months("2025-02", "2025-03", {self.agent: 95, self.peer: 95})
        self.assertFalse(self._appraisal(self.agent, "2025-01", "quarter"))
        self.assertEqual(self._appraisal(self.peer, "2025-01", "quarter").score, 95)
        self.assertFalse(self._decisions(self.agent))

    def test_U3_R5_titles_of_a_former_employment_are_history(self):
        agent = self._make_agent("Returned", "intermediate", hired="2024-01-01")
        self._award(agent, "2024-12")
        self._play("2025-01", {agent: 98})
        self._rehire(agent, "2025-01-31", "2025-04-01")
        self._play_months("2025-02", "2025-03", {})
        self._play_months("2025-04", "2025-09", {agent: 98})
        self.assertFalse(self._decisions(agent, outcome="promote"))
        self._award(agent, "2025-10")
        self._play_months("2025-10", "2025-12", {agent: 98})
        self.assertEqual(self._decisions(agent, outcome="promote").tier_to_id.code, "senior")

    def test_V4_R5_violations_of_a_former_employment_are_history(self):
        for day in ("2025-01-10", "2025-01-20"):
            self._violation(self.agent, day)
        self._play("2025-01", {self.agent: 80})
        self._rehire(self.agent, "2025-01-31", "2025-02-10")
        self._violation(self.agent, "2025-02-20")
        self._play("2025-02", {self.agent: 80})
        self.assertFalse(self._decisions(self.agent))
        self.assertEqual(len(self._facts(self.agent, "2025-02-28").violations), 1)

    def test_U1_R5_a_test_passed_before_is_history(self):
        agent = self._make_agent("Returned", "probation", hired="2025-01-01")
        self._probation_test(agent, "2025-01-10")
        self._rehire(agent, "2025-01-20", "2025-02-10")
        verdicts = self.env["cs.verdict"]
        self.assertFalse(verdicts._confirm_probations(agent, date(2025, 3, 20)))
        self._probation_test(agent, "2025-02-20")
        [confirmed] = verdicts._confirm_probations(agent, date(2025, 3, 20))
        self.assertEqual(f"{confirmed.effective_date}", "2025-03-10")

    def test_R5_a_month_of_leaving_and_rejoining_counts_for_the_present_employment(self):
        self._play("2025-01", {self.agent: 70})
        self._rehire(self.agent, "2025-02-10", "2025-02-20")
        self._play("2025-02", {self.agent: 75})
        facts = self._facts(self.agent, "2025-02-28")
        [point] = facts.series["month_score"]
        self.assertEqual((point.start, point.value), (date(2025, 2, 1), 75))

    def test_path_and_previous_grades_begin_anew(self):
        self._play_months("2025-01", "2025-02", {self.agent: 70})
        self._rehire(self.agent, "2025-02-28", "2025-03-10")
        path = self.env["cs.path"].browse(self.agent.id)
        self.assertEqual((path.last_score, path.last_rank), (0, 0))
        self.assertNotIn("70.00", path.chart_html)
        self._open("2025-03")
        self.assertFalse(self._sheet(self.agent, "2025-03", "office")._get_previous())
        self._play("2025-03", {self.agent: 80})
        self.assertEqual(path.last_score, 80)
        self._open("2025-04")
        self.assertTrue(self._sheet(self.agent, "2025-04", "office")._get_previous())

    def test_R5_evidence_of_what_was_counted_replays(self):
        self._play_months("2025-01", "2025-02", {self.agent: 50})
        self._rehire(self.agent, "2025-02-28", "2025-03-10")
        self._play_months("2025-03", "2025-05", {self.agent: 50})
        [decision] = self._decisions(self.agent)
        [condition] = decision.evidence["conditions"]
        self.assertEqual(
            [each["key"] for each in condition["found"]], ["2025-03", "2025-04", "2025-05"]
        )
        self.assertTrue(decision._follows_from_evidence())


@tagged("post_install", "-at_install", "cs_promotion")
class TestFactsSinceJoining(CsPromotionCase):
    """The engine's own reading of R5, without a database."""

    def test_R5_what_ends_before_joining_does_not_count(self):
        def period(year, month, months=1):
            start = date(year, month, 1)
            return Point(start, month_end(add_months(start, months - 1)), Decimal(80))

        joined = date(2025, 3, 10)
        facts = Facts(
            agent=1,
            tier="junior",
            tier_since=joined,
            joined=joined,
            series={
                "month_score": (period(2025, 2), period(2025, 3)),
                "quarter_score": (period(2024, 10, 3),),
                "praise": (Point(date(2025, 3, 9), date(2025, 3, 31)), Point(joined, joined)),
            },
            violations=(
                Violation(date(2025, 3, 9), "minor", date(2025, 3, 1)),
                Violation(joined, "minor", date(2025, 3, 1)),
            ),
            tests=(ProbationTest(date(2025, 3, 9), Decimal(80), Decimal(80)),),
        ).since_joining(frozenset({"praise"}))
        self.assertEqual(facts.series["month_score"], (period(2025, 3),))
        self.assertEqual((facts.series["quarter_score"], facts.tests), ((), ()))
        self.assertEqual(facts.series["praise"], (Point(joined, joined),))
        self.assertEqual([each.date for each in facts.violations], [joined])
