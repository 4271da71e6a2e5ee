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

    def _get_waiting_fault(self):
        return self._get_appeal_open_fault() or super()._get_waiting_fault()

    def _get_appeal_open_fault(self):
        if not self.waits_for_appeal:
            return None
        return self.env._("%s: an appeal is open, decide on it first (O4).", self.display_name)

    def _dismiss(self, reason):
        self.invalidate_recordset(["waits_for_appeal"])  # asked of the database
        for decision in self:
            if fault := decision._get_appeal_open_fault():
                raise UserError(fault)
        return super()._dismiss(reason)

    def _on_ended(self, reason):
        self._lapse_appeals(reason)
        return super()._on_ended(reason)

    def _describe_falling(self):
        return super()._describe_falling() + self._describe_lapsing()

    def _is_told_otherwise(self):
        """The answer to the agent's own appeal says it."""
        return "upheld" in self.appeal_ids.mapped("state") or super()._is_told_otherwise()

    def _get_review_options(self, dismissed):
        options = super()._get_review_options(dismissed)
        rejected = "rejected" in self.appeal_ids.mapped("state")
        until = self.notice_until
        if dismissed and until and until >= self.company_id._cs_today() and not rejected:
            options.append(self.env._("You may appeal until %s.", self._format_day(until)))
        return options
