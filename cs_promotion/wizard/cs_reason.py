from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.cs_notice_mixin import MANAGER, OFFICE

USER = "base.group_user"


class Step(NamedTuple):
    """A step that is taken with a reason: on which model, by which of its methods, by whom."""

    name: str
    model: str
    method: str
    group: str = OFFICE


class CsReason(models.TransientModel):
    """Asks for the reason of a step that needs one, then takes it."""

    _name = "cs.reason"
    _description = "Reason for a Step"

    step = fields.Selection(selection="_get_step_names", required=True, readonly=True)
    subject = fields.Text(readonly=True)
    consequences = fields.Text(readonly=True, string="What Changes")
    record_ids = fields.Json(readonly=True)
    reason = fields.Text(help="Asked for by the dialog, so empty until it is written.")

    @api.model
    def _get_steps(self):
        """Code -> :class:`Step`; addons add theirs."""
        return {
            "exclude": Step(self.env._("Leave out of the cycle"), "cs.appraisal", "_exclude"),
            "reopen": Step(self.env._("Re-open the cycle"), "cs.cycle", "_reopen", MANAGER),
            "give_back": Step(
                self.env._("Give the sheet back"), "cs.appraisal.sheet", "_give_back", MANAGER
            ),
            "withdraw_violation": Step(
                self.env._("Withdraw the violation"), "cs.violation", "_take_back"
            ),
            "withdraw_decision": Step(
                self.env._("Withdraw the decision"), "cs.decision", "_take_back", MANAGER
            ),
            "reject": Step(self.env._("Reject"), "cs.decision", "_reject", MANAGER),
            # by the one whose turn it is, which its fault looks at
            "reject_approval": Step(self.env._("Reject"), "cs.decision", "_reject", USER),
            "dismiss": Step(self.env._("Dismiss"), "cs.decision", "_dismiss", MANAGER),
            "trial_keep": Step(self.env._("Confirm after the trial"), "cs.trial", "_keep", MANAGER),
            "trial_down": Step(self.env._("Send back"), "cs.trial", "_send_down", MANAGER),
            "trial_extend": Step(self.env._("Extend the trial"), "cs.trial", "_extend", MANAGER),
            "plan_keep": Step(self.env._("The plan is passed"), "cs.plan", "_keep", MANAGER),
            "plan_down": Step(self.env._("One step down"), "cs.plan", "_send_down", MANAGER),
            "plan_review": Step(self.env._("Dismissal review"), "cs.plan", "_review", MANAGER),
            "plan_extend": Step(self.env._("Extend the plan"), "cs.plan", "_extend", MANAGER),
        }

    @api.model
    def _get_step_names(self):
        return [(code, step.name) for code, step in self._get_steps().items()]

    @api.model
    def _ask(self, step, records):
        """The dialog that asks for the reason of ``step`` on ``records``."""
        self._check_step(step, records)
        wizard = self.create(
            {
                "step": step,
                "record_ids": records.ids,
                "subject": "\n".join(records.mapped("display_name")),
                "consequences": "\n".join(self._describe_consequences(step, records)),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self._get_steps()[step].name,
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _describe_consequences(self, step, records):
        """What the step changes besides the records themselves, one line each."""
        # past access rights: who may take the step is told all that follows from it
        return records.sudo()._describe_step(step)

    def action_take(self):
        """Take the step with the reason given, if this user may."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Write down the reason."))
        step = self._get_steps()[self.step]
        records = self.env[step.model].browse(self._get_record_ids()).exists()
        self._check_step(self.step, records)
        getattr(records.sudo(), step.method)(self.reason)  # the check above says who may
        return {"type": "ir.actions.act_window_close"}

    def _get_record_ids(self):
        """The ids the step is about; refuse what a network call may have put in their place."""
        ids = self.record_ids
        if not isinstance(ids, list) or not ids or not all(type(id_) is int for id_ in ids):
            raise UserError(self.env._("Choose the records first."))
        return ids

    @api.model
    def _check_step(self, step, records):
        """Refuse a step that is not this person's to take, or on a matter of their own."""
        group = self._get_steps()[step].group
        # a manager gives back sheets of both raters, and writes on neither; nor does an approver
        # on decisions
        reads = step in ("give_back", "reject_approval")
        records._check_may(group, "read" if reads else "write")
        records.sudo()._check_possible(step)  # the state is looked at, whatever the caller reads
