import dataclasses
from datetime import date
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import policy as engine
from ...engine.classes import Classes
from ...vocabulary import APPRAISAL, BASE, COMMISSION
from ..cs_shared_mixin import is_uninstalling

SETTINGS = tuple(each.name for each in dataclasses.fields(engine.Settings))
SHIPPED = {BASE: "pays_base", APPRAISAL: "pays_appraisal", COMMISSION: "pays_commission"}
VERSIONS = {"date_from", "state", "company_id", "active"}  # what decides which one is in force
# what may change once a closed period was judged by it: its parts look after themselves
FREE = {
    "rung_ids",
    "placed_rung_ids",
    "rater_ids",
    "rule_ids",
    "class_ids",
    "form_ids",
    "target_ids",
    "item_ids",
    "approval_ids",
    "extended",
    "consequence_ids",
    "offence_ids",
    "message_follower_ids",
    "wages_revised",
}


class CsPolicy(models.Model):
    """One version of a company's promotion policy, in force from the first of a month on.

    A version ends where the next one begins. Once a closed period was judged by it, it is
    fixed: duplicate it, change the copy, activate the copy from a later date (W1, O5).
    """

    _name = "cs.policy"
    _inherit = [
        "cs.policy.ladder.mixin",
        "cs.policy.check.mixin",
        "cs.guard.mixin",
        "mail.thread",
    ]
    _description = "CS Promotion Policy"
    _order = "company_id, date_from desc, id desc"
    _check_company_auto = True
    _bounds = {
        "pass_mark": (0, 1000),
        "score_max": (1, 1000),
        "fine_cap_percent": (0, 100),
        "complaint_rate_limit": (0.01, 100),
        "probation_months": (0, None),
        "repeat_violations": (1, None),
        "notice_days": (0, None),
        "scoring_days": (0, None),
        "minimum_wage": (0, None),
    }

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
    form_ids = fields.One2many(
        "cs.policy.form",
        "policy_id",
        string="Other Forms",
        copy=True,
        help="The first row that fits somebody in a period says by which form they are scored; "
        "where none does it is the form above.",
    )
    target_ids = fields.One2many(
        "cs.policy.target",
        "policy_id",
        string="Targets",
        copy=True,
        help="The first row of a metric that fits somebody in a period is their target; a value "
        "entered for somebody alone goes before.",
    )
    score_method = fields.Selection(
        [("sum", "Sum of the items"), ("weighted", "Sections by printed weight")],
        default="sum",
        required=True,
        tracking=True,
        help="How a rater's total comes from the items (S2).",
    )
    score_max = fields.Float(
        string="Highest Score",
        default=100,
        digits=(6, 2),
        required=True,
        tracking=True,
        help="What a score goes up to; more than the items give where some add to it.",
    )
    asks_highest = fields.Boolean(
        compute="_compute_asks_highest", help="The highest score is another one than 100."
    )
    asks_others = fields.Boolean(
        compute="_compute_asks_others", help="Its raters are not simply superiors and the office."
    )
    rater_ids = fields.One2many(
        "cs.policy.rater",
        "policy_id",
        string="Raters",
        copy=True,
        default=lambda self: self.env["cs.policy.rater"]._get_default_commands(),
        help="Who fills in a form of each agent, and what its total weighs (S3).",
    )
    quarter_method = fields.Selection(
        [
            ("average", "Mean of the three months"),
            ("sum", "Sum of the three months"),
            ("scorecard", "A form of its own"),
            ("none", "There is none"),
        ],
        default="average",
        required=True,
        tracking=True,
        help="Where the quarterly score comes from (R3).",
    )
    half_method = fields.Selection(
        [
            ("none", "There is none"),
            ("average", "Mean of the six months"),
            ("sum", "Sum of the six months"),
            ("scorecard", "A form of its own"),
        ],
        default="none",
        required=True,
        tracking=True,
        help="Where the score of the half-year comes from.",
    )
    year_method = fields.Selection(
        [
            ("none", "There is none"),
            ("average", "Mean of the twelve months"),
            ("sum", "Sum of the twelve months"),
            ("scorecard", "A form of its own"),
        ],
        default="none",
        required=True,
        tracking=True,
        help="Where the score of the year comes from.",
    )
    quarter_least = fields.Integer(
        string="Months That Are Enough for a Quarter",
        tracking=True,
        help="So many monthly scores give one of the quarter; 0: all three.",
    )
    half_least = fields.Integer(
        string="Months That Are Enough for a Half-Year",
        tracking=True,
        help="So many monthly scores give one of the half-year; 0: all six.",
    )
    year_least = fields.Integer(
        string="Months That Are Enough for a Year",
        tracking=True,
        help="So many monthly scores give one of the year; 0: all twelve.",
    )
    extended = fields.Boolean(
        string="Show All Possibilities",
        help="Classes and whatever else this policy does not use yet.",
    )
    rank_within = fields.Selection(
        [("department", "The department"), ("job", "The job position"), ("company", "The company")],
        string="Compared within",
        default="department",
        required=True,
        tracking=True,
        help="With whom agents are ranked and share out classes (R2).",
    )
    rank_by_form = fields.Boolean(
        string="Each Form by Itself",
        tracking=True,
        help="Those scored by another form, as shift leaders, are ranked and classed among "
        "themselves.",
    )
    rank_least = fields.Integer(
        string="Ranked from So Many",
        default=1,
        tracking=True,
        help="Fewer people than these are not ranked, and share out no classes.",
    )
    class_ids = fields.One2many("cs.policy.class", "policy_id", string="Classes", copy=True)
    class_from = fields.Float(
        string="Ranked from Score",
        digits=(6, 2),
        help="Only those with at least this score share out the classes by share.",
    )
    class_rounding = fields.Selection(
        [
            ("largest_remainder", "By largest remainders, so that they come to all"),
            ("half_up", "Each half up, the rest takes what is left"),
        ],
        string="Counts Are Rounded",
        default="largest_remainder",
        required=True,
    )
    item_ids = fields.One2many("cs.policy.item", "policy_id", string="Pay Items", copy=True)
    pays_base = fields.Boolean(string="Pays Base Wage", default=True, tracking=True)
    pays_appraisal = fields.Boolean(string="Pays Appraisal Pay", default=True, tracking=True)
    pays_commission = fields.Boolean(default=True, tracking=True)
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
        help="Days that a decision is announced before it applies (O4).",
    )
    approval = fields.Selection(
        [("automatic", "Announced at once"), ("manager", "A manager approves first")],
        default="automatic",
        required=True,
        tracking=True,
        help="Who lets decisions out (O4).",
    )
    approval_ids = fields.One2many(
        "cs.policy.approval",
        "policy_id",
        string="Approvals",
        domain=[("rule_id", "=", False)],
        copy=True,
        help="Who approves decisions, in this order, where their rule names nobody (O4).",
    )
    approval_sentence = fields.Text(
        compute="_compute_approval_sentence", string="Approvals in Words"
    )
    require_attestation = fields.Boolean(
        string="Standards Attested",
        tracking=True,
        help="The superior attests the standards of the new tier before a promotion applies (U5).",
    )
    rung_ids = fields.One2many("cs.policy.rung", "policy_id", string="Ladder", copy=True)
    rule_ids = fields.One2many("cs.policy.rule", "policy_id", string="Rules", copy=True)
    offence_ids = fields.One2many(
        "cs.policy.offence",
        "policy_id",
        string="Offences",
        copy=True,
        help="Kinds of violations with a severity, points or a fine of their own (V1, V2).",
    )
    consequence_ids = fields.One2many(
        "cs.policy.consequence",
        "policy_id",
        string="Consequences",
        copy=True,
        default=lambda self: self.env["cs.policy.consequence"]._get_default_commands(),
        help="What violations lead to when their month is closed (V2).",
    )
    wages_revised = fields.Boolean(
        readonly=True, copy=False, help="The agents' base wages have been revised to it (W1)."
    )
    page_html = fields.Html(compute="_compute_page_html", sanitize=False, string="Policy Page")
    changes_html = fields.Html(
        compute="_compute_changes_html",
        sanitize=False,
        string="Changes",
        help="What differs from the version that was in force before.",
    )

    _date_from_check = models.Constraint(
        "CHECK(EXTRACT(DAY FROM date_from) = 1)", "A policy starts on the first of a month."
    )
    _active_uniq = models.UniqueIndex(
        "(company_id, date_from) WHERE state = 'active' AND active",
        "Two policies of one company cannot start on the same day.",
    )
    _percent_check = models.Constraint(
        "CHECK(pass_mark BETWEEN 0 AND 1000 AND fine_cap_percent BETWEEN 0 AND 100 "
        "AND complaint_rate_limit > 0 AND complaint_rate_limit <= 100)",
        "Fine cap and complaint limit lie between 0 and 100, the pass mark within the scores.",
    )
    _counts_check = models.Constraint(
        "CHECK(top_n > 0 AND probation_months >= 0 AND repeat_violations > 0 AND rank_least > 0 "
        "AND quarter_least BETWEEN 0 AND 3 "
        "AND half_least BETWEEN 0 AND 6 AND year_least BETWEEN 0 AND 12 "
        "AND notice_days >= 0 AND scoring_days >= 0 AND minimum_wage >= 0)",
        "Top ranks, repeated violations and people ranked are at least 1; months, days and wage "
        "not negative, nor months more than the period has.",
    )

    @api.depends("date_from", "state", "company_id", "active")
    def _compute_date_to(self):
        # a version ends where the next one in force begins: nothing is stored, nothing can
        # disagree
        starts = {}
        for policy in self._search_in_force(self.company_id):
            starts.setdefault(policy.company_id, []).append(policy.date_from)
        for policy in self:
            later = [day for day in starts.get(policy.company_id, []) if day > policy.date_from]
            policy.date_to = fields.Date.subtract(min(later), days=1) if later else False

    def _compute_is_used(self):
        used = self.env["cs.cycle"]._read_group(
            [("policy_id", "in", self.ids), ("state", "!=", "open")], ["policy_id"]
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

    @api.depends("score_max", "score_method", "scorecard_id", "form_ids.scorecard_id")
    def _compute_asks_highest(self):
        """Asked for where it is not what everyone takes it for, or by a form cannot be."""
        for policy in self:
            reached = "weight_total" if policy.score_method == "weighted" else "points_max"
            others = any(form[reached] != 100 for form in policy._get_scorecards())
            policy.asks_highest = policy.score_max != 100 or others

    @api.depends("rater_ids.who", "rater_ids.name", "rater_ids.needed")
    def _compute_asks_others(self):
        for policy in self:
            raters = policy.rater_ids
            others = raters.filtered(lambda rater: rater.name or not rater.needed)
            policy.asks_others = bool(others | raters._says_who())

    @api.depends("approval_ids.who", "approval_ids.outcome", "approval_ids.sequence")
    @api.depends("approval_ids.user_ids", "approval_ids.group_id")
    @api.depends_context("lang")
    def _compute_approval_sentence(self):
        for policy in self:
            policy.approval_sentence = self.env["cs.words"]._say_approvals(policy.approval_ids)

    @api.depends_context("lang")
    def _compute_page_html(self):
        page = self.env["cs.policy.page"]
        for policy in self:
            policy.page_html = self.env["ir.qweb"]._render(
                "cs_promotion.policy_page", page._get_page_values(policy)
            )

    @api.depends("date_from", "company_id")
    @api.depends_context("lang")
    def _compute_changes_html(self):
        words = self.env["cs.policy.changes"]
        for policy in self:
            former = policy.date_from and policy._get_former()
            # of no version there is no page, not one that says so
            policy.changes_html = bool(former) and self.env["ir.qweb"]._render(
                "cs_promotion.policy_changes", words._get_changes_values(former, policy)
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_start(vals)
        policies = super().create(vals_list)
        self.env["cs.policy.rater"]._check_weights(policies)
        policies.filtered(lambda policy: policy.state == "active")._on_versions_changed()
        return policies

    def write(self, vals):
        self.check_access("write")
        versions = VERSIONS & set(vals)
        for policy in self:
            if versions:
                policy._check_start(vals)
        if set(vals) - FREE:
            self._check_editable()
        if "rater_ids" in vals:
            commands = self.env["cs.policy.rater"]._sort_commands(vals["rater_ids"])
            vals = dict(vals, rater_ids=commands)
        # asked before it is written: who is paid by it may have changed from either day on
        before = [(policy.state, policy.date_from, policy.company_id) for policy in self]
        written = super().write(vals)
        for policy, (state, start, company) in zip(self, before if versions else (), strict=False):
            if "active" in (state, policy.state):
                policy._on_versions_changed(start, company)
        return written

    def unlink(self):
        """One in force that goes leaves its time to the version before."""
        # noted before they are gone; an uninstall leaves nobody to be paid
        gone = [
            (policy.date_from, policy.company_id)
            for policy in self.filtered(lambda policy: policy.state == "active")
            if not is_uninstalling(self.env)
        ]
        unlinked = super().unlink()
        self.env.registry.clear_cache("stable")  # names of pay items went with them
        for start, company in gone:
            self.browse()._on_versions_changed(start, company)
        return unlinked

    def _check_frozen(self, vals):
        """Its name included, in every language: decisions and letters tell it."""
        own = {name for name in vals if name in self._fields}
        # messages and followers hang on a version, they are no part of it
        own -= {name for name in own if self._fields[name]._module == "mail"}
        if own - FREE:
            self._check_editable()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_editable()

    def action_activate(self):
        """Put the drafts in force from their date."""
        self.check_access("write")
        for policy in self.filtered(lambda policy: policy.state == "draft"):
            policy.state = "active"
        self._revise_later_ones()

    def action_draft(self):
        """Take versions that were never used out of force again; wages go back to those of the
        version before."""
        revised = self.filtered("wages_revised")
        lines = {policy: policy._get_pay_lines() for policy in revised}
        self.write({"state": "draft"})
        # sudo: whoever draws a version back need have no rights on the wages it moved
        for policy in revised.sudo():
            former = policy._get_former()
            if former:
                policy._move_wages(lines[policy], former._get_pay_lines())
            policy.wages_revised = False
        self._revise_later_ones()

    def action_export(self):
        """Download this version as a package."""
        self.ensure_one()
        self._check_group("cs_promotion.group_manager")
        return self.env["cs.policy.import"]._export(self)

    @api.model
    def action_open_page(self):
        """Open the page of the policy in force today in the reader's company."""
        policy = self._get_in_force(self.env.company, self.env.company._cs_today())
        if not policy:
            raise UserError(
                self.env._("%s has no promotion policy in force.", self.env.company.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Policy"),
            "res_model": self._name,
            "res_id": policy.id,
            "view_mode": "form",
            "views": [(self.env.ref("cs_promotion.cs_policy_view_form_page").id, "form")],
        }

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
        # names of pay items are kept: where nobody has any, none are looked for
        own = self.item_ids._compile() if self.env["cs.policy.item"]._get_known() else []
        return dataclasses.replace(
            self._compile_rules(),
            raters=self.rater_ids._compile(),
            pay=self._get_pay_lines(),
            form=self.scorecard_id._compile(self),
            forms=tuple(row._compile() for row in self.form_ids),
            classes=self._get_classes(),
            items=(*self._get_shipped_items(), *(item for _terms, item in own)),
            terms=tuple(terms for terms, _item in own),
        )

    def _compile_rules(self):
        """This version as far as judging goes by it, which reads neither forms nor pay."""
        self.ensure_one()
        return engine.Policy(
            settings=engine.settings(**{name: self[name] for name in SETTINGS}),
            ladder=self._get_ladder(),
            rules=self.rule_ids._compile(),
            consequences=self.consequence_ids._compile(),
            places=self._compile_places(),
        )

    def _get_period_method(self, kind):
        """Where the score of such a period comes from: ``average``, ``sum``, ``scorecard``; or
        ``none``. A month has a form (R1, R3)."""
        self.ensure_one()
        return "scorecard" if kind == "month" else self[f"{kind}_method"]

    def _get_least_months(self, kind):
        """How many monthly scores are enough for a period of this kind that is made of its
        months; 0: all (R3)."""
        self.ensure_one()
        # months that only rank a quarter with a form of its own are all needed (R4)
        if self._get_period_method(kind) == "scorecard":
            return 0
        return self[f"{kind}_least"]

    def _get_scorecards(self):
        """The forms that somebody may be scored by: its own, then those of its rows."""
        return self.scorecard_id | self.form_ids.scorecard_id

    def _get_shipped_items(self):
        """The pay items that addons declare and this version pays."""
        left = {code for code, name in SHIPPED.items() if not self[name]}
        left |= self.env["cs.policy.item"]._get_declared().keys()
        items = self.env["cs.vocabulary"]._get_pay_items().items()
        return [item for code, item in items if code not in left]

    def _on_items_changed(self):
        """Versions in force pay other items than before. Hook: what pays them follows."""

    def _get_classes(self):
        """The classes as the engine places by them."""
        vocabulary = self.env["cs.vocabulary"]
        asks = any(self.class_ids.mapped("has_provisos"))
        metrics = vocabulary._get_metrics() if asks else {}
        return Classes(
            tuple(row._compile(partial(vocabulary._find, metrics)) for row in self.class_ids),
            engine.decimal(self.class_from),
            self.class_rounding or "largest_remainder",
        )

    @api.model
    def _get_first_start(self, company):
        """Start of the company's first version: what lies before is history."""
        return self._search_in_force(company)[-1:].date_from or date.max
