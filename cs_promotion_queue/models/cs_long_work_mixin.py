from lxml import etree

from odoo import api, fields, models

OFFICE = "cs_promotion.group_office,queue_job.group_queue_job_manager"


class CsLongWorkMixin(models.AbstractModel):
    """The jobs of a period or a batch of payslips: how many, which were given up, once more."""

    _inherit = "cs.long.work.mixin"

    # numbers alone, of records that may be read
    cs_job_count = fields.Integer(compute="_compute_cs_jobs", compute_sudo=True, string="Jobs")
    cs_failed_job_count = fields.Integer(
        compute="_compute_cs_jobs", compute_sudo=True, string="Jobs Given Up"
    )

    def _compute_cs_jobs(self):
        counts = {}
        for id_, state, count in self.env["queue.job"]._read_group(
            self._get_jobs_domain(), ["cs_res_id", "state"], ["__count"]
        ):
            counts.setdefault(id_, {})[state] = count
        for record in self:
            states = counts.get(record.id, {})
            record.cs_job_count = sum(states.values())
            record.cs_failed_job_count = states.get("failed", 0)

    def _get_jobs_domain(self):
        return [("cs_res_model", "=", self._name), ("cs_res_id", "in", self.ids)]

    def action_cs_view_jobs(self):
        """Show the jobs of this record."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_promotion_queue.queue_job_action"
        )
        return {**action, "domain": self._get_jobs_domain()}

    def action_cs_try_jobs_again(self):
        """Let the jobs that were given up try once more."""
        self.check_access("write")
        # sudo: jobs are the software's; who may have the work done was checked
        self.env["queue.job"].sudo()._cs_try_again(self._get_jobs_domain())

    # ------------------------------------------------------------------ on their forms

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """On any form of such a record, as it is made: here nothing is known of other addons."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for box in arch.xpath("//sheet/div[@name='button_box'][1]"):
                box.append(self._make_jobs_button())
            for sheet in arch.xpath("/form/sheet"):
                sheet.addprevious(self._make_jobs_alert())
        return arch, view

    def _make_jobs_button(self):
        button = etree.Element(
            "button",
            name="action_cs_view_jobs",
            type="object",
            icon="fa-tasks",
            groups=OFFICE,
            invisible="not cs_job_count",
        )
        button.set("class", "oe_stat_button")
        button.append(etree.Element("field", name="cs_job_count", widget="statinfo"))
        return button

    def _make_jobs_alert(self):
        alert = etree.Element("div", role="alert", invisible="not cs_failed_job_count")
        alert.set("class", "alert alert-warning mb-0 d-flex align-items-center gap-3")
        words = etree.SubElement(alert, "span")
        words.text = self.env._("Work stopped: jobs that were given up: ")
        etree.SubElement(words, "field", name="cs_failed_job_count").set("class", "oe_inline")
        button = etree.SubElement(
            alert,
            "button",
            name="action_cs_try_jobs_again",
            type="object",
            string=self.env._("Try Again"),
        )
        button.set("class", "btn-secondary")
        return alert
