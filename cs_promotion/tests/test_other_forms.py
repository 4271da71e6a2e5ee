"""Forms by match rows: each post its own appraisal, month by month (policy language, *Forms*)."""

import json

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..package.node import ScenarioError
from .form_common import FormCase
from .other_forms_common import make_form, make_package
from .replay_common import ReplayCase

LEADER = make_form("Leader's month", ("Team", 50), ("Plans", 30), ("Reports", 20))


@tagged("post_install", "-at_install", "cs_promotion")
class TestOtherFormsPlayed(ReplayCase):
    def _scores(self, agent):
        return {month: each["score"] for month, each in agent["months"].items()}

    def test_12_2_each_post_has_its_own_appraisal(self):
        """A tier, a department and a job position each bring their form; who fits none has the
        policy's own."""
        package = make_package(
            forms=[
                {"tier": "form_leader", "form": LEADER},
                {"job": "Quality", "form": make_form("Checks", ("Checks", 100))},
                {"department": "Archive", "form": "Checks"},
            ]
        )
        found = self._play(
            package,
            "2026-01",
            "2026-01",
            AGENT={"months": {"2026-01": {"superior": [50, 35]}}},
            LEADER={"tier": "form_leader", "months": {"2026-01": {"superior": [41, 30, 20]}}},
            CHECKER={"job": "Quality", "months": {"2026-01": {"superior": [77.5]}}},
            ARCHIVIST={"department": "Archive", "months": {"2026-01": {"superior": [66]}}},
        )
        self.assertEqual(
            {name: self._scores(agent) for name, agent in found.items()},
            {
                "AGENT": {"2026-01": 85.0},
                "LEADER": {"2026-01": 91.0},
                "CHECKER": {"2026-01": 77.5},
                "ARCHIVIST": {"2026-01": 66.0},
            },
        )

    def test_a_move_to_another_post_brings_its_form(self):
        package = make_package(forms=[{"job": "Quality", "form": LEADER}])
        found = self._play(
            package,
            "2026-01",
            "2026-02",
            AGENT={
                "moves": [{"date": "2026-02-10", "job": "Quality"}],
                "months": {"2026-01": {"superior": [50, 35]}, "2026-02": {"superior": [1, 2, 3]}},
            },
        )
        self.assertEqual(self._scores(found["AGENT"]), {"2026-01": 85.0, "2026-02": 6.0})

    def test_10_2_each_month_of_the_quarter_tests_another_field(self):
        fields = [make_form(name, (name, 100)) for name in ("Writing", "Computer")]
        package = make_package(
            form=make_form("Knowledge", ("Knowledge", 50), ("Speech", 50)),
            forms=[
                {"months": "2, 5, 8, 11", "form": fields[0]},
                {"months": "3, 6, 9, 12", "form": fields[1]},
            ],
        )
        months = {"2026-01": [40, 44], "2026-02": [90], "2026-03": [75]}
        found = self._play(
            package,
            "2026-01",
            "2026-03",
            AGENT={"months": {key: {"superior": given} for key, given in months.items()}},
        )
        self.assertEqual(
            self._scores(found["AGENT"]), {"2026-01": 84.0, "2026-02": 90.0, "2026-03": 75.0}
        )
        # R3: the quarter sums its months up
        self.assertEqual(found["AGENT"]["quarters"]["2026Q1"]["score"], 83.0)

    def test_14_6_reviews_at_three_and_six_months_then_yearly(self):
        package = make_package(forms=[{"tenure": "3, 6, 12*"}, {"kind": "month", "form": None}])
        given = {"superior": [60, 40]}
        found = self._play(
            package,
            "2026-01",
            "2026-07",
            NEW={
                "hired": "2026-01-15",
                "months": {"2026-04": given, "2026-07": given},
            },
            OLD={"hired": "2023-05-02", "months": {"2026-05": given}},
        )
        self.assertEqual(self._scores(found["NEW"]), {"2026-04": 100.0, "2026-07": 100.0})
        self.assertEqual(self._scores(found["OLD"]), {"2026-05": 100.0})

    def test_faults_are_named_by_their_path(self):
        for path, fault, forms in (
            ("$.forms[0].form", "no form of this name", [{"form": "Luck"}]),
            ("$.forms[0].tier", "there is no CS Tier", [{"tier": "x", "form": None}]),
            ("$.forms[0]", "calendar months", [{"months": "13", "form": None}]),
            ("$.forms[0]", "months with commas", [{"tenure": "3 6", "form": None}]),
            ("$.forms[0].form", "'sections' is missing", [{"form": {"name": "x"}}]),
            ("$", "at most 90 points", [{"form": make_form("Short", ("Work", 90))}]),
        ):
            with self.subTest(path=path, fault=fault):
                text = json.dumps(make_package(forms=forms))
                with self.assertRaises(ScenarioError) as caught:
                    self.env["cs.policy.package"]._import(text, self.env.company, "2030-01-01")
                self.assertEqual(caught.exception.path, path)
                self.assertIn(fault, caught.exception.fault)

    def test_written_and_read_again(self):
        package = make_package(
            forms=[
                {"tier": "form_leader", "kind": "month", "form": LEADER},
                {"tenure": "3, 6, 12*"},
                {"months": "1, 4", "form": "Leader's month"},
                {"form": None},
            ]
        )
        packages = self.env["cs.policy.package"]
        policy = packages._import(json.dumps(package), self.env.company, "2030-01-01")
        written = packages._export(policy)
        self.assertEqual(written["forms"], packages._export(policy.copy())["forms"])
        self.assertEqual(
            [row.get("form", "own") for row in written["forms"]][1:],
            ["own", "Leader's month", None],
        )
        again = packages._import(json.dumps(written), self.env.company, "2031-01-01")
        self.assertEqual(packages._export(again)["forms"], written["forms"])
        self.assertEqual(again.form_ids[0].scorecard_id, again.form_ids[2].scorecard_id)
        self.assertEqual(again.form_ids[1].scorecard_id, again.scorecard_id)


