from odoo import models


class CsDecision(models.Model):
    """An agent who is paid by tier keeps the structure, which may be one of HR's own."""

    _inherit = "cs.decision"

    def _get_target(self, day):
        values = super()._get_target(day)
        former = self.employee_id._get_version(day).struct_id.sudo()
        if former._pays_by_tier():
            values["struct_id"] = former.id
        return values

    def _revert(self):
        return super(CsDecision, self.with_context(cs_keep_structure=True))._revert()
