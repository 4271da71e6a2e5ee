from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.decimals import decimal
from ...engine.facts import PayLine
from ..cs_shared_mixin import is_uninstalling


class CsPolicyPay(models.Model):
    """Pay of one tier per month, and the range of its fines (policy 5)."""

    _name = "cs.policy.pay"
    _inherit = ["cs.policy.part", "cs.name.search.mixin"]
    _description = "CS Policy Pay"
    _order = "policy_id, tier_sequence, id"
    _name_parts = ("policy_id", "tier_id")
    _bounds = {
        "base_wage": (0, None),
        "appraisal_pay": (0, None),
        "commission_percent": (0, 100),
        "fine_min": (0, None),
        "fine_max": (0, None),
    }
    _named_by = ("policy_id", "tier_id")

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    tier_id = fields.Many2one("cs.tier", required=True, ondelete="restrict")
    tier_sequence = fields.Integer(related="tier_id.sequence", store=True, precompute=True)
    base_wage = fields.Monetary(required=True)
    appraisal_pay = fields.Monetary(required=True)
    commission_percent = fields.Float(
        string="Commission (%)", digits=(9, 6), help="Percent of the agent's own sales."
    )
    fine_min = fields.Monetary(string="Smallest Fine")
    fine_max = fields.Monetary(string="Largest Fine")

    _tier_uniq = models.Constraint(
        "UNIQUE(policy_id, tier_id)", "A policy has one pay line for each tier."
    )
    _amounts_check = models.Constraint(
        "CHECK(base_wage >= 0 AND appraisal_pay >= 0 AND commission_percent >= 0 "
        "AND commission_percent <= 100)",
        "Pay cannot be negative, and a commission is at most 100 %.",
    )
    _fine_check = models.Constraint(
        "CHECK(fine_min >= 0 AND fine_min <= fine_max)",
        "The smallest fine cannot be negative nor larger than the largest.",
    )

    @api.depends("policy_id", "tier_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = ", ".join(filter(None, (line.policy_id.name, line.tier_id.name)))

    def _check_given(self, vals):
        """Refuse a range of fines that is none, with the tier's name."""
        super()._check_given(vals)
        if not {"fine_min", "fine_max"} & set(vals):
            return
        for line in self or [self]:
            low, high = (
                float(vals.get(name, line[name]) or 0) for name in ("fine_min", "fine_max")
            )
            if low > high:
                raise ValidationError(
                    self.env._(
                        "%(line)s: the smallest fine of %(low)s is larger than the largest, "
                        "%(high)s.",
                        line=line._name_given(vals),
                        low=low,
                        high=high,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.policy_id._check_rungs_changed()
        return lines

    def write(self, vals):
        """A line for another tier makes another ladder: that can be carried out, too."""
        if not {"tier_id", "policy_id"} & set(vals):
            return super().write(vals)
        policies = self.policy_id
        written = super().write(vals)
        (policies | self.policy_id)._check_rungs_changed()
        return written

    def unlink(self):
        """Without its line a tier by appointment is paid as the one below, if it is the top."""
        policies = self.policy_id
        unlinked = super().unlink()
        if not is_uninstalling(self.env):
            policies.exists()._check_rungs_changed()
        return unlinked

    @api.ondelete(at_uninstall=False)
    def _unlink_except_active(self):
        for line in self.filtered(lambda line: line.policy_id.state == "active"):
            if not line.tier_id.appointed:
                raise UserError(
                    self.env._(
                        "Policy %(policy)s is in force and needs a pay line for tier %(tier)s.",
                        policy=line.policy_id.name,
                        tier=line.tier_id.name,
                    )
                )

    def _compile(self):
        self.ensure_one()
        return PayLine(
            base_wage=decimal(self.base_wage),
            appraisal_pay=decimal(self.appraisal_pay),
            commission_percent=decimal(self.commission_percent),
            fine_min=decimal(self.fine_min),
            fine_max=decimal(self.fine_max),
        )
