from odoo import api, fields, models
from odoo.exceptions import ValidationError

OBJECTS = ("appraisal_id", "violation_id", "decision_id")
OPEN = ("submitted", "answered")


class CsAppeal(models.Model):
    """An agent's objection to a score, a violation or a decision (O4, policy 12).

    The office answers it, a manager decides (``cs_appeal_decide.py``). Until then the
    decisions that rest on its object wait.
    """

    _name = "cs.appeal"
    _inherit = ["cs.request.mixin", "cs.proof.mixin"]
    _description = "CS Appeal"
    _order = "submitted_on desc, id desc"
    _name_parts = ("employee_id", "appraisal_id", "violation_id", "decision_id")
    _governed = frozenset(
        {"employee_id", "grounds", "item_ids", "answer", "correct_role", *OBJECTS}
    )

    kind = fields.Selection(
        [("score", "Score"), ("violation", "Violation"), ("decision", "Decision")],
        compute="_compute_kind",
        store=True,
        precompute=True,
        string="Object of Appeal",
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

    _object_check = models.Constraint(
        "CHECK(num_nonnulls(appraisal_id, violation_id, decision_id) = 1)",
        "An appeal is against one score, one violation or one decision.",
    )
    _appraisal_uniq = models.UniqueIndex(
        "(appraisal_id) WHERE state IN ('submitted', 'answered', 'rejected')",
        "This score has been appealed; after a rejection there is no second appeal.",
    )
    _violation_uniq = models.UniqueIndex(
        "(violation_id) WHERE state IN ('submitted', 'answered', 'rejected')",
        "This violation has been appealed; after a rejection there is no second appeal.",
    )
    _decision_uniq = models.UniqueIndex(
        "(decision_id) WHERE state IN ('submitted', 'answered', 'rejected')",
        "This decision has been appealed; after a rejection there is no second appeal.",
    )

    @api.model
    def _get_sheets_to_correct(self):
        raters = self.env["cs.vocabulary"]._get_rater_choice()
        return [
            ("both", self.env._("All sheets")),
            *((code, self.env._("%s's sheet", name)) for code, name in raters),
        ]

    @api.depends("employee_id", *(f"{name}.company_id" for name in OBJECTS))
    def _compute_company_id(self):
        """The company of what is objected to decides, wherever the agent is by now."""
        for appeal in self:
            appeal.company_id = appeal._get_object().company_id or appeal.employee_id.company_id

    @api.depends(*OBJECTS)
    def _compute_kind(self):
        for appeal in self:
            appeal.kind = (
                (appeal.appraisal_id and "score")
                or (appeal.violation_id and "violation")
                or (appeal.decision_id and "decision")
            )

    @api.depends("appraisal_id")
    def _compute_scorecard_ids(self):
        """The form of the score; sudo: the form is everyone's, the sheets are not."""
        for appeal in self.sudo():
            appeal.scorecard_ids = appeal.appraisal_id.sheet_ids.scorecard_id

    def _compute_can(self):  # pylint: disable=missing-return
        super()._compute_can()
        office = self.env.user.has_group("cs_promotion.group_office")
        for appeal in self:
            appeal.can_answer = office and appeal.state == "submitted" and not appeal.is_own

    @api.model
    def _get_open_states(self):
        return OPEN

    @api.depends(*OBJECTS)
    def _compute_deadline(self):
        for appeal in self.sudo():
            subject = appeal._get_object()
            appeal.deadline = subject and subject._get_appeal_until()

    @api.depends(*OBJECTS)
    @api.depends_context("lang")
    def _compute_display_name(self):
        for appeal in self.sudo():
            appeal.display_name = self.env._(
                "Appeal: %s", appeal._get_object().display_name or appeal.employee_id.name
            )

    @api.model
    def _get_fixed_words(self):
        return self.env._("Appeal: %s", "")

    @api.constrains("employee_id", *OBJECTS)
    def _check_object(self):
        """The object is the agent's own and may be appealed."""
        for appeal in self:
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
        for vals in vals_list:
            if not any(
                vals.get(name) or self.env.context.get(f"default_{name}") for name in OBJECTS
            ):
                raise ValidationError(
                    self.env._("Choose the score, violation or decision that you object to.")
                )
        return super().create(vals_list)

    def _get_editable(self):
        """Names of the fields that this user may fill in now."""
        self.ensure_one()
        if self.state == "draft":
            return {"employee_id", "grounds", "item_ids", *OBJECTS} if self._is_lodger() else set()
        office = self.env.user.has_group("cs_promotion.group_office")
        if self.is_own or not office or self.state not in OPEN:
            return set()
        return {"answer", "correct_role"} if self.state == "submitted" else {"correct_role"}

    def _get_object(self):
        """The score, violation or decision that is objected to."""
        self.ensure_one()
        return self.appraisal_id or self.violation_id or self.decision_id

    def _check_window(self):
        """The object may be appealed today still, and is so for the first time."""
        self.ensure_one()
        subject = self.sudo()._get_object()
        fault = subject._get_appeal_fault(subject.company_id._cs_today())
        if not fault and subject.appeal_ids.filtered(
            lambda each: each != self and each.state in ("draft", *OPEN, "rejected")
        ):
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
        for appeal in self.sudo():
            appeal._check_window()
            appeal.write(
                {
                    "state": "submitted",
                    "submitted_on": appeal.company_id._cs_today(),
                    "deadline": appeal._get_object()._get_appeal_until(),
                }
            )
            appeal._trace(lambda env: env._("An appeal was submitted: decisions wait for it (O4)."))
            appeal._schedule("cs_promotion.mail_activity_appeal_answer", appeal._get_office())

    def action_withdraw(self):
        """Take one's own appeal back."""
        self.check_access("write")
        self._check_lodged_by()
        self._check_state(*OPEN)
        for appeal in self.sudo():
            appeal._settle("withdrawn")
            appeal._trace(lambda env: env._("The agent withdrew the appeal."))
