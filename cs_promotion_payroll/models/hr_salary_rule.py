import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tier_pay import ARREARS, FINE, FORMER, get_categories

ASKS = re.compile(r"\bpayroll\.cs\.(\w+)")
ASKS_FOR_FINE = re.compile(r"\bpayroll\.cs\.fine\b")


class HrSalaryRule(models.Model):
    """A salary rule that pays an item of tier pay, settles one, or takes fines.

    It names the item, no more: how an item comes about is computed in one place for all
    payslips, not in rules (W2-W7).
    """

    _inherit = "hr.salary.rule"

    amount_select = fields.Selection(
        selection_add=[("cs", "CS Tier Pay")], ondelete={"cs": lambda rules: rules._leave_cs()}
    )
    cs_item = fields.Selection(
        selection="_get_cs_items",
        string="Pay Item",
        help="What of tier pay the rule pays or takes.",
    )

    @api.model
    def _get_cs_items(self):
        """Pairs (code, name) of all that a rule can pay, settle or take, in the order in which
        it belongs on a payslip."""
        names = self.env["cs.pay.words"]._get_item_names()
        settled = [
            (ARREARS + code, self.env._("Settled of earlier months: %s", name))
            for code, name in names
        ]
        return [*names, *settled, (FINE, self.env._("Fines"))]

    @api.constrains("amount_select", "cs_item")
    def _check_cs_item(self):
        for rule in self:
            if rule.amount_select == "cs" and not rule.cs_item:
                raise ValidationError(
                    self.env._("Rule %s: choose the item of tier pay that it pays.", rule.name)
                )

    def _compute_rule_cs(self, localdict):
        """Called by OCA's ``_compute_rule`` for rules of this kind."""
        amount, rate, name = localdict["payroll"].cs.get_line(self.cs_item, localdict)
        return {"name": name, "quantity": 1.0, "rate": rate, "amount": amount}

    def _satisfy_condition(self, localdict):
        """A line that settles earlier months is there only when there is something to settle;
        that of an item only where the month's policy pays it."""
        applies = super()._satisfy_condition(localdict)
        if not applies or self.amount_select != "cs" or self.cs_item == FINE:
            return applies
        if not self.cs_item.startswith(ARREARS):
            item = localdict["payroll"].cs.figures.item(self.cs_item)
            if item is None:  # of an addon that is gone: the line says so
                return self.cs_item not in self.env["cs.vocabulary"]._get_pay_items()
            return bool(item.amount) or not item.declared.quiet
        item = self.cs_item.removeprefix(ARREARS)
        return bool(localdict["payroll"].cs.get_arrears(item, localdict))

    def _get_cs_item(self):
        """What of tier pay the line of this rule is.

        A rule of one's own in place of the shipped one for fines is known by asking for them,
        or by its code: what it deducts is taken of them (W5).
        """
        self.ensure_one()
        if self.cs_item:
            return self.cs_item
        asks = self.amount_select == "code" and ASKS_FOR_FINE.search(
            self.amount_python_compute or ""
        )
        return FINE if asks or self.code == FINE else False

    def _get_cs_rule_items(self):
        """What the rule pays, settles or takes: its item, or what its own code asks for.

        What code only reckons with, as insurance does with the wage, is not paid by it.
        """
        self.ensure_one()
        if self.amount_select == "cs":
            return {self.cs_item}
        if self.amount_select != "code":
            return set()
        asked = set(ASKS.findall(self.amount_python_compute or ""))
        items = {FORMER[name] for name in asked & FORMER.keys()}
        if asked and {"BASIC", "ALW", "GROSS"} & set(get_categories(self)):
            items |= asked & self.env["cs.vocabulary"]._get_pay_items().keys()
        return items

    def _leave_cs(self):
        """The bridge goes: rules stay, so that structures still compute, and pay nothing."""
        self.write({"amount_select": "fix", "amount_fix": 0.0})

    def _pays_item(self):
        """Those of these rules that pay an item of tier pay, by its name or in code of their own
        that asks for it."""
        items = self.env["cs.vocabulary"]._get_pay_items().keys()
        return self.filtered(
            lambda rule: (
                rule.cs_item in items
                if rule.amount_select == "cs"
                else rule.amount_select == "code"
                and (items | FORMER.keys()) & set(ASKS.findall(rule.amount_python_compute or ""))
            )
        )

    @api.model
    def _create_cs(self, item, company, **values):
        """A rule of the company's own that pays, settles or takes an item: a copy of the shipped
        one, or, for the item of another addon, an allowance of its name, in every language."""
        values = {"company_id": company.id, "active": True, **values}
        shipped = self._get_cs_shipped(item)
        if shipped:
            return shipped.copy(values)
        rule = self.create(
            {
                "name": item,
                "code": item,
                "category_id": self.env.ref("cs_promotion_payroll.category_allowance").id,
                "amount_select": "cs",
                "cs_item": item,
                **values,
            }
        )
        for lang, _name in self.env["res.lang"].get_installed():
            translated = rule.with_context(lang=lang)
            translated.name = dict(translated._get_cs_items())[item]
        return rule

    @api.model
    def _get_cs_shipped(self, item):
        """The shipped rule for an item; none for what other addons declare."""
        name = f"cs_promotion_payroll.rule_{item.lower()}"
        return self.env.ref(name, raise_if_not_found=False) or self.browse()
