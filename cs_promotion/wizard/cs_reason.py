from odoo import api, fields, models
from odoo.exceptions import UserError


class CsReason(models.TransientModel):
    """Asks for the reason of a step that needs one, then takes it."""

    _name = "cs.reason"
    _description = "Reason for a Step"

    step = fields.Selection(
        [
            ("exclude", "Leave out of the cycle"),
            ("reopen", "Re-open the cycle"),
            ("give_back", "Give the sheet back"),
            ("withdraw_violation", "Withdraw the violation"),
            ("withdraw_decision", "Withdraw the decision"),
            ("reject", "Reject"),
            ("dismiss", "Dismiss"),
            ("uphold_appeal", "Uphold the appeal"),
            ("reject_appeal", "Reject the appeal"),
            ("approve_transfer", "Approve the transfer"),
            ("refuse_transfer", "Refuse the transfer"),
        ],
        required=True,
        readonly=True,
    )
    subject = fields.Text(readonly=True)
    consequences = fields.Text(readonly=True, string="What Changes")
    record_ids = fields.Json(readonly=True)
    reason = fields.Text(help="Asked for by the dialog, so empty until it is written.")

    # step -> (model, method that takes the reason, group that may)
    _steps = {
        "exclude": ("cs.appraisal", "_exclude", "cs_promotion.group_office"),
        "reopen": ("cs.cycle", "_reopen", "cs_promotion.group_manager"),
        "give_back": ("cs.appraisal.sheet", "_give_back", "cs_promotion.group_manager"),
        "withdraw_violation": ("cs.violation", "_take_back", "cs_promotion.group_office"),
        "withdraw_decision": ("cs.decision", "_take_back", "cs_promotion.group_manager"),
        "reject": ("cs.decision", "_reject", "cs_promotion.group_manager"),
        "dismiss": ("cs.decision", "_dismiss", "cs_promotion.group_manager"),
        "uphold_appeal": ("cs.appeal", "_uphold", "cs_promotion.group_manager"),
        "reject_appeal": ("cs.appeal", "_reject", "cs_promotion.group_manager"),
        "approve_transfer": ("cs.transfer", "_approve", "cs_promotion.group_office"),
        "refuse_transfer": ("cs.transfer", "_refuse", "cs_promotion.group_office"),
    }

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
            "name": dict(self._fields["step"]._description_selection(self.env))[step],
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
        model, method, _group = self._steps[self.step]
        records = self.env[model].browse(self._get_record_ids()).exists()
        self._check_step(self.step, records)
        getattr(records.sudo(), method)(self.reason)
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
        _model, _method, group = self._steps[step]
        # a manager gives back sheets of both raters, and writes on neither
        records._check_may(group, "read" if step == "give_back" else "write")
        records.sudo()._check_possible(step)  # the state is looked at, whatever the caller reads
