"""The hotline's paper played from its package: scores, stars and moves (B2-B6, B11, B12)."""

import json

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

FULL = {
    "daily_handled": 300,
    "handling_time_rate": 90,
    "ticket_pass_rate": 100,
    "first_contact": 90,
    "satisfaction": 90,
}
METERS = (*FULL, "spot_checks", "monthly_exam")
SERIOUS = {"type": "slacking", "severity": "serious", "fine": 0}


def scored(score):
    """A month that comes to this score, of 70 to 90: by spot checks."""
    figures = FULL | {"spot_checks": round((score - 70) * 5, 4), "monthly_exam": 0}
    return {"superior": [5], "figures": figures}


def months(first, *scores):
    """Months in a row with these scores; None has no review."""
    return {
        f"2026-{first + index:02}": scored(score)
        for index, score in enumerate(scores)
        if score is not None
    }


@tagged("post_install", "-at_install", "cs_promotion")
class TestHotline(TransactionCase):
    def _play(self, first, last, **employees):
        scenario = {
            "from": first,
            "until": last,
            "policy": {"package": file_path("cs_promotion/presets/hotline.json")},
            "employees": {
                name: {"department": "Centre", "hired": "2026-01-15", **each}
                for name, each in employees.items()
            },
        }
        # undone, as a test plays several
        with self.env.cr.savepoint() as savepoint:
            found = self.env["cs.replay"]._play(json.dumps(scenario))["employees"]
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_cache("stable")
        return found

    def _measured(self, conduct, *values):
        figures = dict(zip(METERS, values, strict=True))
        return {"months": {"2026-01": {"superior": [conduct], "figures": figures}}}

    def test_B2_B6_scores_and_stars(self):
        found = self._play(
            "2026-01",
            "2026-01",
            FU=self._measured(5, 300, 90, 98, 90, 95, 92, 88),
            GAO=self._measured(4, 262, 87, 96, 88.5, 86, 85, 75),
            HE=self._measured(3, 219, 84, 91, 84, 84, 70, 60),
            IVY=self._measured(0, 220, 85, 100, 85, 89.99, 100, 100),
        )
        months = {name: each["months"]["2026-01"] for name, each in found.items()}
        self.assertEqual(
            {name: each["score"] for name, each in months.items()},
            {"FU": 97.0, "GAO": 64.23, "HE": 32.1, "IVY": 49.98},
        )
        # alone among those with 70: of one, 10, 20 and 40 % are none
        self.assertEqual(
            {name: each.get("class") for name, each in months.items()},
            {"FU": "2", "GAO": "none", "HE": None, "IVY": None},
        )

    def test_B6_five_share_out_the_stars(self):
        scores = dict(zip("ABCDE", (90, 85, 80, 75, 70), strict=True))
        found = self._play(
            "2026-01", "2026-01", **{name: {"months": months(1, s)} for name, s in scores.items()}
        )
        stars = [each["months"]["2026-01"]["class"] for each in found.values()]
        self.assertEqual(stars, ["5", "4", "3", "3", "2"])

    def test_B11_B12_moves_at_their_dates(self):
        good = months(4, 85, 90, 86, 85)

        def examined(day, **more):
            return {"months": good, "events": {"exam": [{"date": day, "value": 80}]}, **more}

        def senior(first, *scores):
            held = {"hired": "2025-01-01", "tier": "hotline_senior"}
            return {**held, "months": months(first, *scores)}

        # with these there are 15: three places, two of them free once two of the seniors step down
        others = {f"OTHER {number}": {"months": {}} for number in range(8)}
        found = self._play(
            "2026-01",
            "2026-07",
            **others,
            EARLY=examined("2026-04-01"),
            IN_TIME=examined("2026-05-01"),
            VIOLATED=examined("2026-05-01", violations=[{"date": "2026-02-01", **SERIOUS}]),
            FORGIVEN=examined("2026-05-01", violations=[{"date": "2026-01-31", **SERIOUS}]),
            AWAY=senior(5, 74.99, None, 74),
            OFTEN=senior(2, 74, 80, 74, 80, 80, 74),
            RARELY=senior(1, 74, 80, 74, 80, 80, 80, 74),
        )
        moved = {
            name: [(each["date"], each["to"]) for each in agent["changes"]]
            for name, agent in found.items()
            if name not in others
        }
        up, down = [("2026-08-01", "hotline_senior")], [("2026-08-01", "hotline_agent")]
        self.assertEqual(
            moved,
            {
                "EARLY": [],
                "IN_TIME": up,
                "VIOLATED": [],
                "FORGIVEN": up,
                "AWAY": down,
                "OFTEN": down,
                "RARELY": [],
            },
        )

    def _quota(self, until="2026-07", seniors=3, others=19, hired="2025-01-01", **eligible):
        """Agents moved by August, or September, of a centre of so many."""
        idle = {"hired": hired, "months": {}}
        team = {f"SENIOR {n}": {**idle, "tier": "hotline_senior"} for n in range(seniors)}
        team |= {f"OTHER {n}": idle for n in range(others)}
        exam = {"events": {"exam": [{"date": "2026-06-01", "value": 80}]}}
        found = self._play("2026-05", until, **team, **{n: exam | e for n, e in eligible.items()})
        return {
            name: [each["date"] for each in agent["changes"]]
            for name, agent in found.items()
            if agent["changes"]
        }

    def test_B10_as_many_as_places_are_free(self):
        good = {"hired": "2025-01-01", "months": months(5, 88, 88, 89)}
        better = {"hired": "2025-06-01", "months": months(5, 88, 89, 90)}
        day = ["2026-08-01"]
        for seniors, others, moved in (
            (3, 19, {"BETTER": day}),  # 24: 4 places, 1 free
            (4, 18, {}),
            (5, 17, {}),  # more than there are: nobody is moved down for it
            (2, 20, {"GOOD": day, "BETTER": day}),
            (0, 7, {"BETTER": day}),  # 9: 1 place
            (0, 2, {}),  # 4: none
        ):
            with self.subTest(seniors=seniors, others=others):
                found = self._quota(seniors=seniors, others=others, GOOD=good, BETTER=better)
                self.assertEqual(found, moved)

    def test_B10_equal_means_go_by_time_in_the_rung_and_wait_for_the_next_month(self):
        means = {"months": months(5, 88, 88, 89, 88)}
        longer = {"hired": "2025-03-01", **means}
        shorter = {"hired": "2025-06-01", **means}
        found = self._quota(SHORTER=shorter, LONGER=longer)
        self.assertEqual(found, {"LONGER": ["2026-08-01"]})
        # 25 agents have five places: one more joins in August
        joined = {"hired": "2026-08-02", "months": {}, "events": {}}
        found = self._quota("2026-08", SHORTER=shorter, LONGER=longer, NEW=joined)
        self.assertEqual(found, {"LONGER": ["2026-08-01"], "SHORTER": ["2026-09-01"]})
        worse = {**shorter, "months": months(5, 88, 88, 89, 84.99)}
        found = self._quota("2026-08", SHORTER=worse, LONGER=longer, NEW=joined)
        self.assertEqual(found, {"LONGER": ["2026-08-01"]})

    def test_B10_each_department_by_itself(self):
        good = {"hired": "2025-01-01", "months": months(5, 88, 88, 89)}
        found = self._quota(seniors=0, others=3, FIRST=good, OTHER={**good, "department": "Night"})
        self.assertEqual(found, {}, "four and one have no place")
        found = self._quota(seniors=0, others=4, FIRST=good, OTHER={**good, "department": "Night"})
        self.assertEqual(found, {"FIRST": ["2026-08-01"]})

    def test_B13_the_last_five_percent_of_two_quarters_are_looked_at(self):
        def team(number, first, then):
            """The last one's scores of both quarters; all others are better."""
            scores = {f"A{n}": (80, 80) for n in range(number - 2)}
            scores |= {"LAST": (first, then), "NEXT": (72, 72)}
            return {
                name: {"hired": "2025-01-01", "months": months(1, *[q1] * 3, *[q2] * 3)}
                for name, (q1, q2) in scores.items()
            }

        for number, first, then, reviewed in (
            (5, 71, 71, ["LAST"]),  # 5 % of five: one, rounded up
            (5, 71, 73, []),
            (21, 71, 71, ["LAST", "NEXT"]),  # 1.05: two
        ):
            with self.subTest(number=number, then=then):
                found = self._play("2026-01", "2026-06", **team(number, first, then))
                reviews = {name: each["reviews"] for name, each in found.items() if each["reviews"]}
                self.assertEqual([*reviews], reviewed)
                for each in reviews.values():
                    rule = "review_last_agents"
                    self.assertEqual(each, [{"date": "2026-07-01", "rule": rule}])
                self.assertFalse([each for each in found.values() if each["changes"]])
