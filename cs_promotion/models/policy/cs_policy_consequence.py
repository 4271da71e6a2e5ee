from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ...engine.policy import CONSEQUENCES, Consequence
from ...engine.rules import PROCEDURES, consequence_ground
from ...engine.vocabulary import PolicyError


class CsPolicyConsequence(models.Model):
    """What violations of one severity lead to when their month is closed (V2)."""

    _name = "cs.policy.consequence"
    _inherit = ["cs.policy.part", "cs.name.search.mixin"]
    _description = "CS Policy Consequence"
    _rec_name = "severity"
    _order = "policy_id, sequence, id"
    _named_by = ("policy_id",)
    _name_parts = ("policy_id", "severity")

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    severity = fields.Selection(selection="_get_severities", required=True)
    outcome = fields.Selection(
        selection="_get_outcomes",
        string="Leads To",
        help="Decided when the month of the violation is closed; empty: nothing besides a fine.",
    )
    fined = fields.Boolean(string="Fine", default=True, help="A fine is due.")

    _severity_uniq = models.Constraint(
        "UNIQUE(policy_id, severity)", "A policy says of each severity once what it leads to."
    )

    @api.model
    def _get_severities(self):
        return self.env["cs.violation"]._fields["severity"]._description_selection(self.env)

    @api.model
    def _get_outcomes(self):
        """What moves nobody up, and needs no more to be said."""
        vocabulary = self.env["cs.vocabulary"]
        terms = vocabulary._get_outcomes().items()
        return vocabulary._get_selection({code: each for code, each in terms if each.may_follow})

    @api.depends("policy_id", "severity")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._get_severities())
        for row in self:
            name = names.get(row.severity)
            row.display_name = ", ".join(filter(None, (row.policy_id.name, name)))

    @api.constrains("outcome")
    def _check_possible(self):
        for row, compiled in zip(self, self._compile().values(), strict=True):
            try:
                compiled.check()
            except PolicyError as error:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, %(error)s.", policy=row.display_name, error=error
                    )
                ) from None

    def _get_unfined(self):
        """The severities for which no fine is due."""
        return {row.severity for row in self if not row.fined}

    def _get_grounds(self):
        """The codes that no rule of the policy may have: those of the procedures, and of what
        these rows lead to."""
        own = {consequence_ground(row.severity, row.outcome) for row in self if row.outcome}
        return own.union(PROCEDURES)

    @api.model
    def _get_default_commands(self):
        """What V2 says."""
        return [
            Command.create(
                {
                    "sequence": 10 * number,
                    "severity": severity,
                    "outcome": each.outcome.code if each.outcome else False,
                    "fined": each.fined,
                }
            )
            for number, (severity, each) in enumerate(CONSEQUENCES.items(), start=1)
        ]

    def _compile(self):
        """Severity -> consequence, as the engine reads it; each outcome is declared."""
        vocabulary = self.env["cs.vocabulary"]
        outcomes = vocabulary._get_outcomes() if self else {}
        return {
            row.severity: Consequence(
                outcome=vocabulary._find(outcomes, row.outcome) if row.outcome else None,
                fined=row.fined,
            )
            for row in self
        }
