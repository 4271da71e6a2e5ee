from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestLeavers(CsPromotionCase):
    """People who are archived, with and without an end of their contract, followed through."""

    @classmethod
    def _depart(cls, agent, day, set_date_end=True):
        """Odoo's own departure wizard, which archives."""
        cls.env["hr.departure.wizard"].with_context(employee_termination=True).create(
            {
                "employee_ids": [(6, 0, agent.ids)],
                "departure_date": day,
                "departure_reason_id": cls.env["hr.departure.reason"].search([], limit=1).id,
                "set_date_end": set_date_end,
            }
        ).action_register_departure()
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _archive(self, agent, day):
        """Archived on a day by whoever may, without an end of the contract."""
        with freeze_time(f"{day} 10:00:00"):
            agent.action_archive()
            self.env.flush_all()
        self.env.invalidate_all()

    def test_R1_R2_archived_in_mid_month_still_has_score_and_rank(self):
        self._depart(self.agent, "2025-06-18")
        self._play("2025-06", {self.agent: 80, self.peer: 90})
        june = self._appraisal(self.agent, "2025-06")
        self.assertEqual((june.score, june.rank), (80, 2))
        row = self.env["cs.board"].browse(june.id)
        self.assertEqual((row.employee_id, row.rank), (self.agent, 2))

    def test_archived_without_an_end_of_contract_has_left_that_day(self):
        cases = {
            "archived": lambda agent: agent.action_archive(),
            "active written": lambda agent: agent.write({"active": False}),
            "resource archived": lambda agent: agent.resource_id.write({"active": False}),
        }
        for way, archive in cases.items():
            agent = self._make_agent(f"Left {way}")
            with freeze_time("2025-06-18 10:00:00"):
                archive(agent)
                self.env.flush_all()
            with self.subTest(way):
                self.assertEqual(self._tier_on(agent, "2025-06-18"), "junior")
                self.assertIsNone(self._tier_on(agent, "2025-06-19"))
                agent.action_unarchive()
                self.assertEqual(self._tier_on(agent, "2025-06-19"), "junior")

    def test_departure_date_without_an_end_of_contract_is_the_last_day(self):
        self._depart(self.agent, "2025-06-10", set_date_end=False)
        self.assertFalse(self.agent.version_id.contract_date_end)
        self.assertEqual(self._tier_on(self.agent, "2025-06-10"), "junior")
        self.assertIsNone(self._tier_on(self.agent, "2025-06-11"))

    def test_a_former_departure_is_not_taken_for_the_present_one(self):
        self.agent.version_id.write({"departure_date": "2024-05-01"})
        with freeze_time("2025-06-18 10:00:00"):
            self.agent.write({"active": False})
            self.env.flush_all()
        self.assertEqual(f"{self.agent.cs_left_on}", "2025-06-18")

    def test_nobody_archived_holds_up_the_months_after(self):
        self._archive(self.agent, "2025-06-18")
        self._play("2025-06", {self.agent: 80})
        july = self._open("2025-07")
        self.assertNotIn(self.agent, july.appraisal_ids.employee_id)
        self._score(july.appraisal_ids, 80)
        self._close(july)
        self.assertEqual(july.state, "closed")

    def test_the_closing_says_who_is_archived_and_what_to_do(self):
        june = self._open("2025-06")
        self._archive(self.agent, "2025-06-18")
        self._score(june.appraisal_ids - self._appraisal(self.agent, "2025-06"), 80)
        with self.assertRaisesRegex(
            UserError, "Agent: .*archived, .*2025-06-18.*leave the agent out"
        ):
            june.with_user(self.user_office).action_close()

    def test_an_archived_superior_is_named_with_what_to_do(self):
        june = self._open("2025-06")
        self.superior.action_archive()
        self.user_superior.active = False
        for appraisal in june.appraisal_ids:
            self._fill_in(self._sheet(appraisal.employee_id, "2025-06", "office"), 80)
        with self.assertRaisesRegex(UserError, "Superior is archived: name another"):
            june.with_user(self.user_office).action_close()
        june._remind()
        self.assertNotIn(self.user_superior, june.activity_ids.user_id)
        self.assertIn(self.user_office, june.activity_ids.user_id)
        appraisals = june.appraisal_ids.with_user(self.user_office)
        appraisals.write({"superior_id": self.stranger.id})
        for appraisal in june.appraisal_ids:
            self._fill_in(self._sheet(appraisal.employee_id, "2025-06", "superior"), 80)
        june.with_user(self.user_office).action_close()
        self.assertEqual(june.state, "closed")

    def test_months_opened_after_the_superior_left_say_that_none_is_named(self):
        self.superior.action_archive()
        june = self._open("2025-06")
        with self.assertRaisesRegex(UserError, "nobody is named: name somebody"):
            june.with_user(self.user_office).action_close()

    def test_an_archived_office_user_is_asked_for_nothing(self):
        june = self._open("2025-06")
        self.user_office.active = False
        june._remind()
        self.assertNotIn(self.user_office, june.activity_ids.user_id)
        self.assertIn(self.user_manager, june.activity_ids.user_id)

    def test_an_archived_department_keeps_its_ranks(self):
        june = self._play("2025-06", {self.agent: 80, self.peer: 90})
        self.hotline.active = False
        rows = self.env["cs.board"].with_user(self.user_office).search([("cycle_id", "=", june.id)])
        self.assertEqual(rows.mapped("department_id.name"), [self.hotline.name])
        july = self._play("2025-07", {self.agent: 80, self.peer: 90})
        self.assertEqual(july.appraisal_ids.department_id, self.hotline)

    def test_counts_and_pages_leave_archived_agents_out(self):
        path = self.env["cs.path"]
        self.assertTrue(path.search([("employee_id", "=", self.agent.id)]))
        self._archive(self.agent, "2025-06-18")
        self.assertFalse(path.search([("employee_id", "=", self.agent.id)]))
        dashboard = self.env["cs.dashboard"].browse(self.company.id)
        self.assertEqual(dashboard.agent_count, 1)

    def test_records_of_archived_agents_are_found_by_name_and_read(self):
        agent = self._make_agent("Zacharias")
        self._figure(agent, "2025-06", handled=10)
        self._violation(agent, "2025-06-10")
        self._award(agent, "2025-06")
        self._probation_test(agent, "2025-06-10")
        self._decide(agent, "senior", "2025-06-15", announce=False)
        self._play("2025-06", {agent: 80})
        self._depart(agent, "2025-06-18")
        models = ("appraisal", "appraisal.sheet", "figure", "violation", "award")
        models += ("probation.test", "decision", "board", "score.report")
        for name in models:
            with self.subTest(name):
                model = self._as(self.user_office, self.env[f"cs.{name}"])
                found = model.search([("employee_id", "ilike", "Zachar")])
                self.assertTrue(found)
                rows = found.web_read({"employee_id": {"fields": {"display_name": {}}}})
                self.assertEqual({row["employee_id"]["display_name"] for row in rows}, {agent.name})

    def test_the_office_reads_public_profiles_as_before(self):
        for user in (self.user_office, self.user_manager, self.user_agent):
            employee = self._as(user, self.agent)
            self.assertEqual((employee.name, employee.company_id), ("Agent", self.company))

    def test_U1_confirmed_before_the_last_day_though_archived_since(self):
        agent = self._make_agent("New", "probation", hired="2025-05-01")
        self._probation_test(agent, "2025-05-20")
        self._depart(agent, "2025-06-18")
        with freeze_time("2025-06-20 10:00:00"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_confirm").method_direct_trigger()
        [decision] = self._decisions(agent)
        self.assertEqual(f"{decision.effective_date}", "2025-06-01")
