from odoo import fields, models


class CsPolicyMatchMixin(models.AbstractModel):
    """Whom a row of a policy is for: the first row that fits wins (policy language, *Match
    row*)."""

    _name = "cs.policy.match.mixin"
    _description = "Whom a Row of a CS Policy Is for"

    sequence = fields.Integer(default=10)
    tier_id = fields.Many2one("cs.tier", ondelete="restrict", help="Empty: every tier.")
    department_id = fields.Many2one(
        "hr.department",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Empty: every department.",
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Job Position",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Empty: every job position.",
    )

    def _get_named(self):
        """Names of the tier, department and post that the row is for."""
        self.ensure_one()
        # superuser: the names of departments and posts stand on a page that all may read
        own = self.sudo()
        return [each.name for each in (own.tier_id, own.department_id, own.job_id) if each]

    def _get_match(self):
        """Tier, department and post as the engine compares them: by ids, None for any."""
        self.ensure_one()
        return {
            "tier": self.tier_id.id or None,
            "department": self.department_id.id or None,
            "job": self.job_id.id or None,
        }
