"""Blind rating: until both raters have submitted, neither finds out what the other gave."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CsPromotionCase

RATERS = (("superior", "office"), ("office", "superior"))  # rater, the other one


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessBlind(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open("2025-01")
        cls.appraisal = cls._appraisal(cls.agent, "2025-01")
        cls.sheets = {role: cls._sheet(cls.agent, "2025-01", role) for role, _other in RATERS}
        cls._fill_in(cls.sheets["superior"], 60, submit=False)
        cls._fill_in(cls.sheets["office"], 95, submit=False)
        cls.users = {"superior": cls.user_superior, "office": cls.user_office}
        group = cls.env.ref("base.group_allow_export")
        group.user_ids = cls.env["res.users"].search([("login", "ilike", "cs_")])

    def _check_hidden(self, person, role):
        """The person finds the sheet of that role in no way."""
        user, sheet = self.users.get(person) or person, self.sheets[role]
        for record in (sheet, sheet.line_ids[0]):
            seen = self._as(user, record)
            model = seen.browse()
            self.assertFalse(model.search([("id", "=", record.id)]))
            self.assertEqual(model.search_count([("id", "=", record.id)]), 0)
            self.assertFalse(model.name_search("", [("id", "=", record.id)]))
            self.assertFalse(model.web_search_read([("id", "=", record.id)], {})["records"])
            self.assertFalse(
                model.formatted_read_group([("id", "=", record.id)], ["id"], ["__count"])
            )
            for read in (
                lambda seen=seen: seen.read(["display_name"]),
                lambda seen=seen: seen.export_data(["display_name"]),
                lambda seen=seen: seen.web_read({"display_name": {}}),
                lambda seen=seen: seen.mapped("write_uid"),
            ):
                with self.assertRaises(AccessError):
                    self._as(user, record)
                    read()

    def _check_no_probing(self, person, role):
        """No condition on what the other rater gave tells anything through other records."""
        user, sheet = self.users[person], self.sheets[role]
        grade = sheet.line_ids[0].grade_id.id
        probes = [
            ("cs.appraisal", ("sheet_ids", "any", [("role", "=", role), ("answered", ">", 0)])),
            ("cs.appraisal", ("sheet_ids", "any", [("role", "=", role), ("total", ">", 0)])),
            (
                "cs.appraisal",
                (
                    "sheet_ids",
                    "any",
                    [("role", "=", role), ("line_ids.grade_id", "=", grade)],
                ),
            ),
            ("cs.appraisal", ("sheet_ids", "any", [("id", "=", sheet.id)])),
            ("cs.cycle", ("appraisal_ids.sheet_ids.line_ids", "=", sheet.line_ids[0].id)),
        ]
        for model, probe in probes:
            with self.subTest(person=person, probe=probe):
                self.assertFalse(self._as(user, self.env[model]).search([probe]))
        for model, probe in (
            ("cs.appraisal", ("sheet_ids", "any!", [("total", ">", 0)])),
            ("hr.employee", ("cs_appraisal_ids", "!=", False)),
        ):
            with self.subTest(probe=probe), self.assertRaises(ValueError):
                self._as(self.user_peer, self.env[model]).search([probe])

    def test_each_rater_sees_their_own(self):
        for rater, _other in RATERS:
            seen = self._as(self.users[rater], self.sheets[rater])
            self.assertEqual(seen.answered, 20)
            self.assertEqual(len(seen.line_ids), 20)

    def test_both_draft(self):
        for rater, other in RATERS:
            self._check_hidden(rater, other)
            self._check_no_probing(rater, other)

    def test_one_submitted(self):
        """Handing in first shows nothing, and shows the other one nothing."""
        for submitted, draft in RATERS:
            with self.subTest(submitted=submitted):
                with self.env.cr.savepoint() as savepoint:
                    self.sheets[submitted].action_submit()
                    self._check_hidden(submitted, draft)
                    self._check_hidden(draft, submitted)
                    self._check_no_probing(draft, submitted)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_sheets_read_through_the_appraisal(self):
        """A form that lists the sheets lists the reader's own alone."""
        for rater, other in RATERS:
            seen = self._as(self.users[rater], self.appraisal)
            fields = {"total": {}, "line_ids": {"fields": {"grade_id": {}}}}
            (read,) = seen.web_read({"sheet_ids": {"fields": fields}})
            self.assertEqual([each["id"] for each in read["sheet_ids"]], self.sheets[rater].ids)
            exported = str(seen.export_data(["sheet_ids/total", "sheet_ids/line_ids/points"]))
            self.assertNotIn(str(self.sheets[other].total), exported)

    def test_appraisal_tells_no_score(self):
        """Score and rank appear with the closing, however far the raters are."""
        self.sheets["superior"].action_submit()
        for user in self.users.values():
            seen = self._as(user, self.appraisal)
            self.assertEqual((seen.score, seen.rank, seen.scored), (0, 0, False))
            (totals,) = seen.browse().formatted_read_group(
                [("id", "=", seen.id)], [], ["score:avg", "score:max"]
            )
            self.assertEqual((totals["score:avg"], totals["score:max"]), (0, 0))

    def test_both_submitted(self):
        """Then both raters see both; the agent sees them once the month is published."""
        for sheet in self.sheets.values():
            sheet.action_submit()
        for rater, other in RATERS:
            self.assertEqual(self._as(self.users[rater], self.sheets[other]).answered, 20)
        self._check_hidden(self.user_agent, "superior")
        self._check_hidden(self.user_agent, "office")
        with self.assertRaises(AccessError):
            self._as(self.user_agent, self.appraisal).read(["score"])
        self._appraisal(self.peer, "2025-01")._exclude("not part of this test")
        self._close(self.appraisal.cycle_id)
        self.assertEqual(self._as(self.user_agent, self.appraisal).score, 77.5)
        self.assertEqual(self._as(self.user_agent, self.sheets["office"]).total, 95)
        for user in (self.user_peer, self.user_stranger, self.user_office_b, self.user_manager_b):
            self._check_hidden(user, "superior")

    def test_given_back(self):
        """A sheet that was given back is hidden again."""
        for sheet in self.sheets.values():
            sheet.action_submit()
        self._give_reason(
            self.sheets["office"].with_user(self.user_manager).action_reset(), "Items mixed up"
        )
        self._check_hidden("superior", "office")
        self._check_hidden("office", "superior")

    def test_submitted_sheet_is_read_only(self):
        for role, sheet in self.sheets.items():
            sheet.action_submit()
            line = sheet.line_ids[0]
            before = line.grade_id
            with self.assertRaises(UserError):
                self._as(self.users[role], line).write({"grade_id": False})
            with self.assertRaises(UserError):
                self._as(self.users[role], sheet).write(
                    {"line_ids": [(1, line.id, {"remark": "late"})]}
                )
            with self.assertRaises(UserError):
                self._as(self.users[role], sheet).action_submit()
            self.env.invalidate_all()
            self.assertEqual((line.grade_id, line.remark), (before, False))

    def test_own_score(self):
        """Nobody grades themself: neither an agent, nor one of the office."""
        clerk = self._make_agent("Clerk", user=self.user_office)
        self.appraisal.cycle_id._open()
        sheets = {
            self.user_agent: self.appraisal.sheet_ids,
            self.user_office: self._appraisal(clerk, "2025-01").sheet_ids,
        }
        for user, own in sheets.items():
            for sheet in own:
                for action in (
                    lambda sheet=sheet, user=user: self._as(user, sheet.line_ids[0]).write(
                        {"remark": "good"}
                    ),
                    lambda sheet=sheet, user=user: self._as(user, sheet).action_submit(),
                    lambda sheet=sheet, user=user: self._as(user, sheet).action_fill_middle(),
                ):
                    with self.assertRaises(AccessError):
                        action()

    def test_replaced_superior(self):
        """Another superior starts afresh; the office cannot put itself in the place."""
        office = self.env["hr.employee"].create(
            {"name": "Office", "company_id": self.company.id, "user_id": self.user_office.id}
        )
        with self.assertRaises(UserError):
            self._as(self.user_office, self.appraisal).write({"superior_id": office.id})
        self.env.invalidate_all()
        self.assertEqual(self.appraisal.superior_id, self.superior)
        self.sheets["superior"].action_submit()
        with self.assertRaisesRegex(UserError, "is submitted"):
            self.appraisal.superior_id = self.stranger
        self.env.invalidate_all()
        self.sheets["superior"].action_reset()
        self.appraisal.superior_id = self.stranger
        seen = self._as(self.user_stranger, self.sheets["superior"])
        self.assertEqual((seen.answered, seen.line_ids.grade_id.ids), (0, []))
        self._check_hidden("superior", "superior")
