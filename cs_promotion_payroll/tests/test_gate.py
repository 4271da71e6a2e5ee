"""The gate before payday: warnings are ticked by name, no month is paid twice."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.cs_promotion.models import scheduled

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTicks(CsPayrollCase):
    """Agent has a score and sales, Peer and Third have none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._make_agent("Third")
        cls.agents = cls.agent + cls.peer + cls.third
        cls._figure(cls.agent, "2025-01", sales=1000)
        cls._play("2025-01", {cls.agent: 80})

    def _states(self, run):
        return {slip.employee_id.name: slip.state for slip in run.slip_ids}

    def _dialog(self, answer, user=None):
        self.assertEqual(answer["res_model"], "cs.payslip.confirm")
        env = self.env(user=user or self.user_payroll)
        return env["cs.payslip.confirm"].browse(answer["res_id"])

    def test_a_batch_shows_its_warnings_before_anything_is_confirmed(self):
        run = self._batch(self.agents, "2025-01")
        wizard = self._dialog(run.action_cs_confirm())
        self.assertEqual(self._states(run), dict.fromkeys(("Agent", "Peer", "Third"), "verify"))
        self.assertEqual(wizard.clean_count, 1)
        self.assertEqual(wizard.line_ids.mapped("employee_id.name"), ["Peer", "Third"])
        self.assertIn("There is no score for this month", wizard.line_ids[0].warning)
        self.assertIn("no sales figure", wizard.line_ids[0].warning)

    def test_those_ticked_and_those_without_are_confirmed(self):
        run = self._batch(self.agents, "2025-01")
        wizard = self._dialog(run.action_cs_confirm())
        with Form(wizard) as form, form.line_ids.edit(0) as line:
            line.seen = True
        wizard.action_confirm()
        self.assertEqual(self._states(run), {"Agent": "done", "Peer": "done", "Third": "verify"})
        slips = {slip.employee_id.name: slip for slip in run.slip_ids}
        self.assertEqual(slips["Peer"].cs_warnings_seen_by, self.user_payroll)
        self.assertTrue(slips["Peer"].cs_warnings_seen_on)
        self.assertFalse(slips["Third"].cs_warnings_seen_by)
        self.assertFalse(slips["Agent"].cs_warnings_seen_by)
        wizard = self._dialog(run.action_cs_confirm())
        self.assertEqual(wizard.line_ids.employee_id, self.third)
        wizard.action_tick_all()
        wizard.action_confirm()
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})

    def test_none_ticked_confirms_those_without_warnings_alone(self):
        run = self._batch(self.agents, "2025-01")
        self._dialog(run.action_cs_confirm()).action_confirm()
        self.assertEqual(self._states(run), {"Agent": "done", "Peer": "verify", "Third": "verify"})

    def test_one_payslip_by_its_button(self):
        slip = self._slip(self.peer, "2025-01")
        wizard = self._dialog(slip.action_payslip_done())
        self.assertEqual(slip.state, "verify")
        self.assertEqual(wizard.line_ids.slip_id, slip)
        wizard.action_confirm()
        self.assertEqual(slip.state, "verify", "not ticked")
        wizard.line_ids.seen = True
        wizard.action_confirm()
        self.assertEqual(slip.state, "done")
        self.assertEqual(slip.cs_confirmed_by, self.user_payroll)

    def test_one_press_over_the_network_confirms_no_warned_payslip(self):
        """Neither on a selection, nor computed before or not, nor by OCA's change of state."""
        slips = self._slip(self.peer, "2025-01") + self._slip(self.third, "2025-01", compute=False)
        self._dialog(slips.action_payslip_done())
        self.assertNotIn("done", slips.mapped("state"))
        with self.assertRaisesRegex(UserError, "by its button"):
            slips.write({"state": "done"})
        change = slips.env["hr.payslip.change.state"].with_context(active_ids=slips.ids)
        wizard = self._dialog(change.create({"state": "done"}).change_state_confirm())
        self.assertNotIn("done", slips.mapped("state"))
        self.assertEqual(len(wizard.line_ids), 2)
        for context in ({"cs_gate": True}, {"cs_gate": "UNASKED"}, {"cs_computing": True}):
            self._dialog(slips.with_context(**context).action_payslip_done())
        self.assertNotIn("done", slips.mapped("state"))

    def test_ticks_cannot_be_given_by_hand(self):
        slip = self._slip(self.peer, "2025-01")
        for values in (
            {"cs_warnings_seen": ["no_score", "no_sales"]},
            {"cs_warnings_seen_by": self.user_payroll.id},
            {"cs_to_tick": False},
            {"cs_confirmed_by": self.user_payroll.id},
        ):
            with self.assertRaisesRegex(UserError, "set by hand"):
                slip.write(values)

    def test_a_warning_that_is_new_is_asked_for(self):
        """Ticked for the missing sales; by the time it is confirmed, another one is there."""
        slip = self._slip(self.peer, "2025-01")
        wizard = self._dialog(slip.action_payslip_done())
        wizard.line_ids.seen = True
        self._decide(self.peer, "intermediate", "2025-01-16")
        answer = wizard.action_confirm()
        self.assertEqual(slip.state, "verify")
        wizard = self._dialog(answer)
        self.assertIn("not applied yet", wizard.line_ids.warning)
        self._tick(answer, slip.env)
        self.assertEqual(slip.state, "done")

    def test_set_to_draft_it_is_looked_at_anew(self):
        slip = self._slip(self.peer, "2025-01")
        wizard = self._dialog(slip.action_payslip_done())
        slip._see_warnings(wizard.line_ids.codes)
        self.assertFalse(slip.cs_to_tick)
        slip.action_payslip_draft()
        self.assertTrue(slip.cs_to_tick)

    def test_the_tick_is_in_the_history(self):
        slip = self._slip(self.peer, "2025-01").with_context(
            tracking_disable=False, mail_notrack=False
        )
        self.cr.flush()
        slip._see_warnings(["no_score", "no_sales"])
        self.cr.flush()
        values = slip.sudo().message_ids.tracking_value_ids
        self.assertEqual(values.field_id.mapped("name"), ["cs_warnings_seen_by"])
        self.assertEqual(values.new_value_char, self.user_payroll.name)

    def test_the_batch_counts_its_warnings(self):
        run, clean = self._batch(self.agents, "2025-01"), self._batch(self.agent, "2025-02")
        clean.slip_ids.action_payslip_cancel()
        self.assertEqual((run.cs_warned_count, run.cs_to_tick_count), (2, 2))
        self.assertEqual(clean.cs_warned_count, 0)
        runs = run.search([("id", "in", (run + clean).ids), ("cs_warned_count", ">", 0)])
        self.assertEqual(runs, run)
        runs = run.search([("id", "in", (run + clean).ids), ("cs_warned_count", "=", 0)])
        self.assertEqual(runs, clean)
        action = run.action_cs_open_warned()
        slips = run.env["hr.payslip"].search(action["domain"])
        self.assertEqual(slips.employee_id, self.peer + self.third)
        self._tick(run.action_cs_confirm(), run.env, ["Peer"])
        self.assertEqual((run.cs_warned_count, run.cs_to_tick_count), (2, 1))

    def test_large_batches_honour_the_ticks(self):
        with patch.object(scheduled, "BATCH", 1):
            run = self._batch(self.agents, "2025-01")
            run._make_waiting()
            self._tick(run.action_cs_confirm(), run.env, ["Third"])
            self.env.invalidate_all()
            self.assertEqual(run.cs_work, "confirming")
            with self.enter_registry_test_mode():
                self.env.ref("cs_promotion_payroll.ir_cron_confirm").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._states(run), {"Agent": "done", "Peer": "verify", "Third": "done"})
        self.assertFalse(run.cs_work)
        self.assertIn("not ticked: 1", run.message_ids[:1].body)
        third = run.slip_ids.filtered(lambda slip: slip.employee_id == self.third)
        self.assertEqual(third.cs_confirmed_by, self.user_payroll)

    def test_programs_go_on(self):
        run = self._batch(self.agents, "2025-01")
        run.sudo().slip_ids.action_payslip_done()
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})

    def test_only_payroll_ticks(self):
        slip = self._slip(self.peer, "2025-01")
        for user in (self.user_office, self.user_manager, self.user_superior):
            with self.assertRaises(AccessError):
                self._as(user, slip).action_payslip_done()
            with self.assertRaises(AccessError):
                self._as(user, self.env["cs.payslip.confirm"]).create({})
            with self.assertRaises(AccessError):
                self._as(user, slip)._see_warnings(["no_score"])
        other = self._make_user("payroll_b", "payroll.group_payroll_manager", self.company_b)
        with self.assertRaises(AccessError):
            self._as(other, slip).action_payslip_done()

    def test_who_ticks_needs_the_payslip(self):
        """A dialog made up over the network does not reach another company's payslips."""
        slip = self._slip(self.peer, "2025-01")
        other = self._make_user("payroll_b", "payroll.group_payroll_manager", self.company_b)
        self.env.flush_all()
        dialogs = self._as(other, self.env["cs.payslip.confirm"])
        line = {"slip_id": slip.id, "codes": ["no_score"], "seen": True}
        with self.assertRaises(AccessError):
            dialogs.create({"slip_ids": [(6, 0, slip.ids)]}).action_confirm()
        with self.assertRaises(AccessError):
            dialogs.create({"line_ids": [(0, 0, line)]}).action_confirm()
        self.assertEqual(slip.state, "verify")


