from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .cs_notice_mixin import MANAGER, OFFICE


class CsRequestMixin(models.AbstractModel):
    """What an agent asks for: a draft of their own, handed in, then decided by others.

    Each state has its fields that may be filled in, by whom: ``_get_editable``. Everything
    else changes by buttons.
    """

    _name = "cs.request.mixin"
    _inherit = [
        "cs.employee.mixin",
        "cs.notice.mixin",
        "cs.kept.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Request of an Agent"
    _mail_post_access = "read"
    _for_oneself = True
    _keeps_notices = True

    _governed = frozenset()  # names of the fields that not everybody may write at any time

    employee_id = fields.Many2one(default=lambda self: self.env.user.employee_id)
    is_own = fields.Boolean(compute="_compute_is_own")
    is_office = fields.Boolean(compute="_compute_is_own", help="The reader acts for the office.")
    can_submit = fields.Boolean(compute="_compute_can", help="The reader may hand it in now.")
    can_withdraw = fields.Boolean(compute="_compute_can", help="The reader may take it back now.")
    can_decide = fields.Boolean(compute="_compute_can", help="The reader may decide on it now.")

    @api.depends("employee_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        office = self.env.user.has_group(OFFICE)
        for request in self:
            request.is_own = request._is_own()
            request.is_office = office and not request.is_own

    @api.depends("state", "employee_id")
    @api.depends_context("uid")
    def _compute_can(self):
        """What the buttons are for, asked in the same words as when they are pressed."""
        for request in self:
            lodger = bool(request.employee_id) and request._is_lodger()
            request.can_submit = lodger and request.state == "draft"
            request.can_withdraw = lodger and request.state in request._get_open_states()
            request.can_decide = request._may_decide()

    @api.model
    def _get_open_states(self):
        """The states in which it waits for others."""
        return ("submitted",)

    def _may_decide(self):
        """Whether this user may decide on it now."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        if not self.env.su:
            requests._check_lodged_by()
            usual = self.default_get(list(self._get_governed()))
            requests._check_write(
                {
                    name
                    for vals in vals_list
                    for name in vals
                    if vals[name] and vals[name] != usual.get(name)
                }
            )
        return requests

    def write(self, vals):
        if not self.env.su:
            self._check_write(set(vals))
        written = super().write(vals)
        if not self.env.su and "employee_id" in vals:
            self._check_lodged_by()
        return written

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for request in self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._("%s stays on record; withdraw it instead.", request.display_name)
            )

    def _check_write(self, names):
        """Refuse fields that this user may not fill in now."""
        for request in self:
            fixed = names & self._get_governed() - request._get_editable()
            if fixed:
                labels = (self._fields[name]._description_string(self.env) for name in fixed)
                raise UserError(
                    self.env._(
                        "%(request)s: %(fields)s cannot be changed now; use the buttons.",
                        request=request.display_name,
                        fields=sorted(labels),
                    )
                )

    @api.model
    def _get_governed(self):
        """Names of the fields that not everybody may write at any time; bridges add theirs."""
        return self._governed

    def _get_editable(self):
        """Names of the governed fields that this user may fill in now."""
        raise NotImplementedError

    def _is_lodger(self):
        """Whether this user may hand it in: the agent, or the office for one without a login."""
        self.ensure_one()
        user = self._get_agent().user_id
        return user == self.env.user if user else self.env.user.has_group(OFFICE)

    def _check_lodged_by(self):
        for request in self:
            if not request._is_lodger():
                raise AccessError(self.env._("You can ask for yourself only."))

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self.filtered(lambda each: each.state not in states):
            raise UserError(
                self.env._(
                    "%(request)s is in the state %(state)s.",
                    request=request.display_name,
                    state=labels[request.state],
                )
            )

    def _schedule(self, activity, users):
        """Tell these users, in their language, that it is for them to act."""
        self._schedule_for(users, activity, date_deadline=self.company_id._cs_today())

    def _get_office(self):
        """Who of the office acts: its members of the company, not the agent."""
        return self._get_acting(OFFICE)

    def _get_acting(self, group):
        """Who of a group acts: its members of the company, not the agent.

        Managers, who decide, are asked only where the group has no one else.
        """
        members = self._get_members(group)
        return members - self._get_members(MANAGER) or members

    def _get_members(self, group):
        self.ensure_one()
        return self._get_group_users(group, self.company_id) - self._get_agent().user_id
