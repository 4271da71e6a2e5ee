from odoo import fields, models


class CsPolicyClassProviso(models.Model):
    """A condition on a class, by what its metric is in the period that is closed."""

    _name = "cs.policy.class.proviso"
    _inherit = "cs.policy.proviso.mixin"
    _description = "CS Class Condition"
    _rec_name = "class_id"
    _order = "class_id, sequence, id"
    _part = "class_id"

    class_id = fields.Many2one("cs.policy.class", required=True, index=True, ondelete="cascade")
    policy_id = fields.Many2one(
        related="class_id.policy_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
