from odoo import api, fields, models

from ...engine.places import DOWN, UP, Order
from ...engine.rule import MONTHS_MAX
from ...engine.vocabulary import EACH, Metric


class CsPolicyOrder(models.Model):
    """One thing by which the free places of a rung are filled: a metric, read as conditions do."""

    _name = "cs.policy.order"
    _inherit = "cs.policy.part"
    _description = "CS Order of Filling Places"
    _rec_name = "rung_id"
    _order = "rung_id, sequence, id"
    _bounds = {"months": (0, MONTHS_MAX), "times": (1, MONTHS_MAX)}

    rung_id = fields.Many2one("cs.policy.rung", required=True, index=True, ondelete="cascade")
    policy_id = fields.Many2one(
        related="rung_id.policy_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10, help="What is compared first.")
    metric = fields.Selection(selection="_get_metrics", required=True)
    direction = fields.Selection(
        [(DOWN, "The highest first"), (UP, "The lowest first")], required=True, default=DOWN
    )
    times = fields.Integer(default=1, help="So many of the newest are put together.")
    window = fields.Selection(selection="_get_windows", default="latest", required=True)
    months = fields.Integer(string="Window Months")
    reading = fields.Selection(
        selection="_get_readings",
        string="What Is Compared",
        help="Of the values in the window; by default the newest, or the mean of several.",
    )
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    @api.model
    def _get_metrics(self):
        return self.env["cs.metric"]._get_choice()

    @api.model
    def _get_windows(self):
        """As conditions have them."""
        return self._get_choice_of("window")

    @api.model
    def _get_readings(self):
        """As conditions have them; one by one there is nothing to compare."""
        return [each for each in self._get_choice_of("reading") if each[0] != EACH]

    @api.model
    def _get_choice_of(self, name):
        return self.env["cs.policy.condition"]._fields[name]._description_selection(self.env)

    @api.depends("metric", "direction", "times", "window", "months", "reading")
    @api.depends_context("lang")
    def _compute_sentence(self):
        metrics, words = self.env["cs.vocabulary"]._get_metrics(), self.env["cs.words"]
        for order in self:
            order.sentence = words._say_order(order._read(metrics))

    @api.constrains("metric", "direction", "times", "window", "months", "reading")
    def _check_possible(self):
        self.rung_id._check_places()

    def _read(self, metrics):
        """As the engine fills places by it, whether its metric is still declared or not."""
        self.ensure_one()
        return Order(
            metrics.get(self.metric) or Metric(self.metric or ""),
            self.direction or DOWN,
            self.times,
            self.window or "latest",
            self.months,
            self.reading or "",
        )
