from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.cs_promotion.models.cs_notice_mixin import OFFICE

from .cs_appeal_decide_mixin import ACTIVITIES
from .cs_appealable_mixin import STANDING, WAITING


class CsAppeal(models.Model):
    """An agent's objection to a score, a violation or a decision (O4, policy 12).

    What it may be about, the kinds of appeal say (``cs.vocabulary``). The office answers it, a
    manager decides (``cs_appeal_decide_mixin.py``), the agent is told
    (``cs_appeal_notice_mixin.py``). Until then the decisions that rest on its object wait.
    """

    _name = "cs.appeal"
    _inherit = [
        "cs.appeal.decide.mixin",
        "cs.appeal.notice.mixin",
        "cs.request.mixin",
        "cs.proof.mixin",
    ]
    _description = "CS Appeal"
    _order = "submitted_on desc, id desc"
    _name_parts = property(lambda self: ("employee_id", *self._get_objects()))
    _governed = frozenset({"employee_id", "grounds", "item_ids", "answer", "correct_role"})

    kind = fields.Selection(
        selection="_get_kinds",
        compute="_compute_kind",
        store=True,
        precompute=True,
        string="Object of Appeal",
    )
    object_id = fields.Integer(
        compute="_compute_kind",
        store=True,
        precompute=True,
        string="Id of the Object",
        help="With the kind: what is objected to.",
    )
    appraisal_id = fields.Many2one(
        "cs.appraisal",
        string="Score",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('employee_id', '=', employee_id), ('closed', '=', True), ('scored', '=', True)]",
    )
    violation_id = fields.Many2one(
        "cs.violation",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('employee_id', '=', employee_id), ('state', '=', 'confirmed')]",
    )
    decision_id = fields.Many2one(
        "cs.decision",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('employee_id', '=', employee_id), ('state', 'in', ('announced', 'applied'))]",
    )
    grounds = fields.Text(required=True, tracking=True, help="Why it should be changed.")
    item_ids = fields.Many2many(
        "cs.scorecard.item",
        string="Items Objected To",
        copy=False,
        domain="[('scorecard_id', 'in', scorecard_ids)]",
        help="Which items of the score are wrong; none: the score as a whole.",
    )
    being_corrected = fields.Boolean(related="appraisal_id.being_corrected")
    scorecard_ids = fields.Many2many("cs.scorecard", compute="_compute_scorecard_ids")
    can_answer = fields.Boolean(compute="_compute_can", help="The reader may answer it now.")
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        help="Last day for submitting: the notice, counted from the first publication.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("answered", "Answered"),
            ("upheld", "Upheld"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
            ("lapsed", "Lapsed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Withdrawn: by the agent. Lapsed: its object fell away for another reason.",
    )
    submitted_on = fields.Date(readonly=True, copy=False)
    answer = fields.Text(
        string="Answer of the Office",
        copy=False,
        tracking=True,
        help="What the office says to it, in writing.",
    )
    answered_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    answered_on = fields.Date(readonly=True, copy=False)
    correct_role = fields.Selection(
        selection="_get_sheets_to_correct",
        string="To Correct",
        default="both",
        required=True,
        copy=False,
        help="Whose sheet is given back for correction when an appeal against a score is upheld.",
    )
    reason = fields.Text(string="Reason of the Decision", readonly=True, copy=False, tracking=True)
    decided_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decided_on = fields.Date(readonly=True, copy=False)
    fallen_ids = fields.Many2many(
        "cs.decision",
        string="Decisions Withdrawn with It",
        readonly=True,
        copy=False,
        help="Decisions about the agent that fell when the appeal was upheld.",
    )

    _once_uniq = models.UniqueIndex(
        "(kind, object_id) WHERE state IN ('submitted', 'answered', 'rejected')",
        "It has been appealed already; after a rejection there is no second appeal.",
    )

    @api.model
    def _get_kinds(self):
        return self.env["cs.vocabulary"]._get_selection(self._get_terms())

    @api.model
    def _get_terms(self):
        """Code -> kind of appeal."""
        return self.env["cs.vocabulary"]._get_appeals()

    @api.model
    def _get_objects(self):
        """Names of the fields that point at what is objected to, one for each kind."""
        return [kind.field for kind in self._get_terms().values()]

    @api.model
    def _get_governed(self):
        return super()._get_governed() | set(self._get_objects())

    @api.model
    def _get_sheets_to_correct(self):
        raters = self.env["cs.vocabulary"]._get_rater_choice()
        return [
            ("both", self.env._("All sheets")),
            *((code, self.env._("%s's sheet", name)) for code, name in raters),
        ]

    @api.depends(lambda self: ["employee_id", *(f"{n}.company_id" for n in self._get_objects())])
    def _compute_company_id(self):
        """The company of what is objected to decides, wherever the agent is by now."""
        for appeal in self:
            subject = appeal._get_object() or appeal.employee_id
            appeal.company_id = subject.company_id

    @api.depends(lambda self: self._get_objects())
    def _compute_kind(self):
        kinds = self._get_terms().values()
        for appeal in self:
            kind = next((each for each in kinds if appeal[each.field]), None)
            appeal.kind = kind and kind.code
            appeal.object_id = kind and appeal[kind.field].id

    @api.depends("appraisal_id")
    def _compute_scorecard_ids(self):
        """The form of the score."""
        # sudo: the form is everyone's, the sheets are not: they are searched, since read from the
        # score they would stay in the cache, from which the reader would get them
        sheets = self.env["cs.appraisal.sheet"].sudo()
        found = sheets.search([("appraisal_id", "in", self.appraisal_id.ids)])
        by_score = found.grouped("appraisal_id")
        for appeal in self:
            appeal.scorecard_ids = by_score.get(appeal.appraisal_id._origin, sheets).scorecard_id

    def _compute_can(self):  # pylint: disable=missing-return
        super()._compute_can()
        office = self.env.user.has_group(OFFICE)
        for appeal in self:
            appeal.can_answer = office and appeal.state == "submitted" and not appeal.is_own

    @api.model
    def _get_open_states(self):
        return WAITING

    @api.depends(lambda self: self._get_objects())
    def _compute_deadline(self):
        for appeal in self.sudo():  # the object's day, whoever reads the appeal
            subject = appeal._get_object()
            appeal.deadline = subject and subject._get_appeal_until()

    @api.depends(lambda self: self._get_objects())
    @api.depends_context("lang")
    def _compute_display_name(self):
        for appeal in self.sudo():  # the object's name, whoever reads the appeal
            appeal.display_name = self.env._("Appeal: %s", appeal._get_object_name())

    @api.model
    def _get_fixed_words(self):
        return self.env._("Appeal: %s", "")

    @api.constrains(lambda self: ["employee_id", *self._get_objects()])
    def _check_object(self):
        """It is one object, the agent's own, and may be appealed."""
        names = self._get_objects()
        for appeal in self:
            if sum(bool(appeal[name]) for name in names) != 1:
                raise ValidationError(self._get_choice_fault())
            subject = appeal._get_object()
            subject.sudo(False).check_access("read")
            if subject.employee_id != appeal.employee_id:
                raise ValidationError(
                    self.env._(
                        "%(object)s does not concern %(agent)s.",
                        object=subject.display_name,
                        agent=appeal.employee_id.sudo().name,  # employees are HR's, names not
                    )
                )
            appeal._check_window()

    @api.constrains("item_ids", "appraisal_id")
    def _check_items(self):
        """Only items of the form by which the score was given can be wrong."""
        for appeal in self:
            foreign = appeal.item_ids.filtered(
                lambda item, appeal=appeal: item.scorecard_id not in appeal.scorecard_ids
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(appeal)s: %(items)s are not items of the form of this score.",
                        appeal=appeal.display_name,
                        items=foreign.mapped("display_name"),
                    )
                )

    @api.constrains("grounds")
    def _check_grounds(self):
        for appeal in self:
            if not (appeal.grounds or "").strip():
                raise ValidationError(
                    self.env._("%s: write down your grounds.", appeal.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        names = self._get_objects()
        for vals in vals_list:
            if not any(vals.get(name) or self.env.context.get(f"default_{name}") for name in names):
                raise ValidationError(self._get_choice_fault())
        return super().create(vals_list)

    @api.model
    def _get_choice_fault(self):
        return self.env._(
            "Choose the one that you object to: %s.",
            [kind.name for kind in self._get_terms().values()],
        )

    def _get_editable(self):
        """Names of the fields that this user may fill in now."""
        self.ensure_one()
        if self.state == "draft":
            names = {"employee_id", "grounds", "item_ids", *self._get_objects()}
            return names if self._is_lodger() else set()
        office = self.env.user.has_group(OFFICE)
        if self.is_own or not office or self.state not in WAITING:
            return set()
        return {"answer", "correct_role"} if self.state == "submitted" else {"correct_role"}

    def _get_kind(self):
        """The kind of appeal that it is; None while nothing is chosen, and where the addon that
        declared it is gone."""
        self.ensure_one()
        return next((kind for kind in self._get_terms().values() if self[kind.field]), None)

    def _get_object(self):
        """The score, violation or decision that is objected to; None where there is no kind."""
        kind = self._get_kind()
        return self[kind.field] if kind else None

    def _get_object_name(self):
        """What is objected to, by name; the agent where that is not known."""
        subject = self._get_object()
        return subject.display_name if subject else self.employee_id.name

    def _check_window(self):
        """The object may be appealed today still, and is so for the first time."""
        self.ensure_one()
        # sudo: of other appeals, and of the object's days, no more than the fault is told
        subject = self.sudo()._get_object()
        fault = subject._get_appeal_fault(subject.company_id._cs_today())
        same = [
            (self._get_kind().field, "=", subject.id),
            ("id", "!=", self.id),
            ("state", "in", STANDING),
        ]
        if not fault and self.sudo().search_count(same, limit=1):
            fault = self.env._(
                "%s has been appealed already; after a rejection there is no second appeal.",
                subject.display_name,
            )
        if fault:
            raise ValidationError(fault)

    def action_submit(self):
        """Hand the appeal in; what rests on its object waits from now on (O4)."""
        self.check_access("write")
        self._check_lodged_by()
        self._check_state("draft")
        for appeal in self.sudo():  # state and deadline are the software's to write
            appeal._check_window()
            appeal.write(
                {
                    "state": "submitted",
                    "submitted_on": appeal.company_id._cs_today(),
                    "deadline": appeal._get_object()._get_appeal_until(),
                }
            )
            appeal._trace(lambda env: env._("An appeal was submitted: decisions wait for it (O4)."))
            appeal._schedule(ACTIVITIES[0], appeal._get_office())

    def action_withdraw(self):
        """Take one's own appeal back."""
        self.check_access("write")
        self._check_lodged_by()
        self._check_state(*WAITING)
        for appeal in self.sudo():  # as above
            appeal._settle("withdrawn")
            appeal._trace(lambda env: env._("The agent withdrew the appeal."))
