from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .cs_appealable_mixin import WAITING


class CsDecision(models.Model):
    """A decision waits while an appeal against it, or what it rests on, is open (O4)."""

    _name = "cs.decision"
    _inherit = ["cs.decision", "cs.appealable.mixin"]

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
        """Its notice, as it was announced."""
        return self.notice_until

    def _holds(self, decision):
        return self == decision

    def _describe_upholding(self, appeal):
        return self._describe_withdrawal()

    def _uphold_appeal(self, appeal, reason):
        """Withdraw it for good."""
        self._take_back(reason)

    def _get_appeal_effect(self, appeal, upheld):
        if not self.tier_to_id:
            if upheld:
                return self.env._("The dismissal review is withdrawn; your employment goes on.")
            return self.env._("The dismissal review goes on; a person decides how it ends.")
        move = f"{self.tier_from_id.name} → {self.tier_to_id.name}"
        day = self._format_day(self.effective_date)
        if upheld:
            return self.env._(
                "The decision is withdrawn: %(move)s on %(day)s does not take place, and you hold "
                "%(tier)s with its pay.",
                move=move,
                day=day,
                tier=self.tier_from_id.name,
            )
        return self.env._(
            "The decision stands: %(move)s, effective from %(day)s.", move=move, day=day
        )

    # ------------------------------------------------------------------ it waits

    @api.model
    def _get_waiting_ids(self):
        """Ids of the decisions that an open appeal holds up."""
        # sudo: a decision waits, whoever looks at it
        appeals = self.env["cs.appeal"].sudo().search([("state", "in", WAITING)])
        return set(appeals._get_held_decisions().ids)

    @api.model
    def _get_due_domain(self, day):
        return super()._get_due_domain(day) & Domain("id", "not in", list(self._get_waiting_ids()))

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

    # ------------------------------------------------------------------ when it falls

    def _on_ended(self, reason):
        self._lapse_appeals(reason)
        return super()._on_ended(reason)

    def _get_lapse_reason(self, reason):
        return self._get_told_reason()

    def _describe_falling(self):
        return super()._describe_falling() + self._describe_lapsing()

    def _is_told_otherwise(self):
        """The answer to the agent's own appeal says it."""
        return bool(self._get_appealed("upheld")) or super()._is_told_otherwise()

    # ------------------------------------------------------------------ what its agent may do

    def _get_notice_options(self, reader, format_day=None):
        options = super()._get_notice_options(reader, format_day)
        format_day = format_day or self._format_day
        until, today = self.notice_until, self.company_id._cs_today()
        if reader == "page" and self.waits_for_appeal:
            options.append(self.env._("An appeal is open: it waits for the outcome."))
        elif until and (reader != "page" or until >= today):
            options.append(
                self.env._(
                    "It may be appealed until %s. Please talk it over with them.", format_day(until)
                )
                if reader == "superior"
                else self.env._("You may appeal until %s.", format_day(until))
            )
        return options

    def _get_review_options(self, dismissed):
        options = super()._get_review_options(dismissed)
        until = self.notice_until
        running = dismissed and until and until >= self.company_id._cs_today()
        if running and not self._get_appealed("rejected"):
            options.append(self.env._("You may appeal until %s.", self._format_day(until)))
        return options
