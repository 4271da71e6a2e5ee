"""Rules of other companies' papers, each played from a package (policy language, *Moves*)."""

import json
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tests import TransactionCase, tagged

from ..package.node import ScenarioError

PACKAGE = {
    "format": "cs-promotion-policy/1",
    "name": "Another company",
    "settings": {"rank_within": "company", "probation_months": 0},
    "metrics": [{"code": "exam", "name": "Exam", "grain": "event", "gather": "max"}],
    "form": {
        "name": "Form",
        "sections": [
            {
                "code": "A",
                "name": "All",
                "items": [{"name": "Points", "source": "number", "maximum": 100}],
            }
        ],
    },
    "ladder": [
        {"tier": "desk_agent", "name": "Agent", "base_wage": 3000},
        {"tier": "desk_senior", "name": "Senior", "base_wage": 4000},
        {"tier": "desk_leader", "name": "Leader", "base_wage": 5000, "appointed": True},
    ],
    "raters": [{"code": "superior", "weight": 100}],
    "consequences": [],
}


def months(first, *scores):
    """Months of 2026 in a row with these scores; None has no review."""
    return {
        f"2026-{first + index:02}": {"superior": [score]}
        for index, score in enumerate(scores)
        if score is not None
    }


class RuleLanguageCase(TransactionCase):
    def play(self, first, last, rules, ladder=None, settings=None, **employees):
        """What becomes of these agents: name -> (day, rung or rule) of all that was decided."""
        package = deepcopy(PACKAGE) | {"rules": rules}
        package["settings"] |= settings or {}
        for tier, values in (ladder or {}).items():
            row = next(each for each in package["ladder"] if each["tier"] == tier)
            row |= values
        usual = {"department": "Desk", "hired": "2025-01-01", "tier": "desk_agent", "months": {}}
        scenario = {
            "from": first,
            "until": last,
            "policy": {"package": "package.json"},
            "employees": {name: usual | each for name, each in employees.items()},
        }
        with TemporaryDirectory() as folder:
            text = json.dumps(package)
            (Path(folder) / "package.json").write_text(text, encoding="utf-8")
            # undone, as a test plays several
            with self.env.cr.savepoint() as savepoint:
                played = self.env["cs.replay"]._play(json.dumps(scenario), folder)["employees"]
                self.env.flush_all()
                savepoint.rollback()
            self.played = played
            self.env.invalidate_all()
            self.env.registry.clear_cache("stable")
        found = {
            name: [(each["date"], each["to"]) for each in agent["changes"]]
            + [(each["date"], each["rule"]) for each in agent["reviews"]]
            for name, agent in played.items()
        }
        return {name: each for name, each in found.items() if each}

    def rule(self, *conditions, **values):
        usual = {"code": "up", "name": "Up", "tier": "desk_agent", "outcome": "promote"}
        return usual | values | {"conditions": [*conditions]}


