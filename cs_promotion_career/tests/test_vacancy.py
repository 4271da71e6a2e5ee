from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.common import CsPromotionCase


class VacancyCase(CsPromotionCase):
    """Two seniors and a reserve supervisor, half a year of scores; the hotline needs a head."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.best = cls._make_agent("Best", "senior", hired="2024-01-01", user=True)
        cls.other = cls._make_agent("Other", "senior", since="2025-01-01", hired="2024-01-01")
        cls.reserve = cls._make_agent("Reserve", "reserve", since="2024-07-01", hired="2024-01-01")
        cls._make_agent("Gone", "senior", hired="2024-01-01", left="2025-03-31")
        cls.hotline.manager_id = cls.superior
        for month, best in (("2025-01", 96), ("2025-02", 98), ("2025-03", 94)):
            cls._play(month, {cls.best: best, cls.other: 92, cls.reserve: 90, cls.agent: 95})
        cls._award(cls.best, "2025-02")
        cls._violation(cls.other, "2025-03-10", fine=100)

    def setUp(self):
        super().setUp()
        clock = freeze_time("2025-04-15")
        clock.start()
        self.addCleanup(clock.stop)

    def _vacancy(self, draw=True, **values):
        vacancy = self._as(self.user_office, self.env["cs.vacancy"]).create(
            {"department_id": self.hotline.id, "date": "2025-05-01", "cause": "promoted"} | values
        )
        if draw:
            vacancy.action_draw()
        return vacancy.with_user(self.env.user)

    def _candidate(self, vacancy, employee):
        return vacancy.candidate_ids.filtered(lambda each: each.employee_id == employee)

    def _appoint(self, vacancy, employee, grounds="The best all-round ability"):
        vacancy = self._as(self.user_manager, vacancy)
        vacancy.write({"chosen_id": self._candidate(vacancy, employee).id, "grounds": grounds})
        vacancy.action_appoint()


@tagged("post_install", "-at_install", "cs_promotion")
class TestVacancy(VacancyCase):
    """L5: reserve supervisors and seniors are weighed by all-round ability."""

    def test_slate(self):
        vacancy = self._vacancy()
        self.assertEqual(vacancy.former_id, self.superior)
        vacancy.invalidate_recordset()
        self.assertEqual(vacancy.candidate_ids.employee_id, self.reserve | self.best | self.other)
        self.assertEqual(vacancy.candidate_ids[0].employee_id, self.reserve)
        best, other = (self._candidate(vacancy, each) for each in (self.best, self.other))
        self.assertEqual(
            (
                best.score_mean,
                best.score_last,
                best.rank_last,
                best.quarter_score_last,
                best.quarter_rank_last,
                best.top_count,
                best.award_count,
                best.violation_count,
            ),
            (96, 94, 2, 96, 1, 3, 1, 0),
        )
        self.assertEqual((best.tier_months, best.service_months), (15, 15))
        self.assertEqual((other.tier_months, other.service_months), (3, 15))
        self.assertEqual((other.rank_last, other.top_count, other.violation_count), (3, 3, 1))
        self.assertEqual(best.department_id, self.hotline)

    def test_refreshing_keeps_the_choice(self):
        vacancy = self._vacancy()
        candidate = self._candidate(vacancy, self.best)
        self._as(self.user_manager, vacancy).chosen_id = candidate
        self._award(self.best, "2025-03")
        self.other.version_id.contract_date_end = "2025-04-10"
        self._as(self.user_office, vacancy).action_draw()
        self.assertEqual(vacancy.candidate_ids.employee_id, self.reserve | self.best)
        self.assertEqual((vacancy.chosen_id, candidate.award_count), (candidate, 2))

    def test_one_who_falls_off_the_slate_is_no_longer_chosen(self):
        vacancy = self._vacancy()
        self._as(self.user_manager, vacancy).chosen_id = self._candidate(vacancy, self.other)
        self.other.version_id.contract_date_end = "2025-04-10"
        self._as(self.user_office, vacancy).action_draw()
        self.assertFalse(vacancy.chosen_id)

    def test_queries_do_not_grow_with_the_slate(self):
        def count(vacancy):
            # what the registry keeps, whoever was there before
            self.env["cs.metric"]._get_terms()
            self.env["cs.tier"]._get_ids_by_code()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            vacancy._get_figures(fields.Date.today())
            return self.env.cr.sql_log_count - before

        vacancy = self._vacancy()
        few = count(vacancy)
        for number in range(12):
            self._make_agent(f"Senior {number}", "senior", hired="2024-02-01")
        self.assertEqual(count(vacancy), few)
        self.assertEqual(len(vacancy._get_figures(fields.Date.today())), 15)

    def test_appointment_as_supervisor_leaves_the_ladder(self):
        job = self.env["hr.job"].create({"name": "CS supervisor", "company_id": self.company.id})
        vacancy = self._vacancy(job_id=job.id)
        self._appoint(vacancy, self.reserve)
        self.assertEqual((vacancy.state, vacancy.decided_by), ("filled", self.user_manager))
        self.assertEqual(self._tier_on(self.reserve, "2025-04-30"), "reserve")
        self.assertIsNone(self._tier_on(self.reserve, "2025-05-01"))
        version = self.reserve._get_version(fields.Date.to_date("2025-05-01"))
        self.assertEqual(version.job_id, job)
        cron = self.env.ref("cs_promotion_career.ir_cron_set_heads")
        with freeze_time("2025-04-30"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertEqual(self.hotline.manager_id, self.superior)
        with freeze_time("2025-05-01"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.hotline.manager_id, self.reserve)

    def test_appointment_as_reserve_supervisor_is_a_decision(self):
        vacancy = self._vacancy(appointment="reserve")
        self._appoint(vacancy, self.best)
        decision = vacancy.decision_id
        self.assertEqual(
            (decision.kind, decision.state, decision.grounds, decision.decided_by),
            ("exceptional", "announced", "The best all-round ability", self.user_manager),
        )
        self._apply("2025-05-01")
        self.assertEqual(self._tier_on(self.best, "2025-05-01"), "reserve")
        self.assertEqual(self.hotline.manager_id, self.superior)

    def test_reserve_supervisor_cannot_step_up_to_it(self):
        vacancy = self._vacancy(appointment="reserve")
        with self.assertRaisesRegex(ValidationError, "leads to a higher tier"):
            self._appoint(vacancy, self.reserve)

    def test_choice_and_grounds_are_asked_for(self):
        vacancy = self._vacancy()
        with self.assertRaisesRegex(UserError, "choose a candidate"):
            self._as(self.user_manager, vacancy).action_appoint()
        with self.assertRaisesRegex(UserError, "grounds"):
            self._appoint(vacancy, self.best, grounds=" ")
        with self.assertRaisesRegex(ValidationError, "not on its slate"):
            self._as(self.user_manager, vacancy).chosen_id = self._candidate(
                self._vacancy(), self.best
            )

    def test_not_in_a_closed_month(self):
        vacancy = self._vacancy(date="2025-03-15")
        with self.assertRaisesRegex(UserError, "is closed"):
            self._appoint(vacancy, self.best)

    def test_settled_is_settled(self):
        vacancy = self._vacancy()
        self._appoint(vacancy, self.best)
        manager = self._as(self.user_manager, vacancy)
        for action in (
            manager.action_draw,
            manager.action_cancel,
            manager.action_appoint,
            manager.unlink,
        ):
            with self.subTest(action.__name__), self.assertRaises(UserError):
                action()
        with self.assertRaises(UserError):
            manager.grounds = "Something else"


@tagged("post_install", "-at_install", "cs_promotion")
class TestVacancyAccess(VacancyCase):
    def test_who_sees_it(self):
        vacancy = self._vacancy()
        for user in (self.best.user_id, self.user_superior, self.user_stranger):
            for record in (vacancy, vacancy.candidate_ids):
                with self.subTest(user.login, on=record._name), self.assertRaises(AccessError):
                    self._as(user, record).read()
        for user in (self.user_office_b, self.user_manager_b):
            with self.subTest(user.login):
                self.assertFalse(self._as(user, self.env["cs.vacancy"]).search([]))
                self.assertFalse(self._as(user, self.env["cs.vacancy.candidate"]).search([]))
                with self.assertRaises(AccessError):
                    self._as(user, vacancy).action_draw()
        self.assertTrue(self._as(self.user_office, vacancy.candidate_ids).mapped("score_mean"))

    def test_office_does_not_choose(self):
        vacancy = self._vacancy()
        office = self._as(self.user_office, vacancy)
        with self.assertRaises(AccessError):
            office.chosen_id = vacancy.candidate_ids[0]
        with self.assertRaises(AccessError):
            office.action_appoint()
        with self.assertRaises(UserError):
            office.write({"state": "filled"})
        with self.assertRaises(AccessError):
            self._as(self.user_office, vacancy.candidate_ids[0]).write({"score_mean": 100})
        with self.assertRaises(AccessError):
            self._as(self.user_office, self.env["cs.vacancy.candidate"]).create(
                {
                    "vacancy_id": vacancy.id,
                    "employee_id": self.agent.id,
                    "tier_id": self.tiers["senior"].id,
                }
            )

    def test_one_on_the_slate_does_not_appoint(self):
        self.best.user_id.group_ids |= self.env.ref("cs_promotion.group_manager")
        vacancy = self._vacancy()
        own = self._as(self.best.user_id, vacancy)
        own.write({"chosen_id": self._candidate(vacancy, self.other).id, "grounds": "Better"})
        with self.assertRaisesRegex(UserError, "on the slate yourself"):
            own.action_appoint()
