import hashlib
import logging
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cs_promotion.models import scheduled
from odoo.addons.cs_promotion.models.cs_long_work import Step
from odoo.addons.queue_job.delay import group
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.utils import must_run_without_delay

_logger = logging.getLogger(__name__)

CHANNEL = "root.cs_promotion"
SHARES = 16  # jobs of a step, so that the last ones end at about the same time on all workers
LEAST = 100  # records of a job, where there are as many: each costs some time by itself
TRIES = 3  # of a job, until it is given up


class Suspended(Exception):
    """The work goes on when the jobs of its present step are done."""


@contextmanager
def tried_again():
    """Whatever goes wrong, another try may succeed: the worker was killed, others were faster."""
    try:
        yield
    except Exception as error:
        _logger.exception("A job failed")
        raise RetryableJobError(str(error) or type(error).__name__) from error


class CsLongWork(models.AbstractModel):
    """Long work as jobs, which any worker of any host runs.

    A work is a job. When it comes to a step, it shares the records out to further jobs and ends;
    after the last of them a job goes on with the work, which finds by itself how far it has come.
    """

    _inherit = "cs.long.work"

    # ------------------------------------------------------------------ a work

    @api.model
    def _begin(self, records, method):
        """Have a job do the work, unless one waits to do it; jobs of it that were given up try
        once more."""
        if must_run_without_delay(records.env):  # the tests of others, which know no jobs
            super()._begin(records, method)
            return
        work = (records._name, records.ids, method)
        key = self._get_key(records.env, work)
        # sudo: jobs are the software's, whoever begins the work
        self.env["queue.job"].sudo()._cs_try_again([("cs_work", "=", key)])
        self._delay_work(records.env, work, identity_key=key).delay()

    @api.model
    def _get_key(self, env, work):
        """The name of a work, which is that of a model, or of one company's records."""
        model, ids, method = work
        return f"{model}.{method}({env.company.id if ids else ''})"

    def _delay_work(self, env, work, failed=(), **options):
        about = self.env[work[0]].browse(work[1][:1])
        description = self.env._("To share out: %s", self._get_model_name(work[0]))
        delayable, kept = self._make_delayable(env, work, CHANNEL, description, about, **options)
        return delayable._run_work(work, list(failed), kept)

    def _make_delayable(self, env, work, channel, description, about, **options):
        """What a job is made of, in the name and the language of who begins the work.

        :param about: the record that people may watch it on
        :return: that, and what is kept with the job, to find it by
        """
        watched = about and isinstance(about, self.env.registry["cs.long.work.mixin"])
        # whose job it is; the context of the job itself does not say it
        company = about.company_id if watched else env.company
        if about and about._name == "res.company":
            company = about
        delayable = (
            self.with_env(env)
            .with_context(company_id=company.id)
            .delayable(channel=channel, description=description, max_retries=TRIES, **options)
        )
        return delayable, {
            "cs_work": self._get_key(env, work),
            "cs_res_model": watched and about._name,
            "cs_res_id": watched and about.id,
        }

    def _run_work(self, work, failed, _kept):
        """The job: do the work, as far as the next step that others take.

        :param failed: ids of records for which the step has failed in this work
        """
        model, ids, method = work
        with tried_again():
            try:
                getattr(self.env[model].browse(ids), method)()
            except Suspended:
                return

    # ------------------------------------------------------------------ a step

    @api.model
    def _take_batches(self, find, step):
        # sudo: a job runs in the name of one who need not see jobs
        job = self.env["queue.job"].sudo()._cs_get_current("_run_work")
        if not job:  # nobody has begun the work as a job: a test, or a program
            return super()._take_batches(find, step)
        with self._alone(job.cs_work):
            waiting = find()
            failed = waiting & waiting.browse(job._cs_get_tried(waiting._name, step.method))
            left = waiting - failed
            if not left:
                return failed
            busy = waiting.browse(job._cs_get_busy(waiting._name, step.method))
            self._share_out(left - busy, step, job.args[0], failed)
        raise Suspended

    @contextmanager
    def _alone(self, key):
        """While others wait that would share out the same work, with all they have done in view."""
        # a lock of the session: what is seen is what was there as a transaction began, and this
        # one is to begin once the lock is there, and be over before it is given back
        number = SQL("hashtextextended(%s, 0)", key)
        self.env.execute_query(SQL("SELECT pg_advisory_lock(%s)", number))
        try:
            self.env["ir.cron"]._commit_progress()
            self.env.invalidate_all()
            yield
            self.env["ir.cron"]._commit_progress()
        except BaseException:
            self.env.cr.rollback()
            raise
        finally:
            self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s)", number))

    def _share_out(self, records, step, work, failed):
        """Jobs for the batches of a step, and the one that goes on when they are done."""
        most = max(step.size or scheduled.BATCH, LEAST)
        size = min(most, max(LEAST, -(-len(records) // SHARES)))
        jobs = [
            self._delay_step(ours[start : start + size], step, work, about)
            for about, ours in self._group_watched(records, step)
            for start in range(0, len(ours), size)
        ]
        if jobs:
            group(*jobs).on_done(self._delay_work(self.env, work, failed.ids)).delay()

    def _group_watched(self, records, step):
        """Pairs of what people watch the step on, and the records that belong to it."""
        if not step.about:
            return [(None, records)]
        return records.grouped(step.about).items()

    def _delay_step(self, records, step, work, about):
        key = f"{records._name}.{step.method}({records.ids})"
        description = self.env._(
            "%(step)s: %(about)s (%(count)s)",
            step=self._get_step_name(step.name),
            about=about.display_name if about else self._get_model_name(records._name),
            count=len(records),
        )
        delayable, kept = self._make_delayable(
            self.env,
            work,
            f"{CHANNEL}.{step.name}",
            description,
            about,
            identity_key=hashlib.sha256(key.encode()).hexdigest(),
        )
        return delayable._run_step(records._name, records.ids, list(step), kept)

    @api.model
    def _get_model_name(self, model):
        return self.env["ir.model"]._get(model).name

    @api.model
    def _get_step_name(self, name):
        return {
            "open": self.env._("Open"),
            "judge": self.env._("Judge"),
            "apply": self.env._("Apply"),
            "letter": self.env._("Tell"),
            "make": self.env._("Make payslips"),
            "confirm": self.env._("Confirm payslips"),
        }.get(name, name)

    def _run_step(self, model, ids, step, _kept):
        """The job: take the step with these records. Those that are done with stay as they are;
        those that another worker holds are left to it."""
        step = Step(*step)
        with tried_again():
            scheduled.take_once(self.env[model].browse(ids), step.take, step.tell, step.size)

    def _job_store_values(self, job):
        """What is kept with a job, by its last argument: its records may be gone by now."""
        return job.args[-1]

    def _on_given_up(self, **_failure):
        """Have it told soon; not here and now, where the failure is only being written down."""
        self.env.ref("cs_promotion_queue.ir_cron_tell").sudo()._trigger()
