"""Targets by match rows, beside a naive reading of them (policy language, *Match row*)."""

from calendar import monthrange
from datetime import date, timedelta
from random import Random

from hypothesis import given

from ..engine.forms import Tenure
from ..engine.series import Point
from ..engine.targets import Target, instead, of_rows
from ..engine.timeline import Timeline, VersionRow
from .test_engine_strategies import PROPERTY, EngineCase, day, seeded

MONTHS = {"month": 1, "quarter": 3, "year": 12}
FIRST = date(2024, 1, 1)


def any_timeline(random: Random) -> Timeline:
    """A career of one contract with some moves, off the ladder for a while, too."""
    on, rows = FIRST + timedelta(random.randint(0, 90)), []
    hired = on
    for id_ in range(random.randint(1, 4)):
        tier = random.choice((None, 1, 2, 2))
        held = (tier, on if tier else None, random.choice((7, 8)), 1, random.choice((None, 5)))
        rows.append(VersionRow(id_, on, hired, None, *held))
        on += timedelta(random.randint(1, 200))
    return Timeline.build(1, rows)


def any_versions(random: Random):
    """Pairs (in force from, rows), the newest first."""

    def any_row():
        months = random.choice(((), (), (3, 12), (6,)))
        tenure = random.choice((None, None, Tenure.parse("1, 2"), Tenure.parse("3*")))
        match = {
            "tier": random.choice((None, 1, 2)),
            "department": random.choice((None, None, 7)),
            "job": random.choice((None, None, 5)),
        }
        return Target(
            "goal", random.randint(1, 99), months=frozenset(months), tenure=tenure, **match
        )

    starts = sorted({date(2024, random.randint(1, 12), 1) for _each in range(2)}, reverse=True)
    return [(start, tuple(any_row() for _each in range(random.randint(0, 3)))) for start in starts]


def naive(versions, length, timeline, since, until):
    """Month by month: who ends a period here, what do they hold, which row says it?"""
    found = []
    for number in range(24):
        year, month = 2024 + number // 12, number % 12 + 1
        end = date(year, month, monthrange(year, month)[1])
        if month % length or not since <= end <= until:
            continue
        first = month - length + 1
        days = [date(year, first, 1) + timedelta(n) for n in range(366)]
        days = [each for each in days if each <= end]
        held = [stretch for each in days if (stretch := timeline.at(each)) and stretch.tier]
        rows = next((rows for start, rows in versions if start <= end), ())
        joined = timeline.stretches[0].start
        for row in rows if held else ():
            last = held[-1]
            fits = (
                row.tier in (None, last.tier)
                and row.department in (None, last.department)
                and row.job in (None, last.job)
                and (month in row.months or not row.months)
                and (not row.tenure or row.tenure.reached(joined, days[0], end))
            )
            if fits:
                found.append((days[0], end, row.value))
                break
    return found


class TestEngineTargets(EngineCase):
    @PROPERTY
    @given(seeded(lambda random: random))
    def test_a_naive_reading_agrees(self, random):
        timeline, versions = any_timeline(random), any_versions(random)
        grain, length = random.choice([*MONTHS.items()])
        since = random.choice((date.min, date(2024, 9, 10)))
        until = random.choice((date(2025, 5, 31), date(2025, 12, 31)))

        def rows_on(end):
            return next((rows for start, rows in versions if start <= end), ())

        points = of_rows(rows_on, grain, timeline, since, until)
        found = [(point.start, point.end, point.value) for point in points]
        self.assertEqual(found, naive(versions, length, timeline, since, until))

    def test_ones_own_goes_before_that_of_all(self):
        def point(month, value):
            return Point(day(f"2026-0{month}-01"), day(f"2026-0{month}-28"), value)

        found = instead((point(2, 90),), (point(1, 50), point(2, 50), point(3, 60)))
        self.assertEqual([each.value for each in found], [50, 90, 60])
