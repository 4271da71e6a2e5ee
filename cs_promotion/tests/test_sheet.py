from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestSheet(CsPromotionCase):
    """Scoring (S1, S2): what raters may write, starting points, order of work, due dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle = cls._open("2025-06")
        cls.sheet = cls._sheet(cls.agent, "2025-06", "superior")
        cls.office_sheet = cls._sheet(cls.agent, "2025-06", "office")
        cls.mine = cls.sheet.with_user(cls.user_superior)

    def _points(self, sheet):
        return sheet.line_ids.sorted("number").mapped("points")

    # ------------------------------------------------------------------ writing

    def test_click_is_saved(self):
        line = self.mine.line_ids[0]
        best = line.section_id.grade_ids.sorted("points")[-1]
        line.write({"grade_id": best.id, "remark": "Fast"})
        self.assertEqual((self.sheet.total, self.sheet.answered), (5, 1))
        line.write({"grade_id": False})
        self.assertEqual((self.sheet.total, self.sheet.answered), (0, 0))
        self.assertFalse(self.sheet.paper_by)

    def test_grade_of_another_section_is_refused(self):
        line = self.mine.line_ids[0]
        other = self.sheet.scorecard_id.section_ids[-1].grade_ids[0]
        with self.assertRaisesRegex(UserError, "not one of"):
            line.write({"grade_id": other.id})

    def test_rater_writes_grades_and_remarks_only(self):
        line = self.mine.line_ids[0]
        for values in ({"points": 100}, {"number": 7}, {"sheet_id": self.office_sheet.id}):
            with self.assertRaises(AccessError):
                line.write(values)
        for values in (
            {"state": "submitted"},
            {"total": 100},
            {"item_count": 0},
            {"role": "office"},
            {"paper_by": self.user_office.id},
        ):
            with self.assertRaises(AccessError):
                self.mine.write(values)

    def test_submit_needs_every_item(self):
        self._fill_in(self.sheet, 80, submit=False)
        self.sheet.line_ids[3].grade_id = False
        with self.assertRaisesRegex(UserError, "no grade yet for item 4"):
            self.mine.action_submit()
        self.assertEqual(self.sheet.state, "draft")

    def test_submit_locks(self):
        self._fill_in(self.sheet, 80, submit=False)
        self.mine.action_submit()
        self.assertEqual(self.sheet.submitted_by, self.user_superior)
        self.assertFalse(self._as(self.user_superior, self.sheet).can_score)
        for call in (
            lambda: self.mine.line_ids[0].write({"remark": "late"}),
            lambda: self.mine.action_fill_middle(overwrite=True),
            self.mine.action_submit,
        ):
            with self.assertRaisesRegex(UserError, "submitted"):
                call()

    # ------------------------------------------------------------------ starting points

    def test_middle_grade_fills_empty_items_only(self):
        self._fill_in(self.sheet, [5] * 4 + [0] * 11 + [1] * 5, submit=False)
        self.sheet.line_ids.filtered(lambda line: line.number in (2, 20)).grade_id = False
        self.assertEqual(self.mine.action_fill_middle(), 2)
        self.assertEqual(self._points(self.sheet), [5, 3, 5, 5] + [0] * 11 + [1, 1, 1, 1, 3])

    def test_middle_grade_replaces_when_asked(self):
        self._fill_in(self.sheet, 100, submit=False)
        self.assertEqual(self.mine.action_fill_middle(overwrite=True), 20)
        self.assertEqual(self.sheet.total, 60)

    def test_as_last_month_takes_the_same_rater(self):
        self._score(self.sheet.appraisal_id, superior=84, office=90)
        self._score(self._appraisal(self.peer, "2025-06"), 70)
        self._close(self.cycle)
        self._open("2025-07")
        for role, user, total in (
            ("superior", self.user_superior, 84),
            ("office", self.user_office, 90),
        ):
            sheet = self._sheet(self.agent, "2025-07", role)
            self.assertEqual(sheet.with_user(user).get_desk()["previous"], self.cycle.name)
            self.assertEqual(sheet.with_user(user).action_fill_last(), 20)
            self.assertEqual(sheet.total, total)

    def test_as_last_month_needs_a_closed_one(self):
        self._fill_in(self.sheet, 84)
        self._open("2025-07")
        july = self._sheet(self.agent, "2025-07", "superior").with_user(self.user_superior)
        self.assertFalse(july.get_desk()["previous"])
        with self.assertRaisesRegex(UserError, "no earlier sheet"):
            july.action_fill_last()

    def test_as_last_month_hides_a_former_superiors_grades(self):
        self._play_months("2025-06", "2025-06", {self.agent: 84})
        self._open("2025-07")
        new = self._make_user("new_superior")
        employee = self.env["hr.employee"].create(
            {"name": "New", "company_id": self.company.id, "user_id": new.id}
        )
        self._appraisal(self.agent, "2025-07").superior_id = employee
        sheet = self._sheet(self.agent, "2025-07", "superior").with_user(new)
        self.assertFalse(sheet.get_desk()["previous"])
        with self.assertRaisesRegex(UserError, "no earlier sheet"):
            sheet.action_fill_last()

    def test_starting_points_are_for_the_rater_alone(self):
        for user in (self.user_agent, self.user_peer, self.user_office, self.user_superior_b):
            sheet = self._as(user, self.sheet)
            for call in (sheet.action_fill_middle, sheet.action_fill_last, sheet.get_desk):
                with self.assertRaises(AccessError):
                    call()
        self.assertEqual(self.sheet.answered, 0)

    # ------------------------------------------------------------------ the rater's desk

    def test_desk_lists_the_raters_sheets(self):
        self._fill_in(self.sheet, 80)
        queue = self._as(self.user_superior, self.sheet).get_desk()["queue"]
        self.assertEqual(
            [(each["name"], each["state"], each["answered"]) for each in queue],
            [("Agent", "submitted", 20), ("Peer", "draft", 0)],
        )
        queue = self._as(self.user_office, self.office_sheet).get_desk()["queue"]
        self.assertEqual([each["name"] for each in queue], ["Agent", "Peer"])
        self.assertNotIn(self.sheet.id, [each["id"] for each in queue])

    def test_to_score_lists_only_ones_own(self):
        def mine(user):
            return self._as(user, self.env["cs.appraisal.sheet"]).search(
                [("is_mine", "=", True), ("cycle_id", "=", self.cycle.id)]
            )

        self.assertEqual(mine(self.user_superior).mapped("role"), ["superior"] * 2)
        self.assertEqual(mine(self.user_office).mapped("role"), ["office"] * 2)
        self.assertFalse(mine(self.user_agent) | mine(self.user_office_b))
        for sheet in mine(self.user_office):
            self.assertTrue(sheet.is_mine and sheet.can_score)

    def test_left_out_agent_is_not_scored(self):
        self._appraisal(self.peer, "2025-06")._exclude("on leave")
        queue = self._as(self.user_superior, self.sheet).get_desk()["queue"]
        self.assertEqual([each["name"] for each in queue], ["Agent"])
        peers = self._as(self.user_superior, self._sheet(self.peer, "2025-06", "superior"))
        self.assertFalse(peers.can_score)

    def test_form_names_sections_and_grades(self):
        form = self.mine.scorecard_form
        self.assertEqual(form["method"], "sum")
        self.assertEqual([each["maximum"] for each in form["sections"]], [20, 35, 20, 25])
        self.assertEqual([grade["points"] for grade in form["sections"][-1]["grades"]], [5, 3, 1])

    # ------------------------------------------------------------------ due dates

    def test_due_date_follows_the_policy(self):
        self.assertEqual(f"{self.cycle.date_due} {self.sheet.date_due}", "2025-07-05 2025-07-05")
        self.policy.scoring_days = 10
        self.assertEqual(f"{self.cycle.date_due} {self.sheet.date_due}", "2025-07-10 2025-07-10")

    # ------------------------------------------------------------------ the appraisal above

    def test_office_cannot_open_the_other_sheet_by_the_appraisal(self):
        appraisal = self._as(self.user_office, self.sheet.appraisal_id)
        for values in ({"complete": True}, {"score": 100}, {"closed": True}):
            with self.assertRaises(UserError):
                appraisal.write(values)
        own = self.env["hr.employee"].create(
            {"name": "Clerk", "company_id": self.company.id, "user_id": self.user_office.id}
        )
        with self.assertRaisesRegex(UserError, "make yourself"):
            appraisal.write({"superior_id": own.id})


@tagged("post_install", "-at_install", "cs_promotion")
class TestSheetPaper(CsPromotionCase):
    """A superior without a login: the office enters the paper form, after its own sheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old_hand = cls.env["hr.employee"].create(
            {"name": "Old Hand", "company_id": cls.company.id, "department_id": cls.hotline.id}
        )
        cls.clerk = cls._make_agent("Clerk", parent=cls.old_hand)
        cls._open("2025-06")
        cls.appraisal = cls._appraisal(cls.clerk, "2025-06")
        cls.sheet = cls._sheet(cls.clerk, "2025-06", "superior")
        cls.office_sheet = cls._sheet(cls.clerk, "2025-06", "office")

    def _enter(self, user):
        self._as(user, self.appraisal).action_enter_paper()

    def test_own_sheet_comes_first(self):
        with self.assertRaisesRegex(UserError, "own sheet of Clerk first"):
            self._enter(self.user_office)
        self._fill_in(self.office_sheet, 80, submit=False)
        with self.assertRaises(AccessError):
            self._as(self.user_office, self.sheet).read(["total"])
        with self.assertRaises(AccessError):
            self._as(self.user_office, self.sheet.line_ids[0]).write({"remark": "x"})
        self.assertFalse(
            self._as(self.user_office, self.env["cs.appraisal.sheet"]).search(
                [("is_mine", "=", True), ("id", "=", self.sheet.id)]
            )
        )

    def test_entered_and_marked(self):
        self._fill_in(self.office_sheet, 80)
        action = self._as(self.user_office, self.appraisal).action_enter_paper()
        self.assertEqual(action["res_id"], self.sheet.id)
        sheet = self._as(self.user_office, self.sheet)
        self.assertTrue(sheet.is_mine and sheet.can_score and sheet.is_paper)
        self.assertEqual(len(sheet.get_desk()["queue"]), 1)
        self.assertFalse(sheet.paper_by)
        self._fill_in(sheet, 90)
        self.assertEqual(self.sheet.paper_by, self.user_office)
        self.assertTrue(self.sheet.paper_on)
        notes = [note for note in self.sheet.message_ids.mapped("body") if "Old Hand" in note]
        self.assertEqual(len(notes), 1)
        self.assertIn(self.user_office.name, notes[0])
        self.assertEqual(self.sheet.state, "submitted")

    def test_mark_names_whoever_goes_on(self):
        self._fill_in(self.office_sheet, 80)
        self._fill_in(self._as(self.user_office, self.sheet), 90, submit=False)
        self._as(self.user_manager, self.sheet).action_submit()
        self.assertEqual(self.sheet.paper_by, self.user_manager)
        self.assertEqual(
            len([note for note in self.sheet.message_ids.mapped("body") if "Old Hand" in note]), 2
        )

    def test_mark_is_seen_by_the_agent(self):
        user = self._make_user("clerk")
        self.clerk.user_id = user
        self._fill_in(self.office_sheet, 80)
        self._fill_in(self._as(self.user_office, self.sheet), 90)
        for agent in (self.agent, self.peer):
            self._appraisal(agent, "2025-06")._exclude("not part of this test")
        self._close(self.appraisal.cycle_id)
        self.assertEqual(self._as(user, self.sheet).paper_by.sudo(), self.user_office)

    def test_only_the_office_enters(self):
        self._fill_in(self.office_sheet, 80)
        for user in (self.user_superior, self.user_agent, self.user_office_b):
            with self.assertRaises(AccessError):
                self._as(user, self.sheet.line_ids[0]).write({"remark": "x"})
            with self.assertRaises(AccessError):
                self._as(user, self.appraisal).action_enter_paper()

    def test_superior_with_a_login_is_left_to_it(self):
        own = self._appraisal(self.agent, "2025-06")
        self._fill_in(own.sheet_ids.filtered(lambda each: each.role == "office"), 80)
        with self.assertRaisesRegex(UserError, "has a login"):
            self._as(self.user_office, own).action_enter_paper()
        other = self._sheet(self.agent, "2025-06", "superior")
        with self.assertRaises(AccessError):
            self._as(self.user_office, other.line_ids[0]).write({"remark": "x"})

    def test_superior_must_be_named(self):
        self._fill_in(self.office_sheet, 80)
        self.appraisal.superior_id = False
        with self.assertRaisesRegex(UserError, "nobody is named as Direct superior"):
            self._enter(self.user_office)
        with self.assertRaises(AccessError):
            self._as(self.user_office, self.sheet.line_ids[0]).write({"remark": "x"})

    def test_nobody_enters_a_form_about_themselves(self):
        self.clerk.user_id = self.user_office
        self._fill_in(self.office_sheet, 80)
        with self.assertRaises(AccessError):
            self._enter(self.user_office)
        with self.assertRaises(AccessError):
            self._as(self.user_office, self.sheet.line_ids[0]).write({"remark": "x"})

    def test_office_sheet_given_back_hides_the_paper_form(self):
        self._fill_in(self.office_sheet, 80)
        self._fill_in(self._as(self.user_office, self.sheet), 90, submit=False)
        with self.assertRaisesRegex(AccessError, "only a manager gives it back"):
            self._as(self.user_office, self.office_sheet).action_reset()
        self._give_reason(
            self._as(self.user_manager, self.office_sheet).action_reset(), "Two agents mixed up"
        )
        with self.assertRaises(AccessError):
            self._as(self.user_office, self.sheet).read(["total"])

    def test_office_of_weight_zero_may_enter_at_once(self):
        self._weigh(self.policy, office=0)
        cycle = self._open("2025-07")
        self.assertEqual(set(cycle.appraisal_ids.sheet_ids.mapped("role")), {"superior"})
        self._as(self.user_office, self._appraisal(self.clerk, "2025-07")).action_enter_paper()
