from odoo import api, fields, models


class CsMetricPart(models.Model):
    """A part of a metric that is made of several, as the papers and the interview of an exam."""

    _name = "cs.metric.part"
    _inherit = ["cs.shared.mixin", "cs.guard.mixin"]
    _description = "CS Part of a Metric"
    _rec_name = "metric_id"
    _order = "metric_id, sequence, id"
    _named_by = ("metric_id",)
    _bounds = {"weight": (0, None)}

    metric_id = fields.Many2one("cs.metric", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    metric = fields.Selection(selection="_get_metrics", required=True, string="Part")
    weight = fields.Float(digits=(8, 4), help="By which its value counts in the whole.")

    _metric_uniq = models.Constraint("UNIQUE(metric_id, metric)", "A part is there once.")

    @api.model
    def _get_metrics(self):
        return self.env["cs.metric"]._get_choice()

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.metric_id._check_unused()
        return parts

    def _check_frozen(self, vals):
        self.metric_id._check_unused()

    def write(self, vals):
        written = super().write(vals)
        self.metric_id._check_declaration()
        return written
