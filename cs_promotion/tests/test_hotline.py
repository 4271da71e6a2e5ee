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
        return self.env["cs.replay"]._play(json.dumps(scenario))["employees"]

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

        found = self._play(
            "2026-01",
            "2026-07",
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
