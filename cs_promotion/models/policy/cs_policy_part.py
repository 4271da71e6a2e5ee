from odoo import api, models

COMPARISONS = [
    (">=", "≥"),
    (">", ">"),
    ("<=", "≤"),
    ("<", "<"),
    ("=", "="),
    ("between", "between, ends excluded"),
]  # of a condition or a proviso


class CsPolicyPart(models.AbstractModel):
    """A part of a policy: fixed, with it, once a closed period was judged by it."""

    _name = "cs.policy.part"
    _inherit = ["cs.guard.mixin"]
    _description = "Part of a CS Policy"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.policy_id._check_editable()
        return parts

    def write(self, vals):
        self.check_access("write")
        self.policy_id._check_editable()
        return super().write(vals)

    def _check_frozen(self, vals):
        self.policy_id._check_editable()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.policy_id._check_editable()
