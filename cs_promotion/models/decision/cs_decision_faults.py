from odoo import api, models
from odoo.tools import format_date


class CsDecisionFaults(models.AbstractModel):
    """Why a step cannot be taken with a decision as it stands, in a sentence; None when it can."""

    _name = "cs.decision.faults"
    _description = "What Keeps from a Step with a Decision"

    @api.model
    def _get_finder(self, step):
        """The function of a decision that finds what keeps from this step, if it is one."""
        return {
            "approve": self._find_approve,
            "attest": self._find_attest,
            "apply": self._find_apply,
            "dismiss": self._find_dismiss,
            "reject": self._find_reject,
            "reject_approval": self._find_reject_approval,
            "withdraw_decision": self._find_withdraw,
            "letter": self._find_letter,
        }.get(step)

    @api.model
    def _find_approve(self, decision):
        if decision.state != "proposed":
            return decision._get_state_fault()
        if decision.rival_id:
            return decision._get_rival_fault(decision.rival_id)
        return decision._get_awaiting_fault()

    @api.model
    def _find_attest(self, decision):
        if decision.state not in ("proposed", "announced"):
            return decision._get_state_fault()
        if decision.outcome != "promote" or not decision.policy_id.require_attestation:
            return self.env._("%s needs no attestation (U5).", decision.display_name)
        if decision.attested_by:
            return self.env._(
                "%(decision)s: %(user)s has attested the standards already.",
                decision=decision.display_name,
                user=decision.attested_by.name,
            )
        return None

    @api.model
    def _find_apply(self, decision):
        if decision.outcome == "dismissal_review":
            return self.env._("%s is a review: a person ends it.", decision.display_name)
        if decision.state != "announced":
            return decision._get_state_fault()
        day = max(decision.notice_until, decision.effective_date)
        if day > decision.company_id._cs_today():
            return self.env._(
                "%(decision)s: applied on %(day)s at the earliest, when the notice has run out and "
                "its day has come (O4).",
                decision=decision.display_name,
                day=format_date(self.env, day),
            )
        if decision.needs_attestation:
            return self.env._(
                "%s: the direct superior has to attest the standards first (U5).",
                decision.display_name,
            )
        return decision._get_waiting_fault()

    @api.model
    def _find_dismiss(self, decision):
        if decision.outcome != "dismissal_review":
            return self.env._("%s is no dismissal review.", decision.display_name)
        if decision.state not in ("proposed", "announced"):
            return decision._get_state_fault()
        return decision._get_waiting_fault()

    @api.model
    def _find_reject(self, decision):
        if decision.outcome == "dismissal_review":
            return (
                None if decision.state in ("proposed", "announced") else decision._get_state_fault()
            )
        if decision.state in ("announced", "applied"):
            return self.env._(
                "%s has been announced: withdraw it instead of rejecting it.", decision.display_name
            )
        return None if decision.state == "proposed" else decision._get_state_fault()

    @api.model
    def _find_reject_approval(self, decision):
        approvals = self.env["cs.decision.approval"]
        turn = approvals._get_current(decision).get(decision)
        if not turn or not approvals._may_decide(decision, turn):
            return self.env._("%s is not for you to approve or reject.", decision.display_name)
        return self._find_reject(decision)

    @api.model
    def _find_withdraw(self, decision):
        if decision.state == "proposed":
            return self.env._(
                "%s has not been announced: reject it instead of withdrawing it.",
                decision.display_name,
            )
        return None if decision.state in ("announced", "applied") else decision._get_state_fault()

    @api.model
    def _find_letter(self, decision):
        if decision.announced_on:
            return None
        return self.env._(
            "%s has not been announced: there is no letter yet.", decision.display_name
        )
