from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..cs_notice_mixin import MANAGER, OFFICE
from .cs_decision_notice_mixin import APPROVE_ACTIVITY


class CsDecisionApproval(models.Model):
    """One step on the way of a decision before it is announced (O4): who is asked, and what they
    said. The steps are those of the policy when it was decided, one after the other.

    A decision without a step that waits is a manager's to approve.
    """

    _name = "cs.decision.approval"
    _inherit = ["cs.guard.mixin"]
    _description = "CS Approval"
    _rec_name = "decision_id"
    _order = "decision_id, sequence, id"
    _named_by = ("decision_id",)

    decision_id = fields.Many2one(
        "cs.decision", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="decision_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    who = fields.Selection(selection="_get_who", required=True, readonly=True)
    row_id = fields.Many2one(
        "cs.policy.approval", readonly=True, ondelete="restrict", string="Of the Policy"
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("approved", "Approved"), ("rejected", "Rejected")],
        default="waiting",
        required=True,
        readonly=True,
    )
    approver_ids = fields.Many2many("res.users", readonly=True, string="Asked")
    stood_in = fields.Boolean(
        readonly=True, help="There was nobody whom the policy names: HR managers were asked."
    )
    user_id = fields.Many2one("res.users", readonly=True, string="Decided by", ondelete="restrict")
    date = fields.Date(readonly=True)
    remark = fields.Text(readonly=True)
    sentence = fields.Char(compute="_compute_sentence", compute_sudo=True, string="In Words")

    @api.model
    def _get_who(self):
        return self.env["cs.policy.approval"]._get_who()

    @api.depends("who", "state", "user_id.name", "date", "remark", "stood_in")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for step in self:
            step.sentence = self.env["cs.words"]._say_approval(step)

    def _get_own_users(self):
        return self.decision_id._get_own_users()

    # ------------------------------------------------------------------ whose turn it is

    @api.model
    def _get_values(self, policy, rule, outcome):
        """Values of the steps that a decision goes through, in order."""
        found = self.env["cs.policy.approval"]._find(policy, rule, outcome)
        return [
            {"sequence": place, "who": who, "row_id": row.id}
            for place, (who, row) in enumerate(found, start=1)
        ]

    @api.model
    def _get_current(self, decisions):
        """Decision -> the step that it waits for."""
        current = {}
        # sudo: whose turn it is hangs on all steps, of which a reader may see some
        for step in decisions.sudo().approval_ids.filtered(lambda each: each.state == "waiting"):
            current.setdefault(step.decision_id, step)
        return current

    def _find_users(self):
        """Who may take this step, and whether managers stand in for one whom there is not; never
        the agent."""
        self.ensure_one()
        # sudo: superiors and heads are looked up of an agent whom the one asked before may not see
        decision = self.decision_id.sudo()
        employee, company = decision.employee_id, decision.company_id
        managers = decision._get_group_users(MANAGER, company)
        match self.who:
            case "superior":
                users = employee.parent_id.user_id
            case "superior_of_superior":
                users = employee.parent_id.parent_id.user_id
            case "head":
                users = employee.department_id.manager_id.user_id
            case "office":
                office = decision._get_group_users(OFFICE, company)
                users = office - managers or office
            case "manager":
                users = managers
            case _:
                users = self.row_id._find_users(company)
        own = decision._get_own_users()
        users = users.filtered("active") - own
        return (users, False) if users else (managers - own, True)

    def _get_users(self):
        """Who may take this step now: those who were asked, while one of them is there."""
        return self.approver_ids.filtered("active") or self._find_users()[0]

    @api.model
    def _may_decide(self, decision, step):
        """Whether the caller may say yes or no to this decision, of which ``step`` waits."""
        if step:  # sudo: whether the reader is among them, not who else is
            return self.env.user in step.sudo()._get_users()
        return self.env.user.has_group(MANAGER)

    @api.model
    def _check_turn(self, decisions):
        """Refuse who is not asked now, and matters of their own."""
        decisions.check_access("read")
        decisions._check_not_own()
        current = self._get_current(decisions)
        for decision in decisions:
            if not self.env.su and not self._may_decide(decision, current.get(decision)):
                raise AccessError(self.env._("You are not allowed to do this."))

    # ------------------------------------------------------------------ asking, and the answers

    @api.model
    def _ask(self, decisions):
        """A to-do for those whose turn it is: approve, or reject (O4)."""
        decisions.to_ask = False
        current = self._get_current(decisions)
        for decision in decisions:
            users = self._open(current.get(decision), decision)
            decision._schedule_for(
                users,
                APPROVE_ACTIVITY,
                quiet=True,
                date_deadline=decision.company_id._cs_today(),
                summary=lambda words: words.env._("Approve or reject: %s", words.display_name),
                note=lambda words: words._get_approval_note(),
            )

    @api.model
    def _open(self, step, decision):
        """Whom to ask; written down on the step, if there is one."""
        if not step:
            managers = decision._get_group_users(MANAGER, decision.company_id)
            return managers - decision._get_own_users()
        users, stood_in = step._find_users()
        step.write({"approver_ids": [(6, 0, users.ids)], "stood_in": stood_in})
        return users

    @api.model
    def _approve(self, decisions, day=None, remark=None):
        """Take the present step of each; ask whoever comes next.

        :return: the decisions for which that was the last one
        """
        current = self._get_current(decisions)
        self._close(current.values(), "approved", remark, day)
        further = self._get_current(decisions)
        waiting = decisions.filtered(lambda each: each in further)
        waiting.activity_unlink([APPROVE_ACTIVITY])
        waiting._have_approvers_asked()
        return decisions - waiting

    @api.model
    def _reject(self, decisions, reason):
        """Write down who rejected, at which step."""
        self._close(self._get_current(decisions).values(), "rejected", reason)

    @api.model
    def _close(self, steps, state, remark, day=None):
        # sudo: the caller's turn was checked; what is written down is the software's to write
        steps = self.sudo().browse([step.id for step in steps])
        for company, ours in steps.grouped("company_id").items():
            ours.write(
                {
                    "state": state,
                    "user_id": self.env.uid,
                    "date": day or company._cs_today(),
                    "remark": remark,
                }
            )
