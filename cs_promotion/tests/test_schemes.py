"""Written policies of other companies, played from their packages: the clauses of
``docs/coverage.md`` that are about scores and moves."""

import json
from pathlib import Path

from odoo.tests import TransactionCase, tagged

SCHEMES = Path(__file__).parents[2] / "docs" / "schemes"


@tagged("post_install", "-at_install", "cs_promotion")
class TestSchemes(TransactionCase):
    def _play(self, package, employees, first, last=None, **more):
        scenario = {
            "from": first,
            "until": last or first,
            "policy": {"package": f"{package}.json"},
            "employees": {
                name: {"department": "Team", "hired": "2020-01-01", **each}
                for name, each in employees.items()
            },
            **more,
        }
        return self.env["cs.replay"]._play(json.dumps(scenario), SCHEMES)["employees"]

    def _months(self, first, *given, **figures):
        """Months in a row: what the superior gives, and the figures of all of them."""
        return {
            f"2026-{first + index:02}": {"superior": points, "figures": figures}
            for index, points in enumerate(given)
        }

    def _moved(self, found):
        return {
            name: [(each["date"], each["to"]) for each in agent["changes"]]
            for name, agent in found.items()
        }

    def test_10_desk_of_a_property(self):
        months = self._months(
            1,
            [55, 18, 20],  # knowledge, attitude, complaints
            [50, 18, 20],  # writing, attitude, complaints
            [35, 18, 18, 18],  # computer, appearance, attitude, complaints
            [52, 18, 20],
            [52, 18, 20],
            [35, 18, 18, 18],
        )
        months["2026-01"]["figures"] = {"fault_points": 3}
        clerk = {"tier": "desk_clerk", "months": months}
        applied = {"applications": [{"date": "2026-06-20", "rule": "senior"}]}
        rejected = {"date": "2026-07-01", "rule": "senior", "by": "head", "approve": False}
        found = self._play(
            "property_desk",
            {
                "KAI": clerk | applied,
                "LIU": clerk,
                "MO": clerk | applied | {"approvals": [rejected]},
            },
            "2026-01",
            "2026-06",
        )
        # 10.1, 10.2, 10.5: 93 less three; each month by its own form
        scores = [each["score"] for each in found["KAI"]["months"].values()]
        self.assertEqual(scores, [90, 88, 89, 90, 90, 89])
        # 10.3
        self.assertEqual(found["KAI"]["quarters"]["2026Q1"]["score"], 89)
        # 10.6-10.8: two quarters of 85; who applies, and whom both superiors let pass
        up = [("2026-07-01", "desk_senior")]
        self.assertEqual(self._moved(found), {"KAI": up, "LIU": [], "MO": []})

    def test_10_4_mean_of_a_field_over_the_year(self):
        def clerk(attitude):
            forms = ([50, attitude, 20], [50, attitude, 20], [30, 20, attitude, 20])
            return {"tier": "desk_clerk", "months": self._months(1, *forms * 4)}

        found = self._play(
            "property_desk", {"LOW": clerk(11.9), "FAIR": clerk(12)}, "2026-01", "2026-12"
        )
        warned = {
            name: [each["date"] for each in agent.get("others", ())]
            for name, agent in found.items()
        }
        self.assertEqual(warned, {"LOW": ["2027-01-01"], "FAIR": []})

    def test_11_challenges_of_telephone_sales(self):
        """Who has twelve orders or fewer: the superior lets the step down pass, the challenge,
        or neither."""

        def caller(*orders, **values):
            months = {
                f"2026-{month:02}": {"superior": [80], "figures": {"orders": number}}
                for month, number in enumerate(orders, start=3)
            }
            return {"tier": "caller_a", "months": months, **values}

        def rejects(*rows):
            return {
                "approvals": [
                    {"date": date, "rule": rule, "by": "superior", "approve": False}
                    for date, rule in rows
                ]
            }

        april = ("2026-04-01", "down")
        found = self._play(
            "telephone_sales",
            {
                "GOOD": caller(13, 20),
                "DOWN": caller(12, 10, **rejects(("2026-04-01", "challenge"))),
                "DROPPED": caller(12, 20, **rejects(april, ("2026-04-01", "challenge"))),
                "WON": caller(12, 9, **rejects(april, ("2026-05-01", "down"))),
                "LOST": caller(12, 8, **rejects(april)),
            },
            "2026-03",
            "2026-04",
        )
        self.assertEqual(
            self._moved(found),
            {
                "GOOD": [],
                "DOWN": [("2026-04-01", "caller_b")],
                "DROPPED": [],
                "WON": [],
                "LOST": [("2026-05-01", "caller_b")],
            },
        )
        plans = {name: len(agent.get("plans", ())) for name, agent in found.items()}
        self.assertEqual(plans, {"GOOD": 0, "DOWN": 0, "DROPPED": 0, "WON": 1, "LOST": 1})

    def test_12_centre_of_a_telecom_operator(self):
        def worker(tier, quality, pieces=1000):
            figures = {"pieces": pieces}
            return {"tier": tier, "months": self._months(1, *[quality] * 4, **figures)}

        found = self._play(
            "telecom_centre",
            {
                "BEST": worker("telecom_processor", [45]),
                "GOOD": worker("telecom_processor", [40]),
                **{f"P{number}": worker("telecom_processor", [20]) for number in range(3)},
                "SLOW": worker("telecom_agent", [40], 700),
                "QA": worker("telecom_qa", [50, 35], 800),
                "LEADER": worker("telecom_shift_leader", [90], 0),
                "HEAD": {"tier": "telecom_head", "months": {}},
            },
            "2026-01",
            "2026-04",
        )
        # 12.2: by forms of their own; the head by none
        scores = {
            name: each["months"].get("2026-01", {}).get("score") for name, each in found.items()
        }
        self.assertEqual(scores["QA"], 85)
        self.assertEqual(scores["LEADER"], 90)
        self.assertIsNone(scores["HEAD"])
        # 12.10: the mean of those who have a figure, the leader's nought included, is 812.5; 700
        # are 86.15 % of it, 36.15 of 50 points, and 40
        self.assertEqual(scores["SLOW"], 76.15)
        self.assertEqual(scores["BEST"], 95)
        # 12.9: of five processors one may be senior, the better one; the other one waits
        moved = self._moved(found)
        self.assertEqual(moved["BEST"], [("2026-04-01", "telecom_senior_processor")])
        self.assertFalse(moved["GOOD"])

    def test_14_titles_of_a_software_firm(self):
        serious = {"date": "2026-05-06", "type": "slacking", "severity": "serious", "fine": 0}
        found = self._play(
            "software_support",
            {
                "NEW": {
                    "tier": "support_junior",
                    "hired": "2025-10-01",
                    "months": self._months(1, *[[55, 35]] * 7),
                },
                "WEAK": {
                    "tier": "support_specialist",
                    "hired": "2025-04-01",
                    "months": self._months(1, *[[30, 20]] * 7),
                },
                "FRESH": {
                    "tier": "support_specialist",
                    "hired": "2026-01-20",
                    "months": self._months(1, *[[30, 20]] * 7),
                },
                "GROSS": {
                    "tier": "support_senior",
                    "months": {},
                    "violations": [serious],
                },
            },
            "2026-01",
            "2026-07",
        )
        # 14.6: after three and six months, after a year, and each year again
        reviewed = {name: [*each["months"]] for name, each in found.items()}
        self.assertEqual(
            reviewed,
            {
                "NEW": ["2026-01", "2026-04"],
                "WEAK": ["2026-04"],
                "FRESH": ["2026-04", "2026-07"],
                "GROSS": [],
            },
        )
        # 14.1, 14.5
        self.assertEqual(self._moved(found)["NEW"], [("2026-05-01", "support_specialist")])
        # 14.7, 14.8
        others = {
            name: [(each["date"], each["rule"]) for each in agent.get("others", ())]
            for name, agent in found.items()
        }
        self.assertEqual(others["WEAK"], [("2026-05-01", "improvement")])
        self.assertEqual(
            others["FRESH"], [("2026-05-01", "early_word"), ("2026-08-01", "improvement")]
        )
        # 14.11
        self.assertEqual([each["date"] for each in found["GROSS"]["reviews"]], ["2026-06-01"])