@tagged("post_install", "-at_install", "cs_promotion")
class TestOtherForms(FormCase):
    def _make_other(self, **match):
        """Another form than the policy's, of one item, for whom the row fits."""
        own = self.policy.scorecard_id
        other = self._form({"name": "Talk", "source": "number", "maximum": 100})
        self.policy.scorecard_id = own
        self.policy.form_ids = [Command.create({"scorecard_id": other.id, **match})]
        return other

    def test_until_something_is_filled_in_the_form_follows_the_post(self):
        other = self._make_other(department_id=self.front_desk.id)
        cycle = self._open("2025-01")
        sheets = self._appraisal(self.agent, "2025-01").sheet_ids
        self.assertEqual(sheets.scorecard_id, self.policy.scorecard_id)
        self._score(self._appraisal(self.peer, "2025-01"), 80)
        for agent in (self.agent, self.peer):
            agent.create_version({"date_version": "2025-01-20"}).department_id = self.front_desk
        cycle._open()
        appraisal = self._appraisal(self.agent, "2025-01")
        self.assertEqual(appraisal.sheet_ids.scorecard_id, other)
        self.assertEqual(appraisal.sheet_ids.mapped("item_count"), [1, 1])
        self.assertEqual(
            self._appraisal(self.peer, "2025-01").sheet_ids.scorecard_id, self.policy.scorecard_id
        )
        page = self.env["report.cs_promotion.report_scorecard"]._get_report_values(appraisal.ids)
        self.assertEqual(page["pages"][0]["scorecard"], other)

    def test_without_a_form_nobody_is_waited_for(self):
        self.policy.form_ids = [
            Command.create({"department_id": self.agent.department_id.id, "months": "1"})
        ]
        cycle = self._open("2025-01")
        appraisal = self._appraisal(self.agent, "2025-01")
        self.assertTrue(appraisal.formless and appraisal.excluded)
        self.assertFalse(appraisal.sheet_ids or appraisal.can_include)
        self.assertEqual((cycle.work, cycle.appraisal_count), (False, 0))
        with self.assertRaisesRegex(UserError, "has no form for this period"):
            appraisal.with_user(self.user_office).action_include()
        self._close(cycle)
        self.assertEqual((cycle.state, appraisal.scored, appraisal.rank), ("closed", False, 0))
        self.assertNotIn(self.agent.name, cycle.with_user(self.user_manager).summary_html)
        february = self._open("2025-02")
        self.assertTrue(february.appraisal_ids.sheet_ids)

    def test_a_form_in_force_is_checked_as_the_policy_s_own(self):
        other = self._make_other(kind="quarter")
        with self.assertRaisesRegex(ValidationError, "at most 90 points"):
            other.section_ids.item_ids.maximum = 90
        self.assertIn("Quarters", self.policy.page_html)
        self.assertIn("Talk", self.policy.page_html)

    def test_versions_are_compared_by_whom_a_form_is_for(self):
        self._make_other(months="1, 4")
        later = self.policy.copy({"date_from": "2026-01-01"})
        changes = self.env["cs.policy.changes"]
        self.assertEqual(changes._get_changes(self.policy, later), [])
        other = later.form_ids.scorecard_id.copy({"name": "Another talk"})
        later.form_ids = [
            Command.update(later.form_ids.id, {"scorecard_id": other.id}),
            Command.create({"kind": "year"}),
        ]
        rows = changes._get_changes(self.policy, later)
        self.assertEqual(
            [(row["part"], row["now"]) for row in rows],
            [("months 1, 4", "Another talk"), ("Years", "")],
        )
