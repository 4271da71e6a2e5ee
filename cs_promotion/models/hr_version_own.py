from odoo import api, fields, models

from .hr_version import APPLYING

TIER = ("cs_tier_id", "cs_tier_since")


class HrVersion(models.Model):
    """Nobody puts themselves on the ladder, nor on another rung of it: with it goes the pay."""

    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        if not self._is_by_decision():
            for version in versions.filtered(lambda each: each._is_own()):
                former = version.sudo().employee_id.version_ids.filtered(
                    lambda each, version=version: each.date_version < version.date_version
                )[-1:]
                version._check_own_tier(former.cs_tier_id.id, former.cs_tier_since)
        return versions

    def write(self, vals):
        if set(TIER) & set(vals) and not self._is_by_decision():
            for version in self.filtered(lambda each: each._is_own()):
                version._check_own_tier(
                    vals.get("cs_tier_id", version.sudo().cs_tier_id.id) or False,
                    fields.Date.to_date(vals.get("cs_tier_since", version.sudo().cs_tier_since)),
                )
        return super().write(vals)

    def _is_by_decision(self):
        return self.env.su or self.env.context.get("cs_applying") is APPLYING

    def _is_own(self):
        # sudo: only whether the caller is the employee is looked at
        return self.sudo().employee_id.user_id == self.env.user

    def _check_own_tier(self, tier_id, since):
        """Refuse another tier, or another day it is held since, than these."""
        held = self.sudo()
        if (held.cs_tier_id.id, held.cs_tier_since or False) != (tier_id, since or False):
            self.env["cs.decision"]._refuse_own(self.env.user)
