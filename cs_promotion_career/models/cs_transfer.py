from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cs_promotion.models.cs_notice_mixin import OFFICE

from .cs_transfer_decide_mixin import ACTIVITIES

OPINIONS = [("for", "In favour"), ("against", "Against")]


class CsTransfer(models.Model):
    """An agent's application for another post (L6).

    The present and the receiving superior give their opinion, the office decides. Approved,
    the department changes on the day, and the tier ends where the post is off the ladder.
    """

    _name = "cs.transfer"
    _inherit = ["cs.transfer.decide.mixin", "cs.request.mixin", "cs.leaving.mixin"]
    _description = "CS Transfer"
    _order = "date desc, id desc"
    _employed_date = "date"
    _name_parts = ("employee_id", "department_id", "date")
    _governed = frozenset(
        {
            "employee_id",
            "post_id",
            "department_id",
            "job_id",
            "date",
            "motive",
            "on_ladder",
            "superior_opinion",
            "superior_remark",
            "receiving_opinion",
            "receiving_remark",
        }
    )

    post_id = fields.Many2one(
        "cs.post",
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'open')]",
        help="The open post applied for; candidates for the same post are seen side by side.",
    )
    department_id = fields.Many2one(
        "hr.department",
        string="To Department",
        check_company=True,
        required=True,
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Job Position",
        ondelete="restrict",
        check_company=True,
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    department_from_id = fields.Many2one(
        "hr.department", string="From Department", readonly=True, ondelete="restrict"
    )
    tier_id = fields.Many2one(
        "cs.tier", readonly=True, ondelete="restrict", help="Held when it was handed in."
    )
    date = fields.Date(
        string="Transfer On",
        required=True,
        tracking=True,
        help="First day in the new department.",
    )
    motive = fields.Text(required=True, help="Why the agent applies.")
    on_ladder = fields.Boolean(
        string="Stays on the Ladder",
        compute="_compute_on_ladder",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="The post is one of customer service: the tier is kept. Otherwise it ends (L6).",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    superior_user_id = fields.Many2one(
        "res.users",
        string="Present Superior",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
    )
    superior_opinion = fields.Selection(OPINIONS, copy=False, tracking=True)
    superior_remark = fields.Text(copy=False)
    receiving_user_id = fields.Many2one(
        "res.users",
        string="Receiving Superior",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
    )
    receiving_opinion = fields.Selection(OPINIONS, copy=False, tracking=True)
    receiving_remark = fields.Text(copy=False)
    reason = fields.Text(string="Reason of the Decision", readonly=True, copy=False, tracking=True)
    decided_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decided_on = fields.Date(readonly=True, copy=False)
    superior_moved = fields.Boolean(
        readonly=True, copy=False, help="The receiving superior has become the direct superior."
    )
    approval_fault = fields.Char(
        compute="_compute_approval_fault", help="What stands in the way of approving it."
    )
    is_superior = fields.Boolean(compute="_compute_is_superior")
    is_receiving = fields.Boolean(compute="_compute_is_superior")

    _to_move_idx = models.Index("(date) WHERE state = 'approved' AND NOT superior_moved")

    @api.depends("post_id")
    def _compute_department_id(self):
        for transfer in self.filtered("post_id"):
            transfer.department_id = transfer.post_id.department_id
            transfer.job_id = transfer.post_id.job_id

    @api.depends("department_id")
    def _compute_on_ladder(self):
        """A department is one of customer service when someone in it stands on the ladder."""
        for company, transfers in self.grouped("company_id").items():
            if not company:
                continue
            departments = self.env["hr.employee"]._cs_get_ladder_departments(company)
            for transfer in transfers:
                transfer.on_ladder = transfer.department_id in departments

    @api.depends("superior_user_id", "receiving_user_id", "employee_id")
    @api.depends_context("uid")
    def _compute_is_superior(self):
        for transfer in self:
            transfer.is_superior = transfer.superior_user_id == self.env.user
            transfer.is_receiving = transfer.receiving_user_id == self.env.user

    @api.depends("state", "date", "superior_opinion", "receiving_opinion")
    @api.depends_context("lang", "uid")
    def _compute_approval_fault(self):
        for transfer in self:
            waiting = transfer.state == "submitted" and transfer.is_office
            transfer.approval_fault = waiting and transfer._get_approval_fault()

    @api.depends("employee_id", "department_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for transfer in self:
            names = (transfer.employee_id.name, transfer.department_id.name)
            transfer.display_name = self._join_name(
                self._join_name(*names, glue=" → "), transfer._format_day(transfer.date)
            ) or self.env._("New transfer")

    @api.constrains("motive")
    def _check_motive(self):
        for transfer in self:
            if not (transfer.motive or "").strip():
                raise ValidationError(
                    self.env._("%s: write down why you apply.", transfer.display_name)
                )

    @api.constrains("post_id", "department_id")
    def _check_post(self):
        for transfer in self.filtered("post_id"):
            if transfer.department_id != transfer.post_id.department_id:
                raise ValidationError(
                    self.env._(
                        "%(transfer)s: the post %(post)s belongs to %(department)s.",
                        transfer=transfer.display_name,
                        post=transfer.post_id.name,
                        department=transfer.post_id.department_id.name,
                    )
                )

    def _get_editable(self):
        """The agent fills in a draft; later each superior their opinion, the office the rest."""
        self.ensure_one()
        if self.state == "draft":
            names = {"employee_id", "post_id", "department_id", "job_id", "date", "motive"}
            return names if self._is_lodger() else set()
        if self.state != "submitted" or self.is_own:
            return set()
        names = set()
        office = self.env.user.has_group(OFFICE)
        if office:
            names |= {"date", "on_ladder"} | self._get_leaving_names()
        if self.is_superior or (office and not self.superior_user_id):
            names |= {"superior_opinion", "superior_remark"}
        if self.is_receiving or (office and not self.receiving_user_id):
            names |= {"receiving_opinion", "receiving_remark"}
        return names

    @api.model
    def _get_governed(self):
        return super()._get_governed() | self._get_leaving_names()

    @api.model
    def _get_leaving_depends(self):
        return ("employee_id", "on_ladder", "date", "state")

    def _get_leaver(self):
        """Asked once it is handed in, and kept when it is approved."""
        leaves = self.date and not self.on_ladder and self.state in ("submitted", "approved")
        return self.employee_id if leaves else self.employee_id.browse()

    def _get_held(self):
        """What the agent holds on the day before the move; refuse who is not on the ladder."""
        self.ensure_one()
        held = self._get_timeline().at(fields.Date.subtract(self.date, days=1))
        if not held or not held.tier:
            raise UserError(
                self.env._(
                    "%s: only those on the ladder apply for a transfer (L6).", self.display_name
                )
            )
        return held

    def action_submit(self):
        """Hand the application in: both superiors and the office see it now."""
        self.check_access("write")
        self._check_lodged_by()
        self._check_state("draft")
        for transfer in self.sudo():  # tier and superiors are the software's to write
            held = transfer._get_held()
            if held.department == transfer.department_id.id:
                raise UserError(
                    self.env._("%s: this is the department held already.", transfer.display_name)
                )
            if transfer.post_id.state == "closed":
                raise UserError(
                    self.env._("The post %s takes no more applications.", transfer.post_id.name)
                )
            superior = transfer.employee_id.parent_id._cs_get_reachable_user()
            receiving = transfer.department_id.manager_id._cs_get_reachable_user()
            transfer.write(
                {
                    "state": "submitted",
                    "department_from_id": held.department,
                    "tier_id": held.tier,
                    "superior_user_id": superior.id,
                    "receiving_user_id": (receiving - transfer.employee_id.user_id).id,
                }
            )
            transfer._schedule(
                ACTIVITIES[0],
                transfer.superior_user_id | transfer.receiving_user_id,
            )
            transfer._schedule(ACTIVITIES[1], transfer._get_office())

    def action_withdraw(self):
        """Take one's own application back while it is not decided."""
        self.check_access("write")
        self._check_lodged_by()
        self._check_state("submitted")
        for transfer in self.sudo():  # by this button alone
            transfer.state = "withdrawn"
            transfer._end_activities()

    def write(self, vals):
        written = super().write(vals)
        if {"superior_opinion", "receiving_opinion"} & set(vals):
            # sudo: a superior may not write the to-dos of a transfer
            self.sudo().activity_feedback(ACTIVITIES[:1], user_id=self.env.uid)
        return written

    def action_approve(self):
        """Approve applications, with a reason; refuse before it is asked for."""
        self._check_decider()
        self._check_approvable()
        return self.env["cs.reason"]._ask("approve_transfer", self)

    def action_refuse(self):
        """Refuse applications, with a reason."""
        self._check_decider()
        return self.env["cs.reason"]._ask("refuse_transfer", self)

    def action_view_candidates(self):
        """All applications for the same post, or else the same department."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cs_promotion_career.cs_transfer_action"
        )
        domain = [("state", "!=", "draft")]
        if self.post_id:
            domain.append(("post_id", "=", self.post_id.id))
        else:
            domain.append(("department_id", "=", self.department_id.id))
        return dict(action, domain=domain, context={})
