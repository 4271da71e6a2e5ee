"""Of the table *How to say it* of ``docs/policy_package.md``: what goes by targets, by
rungs, by progress and by merits, played to the step and the payslip."""

from odoo.tests import tagged

from .sayings_common import LADDER, SayingsCase

RUNGS = ("agent", "senior")
SENIOR = {"tier": "saying_senior", "name": "Senior", "base_wage": 3500}


def of(metric, value, tier=None, **more):
    """A row of targets."""
    return {"metric": metric, "value": value, **({"tier": tier} if tier else {}), **more}


@tagged("post_install", "-at_install", "cs_promotion")
class TestSayingsOfTargets(SayingsCase):
    def test_a_pool_is_divided_by_coefficients_of_rungs_and_scores(self):
        """Agents 1, seniors 1.5; in the second item times the score."""
        package = {
            "ladder": [LADDER[0], SENIOR, LADDER[1]],
            "metrics": [
                {"code": "saying_bonus", "name": "Bonus", "subject": "department"},
                {"code": "saying_coefficient", "name": "Coefficient", "kind": "target"},
                {
                    "code": "saying_part",
                    "name": "Part",
                    "kind": "product",
                    "one": "saying_coefficient",
                    "other": "month_score",
                },
            ],
            "targets": [
                of("saying_coefficient", 1.5, "saying_senior"),
                of("saying_coefficient", 1, "saying_agent"),
            ],
            "pay_items": [
                {
                    "code": code,
                    "name": code.title(),
                    "of": "pool",
                    "metric": "saying_bonus",
                    "share_by": by,
                    "amounts": [{"tier": f"saying_{each}", "amount": 1} for each in RUNGS],
                }
                for code, by in (("RUNG", "saying_coefficient"), ("SCORED", "saying_part"))
            ],
        }
        people = {
            "AGENT": self._agent(80),
            "WEAK": self._agent(40),
            "SENIOR": self._agent(80, tier="saying_senior"),
        }
        figures = {"departments": {"Team": {"2026-01": {"saying_bonus": 700}}}}
        found = self._play(package, people, figures=figures)
        # 1 : 1 : 1.5, and 80 : 40 : 120
        self.assertEqual(
            self._paid(found, "RUNG"), {"AGENT": 200.0, "WEAK": 200.0, "SENIOR": 300.0}
        )
        self.assertEqual(
            self._paid(found, "SCORED"), {"AGENT": 233.33, "WEAK": 116.67, "SENIOR": 350.0}
        )

    def test_a_target_by_rung_and_month(self):
        """300 orders, of seniors 400, a quarter more in February; a bonus on reaching it, and
        2 for each order above it."""
        package = {
            "ladder": [LADDER[0], SENIOR, LADDER[1]],
            "scales": [
                {
                    "code": "saying_above",
                    "name": "Above",
                    "mode": "marginal",
                    "steps": [{"bound": 0, "value": 2}],
                }
            ],
            "metrics": [
                {"code": "saying_orders", "name": "Orders"},
                {"code": "saying_goal", "name": "Goal", "kind": "target"},
                {
                    "code": "saying_over",
                    "name": "Over",
                    "kind": "difference",
                    "one": "saying_orders",
                    "other": "saying_goal",
                },
            ],
            "targets": [
                of("saying_goal", 500, "saying_senior", months="2"),
                of("saying_goal", 400, "saying_senior"),
                of("saying_goal", 375, months="2"),
                of("saying_goal", 300),
            ],
            "pay_items": [
                {
                    "code": "REACHED",
                    "name": "Reached",
                    "of": "amount",
                    "amounts": [{"amount": 500}],
                    "provisos": [{"metric": "saying_over", "operator": ">=", "value": 0}],
                },
                {
                    "code": "ABOVE",
                    "name": "Above",
                    "of": "metric",
                    "metric": "saying_over",
                    "scale": "saying_above",
                    "amounts": [{"amount": 1}],
                },
            ],
        }
        people = {
            "AGENT": self._agent(80, 80, saying_orders=375),
            "SENIOR": self._agent(80, 80, tier="saying_senior", saying_orders=499),
        }
        found = self._play(package, people, last="2026-02")
        for month, reached, above in (
            ("2026-01", {"AGENT": 500.0, "SENIOR": 500.0}, {"AGENT": 150.0, "SENIOR": 198.0}),
            ("2026-02", {"AGENT": 500.0, "SENIOR": 0}, {"AGENT": 0, "SENIOR": 0}),
        ):
            with self.subTest(month=month):
                self.assertEqual(self._paid(found, "REACHED", month), reached)
                self.assertEqual(self._paid(found, "ABOVE", month), above)

    def test_progress_since_the_month_before(self):
        """10 for each point more; ten points less than the month before: a warning."""
        package = {
            "scales": [
                {
                    "code": "saying_more",
                    "name": "More",
                    "mode": "marginal",
                    "steps": [{"bound": 0, "value": 10}],
                }
            ],
            "metrics": [
                {
                    "code": "saying_before",
                    "name": "Score of the month before",
                    "kind": "before",
                    "one": "month_score",
                },
                {
                    "code": "saying_progress",
                    "name": "Progress",
                    "kind": "difference",
                    "one": "month_score",
                    "other": "saying_before",
                },
            ],
            "rules": [
                {
                    "code": "saying_fell",
                    "name": "Fell",
                    "tier": "saying_agent",
                    "outcome": "warning",
                    "conditions": [{"metric": "saying_progress", "operator": "<=", "value": -10}],
                }
            ],
            "pay_items": [
                {
                    "code": "PROGRESS",
                    "name": "Progress",
                    "of": "metric",
                    "metric": "saying_progress",
                    "scale": "saying_more",
                    "amounts": [{"tier": "saying_agent", "amount": 1}],
                }
            ],
        }
        people = {
            "UP": self._agent(70, 75.5, 75.5),
            "DOWN": self._agent(70, 80, 70),
            "NEW": {**self._agent(0, 80, 81), "hired": "2026-02-01"},
        }
        del people["NEW"]["months"]["2026-01"]
        found = self._play(package, people, last="2026-03")
        for month, paid in (
            ("2026-01", {"UP": 0, "DOWN": 0}),
            ("2026-02", {"UP": 55.0, "DOWN": 100.0, "NEW": 0}),
            ("2026-03", {"UP": 0, "DOWN": 0, "NEW": 10.0}),
        ):
            with self.subTest(month=month):
                there = {name: found[name] for name in paid}
                self.assertEqual(self._paid(there, "PROGRESS", month), paid)
        self.assertEqual([each["date"] for each in found["DOWN"]["others"]], ["2026-04-01"])
        self.assertNotIn("others", found["UP"])

    def test_commission_in_other_steps_for_each_rung(self):
        """3 % up to 50,000 and 5 % above; of seniors 4 % and 6 %."""
        rates = {"agent": ("0.03", "0.05"), "senior": ("0.04", "0.06")}
        package = {
            "ladder": [LADDER[0], SENIOR, LADDER[1]],
            "scales": [
                {
                    "code": f"saying_steps_{rung}",
                    "name": rung,
                    "mode": "marginal",
                    "steps": [{"bound": 0, "value": low}, {"bound": 50000, "value": high}],
                }
                for rung, (low, high) in rates.items()
            ],
            "pay_items": [
                {
                    "code": f"SALES_{rung.upper()}",
                    "name": "Commission",
                    "of": "metric",
                    "metric": "sales",
                    "scale": f"saying_steps_{rung}",
                    "amounts": [{"tier": f"saying_{rung}", "amount": 1}],
                }
                for rung in rates
            ],
        }
        people = {
            "AGENT": self._agent(80),
            "SENIOR": self._agent(80, tier="saying_senior"),
        }
        for each in people.values():
            each["months"]["2026-01"]["sales"] = 60000
        found = self._play(package, people)
        self.assertEqual(self._paid(found, "SALES_AGENT"), {"AGENT": 2000.0, "SENIOR": 0})
        self.assertEqual(self._paid(found, "SALES_SENIOR"), {"AGENT": 0, "SENIOR": 2600.0})

    def test_praise_takes_points_of_violations_away(self):
        """Four points within six months, praise taken off: a warning."""
        package = {
            "metrics": [
                {
                    "code": "saying_praise",
                    "name": "Praise",
                    "grain": "event",
                },
                *(
                    {"code": code, "name": code, "kind": "period", "one": one}
                    for code, one in (
                        ("saying_faults", "violation_points"),
                        ("saying_merits", "saying_praise"),
                    )
                ),
                {
                    "code": "saying_net",
                    "name": "Points left",
                    "kind": "difference",
                    "one": "saying_faults",
                    "other": "saying_merits",
                },
            ],
            "offences": [
                {
                    "type": "saying_late",
                    "name": "Late",
                    "severity": "minor",
                    "points": 2,
                    "fine_method": "none",
                }
            ],
            "rules": [
                {
                    "code": "saying_four",
                    "name": "Four points",
                    "tier": "saying_agent",
                    "outcome": "warning",
                    "conditions": [
                        {
                            "metric": "saying_net",
                            "value": 4,
                            "window": "last_months",
                            "months": 6,
                            "reading": "sum",
                        }
                    ],
                }
            ],
        }
        late = [
            {"date": f"2026-0{month}-10", "type": "saying_late", "severity": "minor", "fine": 0}
            for month in (1, 2)
        ]
        praise = {"saying_praise": [{"date": "2026-02-20", "value": 1}]}
        people = {
            "LATE": {**self._agent(80, 80), "violations": late},
            "PRAISED": {**self._agent(80, 80), "violations": late, "events": praise},
        }
        found = self._play(package, people, last="2026-02")
        self.assertEqual([each["date"] for each in found["LATE"]["others"]], ["2026-03-01"])
        self.assertNotIn("others", found["PRAISED"])
