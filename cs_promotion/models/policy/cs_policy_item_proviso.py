from odoo import api, fields, models

from ...engine import items as engine
from ...engine.decimals import decimal


class CsPolicyItemProviso(models.Model):
    """A condition on a pay item: a metric of the month compared with a value. What is not known
    meets none."""

    _name = "cs.policy.item.proviso"
    _inherit = "cs.policy.part"
    _description = "CS Pay Item Condition"
    _rec_name = "item_id"
    _order = "item_id, sequence, id"

    item_id = fields.Many2one("cs.policy.item", required=True, index=True, ondelete="cascade")
    policy_id = fields.Many2one(
        related="item_id.policy_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    metric = fields.Selection(selection="_get_metrics", required=True)
    operator = fields.Selection(
        [
            (">=", "≥"),
            (">", ">"),
            ("<=", "≤"),
            ("<", "<"),
            ("=", "="),
            ("between", "between, ends excluded"),
        ],
        required=True,
        default=">=",
    )
    value = fields.Float(digits=(16, 4))
    value_max = fields.Float(string="Upper Value", digits=(16, 4))
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    @api.model
    def _get_metrics(self):
        return self.env["cs.metric"]._get_choice()

    @api.depends("metric", "operator", "value", "value_max")
    @api.depends_context("lang")
    def _compute_sentence(self):
        metrics = self.env["cs.vocabulary"]._get_metrics()
        words = self.env["cs.words"]
        for proviso in self:
            read = proviso._read(lambda code: metrics.get(code) or engine.Metric(code or ""))
            proviso.sentence = f"{words._say_metric(read.metric)} {words._say_requirement(read)}"

    @api.model_create_multi
    def create(self, vals_list):
        provisos = super().create(vals_list)
        provisos.item_id._on_changed()
        return provisos

    def write(self, vals):
        written = super().write(vals)
        self.item_id._on_changed()
        return written

    def _read(self, known):
        """As the engine asks it.

        :param known: metric code -> metric
        """
        self.ensure_one()
        is_between = self.operator == "between"
        return engine.Proviso(
            known(self.metric),
            self.operator or ">=",
            decimal(self.value),
            decimal(self.value_max) if is_between else None,
        )
