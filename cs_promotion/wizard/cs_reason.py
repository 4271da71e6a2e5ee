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
            ("withdraw_violation", "Withdraw the violation"),
            ("withdraw_decision", "Withdraw the decision"),
            ("reject", "Reject"),
            ("dismiss", "Dismiss"),
        ],
        required=True,
        readonly=True,
    )
    subject = fields.Text(readonly=True)
    record_ids = fields.Json(readonly=True)
    reason = fields.Text(help="Asked for by the dialog, so empty until it is written.")

    # step -> (model, method that takes the reason, group that may)
    _steps = {
        "exclude": ("cs.appraisal", "_exclude", "cs_promotion.group_office"),
        "reopen": ("cs.cycle", "_reopen", "cs_promotion.group_manager"),
        "withdraw_violation": ("cs.violation", "_withdraw", "cs_promotion.group_office"),
        "withdraw_decision": ("cs.decision", "_withdraw", "cs_promotion.group_manager"),
        "reject": ("cs.decision", "_reject", "cs_promotion.group_manager"),
        "dismiss": ("cs.decision", "_dismiss", "cs_promotion.group_manager"),
    }

    @api.model
    def _ask(self, step, records):
        """The dialog that asks for the reason of ``step`` on ``records``."""
        wizard = self.create(
            {
                "step": step,
                "record_ids": records.ids,
                "subject": "\n".join(records.mapped("display_name")),
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

    def action_take(self):
        """Take the step with the reason given, if this user may."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Write down the reason."))
        model, method, group = self._steps[self.step]
        self.env["cs.decision"]._check_group(group)
        records = self.env[model].browse(self.record_ids)
        records.check_access("write")
        if "employee_id" in records._fields and self.env.user in records.employee_id.user_id:
            raise UserError(self.env._("You cannot decide on a matter of your own."))
        getattr(records.sudo(), method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
