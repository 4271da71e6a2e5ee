"""More of the table *How to say it* of ``docs/policy_package.md``: who may be in a class, and who
has a score of the quarter."""

from odoo.tests import tagged

from .sayings_common import PACKAGE, SayingsCase

OTHERS = [
    {"code": "B", "name": "B", "given_by": "rest"},
    {"code": "C", "name": "C", "share": 20},
]


@tagged("post_install", "-at_install", "cs_promotion")
class TestSayingsOfClasses(SayingsCase):
    def _classes(self, best, agents, **package):
        """The classes of agents, A being the best fifth under conditions."""
        classes = [{"code": "A", "name": "A", "share": 20, **best}, *OTHERS]
        people = {f"AGENT {number}": each for number, each in enumerate(agents)}
        found = self._play({"classes": classes, **package}, people)
        return "".join(each["months"]["2026-01"]["class"] for each in found.values())

    def _clean(self, metric, operator="=", value=0):
        return {"metric": metric, "operator": operator, "value": value}

    def test_the_best_fifth_from_90_points_on(self):
        for_nobody = [self._agent(score) for score in (89, 80, 70, 60, 50)]
        self.assertEqual(self._classes({"least": 90}, for_nobody), "BBBBC")

    def test_a_serious_violation_keeps_out_of_the_best_class(self):
        serious = {"code": "saying_serious", "name": "Serious violations", "kind": "violations"}
        serious |= {"grain": "event", "gather": "count", "severity": "serious"}
        agents = [self._agent(score) for score in (95, 80, 70, 60, 50)]
        day = {"date": "2026-01-31", "type": "slacking", "severity": "serious", "fine": 0}
        agents[0]["violations"] = [day]
        best = {"provisos": [self._clean("saying_serious")]}
        self.assertEqual(self._classes(best, agents, metrics=[serious]), "BABBC")

    def test_the_best_class_with_full_attendance_and_attitude_alone(self):
        metrics = [
            {"code": "saying_absences", "name": "Absences"},
            {
                "code": "saying_attitude",
                "name": "Attitude",
                "kind": "section",
                "section": "B",
                "percent": True,
            },
        ]
        item = {"source": "number", "maximum": 50}
        sections = [
            {"code": code, "name": code, "items": [{"name": code, **item}]} for code in ("A", "B")
        ]
        agents = []
        for absences, points in (
            (1, [50, 48]),
            (0, [50, 39]),
            (0, [40, 40]),
            (0, [30, 45]),
            (0, [9, 9]),
        ):
            month = {"superior": points, "figures": {"saying_absences": absences}}
            agents.append({"tier": "saying_agent", "months": {"2026-01": month}})
        best = {
            "provisos": [self._clean("saying_absences"), self._clean("saying_attitude", ">=", 80)]
        }
        package = {"metrics": metrics, "form": {"name": "Month", "sections": sections}}
        self.assertEqual(self._classes(best, agents, **package), "BBABC")

    def test_who_joins_within_the_quarter_has_a_score_from_two_months_on(self):
        agents = {
            "OLD": self._agent(70, 80, 90),
            "NEW": self._agent(0, 80, 91) | {"hired": "2026-02-01"},
            "NEWER": self._agent(0, 0, 95) | {"hired": "2026-03-01"},
        }
        for name, first in (("NEW", 2), ("NEWER", 3)):
            months = agents[name]["months"]
            agents[name]["months"] = {key: months[key] for key in [*months][first - 1 :]}
        package = {"settings": PACKAGE["settings"] | {"quarter_least": 2}}
        found = self._play(package, agents, last="2026-03")
        scores = {
            name: each["quarters"].get("2026Q1", {}).get("score") for name, each in found.items()
        }
        self.assertEqual(scores, {"OLD": 80, "NEW": 85.5, "NEWER": None})
