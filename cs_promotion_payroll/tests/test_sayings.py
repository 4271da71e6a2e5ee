"""The table *How to say it* of ``docs/policy_package.md``: sentences that many papers have, as
they stand there, played to the score and the payslip."""

from odoo.tests import tagged

from .sayings_common import LADDER, PACKAGE, SayingsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestSayings(SayingsCase):
    def test_a_leader_is_scored_by_the_mean_of_the_team(self):
        items = [
            {"name": "Own work", "source": "number", "maximum": 70},
            {
                "name": "The team",
                "source": "measured",
                "metric": "team_score",
                "percent": True,
                "maximum": 30,
            },
        ]
        leaders = {"name": "Leader", "sections": [{"code": "A", "name": "All", "items": items}]}
        package = {
            "metrics": [
                {
                    "code": "team_score",
                    "name": "Team",
                    "kind": "members",
                    "subject": "department",
                    "one": "month_score",
                    "gather": "mean",
                    "tiers": ["saying_agent"],
                }
            ],
            "forms": [{"tier": "saying_leader", "form": leaders}],
        }
        found = self._play(
            package,
            {
                "AN": self._agent(90),
                "BO": self._agent(75),
                "CY": self._agent(80) | {"department": "Other"},
                "LEA": self._agent(60, tier="saying_leader"),
            },
        )
        # 60 of 70, and 30 % of 82.5
        self.assertEqual(found["LEA"]["months"]["2026-01"]["score"], 84.75)

    def test_what_is_taken_and_what_fails(self):
        items = [
            {"name": "Work", "source": "number", "maximum": 100},
            {
                "name": "Late",
                "source": "measured",
                "metric": "saying_late",
                "effect": "takes",
                "maximum": 5,
                "missing": "nothing",
            },
            {
                "name": "False promise",
                "source": "number",
                "effect": "fails",
                "falls_to": 0,
                "maximum": 1,
            },
        ]
        package = {
            "metrics": [{"code": "saying_late", "name": "Late"}],
            "form": {"name": "F", "sections": [{"code": "A", "name": "All", "items": items}]},
        }

        def agent(*given, **figures):
            month = {"superior": given, "figures": figures}
            return {"tier": "saying_agent", "months": {"2026-01": month}}

        found = self._play(
            package,
            {
                "GOOD": agent(90, 0),
                "LATE": agent(90, 0, saying_late=3),
                "ALWAYS": agent(90, 0, saying_late=9),
                "LIAR": agent(90, 1),
            },
        )
        scores = {name: each["months"]["2026-01"]["score"] for name, each in found.items()}
        self.assertEqual(scores, {"GOOD": 90, "LATE": 87, "ALWAYS": 85, "LIAR": 0})

    def test_pay_by_place_by_lateness_and_by_score(self):
        package = {
            "metrics": [{"code": "saying_late", "name": "Late", "late": True}],
            "scales": [
                {
                    "code": "saying_best",
                    "name": "Best",
                    "mode": "bands",
                    "steps": [
                        {"operator": "=", "bound": 1, "value": 500},
                        {"operator": "=", "bound": 2, "value": 300},
                    ],
                },
                {
                    "code": "saying_attendance",
                    "name": "Attendance",
                    "mode": "bands",
                    "steps": [
                        {"operator": "=", "bound": 0, "value": 200},
                        {"operator": "=", "bound": 1, "value": 150},
                        {"is_rest": True, "value": 0},
                    ],
                },
                {
                    "code": "saying_share",
                    "name": "Coefficient",
                    "mode": "line",
                    "steps": [{"bound": 60, "value": 0.8}, {"bound": 100, "value": 1.2}],
                },
            ],
            "pay_items": [
                {
                    "code": "BEST",
                    "name": "Best",
                    "of": "metric",
                    "metric": "month_rank",
                    "scale": "saying_best",
                },
                {
                    "code": "ATTENDANCE",
                    "name": "Attendance",
                    "of": "metric",
                    "metric": "saying_late",
                    "scale": "saying_attendance",
                },
                {
                    "code": "LATE",
                    "name": "Late",
                    "of": "metric",
                    "metric": "saying_late",
                    "amounts": [{"amount": -20}],
                },
                {
                    "code": "BONUS",
                    "name": "Bonus",
                    "amounts": [{"amount": 1000}],
                    "factors": [
                        {"kind": "metric", "metric": "month_score", "scale": "saying_share"}
                    ],
                },
            ],
        }
        found = self._play(
            package,
            {
                "AN": self._agent(90, saying_late=0),
                "BO": self._agent(80, saying_late=1),
                "CY": self._agent(50, saying_late=3),
            },
        )
        self.assertEqual(self._paid(found, "BEST"), {"AN": 500, "BO": 300, "CY": 0})
        self.assertEqual(self._paid(found, "ATTENDANCE"), {"AN": 200, "BO": 150, "CY": 0})
        self.assertEqual(self._paid(found, "LATE"), {"AN": 0, "BO": -20, "CY": -60})
        self.assertEqual(self._paid(found, "BONUS"), {"AN": 1100, "BO": 1000, "CY": 800})
        self.assertEqual(self._paid(found, "GROSS"), {"AN": 4800, "BO": 4430, "CY": 3740})

    def test_a_thirteenth_month_by_the_class_of_the_year(self):
        package = {
            "settings": PACKAGE["settings"] | {"year_method": "average", "rank_within": "company"},
            "classes": [
                {
                    "code": code,
                    "name": code,
                    "given_by": "score",
                    "score": score,
                    "coefficient": number,
                }
                for code, score, number in (("A", 90, 1.5), ("B", 75, 1), ("C", 0, 0.5))
            ],
            "scales": [
                {
                    "code": "saying_13",
                    "name": "By class",
                    "mode": "bands",
                    "steps": [
                        {"operator": "=", "bound": 1, "value": 1.5},
                        {"operator": "=", "bound": 2, "value": 1},
                        {"is_rest": True, "value": 0.5},
                    ],
                }
            ],
            "pay_items": [
                {
                    "code": "THIRTEENTH",
                    "name": "Thirteenth month",
                    "months": "12",
                    "by_days": False,
                    "amounts": [{"tier": "saying_agent", "amount": 3000}],
                    "factors": [{"kind": "metric", "metric": "year_class", "scale": "saying_13"}],
                }
            ],
        }
        found = self._play(
            package,
            {"AN": self._agent(*[95] * 12), "BO": self._agent(*[80] * 12)},
            last="2026-12",
        )
        self.assertEqual(self._paid(found, "THIRTEENTH", "2026-11"), {"AN": 0, "BO": 0})
        self.assertEqual(self._paid(found, "THIRTEENTH", "2026-12"), {"AN": 4500, "BO": 3000})

    def test_a_twelfth_for_each_month_of_the_first_year(self):
        package = {
            "scales": [
                {
                    "code": "saying_twelfths",
                    "name": "Twelfths",
                    "mode": "line",
                    "steps": [{"bound": 0, "value": 0}, {"bound": 12, "value": 1}],
                }
            ],
            "pay_items": [
                {
                    "code": "YEAR_END",
                    "name": "Year-end bonus",
                    "months": "12",
                    "by_days": False,
                    "amounts": [{"tier": "saying_agent", "amount": 3000}],
                    "factors": [
                        {"kind": "metric", "metric": "tenure_months", "scale": "saying_twelfths"}
                    ],
                }
            ],
        }
        hired = {
            "OLD": "2020-01-01",
            "YEAR": "2026-01-01",
            "HALF": "2026-07-01",
            "MAY": "2026-05-15",
        }
        people = {
            name: {"tier": "saying_agent", "hired": day, "months": {}}
            for name, day in hired.items()
        }
        found = self._play(package, people, last="2026-12")
        self.assertEqual(
            self._paid(found, "YEAR_END", "2026-12"),
            {"OLD": 3000, "YEAR": 3000, "HALF": 1500, "MAY": 1750},
        )

    def test_nothing_is_paid_of_what_is_not_known(self):
        """A place that nobody had, a figure that nobody entered: no scale makes money of them."""
        step = {"operator": "<=", "bound": 3, "value": 300}
        package = {
            "metrics": [{"code": "saying_late", "name": "Late", "late": True}],
            "scales": [{"code": "saying_few", "name": "Few", "mode": "bands", "steps": [step]}],
            "pay_items": [
                {
                    "code": f"ITEM_{number}",
                    "name": metric,
                    "of": "metric",
                    "metric": metric,
                    "scale": "saying_few",
                }
                for number, metric in enumerate(("saying_late", "month_rank", "quarter_rank"))
            ],
        }
        found = self._play(package, {"KNOWN": self._agent(90, saying_late=0), "AWAY": {}})
        paid = [self._paid(found, f"ITEM_{number}") for number in range(3)]
        self.assertEqual(
            paid, [{"KNOWN": 300, "AWAY": 0}, {"KNOWN": 300, "AWAY": 0}, {"KNOWN": 0, "AWAY": 0}]
        )

    def test_a_plan_ends_with_the_rung(self):
        """Who is moved down otherwise is not kept from rising by the plan of a rung left behind."""
        rules = [
            {
                "code": code,
                "name": code,
                "tier": tier,
                "outcome": outcome,
                "conditions": [{"metric": "month_score", "operator": operator, "value": value}],
                **more,
            }
            for code, tier, outcome, operator, value, more in (
                ("plan", "saying_senior", "plan", "<", 60, {"plan_months": 2}),
                ("up", "saying_agent", "promote", ">=", 85, {}),
            )
        ]
        senior = {"tier": "saying_senior", "name": "Senior", "base_wage": 3500}
        package = {
            "ladder": [LADDER[0], senior],
            "rules": rules,
            "consequences": [{"severity": "moderate", "outcome": "demote"}],
        }
        violation = {"date": "2026-02-10", "type": "slacking", "severity": "moderate", "fine": 0}
        found = self._play(
            package,
            {
                "AN": self._agent(50, 70, 90, tier="saying_senior") | {"violations": [violation]},
                "BO": self._agent(50, tier="saying_senior") | {"left": "2026-02-20"},
            },
            last="2026-03",
        )
        self.assertEqual(
            [(each["date"], each["to"]) for each in found["AN"]["changes"]],
            [("2026-03-01", "saying_agent"), ("2026-04-01", "saying_senior")],
        )
        for name in ("AN", "BO"):
            self.assertEqual([each["state"] for each in found[name]["plans"]], ["cancelled"])

    def test_a_bonus_of_ten_percent_of_ones_own_pay(self):
        package = {
            "metrics": [
                {"code": "saying_tickets", "name": "Tickets"},
                {
                    "code": "saying_earned",
                    "name": "Base pay and piece-rate",
                    "kind": "own_pay",
                    "pay_items": "BASE, PIECE",
                },
            ],
            "pay_items": [
                # before those that it goes by: their order says where they stand, no more
                {
                    "code": "BONUS",
                    "name": "Bonus",
                    "of": "metric",
                    "metric": "saying_earned",
                    "percent": True,
                    "amounts": [{"tier": "saying_agent", "amount": 10}],
                },
                {
                    "code": "PIECE",
                    "name": "Piece-rate",
                    "of": "metric",
                    "metric": "saying_tickets",
                    "amounts": [{"amount": "0.35"}],
                },
            ],
        }
        agents = {
            "AN": self._agent(90, saying_tickets=1001),
            "BO": self._agent(90),
            "CY": {**self._agent(90, saying_tickets=1000), "hired": "2026-01-17"},
            "LEA": self._agent(90, tier="saying_leader", saying_tickets=1000),
        }
        found = self._play(package, agents)
        # 350.35 and 3,000: 335.035; 15 days of 31 of 3,000 are 1,451.61, and 350
        self.assertEqual(
            self._paid(found, "BONUS"), {"AN": 335.04, "BO": 300, "CY": 180.16, "LEA": 0}
        )
        self.assertEqual(self._paid(found, "GROSS")["AN"], 3000 + 350.35 + 335.04)

    def test_a_thirteenth_month_of_the_mean_of_the_years_appraisal_pay(self):
        package = {
            "settings": {"pays_commission": False},
            "ladder": [{**row, "appraisal_pay": 800} for row in LADDER],
            "metrics": [
                {
                    "code": "saying_appraised",
                    "name": "Appraisal pay",
                    "kind": "own_pay",
                    "pay_items": "APPRAISAL",
                },
                {
                    "code": "saying_appraised_year",
                    "name": "Of the year",
                    "kind": "period",
                    "one": "saying_appraised",
                    "grain": "year",
                    "gather": "mean",
                },
            ],
            "pay_items": [
                {
                    "code": "THIRTEENTH",
                    "name": "Thirteenth month",
                    "of": "metric",
                    "metric": "saying_appraised_year",
                    "months": "12",
                    "amounts": [{"tier": "saying_agent", "amount": 1}],
                }
            ],
        }
        first = self._agent(*[80] * 11, 91)
        late = self._agent(*[80] * 12)
        late["months"] = {month: late["months"][month] for month in ("2026-11", "2026-12")}
        found = self._play(
            package, {"AN": first, "BO": {**late, "hired": "2026-11-16"}}, last="2026-12"
        )
        self.assertEqual(self._paid(found, "THIRTEENTH", "2026-11"), {"AN": 0, "BO": 0})
        # eleven months of 640 and one of 728; half of November's 640, and 640
        self.assertEqual(self._paid(found, "THIRTEENTH", "2026-12"), {"AN": 647.33, "BO": 480})
