from odoo import api, fields, models

from ...engine.decimals import decimal
from ...engine.items import Amount


class CsPolicyItemAmount(models.Model):
    """What a pay item is for a tier, a department or a job position: the first row that fits
    wins (policy language, *Match row*)."""

    _name = "cs.policy.item.amount"
    _inherit = ["cs.policy.match.mixin", "cs.policy.part"]
    _description = "CS Pay Item Amount"
    _rec_name = "item_id"
    _order = "item_id, sequence, id"
    _check_company_auto = True

    item_id = fields.Many2one("cs.policy.item", required=True, index=True, ondelete="cascade")
    policy_id = fields.Many2one(
        related="item_id.policy_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    amount = fields.Float(string="Amount or Rate", digits=(16, 6))
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    @api.depends("tier_id", "department_id", "job_id", "amount")
    @api.depends_context("lang")
    def _compute_sentence(self):
        words = self.env["cs.words"]
        for row in self:
            row.sentence = words._say_amount(row.amount, row._get_named())

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.item_id._on_changed()
        return rows

    def write(self, vals):
        written = super().write(vals)
        self.item_id._on_changed()
        return written

    def _compile(self):
        """As the engine pays by it."""
        self.ensure_one()
        return Amount(decimal(self.amount), **self._get_match())