@tagged("post_install", "-at_install", "cs_promotion")
class TestRuleLanguage(RuleLanguageCase):
    def test_10_6_and_10_8_at_the_quarters_end_after_two_quarters_or_four_in_all(self):
        rule = self.rule(
            {"metric": "quarter_score", "value": 90, "times": 2, "consecutive": True},
            {"metric": "quarter_score", "value": 90, "times": 4, "window": "joined"},
            match="any",
            examined_in="6, 12",
        )
        self.assertEqual(
            self.play(
                "2026-01",
                "2026-12",
                [rule],
                TWICE={"months": months(1, *[90] * 6)},
                # twice by the end of September: the window is December
                LATER={"months": months(4, *[90] * 9)},
                NEVER={"months": months(4, *[90] * 6, *[80] * 3)},
            ),
            {"TWICE": [("2026-07-01", "desk_senior")], "LATER": [("2027-01-01", "desk_senior")]},
        )

    def test_once_a_year(self):
        """14.4: looked at in November, in force from the first of the next month."""
        rule = self.rule({"metric": "month_score", "value": 90}, examined_in="11")
        found = self.play("2026-09", "2026-12", [rule], A={"months": months(9, *[95] * 4)})
        self.assertEqual(found, {"A": [("2026-12-01", "desk_senior")]})

    def test_R5_a_month_without_a_rank_neither_counts_nor_breaks_a_row(self):
        """Alone of the department nobody is ranked; the score of that month counts all the same."""
        last = {"metric": "month_rank", "value": 2, "times": 3, "consecutive": True}
        weak = {"metric": "month_score", "operator": "<", "value": 70, "times": 3}
        low = {"outcome": "dismissal_review"}
        found = self.play(
            "2026-01",
            "2026-04",
            [self.rule(last, code="last", **low), self.rule(weak, code="weak", **low)],
            settings={"rank_least": 2},
            FIRST={"months": months(1, 80, None, 80, 80)},
            SECOND={"months": months(1, 60, 75, 60, 75)},
        )
        self.assertEqual(found, {"SECOND": [("2026-05-01", "last")]})
        self.assertEqual([*self.played["SECOND"]["months"]["2026-02"]], ["score"])

    def test_all_and_one_of_a_group(self):
        rule = self.rule(
            {"metric": "tenure_tier", "value": 6},
            {"metric": "exam", "value": 80, "window": "last_months", "months": 3, "group": "proof"},
            {"metric": "awards", "value": 2, "group": "proof"},
        )
        exam = {"exam": [{"date": "2026-01-10", "value": 80}]}
        titles = ["2025-10", "2025-11"]
        found = self.play(
            "2026-01",
            "2026-01",
            [rule],
            EXAM={"events": exam},
            TITLES={"awards": titles},
            BOTH={"events": exam, "awards": titles},
            NEITHER={"awards": titles[:1]},
            NEW={"events": exam, "hired": "2025-09-01"},
        )
        self.assertEqual([*found], ["EXAM", "TITLES", "BOTH"])

    def test_any_and_all_of_a_group(self):
        rule = self.rule(
            {"metric": "month_score", "operator": "<", "value": 50},
            {"metric": "month_score", "operator": "<", "value": 70, "group": "weak"},
            {
                "metric": "violations",
                "value": 1,
                "window": "last_months",
                "months": 3,
                "group": "weak",
            },
            code="weak",
            outcome="dismissal_review",
            match="any",
        )
        found = self.play(
            "2026-03",
            "2026-03",
            [rule],
            POOR={"months": months(3, 49)},
            WEAK={"months": months(3, 69)},
            BOTH={"months": months(3, 69), "violations": [VIOLATION | {"date": "2026-01-01"}]},
            LONG_AGO={"months": months(3, 69), "violations": [VIOLATION | {"date": "2025-12-31"}]},
            GOOD={"months": months(3, 70), "violations": [VIOLATION | {"date": "2026-03-01"}]},
        )
        self.assertEqual([*found], ["POOR", "BOTH"])

    def test_top_and_bottom_shares(self):
        """11 people: 20 % are 2.2."""
        team = {f"A{n:02}": {"months": months(1, 90 - n)} for n in range(11)}
        for metric, rounding, taken in (
            ("month_rank", "share_down", ["A00", "A01"]),
            ("month_rank", "share_up", ["A00", "A01", "A02"]),
            ("month_rank", "share_half_up", ["A00", "A01"]),
            ("month_place_bottom", "share_up", ["A08", "A09", "A10"]),
        ):
            share = {"metric": metric, "operator": "<=", "value": 20, "value_from": rounding}
            found = self.play("2026-01", "2026-01", [self.rule(share)], **team)
            self.assertEqual([*found], taken, (metric, rounding))
        percent = {"metric": "month_share", "operator": "<=", "value": 20}
        found = self.play("2026-01", "2026-01", [self.rule(percent)], **team)
        self.assertEqual([*found], ["A00", "A01"])

    def test_12_9_senior_to_ordinary_two_to_eight(self):
        places = {
            "desk_senior": {
                "places": "percent",
                "places_value": 20,
                "order": [{"metric": "month_score"}],
            }
        }
        team = {f"A{n}": {"months": months(1, 90 - n, 90 - n)} for n in range(10)}
        rule = self.rule({"metric": "month_score", "value": 85})
        found = self.play("2026-01", "2026-02", [rule], places, **team)
        day = "2026-02-01"
        self.assertEqual(found, {"A0": [(day, "desk_senior")], "A1": [(day, "desk_senior")]})
        # a senior steps down on the same day: the place is free
        down = self.rule(
            {"metric": "month_score", "operator": "<", "value": 70},
            code="down",
            tier="desk_senior",
            outcome="demote",
        )
        seniors = {f"S{n}": {"tier": "desk_senior", "months": months(1, 80)} for n in range(2)}
        seniors["S0"]["months"] = months(1, 69)
        found = self.play("2026-01", "2026-01", [rule, down], places, **team, **seniors)
        self.assertEqual(found, {"A0": [(day, "desk_senior")], "S0": [(day, "desk_agent")]})
        # or leaves
        seniors["S0"] = {"tier": "desk_senior", "left": "2026-01-31"}
        found = self.play("2026-01", "2026-01", [rule], places, **team, **seniors)
        self.assertEqual(found, {"A0": [(day, "desk_senior")]})

    def test_10_6_applications_for_places(self):
        """Of those who applied the first get the places; the others are told."""
        places = {
            "desk_senior": {
                "places": "number",
                "places_value": 1,
                "order": [{"metric": "month_score"}],
            }
        }
        rule = self.rule({"metric": "month_score", "value": 80}, on_application=True)
        applied = {"applications": [{"date": "2026-01-20", "rule": "up"}]}
        team = {
            name: {"months": months(1, score), **(applied if asks else {})}
            for name, score, asks in (
                ("SILENT", 99, False),
                ("SECOND", 85, True),
                ("FIRST", 90, True),
                ("WEAK", 70, True),
            )
        }
        found = self.play("2026-01", "2026-01", [rule], places, **team)
        self.assertEqual(found, {"FIRST": [("2026-02-01", "desk_senior")]})
        outcomes = {
            name: [each["outcome"] for each in agent.get("applications", ())]
            for name, agent in self.played.items()
        }
        self.assertEqual(
            outcomes,
            {"SILENT": [], "SECOND": ["no_place"], "FIRST": ["met"], "WEAK": ["not_met"]},
        )

    def test_the_lowest_first_and_a_number_for_the_company(self):
        places = {
            "desk_senior": {
                "places": "number",
                "places_value": 1,
                "places_within": "company",
                "order": [{"metric": "complaints", "direction": "up"}],
            }
        }
        team = {
            name: {
                "department": name,
                "months": {"2026-01": {"superior": [90], "handled": 100, "complaints": number}},
            }
            for name, number in (("A", 1), ("B", 0), ("C", 1))
        }
        rule = self.rule({"metric": "month_score", "value": 85})
        found = self.play("2026-01", "2026-01", [rule], places, **team)
        self.assertEqual(found, {"B": [("2026-02-01", "desk_senior")]})

    def test_a_ratio_that_no_decimal_says_is_judged_and_told(self):
        rule = self.rule({"metric": "month_share", "operator": "<", "value": "33.34"})
        team = {f"A{n}": {"months": months(1, 90 - n)} for n in range(3)}
        found = self.play("2026-01", "2026-01", [rule], **team)
        self.assertEqual([*found], ["A0"])

    def test_what_could_not_be_carried_out_is_refused(self):
        ok = {"metric": "month_score", "value": 85}
        for rule, ladder, fault in (
            (self.rule(ok, examined_in="0"), {}, "no numbers of calendar months"),
            (
                self.rule({**ok, "metric": "quarter_score"}, examined_in="1"),
                {},
                "none of its month",
            ),
            (self.rule({**ok, "value_from": "share_up"}), {}, "is no place"),
            (
                self.rule({"metric": "month_rank", "value": 101, "value_from": "share_up"}),
                {},
                "between 0 and 100",
            ),
            (self.rule(ok), {"places": "number", "places_value": 1.5}, "whole number"),
            (self.rule(ok), {"places": "percent", "places_value": 120}, "0 to 100"),
        ):
            with self.assertRaisesRegex(ScenarioError, fault):
                self.play("2026-01", "2026-01", [rule], {"desk_senior": ladder}, A={})


VIOLATION = {"type": "slacking", "severity": "minor", "fine": 0}
