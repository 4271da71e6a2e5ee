"""Faulty scenarios: the JSON path and the fault, and nothing is played."""

import copy
import json

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..package.node import ScenarioError

GRADES = [5] * 20
GOOD = {
    "from": "2026-01",
    "until": "2026-02",
    "policy": {
        "settings": {"pass_mark": 60},
        "tiers": {"junior": {"base_wage": 1700}},
        "rules": [
            {
                "code": "up",
                "tier": "junior",
                "outcome": "promote",
                "conditions": [{"metric": "month_score", "operator": ">=", "value": 90}],
            }
        ],
    },
    "employees": {
        "ANNA": {
            "department": "Hotline",
            "hired": "2026-01-01",
            "tier": "junior",
            "tier_since": "2026-01-01",
            "left": "2026-02-20",
            "moves": [{"date": "2026-01-10", "department": "Front desk"}],
            "probation": [{"date": "2026-01-12", "knowledge": 80, "skills": 70}],
            "awards": ["2026-01"],
            "violations": [
                {"date": "2026-01-15", "type": "slacking", "severity": "minor", "fine": 50}
            ],
            "decisions": [{"date": "2026-02-01", "to": "senior"}],
            "months": {
                "2026-01": {
                    "superior": list(GRADES),
                    "office": list(GRADES),
                    "sales": 100.5,
                    "handled": 10,
                    "complaints": 0,
                }
            },
        }
    },
}
ANNA = ("employees", "ANNA")
MONTH = (*ANNA, "months", "2026-01")
RULE = ("policy", "rules", 0)
CONDITION = (*RULE, "conditions", 0)
REMOVE = object()

