from odoo import fields, models


class CsPolicyItemProviso(models.Model):
    """A condition on a pay item, by what its metric is in the month."""

    _name = "cs.policy.item.proviso"
    _inherit = "cs.policy.proviso.mixin"
    _description = "CS Pay Item Condition"
    _rec_name = "item_id"
    _order = "item_id, sequence, id"
    _part = "item_id"

    item_id = fields.Many2one("cs.policy.item", required=True, index=True, ondelete="cascade")
    policy_id = fields.Many2one(
        related="item_id.policy_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
