"""Months, quarters and complete months: R3, U1-U3, O1, O3; and an engine without Odoo."""

import ast
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ..engine import calendar
from ..engine.facts import Closing
from .test_engine_strategies import PROPERTY, EngineCase, day

ENGINE = Path(__file__).parents[1] / "engine"

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


class TestPeriods(EngineCase):
    def test_R1_months(self):
        for on, first, last, key in (
            ("2026-01-31", "2026-01-01", "2026-01-31", "2026-01"),
            ("2026-02-01", "2026-02-01", "2026-02-28", "2026-02"),
            ("2028-02-10", "2028-02-01", "2028-02-29", "2028-02"),
            ("2026-12-05", "2026-12-01", "2026-12-31", "2026-12"),
        ):
            self.assertEqual(calendar.month_start(day(on)), day(first))
            self.assertEqual(calendar.month_end(day(on)), day(last))
            self.assertEqual(calendar.month_key(day(on)), key)

    def test_R3_quarters_are_those_of_the_calendar(self):
        for month, first, last, key, closes in (
            ("01", "2026-01-01", "2026-03-31", "2026Q1", False),
            ("02", "2026-01-01", "2026-03-31", "2026Q1", False),
            ("03", "2026-01-01", "2026-03-31", "2026Q1", True),
            ("04", "2026-04-01", "2026-06-30", "2026Q2", False),
            ("06", "2026-04-01", "2026-06-30", "2026Q2", True),
            ("07", "2026-07-01", "2026-09-30", "2026Q3", False),
            ("09", "2026-07-01", "2026-09-30", "2026Q3", True),
            ("10", "2026-10-01", "2026-12-31", "2026Q4", False),
            ("12", "2026-10-01", "2026-12-31", "2026Q4", True),
        ):
            on = day(f"2026-{month}-15")
            self.assertEqual(calendar.quarter_start(on), day(first))
            self.assertEqual(calendar.quarter_end(on), day(last))
            self.assertEqual(calendar.quarter_key(on), key)
            self.assertIs(calendar.closes_quarter(on), closes)

    def test_O1_a_month_closes_the_quarter_that_ends_with_it(self):
        self.assertEqual(Closing(day("2026-03-31")).quarter, day("2026-01-01"))
        self.assertEqual(Closing(day("2026-12-31")).quarter, day("2026-10-01"))
        self.assertIsNone(Closing(day("2026-04-30")).quarter)
        self.assertEqual(Closing(day("2026-04-30")).month, day("2026-04-01"))

    def test_O3_effective_on_the_day_after_and_back(self):
        for end, effective in (("2026-02-28", "2026-03-01"), ("2026-12-31", "2027-01-01")):
            self.assertEqual(Closing(day(end)).effective, day(effective))
            self.assertEqual(Closing.of(day(effective)), Closing(day(end)))

    @PROPERTY
    @given(days)
    def test_R3_each_quarter_is_three_months(self, on):
        months = {calendar.add_months(calendar.quarter_start(on), step) for step in range(3)}
        self.assertIn(calendar.month_start(on), months)
        self.assertEqual(calendar.month_end(max(months)), calendar.quarter_end(on))
        self.assertEqual(
            calendar.closes_quarter(on), calendar.month_end(on) == calendar.quarter_end(on)
        )


class TestMonthsServed(EngineCase):
    def test_U1_a_month_later(self):
        for start, months, end in (
            ("2026-07-10", 1, "2026-08-10"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2028-01-31", 1, "2028-02-29"),
            ("2026-12-31", 2, "2027-02-28"),
            ("2026-03-15", 0, "2026-03-15"),
            ("2026-03-31", -1, "2026-02-28"),
            ("2026-01-01", -12, "2025-01-01"),
        ):
            self.assertEqual(calendar.add_months(day(start), months), day(end))

    def test_U2_complete_months(self):
        for start, end, months in (
            ("2026-07-10", "2026-08-10", 1),
            ("2026-07-10", "2026-08-09", 0),
            ("2026-01-31", "2026-02-28", 1),
            ("2026-01-31", "2026-02-27", 0),
            ("2025-12-31", "2026-04-01", 3),
            ("2024-02-29", "2025-02-28", 12),
            ("2026-05-01", "2026-05-01", 0),
        ):
            self.assertEqual(calendar.complete_months(day(start), day(end)), months, start)

    @PROPERTY
    @given(days, st.integers(-400, 400))
    def test_U1_months_are_added_as_dateutil_adds_them(self, on, months):
        self.assertEqual(calendar.add_months(on, months), on + relativedelta(months=months))

    @PROPERTY
    @given(days, st.integers(0, 4000))
    def test_U2_complete_months_are_those_that_fit(self, start, length):
        end = start + timedelta(days=length)
        months = calendar.complete_months(start, end)
        self.assertLessEqual(calendar.add_months(start, months), end)
        self.assertGreater(calendar.add_months(start, months + 1), end)


class TestPurity(EngineCase):
    def test_engine_is_imported_without_odoo(self):
        """By a bare interpreter: neither Odoo nor any other package is found or missed."""
        modules = sorted(path.stem for path in ENGINE.glob("[a-z]*.py"))
        self.assertIn("rules", modules)
        program = f"import sys; sys.path.insert(0, {str(ENGINE.parent)!r})\n"
        program += "".join(f"import engine.{module}\n" for module in modules)
        bare = [sys.executable, "-I", "-S", "-B", "-c", program]
        done = subprocess.run(bare, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_S4_no_binary_number_is_written_in_the_engine(self):
        paths = [*ENGINE.glob("*.py")]
        self.assertIn(ENGINE / "pay.py", paths)
        for path in paths:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant):
                    self.assertNotIsInstance(node.value, float, path.name)
