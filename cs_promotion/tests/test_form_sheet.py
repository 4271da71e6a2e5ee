"""Sheets, appraisals and paper of forms with items of every kind."""

import json
from decimal import Decimal

from lxml import html

from odoo import Command
from odoo.tests import tagged

from ..package.node import ScenarioError
from ..replay.player import Player
from ..replay.scenario import parse
from .form_common import FormCase

REPORT = "cs_promotion.report_scorecard"


@tagged("post_install", "-at_install", "cs_promotion")
class TestFormSheet(FormCase):
    """What raters see and fill in, what is kept, and what is printed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metrics["daily"].unit = "calls"
        cls.scorecard = cls._form(
            cls._measured("daily", 30, scale_id=cls.line.id),
            cls._measured("passed", 10, missing="left_out"),
            {"name": "Talk", "rater": "superior", "source": "number", "maximum": 20},
            {"name": "Papers", "rater": "office", "source": "number", "maximum": 20},
            {"name": "Work"},
            {"name": "Ideas", "effect": "adds", "source": "number", "maximum": 10},
            {
                "name": "Rude",
                "effect": "fails",
                "falls_to": 40,
                "own_grade_ids": [
                    Command.create({"points": 1, "name": "yes"}),
                    Command.create({"points": 0, "name": "no"}),
                ],
            },
            grades=((20, "good"), (10, "fair"), (0, "bad")),
        )
        cls.cycle = cls._open("2025-01")
        cls._appraisal(cls.peer, "2025-01")._exclude("away")
        cls.appraisal = cls._appraisal(cls.agent, "2025-01")
        cls.superior_sheet = cls._sheet(cls.agent, "2025-01", "superior")
        cls.office_sheet = cls._sheet(cls.agent, "2025-01", "office")

    def _form_of(self, sheet, user):
        seen = self._as(user, sheet)
        return seen.scorecard_form["sections"][0]

    def _score_both(self):
        self._give(self.agent, "superior", talk=15.5, work="good", ideas=4, rude="no")
        self._give(self.agent, "office", papers=20, work="fair", ideas=2, rude="no")

    def test_a_sheet_has_the_rater_s_own_items_and_what_is_measured(self):
        self._measure(self.agent, daily=262)
        form = self._form_of(self.superior_sheet, self.user_superior)
        items = {item.id: item.name for item in self.scorecard.section_ids.item_ids}
        special = {items[int(key)]: each for key, each in form["items"].items()}
        self.assertEqual(list(special), ["Talk", "Ideas", "Rude"])
        self.assertEqual(form["maximum"], 40)
        self.assertEqual(special["Talk"]["maximum"], 20)
        self.assertEqual(special["Ideas"]["note"], "adds up to 10 to the score")
        self.assertEqual(special["Rude"]["note"], "any points let the score fall to 40")
        self.assertEqual([each["name"] for each in special["Rude"]["grades"]], ["yes", "no"])
        daily, passed = form["measured"]
        self.assertEqual(
            (daily["value"], daily["scaled"], daily["points"], daily["maximum"]),
            ("262 calls", "52.5 %", "15.75", "30"),
        )
        self.assertEqual(passed["value"], "")
        self.assertIn("left out", passed["missing"])
        office = self._form_of(self.office_sheet, self.user_office)
        self.assertEqual(office["measured"], form["measured"])
        self.assertNotIn("Talk", [items[int(key)] for key in office["items"]])

    def test_closing_waits_for_a_value_and_the_sheet_says_so(self):
        daily, _passed = self._form_of(self.superior_sheet, self.user_superior)["measured"]
        self.assertIn("closing waits", daily["missing"])
        self.assertEqual(daily["points"], "")

    def test_the_middle_is_no_number_that_counts(self):
        sheet = self._as(self.user_superior, self.superior_sheet)
        self.assertEqual(sheet.action_fill_middle(), 3)
        given = {line.item_id.name: line for line in sheet.line_ids}
        self.assertFalse(given["Talk"].is_given)
        self.assertEqual(given["Work"].grade_id.name, "fair")
        self.assertEqual((given["Ideas"].is_given, given["Ideas"].given), (True, 0))
        self.assertEqual(given["Rude"].grade_id.name, "no")
        self.assertEqual((sheet.answered, sheet.total), (3, 10))

    def test_numbers_of_last_month_are_taken_over(self):
        self._measure(self.agent, daily=262)
        self._score_both()
        self._close(self.cycle)
        self._open("2025-02")
        sheet = self._as(self.user_superior, self._sheet(self.agent, "2025-02", "superior"))
        talk = sheet.line_ids.filtered(lambda line: line.item_id.name == "Talk")
        talk.given = 3
        self.assertEqual(sheet.action_fill_last(), 3)
        self.assertEqual(talk.given, 3)
        self.assertEqual(sheet.action_fill_last(overwrite=True), 1)
        self.assertEqual([line.points for line in sheet.line_ids], [15.5, 20, 4, 0])
        self.assertEqual(sheet.answered, sheet.item_count)

    def test_a_replaced_rater_leaves_no_number_behind(self):
        line = self.superior_sheet.line_ids[0]
        line.given = 0
        self.assertEqual(self.superior_sheet.answered, 1)
        self.appraisal.superior_id = self.stranger
        self.assertFalse(line.is_given)
        self.assertEqual(self.superior_sheet.answered, 0)

    def test_former_numbers_are_kept(self):
        self._score_both()
        again = self.superior_sheet.with_user(self.user_manager).action_reset()
        self._give_reason(again, "The items were mixed up")
        self._give(self.agent, "superior", talk=7, work="good", ideas=4, rude="no")
        former = self.superior_sheet.former_ids
        rows = html.fromstring(former.changes).xpath("//tbody/tr")
        told = [[cell.text_content() for cell in row] for row in rows]
        self.assertEqual(told[0], ["3", "Talk", "15.5", "7"])
        self.assertEqual(told[-1], ["7", "Rude", "no (0)", "no (0)"])
        self.assertIn("3 Talk: 15.5 → 7", self.superior_sheet.message_ids[0].body)

    def test_what_was_measured_stays_as_the_closing_found_it(self):
        self._measure(self.agent, daily=262)
        self.assertIn("262 calls", self.appraisal.measured_html)
        self._score_both()
        self._close(self.cycle)
        daily = self.scorecard.section_ids.item_ids[0]
        self.assertEqual(
            self.appraisal.measured[0],
            {"item": daily.id, "metric": "daily", "value": "262", "points": "63/4"},
        )
        # (15.75 measured + 15.5 + 20 + 15) of 90 that count, and 3 for ideas
        self.assertEqual(self.appraisal.score, 76.61)
        # past the ORM, as nobody may: what was found is not looked up again
        self.env.cr.execute("UPDATE cs_measure SET value = 300")
        self.env.invalidate_all()
        seen = self._as(self.user_agent, self.appraisal)
        text = " ".join(html.fromstring(seen.measured_html).text_content().split())
        self.assertIn("262 calls 52.5 % 15.75 / 30", text)
        self.assertIn("Nothing was known.", text)

    def _print(self, report=REPORT):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(report, self.appraisal.ids)
        tree = html.fromstring(content)
        rows = tree.xpath("//table[contains(@class, 'o_cs_paper_form')]/tbody/tr")
        return [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./td[position()>1]")]
            if row.xpath("./td[contains(@class, 'o_cs_paper_section')]")
            else [" ".join(cell.text_content().split()) for cell in row.xpath("./td")]
            for row in rows
        ]

    def test_the_paper_form_prints_any_scorecard(self):
        self._measure(self.agent, daily=262)
        self._score_both()
        rows = self._print()
        self.assertEqual(rows[0][:2], ["1", "Daily"])
        self.assertEqual(rows[0][-1], "262 calls = 15.75")
        self.assertIn("in percent of 30 points", rows[0][2])
        self.assertEqual(rows[2][-2:], ["15.5", ""])
        self.assertEqual(rows[3][-2:], ["", "20"])
        self.assertEqual(rows[4], ["5", "Work", "20 good 10 fair 0 bad", "20", "10"])
        self.assertEqual(rows[5][-2:], ["4", "2"])
        self.assertIn("1 yes 0 no any points let the score fall to 40", rows[6][2])
        self.assertEqual(rows[7], ["Section total", "35.5 / 40", "30 / 40"])
        self.assertEqual(rows[8], ["Total", "35.5", "30"])
        self.assertEqual(rows[9], ["Measured", "15.75"])

    def test_the_blank_form_has_boxes_and_their_most(self):
        self._measure(self.agent, daily=262)
        self._score_both()
        rows = self._print(REPORT + "_blank")
        self.assertEqual(rows[0][-1], "")
        self.assertEqual(rows[2][-2:], ["/ 20", ""])
        self.assertEqual(rows[7], ["Section total", "/ 40", "/ 40"])

    def test_p4_the_policy_says_how_items_are_rated(self):
        sentences = (
            (
                "measured: Daily; straight from 220 (0) → 300 (100); in percent of 30 points; "
                "without a value the period stays open"
            ),
            "measured: Passed; in percent of 10 points; without a value it is left out",
            "a number from 0 to 20; rated by Direct superior alone",
            "a number from 0 to 20; rated by Office alone",
            "",
            "a number from 0 to 10; adds up to 10 to the score",
            "graded by: 1 yes and 0 no; any points let the score fall to 40",
        )
        for item, said in zip(self.scorecard.section_ids.item_ids, sentences, strict=True):
            self.assertEqual(item.sentence, said)
        page = html.fromstring(self._as(self.user_agent, self.policy).page_html)
        said = page.xpath("//span[contains(@class, 'o_cs_policy_item')]")
        self.assertEqual(len(said), 6)

    def test_a_scenario_gives_numbers_and_own_grades_item_by_item(self):
        words = self.env["cs.replay"]._get_words(self.policy)

        def read(**sheets):
            month = {"2025-01": sheets}
            agent = {"department": "Hotline", "hired": "2025-01-01", "months": month}
            text = json.dumps({"from": "2025-01", "until": "2025-01", "employees": {"Ann": agent}})
            [ann] = parse(text, words).agents
            [month] = ann.months.values()
            return month.sheets

        given = read(superior=[15.5, 20, 4, 0], office=["19.99", 10, 0, 1])
        self.assertEqual(given["superior"], (Decimal("15.5"), 20, 4, 0))
        self.assertEqual(given["office"], (Decimal("19.99"), 10, 0, 1))
        for sheet, path, fault in (
            ([20.5, 20, 4, 0], "superior[0]", "more than this item's 20 points"),
            ([-1, 20, 4, 0], "superior[0]", "negative"),
            ([1, 15, 4, 0], "superior[1]", r"not a grade of this item \(20, 10, 0\)"),
            ([1, 20, 4, 2], "superior[3]", r"not a grade of this item \(1, 0\)"),
            ([1, 20, 4], "superior", "3 grades given, the scorecard has 4 items"),
        ):
            with self.assertRaisesRegex(ScenarioError, fault) as caught:
                read(superior=sheet)
            self.assertEqual(caught.exception.path, f"$.employees.Ann.months.2025-01.{path}")

    def test_a_scenario_is_played_with_numbers_and_what_is_measured(self):
        month = {
            "superior": [15.5, 20, 4, 0],
            "office": [20, 10, 2, 0],
            "figures": {"daily": 262},
        }
        agent = {"department": "Hotline", "hired": "2025-01-01", "months": {"2025-01": month}}
        text = json.dumps({"from": "2025-01", "until": "2025-01", "employees": {"Ann": agent}})
        scenario = parse(text, self.env["cs.replay"]._get_words(self.policy))
        env = self.env["cs.replay"]._prepare_env()
        played = Player(env, scenario, env.company, self.policy.with_env(env)).play()
        self.assertEqual(played["employees"]["Ann"]["months"]["2025-01"]["score"], 76.61)
