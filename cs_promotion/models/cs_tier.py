from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.facts import Ladder


class CsTier(models.Model):
    _name = "cs.tier"
    _description = "CS Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name of the tier in rules and scenarios.")
    sequence = fields.Integer(required=True, default=10, help="From the lowest step upwards.")
    active = fields.Boolean(default=True)
    appointed = fields.Boolean(
        string="By Appointment",
        help="Entered by a person's appointment only, never by a score rule (L5). "
        "Paid as the tier below until the policy has a pay line for it.",
    )
    standard_ids = fields.One2many("cs.tier.standard", "tier_id", string="Standards")

    _code_uniq = models.Constraint("UNIQUE(code)", "A tier's code must be unique.")
    _sequence_uniq = models.UniqueIndex(
        "(sequence) WHERE active", "Two tiers cannot stand on the same step of the ladder."
    )

    @api.constrains("active")
    def _check_in_use(self):
        """A step that somebody stands or stood on stays on the ladder."""
        archived = self.filtered(lambda tier: not tier.active)
        versions = self.env["hr.version"].sudo().with_context(active_test=False)
        held = versions.search([("cs_tier_id", "in", archived.ids)], limit=1)
        if held:
            raise ValidationError(
                self.env._(
                    "Tier %(tier)s cannot be archived: %(agent)s holds or held it.",
                    tier=held.cs_tier_id.name,
                    agent=held.employee_id.name,
                )
            )

    @api.model
    def _get_ladder(self):
        """The ladder for the engine (policy 2)."""
        tiers = self.sudo().search([])
        appointed = tiers.filtered("appointed")[:1]
        return Ladder(tuple(tiers.mapped("code")), appointed.code or None)

    def _get_below(self):
        """The next step down, empty on the lowest tier (V2)."""
        self.ensure_one()
        return self.search([("sequence", "<", self.sequence)], order="sequence desc", limit=1)

    @api.model
    def _get_ids_by_code(self):
        """Tier code -> id, archived tiers included."""
        tiers = self.sudo().with_context(active_test=False).search([])
        return {tier.code: tier.id for tier in tiers}


class CsTierStandard(models.Model):
    """Standards of conduct and skill of a tier, shown with it and attested (U5)."""

    _name = "cs.tier.standard"
    _description = "CS Tier Standard"
    _order = "tier_id, sequence, id"

    tier_id = fields.Many2one("cs.tier", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    letter = fields.Char(
        string="Standard's Letter", required=True, help="A, B, C… as on the written policy."
    )
    name = fields.Text(string="Standard", required=True, translate=True)

    _letter_uniq = models.Constraint(
        "UNIQUE(tier_id, letter)", "A tier cannot have two standards with the same letter."
    )
