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

    def _withdraw(self, reason):
        res = super()._withdraw(reason)
        self._lapse_appeals(reason)
        return res
