from odoo import api, fields, models
from odoo.exceptions import UserError


class CsPost(models.Model):
    """An open post that people apply for; own people come first at equal standing (L6)."""

    _name = "cs.post"
    _inherit = ["cs.guard.mixin", "mail.thread"]
    _description = "CS Open Post"
    _order = "state desc, date_open desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Post", required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one("hr.department", required=True, check_company=True)
    job_id = fields.Many2one(
        "hr.job", string="Job Position", ondelete="restrict", check_company=True
    )
    date_open = fields.Date(
        string="Open Since", default=lambda self: self.env.company._cs_today(), required=True
    )
    description = fields.Text(help="What the post asks for.")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    transfer_ids = fields.One2many("cs.transfer", "post_id", string="Own People", readonly=True)
    external_ids = fields.One2many(
        "cs.post.external", "post_id", string="From Outside", groups="cs_promotion.group_office"
    )
    internal_count = fields.Integer(
        compute="_compute_internal_count", groups="cs_promotion.group_office"
    )

    can_apply = fields.Boolean(
        string="May Be Applied For",
        compute="_compute_can_apply",
        help="The reader may apply: on the ladder, and not yet.",
    )

    @api.depends("state", "department_id")
    @api.depends_context("uid")
    def _compute_can_apply(self):
        for post in self:
            post.can_apply = not post._get_apply_fault()

    def _get_apply_fault(self):
        """Why the reader cannot apply for it, None when they can."""
        self.ensure_one()
        if self.state != "open":
            return self.env._("The post %s takes no more applications.", self.name)
        # sudo: the reader's own place on the ladder, and own applications
        records = self.env["cs.path"].sudo()
        path = records.search(
            [
                ("employee_id.user_id", "=", self.env.uid),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        if not path:
            return self.env._("Only those on the ladder apply for a transfer (L6).")
        if path.department_id == self.department_id:
            return self.env._("%s: this is the department held already.", self.name)
        if records.env["cs.transfer"].search_count(
            [
                ("post_id", "=", self.id),
                ("employee_id", "=", path.employee_id.id),
                ("state", "in", ("draft", "submitted", "approved")),
            ],
            limit=1,
        ):
            return self.env._("You have applied for %s already.", self.name)
        return None

    def _check_state(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for post in self.filtered(lambda each: each.state != state):
            raise UserError(
                self.env._(
                    "%(post)s is in the state %(state)s.", post=post.name, state=labels[post.state]
                )
            )

    @api.depends("transfer_ids.state")
    def _compute_internal_count(self):
        counts = dict(
            self.env["cs.transfer"]._read_group(
                [("post_id", "in", self.ids), ("state", "not in", ("draft", "withdrawn"))],
                ["post_id"],
                ["__count"],
            )
        )
        for post in self:
            post.internal_count = counts.get(post, 0)

    def action_close(self):
        """Take no more applications."""
        self.check_access("write")
        self._check_state("open")
        self.sudo().state = "closed"  # by this button alone

    def action_reopen(self):
        """Take applications again."""
        self.check_access("write")
        self._check_state("closed")
        self.sudo().state = "open"  # by this button alone

    def action_apply(self):
        """Write an application for this post."""
        self.ensure_one()
        self.check_access("read")
        fault = self._get_apply_fault()
        if fault:
            raise UserError(fault)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cs_promotion_career.cs_transfer_action_own"
        )
        return dict(action, views=[(False, "form")], context={"default_post_id": self.id})
