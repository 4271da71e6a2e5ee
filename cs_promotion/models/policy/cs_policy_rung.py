from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.decimals import decimal
from ...engine.places import Places
from ...engine.policy import PayLine
from ...engine.vocabulary import PolicyError
from ..cs_shared_mixin import is_uninstalling

# what makes another ladder of it
LADDER = {"policy_id", "tier_id", "sequence", "appointed", "on_probation", "paid_as_below"}


class CsPolicyRung(models.Model):
    """A rung of a version's ladder: its place, how it is reached, and what it pays per month, with
    the range of its fines (policy 2, 5)."""

    _name = "cs.policy.rung"
    _inherit = ["cs.policy.part", "cs.name.search.mixin"]
    _description = "CS Policy Rung"
    _order = "policy_id, sequence, id"
    _name_parts = ("policy_id", "tier_id")
    _bounds = {
        "base_wage": (0, None),
        "appraisal_pay": (0, None),
        "commission_percent": (0, 100),
        "fine_min": (0, None),
        "fine_max": (0, None),
        "places_value": (0, None),
    }
    _named_by = ("policy_id", "tier_id")

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    sequence = fields.Integer(default=10, help="From the lowest rung upwards.")
    tier_id = fields.Many2one("cs.tier", required=True, ondelete="restrict")
    below_id = fields.Many2one(
        "cs.tier", compute="_compute_below_id", string="Comes After", help="The next rung down."
    )
    appointed = fields.Boolean(
        string="By Appointment",
        help="Entered by a person's appointment only, never by a score rule (L5).",
    )
    on_probation = fields.Boolean(
        help="Who stands on it is confirmed to the next rung by the probation test (L0, U1).",
    )
    paid_as_below = fields.Boolean(
        help="Paid and fined as the rung below it, until amounts of its own are set (L5).",
    )
    base_wage = fields.Monetary(required=True, default=0)
    appraisal_pay = fields.Monetary(required=True, default=0)
    commission_percent = fields.Float(
        string="Commission (%)", digits=(9, 6), help="Percent of the agent's own sales."
    )
    fine_min = fields.Monetary(string="Smallest Fine")
    fine_max = fields.Monetary(string="Largest Fine")
    places = fields.Selection(
        [
            ("none", "As many as meet a rule"),
            ("number", "A number of places"),
            ("percent", "A share of the agents"),
        ],
        string="Limit",
        default="none",
        required=True,
        help="How many may be on the rung: rules fill free places only, and nobody is moved down "
        "for it.",
    )
    places_value = fields.Float(
        string="So Many", digits=(9, 2), help="Places, or percent of the agents, rounded down."
    )
    places_within = fields.Selection(
        [("department", "The department"), ("job", "The job position"), ("company", "The company")],
        string="Shared within",
        default="department",
        required=True,
    )
    places_of_ids = fields.Many2many(
        "cs.tier",
        "cs_policy_rung_places_of_rel",
        string="Share of Those on",
        help="The rungs whose agents are counted; empty: all that are not reached by appointment.",
    )
    order_ids = fields.One2many(
        "cs.policy.order",
        "rung_id",
        string="Places Are Filled by",
        copy=True,
        help="Of those eligible the first get the free places; alike in all of it, the longer in "
        "the tier.",
    )
    places_sentence = fields.Char(compute="_compute_places_sentence", string="Places")

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

    @api.depends("policy_id.rung_ids.sequence", "policy_id.rung_ids.tier_id")
    def _compute_below_id(self):
        for rung in self:
            below = self.env["cs.tier"]
            for tier, other in rung.policy_id._get_rungs().items():
                if other == rung:
                    break
                below = tier
            rung.below_id = below

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
        """Another ladder can be carried out, too."""
        if not LADDER & set(vals):
            return super().write(vals)
        policies = self.policy_id
        written = super().write(vals)
        (policies | self.policy_id)._check_rungs_changed()
        return written

    def unlink(self):
        """The ladder of what is left can be carried out."""
        policies = self.policy_id
        unlinked = super().unlink()
        if not is_uninstalling(self.env):
            policies.exists()._check_rungs_changed()
        return unlinked

    @api.ondelete(at_uninstall=False)
    def _unlink_except_active(self):
        for line in self.filtered(lambda line: line.policy_id.state == "active"):
            raise UserError(
                self.env._(
                    "Policy %(policy)s is in force and needs a pay line for tier %(tier)s.",
                    policy=line.policy_id.name,
                    tier=line.tier_id.name,
                )
            )

    @api.depends(
        *("places", "places_value", "places_within", "places_of_ids.name"),
        "order_ids.sentence",
    )
    @api.depends_context("lang")
    def _compute_places_sentence(self):
        words = self.env["cs.words"]
        for rung in self:
            rung.places_sentence = words._say_places(rung) if rung.places != "none" else ""

    @api.constrains("places", "places_value", "places_within", "places_of_ids", "appointed")
    def _check_places(self):
        """Somebody could be given a place, named by its rung."""
        for rung in self.filtered(lambda rung: rung.places != "none"):
            fault = rung._find_places_fault()
            if fault:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, rung %(rung)s: %(fault)s.",
                        policy=rung.policy_id.name,
                        rung=rung.tier_id.name,
                        fault=fault,
                    )
                )

    def _find_places_fault(self):
        if self.appointed:
            return self.env._("it is reached by appointment: rules fill no places there (L5)")
        if self.places == "number" and self.places_value % 1:
            return self.env._("%s is no whole number of places", self.places_value)
        try:
            self._compile_places(
                self.env["cs.vocabulary"]._get_metrics(), {self.tier_id.code}
            ).check()
        except PolicyError as error:
            return str(error)
        return None

    def _compile_places(self, metrics, counted):
        """How many may be on the rung, as the engine shares them out.

        :param counted: codes of the rungs whose agents are counted where it does not say
        """
        self.ensure_one()
        is_share = self.places == "percent"
        return Places(
            None if is_share else int(self.places_value),
            decimal(self.places_value) if is_share else None,
            self.places_within,
            frozenset(self.places_of_ids.mapped("code") or counted),
            tuple(each._read(metrics) for each in self.order_ids.sorted()),
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
