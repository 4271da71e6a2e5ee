from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import scoring
from ..engine.decimals import decimal, round_half_up


class CsAppraisalSheet(models.Model):
    """One rater's filled-in scorecard (S1). Submitted, it is read-only.

    Until every rater has submitted, a rater sees their own sheet only: the record rules
    in ``security/cs_promotion_security.xml`` see to that.
    """

    _name = "cs.appraisal.sheet"
    _inherit = ["mail.thread"]
    _description = "CS Appraisal Sheet"
    _order = "appraisal_id desc, role desc, id"

    # the name of an agent who has moved on is read by whoever may see the sheet
    display_name = fields.Char(compute_sudo=True)
    appraisal_id = fields.Many2one("cs.appraisal", required=True, ondelete="cascade", readonly=True)
    role = fields.Selection(
        [("superior", "Direct superior"), ("office", "Office")],
        required=True,
        readonly=True,
        string="Rater",
    )
    cycle_id = fields.Many2one(related="appraisal_id.cycle_id", store=True)
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True)
    employee_id = fields.Many2one(related="appraisal_id.employee_id", store=True, index=True)
    department_id = fields.Many2one(related="appraisal_id.department_id", store=True)
    tier_id = fields.Many2one(related="appraisal_id.tier_id")
    superior_id = fields.Many2one(related="appraisal_id.superior_id", store=True)
    superior_user_id = fields.Many2one(
        related="appraisal_id.superior_id.user_id",
        store=True,
        index=True,
        string="Superior's User",
    )
    complete = fields.Boolean(related="appraisal_id.complete")
    closed = fields.Boolean(related="appraisal_id.closed")
    excluded = fields.Boolean(related="appraisal_id.excluded", store=True)
    date_due = fields.Date(related="cycle_id.date_due", store=True)
    scorecard_id = fields.Many2one("cs.scorecard", required=True, readonly=True)
    line_ids = fields.One2many("cs.appraisal.sheet.line", "sheet_id", string="Items")
    state = fields.Selection(
        [("draft", "To Fill In"), ("submitted", "Submitted")],
        default="draft",
        required=True,
        readonly=True,
    )
    total = fields.Float(
        digits=(5, 2),
        compute="_compute_total",
        store=True,
        aggregator="avg",
        help="Sum of the items, or the sections by weight, as the policy says (S2).",
    )
    answered = fields.Integer(compute="_compute_total", store=True, aggregator=False)
    item_count = fields.Integer(readonly=True, aggregator=False, string="Number of Items")
    submitted_by = fields.Many2one("res.users", readonly=True)
    submitted_on = fields.Datetime(readonly=True)

    # All that the cockpit counts by
    _progress_idx = models.Index(
        "(cycle_id, state) INCLUDE (excluded, role, department_id, superior_id)"
    )
    _role_uniq = models.Constraint(
        "UNIQUE(appraisal_id, role)", "An appraisal has one sheet for each rater."
    )

    @api.depends("appraisal_id", "role")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["role"]._description_selection(self.env))
        for sheet in self:
            sheet.display_name = self.env._(
                "%(appraisal)s, %(rater)s",
                appraisal=sheet.appraisal_id.display_name,
                rater=labels.get(sheet.role),
            )

    @api.depends("line_ids.points", "line_ids.grade_id", "cycle_id.policy_id.score_method")
    def _compute_total(self):
        for sheet in self:
            graded = sheet.line_ids.filtered("grade_id")
            sheet.answered = len(graded)
            points = {section: decimal(0) for section in sheet.scorecard_id.section_ids.ids}
            for line in graded:
                points[line.section_id.id] += decimal(line.points)
            total = scoring.rater_total(
                points,
                sheet.scorecard_id._get_sections(),
                sheet.cycle_id.policy_id.score_method or "sum",
            )
            sheet.total = float(round_half_up(total))

    def write(self, vals):
        """Raters write the items only; all else on a sheet follows from what they do."""
        if not self.env.su and set(vals) - {"line_ids"}:
            raise AccessError(self.env._("On a sheet only grades and remarks can be written."))
        self.check_access("write")
        self._check_editable()
        return super().write(vals)

    def action_submit(self):
        """Submit complete sheets; from then on they are read-only."""
        self.check_access("write")
        self._check_editable()
        for sheet in self:
            if sheet.answered < sheet.item_count:
                missing = sheet.line_ids.filtered(lambda line: not line.grade_id)
                raise UserError(
                    self.env._(
                        "%(sheet)s: no grade yet for item %(items)s.",
                        sheet=sheet.display_name,
                        items=missing.mapped("number"),
                    )
                )
        self._mark_paper()
        self.sudo().write(
            {
                "state": "submitted",
                "submitted_by": self.env.uid,
                "submitted_on": fields.Datetime.now(),
            }
        )

    def action_reset(self):  # pylint: disable=missing-return
        """Give submitted sheets back to their raters; the office may while the cycle is open."""
        if not self.env.user.has_group("cs_promotion.group_office"):
            raise AccessError(self.env._("Only the office gives submitted sheets back."))
        self.check_access("read")
        self.appraisal_id._check_not_own()
        self.cycle_id._check_open()
        sheets = self.sudo()
        super(CsAppraisalSheet, sheets).write(  # pylint: disable=super-method-mismatch
            {"state": "draft", "submitted_by": False, "submitted_on": False}
        )
        for sheet in sheets:
            sheet.cycle_id.message_post(
                body=self.env._("Given back to the rater: %s", sheet.display_name)
            )

    def _check_editable(self):
        for sheet in self.sudo():
            if sheet.state == "submitted" or sheet.closed:
                raise UserError(
                    self.env._(
                        "%s has been submitted and can no longer be changed.", sheet.display_name
                    )
                )
            if sheet.excluded:
                raise UserError(
                    self.env._("%s was left out of this cycle.", sheet.employee_id.sudo().name)
                )
