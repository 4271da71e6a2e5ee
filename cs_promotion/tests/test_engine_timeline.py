"""Dated records of an employee as stretches of days: R2, W3, U2."""

from datetime import date, timedelta
from random import Random

from hypothesis import given

from ..engine.timeline import Stretch, Timeline, VersionRow
from .test_engine_strategies import PROPERTY, EngineCase, day, seeded

PROBATION, JUNIOR, SENIOR = 1, 2, 4
HOTLINE, DESK = 10, 11


def version(id_, start, contract=None, tier=JUNIOR, department=HOTLINE) -> VersionRow:
    """``contract`` as ``2026-01-01/2026-06-30``, its end left out when it has none."""
    first, _slash, last = (contract or "").partition("/")
    return VersionRow(
        id_,
        day(start),
        day(first) if first else None,
        day(last) if last else None,
        tier,
        day(start) if tier else None,
        department,
    )


def timeline(*rows: VersionRow) -> Timeline:
    return Timeline.build(7, rows)


def spans(line: Timeline) -> list[tuple[str, str, int]]:
    return [(str(each.start), str(each.end), each.version) for each in line.stretches]


def any_rows(random: Random) -> list[VersionRow]:
    """Versions of a few contracts, some of them off the ladder or without a contract."""
    rows, on = [], date(2026, 1, 1)
    for id_ in range(random.randint(1, 6)):
        first = random.choice((None, on, on, on - timedelta(random.randint(0, 20))))
        last = random.choice((None, on + timedelta(random.randint(-5, 60))))
        if first and last and last < first:
            last = None
        tier = random.choice((None, PROBATION, JUNIOR, JUNIOR))
        rows.append(VersionRow(id_, on, first, last, tier, on if tier else None, HOTLINE))
        on += timedelta(days=random.randint(1, 50))
    random.shuffle(rows)
    return rows


class TestBuild(EngineCase):
    def test_W3_a_version_holds_until_the_next(self):
        line = timeline(
            version(2, "2026-04-01", "2026-01-01", SENIOR),
            version(1, "2026-01-01", "2026-01-01"),
        )
        self.assertEqual(
            spans(line), [("2026-01-01", "2026-03-31", 1), ("2026-04-01", str(date.max), 2)]
        )
        self.assertEqual(line.employee, 7)
        self.assertEqual(
            line.stretches[1],
            Stretch(day("2026-04-01"), date.max, SENIOR, day("2026-04-01"), HOTLINE, 2),
        )

    def test_W3_days_outside_a_contract_are_no_work(self):
        line = timeline(
            version(1, "2026-01-01", "2026-01-10/2026-02-20"),
            version(2, "2026-03-01"),
            version(3, "2026-04-01", "2026-04-15/2026-04-15"),
            version(4, "2026-05-01", "2026-04-15/2026-04-15"),
        )
        self.assertEqual(
            spans(line), [("2026-01-10", "2026-02-20", 1), ("2026-04-15", "2026-04-15", 3)]
        )

    def test_W3_the_first_version_reaches_back_to_its_contract(self):
        """A first load is dated the day it was typed in; a later version is not."""
        first = version(1, "2026-03-09", "2026-01-01")
        self.assertEqual(spans(timeline(first)), [("2026-01-01", str(date.max), 1)])
        later = version(2, "2026-05-09", "2026-04-01")
        self.assertEqual(spans(timeline(first, later))[1][0], "2026-05-09")

    def test_W3_days_within_a_month(self):
        stretch = Stretch(day("2026-02-10"), day("2026-03-20"), JUNIOR, None, HOTLINE, 1)
        for first, last, days in (
            ("2026-01-01", "2026-01-31", 0),
            ("2026-02-01", "2026-02-09", 0),
            ("2026-02-01", "2026-02-10", 1),
            ("2026-02-01", "2026-02-28", 19),
            ("2026-03-01", "2026-03-31", 20),
            ("2026-03-20", "2026-04-30", 1),
            ("2026-03-21", "2026-04-30", 0),
        ):
            self.assertEqual(stretch.days_within(day(first), day(last)), days)


