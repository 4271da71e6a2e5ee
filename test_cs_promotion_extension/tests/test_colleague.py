"""A rater that an addon declares: a named colleague of each agent, beside superior and office."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.common import OFFICE, CsPromotionCase

MONTH = "2025-06"
TOTALS = {"superior": 90, "office": 80, "colleague": 100}


@tagged("post_install", "-at_install", "cs_promotion")
class TestColleague(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._employee("Chen")
        cls.agent.colleague_id = cls.colleague
        cls._make_policy(
            cls.company,
            "2025-06-01",
            superior_weight=50,
            office_weight=50,
            colleague_weight=20,
        )
        cls.cycle = cls._open(MONTH)
        cls.appraisal = cls._appraisal(cls.agent, MONTH)
        cls.sheets = {role: cls._sheet(cls.agent, MONTH, role) for role in TOTALS}
        cls.users = {
            "superior": cls.user_superior,
            "office": cls.user_office,
            "colleague": cls.colleague.user_id,
        }

    @classmethod
    def _employee(cls, name, login=True):
        user = login and cls._make_user(name.lower(), "base.group_user", cls.company)
        return cls.env["hr.employee"].create(
            {"name": name, "company_id": cls.company.id, "user_id": user and user.id}
        )

    def _submit(self, *roles):
        """Each fills in their form as themselves."""
        for role in roles:
            self._fill_in(self._as(self.users[role], self.sheets[role]), TOTALS[role])

    def _seen(self, role):
        """Whose sheets of the agent this rater sees in a list."""
        sheets = self._as(self.users[role], self.env["cs.appraisal.sheet"])
        return set(sheets.search([("appraisal_id", "=", self.appraisal.id)]).mapped("role"))

    def test_everyone_asked_gets_a_sheet(self):
        self.assertEqual(set(self.appraisal.sheet_ids.mapped("role")), set(TOTALS))
        self.assertEqual(self.sheets["colleague"].rater_id, self.colleague)
        self.assertEqual(self.sheets["colleague"].rater_user_id, self.colleague.user_id)
        self.assertFalse(self.sheets["office"].rater_id)
        peers = self._sheet(self.peer, MONTH, "colleague")
        self.assertFalse(peers.rater_id, "nobody is named yet")
        self.assertEqual(self.cycle._get_open_raters()[self.colleague.user_id], 1)
        desk = self._as(self.colleague.user_id, self.env["cs.appraisal.sheet"])
        self.assertEqual(desk.search([("is_mine", "=", True)]), self.sheets["colleague"])

    def test_blind_until_all_are_in(self):
        for done in ((), ("superior",), ("superior", "colleague")):
            self._submit(*done[-1:])
            for role in TOTALS:
                self.assertEqual(self._seen(role), {role}, done)
        for reader in TOTALS:
            for role in set(TOTALS) - {reader}:
                sheet = self._as(self.users[reader], self.sheets[role])
                for refused in (
                    lambda sheet=sheet: sheet.read(["total"]),
                    lambda sheet=sheet: sheet.line_ids.read(["grade_id"]),
                    lambda sheet=sheet: self._fill_in(sheet, 60),
                ):
                    with self.assertRaises(AccessError):
                        refused()
        self.assertFalse(self.appraisal.complete)
        self._submit("office")
        for role in TOTALS:
            self.assertEqual(self._seen(role), set(TOTALS))
        self.assertTrue(all(sheet.seen_on for sheet in self.sheets.values()))

    def test_sees_nothing_of_other_agents(self):
        user = self.colleague.user_id
        peers = self._appraisal(self.peer, MONTH)
        seen = self._as(user, self.env["cs.appraisal"]).search([])
        self.assertEqual(seen, self.appraisal)
        with self.assertRaises(AccessError):
            self._as(user, peers.sheet_ids[0]).read(["role"])

    def test_one_person_enters_one_form(self):
        """In the office, too: whoever is asked by name does not fill in the office's form."""
        self.colleague.user_id.group_ids |= self.env.ref("cs_promotion.group_office")
        self.assertEqual(self._seen("colleague"), {"colleague"})
        with self.assertRaises(AccessError):
            self._fill_in(self._as(self.colleague.user_id, self.sheets["office"]), 80)
        with self.assertRaisesRegex(UserError, "fills in another form"):
            self._as(self.user_office, self.appraisal).colleague_id = self.superior

    def test_score_weighs_all(self):
        """(50 x 90 + 50 x 80 + 20 x 100) / 120"""
        self._submit(*TOTALS)
        self._appraisal(self.peer, MONTH)._exclude("not part of this test")
        self._close(self.cycle)
        self.assertEqual(self.appraisal.score, 87.5)
        gaps = self.env["cs.score.report"]._read_group(
            [("employee_id", "=", self.agent.id)], ["role"], ["total_gap:avg"]
        )
        self.assertEqual(dict(gaps), {"superior": 0, "office": -15, "colleague": 15})

    def test_closing_names_the_missing_sheet(self):
        self._submit("superior", "office")
        with self.assertRaises(UserError) as caught:
            self._close_as_office(self.cycle)
        message = str(caught.exception)
        self.assertIn("Agent: Colleague, 0 of 20 items", message)
        self.assertIn("Peer: Colleague, 0 of 20 items; nobody is named", message)

    def test_another_is_named(self):
        other = self._employee("Other")
        self._fill_in(self._as(self.users["colleague"], self.sheets["colleague"]), 60, submit=False)
        self._as(self.user_office, self.appraisal).colleague_id = other
        self.assertEqual(self.sheets["colleague"].rater_user_id, other.user_id)
        self.assertEqual(self.sheets["colleague"].answered, 0)
        self.assertEqual(self._seen("colleague"), set())
        self._fill_in(self._as(other.user_id, self.sheets["colleague"]), 100)
        self.agent.colleague_id = self.colleague
        self.assertEqual(self.appraisal.colleague_id, other, "HR's next choice is of later months")

    def test_on_paper(self):
        """Without a login the office enters the form, once its own is in, by another person."""
        self.colleague.user_id = False
        clerk = self._make_user("clerk", OFFICE, self.company)
        self._submit("superior")
        paper = self.sheets["colleague"]
        with self.assertRaises(AccessError):
            self._as(clerk, paper).read(["total"])
        self._submit("office")
        with self.assertRaisesRegex(UserError, "never enters both"):
            self._as(self.user_office, self.appraisal).action_enter_paper()
        action = self._as(clerk, self.appraisal).action_enter_paper()
        self.assertEqual(action["res_id"], paper.id)
        self._fill_in(self._as(clerk, paper), 100)
        self.assertEqual(paper.paper_by, clerk)
        self.assertTrue(self.appraisal.complete)

    def test_told_and_printed(self):
        policy = self.cycle.policy_id
        self.assertIn("Colleague (weight 20)", policy.page_html)
        self._submit(*TOTALS)
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_scorecard", self.appraisal.ids
        )
        self.assertEqual(page.decode().count("Colleague"), 3, "head, column, signature")

    def test_scenario_takes_its_keys(self):
        good, less = [5] * 20, [3] * 15 + [5] * 5
        month = {"superior": good, "office": good, "colleague": less}
        agent = {"department": "Hotline", "hired": "2026-01-01", "months": {"2026-01": month}}
        result = self.env["cs.replay"]._play(
            json.dumps(
                {
                    "from": "2026-01",
                    "until": "2026-01",
                    "policy": {"settings": {"colleague_weight": 100}},
                    "employees": {"ANNA": agent},
                }
            )
        )
        # half from the colleague, who gave 15 x 3 + 5 x 5
        self.assertEqual(result["employees"]["ANNA"]["months"]["2026-01"]["score"], 85)

    def test_fields_of_an_addon_on_what_is_made_in_bulk(self):
        """A default is taken as create() takes it, whoever opens the period; the hook is called
        with all that is new, and once."""
        self.assertEqual(self.cycle.appraisal_ids.mapped("talk_minutes"), [60, 60])
        self._appraisal(self.agent, MONTH).talk_minutes = 15
        self.cycle._open()
        self.assertEqual(self._appraisal(self.agent, MONTH).talk_minutes, 15, "is there already")
        later = self._open("2025-07")
        self.assertEqual(set(later.appraisal_ids.mapped("talk_minutes")), {30})
        own = {"default_talk_minutes": 5, "default_judged": True, "default_submitted_by": 1}
        august = self._cycle("2025-08").with_context(**own)
        self._as(self.user_office, august).with_context(**own).action_open()
        appraisals = august.appraisal_ids
        self.assertEqual(set(appraisals.mapped("talk_minutes")), {30}, "not the caller's")
        self.assertFalse(any(appraisals.mapped("judged")))
        self.assertFalse(appraisals.sheet_ids.submitted_by)
