from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cs_promotion.models import scheduled
from odoo.addons.cs_promotion.models.review import cs_cycle_closing_mixin, cs_cycle_sheets_mixin
from odoo.addons.cs_promotion.tests.common import CsPromotionCase
from odoo.addons.queue_job.exception import FailedJobError, RetryableJobError
from odoo.addons.queue_job.job import Job

from ..hooks import uninstall_hook
from ..models import cs_long_work


@tagged("post_install", "-at_install", "cs_promotion")
class TestQueue(CsPromotionCase):
    """Scheduled actions have jobs do the work, which are run here one after the other.

    A batch is one agent, so two are two jobs.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for module in (scheduled, cs_cycle_sheets_mixin, cs_cycle_closing_mixin):
            cls.enterClassContext(patch.object(module, "BATCH", 1))
        cls.enterClassContext(patch.object(cs_cycle_closing_mixin, "JUDGED_AT_ONCE", 1))
        cls.enterClassContext(patch.object(cs_long_work, "LEAST", 1))
        cls.env["cs.cycle"].search(
            [("company_id", "!=", cls.company.id), ("state", "!=", "closed")]
        ).unlink()
        cls.env["cs.policy"].search([("company_id", "!=", cls.company.id)]).active = False
        cls.env["queue.job"].search([]).unlink()

    def _begin(self, name, day):
        cron = self.env.ref(f"cs_promotion.ir_cron_{name}")
        with freeze_time(day, tick=True), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _jobs(self, *states, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        if states:
            domain.append(("state", "in", states))
        return self.env["queue.job"].search(domain, order="id")

    def _run_jobs(self, day, most=100):
        """Run what is there to run, and what comes of it, as the workers do."""
        with freeze_time(day, tick=True), self.enter_registry_test_mode():
            while most and (job := self._jobs("pending")[:1]):
                with self.registry.cursor() as cr:
                    self._run_job(self.env(cr=cr, context={}), job.uuid)
                self.env.invalidate_all()
                most -= 1

    @staticmethod
    def _run_job(env, uuid):
        """As queue_job's controller does, which writes failures down in another transaction."""
        job = Job.load(env, uuid)
        job.set_started()
        job.store()
        try:
            job.perform()
            job.set_done()
        except RetryableJobError:
            job.set_pending(reset_retry=False)
        except FailedJobError as error:
            job.set_failed(exc_name="FailedJobError", exc_message=str(error))
            job.on_fail({})
        job.store()
        env.flush_all()
        if job.state == "done" and job.should_check_dependents():
            job.enqueue_waiting()

    @contextmanager
    def _broken(self, error, agent=None):
        """Judging fails: of everybody, or of one agent."""
        cycles = self.env.registry["cs.cycle"]
        judge = cycles._judge

        def fail(cycle, appraisals):
            if agent in (None, *appraisals.employee_id):
                raise error
            return judge(cycle, appraisals)

        with (
            patch.object(cycles, "_judge", fail),
            mute_logger(
                "odoo.addons.cs_promotion",
                "odoo.addons.cs_promotion_queue",
            ),
        ):
            yield

    def _close_by_button(self):
        for agent in (self.agent, self.peer):
            self._violation(agent, "2025-02-10", "moderate")
        cycle = self._open("2025-02")
        self._score(cycle.appraisal_ids, 80)
        cycle.with_user(self.user_office).action_close()
        self.env.invalidate_all()
        return cycle

    # ------------------------------------------------------------------ enqueued

    def test_the_scheduled_action_does_no_more_than_have_a_job(self):
        self._begin("open", "2025-02-10")
        [job] = self._jobs()
        self.assertEqual((job.state, job.channel), ("pending", "root.cs_promotion"))
        self.assertFalse(self.env["cs.cycle"].search([("company_id", "=", self.company.id)]))

    def test_begun_twice_it_is_one_job(self):
        self._begin("open", "2025-02-10")
        self._begin("open", "2025-02-11")
        self.assertEqual(len(self._jobs()), 1)

    def test_a_month_opened_by_jobs(self):
        self._begin("open", "2025-02-10")
        self._run_jobs("2025-02-10")
        cycle = self._cycle("2025-02")
        self.assertEqual(len(cycle.appraisal_ids.sheet_ids.line_ids), 80)
        steps = self._jobs(method_name="_run_step")
        self.assertEqual(set(steps.mapped("channel")), {"root.cs_promotion.open"})
        self.assertEqual(
            steps.mapped("name"), ["Open: February 2025 (1)"] * 2, "a job for each agent"
        )
        self.assertEqual(set(self._jobs().mapped("state")), {"done"})
        self.assertEqual((cycle.cs_job_count, cycle.cs_failed_job_count), (2, 0))
        # records are named to those of their own company alone
        self.assertIn("February 2025", steps[:1]._cs_get_names(cycle)[0])
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["hr.department"].create({"name": "Other", "company_id": company.id})
        model = self.env["ir.model"]._get("cs.appraisal").name
        self.assertEqual(steps[:1]._cs_get_names(other), [model])

    def test_what_is_shared_out_already_is_not_once_more(self):
        self._begin("open", "2025-02-10")
        self._run_jobs("2025-02-10", most=1)
        self.assertEqual(len(self._jobs("pending", method_name="_run_step")), 2)
        self._begin("open", "2025-02-11")
        planner = self._jobs("pending", method_name="_run_work")
        self.assertEqual(len(planner), 1)
        (self._jobs("pending") - planner).state = "wait_dependencies"  # others are at it
        self._run_jobs("2025-02-11")
        self.assertEqual(len(self._jobs(method_name="_run_step")), 2)

    def test_a_month_closed_by_jobs(self):
        cycle = self._close_by_button()
        self._begin("close", "2025-03-02")
        self._run_jobs("2025-03-02", most=1)
        self.assertEqual(cycle.state, "closing", "frozen in one job")
        self.assertTrue(cycle.closed_on)
        self.assertEqual(len(self._jobs("pending", channel="root.cs_promotion.judge")), 2)
        self.assertEqual((cycle.work_done, cycle.work_total), (0, 2))
        self._run_jobs("2025-03-02")
        self.assertEqual(cycle.state, "closed")
        self.assertEqual(cycle.decision_ids.employee_id, self.agent | self.peer)
        self.assertEqual(set(self._jobs().mapped("company_id")), set(self.company))

    def test_a_job_run_again_does_nothing(self):
        """As one of a server that was killed just before the job was written down as done."""
        self._begin("open", "2025-02-10")
        self._run_jobs("2025-02-10")
        cycle = self._cycle("2025-02")
        sheets = cycle.appraisal_ids.sheet_ids
        self._jobs(method_name="_run_step").requeue()
        self._run_jobs("2025-02-10")
        self.assertEqual(set(self._jobs().mapped("state")), {"done"})
        self.assertEqual(cycle.appraisal_ids.sheet_ids, sheets)
        self.assertEqual(len(sheets.line_ids), 80)

    def test_a_job_whose_records_are_gone_is_done(self):
        self._begin("open", "2025-02-10")
        self._run_jobs("2025-02-10", most=1)
        self._cycle("2025-02").unlink()
        self._run_jobs("2025-02-10")
        self.assertEqual(set(self._jobs().mapped("state")), {"done"})

    # ------------------------------------------------------------------ faults

    def test_one_agent_stops_nobody_else(self):
        cycle = self._close_by_button()
        with self._broken(UserError("a broken record"), self.peer):
            self._begin("close", "2025-03-02")
            self._run_jobs("2025-03-02")
        self.assertEqual((cycle.state, cycle.work_done), ("closing", 1))
        self.assertEqual(cycle.decision_ids.employee_id, self.agent)
        told = cycle.message_ids.filtered(lambda each: "a broken record" in (each.body or ""))
        self.assertIn("Peer", told.body)
        self.assertEqual(set(self._jobs().mapped("state")), {"done"}, "tried once in a run")
        self._begin("close", "2025-03-03")
        self._run_jobs("2025-03-03")
        self.assertEqual(cycle.state, "closed")

    def _give_up(self):
        """A month, the judging of which is given up."""
        cycle = self._close_by_button()
        error = RuntimeError("the disk is full")
        with (
            patch.object(scheduled, "take_once", side_effect=error),
            mute_logger("odoo.addons.cs_promotion_queue.models.cs_long_work"),
        ):
            self._begin("close", "2025-03-02")
            self._run_jobs("2025-03-02")
        return cycle

    def test_given_up_after_three_tries_it_is_listed_and_told(self):
        cycle = self._give_up()
        failed = self._jobs("failed")
        self.assertEqual(failed.mapped("retry"), [3, 3])
        self.assertEqual((cycle.state, cycle.cs_failed_job_count), ("closing", 2))
        cron = self.env.ref("cs_promotion_queue.ir_cron_tell")
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))
        self.env["queue.job"]._cs_cron_tell()
        self.env["queue.job"]._cs_cron_tell()
        todos = cycle.activity_ids
        self.assertEqual(len(todos), 2 * len(cycle._get_work_users()), "each is told once")
        self.assertIn(self.user_office, todos.user_id)
        self.assertIn("the disk is full", todos[0].note)
        self.assertIn("Agent", "".join(todos.mapped("note")))
        office = cycle.with_user(self.user_office)
        jobs = self.env["queue.job"].with_user(self.user_office)
        self.assertLessEqual(failed, jobs.search(office.action_cs_view_jobs()["domain"]))

    def test_given_up_it_is_resumed_by_the_button(self):
        cycle = self._give_up()
        self.env["queue.job"]._cs_cron_tell()
        cycle.with_user(self.user_office).action_cs_try_jobs_again()
        self.assertFalse(cycle.activity_ids)
        self._run_jobs("2025-03-02")
        self.assertEqual((cycle.state, cycle.cs_failed_job_count), ("closed", 0))
        self.assertEqual(len(cycle.decision_ids), 2)

    def test_given_up_it_is_resumed_by_the_scheduled_action(self):
        cycle = self._give_up()
        self._begin("close", "2025-03-03")
        self._run_jobs("2025-03-03")
        self.assertEqual(cycle.state, "closed")
        self.assertEqual(len(cycle.decision_ids), 2)
        self.assertEqual(set(self._jobs().mapped("state")), {"done"})

    def test_a_dead_job_that_the_runner_gives_up_is_told(self):
        """The runner writes past the ORM."""
        cycle = self._close_by_button()
        self._begin("close", "2025-03-02")
        self.env.cr.execute("UPDATE queue_job SET state = 'failed', exc_name = 'JobFoundDead'")
        self.env.invalidate_all()
        self.env["queue.job"]._cs_cron_tell()
        self.assertIn("JobFoundDead", cycle.activity_ids[:1].note)

    def test_work_of_no_record_is_told_on_the_newest_period(self):
        """Opening what is due fails, for all companies at once: there the office tries again."""
        older, newest = self._open("2025-01"), self._open("2025-02")
        error = RuntimeError("the disk is full")
        cycles = self.env.registry["cs.cycle"]
        with (
            patch.object(cycles, "_find_without_sheets", side_effect=error),
            mute_logger("odoo.addons.cs_promotion_queue.models.cs_long_work"),
        ):
            self._begin("open", "2025-02-10")
            self._run_jobs("2025-02-10")
        failed = self._jobs("failed")
        self.assertEqual((failed.method_name, failed.cs_res_id), ("_run_work", 0))
        self.env["queue.job"]._cs_cron_tell()
        self.env["queue.job"]._cs_cron_tell()
        self.assertFalse(older.activity_ids)
        todo = newest.activity_ids.filtered(lambda each: each.user_id == self.user_office)
        self.assertEqual(len(todo), 1)
        self.assertIn("the disk is full", todo.note)
        self.assertEqual(newest.cs_failed_job_count, 1)
        office = newest.with_user(self.user_office)
        jobs = self.env["queue.job"].with_user(self.user_office)
        self.assertIn(failed, jobs.search(office.action_cs_view_jobs()["domain"]))
        office.action_cs_try_jobs_again()
        self.assertFalse(todo.exists())
        self._run_jobs("2025-02-10")
        self.assertEqual(set(self._jobs().mapped("state")), {"done"})

    def test_payslips_are_told_to_whom_they_are_made_for(self):
        """The batch is watched as a period is; here nothing is known of payroll."""
        if "cs.payslip.request" not in self.env:
            return
        asker = self._make_user("payroll", "payroll.group_payroll_manager")
        run = self.env["hr.payslip.run"].create(
            {
                "name": "February",
                "date_start": "2025-02-01",
                "date_end": "2025-02-28",
                "company_id": self.company.id,
            }
        )
        requests = self.env["cs.payslip.request"]
        requests.with_user(asker)._add(run, self.agent | self.peer)
        with self.enter_registry_test_mode():
            self.env.ref("cs_promotion_payroll.ir_cron_make").method_direct_trigger()
        self._run_jobs("2025-03-01", most=1)
        steps = self._jobs("pending", channel="root.cs_promotion.make")
        self.assertEqual(len(steps), 2)
        steps.state = "failed"
        self.env["queue.job"]._cs_cron_tell()
        self.assertEqual(run.activity_ids.user_id, asker)
        self.assertEqual((run.cs_work, run.cs_failed_job_count), ("making", 2))
        run.with_user(asker).action_cs_try_jobs_again()
        self.assertFalse(run.activity_ids)
        self._run_jobs("2025-03-01")
        self.assertEqual(set(self._jobs().mapped("state")), {"done"})
        self.assertFalse(run.cs_work)
        self.assertEqual(len(run.slip_ids) + len(run.cs_failed_ids), 2)

    # ------------------------------------------------------------------ who sees what

    def test_the_office_sees_its_jobs_and_changes_none(self):
        self._begin("open", "2025-02-10")
        self._run_jobs("2025-02-10")
        other = self.env["res.partner"].with_delay().name_search("x").db_record()
        jobs = self.env["queue.job"].with_user(self.user_office)
        found = jobs.search([])
        self.assertIn(self._jobs(method_name="_run_step")[0], found)
        self.assertNotIn(other, found)
        with self.assertRaises(AccessError):
            found[:1].write({"priority": 1})
        self.assertFalse(jobs.with_user(self.user_office_b).search([]))
        with self.assertRaises(AccessError):
            jobs.with_user(self.user_agent).search([])
        with self.assertRaises(AccessError):
            self._cycle("2025-02").with_user(self.user_agent).action_cs_try_jobs_again()

    def test_forms_have_the_button_and_the_warning(self):
        for model in ("cs.cycle", "hr.payslip.run"):
            if model not in self.env:
                continue
            arch = self.env[model].with_user(self.env.ref("base.user_admin")).get_view()["arch"]
            self.assertIn("action_cs_view_jobs", arch, model)
            self.assertIn("action_cs_try_jobs_again", arch, model)
        office = self.env["cs.cycle"].with_user(self.user_office)
        self.assertIn("action_cs_view_jobs", office.get_view()["arch"])

    def test_without_delay_it_is_done_at_once(self):
        """As queue_job has it for tests of what uses jobs."""
        work = self.env["cs.long.work"].with_context(queue_job__no_delay=True)
        cycles = self._cycle("2025-02").with_env(work.env)
        with freeze_time("2025-02-10"), self.enter_registry_test_mode():
            work._begin(cycles.browse(), "_make_missing_sheets")
        self.assertFalse(self._jobs())

    # ------------------------------------------------------------------ without it again

    def test_uninstalled_the_scheduled_actions_go_on(self):
        cycle = self._close_by_button()
        self._begin("close", "2025-03-02")
        self._run_jobs("2025-03-02", most=2)
        uninstall_hook(self.env)
        self.assertFalse(self._jobs())
        cron = self.env.ref("cs_promotion.ir_cron_close")
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))
        with (
            patch.object(
                self.env.registry["cs.long.work"],
                "_begin",
                lambda _work, records, method: getattr(records, method)(),
            ),
        ):
            self._begin("close", "2025-03-03")
        self.assertEqual(cycle.state, "closed")
        self.assertEqual(len(cycle.decision_ids), 2)
