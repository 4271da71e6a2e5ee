from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.decimals import decimal
from ...engine.rule import MONTHS_MAX, Condition
from ...engine.vocabulary import COUNT, EACH, LAST, LEAST, MEAN, MOST, SUM, VALUES, Metric
from .cs_policy_part import COMPARISONS

# all that it is made of
SAID = ("metric", "operator", "value", "value_max", "times", "consecutive", "window", "months")
SAID += ("reading", "group", "value_from")
FOLLOWED = ("pass_mark", "top_n")  # settings that a value may follow
SHARE = "share_"  # a value in percent of those ranked, and how that is rounded


class CsPolicyCondition(models.Model):
    """One condition of a rule: metric, operator, value, how often, in which window."""

    _name = "cs.policy.condition"
    _inherit = "cs.policy.part"
    _description = "CS Policy Condition"
    _rec_name = "rule_id"
    _order = "rule_id, sequence, id"
    _bounds = {"months": (0, MONTHS_MAX)}

    rule_id = fields.Many2one("cs.policy.rule", required=True, index=True, ondelete="cascade")
    policy_id = fields.Many2one(
        related="rule_id.policy_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    metric = fields.Selection(selection="_get_metrics", required=True)
    counted = fields.Boolean(
        compute="_compute_counted", help="What is counted has no times: it is compared once."
    )
    operator = fields.Selection(COMPARISONS, required=True, default=">=")
    value_from = fields.Selection(
        [
            ("fixed", "A fixed value"),
            ("pass_mark", "The policy's pass mark"),
            ("top_n", "The policy's top ranks"),
            ("share_up", "Percent of those ranked, rounded up"),
            ("share_down", "Percent of those ranked, rounded down"),
            ("share_half_up", "Percent of those ranked, rounded half up"),
        ],
        default="fixed",
        required=True,
        help="The number itself, or where it comes from: it changes with a setting that it "
        "follows.",
    )
    value = fields.Float(
        digits=(10, 2), compute="_compute_value", store=True, readonly=False, precompute=True
    )
    value_max = fields.Float(string="Upper Value", digits=(10, 2))
    times = fields.Integer(default=1, help="How many reviews have to meet it.")
    consecutive = fields.Boolean(help="The newest reviews in a row, not any of them.")
    window = fields.Selection(
        [
            ("latest", "The latest reviews"),
            ("tier", "Since the tier began"),
            ("first_months", "In the first months of the tier"),
            ("rolling_months", "In the last months, in the tier"),
            ("last_months", "In the last months, whatever the tier"),
            ("joined", "Since joining"),
            ("period", "The period just closed"),
        ],
        default="latest",
        required=True,
        help="Which of the agent's reviews and values are looked at.",
    )
    months = fields.Integer(string="Window Months")
    reading = fields.Selection(
        [
            (EACH, "Each by itself"),
            (COUNT, "How many there are"),
            (SUM, "Their sum"),
            (MEAN, "Their mean"),
            (LAST, "The newest"),
            (LEAST, "The smallest"),
            (MOST, "The largest"),
        ],
        string="What Is Compared",
        help="Of the values in the window; by default as is usual for the metric.",
    )
    group = fields.Char(
        string="Condition Group",
        help="Conditions of the rule with the same text here are joined the other way round: where "
        "all conditions are needed, one of these is enough; where any is, all of these are needed.",
    )
    extended = fields.Boolean(related="policy_id.extended")
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    @api.model
    def _get_metrics(self):
        vocabulary = self.env["cs.vocabulary"]
        return vocabulary._get_selection(vocabulary._get_metrics())

    @api.depends("metric", "reading")
    def _compute_counted(self):
        metrics = self.env["cs.vocabulary"]._get_metrics()
        for condition in self:
            metric = metrics.get(condition.metric)
            reads = condition.reading or (metric and metric.read) or EACH
            condition.counted = reads not in (EACH, *VALUES)

    @api.depends("value_from", "policy_id.pass_mark", "policy_id.top_n")
    def _compute_value(self):
        for condition in self:
            if condition.value_from in FOLLOWED:
                condition.value = condition.policy_id[condition.value_from]

    @api.model_create_multi
    def create(self, vals_list):
        """A value that follows a setting is computed, also for a policy's duplicate."""
        for vals in vals_list:
            # a duplicate brings the former value along, which would win over the computed one
            if vals.get("value_from") in FOLLOWED:
                vals.pop("value", None)
        return super().create(vals_list)

    @api.constrains("value", "value_from")
    def _check_follows_setting(self):
        for condition in self:
            if condition.value_from not in FOLLOWED:
                continue
            setting = condition.policy_id[condition.value_from]
            if condition.value != setting:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: the value %(value)s follows a setting of the policy, which is "
                        "%(setting)s. Choose a fixed value to differ from it.",
                        rule=condition.rule_id.display_name,
                        value=condition.value,
                        setting=setting,
                    )
                )

    @api.onchange("metric", "reading")
    def _onchange_metric(self):
        """What the form hides of a count is not left behind: it has no times."""
        if self.counted:
            self.update({"times": 1, "consecutive": False})
        if self.reading in VALUES:
            self.consecutive = False

    @api.constrains(*SAID)
    def _check_possible(self):
        # the rule as a whole: what one condition leaves possible another may not
        self.rule_id._check_possible()

    @api.depends(*SAID)
    @api.depends_context("lang")
    def _compute_sentence(self):
        metrics, words = self.env["cs.vocabulary"]._get_metrics(), self.env["cs.words"]
        for condition in self:
            condition.sentence = words._say_condition(condition._read(metrics))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_in_force(self):
        for rule in self.rule_id.filtered(lambda rule: rule.policy_id.state == "active"):
            if not rule.condition_ids - self:
                raise UserError(
                    self.env._(
                        "Policy %(policy)s is in force: rule %(rule)s needs a condition.",
                        policy=rule.policy_id.name,
                        rule=rule.code,
                    )
                )

    def _compile(self, metrics):
        """As the engine judges by it: its metric is one of those declared.

        :param metrics: those of ``cs.vocabulary``, asked once for all conditions of a policy
        """
        self.env["cs.vocabulary"]._find(metrics, self.metric)
        return self._read(metrics)

    def _is_share(self):
        return (self.value_from or "").startswith(SHARE)

    def _read(self, metrics):
        """As it is told, whether its metric is still declared or not."""
        self.ensure_one()
        return Condition(
            metric=metrics.get(self.metric) or Metric(self.metric or ""),
            operator=self.operator,
            value=decimal(self.value),
            value_max=decimal(self.value_max) if self.operator == "between" else None,
            times=self.times,
            consecutive=self.consecutive,
            window=self.window,
            months=self.months,
            reading=self.reading or "",
            group=(self.group or "").strip(),
            share=self.value_from.removeprefix(SHARE) if self._is_share() else "",
        )
