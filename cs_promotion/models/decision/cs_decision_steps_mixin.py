from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...engine.rule import DEMOTE, PROMOTE, REVIEW
from ..cs_notice_mixin import MANAGER, OFFICE

STEPS = ("approve", "attest", "apply", "dismiss", "reject", "withdraw")


class CsDecisionStepsMixin(models.AbstractModel):
    """What people do with a decision: propose one (U4, L5), and the steps it is open to, for
    whom, and what they bring about."""

    _name = "cs.decision.steps.mixin"
    _inherit = ["cs.guard.mixin"]
    _description = "Decision That People Take Steps With"

    # computed as sudo: only whether, not why, is told
    can_approve = fields.Boolean(
        compute="_compute_can", compute_sudo=True, help="The reader may approve it now."
    )
    can_attest = fields.Boolean(
        compute="_compute_can",
        compute_sudo=True,
        help="The reader may attest the standards now.",
    )
    can_apply = fields.Boolean(
        compute="_compute_can", compute_sudo=True, help="The reader may have it applied now."
    )
    can_dismiss = fields.Boolean(
        compute="_compute_can", compute_sudo=True, help="The reader may dismiss now."
    )
    can_reject = fields.Boolean(
        compute="_compute_can",
        compute_sudo=True,
        help="The reader may reject it, or keep the agent, now.",
    )
    can_withdraw = fields.Boolean(
        compute="_compute_can", compute_sudo=True, help="The reader may withdraw it now."
    )
    approval_ids = fields.One2many(
        "cs.decision.approval", "decision_id", string="Approvals", readonly=True
    )
    application_ids = fields.One2many(
        "cs.application", "decision_id", string="Applications", readonly=True
    )
    rival_id = fields.Many2one(
        "cs.decision",
        compute="_compute_rival_id",
        string="Day Taken By",
        help="The agent has this decision for the same day already (O2).",
    )

    # ------------------------------------------------------------------ a person's proposal

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_group(MANAGER)
            allowed = {"employee_id", "tier_to_id", "effective_date", "grounds"}
            # what a form sends along besides is the software's to decide
            vals_list = [
                {name: value for name, value in vals.items() if name in allowed}
                for vals in vals_list
            ]
        for vals in vals_list:
            if vals.get("ground_type", "person") == "person":
                vals.setdefault("outcome", PROMOTE)  # whether up or down, the tier held says
        decisions = super().create(vals_list)
        decisions._fill_in_persons()
        if not self.env.su:  # the software's own meet the unique index, when they are announced
            decisions._check_day_free()
        return decisions

    def _fill_in_persons(self):
        """Complete what follows from a person's choice: tier held, up or down, policy."""
        persons = self.filtered(lambda each: each.ground_type == "person")
        timelines = self.env["cs.timeline"]._load(persons.employee_id.ids)
        # sudo: what follows from a proposal is read-only to the one who makes it
        for decision in persons.sudo():
            stretch = decision._get_timeline(timelines).at(decision.effective_date)
            policy = self.env["cs.policy"]._get_required(
                decision.company_id, decision.effective_date
            )
            held = self.env["cs.tier"].browse(stretch.tier)
            decision.write(
                {
                    "tier_from_id": held.id,
                    "tier_since_from": stretch.tier_since,
                    "decided_by": self.env.uid,
                    "policy_id": policy.id,
                    **self._get_direction(policy, held, decision.tier_to_id),
                }
            )

    @api.model
    def _get_direction(self, policy, held, target):
        """Whether a person's step goes up or down; nothing where it is no step."""
        if not target:
            return {}
        down = policy._get_ladder().is_above(held.code, target.code)
        return {"outcome": DEMOTE if down else PROMOTE}

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")  # who may not write is told no more than that
            self._check_by_hand(vals)
        written = super().write(vals)
        if {"employee_id", "effective_date", "tier_to_id"} & set(vals) - {"outcome"}:
            self._fill_in_persons()
            if not self.env.su:
                self._check_day_free()
        return written

    def _check_by_hand(self, vals):
        """Managers change the proposals of persons; all else about a decision has buttons."""
        if "outcome" in vals:
            raise UserError(self.env._("A decision changes by its buttons only."))
        if {"employee_id", "tier_to_id", "effective_date", "grounds"} & set(vals):
            self._check_group(MANAGER)
            for decision in self:
                if decision.ground_type != "person" or decision.state != "proposed":
                    raise UserError(
                        self.env._(
                            "%s was decided by a rule or has been announced: it cannot be changed.",
                            decision.display_name,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for decision in self:
            if decision.ground_type != "person" or decision.state != "proposed":
                raise UserError(
                    self.env._("%s stays on record; withdraw it instead.", decision.display_name)
                )

    @api.constrains("employee_id", "effective_date", "tier_to_id", "ground_type", "grounds")
    def _check_person_decision(self):
        """A person moves an agent to another tier of the ladder, with written grounds, while
        employed."""
        persons = self._filter_proposals()
        timelines = self.env["cs.timeline"]._load(persons.employee_id.ids)
        for decision in persons:
            timeline = decision._get_timeline(timelines)
            held = self.env["cs.tier.move"]._get_held(decision, timeline)
            if not (decision.grounds or "").strip():
                raise ValidationError(
                    self.env._("%s: write down the grounds (U4).", decision.display_name)
                )
            ladder = (
                self.env["cs.policy"]
                ._get_in_force(decision.company_id, decision.effective_date)
                ._get_ladder()
            )
            if decision.tier_to_id and ladder.steps and not self._is_move(ladder, held, decision):
                raise ValidationError(
                    self.env._(
                        "%(decision)s: %(agent)s holds %(held)s then; a person's decision leads "
                        "to another tier of the ladder.",
                        decision=decision.display_name,
                        agent=decision.employee_id.name,
                        held=held.name,
                    )
                )

    @api.model
    def _is_move(self, ladder, held, decision):
        target = decision.tier_to_id.code
        return target in ladder.steps and target != held.code

    def _filter_proposals(self):
        """Those that a person decided and that are not applied yet; as sudo, for names of agents
        whom the caller may not read."""
        return self.sudo().filtered(
            lambda each: each.ground_type == "person" and each.state in ("proposed", "announced")
        )

    @api.constrains("employee_id", "effective_date", "tier_to_id", "ground_type", "company_id")
    def _check_tier_paid(self):
        """A person's decision: it is made by hand, so it is refused at once."""
        policies = self.env["cs.policy"]
        for company, decisions in self._filter_proposals().grouped("company_id").items():
            payers = policies._get_payers(company)
            for decision in decisions.filtered("tier_to_id"):
                unpaid = policies._find_unpaid(
                    payers, decision.tier_to_id.id, decision.effective_date
                )
                if unpaid:
                    version, day = unpaid
                    raise ValidationError(
                        self.env._(
                            "%(decision)s: policy %(policy)s, in force on %(day)s, has no pay line "
                            "for tier %(tier)s.",
                            decision=decision.display_name,
                            policy=version.name,
                            day=day,
                            tier=decision.tier_to_id.name,
                        )
                    )

    @api.depends("state", "employee_id", "effective_date", "ground_type")
    def _compute_rival_id(self):
        rivals = self._get_rivals()
        for decision in self:
            decision.rival_id = rivals.get(decision._origin)

    def _get_rivals(self):
        """Proposal of a person -> the tier change that has taken its day (O2), as sudo: it may be
        another company's."""
        proposals = self.filtered(
            lambda each: each.state == "proposed" and each.ground_type == "person"
        )
        taken = {}
        for each in self.sudo().search(
            Domain("employee_id", "in", proposals.employee_id.ids)
            & Domain("effective_date", "in", [each.effective_date for each in proposals])
            & Domain("tier_to_id", "!=", False)
            & Domain("state", "in", ("proposed", "announced", "applied"))
            & ~(Domain("state", "=", "proposed") & Domain("ground_type", "=", "person"))
        ):
            taken[each.employee_id.id, each.effective_date] = each
        return {
            each._origin: rival
            for each in proposals
            if (rival := taken.get((each.employee_id._origin.id, each.effective_date)))
        }

    def _check_day_free(self):
        """Refuse a person's proposal for a day that is taken (O2): it stays a proposal."""
        for decision, rival in self._get_rivals().items():
            raise ValidationError(decision._get_rival_fault(rival))

    def _get_rival_fault(self, rival):
        return self.env._(
            "%(decision)s: the agent has a tier change for that day already, %(rival)s (O2). "
            "Choose another day, or withdraw that one first.",
            decision=self.display_name,
            rival=rival.display_name,
        )

    # ------------------------------------------------------------------ the steps

    def action_approve(self):
        """Approve proposed decisions, as the one whose turn it is: after the last approval they
        are announced (O4)."""
        steps = self.env["cs.decision.approval"]
        steps._check_turn(self)
        # sudo: who approves may not write decisions; whose turn it is was checked
        decisions = self.sudo()
        decisions.invalidate_recordset(["rival_id"])  # asked of the database, for all at once
        decisions._check_possible("approve")
        steps._approve(decisions)._let_out()

    def _let_out(self, day=None):
        """Announce decisions that the last one has approved."""
        self.approved_by = self.env.user
        for company, ours in self.grouped("company_id").items():
            ours._announce(day or company._cs_today())

    def action_attest(self):
        """Attest, as the direct superior, that the standards of the new tier are met (U5)."""
        self.check_access("read")
        for decision in self:
            superior = decision.superior_user_id
            if superior != self.env.user and not self.env.user.has_group(MANAGER):
                raise AccessError(self.env._("The direct superior attests the standards."))
        self._check_not_own()
        decisions = self.sudo()  # the superior may not write decisions
        decisions._check_possible("attest")
        decisions.attested_by = self.env.user

    def action_reject(self):
        """Do not let decisions out, or end dismissal reviews without dismissal."""
        if self.env.user.has_group(MANAGER):
            return self.env["cs.reason"]._ask("reject", self)
        self.env["cs.decision.approval"]._check_turn(self)
        return self.env["cs.reason"]._ask("reject_approval", self)

    def action_withdraw(self):
        """Take decisions back."""
        self._check_may(MANAGER)
        return self.env["cs.reason"]._ask("withdraw_decision", self)

    def action_dismiss(self):
        """End dismissal reviews with the decision to dismiss (X1-X3)."""
        self._check_may(MANAGER)
        return self.env["cs.reason"]._ask("dismiss", self)

    def action_apply(self):
        """Apply those of the decisions that are due now; where none is, say why."""
        self._check_may(OFFICE)
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

    def action_print_letter(self):
        """The letters as PDF, each in its agent's language."""
        self.check_access("read")
        self._check_possible("letter")
        return self.env.ref("cs_promotion.report_decision_letter_action").report_action(self)

    def _dismiss(self, reason):
        """End reviews with dismissal; HR then ends the contract in the employee record."""
        reviews = self._get_open_reviews()
        for company, ours in reviews.grouped("company_id").items():
            ours.write(
                {
                    "state": "applied",
                    "closing_reason": reason,
                    "decided_by": self.env.uid,
                    "applied_on": company._cs_today(),
                    "ended_for_good": True,
                }
            )
        reviews._tell_review_ended()

    def _get_open_reviews(self):
        """Those of these decisions that are dismissal reviews without an end."""
        return self.filtered(
            lambda each: each.outcome == REVIEW and each.state in ("proposed", "announced")
        )

    @api.depends("state", "outcome", "awaits_closing", "employee_id", "attested_by")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        office, manager = user.has_group(OFFICE), user.has_group(MANAGER)
        approvals = self.env["cs.decision.approval"]
        turns = approvals._get_current(self)
        for decision in self:
            own = decision._is_own()
            may = dict.fromkeys(STEPS, manager) | {
                "apply": office,
                "attest": manager or decision.superior_user_id == user,
            }
            turn = turns.get(decision)
            if turn:
                may["approve"] = approvals._may_decide(decision, turn)
                may["reject"] |= may["approve"]
            for step in STEPS:
                decision[f"can_{step}"] = bool(
                    decision.id
                    and may[step]
                    and not own
                    and not decision._get_step_fault(
                        "withdraw_decision" if step == "withdraw" else step
                    )
                )

    # ------------------------------------------------------------------ why a step cannot be taken

    def _get_step_fault(self, step):
        """Why the step cannot be taken now; who may take it is asked elsewhere."""
        self.ensure_one()
        find = self.env["cs.decision.faults"]._get_finder(step)
        return find(self) if find else super()._get_step_fault(step)

    def _get_state_fault(self):
        return self.env._(
            "%(decision)s is in the state %(state)s: this step is not open to it any more, or not "
            "yet.",
            decision=self.display_name,
            state=self._get_state_name(),
        )

    def _get_awaiting_fault(self):
        if not self.awaits_closing:
            return None
        return self.env._(
            "%(decision)s: %(cycle)s was re-opened. Close it first: that tells whether the "
            "decision still follows.",
            decision=self.display_name,
            cycle=self.cycle_id.display_name,
        )

    def _get_waiting_fault(self):
        """Why it cannot take effect yet; addons add theirs."""
        return self._get_awaiting_fault()

    # ------------------------------------------------------------------ what a step brings about

    def _describe_step(self, step):
        """What the dialog says before it is taken."""
        lines = super()._describe_step(step)
        for decision in self:
            if step == "withdraw_decision":
                lines += decision._describe_withdrawal()
            elif step == "dismiss":
                lines.append(
                    self.env._(
                        "the review ends in dismissal; HR registers the departure of %s",
                        decision.employee_id.name,
                    )
                )
            elif step == "reject":
                lines += decision._describe_rejection()
        return lines

    def _get_known_outcomes(self, step):
        return self if step == "withdraw_decision" else super()._get_known_outcomes(step)

    def _describe_rejection(self):
        self.ensure_one()
        lines = []
        if self.outcome == "dismissal_review":
            lines.append(self.env._("the review ends, and %s is kept", self.employee_id.name))
        else:
            lines.append(self.env._("nothing is announced; the tier stays as it is"))
            lines.append(self._describe_judging())
        return lines + self._describe_falling()

    def _describe_withdrawal(self):
        """What withdrawing these decisions changes, one line each."""
        lines = []
        for decision in self:
            if decision.state == "applied" and decision.tier_to_id:
                lines.append(
                    self.env._(
                        "taken back from the employee record: %(decision)s; from then on "
                        "%(agent)s is %(tier)s again",
                        decision=decision.display_name,
                        agent=decision.employee_id.name,
                        tier=decision.tier_from_id.name,
                    )
                )
            else:
                lines.append(self.env._("withdrawn: %s", decision.display_name))
            if decision.notified:
                lines.append(
                    self.env._(
                        "%s, who has had the letter, is told that it no longer stands",
                        decision.employee_id.name,
                    )
                )
            lines += decision._describe_falling()
            lines.append(decision._describe_judging())
        return lines

    def _describe_judging(self):
        return self.env._(
            "what it stood in the way of is judged anew for %s, and announced",
            self.employee_id.name,
        )
