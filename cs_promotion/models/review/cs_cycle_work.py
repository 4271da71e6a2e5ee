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
        for cycle in self.sudo():
            closing = cycle.state == "closing"
            done, total = cycle._count_judged() if closing else cycle._count_with_sheets()
            opening = cycle.state == "open" and cycle._needs_sheets() and done < total
            cycle.work = "closing" if closing else "opening" if opening else False
            cycle.work_done, cycle.work_total = done, total

    def _count_judged(self):
        """How many agents are judged, and how many in all; nobody until the scores are final."""
        everyone = self._get_month_domain()
        judged = Domain("judged", "=", True) if self.closed_on else Domain.FALSE
        count = self.env["cs.appraisal"].search_count
        return count(everyone & judged), count(everyone)

    def _count_with_sheets(self):
        """How many agents have their sheets - so one of each rater - and how many need them."""
        sheets = self.env["cs.appraisal.sheet"]._read_group(
            self._get_sheets_domain(), ["role"], ["__count"]
        )
        needed = Domain("cycle_id", "=", self.id) & Domain("excluded", "=", False)
        return (
            max((count for _role, count in sheets), default=0),
            self.env["cs.appraisal"].search_count(needed),
        )
