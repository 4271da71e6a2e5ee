from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cs_promotion.models import scheduled

from .common import CsPayrollCase

BROKEN = "this one is broken"


@tagged("post_install", "-at_install", "cs_promotion")
class TestLargeBatch(CsPayrollCase):
    """Many agents: the buttons start scheduled actions, which work in batches that commit.

    As many as a request does by itself is one agent here, so two are many.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(patch.object(scheduled, "BATCH", 1))
        cls.agents = cls.agent + cls.peer
        cls.user_payroll_b = cls._make_user(
            "payroll_b", "payroll.group_payroll_manager", cls.company_b
        )

    def _run_action(self, name):
        cron = self.env.ref(f"cs_promotion_payroll.ir_cron_{name}")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _is_triggered(self, name):
        cron = self.env.ref(f"cs_promotion_payroll.ir_cron_{name}")
        return bool(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))

    def _work(self, run):
        self.env.invalidate_all()
        return run.cs_work, run.cs_work_done, run.cs_work_total

    def _made(self, month="2025-01"):
        run = self._batch(self.agents, month)
        self._run_action("make")
        return run

    def _fail(self, agent, method="create", error=UserError):
        """Within this block the agent's payslip cannot be made (or confirmed)."""
        model = self.env.registry["hr.payslip"]
        function = getattr(model, method)

        def fail(slips, *args):
            employees = slips.employee_id.ids
            if args and isinstance(args[0], list):
                employees += [values["employee_id"] for values in args[0]]
            if agent.id in employees:
                raise error(BROKEN)
            return function(slips, *args)

        return patch.object(model, method, fail)

    # ------------------------------------------------------------------ making

    def test_wizard_leaves_many_to_the_scheduled_action(self):
        run = self.env["hr.payslip.run"].create(
            {"name": "Run", "date_start": "2025-01-01", "date_end": "2025-01-31"}
            | {"company_id": self.company.id}
        )
        wizard = self.env["hr.payslip.employees"].create(
            {"employee_ids": [(6, 0, self.agents.ids)]}
        )
        wizard = wizard.with_user(self.user_payroll).with_context(active_id=run.id)
        answer = wizard.compute_sheet()
        self.assertIn("payslips of 2 agents", answer["params"]["message"])
        self.assertEqual(answer["params"]["next"]["type"], "ir.actions.act_window_close")
        self.assertFalse(run.slip_ids)
        self.assertTrue(self._is_triggered("make"))
        self.assertEqual(self._work(run), ("making", 0, 2))
        self._run_action("make")
        self.assertEqual(run.slip_ids.employee_id, self.agents)
        self.assertEqual(set(run.slip_ids.mapped("state")), {"verify"})
        self.assertFalse(run.cs_request_ids)
        self.assertEqual(self._work(run), (False, 2, 2))

    def test_one_agent_is_paid_at_once(self):
        run = self._batch(self.agent, "2025-01")
        self.assertEqual(run.slip_ids.employee_id, self.agent)
        self.assertFalse(run.cs_request_ids)
        self.assertFalse(self._is_triggered("make"))

    def test_payslips_are_as_if_made_at_once(self):
        """In the name, language and company of the person who asked for them."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user_payroll.lang = "zh_CN"
        self._violation(self.agent, "2025-01-10", fine=50)
        self._batch(self.agents, "2025-01").with_context(lang="zh_CN")._make_waiting()
        made = self.env["hr.payslip"].search([("employee_id", "in", self.agents.ids)])
        made.action_payslip_cancel()
        once = {slip.employee_id: slip for slip in made}
        batch = self._made()
        self.assertEqual(batch.slip_ids.employee_id, self.agents)
        for slip in batch.slip_ids.with_env(self.env):
            other = once[slip.employee_id]
            self.assertEqual(slip.create_uid, self.user_payroll)
            self.assertEqual(slip.company_id, self.company)
            self.assertEqual(slip.name, other.name)
            self.assertEqual(slip.cs_figures, other.cs_figures)
            self.assertEqual(
                slip.line_ids.mapped(lambda line: (line.code, line.name, line.total)),
                other.line_ids.mapped(lambda line: (line.code, line.name, line.total)),
            )
            self.assertRegex(self._line(slip, "BASE").name, "基本工资")

    def test_goes_on_where_it_was_killed(self):
        run = self._batch(self.agents, "2025-01")
        run._make_payslips(run.cs_request_ids.sudo()[0])
        self.assertEqual(self._work(run), ("making", 1, 2))
        before = run.slip_ids
        self._run_action("make")
        self.assertLess(before, run.slip_ids)
        self.assertEqual(len(run.slip_ids), 2)

    def test_here_and_now(self):
        run = self._batch(self.agents, "2025-01")
        run._make_waiting()
        self.assertEqual(run.slip_ids.employee_id, self.agents)

    def test_asking_twice_makes_no_payslip_twice(self):
        run = self._batch(self.agents, "2025-01")
        with self.assertRaisesRegex(UserError, "still making payslips, 2 to go"):
            run._request_payslips(self.agents)
        self.env["cs.payslip.request"]._add(run, self.agents)
        self._run_action("make")
        self.assertEqual(len(run.slip_ids), 2)

    def test_one_who_cannot_be_paid_does_not_stop_the_rest(self):
        run = self._batch(self.agents, "2025-01")
        with self._fail(self.peer):
            self._run_action("make")
            self._run_action("make")
        self.assertEqual(run.slip_ids.employee_id, self.agent)
        self.assertEqual(self._work(run), (False, 1, 1))
        self.assertEqual(run.cs_failed_ids.employee_id, self.peer)
        self.assertEqual(run.cs_failed_ids.error, BROKEN)
        told = run.message_ids.filtered(lambda each: BROKEN in (each.body or ""))
        self.assertEqual(len(told), 1)
        self.assertIn("Peer", told.body)
        run.action_cs_retry()
        self.assertEqual(run.slip_ids.employee_id, self.agents)
        self.assertFalse(run.cs_failed_ids)

    def test_a_program_error_does_not_stop_the_rest(self):
        run = self._batch(self.agents, "2025-01")
        with self._fail(self.peer, error=ValueError), mute_logger("odoo.addons.cs_promotion"):
            self._run_action("make")
        self.assertEqual(run.slip_ids.employee_id, self.agent)
        self.assertEqual(run.cs_failed_ids.employee_id, self.peer)

    def test_the_wizard_puts_back_what_failed(self):
        run = self._batch(self.agents, "2025-01")
        with self._fail(self.peer):
            self._run_action("make")
        wizard = run.env["hr.payslip.employees"].create({"employee_ids": [(6, 0, self.peer.ids)]})
        wizard.with_context(active_id=run.id).compute_sheet()
        self.assertEqual(run.slip_ids.employee_id, self.agents)
        self.assertFalse(run.cs_failed_ids)

    def test_one_without_a_contract_by_then(self):
        run = self._batch(self.agents, "2025-01")
        late = self._make_agent("Late", hired="2025-02-03")
        self.env["cs.payslip.request"].with_user(self.user_payroll)._add(run, late)
        self._run_action("make")
        self.assertEqual(run.slip_ids.employee_id, self.agents)
        self.assertEqual(run.cs_failed_ids.employee_id, late)
        self.assertRegex(run.cs_failed_ids.error, "Late has no contract that is paid by tier")

    def test_one_who_asked_and_lost_the_right(self):
        run = self._batch(self.agents, "2025-01")
        self.user_payroll.group_ids = self.env.ref("base.group_user")
        self._run_action("make")
        run = run.with_env(self.env)
        self.assertFalse(run.slip_ids)
        self.assertEqual(run.cs_failed_ids.employee_id, self.agents)

    def test_the_batch_stays_as_it_is_while_at_work(self):
        run = self._batch(self.agents, "2025-01")
        for change in (
            run.close_payslip_run,
            run.unlink,
            lambda: run.write({"date_end": "2025-02-28"}),
            run.action_cs_confirm,
        ):
            with self.assertRaisesRegex(UserError, "still making payslips, 2 to go"):
                change()
        run.name = "Another name"
        self._run_action("make")
        run.close_payslip_run()
        self.assertEqual(run.state, "close")

    # ------------------------------------------------------------------ confirming

    def test_confirming_few_at_once(self):
        run = self._batch(self.agent, "2025-01")
        self.assertEqual(run.cs_to_confirm, 1)
        self._confirm(run)
        self.assertEqual(run.slip_ids.state, "done")
        self.assertFalse(run.cs_confirmer_id)

    def test_confirming_many(self):
        violation = self._violation(self.agent, "2025-01-10", fine=50)
        run = self._made()
        self._confirm(run)
        self.assertTrue(self._is_triggered("confirm"))
        self.assertEqual(self._work(run), ("confirming", 0, 2))
        self.assertEqual(violation.fine_taken, 0)
        with self.assertRaisesRegex(UserError, "still confirming payslips, 2 to go"):
            run.close_payslip_run()
        self._run_action("confirm")
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
        self.assertEqual(violation.fine_taken, 50)
        self.assertEqual(self._work(run), (False, 2, 2))

    def test_confirming_in_turns(self):
        """Of two months confirmed at once, the earlier one takes the fine (W5)."""
        self._violation(self.agent, "2025-01-10", fine=60)
        later, earlier = self._made("2025-02"), self._made("2025-01")
        self._confirm(later | earlier)
        self._run_action("confirm")
        slips = (earlier | later).slip_ids.filtered(lambda slip: slip.employee_id == self.agent)
        self.assertEqual(set((earlier | later).slip_ids.mapped("state")), {"done"})
        amounts = {str(slip.date_from): self._amounts(slip)["FINE"] for slip in slips}
        self.assertEqual(amounts, {"2025-01-01": -60, "2025-02-01": 0})

    def test_one_that_cannot_be_confirmed_does_not_stop_the_rest(self):
        run = self._made()
        self._confirm(run)
        with self._fail(self.peer, "action_payslip_done"):
            self._run_action("confirm")
            self._run_action("confirm")
        states = {slip.employee_id: slip.state for slip in run.slip_ids}
        self.assertEqual(states, {self.agent: "done", self.peer: "verify"})
        self.assertEqual(self._work(run), (False, 2, 2))
        open_slip = run.slip_ids.filtered(lambda slip: slip.state == "verify")
        self.assertIn(BROKEN, open_slip.message_ids[:1].body)
        self.assertIn("Payslips that could not be confirmed: 1", run.message_ids[:1].body)
        self._confirm(run)
        self.assertEqual(open_slip.state, "done")

    def test_the_next_month_waits_for_one_that_cannot_be_confirmed(self):
        earlier, later = self._made("2025-01"), self._made("2025-02")
        self._confirm(earlier | later)
        broken = earlier.slip_ids.filtered(lambda slip: slip.employee_id == self.peer)
        confirm = self.env.registry["hr.payslip"].action_payslip_done

        def fail(slips):
            if broken & slips:
                raise UserError(BROKEN)
            return confirm(slips)

        with patch.object(self.env.registry["hr.payslip"], "action_payslip_done", fail):
            self._run_action("confirm")
        for run in earlier | later:
            states = {slip.employee_id: slip.state for slip in run.slip_ids}
            self.assertEqual(states, {self.agent: "done", self.peer: "verify"})
            self.assertFalse(run.cs_work)
        self._confirm(earlier | later)
        self.assertEqual(set((earlier | later).slip_ids.mapped("state")), {"done"})

    # ------------------------------------------------------------------ rights

    def test_who_may(self):
        done = self._made("2025-02")
        request = self._batch(self.agents, "2025-01").cs_request_ids
        self.assertEqual(request.user_id, self.user_payroll)
        for user in (
            self.user_officer,
            self.user_manager,
            self.user_office,
            self.user_superior,
            self.user_agent,
            self.user_payroll_b,
        ):
            with self.assertRaises(AccessError, msg=user.login):
                self._as(user, request).read(["employee_id", "error"])
            for method in ("action_cs_confirm", "action_cs_retry"):
                if user != self.user_payroll_b:
                    with self.assertRaises(AccessError, msg=f"{user.login} {method}"):
                        getattr(self._as(user, done), method)()
        self.assertEqual(set(done.slip_ids.mapped("state")), {"verify"})

    def test_nobody_writes_requests(self):
        run = self._batch(self.agents, "2025-01")
        request = self._as(self.user_payroll, run.cs_request_ids[0])
        values = {"run_id": run.id, "employee_id": self.agent.id, "user_id": self.env.uid}
        for change in (
            lambda: request.write({"user_id": self.user_officer.id}),
            request.unlink,
            lambda: request.create(values),
        ):
            with self.assertRaises(AccessError):
                change()
        for model, method in (
            ("cs.payslip.request", "_add"),
            ("cs.payslip.request", "_make"),
            ("cs.payslip.request", "_cron_make"),
            ("hr.payslip.run", "_request_payslips"),
            ("hr.payslip.run", "_make_payslips"),
            ("hr.payslip.run", "_confirm"),
            ("hr.payslip.run", "_cron_confirm"),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                get_public_method(self.env[model], method)

    def test_agents_of_another_company(self):
        """The scheduled action makes nothing that the person who asked could not make."""
        run = self._batch(self.agents, "2025-01")
        self.env["cs.payslip.request"].with_user(self.user_payroll)._add(run, self.agent_b)
        self._run_action("make")
        self.assertEqual(run.slip_ids.employee_id, self.agents)
        self.assertEqual(run.sudo().cs_failed_ids.employee_id, self.agent_b)
