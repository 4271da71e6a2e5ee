from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ...engine.decimals import decimal
from ...vocabulary import RATERS


class CsPolicyRater(models.Model):
    """A rater of a policy: who fills a form in, and what it weighs (S1, S3)."""

    _name = "cs.policy.rater"
    _inherit = ["cs.policy.part", "cs.name.search.mixin"]
    _description = "CS Policy Rater"
    _rec_name = "code"
    _order = "policy_id, sequence, id"
    _named_by = ("policy_id",)
    _name_parts = ("policy_id", "code")

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    code = fields.Selection(selection="_get_codes", required=True, string="Rater")
    weight = fields.Float(
        default=50,
        digits=(5, 2),
        help="Weight of the rater's total in the score (S3); a rater of weight 0 is not asked.",
    )

    _code_uniq = models.Constraint("UNIQUE(policy_id, code)", "A policy has each rater once.")
    _weight_check = models.Constraint(
        "CHECK(weight >= 0)", "The weight of a rater cannot be negative."
    )

    @api.model
    def _get_codes(self):
        return self.env["cs.vocabulary"]._get_rater_choice()

    @api.depends("policy_id", "code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._get_codes())
        for rater in self:
            name = names.get(rater.code, rater.code)
            rater.display_name = ", ".join(filter(None, (rater.policy_id.name, name)))

    def _check_given(self, vals):
        result = super()._check_given(vals)
        if float(vals.get("weight") or 0) < 0:
            self._refuse_weights(self._name_given(vals))
        return result

    @api.model
    def _refuse_weights(self, name):
        raise ValidationError(
            self.env._(
                "%s: the raters' weights cannot be negative, and one must be positive (S3).", name
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        raters = super().create(vals_list)
        raters._check_weights(raters.policy_id)
        return raters

    def write(self, vals):
        """Of each policy one rater at least is asked, now and afterwards."""
        policies = self.policy_id
        written = super().write(vals)
        self._check_weights(policies | self.policy_id)
        return written

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        for policy in self.policy_id:
            if not any((policy.rater_ids - self).mapped("weight")):
                self._refuse_weights(policy.name)

    @api.model
    def _check_weights(self, policies):
        """One rater weighs something (S3)."""
        for policy in policies:
            if not any(policy.rater_ids.mapped("weight")):
                self._refuse_weights(policy.name)

    @api.model
    def _sort_commands(self, commands):
        """Commands of a form on a policy's raters: between two of them, too, one weighs something.

        So whoever is asked from now on comes before whoever is asked no more.
        """

        def is_asked_no_more(command):
            given = command[0] in (Command.CREATE, Command.UPDATE)
            return not given or not command[2].get("weight", 1)

        return sorted(commands, key=is_asked_no_more)

    @api.model
    def _get_default_commands(self):
        """The raters of a new policy: half the superior's, half the office's (S3)."""
        return [
            Command.create({"code": each.code, "sequence": 10 * number})
            for number, each in enumerate(RATERS, start=1)
        ]

    def _compile(self):
        """Code -> weight, as the engine reads it; each is declared (S3)."""
        vocabulary = self.env["cs.vocabulary"]
        declared = vocabulary._get_raters()
        return {
            vocabulary._find(declared, rater.code).code: decimal(rater.weight) for rater in self
        }
