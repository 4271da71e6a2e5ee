from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ..engine import evidence as engine_evidence
from ..engine.rules import CONFIRM

STANDING = ("proposed", "announced", "applied")


class CsDecision(models.Model):
    """What was decided about one agent, by which rule, procedure or person, and why.

    A tier change is proposed, announced and, when its notice has run out, applied to the
    employee record (``cs_decision_apply.py``). A dismissal review is a decision too; only a
    person ends it. The evidence is kept as the engine gave it and can be replayed.
    """

    _name = "cs.decision"
    _inherit = ["cs.employee.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "CS Decision"
    _order = "effective_date desc, id desc"
    _name_parts = ("employee_id", "kind", "effective_date")

    _company_date = "effective_date"

    company_id = fields.Many2one(precompute=False)  # would build a new record for each first
    outcome = fields.Selection(
        [
            ("promote", "Step up"),
            ("demote", "Step down"),
            ("dismissal_review", "Dismissal review"),
        ],
        required=True,
        default="promote",
        tracking=True,
    )
    kind = fields.Selection(
        [
            ("confirmation", "Confirmation"),
            ("promotion", "Promotion"),
            ("demotion", "Demotion"),
            ("exceptional", "Skip-level or appointment"),
            ("review", "Dismissal review"),
        ],
        compute="_compute_kind",
        store=True,
    )
    ground_type = fields.Selection(
        [("rule", "Rule"), ("procedure", "Fixed procedure"), ("person", "A person's decision")],
        required=True,
        default="person",
        readonly=True,
    )
    ground = fields.Char(
        string="Ground Code",
        readonly=True,
        index=True,
        help="Code of the rule or procedure; none for a person.",
    )
    ground_name = fields.Char(compute="_compute_ground_name", string="Ground")
    rule_id = fields.Many2one("cs.policy.rule", readonly=True, ondelete="restrict")
    grounds = fields.Text(
        string="Written Grounds",
        tracking=True,
        help="Why a person decided so: required for skip-level promotion and appointment (U4).",
    )
    tier_from_id = fields.Many2one(
        "cs.tier", string="From Tier", readonly=True, ondelete="restrict"
    )
    tier_to_id = fields.Many2one("cs.tier", string="To Tier", ondelete="restrict", tracking=True)
    tier_since_from = fields.Date(
        string="Former Tier Since", readonly=True, help="Restored when the decision is taken back."
    )
    effective_date = fields.Date(
        required=True,
        tracking=True,
        index=True,
        default=lambda self: self.env.company._cs_today().replace(day=1),
    )
    department_id = fields.Many2one(related="employee_id.department_id")
    policy_id = fields.Many2one("cs.policy", readonly=True, ondelete="restrict")
    cycle_id = fields.Many2one("cs.cycle", readonly=True, index=True, ondelete="restrict")
    violation_ids = fields.Many2many("cs.violation", readonly=True, ondelete="restrict")
    test_id = fields.Many2one("cs.probation.test", readonly=True, ondelete="restrict")
    evidence = fields.Json(readonly=True, copy=False)
    evidence_text = fields.Text(compute="_compute_evidence_text", string="Evidence in Words")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("announced", "Announced"),
            ("applied", "Applied"),
            ("withdrawn", "Withdrawn"),
            ("rejected", "Rejected"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="A dismissal review is applied when it ends in dismissal, rejected when not.",
    )
    announced_on = fields.Date(readonly=True, copy=False)
    notice_until = fields.Date(
        string="Notice Ends", readonly=True, copy=False, help="May be appealed until then (O4)."
    )
    decided_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    attested_by = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
        help="Attested that the agent meets the standards of the new tier (U5).",
    )
    needs_attestation = fields.Boolean(compute="_compute_needs_attestation")
    applied_on = fields.Date(readonly=True, copy=False)
    closing_reason = fields.Text(
        string="Reason of the End",
        readonly=True,
        copy=False,
        tracking=True,
        help="Why it was withdrawn or rejected, or how the review ended; the agent reads it.",
    )

    _one_change_a_day = models.UniqueIndex(
        # what a person has but proposed does not take the day: the rules go on as ever
        "(employee_id, effective_date) WHERE outcome != 'dismissal_review' "
        "AND state NOT IN ('withdrawn', 'rejected') "
        "AND NOT (state = 'proposed' AND ground_type = 'person')",
        "An agent can have one tier change for an effective date (O2).",
    )
    _one_open_review = models.UniqueIndex(
        "(employee_id, ground) WHERE outcome = 'dismissal_review' "
        "AND state IN ('proposed', 'announced')",
        "An agent has one open dismissal review for each ground (X4).",
    )
    _target_check = models.Constraint(
        "CHECK(outcome = 'dismissal_review' OR tier_to_id IS NOT NULL)",
        "A tier change needs the tier it leads to.",
    )
    _ground_check = models.Constraint(
        "CHECK((ground_type = 'person') = (ground IS NULL))",
        "A decision is grounded in a rule or procedure, or is a person's.",
    )

    @api.depends("employee_id", "kind", "effective_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for decision in self:
            decision.display_name = self._join_name(
                decision.employee_id.name, labels.get(decision.kind), decision.effective_date
            )

    @api.depends("outcome", "ground")
    def _compute_kind(self):
        for decision in self:
            decision.kind = self._get_kind(decision.outcome, decision.ground)

    @api.model
    def _get_kind(self, outcome, ground):
        """The kind of a decision; a person's has no ground code."""
        if outcome != "dismissal_review" and not ground:
            return "exceptional"
        kinds = {"promote": "promotion", "demote": "demotion", "dismissal_review": "review"}
        return "confirmation" if ground == CONFIRM else kinds.get(outcome)

    @api.depends("ground", "rule_id.name")
    @api.depends_context("lang")
    def _compute_ground_name(self):
        names = self._get_procedure_names()
        for decision in self:
            decision.ground_name = (
                decision.rule_id.name
                or names.get(decision.ground)
                or decision.ground
                or self.env._("A person's decision")
            )

    @api.model
    def _get_procedure_names(self):
        return {
            "confirm_junior": self.env._("Probation served and test passed"),
            "demote_violation": self.env._("Moderate violation"),
            "dismiss_serious": self.env._("Serious violation"),
            "dismiss_repeated": self.env._("Repeated violations"),
        }

    @api.depends("policy_id.require_attestation", "attested_by", "outcome")
    def _compute_needs_attestation(self):
        for decision in self:
            decision.needs_attestation = (
                decision.outcome == "promote"
                and decision.policy_id.require_attestation
                and not decision.attested_by
            )

    @api.depends("evidence")
    @api.depends_context("lang")
    def _compute_evidence_text(self):
        for decision in self:
            decision.evidence_text = "\n".join(decision._get_evidence_lines())

    @api.model
    def _check_group(self, group):
        """Refuse callers without the group; superuser code passes."""
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(self.env._("You are not allowed to do this."))

    def _check_manager(self):
        self._check_group("cs_promotion.group_manager")
        self.check_access("write")
        self._check_not_own()

    def action_approve(self):
        """Approve proposed decisions: they are announced (O4)."""
        self._check_manager()
        decisions = self.sudo()
        decisions.invalidate_recordset(["rival_id"])  # asked of the database, for all at once
        decisions._check_possible("approve")
        decisions.approved_by = self.env.user
        for company, ours in decisions.grouped("company_id").items():
            ours._announce(company._cs_today())

    def action_attest(self):
        """Attest, as the direct superior, that the standards of the new tier are met (U5)."""
        self.check_access("read")
        for decision in self:
            superior = decision.employee_id.sudo().parent_id.user_id
            if superior != self.env.user and not self.env.user.has_group(
                "cs_promotion.group_manager"
            ):
                raise AccessError(self.env._("The direct superior attests the standards."))
        self._check_not_own()
        self.sudo()._check_possible("attest")
        self.sudo().attested_by = self.env.user

    def action_reject(self):
        """Do not let decisions out, or end dismissal reviews without dismissal."""
        self._check_manager()
        return self.env["cs.reason"]._ask("reject", self)

    def action_withdraw(self):
        """Take decisions back."""
        self._check_manager()
        return self.env["cs.reason"]._ask("withdraw_decision", self)

    def action_dismiss(self):
        """End dismissal reviews with the decision to dismiss (X1-X3)."""
        self._check_manager()
        return self.env["cs.reason"]._ask("dismiss", self)

    def action_apply(self):
        """Apply those of the decisions that are due now; where none is, say why."""
        self._check_group("cs_promotion.group_office")
        self.check_access("write")
        self._check_not_own()
        decisions = self.sudo()
        due = decisions.filtered(lambda each: not each._get_step_fault("apply"))
        (due or decisions)._check_possible("apply")
        for company, ours in due.grouped("company_id").items():
            ours._apply_due(company._cs_today())

    def action_replay(self):
        """Judge again from the evidence alone and tell whether the same comes out."""
        self.ensure_one()
        self.check_access("read")
        same = self._follows_from_evidence()
        message = (
            self.env._("The same decision follows from the evidence.")
            if same
            else self.env._("The evidence does not lead to this decision.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success" if same else "danger", "message": message},
        }

    @api.model
    def _create_from_verdicts(self, policy, compiled, decided, day, cycle=None):
        """Write down what the engine decided, and announce it.

        :param compiled: the policy as the engine read it
        :param decided: pairs (facts, verdict) of the engine
        :param day: the day they are announced on, where no approval is needed
        """
        decided = self._keep_payable(policy, decided, cycle)
        automatic = policy.approval == "automatic"
        announced = self._get_announced_values(policy, day) if automatic else {}
        decisions = self.sudo().create(
            [
                {**values, "cycle_id": cycle.id if cycle else False, **announced}
                for values in self._get_verdict_values(policy, compiled, decided)
            ]
        )
        if automatic:
            decisions._on_announced()
        return decisions

    @api.model
    def _get_verdict_values(self, policy, compiled, decided):
        """What a decision holds of each verdict of the engine; parameters as above."""
        tiers = self.env["cs.tier"]._get_ids_by_code()
        rules = {rule.code: rule.id for rule in policy.rule_ids}
        return [
            {
                "employee_id": facts.agent,
                "company_id": policy.company_id.id,
                "outcome": verdict.outcome,
                "kind": self._get_kind(verdict.outcome, verdict.ground),
                "ground_type": "rule" if verdict.rule else "procedure",
                "ground": verdict.ground,
                "rule_id": rules.get(verdict.ground),
                "tier_from_id": tiers[verdict.tier],
                "tier_since_from": facts.tier_since,
                "tier_to_id": tiers.get(verdict.to),
                "effective_date": verdict.effective,
                "policy_id": policy.id,
                "violation_ids": [Command.link(each.ref) for each in verdict.violations],
                "test_id": verdict.test.ref if verdict.test else False,
                "evidence": engine_evidence.record(compiled, facts, verdict),
            }
            for facts, verdict in decided
        ]

    def _announce(self, day):
        """Announce proposed decisions; the notice runs from ``day`` (O4)."""
        proposed = self.filtered(lambda each: each.state == "proposed")
        for policy, decisions in proposed.grouped("policy_id").items():
            decisions.write(self._get_announced_values(policy, day))
        proposed._on_announced()

    @api.model
    def _get_announced_values(self, policy, day):
        """What a decision holds once it is announced; its notice runs from ``day`` (O4)."""
        return {
            "state": "announced",
            "announced_on": day,
            "notice_until": fields.Date.add(day, days=policy.notice_days),
        }

    def _on_announced(self):
        """What follows when decisions have been announced."""

    def _reject(self, reason):
        """Let decisions not out, or keep the agent under review; what a tier change stood in the
        way of is judged anew. A review was rightly open until it ended: no promotion meanwhile
        was due (X4)."""
        ended = self.sudo().filtered(lambda each: each.state in ("proposed", "announced"))
        ended.write(
            {
                "state": "rejected",
                "closing_reason": reason,
                "decided_by": self.env.uid,
                "awaits_closing": False,
                "ended_for_good": True,
            }
        )
        ended.flush_recordset(["state"])  # the day is free for another (unique index)
        changes = ended.filtered(lambda each: each.outcome != "dismissal_review")
        changes._judge_again(waited=changes)

    def _dismiss(self, reason):
        """End reviews with dismissal; HR then ends the contract in the employee record."""
        reviews = self.filtered(
            lambda each: (
                each.outcome == "dismissal_review" and each.state in ("proposed", "announced")
            )
        )
        for company, ours in reviews.sudo().grouped("company_id").items():
            ours.write(
                {
                    "state": "applied",
                    "closing_reason": reason,
                    "decided_by": self.env.uid,
                    "applied_on": company._cs_today(),
                    "ended_for_good": True,
                }
            )

    def _withdraw(self, reason):
        """Take standing decisions back; what was applied is undone on the employee record."""
        standing = self.sudo().filtered(lambda each: each._is_standing())
        standing.filtered(
            lambda each: each.state == "applied" and each.outcome != "dismissal_review"
        )._revert()
        standing.write({"state": "withdrawn", "closing_reason": reason, "awaits_closing": False})
        standing.flush_recordset(["state"])  # the day is free for another (unique index)

    def _is_standing(self):
        return self.state in STANDING

    def _still_follows(self, without):
        """Whether the decision would still be made without its withdrawn violations.

        :param without: violations that count as withdrawn, too
        """
        self.ensure_one()
        standing = self.violation_ids.filtered(lambda each: each.state == "confirmed")
        left = set((standing - without).ids)
        try:
            evidence = engine_evidence.read(self.evidence)
            violations = [each for each in evidence["violations"] if each["ref"] in left]
            return engine_evidence.replay(evidence | {"violations": violations}) is not None
        except engine_evidence.EvidenceError:
            return False  # what it rests on has gone, and nothing readable says otherwise

    def _follows_from_evidence(self):
        """Whether the engine, given the evidence alone, decides the same again (policy 12)."""
        self.ensure_one()
        if self.ground_type == "person":
            return True
        try:
            verdict = engine_evidence.replay(self.evidence)
        except engine_evidence.EvidenceError:
            return False
        return bool(verdict) and (
            verdict.outcome,
            verdict.ground,
            verdict.effective,
            verdict.to or False,
        ) == (self.outcome, self.ground, self.effective_date, self.tier_to_id.code or False)

    def _read_evidence(self):
        """The evidence as the pages show it, whichever release wrote it.

        Empty for a person's decision, and where it cannot be read any more, which is said.
        """
        self.ensure_one()
        if not self.evidence:
            return {}
        try:
            return engine_evidence.read(self.evidence)
        except engine_evidence.EvidenceError:
            return {"conditions": [], "unreadable": True}
