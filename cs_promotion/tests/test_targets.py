"""Targets that a policy sets by tier, department and month (policy language, *Match row*)."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..package.node import ScenarioError
from .common import CsPromotionCase
from .other_forms_common import make_package
from .replay_common import ReplayCase

FORM = {
    "name": "Month",
    "sections": [
        {
            "code": "A",
            "name": "Work",
            "items": [
                {"name": "Done", "source": "measured", "metric": "goal_done", "maximum": 100}
            ],
        }
    ],
}
METRICS = [
    {"code": "goal_orders", "name": "Orders"},
    {"code": "goal", "name": "Orders to take", "unit": "orders", "kind": "target"},
    {
        "code": "goal_done",
        "name": "Completion",
        "kind": "ratio",
        "one": "goal_orders",
        "other": "goal",
        "percent": True,
    },
]
TARGETS = [
    {"metric": "goal", "tier": "form_leader", "value": 400},
    {"metric": "goal", "department": "Night", "months": "2", "value": 100},
    {"metric": "goal", "department": "Night", "value": 160},
    {"metric": "goal", "value": 200},
]
PACKAGE = make_package(metrics=METRICS, form=FORM, targets=TARGETS)


@tagged("post_install", "-at_install", "cs_promotion")
class TestTargetsPlayed(ReplayCase):
    def _months(self, *orders, **own):
        """Orders of each month from January on; a target of one's own, by month."""
        return {
            f"2026-{number:02}": {
                "figures": {"goal_orders": each}
                | ({"goal": own[f"m{number}"]} if f"m{number}" in own else {})
            }
            for number, each in enumerate(orders, start=1)
        }

    def test_completion_of_the_target_of_each_post(self):
        """By what is held last in the month; one's own target goes before."""
        found = self._play(
            PACKAGE,
            "2026-01",
            "2026-02",
            AGENT={"months": self._months(150, 180)},
            NIGHT={"department": "Night", "months": self._months(80, 80)},
            LEADER={"tier": "form_leader", "months": self._months(300, 100)},
            PART={"months": self._months(75, 75, m2=100)},
            MOVED={
                "moves": [{"date": "2026-02-20", "department": "Night"}],
                "months": self._months(100, 90),
            },
        )
        self.assertEqual(
            {
                name: [month["score"] for month in agent["months"].values()]
                for name, agent in found.items()
            },
            {
                "AGENT": [75.0, 90.0],
                "NIGHT": [50.0, 80.0],
                "LEADER": [75.0, 25.0],
                "PART": [37.5, 75.0],
                "MOVED": [50.0, 90.0],
            },
        )

    def test_a_ramp_of_the_first_months(self):
        """A quarter of the target in the first full month, half in the second."""
        ramp = [
            {"metric": "goal", "tenure": "1", "value": 50},
            {"metric": "goal", "tenure": "2", "value": 100},
            {"metric": "goal", "value": 200},
        ]
        found = self._play(
            PACKAGE | {"targets": ramp},
            "2026-01",
            "2026-03",
            NEW={"hired": "2025-12-15", "months": self._months(50, 50, 50)},
            OLD={"months": self._months(50, 50, 50)},
        )
        scores = {
            name: [month["score"] for month in agent["months"].values()]
            for name, agent in found.items()
        }
        self.assertEqual(scores, {"NEW": [100.0, 50.0, 25.0], "OLD": [25.0, 25.0, 25.0]})

    def test_whoever_no_row_is_for_has_no_target(self):
        package = PACKAGE | {"targets": TARGETS[:1]}
        with self.assertRaisesRegex(ScenarioError, "nothing is known of Comp"):
            self._play(package, "2026-01", "2026-01", AGENT={"months": self._months(100)})

    def test_a_rule_goes_by_the_target_of_each_month(self):
        """Three months below half the target: a warning."""
        rule = {
            "code": "slow",
            "name": "Slow",
            "tier": "form_agent",
            "outcome": "warning",
            "conditions": [
                {
                    "metric": "goal_done",
                    "operator": "<",
                    "value": 50,
                    "times": 2,
                    "consecutive": True,
                }
            ],
        }
        found = self._play(
            PACKAGE | {"rules": [rule]},
            "2026-01",
            "2026-02",
            SLOW={"department": "Night", "months": self._months(79, 49)},
            NOT_SLOW={"department": "Night", "months": self._months(79, 50)},
        )
        self.assertEqual([each["rule"] for each in found["SLOW"]["others"]], ["slow"])
        self.assertNotIn("others", found["NOT_SLOW"])


@tagged("post_install", "-at_install", "cs_promotion")
class TestTargets(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders, cls.goal = cls.env["cs.metric"].create(METRICS[:2])

    def _set(self, policy, *rows):
        policy.target_ids = [
            Command.clear(),
            *(Command.create({"metric_id": self.goal.id, **row}) for row in rows),
        ]
        return policy.target_ids

    def test_a_row_says_itself(self):
        senior = self.tiers["senior"]
        rows = self._set(
            self.policy, {"tier_id": senior.id, "months": "11, 12", "value": 500}, {"value": 200.5}
        )
        self.assertEqual(
            rows.mapped("sentence"),
            [
                f"Orders to take: {senior.name}, months 11, 12: 500 orders",
                "Orders to take: Everyone: 200.5 orders",
            ],
        )
        page = self.env["cs.words"]._say_targets(self.policy)
        self.assertEqual(page, [f"{row.sentence}." for row in rows])

    def test_what_cannot_be_is_refused(self):
        for row, fault in (
            ({"months": "13", "value": 1}, "13"),
            ({"tenure": "0", "value": 1}, "no number from 1"),
            ({"metric_id": self.orders.id, "value": 1}, "goal_orders is no target"),
        ):
            with self.subTest(row=row), self.assertRaisesRegex(ValidationError, fault):
                self._set(self.policy, row)
        for values in ({"grain": "event"}, {"subject": "company"}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "target"):
                self.goal.write(values)

    def test_a_metric_with_a_target_stays_what_it_is(self):
        self._set(self.policy, {"value": 1})
        with self.assertRaisesRegex(UserError, "CS Policy Target"):
            self.goal.kind = "figure"

    def test_two_versions_are_compared_row_by_row(self):
        self._set(self.policy, {"value": 200})
        later = self.policy.copy({"date_from": "2026-01-01"})
        self.assertEqual(later.target_ids.value, 200)
        self._set(later, {"value": 220}, {"months": "12", "value": 300})
        changes = self.env["cs.policy.changes"]._get_changes(self.policy, later)
        self.assertEqual(
            [(row["part"], row["was"], row["now"]) for row in changes],
            [
                ("Orders to take: Everyone", "200", "220"),
                ("Orders to take: months 12", "", "Target: 300"),
            ],
        )

    def test_a_package_brings_them_back(self):
        self._set(self.policy, {"months": "12", "value": 300}, {"value": 200})
        packages = self.env["cs.policy.package"]
        written = packages._export(self.policy)
        self.assertEqual(
            written["targets"],
            [
                {"metric": "goal", "months": "12", "value": 300},
                {"metric": "goal", "value": 200},
            ],
        )
        self.assertIn("goal", [each["code"] for each in written["metrics"]])
