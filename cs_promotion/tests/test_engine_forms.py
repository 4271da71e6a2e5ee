"""Which form whom is scored by: the first row that fits (policy language, *Forms*)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ..engine.calendar import complete_months, month_end, read_months
from ..engine.forms import FormRow, Held, Period, Tenure, choose
from ..engine.vocabulary import PolicyError
from .test_engine_strategies import MANY, EngineCase

DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))


def month(year, number):
    start = date(year, number, 1)
    return Period("month", start, month_end(start))


class TestEngineForms(EngineCase):
    def test_the_first_row_that_fits_wins(self):
        rows = (
            FormRow("leader", tier=3),
            FormRow("quality", department=7, months=frozenset({1, 4, 7, 10})),
            FormRow(None, department=7, kind="month"),
            FormRow("year", kind="year"),
        )
        january, february = month(2026, 1), month(2026, 2)
        year = Period("year", date(2026, 1, 1), date(2026, 12, 31))
        for held, period, form in (
            (Held(3, 7, None), january, "leader"),
            (Held(1, 7, None), january, "quality"),
            (Held(1, 7, None), february, None),
            (Held(1, 8, None), february, "own"),
            (Held(1, 7, None), year, "year"),
        ):
            with self.subTest(held=held, period=period):
                self.assertEqual(choose(rows, held, period, "own"), form)

    def test_14_6_reviews_at_months_since_joining(self):
        rows = (FormRow("own", tenure=Tenure.parse("3, 6, 12*")), FormRow(None))
        held = Held(1, 7, None, date(2026, 1, 15))
        reviewed = [
            (year, number)
            for year in (2026, 2027, 2028)
            for number in range(1, 13)
            if choose(rows, held, month(year, number), "own")
        ]
        self.assertEqual(reviewed, [(2026, 4), (2026, 7), (2027, 1), (2028, 1)])

    def test_a_star_says_again_after_as_many_months(self):
        """1*: every month from the first complete one on, which is that of the day it is."""
        again = FormRow("again", tenure=Tenure.parse("1*"))
        for joined, first in ((date(2026, 1, 15), 2), (date(2026, 1, 1), 2)):
            held = Held(1, 7, None, joined)
            found = [n for n in range(1, 7) if choose((again,), held, month(2026, n), None)]
            self.assertEqual(found, [*range(first, 7)])

    def test_what_cannot_be_read_is_refused(self):
        for text in ("0", "3;6", "*", "12**", "x"):
            with self.subTest(text), self.assertRaises(PolicyError):
                Tenure.parse(text)
        with self.assertRaisesRegex(PolicyError, "^'0' is no number from 1 to 999"):
            Tenure.parse("3, 0, 12*")
        for text in ("0", "13", "1-3"):
            with self.subTest(text), self.assertRaises(PolicyError):
                read_months(text)
        self.assertEqual(read_months("1, 04,12"), {1, 4, 12})
        self.assertEqual(read_months(" "), frozenset())

    @MANY
    @given(DAYS, DAYS, st.sets(st.integers(1, 40), max_size=3), st.sets(st.integers(1, 24)))
    def test_a_naive_reading_agrees(self, joined, day, once, every):
        """A number is reached in the month in which the months are complete for the first day."""
        start, end = day.replace(day=1), month_end(day)
        wanted = {
            number
            for number in range(1, 100)
            if number in once or any(number % each == 0 for each in every)
        }
        days = [start + timedelta(days=each) for each in range((end - start).days + 1)]
        found = {
            complete_months(joined, each)
            for each in days
            if each > joined
            and complete_months(joined, each) > complete_months(joined, each - timedelta(days=1))
        }
        self.assertEqual(
            Tenure(frozenset(once), frozenset(every)).reached(joined, start, end),
            bool(found & wanted),
        )
