from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache


class CsTier(models.Model):
    """What a rung is: its code stays as it is once anything goes by it.

    Tiers are shared. Which of them make a ladder, and in which order, each version of a policy
    says by its rungs (``cs_policy_rung.py``). One that nobody holds any more is archived.
    """

    _name = "cs.tier"
    _inherit = ["cs.shared.mixin", "cs.code.mixin"]
    _description = "CS Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name of the tier in rules and scenarios.")
    sequence = fields.Integer(
        required=True, default=10, help="In lists; the order of a ladder is its policy's."
    )
    active = fields.Boolean(default=True)
    standard_ids = fields.One2many("cs.tier.standard", "tier_id", string="Standards")

    _code_uniq = models.Constraint("UNIQUE(code)", "A tier's code must be unique.")

    @api.constrains("active")
    def _check_held(self):
        """A tier is retired once nobody stands on it; who stood there, stood there."""
        archived = self.filtered(lambda tier: not tier.active)
        # sudo: whoever keeps the tiers need not see the agents of all companies
        versions = self.env["hr.version"].sudo().with_context(active_test=False)
        ever = versions.search([("cs_tier_id", "in", archived.ids)]).employee_id
        for employee_id, timeline in self.env["cs.timeline"]._load(ever.ids).items():
            employee = ever.browse(employee_id)
            today = employee.company_id._cs_today()
            for each in timeline.on_ladder(today, date.max):
                if each.tier in archived.ids:
                    raise ValidationError(
                        self.env._(
                            "Tier %(tier)s cannot be archived: %(agent)s holds it.",
                            tier=self.browse(each.tier).name,
                            agent=employee.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        self.env.registry.clear_cache("stable")
        return tiers

    def unlink(self):
        unlinked = super().unlink()
        self.env.registry.clear_cache("stable")
        return unlinked

    def write(self, vals):
        """The code of a tier in use is what old decisions are read by."""
        if "code" in vals:
            changed = self.filtered(lambda tier: tier.code != vals["code"])
            changed._check_unused(self.env._("its code cannot change"))
        written = super().write(vals)
        if "code" in vals:
            self.env.registry.clear_cache("stable")
        return written

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused(self.env._("it cannot be deleted"))

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
        parts = ("cs.tier.standard", "cs.policy.rung", "cs.policy.rule")
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
        return dict(self._get_codes())

    @api.model
    @ormcache(cache="stable")
    def _get_codes(self):
        # superuser: kept for everybody, as each loader asks
        tiers = self.sudo().with_context(active_test=False).search([])
        return tuple((tier.code, tier.id) for tier in tiers)


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
