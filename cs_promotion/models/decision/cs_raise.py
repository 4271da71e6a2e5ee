from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...engine.decimals import decimal, fraction, round_half_up
from ...engine.pay import full_wage
from ...vocabulary import APPRAISAL, BASE
from ..many import any_of


class CsRaise(models.Model):
    """What one agent is paid more of a pay item from a day on, as long as the ladder is held.

    Made by a decision of a rule, which takes it back when it is withdrawn; or entered by hand,
    with the reason. Tiers come and go beside it.
    """

    _name = "cs.raise"
    _inherit = ["cs.employee.mixin", "mail.thread"]
    _description = "Personal Raise"
    _order = "date_from desc, id desc"
    _employed_date = "date_from"
    _name_parts = ("employee_id", "item", "date_from")
    _bounds = {"amount": (0, None)}

    department_id = fields.Many2one(related="employee_id.department_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    item = fields.Selection(
        selection="_get_items",
        string="Pay Item",
        required=True,
        default="BASE",
        tracking=True,
        help="The amount is added to what the policy pays of it.",
    )
    amount = fields.Monetary(
        string="More a Month",
        required=True,
        tracking=True,
        help="For a full month and full time, as amounts of the ladder are.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._cs_today().replace(day=1),
    )
    date_until = fields.Date(string="Until", tracking=True, help="The last day; empty: for good.")
    reason = fields.Text(tracking=True, help="Why the agent is paid more.")
    decision_id = fields.Many2one(
        "cs.decision",
        string="Decided By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The decision by a rule that made it; withdrawn, it takes it back.",
    )

    _amount_check = models.Constraint("CHECK(amount > 0)", "A raise is more than nothing.")
    _days_check = models.Constraint(
        "CHECK(date_until IS NULL OR date_until >= date_from)",
        "A raise ends on the day it begins or later.",
    )

    @api.model
    def _get_items(self):
        """The items that go by what a person is paid more."""
        terms = self.env["cs.vocabulary"]._get_pay_items()
        return [(code, item.name) for code, item in terms.items() if "raise" in item.rests_on]

    @api.depends("employee_id", "item", "amount", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._get_items())
        for each in self:
            each.display_name = self._join_name(
                each.employee_id.name, names.get(each.item, each.item), each.date_from
            )

    @api.constrains("reason", "decision_id")
    def _check_reason(self):
        for each in self:
            # sudo: the name alone is told, to who has just typed the raise in
            if not each.decision_id and not (each.reason or "").strip():
                raise ValidationError(
                    self.env._("%s: write down the reason.", each.sudo().display_name)
                )

    def _get_frozen(self):
        """What a decision made goes with the decision."""
        return self.filtered("decision_id")

    @api.model
    def _reckon(self, decisions):
        """Decision -> how much more a month its rule pays: an amount, or a percentage of what is
        paid of the item for a full month and full time, former raises that go on included."""
        amounts = {}
        for (company, day), ours in decisions.grouped(
            lambda each: (each.company_id, each.effective_date)
        ).items():
            policy = self.env["cs.policy"]._get_in_force(company, day)
            lines = policy._get_pay_lines()
            settings = policy._compile_rules().settings if policy else None
            running = self._load(company, ours.employee_id.ids)
            for decision in ours:
                rule = decision.rule_id
                amounts[decision] = rule.raise_amount
                if rule.raise_percent:
                    former = running.get(decision.employee_id.id, ())
                    full = self._get_full(decision, lines, settings) + sum(
                        amount
                        for code, amount, start, end in former
                        if code == (rule.raise_item or BASE) and start < day <= end
                    )
                    part = fraction(full) * fraction(decimal(rule.raise_percent)) / 100
                    amounts[decision] = float(round_half_up(part))
        return amounts

    @api.model
    def _get_full(self, decision, lines, settings):
        """What a policy pays of the raised item on the tier that was judged, before raises (W1,
        W6).

        :param lines: of the policy, by the code of the tier; and its ``settings``
        """
        line = lines.get(decision.tier_from_id.code)
        if not line:
            return Decimal(0)
        if decision.rule_id.raise_item == APPRAISAL:
            return line.appraisal_pay
        # sudo: whoever has decisions applied need not read wages
        version = decision.employee_id.sudo()._get_version(decision.effective_date)
        agreed = decimal(version.wage) if version.cs_wage_agreed else None
        return full_wage(settings, line.base_wage, agreed)

    @api.model
    def _load(self, company, employee_ids):
        """Employee id -> (item, amount, first, last day) of each raise, the oldest first.

        Reads past access rights: payroll needs none in customer service.
        """
        self.flush_model()
        found = defaultdict(list)
        for employee, code, amount, start, end in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, item, amount, date_from, date_until FROM cs_raise
                 WHERE employee_id = %s AND company_id = %s ORDER BY date_from, id
                """,
                any_of(employee_ids),
                company.id,
            )
        ):
            found[employee].append((code, decimal(amount), start, end or date.max))
        return found
