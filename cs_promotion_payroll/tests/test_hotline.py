"""The hotline's pay played from its package, on payslips of the batch (B7-B9)."""

import json

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

METERS = (
    "daily_handled",
    "handling_time_rate",
    "ticket_pass_rate",
    "first_contact",
    "satisfaction",
    "spot_checks",
    "monthly_exam",
)
PAID = ("tickets", "nights", "absences", "late_arrivals")


def agent(conduct, meters, paid, **values):
    """An agent's June: what is graded, measured and counted."""
    figures = dict(zip(METERS, meters, strict=True)) | dict(zip(PAID, paid, strict=True))
    month = {"superior": [conduct], "figures": figures}
    values = {"department": "Centre", "tier": "hotline_agent", "hired": "2020-01-01"} | values
    return {**values, "months": {"2026-06": month}}


@tagged("post_install", "-at_install", "cs_promotion")
class TestHotlinePay(TransactionCase):
    def _pay(self, **employees):
        scenario = {
            "from": "2026-06",
            "until": "2026-06",
            "policy": {"package": file_path("cs_promotion/presets/hotline.json")},
            "employees": employees,
        }
        played = self.env["cs.replay"]._play(json.dumps(scenario))["employees"]
        return {name: each["payslips"]["2026-06"] for name, each in played.items()}

    def test_B7_B9_worked_pay_of_the_hotline(self):
        good = (300, 90, 98, 90, 95)
        others = {
            # four more of 70 and over: of five the first has five stars
            f"OTHER_{number}": agent(5, (*good, spot, 50), (0, 0, 1, 0), department="Other")
            for number, spot in enumerate((70, 60, 50, 40))
        }
        paid = self._pay(
            FU=agent(5, (*good, 92, 88), (6500, 6, 0, 0), hired="2023-06-30"),
            GAO=agent(4, (262, 87, 96, 88.5, 86, 85, 75), (5240, 2, 0, 1), hired="2014-01-01"),
            HE=agent(3, (219, 84, 91, 84, 84, 70, 60), (4380, 4, 0, 0)),
            LEADER={
                "department": "Centre",
                "hired": "2020-01-01",
                "tier": "hotline_leader",
                "months": {},
            },
            **others,
        )
        self.assertEqual(
            {code: amount for code, amount in paid["FU"].items() if amount},
            {
                "BASE": 2200,
                "PIECE": 2000,
                "STARS": 1040,
                "NIGHT": 90,
                "ATTENDANCE": 100,
                "SENIORITY": 150,
                "GROSS": 5580,
                "NET": 5580,
            },
        )
        self.assertEqual(paid["GAO"]["GROSS"], 4702)
        self.assertEqual(paid["HE"]["GROSS"], 3574)
        # the mean of 5240, 4172 and 3514 is 4308.67, times 1.2, and the post allowance
        self.assertEqual(paid["LEADER"]["LEADING"], 5170.4)
        self.assertEqual(paid["LEADER"]["GROSS"], 5470.4)
