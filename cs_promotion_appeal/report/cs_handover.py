from odoo import api, models


class CsHandover(models.Model):
    """The answer to an appeal may have to be handed over on paper."""

    _inherit = "cs.handover"
    _depends = {"cs.appeal": ["to_hand_over", "employee_id", "company_id"]}

    @api.model
    def _get_letters(self):
        return super()._get_letters() | {"appeal": ("cs.appeal", self.env._("Appeal"))}
