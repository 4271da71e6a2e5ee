from odoo import fields, models


class CsViolation(models.Model):
    """A confirmed violation may be appealed; upheld, it is withdrawn with its fine."""

    _name = "cs.violation"
    _inherit = ["cs.violation", "cs.appealable.mixin"]

    appeal_ids = fields.One2many("cs.appeal", "violation_id")

    def _is_appealable(self):
        return self.state == "confirmed"

    def _get_appeal_since(self):
        """The day it was confirmed; what a closing raised (V3), that confirmed."""
        if self.state == "reported":
            return False
        # sudo: of the period, only the day on which it was closed
        closed = self.cycle_id.sudo().closed_on
        return super()._get_appeal_since() or closed or self.company_id._cs_today(self.create_date)

    def _holds(self, decision):
        return self in decision.violation_ids

    def _get_appeal_concerned(self):
        """Who reported it; where a closing raised it (V3), nobody did."""
        return self.env["res.users"] if self.cycle_id else self.reported_by

    def _describe_upholding(self, appeal):
        withdrawn = self.env._("withdrawn: %s", self.display_name)
        return [withdrawn, *self._describe_withdrawal("proposed", "announced", "applied")]

    def _uphold_appeal(self, appeal, reason):
        """Withdraw the violation and its fine, and what was applied because of it."""
        self._take_back(reason)
        self._get_unfounded("applied")._fall(reason)

    def _get_appeal_effect(self, appeal, upheld):
        fine = self.currency_id.format(self.fine)
        if not upheld:
            return self.env._("The violation and its fine of %s stand.", fine)
        return self.env._(
            "The violation is withdrawn and no longer counts. Its fine of %s is not taken; what "
            "payslips took of it is given back with the next one.",
            fine,
        )

    # ------------------------------------------------------------------ the core's hooks

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

    def _get_agent_options(self):
        until = self._format_day(self.appeal_until)
        return [*super()._get_agent_options(), self.env._("You may appeal until %s.", until)]
