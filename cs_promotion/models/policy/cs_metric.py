from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from ...engine.decimals import decimal
from ...engine.rule import MONTHS_MAX
from ...engine.vocabulary import (
    COUNT,
    EACH,
    EVENT,
    HALF,
    LAST,
    LEAST,
    LENGTHS,
    MEAN,
    MONTH,
    MOST,
    QUARTER,
    SINCE,
    SUM,
    VIOLATION,
    YEAR,
    Metric,
)
from .cs_metric_series_mixin import (
    BEFORE,
    FIGURE,
    ITEM,
    MEMBERS,
    OF_ONE,
    OF_TWO,
    OWN_PAY,
    PARTS,
    PAY,
    PERIOD,
    RANK,
    ROLLING,
    SCALED,
    SECTION,
    TARGET,
    VIOLATIONS,
)


class CsMetric(models.Model):
    """Something that a company measures: typed or imported, or made of other metrics.

    Metrics are shared, as tiers are: a code means the same everywhere. Rules, measured items,
    scales and pay items name it by its code, beside the metrics that addons declare; it is one
    more term of ``cs.vocabulary``.
    """

    _name = "cs.metric"
    _inherit = ["cs.metric.series.mixin", "cs.shared.mixin", "cs.guard.mixin", "cs.code.mixin"]
    _description = "CS Metric"
    _order = "sequence, code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Its name in policies, packages and scenarios.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    unit = fields.Char(translate=True, help="As it stands behind a value: %, s, calls.")
    kind = fields.Selection(
        [
            (FIGURE, "Typed or imported"),
            (TARGET, "A target that the policy sets"),
            (VIOLATIONS, "Confirmed violations of some kinds"),
            ("ratio", "One metric divided by another"),
            ("difference", "One metric less another"),
            ("product", "One metric times another"),
            ("sum", "One metric and another together"),
            (PERIOD, "A metric over a longer period"),
            (BEFORE, "A metric in the period before"),
            (ROLLING, "A metric over the last months"),
            (SCALED, "A metric through a scale"),
            (PARTS, "Parts with weights, such as an exam"),
            (MEMBERS, "A metric of all members"),
            (RANK, "The place that a metric has among the members"),
            (PAY, "The pay items of the members"),
            (OWN_PAY, "The agent's own pay items"),
            (SECTION, "Points of a section of the form"),
            (ITEM, "Points of an item of the form"),
        ],
        required=True,
        default=FIGURE,
        help="Where its values come from.",
    )
    subject = fields.Selection(
        [("agent", "An agent"), ("department", "A department"), ("company", "The company")],
        string="Measured of",
        required=True,
        default="agent",
        help="A department's or the company's value is that of each of its agents.",
    )
    grain = fields.Selection(
        [
            (EVENT, "A day on which something happened"),
            (MONTH, "A month"),
            (QUARTER, "A quarter"),
            (HALF, "Half a year"),
            (YEAR, "A year"),
        ],
        string="A Value Is of",
        required=True,
        default=MONTH,
    )
    gather = fields.Selection(
        [
            (SUM, "Added up"),
            (MEAN, "Their mean"),
            (LAST, "The newest of them"),
            (COUNT, "How many there are"),
            (LEAST, "The smallest"),
            (MOST, "The largest"),
        ],
        string="Over Longer Periods",
        required=True,
        default=SUM,
        help="What several values come to together.",
    )
    one = fields.Selection(
        selection="_get_choice", string="Of Metric", help="The metric that it is made of."
    )
    other = fields.Selection(selection="_get_choice", string="And Metric", help="The second one.")
    severity = fields.Selection(
        [
            ("minor", "Minor or worse"),
            ("moderate", "Moderate or worse"),
            ("serious", "Serious"),
        ],
        help="Which violations are counted; by default all.",
    )
    type_ids = fields.Many2many("cs.violation.type", string="Kinds of Violation")
    scale_id = fields.Many2one("cs.scale", ondelete="restrict")
    part_ids = fields.One2many("cs.metric.part", "metric_id", string="Parts", copy=True)
    direction = fields.Selection(
        [("down", "The highest first"), ("up", "The lowest first")],
        string="Who Comes First",
        required=True,
        default="down",
        help="Of a place among the members.",
    )
    months = fields.Integer(
        string="Over Months", default=3, help="So many months, this one included."
    )
    valid_months = fields.Integer(
        string="Parts Count For",
        help="In months: an older part has to be taken again before there is a whole; 0: for ever.",
    )
    percent = fields.Boolean(
        string="In Percent", help="A ratio times a hundred; points in percent of the most."
    )
    section = fields.Char(help="The code of the section, as forms have it.")
    item = fields.Integer(string="Item Number", help="The number of the item on the form.")
    pay_items = fields.Char(
        help="Codes of the pay items that are added up, with commas between, such as "
        "BASE, APPRAISAL. Of the members it is the mean over the others, by their last day the "
        "department's or the company's, who were employed for the whole month; of the agent it "
        "is what the items are of the month, whenever they are paid.",
    )
    tier_ids = fields.Many2many(
        "cs.tier", string="On the Tiers", help="Of which members; empty: those on every tier."
    )
    late = fields.Boolean(
        string="May Come Late",
        help="Values of a closed month may still be entered and corrected, as only pay goes by "
        "them. Others are closed with the month.",
    )
    measure_count = fields.Integer(compute="_compute_measure_count", string="Values")

    _code_uniq = models.Constraint("UNIQUE(code)", "A metric's code must be unique.")

    def _compute_measure_count(self):
        counts = dict(
            self.env["cs.measure"]._read_group(
                [("metric_id", "in", self.ids)], ["metric_id"], ["__count"]
            )
        )
        for metric in self:
            metric.measure_count = counts.get(metric, 0)

    @api.model
    def _get_choice(self):
        vocabulary = self.env["cs.vocabulary"]
        return vocabulary._get_selection(vocabulary._get_metrics())

    @api.depends("name", "unit")
    def _compute_display_name(self):
        for metric in self:
            metric.display_name = f"{metric.name} ({metric.unit})" if metric.unit else metric.name

    @api.model_create_multi
    def create(self, vals_list):
        metrics = super().create(vals_list)
        self.env.registry.clear_cache("stable")
        metrics._check_declaration()
        return metrics

    def write(self, vals):
        if set(vals) & set(self._fields) - {"name", "sequence", "active", "unit", "late"}:
            self._check_unused()
        written = super().write(vals)
        self.env.registry.clear_cache("stable")
        self._check_declaration()
        return written

    def unlink(self):
        unlinked = super().unlink()
        self.env.registry.clear_cache("stable")
        return unlinked

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        """What something goes by means tomorrow what it meant yesterday."""
        for metric in self:
            naming = metric._find_user()
            if naming:
                raise UserError(
                    self.env._(
                        "Metric %(metric)s is used by %(user)s: what it is can no longer change.",
                        metric=metric.code,
                        user=naming,
                    )
                )

    def _find_user(self):
        """Something that goes by this metric, in words; nothing where nothing does."""
        self.ensure_one()
        # superuser: whether anything does, whoever may see it
        for model, fields_ in self._get_users().items():
            for name in fields_:
                value = self.id if self.env[model]._fields[name].relational else self.code
                named = self.env[model].sudo().search([(name, "=", value)], limit=2)
                found = (named - self)[:1] if model == self._name else named[:1]
                if found:
                    return f"{found._description} {found.display_name}"
        return None

    @api.model
    def _get_users(self):
        """Model -> fields that name a metric, by its code or its record. To extend."""
        return {
            "cs.measure": ["metric_id"],
            "cs.policy.condition": ["metric"],
            "cs.policy.class.proviso": ["metric"],
            "cs.policy.item": ["metric", "share_by"],
            "cs.policy.item.factor": ["metric"],
            "cs.policy.item.proviso": ["metric"],
            "cs.policy.order": ["metric"],
            "cs.policy.target": ["metric_id"],
            "cs.scorecard.item": ["metric"],
            "cs.metric": ["one", "other"],
            "cs.metric.part": ["metric"],
        }

    def _check_declaration(self):
        """It is made of metrics that there are, not of itself, and of periods that fit."""
        known = self.env["cs.vocabulary"]._get_metrics()
        for metric in self:
            fault = metric._find_fault(known)
            if fault:
                raise ValidationError(
                    self.env._("Metric %(metric)s: %(fault)s.", metric=metric.code, fault=fault)
                )

    def _find_fault(self, known):
        self.ensure_one()
        if self.code in known and known[self.code].source != self._name:
            return self.env._("there is a metric of this code already: choose another")
        made_of = self._get_made_of()
        if not all(made_of):
            return self.env._("say of which metrics it is made")
        for code in made_of:
            if code not in known:
                return self.env._("there is no metric %s", code)
            if self.code in self._get_all_made_of(code):
                return self.env._("it would be made of itself")
        for code in made_of:
            if known[code].read in SINCE:
                return self.env._(
                    "%s is counted from a beginning: nothing is made of it. Let rules ask for it "
                    "itself; a pay item takes it through a scale of its own",
                    code,
                )
        if self._is_made_of_pay(made_of):
            return self.env._(
                "what is paid is known on payslips alone: of it there is nothing made but the "
                "agent's own pay over a longer period"
            )
        return self._find_kind_fault() or (
            self._find_parts_fault(known)
            if self.kind == PARTS
            else self._find_grain_fault(known, made_of)
        )

    def _find_kind_fault(self):
        """What a metric of its kind has to say besides, and of what periods it is."""
        if self.kind == SCALED and not self.scale_id:
            return self.env._("it needs a scale")
        if self.kind in (PAY, OWN_PAY) and (self.grain != MONTH or not self._get_pay_codes()):
            return self.env._("pay is of a month, and of the items named by their codes")
        if self.kind == OWN_PAY and self.subject != "agent":
            return self.env._("the agent's own pay is measured of an agent")
        if self.kind == TARGET and (self.subject != "agent" or self.grain == EVENT):
            return self.env._("a target is one of each agent, for a period")
        if self.kind == VIOLATIONS and self.grain != EVENT:
            return self.env._(
                "a violation is of a day; how many a month has is a metric of the kind 'period'"
            )
        if (self.kind == SECTION and not self.section) or (self.kind == ITEM and not self.item):
            return self.env._("it needs the code of a section, or the number of an item")
        if self.kind in (SECTION, ITEM) and self.grain == EVENT:
            return self.env._("a form is of a period")
        if self.kind == BEFORE and self.grain == EVENT:
            return self.env._("a day has no period before it")
        if self.kind == ROLLING and (self.grain != MONTH or not 2 <= self.months <= MONTHS_MAX):
            return self.env._("over the last 2 to %s months it is one of each month", MONTHS_MAX)
        if self.kind == RANK and (self.grain == EVENT or self.subject == "agent"):
            return self.env._("a place is one of a period, in the department or the company")
        return None

    def _is_made_of_pay(self, made_of):
        """Whether it is made of what is paid, and not of the agent's own pay over a longer
        period."""
        if self.kind == PERIOD and self._get_sums(made_of).get(self.one, ("", ""))[1] == MONTH:
            return False
        return bool(made_of and self._get_paid(made_of))

    def _find_grain_fault(self, known, made_of):
        """A metric of two may be of a longer period than they are; of others only one of a period
        is."""
        lengths = [LENGTHS[known[code].grain] for code in made_of]
        own = LENGTHS[self.grain]
        if self.kind == ROLLING and max(lengths) > own:
            return self.env._("%s is of a longer period", self.one)
        if self.kind == PERIOD and max(lengths) >= own:
            return self.env._("%s is of no shorter period", self.one)
        if self.kind in OF_TWO and max(lengths) > own:
            longer = made_of[lengths.index(max(lengths))]
            return self.env._("%s is of a longer period", longer)
        if self.kind in (SCALED, BEFORE, MEMBERS, RANK) and lengths != [own]:
            return self.env._("a value of it has to be of the same period as that of %s", self.one)
        return None

    def _find_parts_fault(self, known):
        if self.grain != EVENT or any(known[part.metric].grain != EVENT for part in self.part_ids):
            return self.env._("it and its parts are of a day on which something happened")
        if len(self.part_ids) < 2 or any(part.weight <= 0 for part in self.part_ids):
            return self.env._("it needs two parts at least, each with a weight above 0")
        if not 0 <= self.valid_months <= MONTHS_MAX:
            return self.env._("parts count for 0 to %s months", MONTHS_MAX)
        return None

    def _get_pay_codes(self):
        return tuple(filter(None, (each.strip() for each in (self.pay_items or "").split(","))))

    @api.model
    def _get_teams(self, codes):
        """Of those of these metrics that are others' pay: code -> codes of the pay items, ids of
        tiers, and of which members: ``department`` or ``company``."""
        metrics = self._search_all([("code", "in", list(codes)), ("kind", "=", PAY)])
        return {
            metric.code: (
                metric._get_pay_codes(),
                frozenset(metric.tier_ids.ids),
                "company" if metric.subject == "company" else "department",
            )
            for metric in metrics
        }

    @api.model
    def _get_sums(self, codes):
        """Of those of these metrics that are the agent's own pay: code -> codes of the pay items,
        the grain, and what months come to together."""
        metrics = self._search_all([("kind", "=", OWN_PAY)])
        own = {each.code: each._get_pay_codes() for each in metrics}
        if not own:
            return {}
        longer = self._search_all([("kind", "=", PERIOD), ("one", "in", list(own))])
        sums = {code: (items, MONTH, SUM) for code, items in own.items()}
        sums |= {each.code: (own[each.one], each.grain, each.gather) for each in longer}
        return {code: each for code, each in sums.items() if code in codes}

    @api.model
    def _get_paid(self, codes):
        """Those of these codes that are what somebody is paid: pay items alone can go by them."""
        return {*self._get_teams(codes), *self._get_sums(codes)}

    def _get_made_of(self):
        """Codes of the metrics that this one is made of."""
        self.ensure_one()
        if self.kind in OF_TWO:
            return [self.one, self.other]
        if self.kind == PARTS:
            return self.part_ids.mapped("metric")
        return [self.one] if self.kind in OF_ONE else []

    @api.model
    def _get_all_made_of(self, code):
        """The code, and those of all that it is made of."""
        # all of them are read at once, however deep they lie
        by_code = {metric.code: metric for metric in self.browse(self._get_active_ids())}
        found, waiting = set(), [code]
        while waiting:
            code = waiting.pop()
            if code not in found:
                found.add(code)
                waiting += by_code[code]._get_made_of() if code in by_code else ()
        return found

    # ------------------------------------------------------------------ terms

    @api.model
    def _get_terms(self):
        """Code -> :class:`~...engine.vocabulary.Metric`, of all that companies measure."""
        terms = {}
        # superuser: the words of a policy are for whoever reads it
        for metric in self.sudo().browse(self._get_active_ids()):
            percent = metric.percent or metric.unit == "%"
            shown = "%s %%" if percent else f"%s {(metric.unit or '').replace('%', '%%')}".strip()
            is_counted = metric.kind == VIOLATIONS
            terms[metric.code] = Metric(
                metric.code,
                metric.grain,
                COUNT if is_counted else EACH,
                VIOLATION if is_counted else "",
                source=self._name,
                gather=metric.gather,
                low=decimal("-1e9"),
                step=decimal("0.01"),
                name=metric.name,
                shown=shown,
            )
        return terms

    @ormcache(cache="stable")
    def _get_active_ids(self):
        return tuple(self.with_context(active_test=False).sudo().search([]).ids)
