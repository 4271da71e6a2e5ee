"""Nobody decides on a matter of their own; a proposal stands in nobody's way (O2, policy 12)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import MANAGER, OFFICE, CsPromotionCase

OWN = "matter of your own"


@tagged("post_install", "-at_install", "cs_promotion")
class TestOwnMatter(CsPromotionCase):
    """A manager, and one of the office, who stand on the ladder themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_boss = cls._make_user("boss", MANAGER)
        cls.boss = cls._make_agent("Boss", tier="intermediate", user=cls.user_boss)
        cls.user_clerk = cls._make_user("clerk", OFFICE)
        cls.clerk = cls._make_agent("Clerk", user=cls.user_clerk)

    def _refused(self, action, words=OWN, error=UserError):
        with self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            action()
            self.env.flush_all()

    def _propose(self, user, agent, tier="senior", day="2025-04-01"):
        return (
            self.env["cs.decision"]
            .with_user(user)
            .create(
                {
                    "employee_id": agent.id,
                    "tier_to_id": self.tiers[tier].id,
                    "effective_date": day,
                    "grounds": "Outstanding",
                }
            )
        )

    def test_proposal_for_oneself(self):
        self._refused(lambda: self._propose(self.user_boss, self.boss))
        mine = self._propose(self.user_boss, self.agent)
        self._refused(lambda: mine.write({"employee_id": self.boss.id}))
        about_me = self._decide(self.boss, "senior", "2025-05-01", announce=False)
        for step in (
            lambda: self._as(self.user_boss, about_me).write({"grounds": "Even better"}),
            lambda: self._as(self.user_boss, about_me).write({"employee_id": self.agent.id}),
            lambda: self._as(self.user_boss, about_me).unlink(),
            lambda: self._as(self.user_boss, about_me).action_approve(),
            lambda: self._as(self.user_boss, about_me).action_reject(),
            lambda: self._as(self.user_boss, about_me).action_attest(),
            lambda: self._as(self.user_boss, about_me).action_apply(),
        ):
            self._refused(step)
        for name in ("can_approve", "can_reject", "can_attest", "can_apply", "can_withdraw"):
            self.assertFalse(self._as(self.user_boss, about_me)[name], name)
        self.assertTrue(self._as(self.user_manager, about_me).can_approve)

    def test_own_records(self):
        kind = self.env.ref("cs_promotion.violation_type_slacking").id
        for model, values in (
            ("cs.figure", {"month": "2025-02-01", "sales": 1000}),
            ("cs.award", {"month": "2025-02-01"}),
            ("cs.probation.test", {"date": "2025-02-10", "knowledge": 90, "skills": 90}),
            ("cs.violation", {"date": "2025-02-10", "type_id": kind}),
        ):
            records = self.env[model].with_user(self.user_clerk)
            with self.subTest(model):
                self._refused(
                    lambda records=records, values=values: records.create(
                        {"employee_id": self.clerk.id, **values}
                    ),
                    words="",
                )
                other = records.create({"employee_id": self.agent.id, **values})
                self._refused(lambda other=other: other.write({"employee_id": self.clerk.id}), "")
                own = self.env[model].create({"employee_id": self.clerk.id, **values})
                self._refused(lambda own=own: self._as(self.user_clerk, own).unlink(), "")

    def test_title_from_the_board(self):
        self._play("2025-02", {self.clerk: 90})
        row = self.env["cs.board"].browse(self._appraisal(self.clerk, "2025-02").id)
        self._refused(lambda: self._as(self.user_clerk, row).action_award(), "")

    def test_own_month_is_reopened_by_another(self):
        cycle = self._play("2025-02", {self.boss: 70})
        self._refused(lambda: self._as(self.user_boss, cycle).action_reopen())
        self.assertFalse(self._as(self.user_boss, cycle).can_reopen)
        self.assertTrue(self._as(self.user_manager, cycle).can_reopen)
        wizard = (
            self.env["cs.reason"]
            .with_user(self.user_boss)
            .create({"step": "reopen", "record_ids": cycle.ids, "reason": "My score"})
        )
        self._refused(wizard.action_take)
        self.assertEqual(cycle.state, "closed")

    def test_own_sheet_and_place_in_the_month(self):
        cycle = self._open("2025-02")
        appraisal = self._appraisal(self.clerk, "2025-02")
        self._score(appraisal, 70)
        sheets = appraisal.sheet_ids
        self._refused(self._as(self.user_clerk, appraisal).action_exclude, "", AccessError)
        self._refused(self._as(self.user_clerk, appraisal).action_include, "", AccessError)
        self._refused(self._as(self.user_clerk, sheets).action_reset, "", AccessError)
        with freeze_time("2025-03-01"):
            self.env["cs.appraisal"].search([("cycle_id", "=", cycle.id)]).filtered(
                lambda each: not each.complete
            )._exclude("not part of this test")
            self._close(cycle)
        self.assertFalse(self._as(self.user_clerk, appraisal).can_exclude)
        self._refused(self._as(self.user_clerk, sheets).action_reset)

    def test_own_probation(self):
        user = self._make_user("novice", OFFICE)
        novice = self._make_agent("Novice", tier="probation", user=user)
        self._probation_test(novice, "2025-01-20")
        self._refused(lambda: self._as(user, novice).action_cs_confirm_probation())

    def test_own_tier(self):
        hr = self._make_user("hr", "base.group_user,hr.group_hr_manager")
        employee = self._make_agent("Personnel", user=hr)
        for values in (
            {"cs_tier_id": self.tiers["senior"].id},
            {"cs_tier_id": False},
            {"cs_tier_since": "2025-01-02"},
        ):
            self._refused(lambda values=values: self._as(hr, employee).write(values))
            self._refused(lambda values=values: self._as(hr, employee.version_id).write(values))
        self._refused(
            lambda: self._as(hr, employee).create_version(
                {"date_version": "2025-05-01", "cs_tier_id": self.tiers["senior"].id}
            )
        )
        self._as(hr, employee).create_version({"date_version": "2025-06-01"})
        self._as(hr, self.agent).write({"cs_tier_id": self.tiers["intermediate"].id})
        self.assertEqual(self._tier_on(employee, "2025-06-01"), "junior")

    # ------------------------------------------------------------------ a proposal, and the machine

    def _demote_on_april(self, agent=None):
        """A moderate violation: a step down on 1 April (V2)."""
        self._violation(agent or self.boss, "2025-03-05", "moderate")
        return self._play("2025-03", {})

    def test_proposal_stands_in_nobodys_way(self):
        proposal = self._propose(self.user_manager, self.boss)
        self._demote_on_april()
        demotion = self._decisions(self.boss, outcome="demote")
        self.assertEqual(demotion.state, "announced")
        self.assertEqual(proposal.state, "proposed")
        self.assertEqual(proposal.rival_id, demotion)
        self.assertFalse(proposal.can_approve)
        self._refused(proposal.action_approve, "Boss, Demotion, 2025-04-01")
        self._give_reason(proposal.action_reject(), "Not now")
        self.assertEqual(self._decisions(self.boss, outcome="demote"), demotion)
        self._apply("2025-04-10")
        self.assertEqual(self._tier_on(self.boss, "2025-04-10"), "junior")

    def test_two_proposals_for_a_day(self):
        first = self._propose(self.user_manager, self.agent, "intermediate")
        second = self._propose(self.user_manager, self.agent, "senior")
        second.action_approve()
        self._refused(first.action_approve, "O2")
        self.assertEqual((first.state, second.state), ("proposed", "announced"))
        self._refused(lambda: self._propose(self.user_manager, self.agent, "reserve"), "O2")

    def test_proposal_does_not_hold_up_a_later_month(self):
        self._propose(self.user_manager, self.boss, day="2025-02-01")
        self._demote_on_april()
        self.assertEqual(self._decisions(self.boss, outcome="demote").state, "announced")

    def test_withdrawing_judges_anew(self):
        """What was announced stood in the way of a step down; withdrawn, that one comes."""
        lift = self._decide(self.boss, "senior", "2025-04-01")
        self._demote_on_april()
        self.assertFalse(self._decisions(self.boss, outcome="demote"))
        with freeze_time("2025-04-10"):
            action = self._as(self.user_manager, lift).action_withdraw()
            self.assertIn(
                "judged anew for Boss", self.env["cs.reason"].browse(action["res_id"]).consequences
            )
            self._give_reason(action, "Not deserved")
        demotion = self._decisions(self.boss, outcome="demote")
        self.assertEqual((demotion.state, str(demotion.notice_until)), ("announced", "2025-04-13"))
        self.assertEqual(demotion.cycle_id, self._cycle("2025-03"))

    def test_withdrawing_an_applied_one_judges_anew(self):
        lift = self._decide(self.boss, "senior", "2025-04-01")
        self._demote_on_april()
        self._apply("2025-04-10")
        self.assertEqual(self._tier_on(self.boss, "2025-04-10"), "senior")
        self._give_reason(self._as(self.user_manager, lift).action_withdraw(), "Not deserved")
        self.assertEqual(self._decisions(self.boss, outcome="demote").state, "announced")
        self.assertEqual(self._tier_on(self.boss, "2025-04-10"), "intermediate")

    def test_one_that_waited_stood_in_the_way_of_later_months(self):
        lift = self._decide(self.boss, "senior", "2025-02-10")
        self._demote_on_april()
        self.assertFalse(self._decisions(self.boss, outcome="demote"))
        self._give_reason(self._as(self.user_manager, lift).action_withdraw(), "Not deserved")
        self.assertEqual(self._decisions(self.boss, outcome="demote").state, "announced")

    def test_nothing_while_the_month_is_open_again(self):
        lift = self._decide(self.boss, "senior", "2025-04-01")
        cycle = self._demote_on_april()
        self._give_reason(self._as(self.user_manager, cycle).action_reopen(), "Another's sheet")
        self._give_reason(self._as(self.user_manager, lift).action_withdraw(), "Not deserved")
        self.assertFalse(self._decisions(self.boss, outcome="demote"))
        self._close(cycle)
        self.assertEqual(self._decisions(self.boss, outcome="demote").state, "announced")

    def test_rejected_itself_does_not_come_back(self):
        self._make_policy(self.company, "2025-03-01", approval="manager")
        self._demote_on_april()
        demotion = self._decisions(self.boss)
        self._give_reason(self._as(self.user_manager, demotion).action_reject(), "Too harsh")
        self.assertEqual(self._decisions(self.boss), demotion)
        self.assertEqual(demotion.state, "rejected")

    def test_withdrawn_violation_gives_the_step_up_back(self):
        """A step down for a violation kept an agent from the step up of the same day (O2)."""
        violation = self._violation(self.agent, "2025-03-05", "moderate")
        self._play_months("2025-01", "2025-03", {self.agent: 95})
        self.assertEqual(self._decisions(self.agent).mapped("outcome"), ["demote"])
        action = self._as(self.user_office, violation).action_withdraw()
        words = self.env["cs.reason"].browse(action["res_id"]).consequences
        for each in ("the fine of", "withdrawn: Agent, Demotion", "judged anew for Agent"):
            self.assertIn(each, words)
        self._give_reason(action, "It was another")
        self.assertEqual(
            [(each.outcome, each.state) for each in self._decisions(self.agent)],
            [("demote", "withdrawn"), ("promote", "announced")],
        )

    def test_rejected_confirmation_is_not_proposed_daily(self):
        self._make_policy(self.company, "2025-02-01", approval="manager")
        novice = self._make_agent("Novice", tier="probation")
        self._probation_test(novice, "2025-02-20")
        with freeze_time("2025-03-01"):
            made = self.env["cs.verdict"]._confirm_probations(novice, self._day("2025-03"))
            self._give_reason(self._as(self.user_manager, made).action_reject(), "Not yet")
            self.env["cs.verdict"]._confirm_probations(novice, self._day("2025-03"))
        self.assertEqual(self._decisions(novice), made)