# where, what is put there, the path named, words of the fault
FAULTS = (
    (("from",), "2026-13", "$.from", "not a month"),
    (("from",), "2026-1", "$.from", "not a month"),
    (("from",), 2026, "$.from", "not a month"),
    (("from",), REMOVE, "$", "'from' is missing"),
    (("until",), "2025-12", "$.until", "before 'from'"),
    (("until",), "2999-01", "$.until", "600 months"),
    (("employees",), [], "$.employees", "object is expected"),
    (("colour",), "red", "$.colour", "unknown key"),
    (("policy", "colour"), 1, "$.policy.colour", "unknown key"),
    (("policy", "settings", "colour"), 1, "$.policy.settings.colour", "unknown key"),
    (("policy", "settings", "pass_mark"), "high", "$.policy.settings.pass_mark", "not a number"),
    (("policy", "settings", "pass_mark"), -1, "$.policy.settings.pass_mark", "negative"),
    (("policy", "settings", "pass_mark"), 60.555, "$.policy.settings.pass_mark", "2 decimals"),
    (("policy", "settings", "pass_mark"), True, "$.policy.settings.pass_mark", "not a number"),
    (("policy", "settings", "top_n"), 2.5, "$.policy.settings.top_n", "whole number"),
    (("policy", "settings", "score_method"), "guess", "$.policy.settings.score_method", "weighted"),
    (("policy", "tiers", "chief"), {}, "$.policy.tiers.chief", "unknown key"),
    (("policy", "tiers", "junior", "bonus"), 1, "$.policy.tiers.junior.bonus", "unknown key"),
    (("policy", "tiers", "junior", "base_wage"), 1e13, "$.policy.tiers.junior.base_wage", "range"),
    (("policy", "rules"), {}, "$.policy.rules", "list is expected"),
    ((*RULE, "code"), "", "$.policy.rules[0].code", "text is expected"),
    ((*RULE, "tier"), "chief", "$.policy.rules[0].tier", "not one of"),
    ((*RULE, "outcome"), "fire", "$.policy.rules[0].outcome", "dismissal_review"),
    ((*RULE, "match"), "some", "$.policy.rules[0].match", "all, any"),
    ((*RULE, "conditions"), REMOVE, "$.policy.rules[0]", "'conditions' is missing"),
    ((*CONDITION, "metric"), "luck", "$.policy.rules[0].conditions[0].metric", "month_score"),
    ((*CONDITION, "operator"), "~", "$.policy.rules[0].conditions[0].operator", "between"),
    ((*CONDITION, "value"), 101, "$.policy.rules[0].conditions[0]", "no month_score can be"),
    ((*CONDITION, "times"), 0, "$.policy.rules[0].conditions[0].times", "out of range"),
    ((*CONDITION, "window"), "ever", "$.policy.rules[0].conditions[0].window", "rolling_months"),
    ((*CONDITION, "consecutive"), 1, "$.policy.rules[0].conditions[0].consecutive", "true or"),
    ((*ANNA, "department"), "", "$.employees.ANNA.department", "text is expected"),
    ((*ANNA, "hired"), "2026-02-30", "$.employees.ANNA.hired", "not a date"),
    ((*ANNA, "hired"), REMOVE, "$.employees.ANNA", "'hired' is missing"),
    ((*ANNA, "tier"), "chief", "$.employees.ANNA.tier", "not one of"),
    ((*ANNA, "tier_since"), "2025-12-31", "$.employees.ANNA.tier_since", "before 'hired'"),
    ((*ANNA, "left"), "2025-12-31", "$.employees.ANNA.left", "before 'hired'"),
    ((*ANNA, "salary"), 1, "$.employees.ANNA.salary", "unknown key"),
    ((*ANNA, "wage"), -1, "$.employees.ANNA.wage", "negative"),
    ((*ANNA, "full_time"), 0, "$.employees.ANNA.full_time", "above 0, up to 100 percent"),
    ((*ANNA, "full_time"), 100.5, "$.employees.ANNA.full_time", "above 0, up to 100 percent"),
    ((*ANNA, "moves", 0, "department"), 3, "$.employees.ANNA.moves[0].department", "text"),
    ((*ANNA, "moves", 0, "full_time"), 101, "$.employees.ANNA.moves[0].full_time", "percent"),
    ((*ANNA, "moves", 0, "department"), REMOVE, "$.employees.ANNA.moves[0]", "full_time"),
    ((*ANNA, "moves", 0, "date"), "soon", "$.employees.ANNA.moves[0].date", "not a date"),
    ((*ANNA, "moves", 0, "date"), "2025-12-31", "$.employees.ANNA.moves[0].date", "'hired'"),
    ((*ANNA, "probation", 0, "skills"), 101, "$.employees.ANNA.probation[0].skills", "100"),
    ((*ANNA, "probation", 0, "skills"), REMOVE, "$.employees.ANNA.probation[0]", "'skills'"),
    ((*ANNA, "awards"), ["2026-01", "2026-01"], "$.employees.ANNA.awards[1]", "given twice"),
    ((*ANNA, "awards", 0), "2025-12", "$.employees.ANNA.awards[0]", "before 'hired'"),
    ((*ANNA, "violations", 0, "type"), "late", "$.employees.ANNA.violations[0].type", "slacking"),
    ((*ANNA, "violations", 0, "severity"), 1, "$.employees.ANNA.violations[0].severity", "minor"),
    ((*ANNA, "violations", 0, "fine"), -1, "$.employees.ANNA.violations[0].fine", "negative"),
    ((*ANNA, "violations", 0, "date"), "2026-02-21", "$.employees.ANNA.violations[0].date", "left"),
    ((*ANNA, "decisions", 0, "to"), "chief", "$.employees.ANNA.decisions[0].to", "not one of"),
    ((*ANNA, "decisions", 0, "date"), "2026-03-01", "$.employees.ANNA.decisions[0].date", "left"),
    ((*ANNA, "months", "2025-12"), {}, "$.employees.ANNA.months.2025-12", "not employed"),
    ((*ANNA, "months", "January"), {}, "$.employees.ANNA.months.January", "not a month"),
    ((*MONTH, "superior"), [5] * 19, "$.employees.ANNA.months.2026-01.superior", "20 items"),
    ((*MONTH, "superior", 0), 4, "$.employees.ANNA.months.2026-01.superior[0]", "not a grade"),
    ((*MONTH, "superior", 0), 1, "$.employees.ANNA.months.2026-01.superior[0]", "not a grade"),
    ((*MONTH, "office", 19), 0, "$.employees.ANNA.months.2026-01.office[19]", "not a grade"),
    ((*MONTH, "office", 19), "x", "$.employees.ANNA.months.2026-01.office[19]", "not a number"),
    ((*MONTH, "sales"), -0.001, "$.employees.ANNA.months.2026-01.sales", "decimals"),
    ((*MONTH, "handled"), -1, "$.employees.ANNA.months.2026-01.handled", "out of range"),
    ((*MONTH, "handled"), 1.5, "$.employees.ANNA.months.2026-01.handled", "whole number"),
    ((*MONTH, "complaints"), 11, "$.employees.ANNA.months.2026-01.complaints", "more complaints"),
    ((*MONTH, "mood"), 1, "$.employees.ANNA.months.2026-01.mood", "unknown key"),
)
# what is not played: BEN has been there for long, and stays
BEN = ("employees", "BEN")
TEST = {"knowledge": 80, "skills": 70}
OFFENCE = {"type": "slacking", "severity": "minor", "fine": 50}
OUTSIDE = (
    ("probation", [{"date": "2026-03-01", **TEST}], "probation[0]"),
    ("violations", [{"date": "2026-03-01", **OFFENCE}], "violations[0]"),
    ("events", {"bad_exam": [{"date": "2026-03-01", "value": 1}]}, "events.bad_exam[0]"),
    ("raises", [{"date": "2026-03-01", "amount": 9}], "raises[0]"),
    ("decisions", [{"date": "2026-03-02", "to": "senior"}], "decisions[0]"),
    ("moves", [{"date": "2026-03-02", "job": "Agent"}], "moves[0]"),
    ("awards", ["2026-02", "2026-03"], "awards[1]"),
    ("months", {"2026-03": {}}, "months.2026-03"),
)
BEHIND = (("months", {"2025-12": {}}, "months.2025-12"),)
LEFT = "2026-01-20"
PASSED = (
    ("probation", [{"date": "2026-02-10", **TEST}], "probation[0]"),
    ("awards", ["2026-02"], "awards[0]"),
    ("moves", [{"date": "2026-02-10", "job": "Agent"}], "moves[0]"),
    (
        "approvals",
        [{"date": "2026-02-01", "rule": "up", "by": "head", "approve": False}],
        "approvals[0]",
    ),
)
SHARED_OUTSIDE = (
    ({"company": {"2025-12": {}}}, "company.2025-12", "ends before 'from' 2026-01"),
    ({"company": {"2026-03": {}}}, "company.2026-03", "ends after 'until' 2026-02"),
    ({"departments": {"Hotline": {"2026-03": {}}}}, "departments.Hotline.2026-03", "'until'"),
    ({"departments": {"Hotlines": {"2026-02": {}}}}, "departments.Hotlines", "nobody is in"),
)
# what is at the edge, or before the first month: it counts
BEFORE = {
    "department": "Hotline",
    "hired": "2024-01-01",
    "tier": "junior",
    "probation": [{"date": "2024-01-31", **TEST}],
    "violations": [{"date": "2025-12-31", **OFFENCE}, {"date": "2026-02-28", **OFFENCE}],
    "awards": ["2025-12", "2026-02"],
    "events": {
        "bad_exam": [{"date": "2025-12-31", "value": 1}, {"date": "2026-02-28", "value": 1}]
    },
    "raises": [{"date": "2025-12-31", "amount": 9}],
    "moves": [{"date": "2025-12-01", "job": "Agent"}, {"date": "2026-03-01", "job": "Senior"}],
    "decisions": [{"date": "2026-03-01", "to": "intermediate"}],
    "approvals": [{"date": "2026-03-01", "rule": "up", "by": "head", "approve": False}],
    "months": {},
}
# faults that only the models can know, found while playing
PLAYED = (
    ((*ANNA, "violations", 0, "fine"), 500, "$.employees.ANNA.violations[0]", "range of tier"),
    ((*ANNA, "decisions", 0, "to"), "junior", "$.employees.ANNA.decisions[0]", "another tier"),
    (("policy", "settings", "superior_weight"), 0, "$.policy", "weights"),
    (("policy", "tiers", "junior", "fine_min"), 101, "$.policy.tiers.junior", "smallest fine"),
    (("policy", "settings", "pass_mark"), 101, "$.policy", "highest score, 100"),
    (("policy", "rules"), GOOD["policy"]["rules"] * 2, "$.policy.rules[1]", "same code"),
    (
        (*ANNA, "decisions"),
        [{"date": "2026-02-01", "to": tier} for tier in ("intermediate", "senior")],
        "$.employees.ANNA.decisions[1]",
        "(O2)",
    ),
)


