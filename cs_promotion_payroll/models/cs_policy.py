from odoo import models


class CsPolicy(models.Model):
    """Pay items of a policy in force have their salary rules."""

    _inherit = "cs.policy"

    def _on_items_changed(self):
        """One salary rule for each item, and one that settles it for earlier months."""
        result = super()._on_items_changed()
        for policy in self.filtered("item_ids"):
            # sudo: who may put a policy in force need have no rights in payroll
            structure = policy.company_id.sudo().cs_structure_id
            structure._add_items(policy.item_ids.mapped("code"))
        return result
