import re
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...engine import items as engine
from ...engine.decimals import decimal
from ...engine.pay import PayItem
from ...engine.vocabulary import PolicyError
from ...vocabulary import PAY_ITEMS

# a word that salary rules can name; theirs are those of totals, fines, earlier months
CODE = re.compile(r"^(?!ARREARS_|(?:FINE|GROSS|NET|BASIC|ALW|DED)$|.*_FULL$)[A-Z][A-Z0-9_]*$")
MONTHS = re.compile(r"^\s*\d{1,2}(\s*,\s*\d{1,2})*\s*$")
SCORES = {"month_score": "score"}  # what a month of pay has under another name


class CsPolicyItem(models.Model):
    """A pay item of a policy: what it is of, for whom, what multiplies it, under which conditions
    it is paid, and when (policy language, *Pay*)."""

    _name = "cs.policy.item"
    _inherit = ["cs.policy.part", "cs.name.search.mixin"]
    _description = "CS Pay Item"
    _order = "policy_id, sequence, id"
    _named_by = ("policy_id",)
    _name_parts = ("name", "policy_id")
    _bounds = {
        "later": (0, 24),
        "paid_now": (0, 100),
        "rest_month": (1, 12),
        "rest_parts": (1, 12),
    }

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(
        required=True,
        help="Its name in salary rules and packages: capital letters, digits and underscores.",
    )
    name = fields.Char(required=True, translate=True)
    of = fields.Selection(
        [
            (engine.AMOUNT, "An amount"),
            (engine.METRIC, "A metric"),
            (engine.POOL, "A share of a pool"),
        ],
        string="What It Is of",
        required=True,
        default=engine.AMOUNT,
        help="An amount for each tier, department or post; a metric of the month, times a rate or "
        "through a scale; or a department's or the company's metric, divided among its members.",
    )
    metric = fields.Selection(selection="_get_metrics")
    scale_id = fields.Many2one("cs.scale", ondelete="restrict")
    percent = fields.Boolean(
        string="In Percent", help="Rates, or what the scale gives, are percent of the metric."
    )
    by_days = fields.Boolean(
        default=True,
        help="An amount is paid by the days of the month that tier and post were held; otherwise "
        "the one held last is paid for the month.",
    )
    share_by = fields.Selection(
        selection="_get_metrics",
        string="Divided by",
        help="A pool is divided by this metric of its members; empty: equally.",
    )
    amount_ids = fields.One2many(
        "cs.policy.item.amount", "item_id", string="Amounts or Rates", copy=True
    )
    factor_ids = fields.One2many(
        "cs.policy.item.factor", "item_id", string="Multiplied By", copy=True
    )
    proviso_ids = fields.One2many(
        "cs.policy.item.proviso", "item_id", string="Paid Only If", copy=True
    )
    has_floor = fields.Boolean(string="At Least")
    floor = fields.Float(digits=(16, 2), string="Least Amount")
    has_cap = fields.Boolean(string="At Most")
    cap = fields.Float(digits=(16, 2), string="Most Amount")
    leave = fields.Selection(
        [
            ("base", "Wherever it reduces the base wage"),
            ("all", "Where it reduces all pay"),
            ("none", "Never"),
        ],
        string="Unpaid Leave Reduces It",
        required=True,
        default="all",
        help="By the setting of the policy (W6).",
    )
    months = fields.Char(
        string="Only in Months",
        help="Numbers of the months it is paid in, such as 3, 6, 9, 12; empty: in every month.",
    )
    later = fields.Integer(string="Months Later", help="0: paid in the month it is of.")
    paid_now = fields.Float(
        string="Paid Then (%)",
        digits=(5, 2),
        default=100,
        help="The rest is paid in the next calendar year.",
    )
    rest_month = fields.Integer(
        string="Rest from Month", default=1, help="1 is January of the next calendar year."
    )
    rest_parts = fields.Integer(string="In Monthly Parts", default=1)
    leavers = fields.Selection(
        [("lapse", "Lapses"), ("paid", "Is paid with the last payslip")],
        string="Of Who Leaves",
        required=True,
        default="lapse",
        help="What is not paid yet of somebody whose employment ends.",
    )
    sentence = fields.Text(compute="_compute_sentence", string="In Words")

    _code_uniq = models.Constraint("UNIQUE(policy_id, code)", "A policy has each pay item once.")

    @api.model
    def _get_metrics(self):
        return self.env["cs.metric"]._get_choice()

    @api.depends(
        *("of", "metric", "scale_id", "percent", "by_days", "share_by", "leave", "months"),
        *("has_floor", "floor", "has_cap", "cap", "later", "paid_now", "rest_month", "rest_parts"),
        "leavers",
        *("amount_ids.sentence", "factor_ids.sentence", "proviso_ids.sentence"),
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        words = self.env["cs.words"]
        for item in self:
            item.sentence = words._say_item_of_pay(item, item._read())

    # ------------------------------------------------------------------ written

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._on_changed()
        return items

    def write(self, vals):
        written = super().write(vals)
        self._on_changed()
        return written

    def unlink(self):
        unlinked = super().unlink()
        self.env.registry.clear_cache("stable")
        return unlinked

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        updated = super()._update_field_translations(field_name, translations, digest, source_lang)
        self.env.registry.clear_cache("stable")
        return updated

    def _on_changed(self):
        """Names and salary rules follow; what is in force can be paid."""
        self.env.registry.clear_cache("stable")
        self._check_possible_items()
        self.policy_id.filtered(lambda policy: policy.state == "active")._on_items_changed()

    @api.constrains("code")
    def _check_code(self):
        """Salary rules can name it, and no addon pays an item of this code."""
        declared = self.env["cs.vocabulary"]._get_pay_items()
        own = {code for code, _name, _rests in self._get_known()}
        for item in self:
            taken = item.code in declared.keys() - own or item.code in {
                each.code for each in PAY_ITEMS
            }
            if taken or not CODE.match(item.code):
                raise ValidationError(
                    self.env._(
                        "Pay item %(item)s: the code %(code)s is not possible. Take capital "
                        "letters, digits and underscores, and none that stands for something "
                        "else.",
                        item=item.name,
                        code=item.code,
                    )
                )

    def _check_possible_items(self):
        """Somebody could be paid each of them; drafts included, as mistakes are seen at once."""
        for item in self:
            fault = item._find_fault()
            if fault:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s: %(fault)s.", policy=item.policy_id.name, fault=fault
                    )
                )

    def _find_fault(self):
        self.ensure_one()
        if self.months and not MONTHS.match(self.months):
            return self.env._("%s: months are numbers with commas between", self.name)
        subjects = {
            metric.code: metric.subject
            for metric in self.env["cs.metric"]._search_all([("code", "=", self.metric)])
        }
        if self.of == engine.POOL and subjects.get(self.metric, "agent") == "agent":
            return self.env._("%s: a pool is measured of a department or the company", self.name)
        try:
            self._read().check()
        except PolicyError as error:
            return str(error)
        return None

    # ------------------------------------------------------------------ the engine's

    def _compile(self):
        """These items as the engine pays them: their terms, and the items made of these.

        :return: pairs (:class:`~...engine.items.Terms`, :class:`~...engine.pay.PayItem`)
        """
        found = []
        vocabulary = self.env["cs.vocabulary"]
        metrics = vocabulary._get_metrics() if self else {}
        for item in self:
            terms = item._read(metrics)
            for code in terms.metrics:
                vocabulary._find(metrics, code)
            found.append((terms, item._get_pay_item(terms)))
        return found

    def _get_pay_item(self, terms):
        made = terms.item(self.name or "")
        # what a month has under another name anyway is told by that where it changes (W7)
        rests = made.rests_on | {SCORES[code] for code in made.rests_on & SCORES.keys()}
        return replace(made, rests_on=rests)

    def _read(self, metrics=None):
        """As it is told, whether its metrics are still declared or not."""
        self.ensure_one()
        if metrics is None:
            metrics = self.env["cs.vocabulary"]._get_metrics()

        def known(code):
            return (metrics.get(code) or engine.Metric(code)) if code else None

        within = {each.code: each.subject for each in self._get_own_metrics()}.get(self.metric)
        is_amount, is_deferred = self.of == engine.AMOUNT, self.paid_now < 100
        return engine.Terms(
            self.code or "",
            self.of,
            None if is_amount else known(self.metric),
            None if is_amount or not self.scale_id else self.scale_id._compile(),
            percent=self.percent and not is_amount,
            by_days=self.by_days,
            factors=tuple(each._read(known) for each in self.factor_ids),
            provisos=tuple(each._read(known) for each in self.proviso_ids),
            floor=decimal(self.floor) if self.has_floor else None,
            cap=decimal(self.cap) if self.has_cap else None,
            leave={"base": ("base", "all"), "all": ("all",)}.get(self.leave, ()),
            amounts=tuple(each._compile() for each in self.amount_ids),
            months=frozenset(self._get_months()),
            within="company" if within == "company" else "department",
            share_by=known(self.share_by) if self.of == engine.POOL else None,
            later=self.later,
            now=decimal(self.paid_now),
            rest_month=self.rest_month if is_deferred else 1,
            rest_parts=self.rest_parts if is_deferred else 1,
            lapses=self.leavers == "lapse",
        )

    def _get_months(self):
        return map(int, re.findall(r"\d+", self.months or ""))

    def _get_own_metrics(self):
        if self.of != engine.POOL:
            return self.env["cs.metric"]
        return self.env["cs.metric"]._search_all([("code", "=", self.metric)])

    # ------------------------------------------------------------------ what there is of them

    @api.model
    def _get_declared(self):
        """Code -> pay item, of all that the policies of all companies pay: for salary rules,
        lists and words. What it pays, each policy says (:meth:`cs.policy._compile`)."""
        return {
            code: PayItem(code, _nothing, rests_on=rests, name=name, quiet=True)
            for code, name, rests in self._get_known()
        }

    @api.model
    @ormcache("self.env.lang", cache="stable")
    def _get_known(self):
        # superuser: names for lists, of all companies; kept, as payslips ask for each line
        found = {}
        for item in self.sudo().search([], order="sequence, id"):
            rests = item._get_pay_item(item._read()).rests_on
            _name, others = found.get(item.code, ("", frozenset()))
            found[item.code] = item.name, rests | others
        return tuple((code, *each) for code, each in found.items())

    @api.model
    def _get_foreign(self, company):
        """Codes of pay items that other companies' policies pay and this one's do not."""
        # superuser: which salary rules a company needs, whoever makes them
        own = self.sudo().search([("company_id", "=", company.id)]).mapped("code")
        return {code for code, _name, _rests in self._get_known()} - set(own)


def _nothing(settings, month):
    return 0, 0, (0,)
