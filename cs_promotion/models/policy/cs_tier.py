from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsTier(models.Model):
    """A rung: its code and its place stay as they are once anything goes by them.

    Tiers are shared. Which of them make a ladder, each version of a policy says by its pay lines
    (``cs_policy_ladder.py``).
    """

    _name = "cs.tier"
    _inherit = ["cs.shared.mixin"]
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

    def write(self, vals):
        """Code and place of a tier in use are what old decisions are read by."""
        # names first: whose value changes is a question to the database
        fixed = [name for name in ("code", "sequence", "appointed") if name in vals]
        changed = self.filtered(
            lambda tier: any(
                tier[name] != tier._fields[name].convert_to_cache(vals[name], tier)
                for name in fixed
            )
        )
        if changed:
            changed._check_step_free(vals)
            changed._check_unused(
                self.env._("its code, its step and whether it is by appointment cannot change")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused(self.env._("it cannot be deleted"))

    def _check_step_free(self, vals):
        """Said before anything else: on a step there is one tier."""
        if "sequence" in vals and self.search_count(
            [("sequence", "=", vals["sequence"]), ("id", "not in", self.ids)], limit=1
        ):
            raise ValidationError(
                self.env._("Two tiers cannot stand on the same step of the ladder.")
            )

    def _check_unused(self, consequence):
        """Refuse what touches tiers in use, naming what uses them."""
        used = self._find_used()
        for tier in self.filtered(lambda tier: tier.id in used):
            raise ValidationError(
                self.env._(
                    "Tier %(tier)s is in use (%(use)s): %(consequence)s. Names and standards may "
                    "be changed; for another ladder add a tier, and pay it in a new policy.",
                    tier=tier.name,
                    use=used[tier.id],
                    consequence=consequence,
                )
            )

    def _find_used(self):
        """Tier id -> by what it is used.

        Drafts of policies do not count: they are nothing yet that anybody was judged by.
        """
        parts = ("cs.tier.standard", "cs.policy.pay", "cs.policy.rule")
        used = self._find_naming(self.ids, without=parts)
        # sudo: of all companies, as the ladder is theirs alike
        policies = self.env["cs.policy"].sudo().with_context(active_test=False)
        judged = policies.env["cs.cycle"].search([]).policy_id
        for policy in policies.search(
            ["|", ("state", "=", "active"), ("id", "in", judged.ids)], order="id"
        ):
            for tier in self.browse(tier.id for tier in policy._get_rungs()) & self:
                used.setdefault(tier.id, policy.name)
        return used

    @api.model
    def _get_ids_by_code(self):
        """Tier code -> id, archived tiers included."""
        tiers = self.sudo().with_context(active_test=False).search([])
        return {tier.code: tier.id for tier in tiers}


class CsTierStandard(models.Model):
    """Standards of conduct and skill of a tier, shown with it and attested (U5)."""

    _name = "cs.tier.standard"
    _inherit = ["cs.shared.mixin"]
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
