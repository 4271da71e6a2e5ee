"""Trials and improvement plans: what people do with them, and who (policy language, *Trial*,
*Improvement plan*)."""

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTerms(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule("trial", "junior", "promote", ">=", 90, trial_months=2)
        cls._rule("passed", "intermediate", "keep", ">=", 80, during="trial")
        cls._rule("plan", "junior", "plan", "<", 50, plan_months=2)

    @classmethod
    def _rule(cls, code, tier, outcome, operator, value, **more):
        condition = {"metric": "month_score", "operator": operator, "value": value}
        return cls.env["cs.policy.rule"].create(
            {
                "policy_id": cls.policy.id,
                "sequence": 1,
                "code": code,
                "name": f"Rule {code}",
                "tier_id": cls.tiers[tier].id,
                "outcome": outcome,
                "condition_ids": [(0, 0, condition)],
                **more,
            }
        )

    def _begin(self, score=95):
        """What the agent's January leads to, applied on its day."""
        self._play("2025-01", {self.agent: score, self.peer: 70})
        decision = self._decisions(self.agent)
        self._apply(decision.notice_until)
        return decision

    def _trial(self):
        self._begin()
        return self.env["cs.trial"].search([("employee_id", "=", self.agent.id)])

    def _plan(self):
        self._begin(45)
        return self.env["cs.plan"].search([("employee_id", "=", self.agent.id)])

    def _step(self, term, action, reason="As talked over", day="2025-03-10"):
        with freeze_time(day):
            self._give_reason(getattr(term.with_user(self.user_manager), action)(), reason)

    def _hidden(self, user):
        """Which menus of trials and plans a person does not have."""
        menus = self.env["ir.ui.menu"].with_user(user)._load_menus_blacklist()
        names = ("trial", "plan")
        return {name for name in names if self.env.ref(f"cs_promotion.cs_{name}_menu").id in menus}

    def test_menus_are_there_once_a_rule_or_the_office_begins_some(self):
        for user in (self.user_agent, self.user_office):
            self.assertFalse(self._hidden(user))
        self.policy.rule_ids.filtered(lambda rule: rule.code in ("trial", "plan")).unlink()
        self.assertEqual(self._hidden(self.user_agent), {"trial", "plan"})
        self.assertEqual(self._hidden(self.user_office), {"trial"})
        self.env["cs.plan"].create(
            {
                "employee_id": self.agent.id,
                "date_from": "2025-03-01",
                "date_until": "2025-04-30",
                "reason": "Late answers",
            }
        )
        self.assertEqual(self._hidden(self.user_agent), {"trial"})

    def test_a_promotion_on_trial_says_so(self):
        decision = self._begin()
        trial = self.env["cs.trial"].search([])
        self.assertEqual(
            (trial.employee_id, trial.tier_id, trial.tier_from_id, trial.decision_id),
            (self.agent, self.tiers["intermediate"], self.tiers["junior"], decision),
        )
        self.assertEqual(
            (str(trial.date_from), str(trial.date_until)), ("2025-02-01", "2025-03-31")
        )
        letter, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_decision_letter", decision.ids
        )
        self.assertIn("on trial for 2 months", html2plaintext(letter.decode()))
        page = html2plaintext(self.policy.page_html)
        for words in ("on trial for 2 months", "at the end of the trial"):
            self.assertIn(words, page)
        with freeze_time("2025-03-10"):
            path = self.env["cs.path"].browse(self.agent.id)
            self.assertIn("On trial until", html2plaintext(path.upwards_html))

    def _path(self, user):
        """The way up on the agent's page, as a person sees it: its text, and where it leads."""
        with freeze_time("2025-02-10"):
            path = self._as(user, self.env["cs.path"]).browse(self.agent.id)
            page = html.fromstring(f"<div>{path.upwards_html}</div>")
        links = {link.text_content(): link.get("href") for link in page.iter("a")}
        return " ".join(page.text_content().split()), links

    def test_the_path_opens_what_runs(self):
        """For the agent and the superior, each by their own rights."""
        for begin, said, opens in (
            (self._trial, "On trial until Mar 31, 2025", "Open the trial"),
            (self._plan, "An improvement plan runs until Mar 31, 2025", "Open the plan"),
        ):
            with self.subTest(opens=opens), self.env.cr.savepoint() as savepoint:
                term = begin()
                action = self.env.ref(f"cs_promotion.{term._table}_action")
                for user in (self.user_agent, self.user_superior):
                    text, links = self._path(user)
                    self.assertIn(said, text)
                    self.assertEqual(links, {opens: f"/odoo/{action.path}/{term.id}"})
                    self.assertTrue(self._as(user, term).has_access("read"))
                savepoint.rollback()

    def test_the_path_links_nothing_that_its_reader_may_not_open(self):
        self._plan()
        self.env.ref("cs_promotion.cs_plan_rule_user").domain_force = "[(0, '=', 1)]"
        text, links = self._path(self.user_agent)
        self.assertIn("An improvement plan runs", text)
        self.assertEqual(links, {})
        self.assertEqual([*self._path(self.user_office)[1]], ["Open the plan"])

    def test_a_rule_ends_it_with_letter_and_evidence(self):
        trial = self._trial()
        self._play("2025-02", {self.agent: 85, self.peer: 70})
        self.assertEqual(len(self._decisions(self.agent)), 1, "its term is not over yet")
        self._play("2025-03", {self.agent: 85, self.peer: 70})
        decision = self._decisions(self.agent)[-1]
        self.assertEqual((decision.outcome, decision.trial_id), ("keep", trial))
        self.assertEqual(trial.open_decision_id, decision)
        self.assertEqual(trial.state, "running")
        self.assertTrue(decision._follows_from_evidence())
        letter, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_decision_letter", decision.ids
        )
        self.assertIn("Notice of Confirmation after the Trial", letter.decode())
        self._apply(decision.notice_until)
        self.assertEqual((trial.state, trial.end_decision_id), ("confirmed", decision))
        self._give_reason(decision.with_user(self.user_manager).action_withdraw(), "A mistake")
        self.assertEqual((trial.state, trial.ended_on), ("running", False))

    def test_a_month_closed_again_decides_the_same(self):
        trial = self._trial()
        self._play_months("2025-02", "2025-03", {self.agent: 85, self.peer: 70})
        before = self._decisions(self.agent)
        self._apply(before[-1].notice_until)
        cycle = self._cycle("2025-03")
        self._reopen_as_manager(cycle)
        self._close(cycle)
        self.assertEqual(self._decisions(self.agent), before)
        self.assertEqual(set(before.mapped("state")), {"applied"})
        self.assertEqual(trial.state, "confirmed")

    def test_a_person_confirms_or_sends_back(self):
        trial = self._trial()
        self._step(trial, "action_down")
        decision = self._decisions(self.agent)[-1]
        self.assertEqual(
            (decision.kind, decision.state, decision.grounds, decision.decided_by),
            ("moved_down", "announced", "As talked over", self.user_manager),
        )
        with self.assertRaisesRegex(UserError, "ends it already"):
            self._step(trial, "action_keep")
        self._apply(decision.notice_until)
        self.assertEqual(trial.state, "returned")
        self.assertEqual(self._tier_on(self.agent, "2025-03-10"), "junior")
        with self.assertRaisesRegex(UserError, "runs no more"):
            self._step(trial, "action_keep")

    def test_extended_once_and_again(self):
        trial = self._trial()
        self._step(trial, "action_extend", "A month of leave")
        self._step(trial, "action_extend", "Another one")
        self.assertEqual((str(trial.date_until), trial.extended), ("2025-05-31", 2))
        self.assertIn("A month of leave", self._bodies(trial))
        self._play_months("2025-02", "2025-03", {self.agent: 85, self.peer: 70})
        self.assertEqual(trial.state, "running")
        self.assertFalse(trial.open_decision_id)

    def test_withdrawn_it_never_was(self):
        decision = self._begin()
        trial = self.env["cs.trial"].search([("decision_id", "=", decision.id)])
        self._give_reason(decision.with_user(self.user_manager).action_withdraw(), "A mistake")
        self.assertEqual((trial.state, str(trial.ended_on)), ("cancelled", "2025-02-01"))

    def test_people_are_asked_when_no_rule_has_ended_it(self):
        trial = self._trial()
        self._play("2025-02", {self.agent: 70, self.peer: 70})
        cron = self.env.ref("cs_promotion.ir_cron_terms")

        def asked(day):
            with freeze_time(day), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            return trial.activity_ids.user_id

        self.assertFalse(asked("2025-04-01"), "March is not closed: a rule may end it yet")
        self._play("2025-03", {self.agent: 70, self.peer: 70})
        self.assertEqual(asked("2025-04-02"), self.user_manager | self.user_superior)
        self.assertEqual(len(asked("2025-04-03")), 2, "once")
        self._step(trial, "action_keep", day="2025-04-03")
        self.assertFalse(trial.activity_ids)

    def test_who_leaves_the_ladder_is_on_trial_no_more(self):
        trial = self._trial()
        self.agent.version_id.contract_date_end = "2025-03-05"
        with freeze_time("2025-03-06"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_terms").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(trial.state, "cancelled")

    def test_a_plan_ends_with_the_rung_and_runs_again_when_the_move_is_withdrawn(self):
        plan = self._plan()
        moved = self._decide(self.agent, "intermediate", "2025-02-15")
        self._apply("2025-02-20")
        self.assertEqual(
            (plan.state, str(plan.ended_on), plan.end_decision_id),
            ("cancelled", "2025-02-15", moved),
        )
        self._give_reason(moved.with_user(self.user_manager).action_withdraw(), "A mistake")
        self.assertEqual((plan.state, plan.ended_on), ("running", False))

    def test_the_superior_writes_goals_and_meetings_and_the_agent_reads(self):
        plan = self._plan()
        self.assertEqual((plan.reason, str(plan.date_until)), ("Rule plan", "2025-03-31"))
        ours = self._as(self.user_superior, plan)
        ours.goals = "Answer within a minute"
        ours.meeting_ids = [(0, 0, {"date": "2025-02-10", "said": "Half-way there"})]
        self.assertEqual(plan.meeting_ids.user_id, self.user_superior)
        own = self._as(self.user_agent, plan)
        self.assertEqual(own.goals, "Answer within a minute")
        self.assertEqual((ours.can_write, own.can_write), (True, False), "so says the form")
        with self.assertRaises(AccessError):
            own.goals = "Nothing"
        with self.assertRaises(AccessError):
            self._as(self.user_peer, plan).read(["goals"])
        with self.assertRaises(AccessError):
            ours.action_keep()
        with self.assertRaises(UserError):
            self._as(self.user_office, plan).date_until = "2025-12-31"
        self._step(plan, "action_keep")
        decision = self._decisions(self.agent)[-1]
        self._apply(decision.notice_until)
        self.assertEqual(plan.state, "kept")
        self.assertFalse(ours.can_write)
        with self.assertRaises(UserError):
            self._as(self.user_office, plan).goals = "Something else"

    def test_a_review_ends_the_plan(self):
        plan = self._plan()
        self._step(plan, "action_review")
        review = self._decisions(self.agent)[-1]
        self.assertEqual((review.outcome, review.state), ("dismissal_review", "announced"))
        self.assertEqual((plan.state, plan.end_decision_id), ("review", review))
        self._give_reason(review.with_user(self.user_manager).action_withdraw(), "A mistake")
        self.assertEqual(plan.state, "running")

    def test_begun_by_hand(self):
        office = self.env["cs.plan"].with_user(self.user_office)
        plan = office.create(
            {
                "employee_id": self.peer.id,
                "date_from": "2025-02-10",
                "date_until": "2025-03-31",
                "reason": "Late answers",
            }
        )
        self.assertEqual((plan.state, plan.company_id), ("running", self.company))
        with self.assertRaisesRegex(ValidationError, "runs for Peer already"):
            plan.copy({"date_from": "2025-03-01", "date_until": "2025-04-01"})

    def test_rules_that_cannot_be_carried_out_are_refused(self):
        for number, (outcome, more, words) in enumerate(
            (
                ("keep", {}, "say during which"),
                ("promote", {"during": "trial"}, "ends no trial"),
                ("warning", {"during": "plan"}, "ends no plan"),
                ("plan", {}, "for how many months"),
                ("raise", {}, "how much more"),
                ("demote", {"trial_months": 3}, "On Trial for Months is said of another outcome"),
            )
        ):
            with (
                self.subTest(outcome=outcome, **more),
                self.assertRaisesRegex(ValidationError, words),
            ):
                self._rule(f"odd_{number}", "intermediate", outcome, ">=", 90, **more)

    def test_plans_and_passing_are_no_consequences_of_violations(self):
        choice = dict(self.env["cs.policy.consequence"]._get_outcomes())
        self.assertFalse({"plan", "keep", "raise", "award"} & choice.keys())
