from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

STEPS = ("approve", "attest", "apply", "dismiss", "reject", "withdraw")


class CsDecision(models.Model):
    """Which steps a decision is open to, for whom, and what they bring about."""

    _inherit = "cs.decision"

    can_approve = fields.Boolean(compute="_compute_can", help="The reader may approve it now.")
    can_attest = fields.Boolean(
        compute="_compute_can", help="The reader may attest the standards now."
    )
    can_apply = fields.Boolean(compute="_compute_can", help="The reader may have it applied now.")
    can_dismiss = fields.Boolean(compute="_compute_can", help="The reader may dismiss now.")
    can_reject = fields.Boolean(
        compute="_compute_can", help="The reader may reject it, or keep the agent, now."
    )
    can_withdraw = fields.Boolean(compute="_compute_can", help="The reader may withdraw it now.")
    rival_id = fields.Many2one(
        "cs.decision",
        compute="_compute_rival_id",
        string="Day Taken By",
        help="The agent has this decision for the same day already (O2).",
    )

    @api.depends("state", "outcome", "awaits_closing", "employee_id", "attested_by")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        office = user.has_group("cs_promotion.group_office")
        manager = user.has_group("cs_promotion.group_manager")
        for decision in self:
            own = user in decision._get_own_users()
            superior = decision.employee_id.sudo().parent_id.user_id
            may = dict.fromkeys(STEPS, manager) | {
                "apply": office,
                "attest": manager or superior == user,
            }
            # past access rights: only whether, not why, is told
            subject = decision.sudo()
            for step in STEPS:
                decision[f"can_{step}"] = bool(
                    decision.id
                    and may[step]
                    and not own
                    and not subject._get_step_fault(
                        "withdraw_decision" if step == "withdraw" else step
                    )
                )

    @api.depends("state", "employee_id", "effective_date", "ground_type")
    def _compute_rival_id(self):
        rivals = self._get_rivals()
        for decision in self:
            decision.rival_id = rivals.get(decision._origin)

    def _get_rivals(self):
        """Proposal of a person -> the tier change that has taken its day (O2)."""
        proposals = self.filtered(
            lambda each: each.state == "proposed" and each.ground_type == "person"
        )
        taken = {}
        for each in self.sudo().search(
            Domain("employee_id", "in", proposals.employee_id.ids)
            & Domain("effective_date", "in", [each.effective_date for each in proposals])
            & Domain("outcome", "!=", "dismissal_review")
            & Domain("state", "in", ("proposed", "announced", "applied"))
            & ~(Domain("state", "=", "proposed") & Domain("ground_type", "=", "person"))
        ):
            taken[each.employee_id, each.effective_date] = each
        return {
            each._origin: rival.with_env(self.env)
            for each in proposals
            if (rival := taken.get((each.employee_id.sudo(), each.effective_date)))
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
            rival=rival.sudo().display_name,
        )

    # ------------------------------------------------------------------ why a step cannot be taken

    def _get_step_fault(self, step):
        """Why the step cannot be taken now; who may take it is asked elsewhere."""
        self.ensure_one()
        find = {
            "approve": self._get_approve_fault,
            "attest": self._get_attest_fault,
            "apply": self._get_apply_fault,
            "dismiss": self._get_dismiss_fault,
            "reject": self._get_reject_fault,
            "withdraw_decision": self._get_withdraw_fault,
            "letter": self._get_letter_fault,
        }.get(step)
        return find() if find else super()._get_step_fault(step)

    def _get_approve_fault(self):
        if self.state != "proposed":
            return self._get_state_fault()
        if self.rival_id:
            return self._get_rival_fault(self.rival_id)
        return self._get_awaiting_fault()

    def _get_attest_fault(self):
        if self.state not in ("proposed", "announced"):
            return self._get_state_fault()
        if self.outcome != "promote" or not self.policy_id.require_attestation:
            return self.env._("%s needs no attestation (U5).", self.display_name)
        if self.attested_by:
            return self.env._(
                "%(decision)s: %(user)s has attested the standards already.",
                decision=self.display_name,
                user=self.attested_by.name,
            )
        return None

    def _get_apply_fault(self):
        if self.outcome == "dismissal_review":
            return self.env._("%s is a review: a person ends it.", self.display_name)
        if self.state != "announced":
            return self._get_state_fault()
        day = max(self.notice_until, self.effective_date)
        if day > self.company_id._cs_today():
            return self.env._(
                "%(decision)s: applied on %(day)s at the earliest, when the notice has run out and "
                "its day has come (O4).",
                decision=self.display_name,
                day=format_date(self.env, day),
            )
        if self.needs_attestation:
            return self.env._(
                "%s: the direct superior has to attest the standards first (U5).", self.display_name
            )
        if self.waits_for_appeal:
            return self._get_appeal_fault_of_step()
        return self._get_awaiting_fault()

    def _get_dismiss_fault(self):
        if self.outcome != "dismissal_review":
            return self.env._("%s is no dismissal review.", self.display_name)
        if self.state not in ("proposed", "announced"):
            return self._get_state_fault()
        if self.waits_for_appeal:
            return self._get_appeal_fault_of_step()
        return self._get_awaiting_fault()

    def _get_reject_fault(self):
        if self.outcome == "dismissal_review":
            return None if self.state in ("proposed", "announced") else self._get_state_fault()
        if self.state in ("announced", "applied"):
            return self.env._(
                "%s has been announced: withdraw it instead of rejecting it.", self.display_name
            )
        return None if self.state == "proposed" else self._get_state_fault()

    def _get_withdraw_fault(self):
        if self.state == "proposed":
            return self.env._(
                "%s has not been announced: reject it instead of withdrawing it.", self.display_name
            )
        return None if self.state in ("announced", "applied") else self._get_state_fault()

    def _get_letter_fault(self):
        if self.announced_on:
            return None
        return self.env._("%s has not been announced: there is no letter yet.", self.display_name)

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

    def _get_appeal_fault_of_step(self):
        return self.env._("%s: an appeal is open, decide on it first (O4).", self.display_name)

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

    def _describe_rejection(self):
        self.ensure_one()
        lines = []
        if self.outcome == "dismissal_review":
            lines.append(self.env._("the review ends, and %s is kept", self.employee_id.name))
        else:
            lines.append(self.env._("nothing is announced; the tier stays as it is"))
            lines.append(self._describe_judging())
        if self.has_open_appeal:
            lines.append(self.env._("the appeal against it lapses"))
        return lines

    def _describe_withdrawal(self):
        """What withdrawing these decisions changes, one line each."""
        lines = []
        for decision in self:
            if decision.state == "applied" and decision.outcome != "dismissal_review":
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
            if decision.has_open_appeal:
                lines.append(self.env._("the appeal against it lapses"))
            lines.append(decision._describe_judging())
        return lines

    def _describe_judging(self):
        return self.env._(
            "what it stood in the way of is judged anew for %s, and announced",
            self.employee_id.name,
        )
