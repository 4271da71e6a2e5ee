"""Points of longer periods, ratios and departments, against naive readings."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ..engine.calendar import add_months, closes, month_end, period_end, period_key, period_start
from ..engine.scoring import places
from ..engine.series import (
    Point,
    a_period_later,
    combine,
    gather,
    in_period,
    of_members,
    rolling,
    together,
)
from ..engine.vocabulary import COUNT, EVENT, LENGTHS, SUM, VALUES, Metric
from .test_engine_strategies import MANY, EngineCase, seeded

FIRST, MIN = date(2025, 1, 1), date.min


def any_months(random: Random):
    """A monthly metric, a year and a half of its points with gaps, and a longer grain."""
    how = random.choice((COUNT, *VALUES))
    points = tuple(
        Point(start, month_end(start), Decimal(random.randint(-3, 9)))
        for index in range(18)
        if random.random() < 0.7
        for start in [add_months(FIRST, index)]
    )
    return Metric("m", gather=how), points, random.choice(("quarter", "half", "year"))


class TestSeries(EngineCase):
    @MANY
    @given(seeded(any_months))
    def test_points_of_longer_periods(self, drawn):
        metric, points, grain = drawn
        found = {point.start: point for point in gather(metric, points, grain)}
        for index in range(0, 18, LENGTHS[grain]):
            start = period_start(grain, add_months(FIRST, index))
            end = period_end(grain, start)
            inside = [each.value for each in points if start <= each.start <= end]
            if not inside:
                self.assertNotIn(start, found)
                continue
            expected = {
                "sum": sum(inside),
                "mean": Fraction(sum(inside)) / len(inside),
                "last": inside[-1],
                "count": len(inside),
                "min": min(inside),
                "max": max(inside),
            }[metric.gather]
            self.assertEqual((found[start].end, found[start].value), (end, expected))

    @MANY
    @given(seeded(any_months), seeded(any_months))
    def test_a_ratio_is_exact_and_none_of_nothing(self, one, other):
        found = {each.start: each.value for each in combine("ratio", one[1], other[1])}
        below = {each.start: each.value for each in other[1]}
        for point in one[1]:
            denominator = below.get(point.start)
            expected = Fraction(point.value) / Fraction(denominator) if denominator else None
            self.assertEqual(found.get(point.start), expected)

    def test_a_department_is_what_its_members_come_to(self):
        june = (date(2026, 6, 1), date(2026, 6, 30))
        teams = [(Point(*june, 5),), (Point(*june, 8),), ()]
        self.assertEqual(of_members("mean", teams), (Point(*june, Fraction(13, 2)),))
        self.assertEqual(of_members("sum", teams), (Point(*june, Fraction(13)),))

    def test_events_count_in_the_period_they_came_to_light_in(self):
        late = Point(date(2026, 1, 31), date(2026, 2, 28), 2)
        metric = Metric("points", EVENT, SUM)
        january, february = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), late.end)
        self.assertEqual(in_period(metric, (late,), *january), 0)
        self.assertEqual(in_period(metric, (late,), *february), 2)
        self.assertIsNone(in_period(Metric("sales"), (), *january))

    def test_what_was_counted_is_not_counted_again(self):
        """A month's count is a value of that month; of a longer period months are counted."""
        january = Point(date(2026, 1, 1), date(2026, 1, 31), 3)
        metric = Metric("late_times", gather=COUNT)
        self.assertEqual(in_period(metric, (january,), january.start, january.end), 3)
        self.assertEqual(in_period(metric, (january,), january.start, date(2026, 3, 31)), 1)
        # of an item that is paid with the last month of the quarter
        quarter = Point(date(2026, 1, 1), date(2026, 3, 31), 5)
        longer = Metric("late_quarter", "quarter", gather=COUNT)
        self.assertEqual(in_period(longer, (quarter,), date(2026, 3, 1), quarter.end), 5)
        self.assertEqual(in_period(longer, (quarter,), january.start, january.end), 0)
        # an event is one, whatever its value
        day = Point(date(2026, 1, 31), date(2026, 1, 31), 7)
        event = Metric("late_days", EVENT, gather=COUNT)
        self.assertEqual(in_period(event, (day,), january.start, january.end), 1)

    def test_a_period_without_events_has_nought_where_all_are_known(self):
        known = date(2025, 12, 10), date(2026, 3, 30)
        late = Point(date(2026, 1, 31), date(2026, 2, 28), 2)  # came to light in February
        expected = {COUNT: 1, SUM: 2}
        for how, number in expected.items():
            metric = Metric("m", EVENT, gather=how)
            found = [(each.start.month, each.value) for each in gather(metric, (late,), "month")]
            self.assertEqual(found, [(2, number)])
            found = gather(metric, (late,), "month", known)  # March is not over
            months = [(each.start.month, each.value) for each in found]
            self.assertEqual(months, [(12, 0), (1, 0), (2, number)])
            [quarter] = gather(metric, (), "quarter", known)
            self.assertEqual((quarter.start, quarter.value), (date(2025, 10, 1), 0))
        # no exam is no result, and what is typed for a month is not known before
        self.assertEqual(gather(Metric("m", EVENT, gather="max"), (), "month", known), ())
        self.assertEqual(gather(Metric("m", gather=SUM), (), "quarter", known), ())

    def test_what_was_in_the_period_before(self):
        """Not of a former employment; who has no value before has none of it."""
        months = [(date(2026, n, 1), month_end(date(2026, n, 1)), n) for n in (1, 2, 4)]
        series = tuple(Point(*month) for month in months)
        found = [(each.start.month, each.value) for each in a_period_later("month", series, MIN)]
        self.assertEqual(found, [(2, 1), (3, 2), (5, 4)])
        rejoined = [*a_period_later("month", series, date(2026, 2, 10))]
        self.assertEqual([each.start.month for each in rejoined], [3, 5])
        [year] = a_period_later("year", (Point(date(2025, 1, 1), date(2025, 12, 31), 8),), MIN)
        self.assertEqual(year, Point(date(2026, 1, 1), date(2026, 12, 31), 8))

    @MANY
    @given(seeded(any_months), st.integers(2, 7))
    def test_over_the_last_months_a_naive_reading_agrees(self, drawn, many):
        metric, points, _grain = drawn
        until = add_months(FIRST, 18) - timedelta(1)
        found = {each.start: each.value for each in rolling(metric, points, many, FIRST, until)}
        for index in range(18):
            start = add_months(FIRST, index)
            last = [add_months(start, -back) for back in range(many)]
            values = [point.value for day in last for point in points if point.start == day]
            if metric.gather == COUNT:
                expected = len(values)
            else:
                expected = together(metric.gather, values) if values else None
            self.assertEqual(found.get(start), expected)

    def test_over_the_last_months_nothing_happened_is_nought(self):
        late = Metric("late", EVENT, gather=COUNT)
        june = Point(date(2026, 6, 30), date(2026, 6, 30))
        days = date(2026, 5, 10), date(2026, 9, 29)  # September is not over
        found = [each.value for each in rolling(late, (june,), 2, *days)]
        self.assertEqual(found, [0, 1, 1, 0])

    def test_places_among_the_members(self):
        month = date(2026, 1, 1), date(2026, 1, 31)
        points = {
            key: Point(*month, value) for key, value in zip("abcd", (7, 9, 9, 3), strict=True)
        }
        for lowest_first, expected in ((False, [3, 1, 1, 4]), (True, [2, 3, 3, 1])):
            found = places(points, lowest_first)
            self.assertEqual([found[key].value for key in "abcd"], expected)
            self.assertEqual({point.of for point in found.values()}, {4})

    def test_names_of_periods(self):
        day = date(2026, 8, 9)
        keys = {"month": "2026-08", "quarter": "2026Q3", "half": "2026H2", "year": "2026"}
        for grain, key in keys.items():
            self.assertEqual(period_key(grain, day), key)
            self.assertTrue(closes(grain, period_end(grain, day)))
            self.assertLessEqual(period_start(grain, day), day)
