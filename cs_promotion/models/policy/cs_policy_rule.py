from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...engine import rule as engine
from ...engine.calendar import read_months
from ...engine.decimals import decimal
from ...engine.ladder import Ladder
from ...engine.vocabulary import LENGTHS, LONGER, MONTH

SCORE_MAX = Decimal(100)  # as metrics of scores are declared
MENUS = ("on_application", "trial_months", "plan_months")  # said by a rule, they have a menu


class CsPolicyRule(models.Model):
    """One rule of a policy as data (policy 11)."""

    _name = "cs.policy.rule"
    _inherit = ["cs.policy.rule.effect.mixin", "cs.policy.part", "cs.code.mixin"]
    _description = "CS Policy Rule"
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10, help="Of several rules that apply, the first counts.")
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    tier_id = fields.Many2one(
        "cs.tier", required=True, ondelete="restrict", help="The tier whose agents it looks at."
    )
    tier_to_id = fields.Many2one(
        "cs.tier",
        string="Leads To",
        ondelete="restrict",
        help="The tier that a step up or down leads to; empty: the next one (P3).",
    )
    moves = fields.Boolean(compute="_compute_moves", help="It leads to another tier.")
    match = fields.Selection(
        [("all", "All conditions"), ("any", "Any condition")], default="all", required=True
    )
    condition_ids = fields.One2many("cs.policy.condition", "rule_id", copy=True)
    examined_in = fields.Char(
        string="Looked at in Months",
        help="Numbers of the months at whose closing it is looked at, such as 3, 6, 9, 12; empty: "
        "at every closing.",
    )
    on_application = fields.Boolean(help="It is looked at only for agents who have applied for it.")
    application_months = fields.Integer(
        string="Applications Count For",
        default=1,
        help="In months: how long before the effective date an application may be dated.",
    )
    approval_ids = fields.One2many(
        "cs.policy.approval",
        "rule_id",
        string="Approvals",
        copy=True,
        help="Who approves its decisions, in this order; nobody: as the policy says.",
    )
    extended = fields.Boolean(related="policy_id.extended")
    sentence = fields.Text(compute="_compute_sentence", string="In Words")

    _application_check = models.Constraint(
        f"CHECK(application_months BETWEEN 1 AND {engine.MONTHS_MAX})",
        "Applications count for a month at least.",
    )
    _code_uniq = models.Constraint(
        "UNIQUE(policy_id, code)", "A policy cannot have two rules with the same code."
    )

    @api.depends("outcome")
    def _compute_moves(self):
        outcomes = self.env["cs.vocabulary"]._get_outcomes()
        for rule in self:
            rule.moves = rule.outcome in outcomes and bool(outcomes[rule.outcome].step)

    @api.onchange("outcome", "during")
    def _onchange_outcome(self):
        """What the form hides is not left behind."""
        if not self.moves:
            self.tier_to_id = False
        self._clear_unsaid()

    @api.depends(
        *("match", "examined_in", "tier_to_id.name", "effect"),
        *("condition_ids.sentence", "condition_ids.group", "condition_ids.sequence"),
        *("approval_ids.who", "approval_ids.user_ids", "approval_ids.group_id"),
        *("on_application", "application_months"),
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        words = self.env["cs.words"]
        for rule in self:
            said = words._say_rule(
                rule.match,
                rule._get_parts(),
                rule.tier_to_id.name,
                rule._say_examined(),
                rule.effect,
            )
            rule.sentence = "\n".join([said, *words._say_procedure(rule)])

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        if any(any(rules.mapped(name)) for name in MENUS):
            self.env.registry.clear_cache("stable")  # there is a menu for it now
        return rules

    def write(self, vals):
        written = super().write(vals)
        if not vals.keys().isdisjoint(MENUS):
            self.env.registry.clear_cache("stable")
        return written

    def unlink(self):
        unlinked = super().unlink()
        self.env.registry.clear_cache("stable")
        return unlinked

    @api.model
    @ormcache("name", cache="stable")
    def _is_any(self, name):
        """Whether any rule of any policy says something in this field."""
        # sudo: of all companies, as menus are those of all
        return bool(self.sudo().search_count([(name, "!=", False)], limit=1))

    def _get_parts(self):
        """What stands in the rule, a phrase for each condition and each group of them."""
        self.ensure_one()
        parts = {}
        for condition in self.condition_ids:
            parts.setdefault(condition.group or condition, []).append(condition.sentence or "")
        words = self.env["cs.words"]
        return [
            words._say_group(self.match, sentences) if isinstance(key, str) else sentences[0]
            for key, sentences in parts.items()
        ]

    def _say_examined(self):
        """At which closings the rule is looked at, nothing where at every one; a text that is
        half written says nothing yet."""
        try:
            months = read_months(self.examined_in or "")
        except engine.PolicyError:
            return ""
        return self.env["cs.words"]._say_examined(months)

    def _check_months(self):
        for rule in self:
            try:
                read_months(rule.examined_in or "")
            except engine.PolicyError as error:
                raise ValidationError(
                    self.env._("Rule %(rule)s: %(error)s.", rule=rule.code, error=error)
                ) from None

    @api.constrains(
        *("outcome", "raise_item", "raise_amount", "raise_percent", "raise_months"),
        *("trial_months", "plan_months"),
    )
    def _check_said(self):
        self._check_effect()

    @api.constrains(
        *("code", "match", "tier_id", "tier_to_id", "outcome", "condition_ids", "examined_in"),
        "during",
    )
    def _check_possible(self):
        """Refuse a rule that no agent could ever meet, naming rule and fault.

        A draft may get the rungs of the rule's tiers later: until it comes into force, the
        ladder is taken to have that tier alone, with one above and one below.
        """
        self._check_months()
        ladders = {policy: policy._get_ladder() for policy in self.policy_id}
        for rule, compiled in zip(self, self._compile(), strict=True):
            ladder = ladders[rule.policy_id]
            # the form is filled in in any order: rules before rungs, too
            tiers = {tier.code for tier in rule.tier_id | rule.tier_to_id}
            if rule.policy_id.state == "draft" and not tiers <= {*ladder.steps}:
                target = rule.tier_to_id.code
                ladder = Ladder((target or "", rule.tier_id.code, target or " "))
            if rule.code in rule.policy_id.consequence_ids._get_grounds():
                raise ValidationError(
                    self.env._("Rule %s: this code names one of the fixed procedures.", rule.code)
                )
            try:
                compiled.check(ladder)
            except engine.PolicyError as error:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, %(error)s.", policy=rule.policy_id.name, error=error
                    )
                ) from None

    def _compile(self):
        """These rules as the engine judges by them; the vocabulary is asked once for all."""
        vocabulary = self.env["cs.vocabulary"]
        metrics, outcomes = vocabulary._get_metrics(), vocabulary._get_outcomes()
        reached = {policy: _up_to(metrics, policy) for policy in self.policy_id}
        return tuple(
            engine.Rule(
                code=rule.code,
                tier=rule.tier_id.code,
                outcome=vocabulary._find(outcomes, rule.outcome),
                match=rule.match,
                target=rule.tier_to_id.code or None,
                examined_in=read_months(rule.examined_in or ""),
                during=rule.during or "",
                any_time=rule.during_any_time,
                on_application=rule.on_application,
                application_months=rule.application_months,
                conditions=tuple(
                    each._compile(reached[rule.policy_id]) for each in rule.condition_ids
                ),
            )
            for rule in self
        )


def _up_to(metrics, policy):
    """The metrics, scores going as high as the policy's do; a sum of months as high as they
    together."""
    highest = {MONTH: decimal(policy.score_max or 100)}
    for kind in LONGER:
        months = LENGTHS[kind] if policy[f"{kind}_method"] == "sum" else 1
        highest[kind] = highest[MONTH] * months
    if set(highest.values()) == {SCORE_MAX}:
        return metrics
    return metrics | {
        code: replace(metric, high=highest[metric.grain])
        for code, metric in metrics.items()
        if metric.records == "review" and metric.high == SCORE_MAX
    }
