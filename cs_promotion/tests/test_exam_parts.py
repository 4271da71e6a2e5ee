"""Exams that have parts with weights: written, practice and interview, say."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given

from odoo.tests import tagged

from ..engine.calendar import add_months
from ..engine.decimals import plain, terminating
from ..engine.series import Point, of_parts
from .played_package import PlayedPackageCase
from .test_engine_strategies import MANY, EngineCase, seeded

PARTS = {"written": 40, "practice": 40, "interview": 20}
EXAM = [
    *({"code": code, "name": code.title(), "grain": "event"} for code in PARTS),
    {
        "code": "exam",
        "name": "Exam",
        "kind": "parts",
        "grain": "event",
        "valid_months": 12,
        "parts": [{"metric": code, "weight": weight} for code, weight in PARTS.items()],
    },
]


def any_parts(random: Random):
    """Some parts, each taken on some days of two years."""
    days = [date(2025, 1, 31) + timedelta(days=random.randint(0, 700)) for _ in range(6)]
    parts = []
    for _ in range(random.randint(1, 3)):
        taken = sorted({random.choice(days) for _ in range(random.randint(0, 4))})
        points = tuple(Point(day, day, random.randint(0, 100)) for day in taken)
        parts.append((Decimal(random.choice(("20", "40", "33.3"))), points))
    return parts, random.choice((0, 1, 6, 12))


class TestParts(EngineCase):
    @MANY
    @given(seeded(any_parts))
    def test_of_each_part_the_newest_that_still_counts(self, drawn):
        parts, months = drawn
        expected = {}
        for day in {point.start for _weight, series in parts for point in series}:
            known = []
            for weight, series in parts:
                past = [p for p in series if p.start <= day]
                if months:
                    past = [p for p in past if p.start >= add_months(day, -months)]
                known.append((weight, past[-1].value if past else None))
            if all(value is not None for _weight, value in known):
                total = sum(Fraction(weight) for weight, _value in known)
                expected[day] = sum(Fraction(w) * v for w, v in known) / total
        found = of_parts(parts, months)
        self.assertEqual({point.start: point.value for point in found}, expected)
        self.assertEqual([*found], sorted(found, key=lambda point: point.start))

    def test_a_fraction_is_kept_exact_and_shown_rounded(self):
        self.assertEqual(terminating(Fraction(145, 2)), Decimal("72.5"))
        self.assertEqual(terminating(Fraction(100, 3)), Fraction(100, 3))
        self.assertEqual((plain(Fraction(100, 3)), plain(Fraction(72))), ("33.33", "72"))


@tagged("post_install", "-at_install", "cs_promotion")
class TestExamOfParts(PlayedPackageCase):
    """Whoever has 80 in the exam, and 60 in each of its parts, moves up."""

    def _taken(self, day, *values, **more):
        months = {f"2026-{month:02}": 90 for month in range(1, 7)}
        sat = {code: [{"date": day, "value": v}] for code, v in zip(PARTS, values, strict=False)}
        return {"months": months, "events": sat, **more}

    def test_the_whole_and_a_pass_mark_of_each_part(self):
        passed = [
            {"metric": code, "operator": ">=", "value": 60, "window": "last_months", "months": 6}
            for code in PARTS
        ]
        whole = {**passed[0], "metric": "exam", "value": 80}
        package = self._package(metrics=EXAM, rules=[self._rule(whole, *passed)])
        again = self._taken("2026-02-03", 80, 90)
        again["events"]["interview"] = [
            {"date": "2026-02-03", "value": 50},
            {"date": "2026-04-20", "value": 60},
        ]
        found = self._play(
            package,
            "2026-01",
            "2026-06",
            JUST=self._taken("2026-02-03", 80, 90, 60),
            SHORT=self._taken("2026-02-03", 80, 89, 60),
            FAILED=self._taken("2026-02-03", 59, 100, 90),
            PARTLY=self._taken("2026-02-03", 100, 100),
            LATER=again,
        )
        self.assertEqual(
            self._changes(found),
            {
                "JUST": [("2026-03-01", "desk_senior")],
                "SHORT": [],
                "FAILED": [],
                "PARTLY": [],
                "LATER": [("2026-05-01", "desk_senior")],
            },
        )

    def test_what_no_decimal_says_is_judged_and_replays(self):
        parts = [{"metric": "written", "weight": 1}, {"metric": "practice", "weight": 2}]
        whole = {"code": "two", "name": "Two", "kind": "parts", "grain": "event", "parts": parts}
        metrics = [*EXAM[:2], whole]
        needed = {"metric": "two", "operator": ">=", "value": 66.6}
        package = self._package(metrics=metrics, rules=[self._rule(needed)])
        with self.env.cr.savepoint() as savepoint:
            found = self._play(package, "2026-01", "2026-01", ANN=self._taken("2026-01-20", 0, 100))
            self.assertEqual(self._changes(found)["ANN"], [("2026-02-01", "desk_senior")])
            decision = self.env["cs.decision"].search([("employee_id.name", "=", "ANN")])
            self.assertEqual(decision.evidence["conditions"][0]["found"][0]["value"], "200/3")
            self.assertIn("66.67", decision.evidence_text)
            self.assertTrue(decision._follows_from_evidence())
            savepoint.rollback()
