from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import facts as engine

SETTINGS = (
    "score_method",
    "superior_weight",
    "office_weight",
    "quarter_method",
    "pass_mark",
    "top_n",
    "probation_months",
    "appraisal_pay_method",
    "fine_cap_percent",
    "minimum_wage",
    "complaint_rate_limit",
    "repeat_violations",
    "wage_basis",
    "unpaid_leave",
    "returned_sales",
)


class CsPolicy(models.Model):
    """One version of a company's promotion policy, in force from the first of a month on.

    A version ends where the next one begins. Once a closed period was judged by it, it is
    fixed: duplicate it, change the copy, activate the copy from a later date (W1, O5).
    """

    _name = "cs.policy"
    _inherit = ["cs.guard.mixin", "mail.thread"]
    _description = "CS Promotion Policy"
    _order = "company_id, date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="In Force From",
        required=True,
        tracking=True,
        copy=False,
        default=lambda self: self.env.company._cs_today().replace(day=1),
    )
    date_to = fields.Date(string="In Force Until", compute="_compute_date_to")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_used = fields.Boolean(
        compute="_compute_is_used", help="A closed period was judged by this version."
    )
    scorecard_id = fields.Many2one(
        "cs.scorecard", required=True, ondelete="restrict", check_company=True, tracking=True
    )
    score_method = fields.Selection(
        [("sum", "Sum of the items"), ("weighted", "Sections by printed weight")],
        default="sum",
        required=True,
        tracking=True,
        help="How a rater's total comes from the items (S2).",
    )
    superior_weight = fields.Float(
        default=50, digits=(5, 2), tracking=True, help="Weight of the superior's total (S3)."
    )
    office_weight = fields.Float(
        default=50, digits=(5, 2), tracking=True, help="Weight of the office's total (S3)."
    )
    quarter_method = fields.Selection(
        [("average", "Mean of the three months"), ("scorecard", "A form of its own")],
        default="average",
        required=True,
        tracking=True,
        help="Where the quarterly score comes from (R3).",
    )
    pass_mark = fields.Float(
        default=60, digits=(5, 2), tracking=True, help="A score below it is a fail (R6)."
    )
    top_n = fields.Integer(
        string="Top Ranks", default=3, tracking=True, help="The ranks that count as top (U2, D1)."
    )
    probation_months = fields.Integer(
        default=1, tracking=True, help="Months on probation before confirmation (U1)."
    )
    appraisal_pay_method = fields.Selection(
        [("proportional", "In proportion to the score"), ("pass", "All of it from the pass mark")],
        default="proportional",
        required=True,
        tracking=True,
        help="What part of the appraisal pay a score earns (W2).",
    )
    fine_cap_percent = fields.Float(
        string="Fine Cap (%)",
        default=20,
        digits=(5, 2),
        tracking=True,
        help="Largest part of a month's gross pay that fines may take (W5).",
    )
    minimum_wage = fields.Monetary(
        tracking=True, help="Fines never take the net pay below it; 0 is off (W5)."
    )
    complaint_rate_limit = fields.Float(
        string="Complaint Limit (%)",
        default=2,
        digits=(5, 2),
        tracking=True,
        help="Complaints per customer handled that make a violation (V1, V3).",
    )
    repeat_violations = fields.Integer(
        default=3,
        tracking=True,
        help="From this many confirmed violations on, each calls for a dismissal review (V4).",
    )
    wage_basis = fields.Selection(
        [
            ("tier", "The tier's base wage"),
            ("agreed", "The wage agreed with the person"),
            ("higher", "The higher of both"),
        ],
        default="tier",
        required=True,
        tracking=True,
        help="What the base wage is paid by; where no wage was agreed, by the tier's (W6).",
    )
    unpaid_leave = fields.Selection(
        [
            ("none", "Nothing"),
            ("base", "The base wage"),
            ("all", "Base wage, appraisal pay and commission"),
        ],
        string="Unpaid Leave Reduces",
        default="base",
        required=True,
        tracking=True,
        help="By its working days over those due in the month (W6).",
    )
    returned_sales = fields.Selection(
        [("owed", "Comes off the next commissions"), ("waived", "Is not taken back")],
        string="Commission on Returns",
        default="owed",
        required=True,
        tracking=True,
        help="What becomes of the commission when more comes back than is sold in a month (W7).",
    )
    scoring_days = fields.Integer(
        default=5,
        tracking=True,
        help="Days after a period's end by which its sheets are to be submitted.",
    )
    notice_days = fields.Integer(
        default=3,
        tracking=True,
        help="Days that a decision is announced and may be appealed before it applies (O4).",
    )
    approval = fields.Selection(
        [("automatic", "Announced at once"), ("manager", "A manager approves first")],
        default="automatic",
        required=True,
        tracking=True,
        help="Who lets decisions out (O4).",
    )
    require_attestation = fields.Boolean(
        string="Standards Attested",
        tracking=True,
        help="The superior attests the standards of the new tier before a promotion applies (U5).",
    )
    pay_ids = fields.One2many("cs.policy.pay", "policy_id", string="Pay by Tier", copy=True)
    rule_ids = fields.One2many("cs.policy.rule", "policy_id", string="Rules", copy=True)

    _date_from_check = models.Constraint(
        "CHECK(EXTRACT(DAY FROM date_from) = 1)", "A policy starts on the first of a month."
    )
    _active_uniq = models.UniqueIndex(
        "(company_id, date_from) WHERE state = 'active' AND active",
        "Two policies of one company cannot start on the same day.",
    )
    _weights_check = models.Constraint(
        "CHECK(superior_weight >= 0 AND office_weight >= 0"
        " AND superior_weight + office_weight > 0)",
        "The raters' weights cannot be negative, and one must be positive.",
    )
    _percent_check = models.Constraint(
        "CHECK(pass_mark BETWEEN 0 AND 100 AND fine_cap_percent BETWEEN 0 AND 100 "
        "AND complaint_rate_limit > 0 AND complaint_rate_limit <= 100)",
        "Pass mark, fine cap and complaint limit lie between 0 and 100.",
    )
    _counts_check = models.Constraint(
        "CHECK(top_n > 0 AND probation_months >= 0 AND repeat_violations > 0 "
        "AND notice_days >= 0 AND scoring_days >= 0 AND minimum_wage >= 0)",
        "Top ranks and repeated violations are at least 1; months, days and wage not negative.",
    )

    @api.depends("date_from", "state", "company_id", "active")
    def _compute_date_to(self):
        starts = {}
        for policy in self._search_in_force(self.company_id):
            starts.setdefault(policy.company_id, []).append(policy.date_from)
        for policy in self:
            later = [day for day in starts.get(policy.company_id, []) if day > policy.date_from]
            policy.date_to = fields.Date.subtract(min(later), days=1) if later else False

    def _compute_is_used(self):
        used = (
            self.env["cs.cycle"]
            .sudo()
            ._read_group([("policy_id", "in", self.ids), ("state", "!=", "open")], ["policy_id"])
        )
        used = {policy.id for (policy,) in used}
        for policy in self:
            policy.is_used = policy.id in used

    @api.constrains("state", *SETTINGS, "scorecard_id", "date_from")
    def _check_active(self):
        for policy in self.filtered(lambda policy: policy.state == "active"):
            policy._check_complete()

    def copy_data(self, default=None):
        given = (default or {}).get("name")
        return [
            dict(values, name=given or self.env._("%s (copy)", policy.name))
            for policy, values in zip(self, super().copy_data(default), strict=True)
        ]

    def write(self, vals):
        self.check_access("write")
        if set(vals) - {"pay_ids", "rule_ids", "message_follower_ids", "wages_revised"}:
            self._check_editable()
        return super().write(vals)

    def _check_frozen(self, vals):
        """Its name included, in every language: decisions and letters tell it."""
        own = {name for name in vals if name in self._fields}
        own -= {name for name in own if self._fields[name]._module == "mail"}
        if own - {"pay_ids", "rule_ids", "wages_revised"}:
            self._check_editable()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_editable()

    def action_activate(self):
        """Put the drafts in force from their date."""
        self.check_access("write")
        for policy in self.filtered(lambda policy: policy.state == "draft"):
            policy.state = "active"

    def action_draft(self):
        """Take versions that were never used out of force again."""
        self.write({"state": "draft"})

    def _check_editable(self):
        for policy in self.filtered("is_used"):
            raise UserError(
                self.env._(
                    "Policy %s has judged a closed period and can no longer be changed. "
                    "Duplicate it, change the copy and activate it from a later month.",
                    policy.name,
                )
            )

    @api.model
    def _search_in_force(self, companies):
        """All versions in force of these companies, newest start first."""
        return self.sudo().search(
            [("company_id", "in", companies.ids), ("state", "=", "active")],
            order="date_from desc",
        )

    @api.model
    def _get_in_force(self, company, day):
        """The version of ``company`` in force on ``day``; empty when there is none (O5)."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "active"),
                ("date_from", "<=", day),
            ],
            order="date_from desc",
            limit=1,
        )

    @api.model
    def _get_required(self, company, day):
        """Like :meth:`_get_in_force`, with a clear error where no version is in force."""
        policy = self._get_in_force(company, day)
        if not policy:
            raise UserError(
                self.env._(
                    "%(company)s has no promotion policy in force on %(day)s.",
                    company=company.name,
                    day=day,
                )
            )
        return policy

    def _compile(self):
        """This version as the engine reads it."""
        self.ensure_one()
        return engine.Policy(
            settings=engine.settings(**{name: self[name] for name in SETTINGS}),
            ladder=self._get_ladder(),
            pay=self._get_pay_lines(),
            rules=tuple(rule._compile() for rule in self.rule_ids),
        )

    @api.model
    def _get_first_start(self, company):
        """Start of the company's first version: what lies before is history."""
        policy = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "active")],
            order="date_from",
            limit=1,
        )
        return policy.date_from or date.max


class CsPolicyPart(models.AbstractModel):
    """A part of a policy: fixed, with it, once a closed period was judged by it."""

    _name = "cs.policy.part"
    _inherit = ["cs.guard.mixin"]
    _description = "Part of a CS Policy"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.policy_id._check_editable()
        return parts

    def write(self, vals):
        self.check_access("write")
        self.policy_id._check_editable()
        return super().write(vals)

    def _check_frozen(self, vals):
        self.policy_id._check_editable()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.policy_id._check_editable()
