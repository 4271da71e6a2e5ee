"""Rules and findings in words: one place says them for all pages (P4)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.tests import TransactionCase, tagged

from ..engine.conditions import Finding, Found
from ..engine.outlook import Standing
from ..engine.rule import Condition
from ..engine.series import WINDOWS
from ..engine.vocabulary import COUNT, EACH, EVENT, MONTHS, READINGS, SINCE, Metric

SCORE = Metric("score", name="Score")
TITLES = Metric("titles", read=COUNT, name="Titles")


@tagged("post_install", "-at_install", "cs_promotion")
class TestWords(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.words = cls.env["cs.words"].with_context(lang="en_US")

    def _condition(self, metric=SCORE, operator=">=", value=85, **values):
        return Condition(metric, operator, Decimal(value), **values)

    def _finding(self, condition, *values, **came_to):
        found = tuple(
            Found(f"2026-0{month}", date(2026, month, 1), date(2026, month, 28), Decimal(value), ok)
            for month, (value, ok) in enumerate(values, 1)
        )
        needed = condition.times if condition.each else None
        count = sum(each.met for each in found)
        given = {"count": count, "needed": needed, "held": True, "met": False} | came_to
        return Finding(condition, found, **given)

    def test_p4_every_window_and_reading_is_said(self):
        """None is told as another: whoever declares one more has to give it words."""
        ways = [
            self._condition(window=window, reading=reading, months=6, times=2)
            for window in WINDOWS
            for reading in READINGS
            if reading not in SINCE  # counts from its begin, in no window
        ]
        said = {self.words._say_condition(each) for each in ways}
        self.assertEqual(len(said), len(ways))

    def test_p4_conditions(self):
        for condition, said in (
            (self._condition(times=3, consecutive=True), "Score ≥ 85, in the last 3 reviews"),
            (self._condition(), "Score ≥ 85, in the latest review"),
            (
                self._condition(window="tier", times=3, consecutive=True),
                "Score ≥ 85, 3 times in a row since the tier began",
            ),
            (
                self._condition(reading="mean", times=3),
                "Score ≥ 85, on average in the last 3 reviews",
            ),
            (
                self._condition(reading="sum", window="last_months", months=3),
                "Score ≥ 85, added up in the last 3 months",
            ),
            (self._condition(TITLES, value=2), "Titles ≥ 2"),
            (self._condition(TITLES, window="joined"), "Titles ≥ 85, counted since joining"),
            (
                self._condition(operator="between", value=80, value_max=Decimal("91.50")),
                "Score above 80 and below 91.5, in the latest review",
            ),
            (
                self._condition(Metric("gone"), window="period"),
                "gone ≥ 85, once in the period just closed",
            ),
        ):
            with self.subTest(said):
                self.assertEqual(self.words._say_condition(condition), said)

    def test_p4_what_was_found_and_what_is_missing(self):
        mean = self._condition(reading="mean", times=2)
        twice = self._condition(times=2)
        third = Fraction(250, 3)
        exam = self._condition(Metric("exam", EVENT), window="last_months", months=3)
        for finding, found, missing in (
            (
                self._finding(self._condition(), (80, False)),
                "January 2026: 80 ✗",
                "short by 5",
            ),
            (
                self._finding(twice, (80, False), (90, True)),
                "January 2026: 80 ✗ · February 2026: 90",
                "1 more",
            ),
            (self._finding(self._condition(TITLES, value=2), (1, True)), "1", "1 more"),
            (self._finding(mean, value=third), "83.33", "1.67 more"),
            (self._finding(mean), "no result yet", ""),
            (
                self._finding(mean, held=False),
                "no result in the period just closed",
                "",
            ),
            (self._finding(exam, held=False), "no result yet", ""),
        ):
            with self.subTest(found):
                self.assertEqual(self.words._say_found(finding), found)
                standing = Standing(finding, met=False, rests=False)
                self.assertEqual(self.words._say_missing(standing, True), missing)

    def test_p4_kept_evidence_is_told_by_the_names_of_today(self):
        """A metric that nobody declares any more is called by its code."""
        required = {"metric": "month_rank", "operator": "<=", "value": "3"}
        kept = {
            "required": {"grain": "month", "read": EACH, "records": "review", **required},
            "found": [
                {
                    "key": "2026-01",
                    "start": "2026-01-01",
                    "end": "2026-01-31",
                    "value": "4",
                    "met": False,
                }
            ],
            "count": 0,
            "needed": 1,
            "met": False,
        }
        (finding,) = self.words._read_findings([kept])
        said = self.words._say_finding(finding)
        self.assertEqual(said["required"], "Monthly rank ≤ 3, in the latest review")
        self.assertEqual(said["found"], "January 2026: rank 4 ✗")
        self.assertEqual((said["met"], said["counted"]), (False, "0 of 1"))
        kept["required"] |= {"metric": "gone", "read": MONTHS}
        (finding,) = self.words._read_findings([kept])
        self.assertEqual(self.words._say_finding(finding)["required"], "gone ≤ 3")
