from odoo import models


class CsDecision(models.Model):
    _inherit = "cs.decision"

    def _get_target(self, day):
        """An agent who is paid by tier already keeps the structure, which may be HR's own."""
        values = super()._get_target(day)
        former = self.employee_id._get_version(day).struct_id
        if former._pays_by_tier():
            values["struct_id"] = former.id
        return values
