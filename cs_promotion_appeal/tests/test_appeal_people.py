from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .appeal_common import AppealCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestAppealPeople(AppealCase):
    """Who may lodge, see, answer and decide; companies apart."""

    def setUp(self):
        super().setUp()
        self.decision = self._step_up()
        clock = freeze_time("2025-04-02")
        clock.start()
        self.addCleanup(clock.stop)

    def test_nobody_objects_for_another(self):
        for user in (self.user_peer, self.user_superior, self.user_office, self.user_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._appeal(self.decision, user=user, submit=False)

    def test_office_enters_the_appeal_of_one_without_login(self):
        self.agent.user_id = False
        appeal = self._appeal(self.decision, user=self.user_office)
        self.assertEqual(appeal.state, "submitted")
        with self.assertRaises(AccessError):
            self._appeal(self.decision, user=self.user_peer)

    def test_not_against_what_concerns_another(self):
        with self.assertRaisesRegex(ValidationError, "does not concern"):
            self.env["cs.appeal"].create(
                {"employee_id": self.peer.id, "decision_id": self.decision.id, "grounds": "Mine"}
            )

    def test_one_object_and_grounds(self):
        with self.assertRaisesRegex(ValidationError, "grounds"):
            self._appeal(self.decision, grounds="  ")
        with self.assertRaisesRegex(ValidationError, "Choose"):
            self.env["cs.appeal"].create({"employee_id": self.agent.id, "grounds": "None"})

    def test_who_sees_it(self):
        appeal = self._appeal(self.decision, submit=False)
        agent, office = self._as(self.user_agent, appeal), self._as(self.user_office, appeal)
        self.assertTrue(agent.grounds)
        with self.assertRaises(AccessError):
            office.read(["grounds"])
        agent.action_submit()
        self.assertTrue(self._as(self.user_office, appeal).grounds)
        blind = (
            self.user_peer,
            self.user_superior,
            self.user_stranger,
            self.user_agent_b,
            self.user_office_b,
            self.user_manager_b,
        )
        for user in blind:
            with self.subTest(user.login):
                self.assertFalse(self._as(user, self.env["cs.appeal"]).search([]))
                with self.assertRaises(AccessError):
                    self._as(user, appeal).read(["grounds"])
                with self.assertRaises(AccessError):
                    self._as(user, appeal).write({"grounds": "x"})

    def test_agent_cannot_decide_or_answer(self):
        appeal = self._appeal(self.decision)
        own = self._as(self.user_agent, appeal)
        for values in (
            {"state": "upheld"},
            {"answer": "Granted"},
            {"reason": "Granted"},
            {"grounds": "Others"},
            {"deadline": "2030-01-01"},
            {"decided_by": 1},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                own.write(values)
        for method in ("action_answer", "action_uphold", "action_reject"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(own, method)()
        with self.assertRaises(UserError):
            own.unlink()
        with self.assertRaises(UserError):
            self._as(self.user_agent, self.env["cs.appeal"]).create(
                {
                    "decision_id": self.decision.id,
                    "grounds": "x",
                    "state": "upheld",
                    "employee_id": self.agent.id,
                }
            )

    def test_office_answers_and_does_not_decide(self):
        appeal = self._appeal(self.decision)
        office = self._as(self.user_office, appeal)
        with self.assertRaisesRegex(UserError, "write down the answer"):
            office.action_answer()
        with self.assertRaises(UserError):
            office.grounds = "Put into the agent's mouth"
        self._answer(appeal)
        with self.assertRaises(UserError):
            self._as(self.user_office, appeal).answer = "Another answer"
        with self.assertRaises(AccessError):
            self._as(self.user_office, appeal).action_uphold()
        wizard = (
            self._as(self.user_office, self.env["cs.reason"])
            .sudo()
            .create({"step": "reject_appeal", "record_ids": appeal.ids, "reason": "Enough"})
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_office).action_take()
        self.assertEqual(appeal.state, "answered")

    def test_manager_decides_after_the_answer_only(self):
        appeal = self._appeal(self.decision)
        with self.assertRaisesRegex(UserError, "Submitted"):
            self._decide_on(appeal, "uphold")

    def test_not_in_a_matter_of_ones_own(self):
        self.user_agent.group_ids |= self.env.ref("cs_promotion.group_manager")
        appeal = self._appeal(self.decision)
        own = self._as(self.user_agent, appeal)
        with self.assertRaises(UserError):
            own.answer = "I am right"
        with self.assertRaisesRegex(UserError, "matter of your own"):
            own.action_answer()
        self._answer(appeal)
        self.assertNotIn(self.user_agent, self._users_to_act(appeal, "appeal_decide"))
        with self.assertRaisesRegex(UserError, "matter of your own"):
            self._decide_on(appeal, "uphold", user=self.user_agent)

    def test_activities_say_who_acts_next(self):
        appeal = self._appeal(self.decision)
        self.assertEqual(self._users_to_act(appeal, "appeal_answer"), self.user_office)
        self._answer(appeal)
        self.assertFalse(self._users_to_act(appeal, "appeal_answer"))
        managers = self._users_to_act(appeal, "appeal_decide")
        self.assertIn(self.user_manager, managers)
        self.assertNotIn(self.user_manager_b, managers)
        self._decide_on(appeal, "reject")
        self.assertFalse(appeal.activity_ids)
        self.assertIn(self.user_agent.partner_id, appeal.message_ids.partner_ids)

    def test_attachments_and_comments_of_the_agent(self):
        appeal = self._appeal(self.decision)
        own = self._as(self.user_agent, appeal)
        own.message_post(body="The recording", attachments=[("call.txt", b"proof")])
        self.assertEqual(
            self._as(self.user_office, appeal).message_ids.attachment_ids.name, "call.txt"
        )

    def test_form_opens_from_the_object(self):
        decision = self._as(self.user_agent, self.decision)
        self.assertTrue(decision.can_appeal)
        self.assertFalse(self._as(self.user_superior, self.decision).can_appeal)
        context = self._as(self.user_agent, self.decision).action_appeal()["context"]
        self.assertEqual(context["default_decision_id"], self.decision.id)
        with self.assertRaises(AccessError):
            self._as(self.user_peer, self.decision).action_appeal()
