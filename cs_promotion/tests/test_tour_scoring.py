from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import OFFICE, CsPromotionCase
from .form_common import FormCase

TO_SCORE = "/odoo/action-cs_promotion.cs_appraisal_sheet_action_to_score"


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourScoring(CsPromotionCase, HttpCase):
    """Raters score in the browser: by clicks and keys, from sheet to sheet."""

    def _points(self, sheet):
        return sheet.line_ids.sorted("number").mapped("points")

    def test_superior_scores_three_agents(self):
        bai = self._make_agent("Bai", user=True)
        self._play("2025-05", {self.agent: 100, self.peer: 100, bai: 100})
        self._open("2025-06")
        self.start_tour(TO_SCORE, "cs_score_superior_tour", login="cs_superior")
        sheets = [self._sheet(agent, "2025-06", "superior") for agent in (self.agent, bai)]
        sheets.append(self._sheet(self.peer, "2025-06", "superior"))
        self.assertEqual([sheet.state for sheet in sheets], ["submitted"] * 3)
        self.assertEqual([sheet.total for sheet in sheets], [74, 95, 62])
        self.assertEqual(
            self._points(sheets[0]),
            [5, 3, 0, 5, 5, 5, 5, 3, 3, 3, 0, 5, 5, 5, 5, 1, 3, 5, 3, 5],
        )
        self.assertEqual(sheets[1].line_ids.mapped("remark"), ["Needs training"] + [False] * 19)
        self.assertEqual(self._points(sheets[2]), [3] * 19 + [5])
        self.assertEqual({sheet.submitted_by for sheet in sheets}, {self.user_superior})

    def _land(self, login):
        self.authenticate(login, login)
        return self.url_open("/web/session/get_session_info", json={"params": {}}).json()["result"]

    def test_who_has_open_sheets_begins_with_them(self):
        """After logging in; a page one has chosen stays, and without sheets all is as ever."""
        action = self.env.ref("cs_promotion.cs_appraisal_sheet_action_to_score")
        self.assertFalse(self._land("cs_superior")["home_action_id"])
        self._open("2025-06")
        for login in ("cs_superior", "cs_office"):
            self.assertEqual(self._land(login)["home_action_id"], action.id)
        for login in ("cs_agent", "cs_stranger", "cs_office_b"):
            self.assertFalse(self._land(login)["home_action_id"])
        own = self.env["ir.actions.act_window"].search([("res_model", "=", "cs.board")], limit=1)
        self.user_superior.action_id = own.id
        self.assertEqual(self._land("cs_superior")["home_action_id"], own.id)

    def test_office_enters_paper_forms(self):
        """One of the office fills in its form, another the paper forms of two superiors."""
        self._make_user("second", OFFICE)
        old_hand, old_pal = self.env["hr.employee"].create(
            [{"name": name, "company_id": self.company.id} for name in ("Old Hand", "Old Pal")]
        )
        clerk = self._make_agent("Clerk", parent=old_hand)
        dora = self._make_agent("Dora", parent=old_pal)
        self._open("2025-06")
        self._fill_in(self._sheet(dora, "2025-06", "office"), 80)
        self.start_tour(TO_SCORE, "cs_score_office_tour", login="cs_office")
        office = self._sheet(clerk, "2025-06", "office")
        self.assertEqual((office.total, office.state), (60, "submitted"))
        self.assertFalse(office.paper_by)
        self.start_tour(TO_SCORE, "cs_score_paper_tour", login="cs_second")
        paper = self._sheet(clerk, "2025-06", "superior")
        self.assertEqual((paper.total, paper.state), (62, "submitted"))
        self.assertEqual(paper.paper_by.login, "cs_second")
        self.assertEqual(self._sheet(dora, "2025-06", "superior").state, "draft")

    def test_failure_is_shown_and_can_be_retried(self):
        self._open("2025-06")
        lines = self.env.registry["cs.appraisal.sheet.line"]
        write, failures = lines.write, ["No luck today"]

        def write_or_fail(records, vals):
            if failures:
                raise UserError(failures.pop())
            return write(records, vals)

        with patch.object(lines, "write", write_or_fail):
            self.start_tour(TO_SCORE, "cs_score_failure_tour", login="cs_superior")
        sheet = self._sheet(self.agent, "2025-06", "superior")
        self.assertEqual(self._points(sheet), [5] + [0] * 19)

    def test_a_key_records_what_it_says(self):
        """On a scale from 0 to 10 key 9 gives nine points, not those of the ninth grade."""
        scorecard = self.env["cs.scorecard"].create({"name": "To Ten"})
        self.env["cs.scorecard.section"].create(
            {
                "scorecard_id": scorecard.id,
                "code": "A",
                "name": "All",
                "weight": 100,
                "item_ids": [
                    Command.create({"number": each, "name": f"Item {each}"})
                    for each in range(1, 11)
                ],
                "grade_ids": [
                    Command.create({"points": each, "name": f"Grade {each}"}) for each in range(11)
                ],
            }
        )
        self._make_policy(self.company, "2025-06-01", scorecard_id=scorecard.id)
        self._open("2025-06")
        self.start_tour(TO_SCORE, "cs_score_keys_tour", login="cs_superior")
        sheet = self._sheet(self.agent, "2025-06", "superior")
        self.assertEqual(self._points(sheet)[:5], [9, 2, 0, 1, 10])


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourForm(FormCase, HttpCase):
    """Numbers, grades of an item's own and measured items on a sheet in the browser."""

    def test_numbers_are_entered_as_quickly_as_grades(self):
        self.metrics["daily"].unit = "calls"
        self._form(
            self._measured("daily", 30, scale_id=self.line.id),
            self._measured("passed", 10, missing="left_out"),
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
            grades=((20, "excellent"), (8, "good"), (0, "poor")),
        )
        self._open("2025-01")
        self._measure(self.agent, daily=262)
        self.start_tour(TO_SCORE, "cs_score_numbers_tour", login="cs_superior")
        sheet = self._sheet(self.agent, "2025-01", "superior")
        self.assertEqual(sheet.state, "submitted")
        self.assertEqual(
            [(line.number, line.points) for line in sheet.line_ids],
            [(3, 12.5), (5, 8), (6, 10), (7, 1)],
        )
        self.assertEqual(sheet.total, 20.5)
