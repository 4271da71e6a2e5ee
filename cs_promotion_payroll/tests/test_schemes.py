"""Written policies of other companies, played from their packages to the payslip: the clauses
of ``docs/coverage.md`` that are about pay."""

import json
from pathlib import Path

from odoo.tests import TransactionCase, tagged

SCHEMES = Path(__file__).parents[2] / "docs" / "schemes"


class SchemeCase(TransactionCase):
    def play(self, package, employees, first, last=None, **more):
        """What the months come to for each employee, by the package of this name."""
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

    def paid(self, found, name, month):
        """The amounts of a payslip that are something."""
        return {code: each for code, each in found[name]["payslips"][month].items() if each}


@tagged("post_install", "-at_install", "cs_promotion")
class TestSchemes(SchemeCase):
    def test_4_grades_of_an_ecommerce_department(self):
        def agent(tier, service, figures, sales=0):
            month = {"superior": [service], "sales": sales, "figures": figures}
            return {"tier": tier, "months": {"2026-03": month}}

        found = self.play(
            "ecommerce_grades",
            {
                "ANN": agent(
                    "star",
                    30,
                    {"own_orders": 8000, "own_target": 10000, "absent_or_late": 0},
                    20000,
                ),
                "BEN": agent(
                    "blue_diamond", 30, {"absent_or_late": 1, "campaign_bonus": 88.5}, 10000
                ),
                "LEA": agent("leader", 40, {"absent_or_late": 0}),
                "SUE": agent("ecommerce_supervisor", 40, {"absent_or_late": 0}),
            },
            "2026-03",
            figures={
                "departments": {"Team": {"2026-03": {"silent_orders": 30000}}},
                "company": {"2026-03": {"company_sales": 1010000, "company_target": 1000000}},
            },
        )
        # 4.5: 8,000 of 10,000 are 48 of 60 points; who has no target is scored by the rest
        scores = {name: each["months"]["2026-03"]["score"] for name, each in found.items()}
        self.assertEqual(scores["ANN"], 78.0)
        self.assertEqual(scores["BEN"], 75.0)
        # 4.2, 4.3, 4.7, 4.10
        self.assertEqual(
            self.paid(found, "ANN", "2026-03"),
            {
                "BASE": 1300,
                "COMMISSION": 200,
                "ATTENDANCE": 50,
                "COMPANY_BONUS": 200,
                "GROSS": 1750,
                "NET": 1750,
            },
        )
        # 4.4: 5 % of 30,000 among the two who are no beginners; 4.9
        self.assertEqual(
            self.paid(found, "BEN", "2026-03"),
            {
                "BASE": 1400,
                "COMMISSION": 100,
                "SILENT": 750,
                "CAMPAIGN": 88.5,
                "COMPANY_BONUS": 200,
                "GROSS": 2538.5,
                "NET": 2538.5,
            },
        )
        # 4.6, 4.8
        self.assertEqual(
            self.paid(found, "LEA", "2026-03"),
            {
                "BASE": 1800,
                "SILENT": 750,
                "LEADER_BONUS": 500,
                "ATTENDANCE": 50,
                "POST": 200,
                "COMPANY_BONUS": 200,
                "GROSS": 3500,
                "NET": 3500,
            },
        )
        # 4.11: nothing is paid by this policy
        self.assertFalse(self.paid(found, "SUE", "2026-03"))

    def test_5_commission_of_a_group(self):
        def member(tier, conduct, job=None):
            month = {"superior": [conduct], "figures": {}}
            return {"tier": tier, "months": {"2026-05": month}} | ({"job": job} if job else {})

        found = self.play(
            "ecommerce_teams",
            {
                "AL": member("team_regular", 80),
                "BO": member("team_trainee", 100, "Pre-sales"),
                "CY": member("team_senior", 0, "Group leader"),
            },
            "2026-05",
            figures={
                "departments": {
                    "Team": {
                        "2026-05": {
                            "group_orders": 110000,
                            "group_returns": 10000,
                            "group_target": 125000,
                        }
                    }
                }
            },
        )
        # 80 % just comes to 1 % of 100,000, among three; from 80 % on the bonus is 300
        shared = {"GROUP": 333.33, "TARGET": 300}
        for name, own in (
            ("AL", {"POST_BASE": 1500, "CONDUCT": 400, "GROSS": 2533.33}),
            ("BO", {"POST_BASE": 1500, "CONDUCT": 500, "GROSS": 2633.33}),
            ("CY", {"POST_BASE": 5000, "GROSS": 5633.33}),
        ):
            with self.subTest(name):
                expected = shared | own | {"NET": own["GROSS"]}
                self.assertEqual(self.paid(found, name, "2026-05"), expected)

    def test_8_bonus_by_completion(self):
        def agent(achieved, tier="consultant_a"):
            figures = {"plan": 10000, "achieved": achieved, "renewals": 10000, "regained": 3000}
            month = {"superior": [80], "figures": figures}
            return {"tier": tier, "months": {"2026-05": month}}

        found = self.play(
            "customer_relations",
            {
                "LITTLE": agent(6999),
                "JUST": agent(7000),
                "MUCH": agent(12000),
                "TOO_MUCH": agent(20000),
                "HEAD": agent(10000, "director_a"),
            },
            "2026-05",
        )
        sales = {"RENEWALS": 500, "REGAINED": 300, "BASE": 3500}
        for name, bonus in (("LITTLE", 0), ("JUST", 700), ("MUCH", 1200), ("TOO_MUCH", 1500)):
            gross = 4300 + bonus
            expected = sales | ({"BONUS": bonus} if bonus else {})
            self.assertEqual(
                self.paid(found, name, "2026-05"), expected | {"GROSS": gross, "NET": gross}
            )
        self.assertEqual(
            self.paid(found, "HEAD", "2026-05"),
            {"BASE": 5000, "BONUS": 1800, "GROSS": 6800, "NET": 6800},
        )

    def test_15_commission_part_of_which_is_paid_next_year(self):
        def seller(*sales, **values):
            months = {
                month: {"superior": [80], "figures": {"gross_sales": gross, "freight": freight}}
                for month, (gross, freight) in zip(
                    ("2026-10", "2026-11", "2026-12"), sales, strict=True
                )
            }
            return {"tier": "sales_junior", "months": months, **values}

        found = self.play(
            "ecommerce_commission",
            {
                "JUST_NOT": seller((61000, 1000), (50000, 0), (40000, 0)),
                "PASSED": seller((61000, 1000), (50000, 0), (40000.01, 0)),
                "LEADER": seller((0, 0), (0, 0), (0, 0), tier="sales_leader"),
            },
            "2026-10",
            "2027-03",
        )
        # 15.1: together more than 150,000
        self.assertFalse(found["JUST_NOT"]["changes"])
        self.assertEqual([each["date"] for each in found["PASSED"]["changes"]], ["2027-01-01"])
        paid = {month: self.paid(found, "JUST_NOT", month) for month in ("2026-10", "2027-02")}
        # 15.2, 15.4: 0.5 % of 60,000, of which 70 % at once
        self.assertEqual(paid["2026-10"]["OWN_SALES"], 210)
        # 15.5: 30 % of 0.5 % of 60,000 + 50,000 + 40,000, a third of it
        self.assertEqual(paid["2027-02"]["OWN_SALES"], 75)
        # 15.3: 0.3 % of all that the team sold in November
        leader = self.paid(found, "LEADER", "2026-11")
        self.assertEqual(leader["POST_COMMISSION"], 210)

    def test_11_pay_of_telephone_sales(self):
        def caller(tier, orders, **figures):
            month = {"superior": [80], "figures": {"orders": orders, **figures}}
            return {"tier": tier, "months": {"2026-03": month}}

        found = self.play(
            "telephone_sales",
            {
                "TRAINEE": caller("caller_trainee", 10),
                "SOME": caller("caller_c", 9),
                "MANY": caller("caller_c", 30),
                "BY_DAYS": caller("caller_b", 13, days_worked=22),
                "TOP": caller("caller_a", 40, absent_or_late=0),
                "LATE": caller("caller_a", 24, absent_or_late=1),
            },
            "2026-03",
        )
        for name, expected in (
            # 11.10, 11.15: ten at 10; twelve at 10 and one at 15; 120 and 180 and 16 at 20
            ("TRAINEE", {"COMMISSION_STEPS": 100}),
            ("BY_DAYS", {"COMMISSION_STEPS": 135, "DAYS": 1936}),  # 11.12
            # 11.13, 11.14, 11.16
            ("TOP", {"BASE": 2200, "COMMISSION_STEPS": 620, "ATTENDANCE": 100, "BONUS": 500}),
            ("LATE", {"BASE": 2200, "COMMISSION_STEPS": 300, "BONUS": 200}),
            # 11.11: at most 90
            ("SOME", {"BASE": 1200, "COMMISSION_C": 90}),
            ("MANY", {"BASE": 1200, "COMMISSION_C": 90, "BONUS": 200}),
        ):
            with self.subTest(name):
                gross = {"GROSS": sum(expected.values()), "NET": sum(expected.values())}
                self.assertEqual(self.paid(found, name, "2026-03"), expected | gross)

    def test_12_pay_of_a_telecom_centre(self):
        def worker(tier, rated, pieces, nights=0):
            month = {"superior": rated, "figures": {"pieces": pieces, "nights": nights}}
            return {"tier": tier, "months": {"2026-01": month}}

        found = self.play(
            "telecom_centre",
            {
                "AGENT": worker("telecom_agent", [40], 1000, nights=3),
                "PROCESSOR": worker("telecom_processor", [40], 1000),
                "SENIOR": worker("telecom_senior_processor", [40], 1001),
                "QA": worker("telecom_qa", [60, 40], 500),
                "LEADER": worker("telecom_shift_leader", [80], 0),
                "GENERAL": worker("telecom_general_leader", [100], 0),
            },
            "2026-01",
        )
        paid = {name: self.paid(found, name, "2026-01") for name in found}
        gross = {name: each["GROSS"] for name, each in paid.items()}
        # 12.3, 12.6, 12.8, 12.11
        self.assertEqual(gross["AGENT"], 2000 + 500 + 45)
        self.assertEqual(gross["PROCESSOR"], 2100 + 600)
        self.assertEqual(gross["SENIOR"], 2250 + 600.6)
        self.assertEqual(gross["QA"], 2400 + 200)
        # 12.4: the mean of 2,500, 2,700 and 2,850.60 is 2,683.53..; times 1.2; 12.7: 80 % of 600
        self.assertEqual(paid["LEADER"]["LEADING"], 3220.24)
        self.assertEqual(gross["LEADER"], 3220.24 + 300 + 480)
        # 12.5
        self.assertEqual(gross["GENERAL"], 3220.24 + 450 + 600)

    def test_14_pay_of_a_title(self):
        months = {f"2026-{month:02}": {"superior": [55, 35]} for month in (3, 4)}
        found = self.play(
            "software_support",
            {"NEW": {"tier": "support_junior", "hired": "2025-10-20", "months": months}},
            "2026-03",
            "2026-05",
        )
        # 14.3, 14.5, 14.10: the title's pay, nothing besides, from the next month on
        self.assertEqual(
            {month: each["GROSS"] for month, each in found["NEW"]["payslips"].items()},
            {"2026-03": 4000, "2026-04": 4000, "2026-05": 5000},
        )
