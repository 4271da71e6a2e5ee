from odoo import api, fields, models
from odoo.tools import plaintext2html

UNFINISHED = ("wait_dependencies", "pending", "enqueued", "started")
ACTIVITY = "cs_promotion_queue.mail_activity_job_failed"
SHOWN = 20  # names that a to-do lists


class QueueJob(models.Model):
    """Jobs of long work: which one, and the record people watch it on."""

    _inherit = "queue.job"

    cs_work = fields.Char(string="CS Work", readonly=True, index="btree_not_null")
    cs_res_model = fields.Char(string="Model of the Period or Batch", readonly=True)
    cs_res_id = fields.Many2oneReference(
        string="Period or Batch", model_field="cs_res_model", readonly=True, index=True
    )
    cs_told = fields.Boolean(
        string="To-Do Made", readonly=True, help="A to-do has been made of its failure."
    )

    # ------------------------------------------------------------------ where a work stands

    @api.model
    def _cs_get_current(self, method):
        """The job that runs here, if it is one of this method."""
        uuid = self.env.context.get("job_uuid")
        if not uuid:
            return self.browse()
        return self.search(
            [("uuid", "=", uuid), ("model_name", "=", "cs.long.work"), ("method_name", "=", method)]
        )

    def _cs_get_tried(self, model, method):
        """Ids of the records with which the step has been taken before this job: by those that it
        waited for, or before them without success."""
        return [*self.args[1], *self.dependency_ids._cs_get_ids(model, method)]

    def _cs_get_busy(self, model, method):
        """Ids of the records with which jobs of the same work will take the step, or just do."""
        jobs = self.search([("cs_work", "=", self.cs_work), ("state", "in", UNFINISHED)])
        return jobs._cs_get_ids(model, method)

    def _cs_get_ids(self, model, method):
        """Ids of the records of these jobs, of those that take this step."""
        ids = []
        for job in self.filtered(lambda each: each.method_name == "_run_step"):
            job_model, job_ids, (_name, job_method, *_rest), _kept = job.args
            if (job_model, job_method) == (model, method):
                ids += job_ids
        return ids

    # ------------------------------------------------------------------ given up

    @api.model
    def _cs_try_again(self, domain):
        """Let jobs that were given up try once more, and what waits for them go on."""
        jobs = self.search([*domain, ("state", "=", "failed")])
        # before: stored anew, a job belongs to the record that it was made with, if to any
        watched = jobs._cs_get_about()
        jobs.requeue()
        jobs.cs_told = False
        for about in watched:
            about.activity_unlink([ACTIVITY])

    def _cs_get_about(self):
        """The records on which people watch these jobs, as list of one each."""
        keys = {(job.cs_res_model, job.cs_res_id) for job in self if job.cs_res_id}
        records = [self.env[model].browse(id_).exists() for model, id_ in sorted(keys)]
        return [each for each in records if each]

    @api.model
    def _cs_cron_tell(self):
        """A to-do about each job that was given up, for those who watch its work. The runner
        gives up jobs of killed workers past the ORM, and calls nobody: hence a scheduled action."""
        for job in self.search(
            [("cs_work", "!=", False), ("state", "=", "failed"), ("cs_told", "=", False)]
        ):
            if not job._cs_get_about():
                job._cs_put_on_period()
            for about in job._cs_get_about():
                job.cs_told = True
                for user in about._get_work_users():
                    job._cs_schedule(about.with_context(lang=user.lang), user)

    def _cs_put_on_period(self):
        """Have this job, which belongs to no record, watched on the newest period, of its own
        company if that has any: there the office looks, and lets it try again."""
        periods, order = self.env["cs.cycle"], "date_end desc, date_start desc"
        own = [("company_id", "=", self.company_id.id)]
        period = periods.search(own, order=order, limit=1)
        period = period or periods.search([], order=order, limit=1)
        if period:
            self.cs_res_model, self.cs_res_id = period._name, period.id
            self.company_id = period.company_id  # whose office sees it

    def _cs_get_names(self, about):
        """What the job is about, for those who watch ``about``: names of some of its records, of
        their company alone, or that of their model."""
        env = about.env
        if self.method_name == "_run_step":
            model, ids, _step, _kept = self.args
        else:
            (model, ids, _method), _failed, _kept = self.args
        records = env[model].browse(ids).exists()
        if "company_id" in records._fields:  # work of no record may be of several companies
            records = records.filtered(lambda each: each.company_id == about.company_id)
        return records[:SHOWN].mapped("display_name") or [env["ir.model"]._get(model).name]

    def _cs_schedule(self, about, user):
        about.activity_schedule(
            ACTIVITY,
            user_id=user.id,
            summary=about.env._("Work stopped: %s", self.name),
            note=plaintext2html(
                about.env._(
                    "Tried %(tries)s times in vain: %(error)s. Press Try Again once that is "
                    "mended. Concerned: %(names)s",
                    tries=self.retry,
                    error=self.exc_message or self.exc_name,
                    names=", ".join(self._cs_get_names(about)),
                )
            ),
        )
