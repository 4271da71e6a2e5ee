from odoo import api, models
from odoo.fields import Domain

from ...engine.colleagues import pair
from ...vocabulary import COLLEAGUES


class CsColleagues(models.AbstractModel):
    """Who is asked about whom, where colleagues are raters."""

    _name = "cs.colleagues"
    _description = "Colleagues Who Rate Each Other"

    @api.model
    def _find(self, cycle, appraisals):
        """Rows (code of the rater, id of the agent, id of a colleague), of these agents: those of
        the department on the ladder in the period, or so many of them, each in turn."""
        rows = cycle.policy_id.rater_ids.filtered(lambda row: row.who == COLLEAGUES.code)
        if not rows:
            return []
        ours = Domain("cycle_id", "=", cycle.id)
        departments = appraisals.department_id.ids or [False]
        members = self.env["cs.appraisal"].search(
            ours & Domain("department_id", "in", departments), order="department_id, employee_id"
        )
        asked = set(appraisals.employee_id.ids)
        found = []
        for group in members.grouped("department_id").values():
            ids = group.employee_id.ids
            for row in rows:
                pairs = pair(ids, row.number, cycle.date_start.month)
                found += [(row.code, *each) for each in pairs if each[0] in asked]
        return found
