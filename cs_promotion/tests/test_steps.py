"""A button that can do nothing is not there; called all the same, it says why."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestSteps(CsPromotionCase):
    def _refused(self, action, words):
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            action()

    def _get_can(self, user, record):
        names = [name for name in record._fields if name.startswith("can_")]
        record = self._as(user, record)
        return {name.removeprefix("can_") for name in names if record[name]} - {"appeal"}

    def _step_up(self, **values):
        if values:
            self._make_policy(self.company, "2025-03-01", **values)
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 95})
        return self._decisions(self.agent)

    def test_apply_waits_for_notice_and_day(self):
        decision = self._step_up()
        with freeze_time("2025-04-02"):
            self.assertEqual(self._get_can(self.user_office, decision), set())
            self._refused(self._as(self.user_office, decision).action_apply, "04/04/2025")
        with freeze_time("2025-04-04"):
            self.assertEqual(self._get_can(self.user_office, decision), {"apply"})
            self._as(self.user_office, decision).action_apply()
            self.assertEqual(decision.state, "applied")
            self._refused(self._as(self.user_office, decision).action_apply, "state Applied")

    def test_apply_waits_for_the_attestation(self):
        decision = self._step_up(require_attestation=True)
        with freeze_time("2025-04-04"):
            self._refused(self._as(self.user_office, decision).action_apply, "attest")
            self.assertEqual(self._get_can(self.user_superior, decision), {"attest"})
            self._as(self.user_superior, decision).action_attest()
            self._as(self.user_office, decision).action_apply()
        self.assertEqual(decision.state, "applied")

    def test_attest_once_what_needs_it(self):
        decision = self._step_up(require_attestation=True)
        self._as(self.user_superior, decision).action_attest()
        self._refused(self._as(self.user_manager, decision).action_attest, "attested the standards")
        self.assertEqual(decision.attested_by, self.user_superior)
        self._give_reason(self._as(self.user_manager, decision).action_withdraw(), "A mistake")
        decision.attested_by = False
        self._refused(self._as(self.user_superior, decision).action_attest, "state Withdrawn")
        self._violation(self.peer, "2025-04-05", "moderate")
        self._play("2025-04", {})
        demotion = self._decisions(self.peer)
        self._refused(self._as(self.user_superior, demotion).action_attest, "needs no attestation")

    def test_steps_of_each_state(self):
        proposed = self._step_up(approval="manager")
        manager = self.user_manager
        self.assertEqual(self._get_can(manager, proposed), {"approve", "reject"})
        self._refused(self._as(manager, proposed).action_withdraw, "reject it instead")
        self._refused(self._as(manager, proposed).action_dismiss, "no dismissal review")
        self._refused(self._as(manager, proposed).action_print_letter, "not been announced")
        with freeze_time("2025-04-02"):
            self._as(manager, proposed).action_approve()
            self.assertEqual(self._get_can(manager, proposed), {"withdraw"})
            self._refused(self._as(manager, proposed).action_approve, "state Announced")
            self._refused(self._as(manager, proposed).action_reject, "withdraw it instead")
        self._give_reason(self._as(manager, proposed).action_withdraw(), "A mistake")
        self.assertEqual(self._get_can(manager, proposed), set())
        self._refused(self._as(manager, proposed).action_withdraw, "state Withdrawn")

    def test_review(self):
        self._violation(self.agent, "2025-03-05", "serious")
        self._play("2025-03", {})
        review = self._decisions(self.agent)
        self.assertEqual(
            self._get_can(self.user_manager, review), {"dismiss", "reject", "withdraw"}
        )
        self.assertEqual(self._get_can(self.user_office, review), set())
        self._refused(self._as(self.user_office, review).action_apply, "a person ends it")
        action = self._as(self.user_manager, review).action_dismiss()
        self.assertIn(
            "departure of Agent", self.env["cs.reason"].browse(action["res_id"]).consequences
        )
        self._give_reason(action, "No way on")
        self.assertEqual(review.review_end, "dismissed")
        self._refused(self._as(self.user_manager, review).action_reject, "state Applied")

    def test_dialog_called_in_the_wrong_state(self):
        """Whoever fills the dialog in past its button is told the same."""
        decision = self._step_up()
        for step, words in (("dismiss", "no dismissal review"), ("reject", "withdraw it instead")):
            wizard = (
                self.env["cs.reason"]
                .with_user(self.user_manager)
                .create({"step": step, "record_ids": decision.ids, "reason": "Because"})
            )
            self._refused(wizard.action_take, words)
        self.assertEqual(decision.state, "announced")

    def test_cycle(self):
        with freeze_time("2025-03-20"):
            cycle = self._open("2025-03")
            self._score(cycle.appraisal_ids, 80)
            self.assertEqual(self._get_can(self.user_office, cycle), set())
            self._refused(self._as(self.user_office, cycle).action_close, "2025-03-31")
            self._refused(self._as(self.user_manager, cycle).action_reopen, "is not closed")
        with freeze_time("2025-04-01"):
            self.assertEqual(self._get_can(self.user_office, cycle), {"close"})
            self._as(self.user_office, cycle).action_close()
            self.assertEqual(self._get_can(self.user_office, cycle), set())
            self.assertEqual(self._get_can(self.user_manager, cycle), {"reopen"})

    def test_violation(self):
        violation = self._violation(self.agent, "2025-03-05", confirm=False)
        office = self.user_office
        self.assertEqual(self._get_can(office, violation), {"confirm", "withdraw"})
        self._as(office, violation).action_confirm()
        self._refused(self._as(office, violation).action_confirm, "state Confirmed")
        self._give_reason(self._as(office, violation).action_withdraw(), "Another agent")
        self.assertEqual(self._get_can(office, violation), set())
        self._refused(self._as(office, violation).action_withdraw, "state Withdrawn")

    def test_appraisal(self):
        cycle = self._open("2025-03")
        appraisal = self._appraisal(self.agent, "2025-03")
        office = self.user_office
        self.assertEqual(self._get_can(office, appraisal), {"exclude"})
        self._refused(self._as(office, appraisal).action_include, "is not left out")
        action = self._as(office, appraisal).action_exclude()
        self.assertIn("no score", self.env["cs.reason"].browse(action["res_id"]).consequences)
        self._give_reason(action, "Long ill")
        self.assertEqual(self._get_can(office, appraisal), {"include"})
        self._refused(self._as(office, appraisal).action_exclude, "left out already")
        self._appraisal(self.peer, "2025-03")._exclude("Long ill")
        self._close(cycle)
        self.assertEqual(self._get_can(office, appraisal), set())
        self._refused(self._as(office, appraisal).action_include, "is closed")

    def test_forms_show_a_button_only_where_it_can_do_something(self):
        """Every button of a step rests on what the model says of reader and state."""
        for model, steps in (
            ("cs.decision", ("approve", "attest", "apply", "dismiss", "reject", "withdraw")),
            ("cs.violation", ("confirm", "withdraw")),
            ("cs.appraisal", ("exclude", "include", "enter_paper")),
            ("cs.cycle", ("close", "reopen")),
        ):
            view = self.env[model].with_user(self.user_manager).get_view(view_type="form")
            arch = etree.fromstring(view["arch"])
            for step in steps:
                buttons = arch.xpath(f"//header/button[@name='action_{step}']")
                self.assertTrue(buttons, step)
                for button in buttons:
                    with self.subTest(model=model, step=step):
                        self.assertIn(f"not can_{step}", button.get("invisible"))

    def test_cog_of_a_form_offers_no_step(self):
        """The cog knows no state: steps are on the form's buttons, and on selections in lists."""
        actions = self.env["ir.actions.server"].search(
            [("model_id.model", "=like", "cs.%"), ("binding_model_id", "!=", False)]
        )
        self.assertTrue(actions)
        for action in actions:
            self.assertNotIn("form", action.binding_view_types, action.name)
