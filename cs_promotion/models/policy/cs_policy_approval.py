from odoo import api, fields, models
from odoo.exceptions import ValidationError

PEOPLE, GROUP = "people", "group"


class CsPolicyApproval(models.Model):
    """Who approves decisions before they are announced, in this order (O4): those of one rule, or
    of all rules that name nobody themselves."""

    _name = "cs.policy.approval"
    _inherit = "cs.policy.part"
    _description = "CS Policy Approval"
    _rec_name = "who"
    _order = "policy_id, rule_id, sequence, id"
    _named_by = ("rule_id", "policy_id")

    # a rule of another version is another rule: who copies one says so by the rule
    policy_id = fields.Many2one(
        "cs.policy",
        required=True,
        index=True,
        ondelete="cascade",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    rule_id = fields.Many2one("cs.policy.rule", index=True, ondelete="cascade", copy=False)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    who = fields.Selection(selection="_get_who", required=True, default="superior")
    outcome = fields.Selection(
        selection="_get_outcomes",
        string="Only for",
        help="Which decisions it is for; empty: all.",
    )
    user_ids = fields.Many2many("res.users", string="People", help="One of them is enough.")
    group_id = fields.Many2one("res.groups", ondelete="restrict", help="Anyone of this group.")

    @api.model
    def _get_who(self):
        return [
            ("superior", self.env._("Direct superior")),
            ("superior_of_superior", self.env._("The superior's superior")),
            ("head", self.env._("Head of the department")),
            ("office", self.env._("Office")),
            ("manager", self.env._("Manager")),
            (PEOPLE, self.env._("Named people")),
            (GROUP, self.env._("Anyone of a group")),
        ]

    @api.model
    def _get_outcomes(self):
        return self.env["cs.policy.rule"]._get_outcomes()

    @api.depends("rule_id")
    def _compute_policy_id(self):
        for row in self.filtered("rule_id"):
            row.policy_id = row.rule_id.policy_id

    @api.onchange("who")
    def _onchange_who(self):
        """What the form hides is not left behind."""
        if self.who != PEOPLE:
            self.user_ids = False
        if self.who != GROUP:
            self.group_id = False

    @api.constrains("policy_id", "rule_id")
    def _check_rule(self):
        for row in self.filtered("rule_id"):
            if row.rule_id.policy_id != row.policy_id:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s: rule %(rule)s belongs to another version.",
                        policy=row.policy_id.name,
                        rule=row.rule_id.code,
                    )
                )

    def _check_possible(self):
        """Refuse one that names nobody, as it is to come into force."""
        for row in self:
            if (row.who == PEOPLE and not row.user_ids) or (row.who == GROUP and not row.group_id):
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, approval of %(rule)s: say which people or which group.",
                        policy=row.policy_id.name,
                        rule=row.rule_id.name or self.env._("all decisions"),
                    )
                )

    def _fit(self, outcome):
        """Those of these rows that a decision of this outcome goes through."""
        return self.filtered(lambda row: row.outcome in (False, outcome))

    @api.model
    def _find(self, policy, rule, outcome):
        """Who approves, in order: rows of the rule, else of the version.

        :return: pairs (who, row); the row is none where the version says no more than that a
            manager approves
        """
        rows = rule.approval_ids or policy.approval_ids._fit(outcome)
        if rows:
            return [(row.who, row) for row in rows]
        return [("manager", self.browse())] if policy.approval == "manager" else []

    def _find_users(self, company):
        """The people, or those of the group, who may act for the company."""
        self.ensure_one()
        # sudo: who is in a group is not for everyone to read, but everyone's to-dos reach them
        row = self.sudo()
        users = row.user_ids if row.who == PEOPLE else row.group_id.all_user_ids
        return users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
