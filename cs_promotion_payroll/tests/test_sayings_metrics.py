"""Of the table *How to say it* of ``docs/policy_package.md``: what goes by places among the
members and by the last months, played to the payslip."""

from odoo.tests import tagged

from .sayings_common import SayingsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestSayingsOfMetrics(SayingsCase):
    def test_the_best_sellers_of_the_company(self):
        """1,000, 600 and 300 for the first three by sales, leaders aside; equal ones share the
        better place."""
        package = {
            "scales": [
                {
                    "code": "saying_prize",
                    "name": "Prize",
                    "mode": "bands",
                    "steps": [
                        {"operator": "=", "bound": place, "value": prize}
                        for place, prize in ((1, 1000), (2, 600), (3, 300))
                    ],
                }
            ],
            "metrics": [
                {
                    "code": "saying_seller",
                    "name": "Place by sales",
                    "kind": "rank",
                    "subject": "company",
                    "one": "sales",
                    "tiers": ["saying_agent"],
                }
            ],
            "pay_items": [
                {
                    "code": "PRIZE",
                    "name": "Prize",
                    "of": "metric",
                    "metric": "saying_seller",
                    "scale": "saying_prize",
                }
            ],
        }
        sold = {"AN": 900, "BO": 700, "CY": 700, "DI": 500, "EV": 400}
        people = {name: self._agent(80) for name in sold}
        people["BO"]["department"] = "Other"
        people["LEA"] = self._agent(80, tier="saying_leader")
        for name, sales in (*sold.items(), ("LEA", 5000)):
            people[name]["months"]["2026-01"]["sales"] = sales
        found = self._play(package, people)
        self.assertEqual(
            self._paid(found, "PRIZE"),
            {"AN": 1000.0, "BO": 600.0, "CY": 600.0, "DI": 0, "EV": 0, "LEA": 0},
        )

    def test_no_bonus_while_a_warning_of_three_months_is_active(self):
        """And a bonus by the mean score of three months."""
        package = {
            "metrics": [
                {
                    "code": "saying_active",
                    "name": "Active warnings",
                    "kind": "rolling",
                    "one": "warnings",
                    "months": 3,
                    "gather": "count",
                },
                {
                    "code": "saying_mean",
                    "name": "Mean of three months",
                    "kind": "rolling",
                    "one": "month_score",
                    "months": 3,
                    "gather": "mean",
                },
            ],
            "rules": [
                {
                    "code": "saying_poor",
                    "name": "Poor",
                    "tier": "saying_agent",
                    "outcome": "warning",
                    "conditions": [{"metric": "month_score", "operator": "<", "value": 60}],
                }
            ],
            "pay_items": [
                {
                    "code": "CLEAN",
                    "name": "Clean",
                    "of": "amount",
                    "amounts": [{"amount": 500}],
                    "provisos": [{"metric": "saying_active", "operator": "=", "value": 0}],
                },
                {
                    "code": "MEAN",
                    "name": "Mean",
                    "of": "metric",
                    "metric": "saying_mean",
                    "amounts": [{"amount": 10}],
                },
            ],
        }
        people = {
            "WARNED": self._agent(50, 80, 80, 80, 80),
            "NEW": {**self._agent(0, 70, 80, 90, 100), "hired": "2026-02-10"},
        }
        del people["NEW"]["months"]["2026-01"]
        found = self._play(package, people, last="2026-05")
        slips = found["WARNED"]["payslips"]
        # the warning holds from 1 February on
        self.assertEqual(
            [slips[f"2026-0{month}"].get("CLEAN", 0) for month in range(1, 6)], [500, 0, 0, 0, 500]
        )
        self.assertEqual(
            [slips[f"2026-0{month}"]["MEAN"] for month in range(1, 6)],
            [500, 650, 700, 800, 800],
        )
        slips = found["NEW"]["payslips"]
        self.assertEqual(
            [slips[f"2026-0{month}"]["MEAN"] for month in range(2, 6)], [700, 750, 800, 900]
        )
