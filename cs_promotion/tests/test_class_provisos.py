"""Who may be in a class: least scores and provisos (policy language, *Classes*), from the package
to what the agent reads."""

import json

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..package.node import ScenarioError
from .common import CsPromotionCase
from .played_package import PlayedPackageCase

SERIOUS = {
    "code": "class_serious",
    "name": "Serious violations",
    "kind": "violations",
    "grain": "event",
    "gather": "count",
    "severity": "serious",
}
ABSENT = {"code": "class_absent", "name": "Days absent"}
ATTITUDE = {
    "code": "class_attitude",
    "name": "Attitude",
    "kind": "section",
    "section": "B",
    "percent": True,
}
HALVES = [
    {
        "name": name,
        "code": code,
        "items": [{"name": name, "source": "number", "maximum": 50}],
    }
    for code, name in (("A", "Work"), ("B", "Attitude"))
]


def asks(metric, operator, value, **more):
    """A proviso."""
    return {"metric": metric, "operator": operator, "value": value, **more}


def rows(best, **more):
    """A the best two fifths under conditions, B all others but the last fifth, which is C."""
    return [
        {"code": "A", "name": "A", "share": 40, **best},
        {"code": "B", "name": "B", "given_by": "rest"},
        {"code": "C", "name": "C", "share": 20, **more},
    ]


def of_violation(day, severity="serious"):
    """Somebody's violation, without a fine."""
    return {"date": day, "type": "slacking", "severity": severity, "fine": 0}


@tagged("post_install", "-at_install", "cs_promotion")
class TestClassProvisosPlayed(PlayedPackageCase):
    def _team(self, **more):
        """Five agents with 95 to 91 points in January, and what else is known of some."""
        names = ("ANNA", "BEN", "CAI", "DAN", "EVA")
        return {
            name: {"months": {"2026-01": 95 - number}} | more.get(name, {})
            for number, name in enumerate(names)
        }

    def _given(self, found, period="2026-01", kind="months"):
        return "".join(each[kind][period].get("class", "-") for each in found.values())

    def test_the_best_two_fifths_with_95_at_least(self):
        """The places of A that nobody may take are the rest's."""
        package = self._package(classes=rows({"least": 95}))
        self.assertEqual(
            self._given(self._play(package, "2026-01", "2026-01", **self._team())), "ABBBC"
        )

    def test_a_serious_violation_in_the_month_keeps_out_of_the_best_class(self):
        """One of the month before does not, nor does a minor one; the next one moves up."""
        package = self._package(
            metrics=[SERIOUS], classes=rows({"provisos": [asks("class_serious", "=", 0)]})
        )
        team = self._team(
            ANNA={"violations": [of_violation("2026-01-20")]},
            BEN={"violations": [of_violation("2026-01-20", "minor")]},
            CAI={"violations": [of_violation("2025-12-20")]},
        )
        found = self._play(package, "2025-12", "2026-01", **team)
        self.assertEqual(self._given(found), "BAABC")

    def test_only_with_full_attendance(self):
        """What nobody typed in is unknown, and meets none; 0 is known."""
        package = self._package(
            metrics=[ABSENT], classes=rows({"provisos": [asks("class_absent", "=", 0)]})
        )
        team = self._team()
        for name, days in (("ANNA", 1), ("BEN", 0), ("EVA", 0)):
            team[name] = {"months": team[name]["months"], "absent": days}
        found = self._play(package, "2026-01", "2026-01", **team)
        self.assertEqual(self._given(found), "BABCA")

    def test_only_after_six_months(self):
        """Complete months count to the day after the period, as in rules and pay."""
        package = self._package(classes=rows({"provisos": [asks("tenure_months", ">=", 6)]}))
        team = self._team(ANNA={"hired": "2025-08-02"}, BEN={"hired": "2025-08-01"})
        found = self._play(package, "2026-01", "2026-01", **team)
        self.assertEqual(self._given(found), "BAABC")

    def test_points_of_the_form_of_the_very_month(self):
        package = self._package(
            metrics=[ATTITUDE],
            form={"name": "Month", "sections": HALVES},
            classes=rows({"provisos": [asks("class_attitude", ">=", 80)]}),
        )
        points = ([50, 39], [48, 40], [38, 49], [40, 40], [40, 39])
        team = {
            name: {"months": {"2026-01": each}}
            for name, each in zip(("ANNA", "BEN", "CAI", "DAN", "EVA"), points, strict=True)
        }
        found = self._play(package, "2026-01", "2026-01", **team)
        self.assertEqual(self._given(found), "BAABC")

    def test_a_quarter_made_of_its_months_counts_the_whole_of_it(self):
        package = self._package(
            metrics=[SERIOUS], classes=rows({"provisos": [asks("class_serious", "=", 0)]})
        )
        team = self._team(ANNA={"violations": [of_violation("2026-01-20")]})
        for each in team.values():
            [score] = each["months"].values()
            each["months"] = dict.fromkeys(("2026-01", "2026-02", "2026-03"), score)
        found = self._play(package, "2026-01", "2026-03", **team)
        self.assertEqual(
            [self._given(found, f"2026-0{month}") for month in (1, 2, 3)],
            ["BAABC", "AABBC", "AABBC"],
        )
        self.assertEqual(self._given(found, "2026Q1", "quarters"), "BAABC")
        quarters = self.env["cs.appraisal"].search([("kind", "=", "quarter")], order="score desc")
        notes = quarters.filtered(lambda each: each.date_start.year == 2026).mapped("class_note")
        self.assertEqual(notes, ["not A: Serious violations 1, needs = 0", *[False] * 4])

    def _employee(self, months=(), absent=None, **given):
        made = super()._employee(months, **given)
        for month, score in dict(months).items():
            made["months"][month]["superior"] = score if isinstance(score, list) else [score]
            if absent is not None:
                made["months"][month]["figures"] = {"class_absent": absent}
        return made


