from odoo import api, fields, models


class CsAppraisal(models.Model):
    _inherit = "cs.appraisal"

    colleague_id = fields.Many2one(
        "hr.employee",
        compute="_compute_colleague_id",
        store=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
        context={"active_test": False},
        help="The colleague asked when the period was opened; another may be named.",
    )

    talk_minutes = fields.Integer(default=30, help="Planned for the talk about the result.")

    @api.depends("employee_id")
    def _compute_colleague_id(self):
        """Once, as the period is opened: whom HR names later is asked in later periods."""
        for appraisal in self:
            appraisal.colleague_id = appraisal.employee_id.colleague_id

    def _on_inserted(self):
        """Who is reviewed for the first time is given twice the time."""
        res = super()._on_inserted()
        agents = [("employee_id", "in", self.employee_id.ids)]
        reviews = dict(self._read_group(agents, ["employee_id"], ["__count"]))
        self.filtered(lambda each: reviews[each.employee_id] == 1).talk_minutes = 60
        return res
