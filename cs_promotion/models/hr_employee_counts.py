from odoo import fields, models

GROUPS = "hr.group_hr_user,cs_promotion.group_office"


class HrEmployee(models.Model):
    """How many decisions, violations and titles an agent has, as far as the reader sees them."""

    _inherit = "hr.employee"

    cs_decision_count = fields.Integer(
        string="CS Decisions", compute="_compute_cs_counts", groups=GROUPS
    )
    cs_violation_count = fields.Integer(
        string="CS Violations", compute="_compute_cs_counts", groups=GROUPS
    )
    cs_award_count = fields.Integer(string="CS Titles", compute="_compute_cs_counts", groups=GROUPS)

    def _compute_cs_counts(self):
        for model in ("cs.decision", "cs.violation", "cs.award"):
            groups = self.env[model]._read_group(
                [("employee_id", "in", self.ids)], ["employee_id"], ["__count"]
            )
            counts = {employee.id: count for employee, count in groups}
            for employee in self:
                employee[f"{model.replace('.', '_')}_count"] = counts.get(employee.id, 0)
