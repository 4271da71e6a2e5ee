from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CsDecision(models.Model):
    """A decision waits while an appeal against it, or what it rests on, is open (O4)."""

    _name = "cs.decision"
    _inherit = ["cs.decision", "cs.appealable.mixin"]

    _appeal_field = "decision_id"

    appeal_ids = fields.One2many("cs.appeal", "decision_id")
    waits_for_appeal = fields.Boolean(
        compute="_compute_waits_for_appeal",
        help="An appeal against it, or against a score or violation it rests on, is open.",
    )

    def _compute_waits_for_appeal(self):
        waiting = self._get_waiting_ids()
        for decision in self:
            decision.waits_for_appeal = decision.id in waiting

    def _is_appealable(self):
        return self.state in ("announced", "applied")

    def _get_appeal_until(self):
        return self.notice_until

    @api.model
    def _get_waiting_ids(self):
        """Ids of the decisions that an open appeal holds up."""
        appeals = self.env["cs.appeal"].sudo().search([("state", "in", ("submitted", "answered"))])
        return set(appeals._get_held_decisions().ids)

    @api.model
    def _get_due_domain(self, day):
        return super()._get_due_domain(day) & Domain("id", "not in", list(self._get_waiting_ids()))

    def _rests_on(self, appraisal, violation):
        """Whether a review of the appraisal's period, or the violation, is in the evidence.

        A month counts in the quarter it belongs to (R3, R4).
        """
        self.ensure_one()
        if violation & self.violation_ids:
            return True
        if not appraisal:
            return False
        start, end = appraisal.date_start.isoformat(), appraisal.date_end.isoformat()
        return any(
            found["start"] <= start and end <= found["end"]
            for condition in self._read_evidence().get("conditions", ())
            if condition["required"]["records"] == "review"
            for found in condition["found"]
        )

    def _dismiss(self, reason):
        waiting = self._get_waiting_ids()
        for decision in self.filtered(lambda each: each.id in waiting):
            raise UserError(
                self.env._("%s: an appeal is open, decide on it first (O4).", decision.display_name)
            )
        return super()._dismiss(reason)

    def _reject(self, reason):
        res = super()._reject(reason)
        self._lapse_appeals(reason)
        return res

    def _withdraw(self, reason):
        res = super()._withdraw(reason)
        self._lapse_appeals(reason)
        return res
