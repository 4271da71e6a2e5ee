from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestCycle(CsPromotionCase):
    """Periods and their opening: who is asked about whom (R1, S1, S3, O5)."""

    def _agents(self, cycle):
        return set(cycle.appraisal_ids.employee_id.mapped("name"))

    # ------------------------------------------------------------------ who is reviewed

    def test_R1_every_agent_on_the_ladder_probation_included(self):
        self._make_agent("Newcomer", tier="probation")
        cycle = self._open("2025-03")
        self.assertEqual(self._agents(cycle), {"Agent", "Peer", "Newcomer"})
        appraisal = self._appraisal(self.agent, "2025-03")
        self.assertRecordValues(
            appraisal,
            [
                {
                    "company_id": self.company.id,
                    "kind": "month",
                    "date_start": date(2025, 3, 1),
                    "date_end": date(2025, 3, 31),
                    "department_id": self.hotline.id,
                    "tier_id": self.tiers["junior"].id,
                    "superior_id": self.superior.id,
                    "complete": False,
                    "closed": False,
                    "scored": False,
                    "rank": 0,
                }
            ],
        )

    def test_R1_joiners_and_leavers_of_the_month(self):
        self._make_agent("First of March", hired="2025-03-01")
        self._make_agent("Last of March", hired="2025-03-31")
        self._make_agent("April", hired="2025-04-01")
        self._make_agent("Left on the first", left="2025-03-01")
        self._make_agent("Left in February", left="2025-02-28")
        cycle = self._open("2025-03")
        self.assertEqual(
            self._agents(cycle),
            {"Agent", "Peer", "First of March", "Last of March", "Left on the first"},
        )

    def test_R1_archived_leaver_is_reviewed_for_the_last_month(self):
        leaver = self._make_agent("Archived leaver", left="2025-03-10")
        leaver.active = False
        self.assertIn("Archived leaver", self._agents(self._open("2025-03")))
        self.assertNotIn("Archived leaver", self._agents(self._open("2025-04")))

    def test_R1_back_in_the_company_after_a_break(self):
        agent = self._make_agent("Back again", left="2025-02-10")
        agent.create_contract("2025-04-15")
        self.assertIn("Back again", self._agents(self._open("2025-02")))
        self.assertNotIn("Back again", self._agents(self._open("2025-03")))
        self.assertIn("Back again", self._agents(self._open("2025-04")))

    def test_R1_companies_apart(self):
        self.assertEqual(self._agents(self._open("2025-03")), {"Agent", "Peer"})
        other = self._open("2025-03", company=self.company_b)
        self.assertEqual(self._agents(other), {"Agent_b", "Peer_b"})
        self.assertEqual(other.appraisal_ids.sheet_ids.company_id, self.company_b)

    def test_R2_place_at_the_end_of_the_period(self):
        """Department and tier of the last day; a leaver's of the last day employed."""
        self.agent.create_version({"date_version": "2025-03-20"}).department_id = self.front_desk
        leaver = self._make_agent("Leaver", left="2025-03-24")
        leaver.create_version({"date_version": "2025-03-24"}).department_id = self.front_desk
        cycle = self._open("2025-03")
        places = {each.employee_id: each.department_id for each in cycle.appraisal_ids}
        self.assertEqual(places[self.agent], self.front_desk)
        self.assertEqual(places[leaver], self.front_desk)
        self.assertEqual(places[self.peer], self.hotline)

    # ------------------------------------------------------------------ sheets

    def test_S1_a_sheet_for_each_rater_with_the_twenty_items(self):
        cycle = self._open("2025-03")
        scorecard = self.policy.scorecard_id.section_ids.item_ids.sorted("number")
        self.assertEqual(cycle.appraisal_ids.employee_id, self.agent | self.peer)
        for appraisal in cycle.appraisal_ids:
            sheets = appraisal.sheet_ids
            self.assertEqual(sorted(sheets.mapped("role")), ["office", "superior"])
            self.assertEqual(sheets.superior_user_id, self.user_superior)
            for sheet in sheets:
                items = sheet.line_ids.sorted("number").item_id
                self.assertEqual(items, scorecard)
                self.assertEqual(items.mapped("number"), list(range(1, 21)))
                for line in sheet.line_ids:
                    self.assertEqual(line.section_id, line.item_id.section_id)
                    self.assertFalse(line.grade_id)
                self.assertEqual((sheet.state, sheet.answered), ("draft", 0))
                self.assertEqual(sheet.item_count, 20)

    def test_S3_a_rater_of_weight_zero_is_not_asked(self):
        for weights, role in (((0, 50), "office"), ((50, 0), "superior")):
            company = self.env["res.company"].create({"name": f"Only the {role}"})
            self._make_policy(company, superior_weight=weights[0], office_weight=weights[1])
            department = self.env["hr.department"].create(
                {"name": "Hotline", "company_id": company.id}
            )
            superior = self.env["hr.employee"].create(
                {"name": "Superior", "company_id": company.id}
            )
            self._make_agent("Alone", department=department, parent=superior)
            cycle = self._open("2025-03", company=company)
            self.assertEqual(cycle.appraisal_ids.sheet_ids.mapped("role"), [role])
            self._score(cycle.appraisal_ids, 80)
            self.assertTrue(cycle.appraisal_ids.complete)
            self.assertEqual(self._close(cycle).appraisal_ids.score, 80)

    def test_agent_without_superior_is_opened_too(self):
        self.agent.parent_id = False
        self._open("2025-03")
        sheet = self._sheet(self.agent, "2025-03", "superior")
        self.assertEqual(len(sheet.line_ids), 20)
        self.assertFalse(sheet.superior_user_id)

    def test_opening_again_keeps_what_is_there(self):
        cycle = self._open("2025-03")
        sheet = self._sheet(self.agent, "2025-03", "office")
        self._fill_in(sheet, 80)
        counts = self._count_rows(cycle)
        cycle.action_open()
        self.assertEqual(self._count_rows(cycle), counts)
        self.assertEqual((sheet.state, sheet.total), ("submitted", 80))

    def test_opening_again_adds_who_joined_since(self):
        cycle = self._open("2025-03")
        late = self._make_agent("Late", hired="2025-03-15")
        cycle.action_open()
        self.assertEqual(len(self._appraisal(late, "2025-03").sheet_ids.line_ids), 40)
        self.assertEqual(self._count_rows(cycle), (3, 6, 120))

    def test_left_out_agents_stay_out_until_taken_in_again(self):
        cycle = self._open("2025-03")
        appraisal = self._appraisal(self.agent, "2025-03")
        appraisal._exclude("On leave")
        late = self._make_agent("Late", hired="2025-03-15")
        late_appraisal = cycle._open() or self._appraisal(late, "2025-03")
        late_appraisal._exclude("Too short")
        late_appraisal.sheet_ids.unlink()
        cycle.action_open()
        self.assertFalse(late_appraisal.sheet_ids)
        self.assertTrue(appraisal.excluded)
        late_appraisal.action_include()
        self.assertEqual(len(late_appraisal.sheet_ids), 2)
        self.assertFalse(late_appraisal.excluded_reason)

    def _count_rows(self, cycle):
        sheets = cycle.appraisal_ids.sheet_ids
        return len(cycle.appraisal_ids), len(sheets), len(sheets.line_ids)

    # ------------------------------------------------------------------ periods

    def test_period_starts_on_the_first(self):
        for kind, day in (("month", "2025-03-02"), ("quarter", "2025-02-01")):
            with (
                self.subTest(kind),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._create_cycle(kind, day)

    def test_period_has_one_cycle(self):
        self._create_cycle("month", "2025-01-01")
        self._create_cycle("quarter", "2025-01-01")
        self._create_cycle("month", "2025-01-01", self.company_b)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._create_cycle("month", "2025-01-01")

    def test_period_cannot_be_moved(self):
        cycle = self._create_cycle("month", "2025-01-01")
        for vals in ({"date_start": "2025-02-01"}, {"kind": "quarter"}):
            with self.subTest(vals), self.assertRaises(UserError):
                cycle.write(vals)
        self.assertEqual((cycle.kind, cycle.date_start), ("month", date(2025, 1, 1)))

    def test_period_before_a_closed_one_is_refused(self):
        self._play("2025-03", {})
        with (
            self.assertRaisesRegex(ValidationError, "January 2025 cannot be opened: Q1 2025 is"),
            self.env.cr.savepoint(),
        ):
            self._create_cycle("month", "2025-01-01")

    def test_period_without_a_policy_is_refused(self):
        with self.assertRaisesRegex(UserError, "CS Test has no promotion policy .*2023-12-31"):
            self._create_cycle("month", "2023-12-01")

    def test_closed_cycle_is_neither_opened_nor_deleted(self):
        cycle = self._play("2025-03", {self.agent: 80, self.peer: 70})
        for method in (cycle.action_open, cycle.unlink, cycle.appraisal_ids.unlink):
            with self.assertRaisesRegex(UserError, "March 2025 is closed"):
                method()
        self.assertEqual(self._appraisal(self.agent, "2025-03").score, 80)

    def test_names(self):
        self.assertEqual(self._create_cycle("month", "2025-02-01").name, "February 2025")
        self.assertEqual(self._create_cycle("quarter", "2025-01-01").name, "Q1 2025")

    def test_form_proposes_the_current_month(self):
        with (
            freeze_time("2025-03-20"),
            Form(self.env["cs.cycle"].with_company(self.company)) as form,
        ):
            self.assertEqual(form.date_start, date(2025, 3, 1))
        self.assertEqual(form.record.date_end, date(2025, 3, 31))
        self.assertEqual(form.record.policy_id, self.policy)

    def _create_cycle(self, kind, day, company=None):
        return self.env["cs.cycle"].create(
            {"kind": kind, "date_start": day, "company_id": (company or self.company).id}
        )

    # ------------------------------------------------------------------ policy of the last day

    def test_O5_policy_in_force_on_the_last_day(self):
        newer = self._make_policy(self.company, "2025-03-01")
        self.assertEqual(self._cycle("2025-02").policy_id, self.policy)
        self.assertEqual(self._cycle("2025-03").policy_id, newer)
        self.assertEqual(self._cycle("2025-01", "quarter").policy_id, newer)

    def test_O5_open_cycles_follow_a_policy_activated_later(self):
        before, after = self._cycle("2025-02"), self._cycle("2025-03")
        newer = self._make_policy(self.company, "2025-03-01")
        self.assertEqual(before.policy_id, self.policy)
        self.assertEqual(after.policy_id, newer)

    # ------------------------------------------------------------------ opening what is due

    def _open_due(self, day):
        self.env["cs.cycle"]._open_due(self.company, fields.Date.to_date(day))
        return self.env["cs.cycle"].search(
            [("company_id", "=", self.company.id), ("state", "=", "open")], order="date_end, kind"
        )

    def test_due_is_the_current_month(self):
        self.assertEqual(self._open_due("2025-05-02").mapped("name"), ["May 2025"])
        self.assertEqual(self._open_due("2025-05-31").mapped("name"), ["May 2025"])

    def test_due_are_the_months_missed_since_the_last_closed(self):
        self._play("2025-01", {})
        opened = self._open_due("2025-04-01")
        self.assertEqual(
            opened.mapped("name"), ["February 2025", "March 2025", "Q1 2025", "April 2025"]
        )
        months = opened.filtered(lambda cycle: cycle.kind == "month")
        self.assertEqual([len(cycle.appraisal_ids) for cycle in months], [2, 2, 2])

    def test_due_are_the_months_missed_since_the_first_open(self):
        self._open("2025-02")
        self.assertEqual(
            self._open_due("2025-04-01").mapped("name"),
            ["February 2025", "March 2025", "Q1 2025", "April 2025"],
        )

    def test_due_is_nothing_before_the_first_policy(self):
        self.assertFalse(self._open_due("2023-12-31"))
        self.assertEqual(self._open_due("2024-01-01").mapped("name"), ["January 2024"])
