from odoo import api, models

from odoo.addons.cs_promotion.models.cs_notice_mixin import MANAGER
from odoo.addons.cs_promotion.wizard.cs_reason import Step


class CsReason(models.TransientModel):
    """An appeal is decided with a reason."""

    _inherit = "cs.reason"

    @api.model
    def _get_steps(self):
        return super()._get_steps() | {
            "uphold_appeal": Step(self.env._("Uphold the appeal"), "cs.appeal", "_uphold", MANAGER),
            "reject_appeal": Step(self.env._("Reject the appeal"), "cs.appeal", "_reject", MANAGER),
        }