@tagged("post_install", "-at_install", "cs_promotion")
class TestPending(CsPayrollCase):
    """A decision pending with effect in the month or before it is a warning."""

    def _is_warned(self, agent, month):
        return "pending" in self._warnings(self._slip(agent, month))

    def test_with_effect_in_the_month_or_before(self):
        self._decide(self.agent, "intermediate", "2025-02-28")
        self.assertFalse(self._is_warned(self.agent, "2025-01"))
        self.assertTrue(self._is_warned(self.agent, "2025-02"))
        self.assertTrue(self._is_warned(self.agent, "2025-03"))
        self.assertFalse(self._is_warned(self.peer, "2025-02"))

    def test_proposed_too_and_no_more_once_applied(self):
        self._decide(self.peer, "intermediate", "2025-02-01", announce=False)
        self.assertTrue(self._is_warned(self.peer, "2025-02"))
        self._decide(self.agent, "intermediate", "2025-02-01")
        self._apply("2025-02-05")
        self.assertFalse(self._is_warned(self.agent, "2025-02"))

    def test_the_pay_month_counts(self):
        """26 January to 25 February: the 26th of February is March's."""
        self.company.cs_period_day = 25
        self._decide(self.agent, "intermediate", "2025-02-26")
        values = {"date_from": "2025-01-26", "date_to": "2025-02-25"}
        self.assertNotIn("pending", self._warnings(self._slip(self.agent, "2025-02", **values)))
        values = {"date_from": "2025-02-26", "date_to": "2025-03-25"}
        self.assertIn("pending", self._warnings(self._slip(self.agent, "2025-03", **values)))


