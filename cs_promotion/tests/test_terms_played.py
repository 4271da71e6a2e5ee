"""Trials and improvement plans, played (policy language, *Trial*, *Improvement plan*; clauses
11.7-11.9, 14.7, 14.8)."""

from odoo.tests import TransactionCase, tagged

from ..package.node import ScenarioError
from .effects_common import EffectsCase, rule, scores

ON_TRIAL = rule("up", "fx_c", "promote", ("month_score", ">=", 90), trial_months=3)
MEAN = {"metric": "month_score", "times": 3, "reading": "mean"}
PASSED = rule("passed", "fx_b", "keep", {**MEAN, "operator": ">=", "value": 80}, during="trial")
BACK = rule("back", "fx_b", "demote", {**MEAN, "operator": "<", "value": 70}, during="trial")
NEXT = rule("next", "fx_b", "promote", ("month_score", ">=", 90))


@tagged("post_install", "-at_install", "cs_promotion")
class TestTrialPlayed(EffectsCase, TransactionCase):
    def test_confirmed_sent_back_or_left_to_people(self):
        found = self._play(
            [ON_TRIAL, PASSED, BACK],
            "2025-01",
            "2025-05",
            AL={"months": scores(1, 95, 80, 80, 80, 80)},
            BO={"months": scores(1, 95, 60, 60, 60, 60)},
            CY={"months": scores(1, 95, 75, 75, 75, 75)},
        )
        trial = {"tier": "fx_b", "from": "2025-02-01", "until": "2025-04-30"}
        self.assertEqual(found["AL"]["trials"], [{**trial, "state": "confirmed"}])
        self.assertEqual(
            found["AL"]["others"], [{"date": "2025-05-01", "kind": "keep", "rule": "passed"}]
        )
        self.assertEqual(self._changes(found["AL"]), [("2025-02-01", "fx_b")])
        self.assertEqual(found["BO"]["trials"], [{**trial, "state": "returned"}])
        self.assertEqual(
            self._changes(found["BO"]), [("2025-02-01", "fx_b"), ("2025-05-01", "fx_c")]
        )
        # between the two: people decide, the trial runs on
        self.assertEqual(found["CY"]["trials"], [{**trial, "state": "running"}])

    def test_on_trial_no_rule_promotes_and_then_it_does(self):
        found = self._play(
            [ON_TRIAL, PASSED, NEXT], "2025-01", "2025-05", AL={"months": scores(1, *[95] * 5)}
        )["AL"]
        self.assertEqual(self._changes(found), [("2025-02-01", "fx_b"), ("2025-06-01", "fx_a")])

    def test_at_any_closing_during_it(self):
        early = rule(
            "early",
            "fx_b",
            "demote",
            ("month_score", "<", 50),
            during="trial",
            during_any_time=True,
        )
        found = self._play(
            [ON_TRIAL, early, PASSED],
            "2025-01",
            "2025-04",
            AL={"months": scores(1, 95, 80, 40, 80)},
        )["AL"]
        self.assertEqual(self._changes(found), [("2025-02-01", "fx_b"), ("2025-04-01", "fx_c")])

    def test_waiting_time_before_the_next_one(self):
        waited = {"metric": "months_since_trial", "operator": ">=", "value": 3}
        again = rule("up", "fx_c", "promote", ("month_score", ">=", 90), waited, trial_months=1)
        back = rule("back", "fx_b", "demote", ("month_score", "<", 70), during="trial")
        found = self._play(
            [again, back],
            "2025-01",
            "2025-06",
            AL={"months": scores(1, 95, 60, 95, 95, 95, 95)},
        )["AL"]
        # never on trial: no waiting time. Sent back on 1 March: again from 1 June on
        self.assertEqual(
            self._changes(found),
            [("2025-02-01", "fx_b"), ("2025-03-01", "fx_c"), ("2025-06-01", "fx_b")],
        )

    def test_months_on_trial_are_known_on_trial_only(self):
        short = {"metric": "trial_months", "operator": "<", "value": 3}
        note = rule("note", "fx_b", "warning", short)
        found = self._play(
            [ON_TRIAL, note],
            "2025-01",
            "2025-05",
            AL={"months": scores(1, 95, 80, 80, 80, 80)},
            BO={"tier": "fx_b", "months": scores(1, 95, 80, 80, 80, 80)},
        )
        self.assertEqual(
            [each["date"] for each in found["AL"]["others"]], ["2025-03-01", "2025-04-01"]
        )
        self.assertNotIn("others", found["BO"])

    def test_ended_by_people(self):
        def agent(*steps):
            ends = [{"date": day, "outcome": outcome} for day, outcome in steps]
            return {"months": scores(1, 95, *[75] * 5), "trials": ends}

        found = self._play(
            [ON_TRIAL, PASSED, BACK],
            "2025-01",
            "2025-06",
            AL=agent(("2025-05-10", "kept")),
            BO=agent(("2025-03-15", "down")),
            CY=agent(("2025-04-02", "extended"), ("2025-05-02", "extended")),
        )
        states = {name: each["trials"][0] for name, each in found.items()}
        self.assertEqual(states["AL"]["state"], "confirmed")
        self.assertEqual(states["BO"]["state"], "returned")
        self.assertEqual(found["BO"]["changes"][-1]["kind"], "moved_down")
        self.assertEqual(
            self._changes(found["BO"]), [("2025-02-01", "fx_b"), ("2025-03-15", "fx_c")]
        )
        self.assertEqual((states["CY"]["until"], states["CY"]["state"]), ("2025-06-30", "running"))

    def test_what_does_not_run_cannot_be_ended(self):
        ends = [{"date": "2025-01-10", "outcome": "kept"}]
        with self.assertRaisesRegex(ScenarioError, r"trials\[0\]: none of the trials runs"):
            self._play([ON_TRIAL], "2025-01", "2025-01", AL={"months": {}, "trials": ends})

    def test_a_person_decides_meanwhile_and_the_trial_is_cancelled(self):
        found = self._play(
            [ON_TRIAL, PASSED],
            "2025-01",
            "2025-04",
            AL={
                "months": scores(1, 95, *[90] * 3),
                "decisions": [{"date": "2025-03-10", "to": "fx_a"}],
            },
        )["AL"]
        self.assertEqual(found["trials"][0]["state"], "cancelled")
        self.assertEqual(self._changes(found), [("2025-02-01", "fx_b"), ("2025-03-10", "fx_a")])


