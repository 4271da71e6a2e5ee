from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsPlan(models.Model):
    """An improvement plan: why, what is to be reached by when, what was said meanwhile, and how it
    ended."""

    _name = "cs.plan"
    _inherit = ["cs.term.mixin"]
    _description = "Improvement Plan"
    _end_field = "plan_id"
    _begin_field = "plan_months"

    date_from = fields.Date(default=lambda self: self.env.company._cs_today())
    reason = fields.Text(tracking=True, help="What is to become better, and why.")
    goals = fields.Text(tracking=True, help="What is to be reached by the end, and how it shows.")
    meeting_ids = fields.One2many("cs.plan.meeting", "plan_id", string="Meetings")
    ending_ids = fields.One2many("cs.decision", "plan_id", readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("kept", "Passed"),
            ("down", "Step Down"),
            ("review", "Dismissal Review"),
            ("cancelled", "Cancelled"),
        ],
        default="running",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Cancelled: the rung was left, or the decision that began it was withdrawn.",
    )
    _ends = {"keep": "kept", "demote": "down", "dismissal_review": "review"}
    can_write = fields.Boolean(compute="_compute_can_write", help="The reader may write in it now.")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_write(self):
        """Superior and office while it runs; the agent reads."""
        for plan in self:
            ours = not plan._origin or plan._origin.has_access("write")
            plan.can_write = ours and plan.state == "running"

    def action_review(self):
        """End it with a dismissal review, which a person decides."""
        return self._ask_step("review")

    def write(self, vals):
        """The days of a plan that a decision began are the decision's; it is extended by its
        button."""
        given = {"employee_id", "date_from", "date_until"} & set(vals)
        if given and not self.env.su and self.filtered("decision_id"):
            raise ValidationError(
                self.env._("%s was begun by a decision: extend it instead.", self[:1].display_name)
            )
        return super().write(vals)


class CsPlanMeeting(models.Model):
    """What was said in a talk about an improvement plan."""

    _name = "cs.plan.meeting"
    _inherit = ["cs.guard.mixin", "cs.name.search.mixin"]
    _description = "Meeting of an Improvement Plan"
    _order = "date, id"
    _name_parts = ("plan_id", "date")
    _named_by = ("plan_id",)

    plan_id = fields.Many2one("cs.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._cs_today())
    said = fields.Text(string="What Was Said", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Held By",
        default=lambda self: self.env.user,
        readonly=True,
        ondelete="restrict",
    )

    @api.depends("plan_id.display_name", "date")
    def _compute_display_name(self):
        for each in self:
            parts = (each.plan_id.display_name, each.date and str(each.date))
            each.display_name = ", ".join(filter(None, parts))

    def _get_frozen(self):
        """Those of a plan that is over."""
        return self.filtered(lambda each: each.plan_id.state != "running")