@tagged("post_install", "-at_install", "cs_promotion")
class TestTwins(CsPayrollCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._figure(cls.agent, "2025-01", sales=60000)
        cls._figure(cls.peer, "2025-01", sales=60000)
        cls._play("2025-01", {cls.agent: 80, cls.peer: 90})

    def test_a_second_batch_is_refused(self):
        one = self._batch(self.agent + self.peer, "2025-01")
        self.assertIsNone(one.action_cs_confirm())
        two = self._batch(self.agent, "2025-01")
        with self.assertRaisesRegex(UserError, "Agent: January 2025 has been paid already"):
            two.action_cs_confirm()
        with self.assertRaisesRegex(UserError, "has been paid already"):
            two.slip_ids.action_payslip_done()
        with self.assertRaisesRegex(UserError, "has been paid already"):
            two.sudo().slip_ids.action_payslip_done()
        self.assertEqual(two.slip_ids.state, "verify")
        two.slip_ids.action_payslip_cancel()
        self.assertIsNone(two.action_cs_confirm())

    def test_two_of_one_month_in_one_batch(self):
        run = self._batch(self.agent + self.peer, "2025-01")
        other = self._batch(self.agent, "2025-01")
        other.slip_ids.payslip_run_id = run
        with self.assertRaisesRegex(UserError, "there are 2 payslips for January 2025"):
            run.action_cs_confirm()
        self.assertEqual(set(run.slip_ids.mapped("state")), {"verify"})

    def test_another_structure_of_tier_pay_is_a_twin_as_well(self):
        structure = self.company._get_cs_structure().copy(
            {"name": "Other", "code": "OTHER", "company_id": self.company.id}
        )
        self.assertTrue(structure.cs_tier_pay)
        self._pay(self.agent, "2025-01")
        slip = self._slip(self.agent, "2025-01", compute=False)
        slip.struct_id = structure
        slip.compute_sheet()
        self.assertIn("twin", self._warnings(slip))
        with self.assertRaisesRegex(UserError, "has been paid already"):
            slip.action_payslip_done()

    def test_two_drafts_elsewhere_are_warned_of(self):
        """The first that is ticked is confirmed, the other one is not any more."""
        one = self._batch(self.agent, "2025-01")
        two = self._batch(self.agent, "2025-01")
        answer = two.action_cs_confirm()
        wizard = two.env["cs.payslip.confirm"].browse(answer["res_id"])
        self.assertIn("another payslip for this month", wizard.line_ids.warning)
        self._tick(answer, two.env)
        self.assertEqual(two.slip_ids.state, "done")
        with self.assertRaisesRegex(UserError, "has been paid already"):
            one.action_cs_confirm()

    def test_a_large_batch_meets_a_twin_made_meanwhile(self):
        run = self._batch(self.agent + self.peer, "2025-01")
        with patch.object(scheduled, "BATCH", 1):
            run.action_cs_confirm()
            twin = self._slip(self.agent, "2025-01")
            twin.sudo().action_payslip_done()
            with self.enter_registry_test_mode():
                self.env.ref("cs_promotion_payroll.ir_cron_confirm").method_direct_trigger()
        self.env.invalidate_all()
        states = {slip.employee_id.name: slip.state for slip in run.slip_ids}
        self.assertEqual(states, {"Agent": "verify", "Peer": "done"})
        mine = run.slip_ids.filtered(lambda slip: slip.employee_id == self.agent)
        self.assertIn("has been paid already", mine.message_ids[:1].body)

    def test_paid_anew_after_a_refund_or_a_credit_note(self):
        slip = self._pay(self.agent, "2025-01")
        slip.refund_sheet()
        again = self._pay(self.agent, "2025-01")
        self.assertEqual(again.state, "done")
        self._confirm(self._batch(self.agent, "2025-01", credit_note=True))
        third = self._slip(self.agent, "2025-01")
        self.assertNotIn("twin", self._warnings(third))
        self._confirm(third)
        self.assertEqual(third.state, "done")

    def test_another_month_and_another_company_are_none(self):
        self._pay(self.agent, "2025-01")
        self.assertEqual(self._pay(self.agent, "2025-02").state, "done")


@tagged("post_install", "-at_install", "cs_promotion")
class TestRefunds(CsPayrollCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("payroll.allow_cancel_payslips", "True")
        cls.violation = cls._violation(cls.agent, "2025-01-10", fine=60)

    def test_a_second_refund_is_refused(self):
        slip = self._pay(self.agent, "2025-01")
        slip.refund_sheet()
        with self.assertRaisesRegex(UserError, "has been refunded already, by"):
            slip.refund_sheet()
        with self.assertRaisesRegex(UserError, "is a refund itself"):
            slip.refunded_id.refund_sheet()
        self.assertEqual(self.violation.fine_taken, 0)
        slip.refunded_id.action_payslip_cancel()
        self.assertEqual(self.violation.fine_taken, 60)
        slip.refund_sheet()
        self.assertEqual(self.violation.fine_taken, 0)

    def test_named_twice_it_is_refunded_once(self):
        slip = self._pay(self.agent, "2025-01")
        slip.browse(slip.ids * 2).refund_sheet()
        refunds = slip.search([("employee_id", "=", self.agent.id), ("credit_note", "=", True)])
        self.assertEqual(len(refunds), 1)

    def test_by_a_credit_note_first(self):
        slip = self._pay(self.agent, "2025-01")
        self._confirm(self._batch(self.agent, "2025-01", credit_note=True))
        with self.assertRaisesRegex(UserError, "by a credit note of that month"):
            slip.refund_sheet()
        again = self._batch(self.agent, "2025-01", credit_note=True)
        with self.assertRaisesRegex(UserError, "has been refunded already"):
            again.action_cs_confirm()

    def test_what_is_not_done_is_not_refunded(self):
        with self.assertRaisesRegex(UserError, "nothing to refund"):
            self._slip(self.agent, "2025-01").refund_sheet()

    def test_a_refund_of_a_warned_payslip_asks_nothing(self):
        slip = self._pay(self.agent, "2025-01")
        self.assertTrue(slip.cs_warned)
        slip.refund_sheet()
        self.assertEqual(slip.refunded_id.state, "done")

    def test_cancelled_after_a_new_payslip(self):
        slip = self._pay(self.agent, "2025-01")
        slip.refund_sheet()
        again = self._pay(self.agent, "2025-01")
        for cancel in (
            slip.refunded_id.action_payslip_cancel,
            lambda: slip.refunded_id.write({"state": "cancel"}),
        ):
            with self.assertRaisesRegex(UserError, "has been paid anew for January 2025 since"):
                cancel()
        again.action_payslip_cancel()
        slip.refunded_id.action_payslip_cancel()
        self.assertEqual(self.violation.fine_taken, 60)

    def test_cancelled_after_another_month_took_the_fine(self):
        slip = self._pay(self.agent, "2025-01")
        slip.refund_sheet()
        later = self._pay(self.agent, "2025-02")
        self.assertPaid(later, BASE=1700, FINE=-60)
        with self.assertRaisesRegex(UserError, "has been taken again since, by .*February"):
            slip.refunded_id.action_payslip_cancel()
        self.assertEqual(slip.refunded_id.state, "done")

    def test_the_list_of_fines_taken_adds_up(self):
        """60 and 450 taken, 60 given back: 450, not 570."""
        slip = self._pay(self.agent, "2025-01")
        slip.refund_sheet()
        senior = self._make_agent("Senior", tier="senior")
        self._violation(senior, "2025-02-10", fine=200)
        self._violation(senior, "2025-02-11", fine=250)
        self.policy.fine_cap_percent = 50
        self._pay(senior, "2025-02")
        takings = self.env["cs.fine.taking"].with_user(self.user_payroll)
        domain = [("slip_state", "=", "done"), ("company_id", "=", self.company.id)]
        self.assertEqual(sorted(takings.search(domain).mapped("amount")), [-60, 60, 200, 250])
        [(total,)] = takings._read_group(domain, [], ["amount:sum"])
        self.assertEqual(total, 450)


@tagged("post_install", "-at_install", "cs_promotion")
class TestWithdrawn(CsPayrollCase):
    """A fine that was paid already is withdrawn: payroll gets a to-do."""

    def _todos(self, slip):
        return slip.sudo().activity_ids

    def test_for_whoever_confirmed_the_payslip(self):
        other = self._make_user("payroll_2", "payroll.group_payroll_manager")
        violation = self._violation(self.agent, "2025-01-10", fine=60)
        slip = self._pay(self.agent, "2025-01")
        self.assertFalse(self._todos(slip))
        self._as(self.user_office, violation).sudo()._withdraw("The appeal was upheld")
        todo = self._todos(slip)
        self.assertEqual(todo.user_id, self.user_payroll)
        self.assertNotIn(other, todo.user_id)
        self.assertIn("60.00", todo.summary)
        self.assertIn("Agent", todo.summary)
        self.assertIn("Refund this payslip and pay the month anew", todo.note)
        slip.refund_sheet()
        self.assertFalse(self._todos(slip))
        self.assertPaid(self._pay(self.agent, "2025-01"), BASE=1700)

    def test_partly_paid(self):
        """5 % of 1700.00 is 85.00, of 100.00."""
        self.policy.fine_cap_percent = 5
        violation = self._violation(self.agent, "2025-01-10", fine=100)
        first, second = self._pay(self.agent, "2025-01"), self._pay(self.agent, "2025-02")
        violation._withdraw("A mistake")
        self.assertIn("85.00", self._todos(first).summary)
        self.assertIn("15.00", self._todos(second).summary)

    def test_for_the_managers_where_whoever_confirmed_may_no_longer(self):
        other = self._make_user("payroll_2", "payroll.group_payroll_manager")
        self._make_user("payroll_b", "payroll.group_payroll_manager", self.company_b)
        violation = self._violation(self.agent, "2025-01-10", fine=60)
        slip = self._pay(self.agent, "2025-01")
        self.user_payroll.sudo().group_ids = self.env.ref("base.group_user")
        violation._withdraw("A mistake")
        self.assertIn(other, self._todos(slip).user_id)
        self.assertNotIn(self.user_payroll, self._todos(slip).user_id)
        for user in self._todos(slip).user_id:
            self.assertIn(self.company, user.company_ids)

    def test_none_where_nothing_was_taken(self):
        violation = self._violation(self.agent, "2025-01-10", fine=60)
        draft = self._slip(self.agent, "2025-01")
        violation._withdraw("A mistake")
        self.assertFalse(self._todos(draft))

    def test_none_on_a_refunded_payslip(self):
        violation = self._violation(self.agent, "2025-01-10", fine=60)
        slip = self._pay(self.agent, "2025-01")
        slip.refund_sheet()
        again = self._pay(self.agent, "2025-01")
        violation._withdraw("A mistake")
        self.assertFalse(self._todos(slip))
        self.assertEqual(len(self._todos(again)), 1)
