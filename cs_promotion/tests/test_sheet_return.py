"""Blindness under pressure: seen sheets, former grades, both forms in one hand, superiors named."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MANAGER, OFFICE, CsPromotionCase


class SheetReturnCase(CsPromotionCase):
    """June 2025 is open; ``clerk`` and ``second`` are two people of the office, ``boss`` a
    second manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.user_office
        cls.second = cls._make_user("second", OFFICE)
        cls.boss = cls._make_user("boss", MANAGER)
        cls.cycle = cls._open("2025-06")
        cls.appraisal = cls._appraisal(cls.agent, "2025-06")
        cls.superiors = cls._sheet(cls.agent, "2025-06", "superior")
        cls.offices = cls._sheet(cls.agent, "2025-06", "office")

    def _submit(self, user, sheet, grades):
        self._fill_in(self._as(user, sheet), grades)

    def _both_in(self):
        self._submit(self.clerk, self.offices, 60)
        self._submit(self.user_superior, self.superiors, 80)

    def _give_back(self, user, sheet, reason="Items 3 and 4 were mixed up"):
        self._give_reason(self._as(user, sheet).action_reset(), reason)


@tagged("post_install", "-at_install", "cs_promotion")
class TestGiveBack(SheetReturnCase):
    """A sheet that was seen against the other's is given back by a manager alone."""

    def test_office_cannot_take_its_junk_back_after_reading(self):
        self._submit(self.clerk, self.offices, 20)
        self._submit(self.user_superior, self.superiors, 80)
        self.assertEqual(self._as(self.clerk, self.superiors).total, 80)
        for sheet in (self.offices, self.superiors):
            for user in (self.clerk, self.second):
                with self.assertRaisesRegex(AccessError, "only a manager gives it back"):
                    self._as(user, sheet).action_reset()
        values = {"step": "give_back", "record_ids": self.offices.ids, "reason": "Mine"}
        wizard = self.env["cs.reason"].with_user(self.clerk).create(values)
        with self.assertRaises(AccessError):
            wizard.action_take()
        self.assertEqual(set(self.appraisal.sheet_ids.mapped("state")), {"submitted"})
        self.assertFalse(self.appraisal.former_ids)

    def test_unseen_sheet_goes_back_as_before(self):
        self._submit(self.clerk, self.offices, 20)
        self._as(self.clerk, self.offices).action_reset()
        self.assertEqual(self.offices.state, "draft")
        self.assertFalse(self.offices.former_ids)
        self._submit(self.clerk, self.offices, 60)
        self.assertFalse(self.offices.seen_on)

    def test_manager_gives_back_with_a_reason(self):
        self._both_in()
        with self.assertRaisesRegex(UserError, "Write down the reason"):
            self._give_back(self.boss, self.offices, " ")
        self.assertEqual(self.offices.state, "submitted")
        self._give_back(self.boss, self.offices)
        self.assertEqual(self.offices.state, "draft")
        former = self.offices.former_ids
        self.assertEqual(
            (former.submitted_by, former.returned_by, former.total, former.reason),
            (self.clerk, self.boss, 60, "Items 3 and 4 were mixed up"),
        )
        self.assertEqual(
            [each["points"] for each in former.grades],
            self.offices.line_ids.sorted("number").mapped("points"),
        )
        self.assertIn("Items 3 and 4 were mixed up", self._bodies(self.offices))
        self.assertNotIn("mixed up", self._bodies(self.cycle))
        note = self._as(self.clerk, self.offices).return_note
        self.assertIn("Items 3 and 4 were mixed up", note)

    def test_seen_remains_seen(self):
        """A clerk who has read the superior's grades has read them, however often."""
        self._both_in()
        self._give_back(self.boss, self.superiors)
        with self.assertRaisesRegex(AccessError, "only a manager"):
            self._as(self.clerk, self.offices).action_reset()
        self._give_back(self.boss, self.offices)
        self._submit(self.clerk, self.offices, 70)
        with self.assertRaisesRegex(AccessError, "only a manager"):
            self._as(self.clerk, self.offices).action_reset()

    def test_rater_gives_nothing_back(self):
        manager = self.user_manager
        self._submit(manager, self.offices, 60)
        self._submit(self.user_superior, self.superiors, 80)
        for sheet in (self.offices, self.superiors):
            with self.assertRaisesRegex(AccessError, "filled in a form of this agent"):
                self._as(manager, sheet).action_reset()
            values = {"step": "give_back", "record_ids": sheet.ids, "reason": "Mine"}
            wizard = self.env["cs.reason"].with_user(manager).create(values)
            with self.assertRaisesRegex(AccessError, "filled in a form of this agent"):
                wizard.action_take()
        self._give_back(self.boss, self.offices)
        self.assertEqual(self.offices.state, "draft")

    def test_who_wrote_one_grade_is_a_rater(self):
        self._as(self.user_manager, self.offices.line_ids[0]).write({"remark": "x"})
        self._both_in()
        with self.assertRaisesRegex(AccessError, "filled in a form of this agent"):
            self._as(self.user_manager, self.superiors).action_reset()

    def test_published_sheet_of_one_rater_is_seen(self):
        self._weigh(self.policy, office=0)
        cycle = self._open("2025-07")
        sheets = cycle.appraisal_ids.sheet_ids
        for sheet in sheets:
            self._submit(self.user_superior, sheet, 80)
        self._as(self.clerk, sheets[0]).action_reset()
        self._submit(self.user_superior, sheets[0], 70)
        for appraisal in self.cycle.appraisal_ids:
            appraisal._exclude("not part of this test")
        self._close(self.cycle)
        self._close(cycle)
        self._give_reason(self._as(self.boss, cycle).action_reopen(), "Read wrongly")
        with self.assertRaisesRegex(AccessError, "only a manager"):
            self._as(self.clerk, sheets[0]).action_reset()
        self._give_back(self.boss, sheets[0])
        self.assertEqual(sheets[0].former_ids.total, 70)

    def test_change_is_shown_once_both_are_in(self):
        self._both_in()
        self._give_back(self.boss, self.superiors)
        self._give_back_hidden()
        grades = self._grades(80)
        grades[0] = 0
        self._submit(self.user_superior, self.superiors, grades)
        former = self.superiors.former_ids
        self.assertTrue(former.told)
        message = former.message_id
        self.assertIn(self.boss.partner_id, message.notified_partner_ids)
        self.assertRegex(message.body, r"80\.00 → 77\.00")
        item = self.superiors.line_ids.sorted("number")[0].item_id
        self.assertIn(f"{item.number} {item.name}: Basically meets (3) → Poor (0)", message.body)
        self.assertEqual(message.body.count("<li>"), 1)
        self.assertNotIn("77", self._bodies(self.appraisal))
        self.assertIn("graded anew", self._bodies(self.appraisal))

    def _give_back_hidden(self):
        """As long as the sheet is open, the office reads neither it nor what was on it."""
        former = self.superiors.former_ids
        self.assertFalse(former.told)
        with self.assertRaises(AccessError):
            self._as(self.clerk, former).read(["grades"])
        seen = self._as(self.boss, former)
        self.assertEqual((seen.total, seen.total_now), (80, 0))

    def test_agent_reads_the_former_grades_once_published(self):
        self._both_in()
        self._give_back(self.boss, self.offices)
        former = self.offices.former_ids
        self._submit(self.clerk, self.offices, 70)
        with self.assertRaises(AccessError):
            self._as(self.user_agent, former).read(["total"])
        self._appraisal(self.peer, "2025-06")._exclude("not part of this test")
        self._close(self.cycle)
        for user in (self.user_agent, self.user_superior, self.clerk, self.boss):
            seen = self._as(user, former)
            self.assertEqual((seen.total, seen.total_now), (60, 70))
            self.assertIn("Before", seen.changes)
            self.assertEqual(self._as(user, self.appraisal).former_ids, former)
        for user in (self.user_peer, self.user_stranger, self.user_office_b, self.user_manager_b):
            self.assertFalse(self._as(user, former).search([("id", "=", former.id)]))

    def test_former_grades_never_change(self):
        self._both_in()
        self._give_back(self.boss, self.offices)
        for user in (self.clerk, self.boss, self.user_superior):
            former = self._as(user, self.offices.former_ids)
            for call in (lambda former=former: former.write({"total": 1}), former.unlink):
                with self.assertRaises(AccessError):
                    call()

    def test_next_superior_does_not_read_the_former_ones_grades(self):
        self._both_in()
        self._give_back(self.boss, self.superiors)
        self._submit(self.user_superior, self.superiors, 90)
        self._give_back(self.boss, self.superiors)
        self._as(self.clerk, self.appraisal).write({"superior_id": self.stranger.id})
        sheet = self._as(self.user_stranger, self.superiors)
        self.assertEqual((sheet.answered, sheet.former_ids.ids), (0, []))
        self.assertNotIn("90", self._bodies(sheet))
        formers = self._as(self.boss, self.env["cs.appraisal.sheet.former"])
        self.assertEqual(formers.search_count([("sheet_id", "=", sheet.id)]), 2)


