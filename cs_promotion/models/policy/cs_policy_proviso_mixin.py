from odoo import api, fields, models

from ...engine.decimals import decimal
from ...engine.proviso import Proviso
from ...engine.vocabulary import Metric
from .cs_policy_part import COMPARISONS


class CsPolicyProvisoMixin(models.AbstractModel):
    """A condition on a part of a policy: a metric of the period compared with a value. What is not
    known meets none."""

    _name = "cs.policy.proviso.mixin"
    _inherit = "cs.policy.part"
    _description = "Condition on a Part of a CS Policy"
    _part = None  # the field that names the part, which looks at what changed

    sequence = fields.Integer(default=10)
    metric = fields.Selection(selection="_get_metrics", required=True)
    operator = fields.Selection(COMPARISONS, required=True, default=">=")
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
            read = proviso._read(lambda code: metrics.get(code) or Metric(code or ""))
            proviso.sentence = words._say_proviso(read)

    @api.model_create_multi
    def create(self, vals_list):
        provisos = super().create(vals_list)
        provisos[self._part]._on_changed()
        return provisos

    def write(self, vals):
        written = super().write(vals)
        self[self._part]._on_changed()
        return written

    def _read(self, known):
        """As the engine asks it.

        :param known: metric code -> metric
        """
        self.ensure_one()
        is_between = self.operator == "between"
        return Proviso(
            known(self.metric),
            self.operator or ">=",
            decimal(self.value),
            decimal(self.value_max) if is_between else None,
        )
