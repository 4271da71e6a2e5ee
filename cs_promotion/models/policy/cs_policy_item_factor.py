from odoo import api, fields, models

from ...engine import items as engine
from ...engine.decimals import decimal


class CsPolicyItemFactor(models.Model):
    """What multiplies a pay item."""

    _name = "cs.policy.item.factor"
    _inherit = "cs.policy.part"
    _description = "CS Pay Item Factor"
    _rec_name = "item_id"
    _order = "item_id, sequence, id"

    item_id = fields.Many2one("cs.policy.item", required=True, index=True, ondelete="cascade")
    policy_id = fields.Many2one(
        related="item_id.policy_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            (engine.SCORE, "The share that the score earns"),
            (engine.CLASS, "The coefficient of the class"),
            (engine.VALUE, "A metric"),
            (engine.FULL_TIME, "The share of full time"),
            (engine.FIXED, "A number"),
        ],
        required=True,
        default=engine.CLASS,
    )
    metric = fields.Selection(selection="_get_metrics")
    scale_id = fields.Many2one("cs.scale", ondelete="restrict")
    number = fields.Float(string="Fixed Number", default=1, digits=(16, 6))
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    @api.model
    def _get_metrics(self):
        return self.env["cs.metric"]._get_choice()

    @api.depends("kind", "metric", "scale_id", "number")
    @api.depends_context("lang")
    def _compute_sentence(self):
        metrics = self.env["cs.vocabulary"]._get_metrics()
        words = self.env["cs.words"]
        for factor in self:
            read = factor._read(lambda code: metrics.get(code) or engine.Metric(code or ""))
            factor.sentence = words._say_factor(read)

    @api.model_create_multi
    def create(self, vals_list):
        factors = super().create(vals_list)
        factors.item_id._on_changed()
        return factors

    def write(self, vals):
        written = super().write(vals)
        self.item_id._on_changed()
        return written

    def _read(self, known):
        """As the engine multiplies by it.

        :param known: metric code -> metric
        """
        self.ensure_one()
        is_value = self.kind == engine.VALUE
        return engine.Factor(
            self.kind,
            known(self.metric) if is_value else None,
            self.scale_id._compile() if is_value and self.scale_id else None,
            decimal(self.number),
        )