@tagged("post_install", "-at_install", "cs_promotion")
class TestBadScenario(TransactionCase):
    def _put(self, where, value):
        """The good scenario with one thing changed, as text."""
        scenario = copy.deepcopy(GOOD)
        node = scenario
        for key in where[:-1]:
            node = node[key]
        if value is REMOVE:
            del node[where[-1]]
        else:
            node[where[-1]] = value
        if "superior_weight" in where:
            node["office_weight"] = 0
        return json.dumps(scenario)

    def _check_fault(self, text, path, words):
        companies = self.env["res.company"].search_count([])
        with self.assertRaises(ScenarioError) as caught, self.env.cr.savepoint():
            self.env["cs.replay"]._play(text)
        self.assertEqual(caught.exception.path, path, caught.exception)
        self.assertIn(words, caught.exception.fault)
        self.assertNotIn("\n", str(caught.exception))
        self.assertEqual(self.env["res.company"].search_count([]), companies)

    def test_good(self):
        result = self.env["cs.replay"]._play(json.dumps(GOOD))
        self.assertEqual(result["employees"]["ANNA"]["months"]["2026-01"]["score"], 100)

    def test_faults(self):
        for where, value, path, words in FAULTS:
            with self.subTest(where=where, value=value):
                self._check_fault(self._put(where, value), path, words)

    @mute_logger("odoo.sql_db")
    def test_faults_found_while_playing(self):
        for where, value, path, words in PLAYED:
            with self.subTest(where=where, value=value):
                self._check_fault(self._put(where, value), path, words)

    def test_what_is_not_played(self):
        """It changes nothing, and is said."""
        self.env["cs.metric"].create({"code": "bad_exam", "name": "Exam", "grain": "event"})
        ben = {"department": "Hotline", "hired": "2024-01-01"}
        alone = self._play_and_listen(self._put(BEN, ben))
        self.assertEqual(alone[1], [])
        given = [(path, self._put(BEN, ben | {key: value})) for key, value, path in OUTSIDE]
        cases = [(f"$.employees.BEN.{path}", text, "'until' 2026-02") for path, text in given]
        given = [(path, self._put(BEN, ben | {key: value})) for key, value, path in BEHIND]
        cases += [(f"$.employees.BEN.{path}", text, "'from' 2026-01") for path, text in given]
        for value, path, why in SHARED_OUTSIDE:
            scenario = json.loads(self._put(BEN, ben)) | {"figures": value}
            cases.append((f"$.figures.{path}", json.dumps(scenario), why))
        for path, text, why in cases:
            with self.subTest(path):
                played, [line] = self._play_and_listen(text)
                self.assertEqual(played, alone[0])
                self.assertIn(f"{path} is not played: ", line)
                self.assertIn(why, line)

    def test_what_is_told_of_one_who_has_left(self):
        """It comes to nothing, and is said."""
        ben = {"department": "Hotline", "hired": "2024-01-01", "left": LEFT}
        alone = self._play_and_listen(self._put(BEN, ben))
        self.assertEqual(alone[1], [])
        for key, value, path in PASSED:
            with self.subTest(path):
                played, lines = self._play_and_listen(self._put(BEN, ben | {key: value}))
                self.assertEqual(played, alone[0])
                why = f"it lies after 'left' {LEFT}"
                self.assertEqual(lines, [f"$.employees.BEN.{path} is not played: {why}"])

    def _play_and_listen(self, text):
        """What becomes of the scenario, and what is said of it; undone."""
        told = []
        with self.env.cr.savepoint() as savepoint:
            played = self.env["cs.replay"]._play(text, tell=told.append)
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_cache("stable")
        return played, told

    def test_a_period_without_a_form_of_its_own_takes_no_sheets(self):
        ben = {"department": "Hotline", "hired": "2024-01-01", "periods": {"2026Q1": {}}}
        scenario = json.loads(self._put(BEN, ben)) | {"until": "2026-03"}
        path, words = "$.employees.BEN.periods.2026Q1", "quarter has no form of its own"
        self._check_fault(json.dumps(scenario), path, words)

    def test_what_was_before_is_played_and_the_day_after(self):
        self.env["cs.metric"].create({"code": "bad_exam", "name": "Exam", "grain": "event"})
        ben = self.env["cs.replay"]._play(self._put(BEN, BEFORE))["employees"]["BEN"]
        self.assertEqual([each["date"] for each in ben["changes"]], ["2026-03-01"])
        employee = self.env["hr.employee"].search([("name", "=", "BEN")])
        for model, number in (
            ("cs.violation", 2),
            ("cs.award", 2),
            ("cs.measure", 2),
            ("cs.probation.test", 1),
            ("cs.raise", 1),
        ):
            with self.subTest(model):
                found = self.env[model].search_count([("employee_id", "=", employee.id)])
                self.assertEqual(found, number)
        self.assertEqual(employee.version_ids.job_id.mapped("name"), ["Agent", "Senior"])

    def test_text_that_is_no_scenario(self):
        for text, words in (
            ("", "not JSON"),
            ("{", "not JSON"),
            ("[]", "object is expected"),
            ("null", "object is expected"),
            ('{"from": "2026-01", "from": "2026-02"}', "given twice"),
            ("[" * 100000, "nested too deeply"),
        ):
            with self.subTest(text=text[:20]):
                self._check_fault(text, "$", words)

    def test_numbers_that_are_none(self):
        good = self._put((*MONTH, "sales"), 424242)
        for literal in ("NaN", "Infinity", "-Infinity", "1e999"):
            with self.subTest(literal):
                self._check_fault(
                    good.replace("424242", literal), "$.employees.ANNA.months.2026-01.sales", ""
                )