BAD = ("month_score", "<", 60)
PLAN = rule("plan", "fx_b", "plan", BAD, plan_months=2)
HELD = rule("held", "fx_b", "keep", ("month_score", ">=", 70), during="plan")
DOWN = rule("down", "fx_b", "demote", BAD, during="plan")


@tagged("post_install", "-at_install", "cs_promotion")
class TestPlanPlayed(EffectsCase, TransactionCase):
    def _agent(self, *given, **more):
        return {"tier": "fx_b", "months": scores(1, *given), **more}

    def test_14_8_passed_down_or_reviewed(self):
        review = rule("review", "fx_b", "dismissal_review", ("month_score", "<", 30), during="plan")
        found = self._play(
            [PLAN, HELD, review, DOWN],
            "2025-01",
            "2025-03",
            AL=self._agent(50, 50, 75),
            BO=self._agent(50, 75, 50),
            CY=self._agent(50, 75, 20),
            DI=self._agent(50, 75, 65),
        )
        plan = {"from": "2025-02-01", "until": "2025-03-31"}
        states = {name: each["plans"] for name, each in found.items()}
        self.assertEqual(states["AL"], [{**plan, "state": "kept"}])
        self.assertEqual(states["BO"], [{**plan, "state": "down"}])
        self.assertEqual(states["CY"], [{**plan, "state": "review"}])
        self.assertEqual(states["DI"], [{**plan, "state": "running"}])
        self.assertEqual(self._changes(found["BO"]), [("2025-04-01", "fx_c")])
        self.assertEqual(found["CY"]["reviews"], [{"date": "2025-04-01", "rule": "review"}])
        self.assertEqual(found["CY"]["changes"], [])

    def test_11_7_11_8_a_challenge_is_a_short_plan_once_a_month(self):
        """A month, nine orders, else down; and at most one in so many months."""
        orders = [{"code": "fx_orders", "name": "Orders"}]
        once = {
            "metric": "plans",
            "operator": "=",
            "value": 0,
            "window": "last_months",
            "months": 3,
        }
        few = ("fx_orders", "<=", 12)
        rules = [
            rule("challenge", "fx_a", "plan", few, once, plan_months=1),
            rule("met", "fx_a", "keep", ("fx_orders", ">=", 9), during="plan"),
            rule("missed", "fx_a", "demote", ("fx_orders", "<", 9), during="plan"),
        ]

        def agent(*given):
            months = scores(1, *[80] * len(given))
            for number, count in enumerate(given, start=1):
                months[f"2025-{number:02}"]["figures"] = {"fx_orders": count}
            return {"tier": "fx_a", "months": months}

        found = self._play(
            rules,
            "2025-01",
            "2025-05",
            package={"metrics": orders},
            AL=agent(12, 9, 12, 12, 12),
            BO=agent(12, 8, 20, 20, 20),
        )
        self.assertEqual(
            [(each["from"], each["state"]) for each in found["AL"]["plans"]],
            [("2025-02-01", "kept"), ("2025-06-01", "running")],
        )
        self.assertEqual(self._changes(found["BO"]), [("2025-03-01", "fx_b")])

    def test_14_7_no_plan_in_the_first_ninety_days(self):
        joined = {"metric": "tenure_months", "operator": ">=", "value": 3}
        early = {"metric": "tenure_months", "operator": "<", "value": 3}
        found = self._play(
            [
                rule("plan", "fx_b", "plan", BAD, joined, plan_months=2),
                rule("word", "fx_b", "warning", BAD, early),
            ],
            "2025-01",
            "2025-04",
            AL=self._agent(50, 80, 50, hired="2025-01-01"),
        )["AL"]
        self.assertEqual([each["from"] for each in found["plans"]], ["2025-04-01"])
        self.assertEqual(
            [(each["date"], each["kind"]) for each in found["others"]],
            [("2025-02-01", "warning"), ("2025-04-01", "plan")],
        )

    def test_a_plan_bars_promotions_and_is_the_only_one(self):
        up = rule("up", "fx_b", "promote", ("month_score", ">=", 90))
        found = self._play([PLAN, HELD, up], "2025-01", "2025-04", AL=self._agent(50, 55, 95, 95))[
            "AL"
        ]
        self.assertEqual(len(found["plans"]), 1)
        self.assertEqual(self._changes(found), [("2025-05-01", "fx_a")])

    def test_ended_by_people(self):
        def ends(*steps):
            return [{"date": day, "outcome": outcome} for day, outcome in steps]

        found = self._play(
            [PLAN],
            "2025-01",
            "2025-05",
            AL=self._agent(50, 75, 75, plans=ends(("2025-03-20", "kept"))),
            BO=self._agent(50, 75, 75, plans=ends(("2025-03-20", "down"))),
            CY=self._agent(50, 75, 75, plans=ends(("2025-03-20", "review"))),
            DI=self._agent(
                50, 75, 75, plans=ends(("2025-03-20", "extended"), ("2025-04-30", "kept"))
            ),
        )
        self.assertEqual(
            {name: each["plans"][0]["state"] for name, each in found.items()},
            {"AL": "kept", "BO": "down", "CY": "review", "DI": "kept"},
        )
        self.assertEqual(found["DI"]["plans"][0]["until"], "2025-04-30")
        self.assertEqual(self._changes(found["BO"]), [("2025-03-20", "fx_c")])
        self.assertEqual(len(found["CY"]["reviews"]), 1)