@tagged("post_install", "-at_install", "cs_promotion")
class TestClassProvisos(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.serious = cls.env["cs.metric"].create(SERIOUS)
        cls.absent = cls.env["cs.metric"].create(ABSENT)
        cls.policy.write(
            {
                "rank_within": "company",
                "class_ids": [
                    Command.create(
                        {
                            "code": "A",
                            "name": "Class A",
                            "share": 50,
                            "least": 80,
                            "coefficient": 1.2,
                            "proviso_ids": [
                                Command.create(asks("class_serious", "=", 0)),
                                Command.create(asks("class_absent", "between", -1, value_max=1)),
                            ],
                        }
                    ),
                    Command.create({"code": "B", "name": "Class B", "given_by": "rest"}),
                ],
            }
        )

    def _absent(self, agent, days, day="2025-01-01"):
        values = {"metric_id": self.absent.id, "employee_id": agent.id, "date": day}
        return self.env["cs.measure"].create(values | {"value": days})

    def _results(self, month="2025-01"):
        found = [self._appraisal(agent, month) for agent in (self.agent, self.peer)]
        return [(each.class_id.code, each.class_note) for each in found]

    # ------------------------------------------------------------------ what the agent reads

    def test_whoever_is_passed_over_reads_why(self):
        self._violation(self.agent, "2025-01-10", severity="serious")
        self._absent(self.peer, 2)
        self._play("2025-01", {self.agent: 90, self.peer: 70})
        days = "needs above -1 and below 1"
        first = f"not Class A: Serious violations 1, needs = 0, Days absent not known, {days}"
        second = f"not Class A: a score of at least 80 is needed, Days absent 2, {days}"
        self.assertEqual(self._results(), [("B", first), ("B", second)])
        own = self._appraisal(self.agent, "2025-01").with_user(self.user_agent)
        self.assertIn("Serious violations 1", own.class_note)
        form = Form(own)
        self.assertEqual(form.class_note, own.class_note)
        path = self.env["cs.path"].with_user(self.user_agent).browse(self.agent.id)
        self.assertTrue(path.has_class_notes)
        self.assertIn("Serious violations 1", path.appraisal_ids.class_note)

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.policy.class_ids.with_context(lang="zh_CN")[0].name = "甲等"
        self._absent(self.agent, 0)
        self._play("2025-01", {self.agent: 70, self.peer: 60})
        note = self._appraisal(self.agent, "2025-01").with_context(lang="zh_CN").class_note
        self.assertIn("甲等", note)
        self.assertIn("80", note)

    def test_nobody_else_reads_of_it(self):
        self._absent(self.agent, 0)
        self._absent(self.peer, 0)
        self._play("2025-01", {self.agent: 90, self.peer: 85})
        self.assertEqual(self._results(), [("A", False), ("B", False)])
        path = self.env["cs.path"].with_user(self.user_agent).browse(self.agent.id)
        self.assertFalse(path.has_class_notes)

    def test_closed_again_it_is_as_it_is_then(self):
        self._violation(self.agent, "2025-01-10", severity="serious")
        days = self._absent(self.agent, 0) | self._absent(self.peer, 3)
        self._play("2025-01", {self.agent: 90, self.peer: 85})
        self.assertEqual([code for code, _note in self._results()], ["B", "B"])
        cycle = self._cycle("2025-01")
        self._reopen_as_manager(cycle)
        days[1].value = 0
        self._close(cycle)
        self.assertEqual(self._results()[1], ("A", False))
        self.assertIn("not Class A: Serious violations 1", self._results()[0][1])

    def test_a_violation_by_complaint_rate_is_one_of_the_month(self):
        """V3: it is raised when the month is closed, and keeps out of classes at once."""
        provisos = self.policy.class_ids[0].proviso_ids
        provisos[0].metric = "violations"
        provisos[1].unlink()
        self._figure(self.agent, "2025-01", handled=100, complaints=2)
        self._play("2025-01", {self.agent: 90, self.peer: 85})
        note = "not Class A: Confirmed violations 1, needs = 0"
        self.assertEqual(self._results(), [("B", note), ("A", False)])
        self._reopen_as_manager(self._cycle("2025-01"))
        self._close(self._cycle("2025-01"))
        self.assertEqual(self._results(), [("B", note), ("A", False)])

    def test_what_was_found_is_told_exactly(self):
        """A value that is no decimal, and a bound of nought."""
        rate = {"code": "class_rate", "name": "Rate", "kind": "ratio", "grain": "month"}
        self.env["cs.metric"].create(rate | {"one": "class_absent", "other": "handled"})
        provisos = self.policy.class_ids[0].proviso_ids
        provisos[0].unlink()
        provisos[1].write({"metric": "class_rate", "value": -1, "value_max": 0})
        self._absent(self.agent, 1)
        self._figure(self.agent, "2025-01", handled=3)
        self._play("2025-01", {self.agent: 90, self.peer: 70})
        note = "not Class A: Rate 0.33, needs above -1 and below 0"
        self.assertEqual(self._results()[0], ("B", note))
        [kept] = self._appraisal(self.agent, "2025-01").withheld["A"]
        self.assertEqual((kept["found"], kept["value_max"]), ("1/3", "0.0"))

    # ------------------------------------------------------------------ the policy

    def test_a_policy_says_who_may_be_in_a_class(self):
        best = self.policy.class_ids[0]
        self.assertEqual(
            best.sentence,
            "50 % of those ranked, from a score of 80 on, if Serious violations = 0 and "
            "Days absent above -1 and below 1, times 1.2",
        )
        self.assertIn(best.sentence, self.policy.page_html)
        copy = self.policy.copy({"date_from": "2026-01-01"})
        copy.class_ids[0].proviso_ids[1].unlink()
        changes = self.env["cs.policy.changes"]._get_changes(self.policy, copy)
        now = "50 % of those ranked, from a score of 80 on, if Serious violations = 0, times 1.2"
        self.assertIn(
            ("Class A", best.sentence, now), [(c["part"], c["was"], c["now"]) for c in changes]
        )

    def test_out_into_a_package_and_in_again(self):
        packages = self.env["cs.policy.package"]
        given = packages._export(self.policy)
        self.assertEqual(
            given["classes"][0],
            {
                "code": "A",
                "name": "Class A",
                "share": 50,
                "least": 80,
                "coefficient": 1.2,
                "provisos": [
                    asks("class_serious", "=", 0),
                    asks("class_absent", "between", -1, value_max=1),
                ],
            },
        )
        self.assertEqual(
            [each["code"] for each in given["metrics"]], ["class_serious", "class_absent"]
        )
        again = packages._import(json.dumps(given), self.company_b)
        self.assertEqual(packages._export(again)["classes"], given["classes"])

    def test_what_goes_by_a_metric_keeps_it_as_it_is(self):
        with self.assertRaisesRegex(Exception, "CS Class Condition"):
            self.absent.grain = "quarter"

    def test_what_is_not_known_before_the_classes_is_refused(self):
        made = {"code": "class_twice", "name": "Twice", "kind": "difference"}
        self.env["cs.metric"].create(made | {"one": "month_score", "other": "handled"})
        pay = {"code": "class_paid", "name": "Paid", "kind": "own_pay", "pay_items": "BASE"}
        self.env["cs.metric"].create(pay)
        for metric, fault in (
            ("month_rank", "class A goes by month_rank, which is known only when the classes are"),
            ("month_class", "known only when the classes are"),
            ("quarter_share", "known only when the classes are"),
            ("month_score", "a score of the period that is needed is its least score"),
            ("class_twice", "class A goes by class_twice, which is known only"),
            ("class_paid", "class A goes by class_paid, which is known on payslips alone"),
        ):
            with self.subTest(metric), self.assertRaisesRegex(ValidationError, fault):
                self.policy.class_ids[0].proviso_ids[0].metric = metric

    def test_a_fault_of_a_package_is_told_by_its_path(self):
        given = self.env["cs.policy.package"]._export(self.policy)
        for change, path, fault in (
            ({"provisos": [asks("month_rank", "=", 1)]}, "$.classes[0]", "goes by month_rank"),
            ({"provisos": [asks("class_absent", "between", 2)]}, "$.classes[0]", "upper value"),
            (
                {"provisos": [asks("nothing", "=", 1)]},
                "$.classes[0].provisos[0].metric",
                "nothing",
            ),
            (
                {"provisos": [{"metric": "class_absent", "operator": "="}]},
                "$.classes[0].provisos[0]",
                "'value' is missing",
            ),
            (
                {"given_by": "score", "score": 90, "share": 0},
                "$.classes[0]",
                "no least score besides",
            ),
            ({"least": -1}, "$.classes[0]", "Least Score"),
        ):
            package = dict(given, classes=[given["classes"][0] | change, *given["classes"][1:]])
            with self.subTest(fault), self.assertRaises(ScenarioError) as caught:
                self.env["cs.policy.package"]._import(json.dumps(package), self.company_b)
            self.assertEqual(caught.exception.path, path)
            self.assertRegex(caught.exception.fault, fault)

    def test_a_manager_enters_them_in_the_form(self):
        draft = self.policy.copy({"date_from": "2026-01-01"})
        draft = draft.with_user(self.user_manager)
        with Form(draft) as policy, policy.class_ids.edit(1) as row:
            row.least = 60
            with row.proviso_ids.new() as proviso:
                proviso.metric = "violations"
                proviso.operator = "<"
                proviso.value = 3
        self.assertEqual(
            draft.class_ids[1].sentence,
            "the rest of those ranked, from a score of 60 on, if Confirmed violations < 3",
        )
