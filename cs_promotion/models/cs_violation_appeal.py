from odoo import fields, models


class CsViolation(models.Model):
    """A confirmed violation may be appealed; upheld, it is withdrawn with its fine."""

    _name = "cs.violation"
    _inherit = ["cs.violation", "cs.appealable.mixin"]

    _appeal_field = "violation_id"

    appeal_ids = fields.One2many("cs.appeal", "violation_id")

    def _is_appealable(self):
        return self.state == "confirmed"

    def _get_appeal_until(self):
        if self.state == "reported":
            return False
        closed = self.cycle_id.sudo().closed_on  # who raised it (V3) confirmed it
        confirmed = self.confirmed_on or closed or self.company_id._cs_today(self.create_date)
        return self._add_notice(self.company_id, confirmed)

    def _on_ended(self, reason):
        self._lapse_appeals(reason)
        return super()._on_ended(reason)

    def _describe_falling(self):
        return super()._describe_falling() + self._describe_lapsing()

    def _is_told_otherwise(self):
        """The answer to the agent's own appeal says it."""
        return "upheld" in self.appeal_ids.mapped("state") or super()._is_told_otherwise()

    def _get_agent_options(self):
        until = self._format_day(self.appeal_until)
        return [*super()._get_agent_options(), self.env._("You may appeal until %s.", until)]
