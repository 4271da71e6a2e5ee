from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.rule import MONTHS_MAX
from ...vocabulary import APPRAISAL, BASE

# field -> the outcome that it says more of
SAID = {
    "raise_amount": "raise",
    "raise_percent": "raise",
    "raise_months": "raise",
    "trial_months": "promote",
    "plan_months": "plan",
}
TERM_MONTHS = 60  # nothing is on trial longer


class CsPolicyRuleEffectMixin(models.AbstractModel):
    """What a rule leads to, and what it says besides of what that brings about: how much more is
    paid, and how long; when a trial or plan is looked at."""

    _name = "cs.policy.rule.effect.mixin"
    _inherit = ["cs.guard.mixin"]
    _description = "What a CS Policy Rule Brings About"
    _bounds = {
        "raise_amount": (0, None),
        "raise_percent": (0, 1000),
        "raise_months": (0, MONTHS_MAX),
        "trial_months": (0, TERM_MONTHS),
        "plan_months": (0, TERM_MONTHS),
    }

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    outcome = fields.Selection(selection="_get_outcomes", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    raise_item = fields.Selection(
        selection="_get_raise_items",
        string="Raised Item",
        help="The pay item that a raise is added to; empty: the base wage.",
    )
    raise_amount = fields.Monetary(
        string="More a Month", help="How much more of it the agent is paid, a month."
    )
    raise_percent = fields.Float(
        string="More in Percent",
        digits=(6, 2),
        help="Instead of an amount: of the base wage or the full appraisal pay that the agent has "
        "when it takes effect, former raises included.",
    )
    raise_months = fields.Integer(string="For Months", help="How long it is paid; 0: for good.")
    trial_months = fields.Integer(
        string="On Trial for Months",
        help="The rung is held on trial for so long, with its pay; 0: for good at once.",
    )
    plan_months = fields.Integer(
        string="Plan for Months", help="How long the improvement plan runs, if not extended."
    )
    during = fields.Selection(
        [("trial", "Trial"), ("plan", "Improvement Plan")],
        string="At the End of",
        help="It is looked at only for agents whose trial or plan runs, when its term is over, and "
        "ends it; empty: for everyone of the tier.",
    )
    during_any_time = fields.Boolean(
        string="Before the End, Too", help="At every closing while the trial or plan runs."
    )
    extended = fields.Boolean(related="policy_id.extended")
    effect = fields.Char(compute="_compute_effect", string="Brings About")

    @api.model
    def _get_outcomes(self):
        vocabulary = self.env["cs.vocabulary"]
        return vocabulary._get_selection(vocabulary._get_outcomes())

    @api.model
    def _get_raise_items(self):
        return self.env["cs.raise"]._get_items()

    @api.depends(
        "outcome",
        "raise_item",
        "raise_amount",
        "raise_percent",
        "raise_months",
        "trial_months",
        "plan_months",
        "during",
        "during_any_time",
    )
    @api.depends_context("lang")
    def _compute_effect(self):
        for rule in self:
            rule.effect = self.env["cs.words"]._say_brought(rule)

    def _clear_unsaid(self):
        """What the form hides is not left behind."""
        for name, outcome in SAID.items():
            if self.outcome != outcome:
                self[name] = False
        if self.outcome != "raise":
            self.raise_item = False
        if not self.during:
            self.during_any_time = False

    def _check_effect(self):
        """Refuse a rule whose outcome lacks what it needs, or says what another one needs."""
        for rule in self:
            fault = rule._find_effect_fault()
            if fault:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, rule %(rule)s: %(fault)s",
                        policy=rule.policy_id.name,
                        rule=rule.code,
                        fault=fault,
                    )
                )

    def _find_effect_fault(self):
        for name, outcome in SAID.items():
            if self[name] and self.outcome != outcome:
                return self.env._(
                    "%(field)s is said of another outcome.",
                    field=self._fields[name]._description_string(self.env),
                )
        if self.outcome == "raise" and bool(self.raise_amount) == bool(self.raise_percent):
            return self.env._("say how much more a raise is: an amount, or a percentage.")
        if self.raise_percent and (self.raise_item or BASE) not in (BASE, APPRAISAL):
            return self.env._("a percentage is of the base wage or the appraisal pay alone.")
        if self.outcome == "plan" and not self.plan_months:
            return self.env._("say for how many months an improvement plan runs.")
        return None

    def _check_raised_items(self):
        """What is raised is paid by the policy: asked once it comes into force."""
        for rule in self.filtered(lambda each: each.outcome == "raise"):
            code = rule.raise_item or BASE
            if code not in {item.code for item in rule.policy_id._compile().items}:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, rule %(rule)s raises %(item)s, which the policy does "
                        "not pay.",
                        policy=rule.policy_id.name,
                        rule=rule.code,
                        item=code,
                    )
                )
