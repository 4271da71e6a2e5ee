from odoo import models


class CsDecision(models.Model):
    _inherit = "cs.decision"

    def _apply_commendation(self):
        """On the day it takes effect the agent is thanked before everyone."""
        for decision in self:
            decision.employee_id.message_post(
                body=self.env._("Commended: %s", decision.ground_name)
            )