class TestAsked(EngineCase):
    def test_R2_a_leaver_stands_where_the_last_day_was(self):
        line = timeline(
            version(1, "2026-01-01", "2026-01-01/2026-05-20"),
            version(2, "2026-05-10", "2026-01-01/2026-05-20", department=DESK),
        )
        last = line.last_in(day("2026-05-01"), day("2026-05-31"))
        self.assertEqual((last.department, last.end), (DESK, day("2026-05-20")))
        self.assertEqual(
            line.last_in(day("2026-04-01"), day("2026-04-30")).department,
            HOTLINE,
        )
        self.assertIsNone(line.last_in(day("2026-06-01"), day("2026-06-30")))

    def test_R2_days_off_the_ladder_do_not_count(self):
        line = timeline(
            version(1, "2026-01-01", "2026-01-01"),
            version(2, "2026-05-10", "2026-01-01", tier=None, department=DESK),
        )
        self.assertEqual(line.last_in(day("2026-05-01"), day("2026-05-31")).department, HOTLINE)
        self.assertEqual(line.on_ladder(day("2026-06-01"), day("2026-06-30")), ())
        self.assertEqual(len(line.on_ladder(day("2026-05-09"), day("2026-05-31"))), 1)
        self.assertEqual(len(line.on_ladder(day("2025-12-01"), day("2026-01-01"))), 1)
        self.assertEqual(line.on_ladder(day("2025-12-01"), day("2025-12-31")), ())
        self.assertEqual(line.at(day("2026-05-10")).department, DESK)

    def test_R2_the_stretch_of_a_day(self):
        line = timeline(
            version(1, "2026-01-01", "2026-01-01/2026-02-28"),
            version(2, "2026-04-01", "2026-04-01"),
        )
        for on, found in (
            ("2025-12-31", None),
            ("2026-01-01", 1),
            ("2026-02-28", 1),
            ("2026-03-01", None),
            ("2026-04-01", 2),
            ("2030-01-01", 2),
        ):
            stretch = line.at(day(on))
            self.assertEqual(stretch and stretch.version, found, on)

    def test_U2_joining_is_not_moved_by_a_new_version_or_a_short_gap(self):
        """Two days without a contract are a weekend; from three on it is another employment."""
        for again, joined in (("2026-07-03", "2026-01-05"), ("2026-07-04", "2026-07-04")):
            line = timeline(
                version(1, "2026-01-05", "2026-01-05/2026-06-30"),
                version(2, "2026-03-01", "2026-01-05/2026-06-30", SENIOR),
                version(3, again, again),
            )
            self.assertEqual(line.joined(day("2026-06-01")), day("2026-01-05"))
            self.assertEqual(line.joined(day("2026-12-01")), day(joined))
            self.assertEqual(line.joined(day(again)), day(joined))
            self.assertIsNone(line.joined(day("2026-01-04")))

    def test_O2_leaving_is_the_end_of_the_employment_a_day_belongs_to(self):
        for again, left in (("2026-07-03", None), ("2026-07-04", day("2026-06-30"))):
            line = timeline(
                version(1, "2026-01-05", "2026-01-05/2026-06-30"),
                version(2, "2026-03-01", "2026-01-05/2026-06-30", SENIOR),
                version(3, again, again),
            )
            self.assertEqual(line.left(day("2026-02-01")), left)
            self.assertEqual(line.left(day("2026-06-30")), left)
            self.assertIsNone(line.left(day(again)))

    @PROPERTY
    @given(seeded(any_rows))
    def test_W3_every_day_belongs_to_the_version_that_held_on_it(self, rows):
        line = timeline(*rows)
        ordered = sorted(rows, key=lambda row: row.start)
        worked = 0
        first, last = date(2025, 12, 1), date(2026, 10, 31)
        for index in range((last - first).days + 1):
            on = first + timedelta(days=index)
            held = [row for row in ordered if row.start <= on]
            row = held[-1] if held else ordered[0]
            works = (
                row.contract_start is not None
                and row.contract_start <= on
                and (row.contract_end is None or on <= row.contract_end)
            )
            stretch = line.at(on)
            self.assertEqual(stretch and stretch.version, row.id if works else None, on)
            worked += works
        self.assertEqual(sum(each.days_within(first, last) for each in line.stretches), worked)

    @PROPERTY
    @given(seeded(any_rows))
    def test_U2_who_works_has_joined_and_has_not_left(self, rows):
        line = timeline(*rows)
        for stretch in line.stretches:
            joined, left = line.joined(stretch.start), line.left(stretch.start)
            self.assertLessEqual(joined, stretch.start)
            self.assertGreaterEqual(left or date.max, stretch.end)
            self.assertIn(joined, [each.start for each in line.stretches])
