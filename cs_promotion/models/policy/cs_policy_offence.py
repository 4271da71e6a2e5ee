from datetime import date

from odoo import api, fields, models

from ...engine.calendar import add_months
from ...engine.rule import MONTHS_MAX


class CsPolicyOffence(models.Model):
    """What a version says of one kind of violation: how grave it usually is, how many points it
    counts, what it is fined (V1, V2).

    What grows with repetition has several rows: one from the second time on, one from the third.
    A kind without a row is as grave as a person says, and fined within the range of the rung.
    """

    _name = "cs.policy.offence"
    _inherit = ["cs.policy.part"]
    _description = "CS Policy Offence"
    _rec_name = "type_id"
    _order = "policy_id, sequence, times, id"
    _named_by = ("policy_id", "type_id")
    _bounds = {
        "times": (1, None),
        "months": (0, MONTHS_MAX),
        "points": (0, None),
        "fine_amount": (0, None),
    }

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(compute="_compute_name")
    type_id = fields.Many2one("cs.violation.type", required=True, ondelete="restrict")
    times = fields.Integer(
        string="From Time", default=1, required=True, help="2: from the second time on."
    )
    months = fields.Integer(
        string="Within Months",
        help="How long former ones of this kind count; 0: since joining.",
    )
    severity = fields.Selection(
        selection="_get_severities", help="Proposed; a person decides the severity."
    )
    points = fields.Float(digits=(8, 2), help="Counted once it is confirmed.")
    fine_method = fields.Selection(
        [
            ("range", "Within the range of the tier"),
            ("fixed", "This amount"),
            ("none", "No fine"),
        ],
        string="Fined",
        default="range",
        required=True,
    )
    fine_amount = fields.Monetary(string="Amount")

    _times_uniq = models.Constraint(
        "UNIQUE(policy_id, type_id, times)",
        "A policy says once what a kind of violation brings from some time on.",
    )

    @api.model
    def _get_severities(self):
        return self.env["cs.policy.consequence"]._get_severities()

    @api.depends("type_id.name", "times")
    @api.depends_context("lang")
    def _compute_name(self):
        for row in self:
            row.name = row.type_id.name
            if row.times > 1:
                row.name = self.env._(
                    "%(kind)s, from time %(times)s on", kind=row.name, times=row.times
                )

    @api.onchange("fine_method")
    def _onchange_fine_method(self):
        """What the form hides is not left behind."""
        if self.fine_method != "fixed":
            self.fine_amount = 0

    def _find(self, kind, day, former=()):
        """The row that a violation of this kind on ``day`` falls under; none where there is none.

        :param former: days of the agent's confirmed ones of this kind before it
        """
        for row in self.filtered(lambda row: row.type_id == kind).sorted("times", reverse=True):
            since = add_months(day, -row.months) if row.months else date.min
            if 1 + sum(since <= each for each in former) >= row.times:
                return row
        return self.browse()

    def _is_repeated(self):
        """Whether it matters for any of these how often it has happened."""
        return any(row.times > 1 for row in self)

    def _get_fine_range(self, line):
        """The smallest and the largest fine on a rung.

        :param line: what the rung pays and fines; None where there is no such rung
        """
        if self.fine_method == "none":
            return 0.0, 0.0
        if self.fine_method == "fixed":
            return self.fine_amount, self.fine_amount
        return (float(line.fine_min), float(line.fine_max)) if line else (0.0, 0.0)
