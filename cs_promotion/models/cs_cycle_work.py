from odoo import fields, models


class CsCycle(models.Model):
    """What a cycle tells of long work while it goes on: opening and closing with many agents."""

    _inherit = "cs.cycle"

    work = fields.Selection(
        [("opening", "Making the sheets"), ("closing", "Judging the agents")],
        compute="_compute_work",
        string="At Work",
    )
    work_done = fields.Integer(compute="_compute_work", string="Agents Done")
    work_total = fields.Integer(compute="_compute_work", string="Agents in All")

    def _compute_work(self):
        for cycle in self.sudo():
            appraisals, waiting = cycle.appraisal_ids, cycle._find_without_sheets()
            if cycle.state == "closing":
                appraisals, waiting = cycle._get_month_appraisals(), cycle._find_unjudged()
            queued = cycle.state == "closing" and not cycle.closed_on
            cycle.work_total = len(appraisals)
            cycle.work_done = 0 if queued else len(appraisals) - len(waiting)
            cycle.work = "closing" if cycle.state == "closing" else "opening" if waiting else False
