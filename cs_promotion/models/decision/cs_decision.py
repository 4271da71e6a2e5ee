from odoo import api, fields, models
from odoo.fields import Domain

from ...engine import evidence as engine_evidence
from ...engine.plain import EvidenceError
from ...engine.replay import replay
from ...engine.rule import DEMOTE, PROMOTE, REVIEW
from ...engine.rules import CONFIRM, consequence_ground
from ..cs_long_work import Step
from ..plain_json import PlainJson
from ..scheduled import post_once, take_step

STANDING = ("proposed", "announced", "applied")
STEPS = (PROMOTE, DEMOTE)
KINDS = {PROMOTE: "promotion", DEMOTE: "demotion", REVIEW: "review"}


class CsDecision(models.Model):
    """What was decided about one agent, by which rule, procedure or person, and why.

    A tier change is proposed, announced and, when its notice has run out, applied to the
    employee record. A dismissal review is a decision too; only a person ends it. The evidence
    is kept as the engine gave it and can be replayed.

    What people do with it is in ``cs_decision_steps_mixin.py``, who is told of it in
    ``cs_decision_notice_mixin.py``.
    """

    _name = "cs.decision"
    _inherit = [
        "cs.decision.steps.mixin",
        "cs.decision.notice.mixin",
        "cs.employee.mixin",
        "cs.kept.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "CS Decision"
    _order = "effective_date desc, id desc"
    _name_parts = ("employee_id", "kind", "effective_date")

    _company_date = "effective_date"
    _writing_states = ("proposed",)

    company_id = fields.Many2one(precompute=False)  # would build a new record for each first
    outcome = fields.Selection(
        selection="_get_outcomes", required=True, default="promote", tracking=True
    )
    kind = fields.Selection(
        selection="_get_kinds",
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
        help="Why a person decided so: required for each step that no rule leads to (U4).",
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
    trial_id = fields.Many2one(
        "cs.trial",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The trial that it ends.",
    )
    plan_id = fields.Many2one(
        "cs.plan",
        string="Improvement Plan",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The improvement plan that it ends.",
    )
    effect = fields.Char(related="rule_id.effect")  # what it brings about besides
    evidence = PlainJson(readonly=True, copy=False)
    # computed as sudo: whoever may read the decision may read what it rests on
    evidence_text = fields.Text(
        compute="_compute_evidence_text", compute_sudo=True, string="Evidence in Words"
    )
    evidence_html = fields.Html(
        compute="_compute_evidence_html",
        compute_sudo=True,
        sanitize=False,
        string="Evidence Table",
    )
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
        string="Notice Ends", readonly=True, copy=False, help="Last day of the notice (O4)."
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

    awaits_closing = fields.Boolean(
        string="Waits for the Closing",
        readonly=True,
        copy=False,
        help="Its month was re-opened: it is not applied before the month is closed again, which "
        "tells whether it still follows.",
    )
    ended_for_good = fields.Boolean(
        readonly=True,
        copy=False,
        help="Ended by a person, or overtaken: the same verdict of the same closing does not "
        "come back.",
    )

    _one_change_a_day = models.UniqueIndex(
        # what a person has but proposed does not take the day: the rules go on as ever
        "(employee_id, effective_date) WHERE tier_to_id IS NOT NULL "
        "AND state NOT IN ('withdrawn', 'rejected') "
        "AND NOT (state = 'proposed' AND ground_type = 'person')",
        "An agent can have one tier change for an effective date (O2).",
    )
    _one_open_review = models.UniqueIndex(
        "(employee_id, ground) WHERE tier_to_id IS NULL AND state IN ('proposed', 'announced')",
        "An agent has one open dismissal review for each ground (X4).",
    )
    _awaits_closing_idx = models.Index("(cycle_id) WHERE awaits_closing")
    _to_notify_idx = models.Index("(announced_on, id) WHERE to_notify")
    _to_ask_idx = models.Index("(id) WHERE to_ask")
    _target_check = models.Constraint(
        "CHECK(outcome NOT IN ('promote', 'demote') OR tier_to_id IS NOT NULL)",
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
    def _get_outcomes(self):
        """Steps and the review by the words of a decision; what addons declare by its name."""
        own = {
            "promote": self.env._("Step up"),
            "demote": self.env._("Step down"),
            "dismissal_review": self.env._("Dismissal review"),
        }
        outcomes = self.env["cs.vocabulary"]._get_outcomes()
        return [(code, own.get(code, term.name)) for code, term in outcomes.items()]

    @api.model
    def _get_kinds(self):
        """What people call a decision; an outcome that an addon declares is a kind of its own."""
        own = {
            "confirmation": self.env._("Confirmation"),
            "promotion": self.env._("Promotion"),
            "demotion": self.env._("Demotion"),
            "exceptional": self.env._("Skip-level or appointment"),
            "moved_down": self.env._("Demotion by management"),
            "review": self.env._("Dismissal review"),
        }
        outcomes = self.env["cs.vocabulary"]._get_outcomes()
        others = [(code, term.name) for code, term in outcomes.items() if code not in KINDS]
        return [*own.items(), *others]

    @api.model
    def _get_kind(self, outcome, ground):
        """The kind of a decision; a person's step has no ground code."""
        if outcome in STEPS and not ground:
            return "exceptional" if outcome == PROMOTE else "moved_down"
        return "confirmation" if ground == CONFIRM else KINDS.get(outcome, outcome)

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
        severities = {
            "minor": self.env._("Minor violation"),
            "moderate": self.env._("Moderate violation"),
            "serious": self.env._("Serious violation"),
        }
        return {
            consequence_ground(severity, outcome): name
            for severity, name in severities.items()
            for outcome in self.env["cs.vocabulary"]._get_outcomes()
        } | {
            "confirm_junior": self.env._("Probation served and test passed"),
            "demote_violation": self.env._("Moderate violation"),
            "dismiss_serious": self.env._("Serious violation"),
            "dismiss_repeated": self.env._("Repeated violations"),
        }

    @api.depends("policy_id.require_attestation", "attested_by", "outcome")
    def _compute_needs_attestation(self):
        for decision in self:
            decision.needs_attestation = (
                decision.outcome == PROMOTE
                and decision.policy_id.require_attestation
                and not decision.attested_by
            )

    @api.depends("evidence")
    @api.depends_context("lang")
    def _compute_evidence_text(self):
        for decision in self:
            lines = self.env["cs.evidence"]._get_lines(decision)
            decision.evidence_text = "\n".join(lines)

    @api.depends("evidence", "grounds", "violation_ids", "approval_ids.state")
    @api.depends_context("lang")
    def _compute_evidence_html(self):
        for decision in self:
            decision.evidence_html = self.env["cs.evidence"]._render(decision)

    # ------------------------------------------------------------------ its life

    def _reject(self, reason):
        """Let decisions not out, or keep the agent under review; what a tier change stood in the
        way of is judged anew. A review was rightly open until it ended: no promotion meanwhile
        was due (X4)."""
        ended = self.filtered(lambda each: each.state in ("proposed", "announced"))
        reviews = ended._get_open_reviews()
        changes = ended - reviews
        told = changes.filtered(lambda each: each.state == "announced")
        self.env["cs.decision.approval"]._reject(ended, reason)
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
        self.env["cs.verdict"]._judge_again(changes, waited=changes)
        # what hangs on it falls before anybody is told: the notice says how it stands
        self._on_ended(reason)
        self._end_asking()
        reviews._tell_review_ended()
        told._tell_fallen()

    def _withdraw(self, reason):
        """Take standing decisions back; what was applied is undone on the employee record."""
        standing = self.filtered(lambda each: each._is_standing())
        # undone before they are withdrawn: only what is applied stands on the employee record
        applied = standing.filtered(lambda each: each.state == "applied")
        self.env["cs.tier.move"]._take_back(applied.filtered("tier_to_id"))
        applied._call_outcomes("_revert")
        self.env["cs.effect"]._on_withdrawn(standing)
        standing.write({"state": "withdrawn", "closing_reason": reason, "awaits_closing": False})
        standing.flush_recordset(["state"])  # the day is free for another (unique index)
        self._on_ended(reason)
        self._end_asking()
        self.filtered(lambda each: each.state == "withdrawn")._tell_fallen()

    def _is_standing(self):
        return self.state in STANDING

    def _take_back(self, reason):
        """Withdraw decisions for good, as a person decides; what they stood in the way of is
        judged anew."""
        standing = self.filtered(lambda each: each._is_standing())
        standing.ended_for_good = True
        standing._fall(reason)

    def _fall(self, reason):
        """Withdraw decisions, and judge anew for their agents what they stood in the way of."""
        waited = self.filtered(lambda each: each.state != "applied")
        self._withdraw(reason)
        self.env["cs.verdict"]._judge_again(self, waited)

    # ------------------------------------------------------------------ what it rests on

    def _follows_from_evidence(self):
        """Whether the engine, given the evidence alone, decides the same again (policy 12)."""
        self.ensure_one()
        if self.ground_type == "person":
            return True
        try:
            verdict = replay(self.evidence)
        except EvidenceError:
            return False
        # the rule names the outcome, the grounds and the target: each has to come out the same
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
        except EvidenceError:
            return {"conditions": [], "unreadable": True}

    # ------------------------------------------------------------------ applying it

    @api.model
    def _get_due_domain(self, day):
        """Announced tier changes whose day has come and whose notice has run out."""
        return (
            Domain("outcome", "!=", REVIEW)  # a person ends it
            & Domain("state", "=", "announced")
            & Domain("effective_date", "<=", day)
            & Domain("notice_until", "<=", day)
            & Domain("awaits_closing", "=", False)
            & (
                Domain("policy_id.require_attestation", "=", False)
                | Domain("outcome", "!=", PROMOTE)
                | Domain("attested_by", "!=", False)
            )
        )

    def _apply_due(self, day):
        """Apply those of these decisions that are due on ``day``, oldest first."""
        due = self.filtered_domain(self._get_due_domain(day))
        # in the order of their days: the later one starts from the tier that the earlier one
        # leads to
        for _effective, decisions in sorted(due.grouped("effective_date").items()):
            decisions._apply(day)
        return due

    def _apply(self, day):
        """Write the new tier, with wage and all that follows, from the effective date on.

        A decision whose agent no longer holds the tier it starts from, or has left, has been
        overtaken: it is withdrawn with that reason.
        """
        # what another worker holds it will apply; what somebody withdrew meanwhile is no longer
        # announced
        standing = self.try_lock_for_update().filtered(
            lambda each: each.state == "announced" and not each.awaits_closing
        )
        moves = self.env["cs.tier.move"]
        timelines = self.env["cs.timeline"]._load(standing.employee_id.ids)
        moves._refresh_persons(standing, timelines)
        overtaken = standing.filtered(
            lambda each: moves._is_overtaken(each, each._get_timeline(timelines))
        )
        overtaken.ended_for_good = True  # found again, it would be overtaken again
        overtaken._withdraw_told(
            lambda words: words._("Overtaken: the agent has left or changed tier since.")
        )
        applied = standing - overtaken
        moves._carry_out(applied.filtered("tier_to_id"))
        applied._call_outcomes("_apply")
        applied.write({"state": "applied", "applied_on": day})
        self.env["cs.effect"]._on_applied(applied)

    def _call_outcomes(self, verb):
        """Let what an outcome brings about besides a step be done, or undone: an addon that
        declares the outcome ``praise`` has the methods ``_apply_praise`` and ``_revert_praise``
        of the decisions with it, where there is anything to do."""
        effects = self.env["cs.effect"]  # of the outcomes that the core declares
        for outcome, decisions in self.grouped("outcome").items():
            if carry_out := getattr(effects, f"{verb}_{outcome}", None):
                carry_out(decisions)
            elif carry_out := getattr(decisions, f"{verb}_{outcome}", None):
                carry_out()

    @api.model
    def _cron_apply(self):
        """Apply every decision that is due, in resumable batches (scheduled daily)."""
        self.env["cs.long.work"]._begin(self, "_apply_everywhere")

    @api.model
    def _apply_everywhere(self):
        self.env["cs.long.work"]._take_batches(
            lambda: self.union(
                *(self._find_due(day, ours) for day, ours in self.env["res.company"]._cs_days())
            ),
            Step("apply", "_apply_today", note="_note_not_applied", about="cycle_id"),
        )

    def _apply_today(self):
        """Apply those of these decisions that are due, each by the day of its company."""
        for day, ours in self.grouped(lambda each: each.company_id._cs_today()).items():
            ours._apply_due(day)

    def _note_not_applied(self, error):
        post_once(self, self.env._("Could not be applied: %(error)s", error=error))

    @api.model
    def _find_due(self, day, companies=Domain.TRUE):
        """The decisions due on ``day``; of an agent with several, the oldest, as the others
        start from the tier it leads to.

        :param companies: domain of the companies that are looked at
        """
        # one of each agent in a batch: the next one is found when this one has been applied
        oldest = {}
        for decision in self.search(
            self._get_due_domain(day) & companies, order="effective_date, id"
        ):
            oldest.setdefault(decision.employee_id, decision.id)
        return self.browse(oldest.values())

    @api.model
    def _cron_confirm_probations(self):
        """Propose due confirmations in every company (scheduled daily)."""
        lowest = Domain.OR(
            Domain("version_ids.cs_tier_id", "=", tier.id) & Domain("company_id", "in", ours.ids)
            for tier, ours in self.env["cs.policy"]._get_probation_tiers().items()
        )
        # archived ones, too: what took effect before the last day is due to a leaver as well
        employees = self.env["hr.employee"].with_context(active_test=False).search(lowest)
        self.env["ir.cron"]._commit_progress(remaining=len(employees))
        verdicts = self.env["cs.verdict"]
        for company, group in employees.grouped("company_id").items():
            day = company._cs_today()
            take_step(group, lambda agents, day=day: verdicts._confirm_probations(agents, day))
