"""Time that counts from a beginning: years of service, months in the department, since the last
step up."""

from datetime import date

from odoo.tests import tagged

from ..engine.calendar import complete
from ..engine.timeline import Timeline, VersionRow
from .played_package import PlayedPackageCase
from .test_engine_strategies import EngineCase

PLACES = {1: 0, 2: 1, 3: 2}


def row(id_, day, tier, department, since=None, until=None):
    return VersionRow(id_, day, date(2020, 3, 1), until, tier, since or day, department)


class TestBeginnings(EngineCase):
    def test_complete_years(self):
        self.assertEqual(complete("years", date(2024, 2, 29), date(2025, 2, 27)), 0)
        self.assertEqual(complete("years", date(2024, 2, 29), date(2025, 2, 28)), 1)
        self.assertEqual(complete("months", date(2024, 2, 29), date(2025, 2, 28)), 12)

    def test_the_run_of_days_in_a_department(self):
        moved, back, now = date(2024, 1, 1), date(2025, 1, 1), date(2025, 6, 1)
        rows = [
            row(1, date(2020, 3, 1), 1, 10),
            row(2, moved, 1, 20),
            row(3, back, 1, 10),
            row(4, now, 2, 10),
        ]
        timeline = Timeline.build(1, rows)
        for day, since in (
            (date(2023, 12, 31), date(2020, 3, 1)),
            (moved, moved),
            (date(2026, 1, 1), back),
            (date(2019, 1, 1), None),
        ):
            self.assertEqual(timeline.in_department(day), since, day)

    def test_the_last_step_up(self):
        up, down, again = date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1)
        rows = [
            row(1, date(2020, 3, 1), 1, 10, since=date(2021, 5, 1)),
            row(2, up, 3, 10),
            row(3, down, 2, 10),
            row(4, again, 2, 20, since=down),
        ]
        timeline = Timeline.build(1, rows)
        for day, since in (
            (date(2023, 1, 1), date(2021, 5, 1)),  # never lifted: the tier it began with
            (date(2024, 3, 1), up),
            (date(2025, 6, 1), up),  # a step down takes nothing of it
        ):
            self.assertEqual(timeline.lifted(day, PLACES), since, day)
        left = Timeline.build(1, [row(1, date(2020, 3, 1), 1, 10), row(2, up, 2, 10, until=down)])
        self.assertEqual(left.lifted(date(2024, 7, 1), PLACES), up)


@tagged("post_install", "-at_install", "cs_promotion")
class TestTenure(PlayedPackageCase):
    def _rules(self, metric, value):
        return [self._rule({"metric": metric, "value": value}, self._score(60))]

    def _until(self, month):
        return {"months": {f"2026-{number:02}": 80 for number in range(1, month + 1)}}

    def test_years_of_service(self):
        found = self._play(
            self._package(rules=self._rules("tenure_years", 2)),
            "2026-01",
            "2026-03",
            ANN=self._until(3) | {"hired": "2024-03-01"},
            BOB=self._until(3) | {"hired": "2024-04-02"},
        )
        self.assertEqual(self._changes(found), {"ANN": [("2026-03-01", "desk_senior")], "BOB": []})

    def test_months_in_the_department(self):
        moves = {"moves": [{"date": "2026-01-15", "department": "Front"}]}
        found = self._play(
            self._package(rules=self._rules("tenure_department", 3)),
            "2026-01",
            "2026-04",
            STAYED=self._until(4) | {"hired": "2025-11-01"},
            MOVED=self._until(4) | {"hired": "2025-11-01"} | moves,
        )
        self.assertEqual(
            self._changes(found),
            {"STAYED": [("2026-02-01", "desk_senior")], "MOVED": [("2026-05-01", "desk_senior")]},
        )

    def test_months_since_the_last_step_up(self):
        rules = self._rules("since_promotion", 3)
        rules.append({**rules[0], "code": "further", "tier": "desk_senior"})
        found = self._play(
            self._package(rules=rules),
            "2026-01",
            "2026-05",
            ANN=self._until(5) | {"tier_since": "2025-11-01"},
        )
        self.assertEqual(
            self._changes(found)["ANN"],
            [("2026-02-01", "desk_senior"), ("2026-05-01", "desk_lead")],
        )
