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

    @api.depends("employee_id")
    def _compute_colleague_id(self):
        """Once, as the period is opened: whom HR names later is asked in later periods."""
        for appraisal in self:
            appraisal.colleague_id = appraisal.employee_id.colleague_id