@tagged("post_install", "-at_install", "cs_promotion")
class TestOneForm(SheetReturnCase):
    """One person never enters both forms of an agent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old_hand = cls.env["hr.employee"].create(
            {"name": "Old Hand", "company_id": cls.company.id}
        )
        cls.appraisal.superior_id = cls.old_hand

    def _check_refused(self, user, sheet):
        seen = self._as(user, sheet)
        for call in (
            lambda: seen.line_ids[0].write({"remark": "x"}),
            lambda: seen.write({"line_ids": [(1, seen.line_ids[0].id, {"remark": "x"})]}),
            seen.action_fill_middle,
        ):
            with self.assertRaisesRegex(UserError, "one person never"):
                call()
            self.env.invalidate_all()
        self.assertFalse(self._as(user, sheet).is_mine)
        self.assertFalse(self._as(user, sheet).can_score)
        self.assertEqual(self._as(user, sheet).get_desk()["queue"], [])

    def test_paper_form_is_entered_by_another_person(self):
        self._submit(self.clerk, self.offices, 60)
        self._check_refused(self.clerk, self.superiors)
        with self.assertRaisesRegex(UserError, "Another person of the office or a manager"):
            self._as(self.clerk, self.appraisal).action_enter_paper()
        self.assertIn("one person", self._as(self.clerk, self.superiors).paper_note)
        self._as(self.second, self.appraisal).action_enter_paper()
        self._submit(self.second, self.superiors, 80)
        self.assertEqual(self.superiors.paper_by, self.second)
        self.assertTrue(self.appraisal.complete)

    def test_one_person_office_leaves_it_to_a_manager(self):
        self._submit(self.clerk, self.offices, 60)
        self._submit(self.user_manager, self.superiors, 80)
        self.assertEqual(self.superiors.paper_by, self.user_manager)
        self.assertTrue(self.appraisal.complete)

    def test_one_grade_is_enough(self):
        self._as(self.second, self.offices.line_ids[0]).write({"remark": "x"})
        self._submit(self.clerk, self.offices, 60)
        self._check_refused(self.second, self.superiors)

    def test_submitting_counts(self):
        self._fill_in(self.offices, 60, submit=False)
        self._as(self.clerk, self.offices).action_submit()
        self._fill_in(self.superiors, 80, submit=False)
        with self.assertRaisesRegex(UserError, "one person never"):
            self._as(self.clerk, self.superiors).action_submit()

    def test_both_at_once(self):
        """Both forms in one call are no way round, and the database has the last word."""
        for sheet in self.appraisal.sheet_ids:
            self._fill_in(sheet, 60, submit=False)
        lines = self.offices.line_ids[0]
        self._submit(self.clerk, self.offices, 60)
        both = self._as(self.clerk, lines | self.superiors.line_ids[0])
        with self.assertRaises(UserError):
            both.write({"remark": "x"})
        editors = self.env["cs.appraisal.sheet.editor"]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            editors.create({"sheet_id": self.superiors.id, "user_id": self.clerk.id})

    def test_login_given_later(self):
        """Who entered the office's form and becomes the superior's user enters nothing there."""
        self._submit(self.clerk, self.offices, 60)
        self.old_hand.user_id = self.clerk
        self.assertEqual(self.superiors.superior_user_id, self.clerk)
        self._check_refused(self.clerk, self.superiors)

    def test_superior_named_later(self):
        """Who filled in the superior's form does not go on with the office's."""
        own = self.env["hr.employee"].create(
            {"name": "Second", "company_id": self.company.id, "user_id": self.second.id}
        )
        self.appraisal.superior_id = own
        self._as(self.second, self.superiors.line_ids[0]).write({"remark": "x"})
        self.appraisal.superior_id = self.superior
        self._check_refused(self.second, self.offices)

    def test_begun_paper_form_is_seen(self):
        self._submit(self.clerk, self.offices, 60)
        self._as(self.second, self.superiors.line_ids[0]).write({"remark": "x"})
        self.assertTrue(self.offices.seen_on)
        with self.assertRaisesRegex(AccessError, "only a manager"):
            self._as(self.clerk, self.offices).action_reset()

    def test_desk_goes_on_to_the_next_superiors_forms(self):
        other = self.env["hr.employee"].create({"name": "Old Pal", "company_id": self.company.id})
        peers = self._appraisal(self.peer, "2025-06")
        peers.superior_id = other
        for appraisal in self.appraisal | peers:
            self._submit(self.clerk, self._sheet(appraisal.employee_id, "2025-06", "office"), 60)
        queue = self._as(self.second, self.superiors).get_desk()["queue"]
        self.assertEqual(
            [(each["name"], each["superior"]) for each in queue],
            [("Agent", "Old Hand"), ("Peer", "Old Pal")],
        )

    def test_reminder_counts_what_one_may_enter(self):
        peers = self._appraisal(self.peer, "2025-06")
        peers._exclude("not part of this test")
        self._submit(self.clerk, self.offices, 60)
        counts = self.cycle._get_open_raters()
        self.assertNotIn(self.clerk, counts)
        self.assertEqual((counts[self.second], counts[self.boss]), (1, 1))


@tagged("post_install", "-at_install", "cs_promotion")
class TestNaming(SheetReturnCase):
    """Naming a superior decides who grades: it leaves a trace and has its limits (S1)."""

    def _employee(self, name, **values):
        return self.env["hr.employee"].create(
            {"name": name, "company_id": self.company.id} | values
        )

    def _name(self, user, superior):
        # what a caller puts into the context turns no trace off
        appraisal = self._as(user, self.appraisal).with_context(
            tracking_disable=True, mail_notrack=True, mail_create_nolog=True
        )
        appraisal.write({"superior_id": superior and superior.id})
        self.env.flush_all()

    def test_trace(self):
        self._name(self.clerk, self.stranger)
        message = self.appraisal.message_ids[0]
        self.assertIn("Superior → Stranger", message.body)
        self.assertIn(self.clerk.name, message.body)
        self.assertEqual(message.author_id, self.clerk.partner_id)
        self._name(self.clerk, self.stranger)
        self.assertEqual(self.appraisal.message_ids[0], message)
        self._name(self.clerk, False)
        self.assertIn("Stranger → nobody", self.appraisal.message_ids[0].body)

    def test_refused(self):
        own = self._employee("Own", user_id=self.clerk.id)
        gone = self._employee("Gone", user_id=self.second.id, active=False)
        former = self._make_agent("Former", hired="2024-01-01", left="2025-05-31", user=True)
        future = self._make_agent("Future", hired="2025-08-01", user=True)
        for superior, message in (
            (own, "make yourself"),
            (self.agent, "cannot rate themselves"),
            (gone, "does not work here"),
            (former, "does not work here"),
            (future, "does not work here"),
            (self.superior_b, "compan"),
        ):
            with (
                self.subTest(superior.name),
                self.assertRaisesRegex(UserError, message),
                self.env.cr.savepoint(),
            ):
                self._name(self.clerk, superior)
            self.env.invalidate_all()
        self.assertEqual(self.appraisal.superior_id, self.superior)
        with self.assertRaisesRegex(UserError, "cannot rate themselves"):
            self.appraisal.superior_id = self.agent

    def test_who_entered_the_other_form(self):
        self._as(self.second, self.offices.line_ids[0]).write({"remark": "x"})
        second = self._employee("Second", user_id=self.second.id)
        with self.assertRaisesRegex(UserError, "never enters both"):
            self._name(self.clerk, second)
        with self.assertRaisesRegex(UserError, "never enters both"):
            self._name(self.boss, second)

    def test_superior_without_a_login(self):
        """The office names none but whom HR has set; a manager may."""
        stub = self._employee("Stub")
        with self.assertRaisesRegex(AccessError, "only a manager"):
            self._name(self.clerk, stub)
        self._name(self.boss, stub)
        self.assertEqual(self.appraisal.superior_id, stub)
        set_by_hr = self._employee("Set by HR")
        self.agent.parent_id = set_by_hr
        self._name(self.clerk, set_by_hr)
        self.assertEqual(self.appraisal.superior_id, set_by_hr)

    def test_office_cannot_enter_both_by_a_stub(self):
        """The way it was: name somebody without a login, submit, then enter that form."""
        self._name(self.boss, self._employee("Stub"))
        self._submit(self.clerk, self.offices, 60)
        with self.assertRaisesRegex(UserError, "one person never"):
            self._as(self.clerk, self.superiors.line_ids[0]).write({"remark": "x"})
