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

    def test_the_best_group_by_the_mean_of_its_sales(self):
        """200 for each of its members: those of one group all have its value, and its place."""
        package = {
            "scales": [
                {
                    "code": "saying_won",
                    "name": "Won",
                    "mode": "bands",
                    "steps": [{"operator": "=", "bound": 1, "value": 200}],
                }
            ],
            "metrics": [
                {
                    "code": "saying_group",
                    "name": "Sales of the group",
                    "kind": "members",
                    "subject": "department",
                    "one": "sales",
                    "gather": "mean",
                },
                {
                    "code": "saying_best",
                    "name": "Place of the group",
                    "kind": "rank",
                    "subject": "company",
                    "one": "saying_group",
                },
            ],
            "pay_items": [
                {
                    "code": "GROUP",
                    "name": "Best group",
                    "of": "metric",
                    "metric": "saying_best",
                    "scale": "saying_won",
                }
            ],
        }
        people = {}
        for name, group, sales in (("AN", "A", 900), ("BO", "A", 100), ("CY", "B", 600)):
            people[name] = {**self._agent(80), "department": group}
            people[name]["months"]["2026-01"]["sales"] = sales
        found = self._play(package, people)
        self.assertEqual(self._paid(found, "GROUP"), {"AN": 0, "BO": 0, "CY": 200.0})

    def test_an_allowance_of_a_person(self):
        """310 a month for a second language, from the day of the certificate on."""
        allowance = {"code": "LANGUAGE", "name": "Language", "amounts": [{"amount": 0}]}
        certificate = [{"date": "2026-01-17", "amount": 310, "item": "LANGUAGE"}]
        people = {
            "AN": {**self._agent(80, 80), "raises": certificate},
            "BO": self._agent(80, 80),
        }
        found = self._play({"pay_items": [allowance]}, people, last="2026-02")
        self.assertEqual(self._paid(found, "LANGUAGE"), {"AN": 150.0, "BO": 0})
        self.assertEqual(self._paid(found, "LANGUAGE", "2026-02"), {"AN": 310.0, "BO": 0})
