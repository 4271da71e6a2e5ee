from functools import cache

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.decimals import decimal
from ...engine.targets import Target, of_rows
from ...engine.vocabulary import PolicyError
from .cs_metric_series_mixin import TARGET


class CsPolicyTarget(models.Model):
    """The value of a metric that a version sets beforehand, for whom and in which months: the
    first row that fits wins (policy language, *Match row*)."""

    _name = "cs.policy.target"
    _inherit = ["cs.policy.period.match.mixin", "cs.policy.part"]
    _description = "CS Policy Target"
    _rec_name = "metric_id"
    _order = "policy_id, sequence, id"
    _check_company_auto = True
    _named_by = ("policy_id", "metric_id")

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    metric_id = fields.Many2one(
        "cs.metric", required=True, index=True, ondelete="restrict", domain=[("kind", "=", TARGET)]
    )
    value = fields.Float(string="Target", digits=(16, 4), required=True)
    name = fields.Char(compute="_compute_name")
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    @api.depends("metric_id.name", "tier_id", "department_id", "job_id", "months", "tenure")
    @api.depends_context("lang")
    def _compute_name(self):
        words = self.env["cs.words"]
        for row in self:
            row.name = words._say_named(row.metric_id.name or "", words._say_whom(row))

    @api.depends("name", "value", "metric_id.unit")
    @api.depends_context("lang")
    def _compute_sentence(self):
        words = self.env["cs.words"]
        for row in self:
            row.sentence = words._say_target(row)

    @api.constrains("metric_id", "months", "tenure")
    def _check_readable(self):
        """Only of a metric of targets, and in months that there are."""
        for row in self:
            fault = None
            if row.metric_id.kind != TARGET:
                fault = self.env._("%s is no target: choose that kind", row.metric_id.code)
            try:
                row._compile()
            except PolicyError as error:
                fault = error
            if fault:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, target %(target)s: %(fault)s.",
                        policy=row.policy_id.name,
                        target=row.name,
                        fault=fault,
                    )
                )

    def _compile(self):
        """As the engine chooses by it."""
        self.ensure_one()
        return Target(
            self.metric_id.code,
            decimal(self.value),
            **self._get_match(),
        )

    @api.model
    def _load_points(self, metric, scope):
        """Employee id -> points of a metric of targets, of each period that versions in force say
        something of."""
        versions = [
            (policy.date_from, tuple(row._compile() for row in policy.target_ids._of(metric)))
            for policy in self.env["cs.policy"]._search_in_force(scope.company)
        ]
        begins = [start for start, rows in versions if rows]
        if not begins:
            return {}

        @cache
        def find_rows(day):  # the newest version comes first
            return next((rows for start, rows in versions if start <= day), ())

        days = max(scope.since, min(begins)), scope.until
        return {
            id_: tuple(of_rows(find_rows, metric.grain, timeline, *days))
            for id_, timeline in scope.timelines.items()
        }

    def _of(self, metric):
        """Those of these rows that are of a metric."""
        return self.filtered(lambda each: each.metric_id == metric)
