from odoo import fields, models
from odoo.fields import Domain


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
        Appraisal = self.env["cs.appraisal"].sudo()
        for cycle in self.sudo():
            closing = cycle.state == "closing"
            if closing:
                everyone = cycle._get_month_domain()
                waiting = cycle.closed_on and Domain("judged", "=", False)
                left = Appraisal.search_count(everyone & (waiting or Domain.TRUE))
            else:
                everyone = Domain("cycle_id", "=", cycle.id)
                left = cycle._count_without_sheets()
            cycle.work_total = Appraisal.search_count(everyone)
            cycle.work_done = cycle.work_total - left
            cycle.work = "closing" if closing else "opening" if left else False

    def _count_without_sheets(self):
        """How many appraisals still need their sheets: all but those that have some."""
        if self.state != "open":
            return 0
        needed = Domain("cycle_id", "=", self.id) & Domain("excluded", "=", False)
        with_sheets = (
            self.env["cs.appraisal.sheet"]._read_group(
                self._get_sheets_domain(), [], ["appraisal_id:count_distinct"]
            )
        )[0][0]
        return self.env["cs.appraisal"].search_count(needed) - with_sheets
