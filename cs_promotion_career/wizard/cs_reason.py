from odoo import api, models

from odoo.addons.cs_promotion.wizard.cs_reason import Step


class CsReason(models.TransientModel):
    """A transfer is decided with a reason."""

    _inherit = "cs.reason"

    @api.model
    def _get_steps(self):
        return super()._get_steps() | {
            "approve_transfer": Step(self.env._("Approve the transfer"), "cs.transfer", "_approve"),
            "refuse_transfer": Step(self.env._("Refuse the transfer"), "cs.transfer", "_refuse"),
        }
