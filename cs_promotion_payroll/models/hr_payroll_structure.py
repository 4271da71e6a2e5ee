from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.vocabulary import BASE

from ..ahead import Ahead
from ..structure_plan import Layout
from ..tier_pay import ARREARS, Prepared


class HrPayrollStructure(models.Model):
    _inherit = "hr.payroll.structure"

    cs_tier_pay = fields.Boolean(
        string="Pays by CS Tier",
        compute="_compute_cs_tier_pay",
        store=True,
        recursive=True,
        help="One of its rules, or of those above it, pays an item of tier pay.",
    )

    cs_only_tier_pay = fields.Boolean(
        compute="_compute_cs_only_tier_pay",
        store=True,
        recursive=True,
        help="Besides gross and net it has nothing but tier pay: it is made for agents alone.",
    )

    @api.depends(
        "rule_ids.amount_select",
        "rule_ids.active",
        "rule_ids.category_id.code",
        "cs_tier_pay",
        "parent_id.cs_only_tier_pay",
    )
    def _compute_cs_only_tier_pay(self):
        for structure in self:
            others = structure.rule_ids.filtered(
                lambda rule: (
                    rule.active
                    and rule.amount_select != "cs"
                    and rule.category_id.code not in ("GROSS", "NET")
                )
            )
            parent = structure.parent_id
            structure.cs_only_tier_pay = (
                structure.cs_tier_pay and not others and (not parent or parent.cs_only_tier_pay)
            )

    @api.depends(
        "rule_ids.amount_select",
        "rule_ids.cs_item",
        "rule_ids.amount_python_compute",
        "rule_ids.active",
        "parent_id.cs_tier_pay",
    )
    def _compute_cs_tier_pay(self):
        for structure in self:
            structure.cs_tier_pay = (
                bool(structure.rule_ids._pays_item()) or structure.parent_id.cs_tier_pay
            )

    @api.model
    def _create_tier_pay(self, company):
        """The structure *CS tier pay* of one company, with salary rules of its own.

        Its name is stored, so it is in the company's language, not in that of whoever was
        there when the first agent got a tier.
        """
        words = self.with_context(lang=company._cs_get_lang()).env
        return self.create(
            {
                "name": words._("CS tier pay"),
                "code": "CS",
                "company_id": company.id,
                "parent_id": False,
                "rule_ids": [(6, 0, self._copy_rules(company).ids)],
            }
        )

    @api.model
    def _copy_rules(self, company):
        """Salary rules for all items there are, gross and net, of one company, which may change
        its own."""
        rules = self.env["hr.salary.rule"]
        foreign = self.env["cs.policy.item"]._get_foreign(company)
        places = {
            item: {}
            for item, _name in rules._get_cs_items()
            if item.removeprefix(ARREARS) not in foreign
        }
        codes = [each for each in self.env["cs.vocabulary"]._get_pay_items() if each in places]
        for number, code in enumerate(codes, 1):
            if not rules._get_cs_shipped(code):  # behind the shipped ones, before gross
                places[code] = {"sequence": min(10 * number, 90)}
                places[ARREARS + code] = {"sequence": min(90 + number, 99)}
        made = [rules._create_cs(item, company, **values) for item, values in places.items()]
        totals = [self.env.ref(f"cs_promotion_payroll.rule_{name}") for name in ("gross", "net")]
        made += [rule.copy({"company_id": company.id, "active": True}) for rule in totals]
        return rules.union(*made)

    def _add_items(self, codes):
        """Rules for these pay items where the structure has none: where they belong in it, the
        item among the others, what is settled of it as the last before gross."""
        for structure in self.filtered("cs_tier_pay"):
            rules = structure.get_structure_with_parents().get_all_rules()
            there = set(rules.mapped("cs_item"))
            missing = [code for code in codes if code not in there]
            if not missing:
                continue
            layout = Layout(rules.filtered("active"), {})
            base = rules.filtered(lambda rule: rule.cs_item == BASE).sequence or None
            made = [
                rules._create_cs(
                    item,
                    structure.company_id,
                    sequence=layout.sequence(item, base),
                    category_id=structure._find_category(layout, item).id,
                )
                for item in (*missing, *(ARREARS + code for code in missing))
                if item not in there
            ]
            structure.rule_ids |= rules.union(*made)

    def _find_category(self, layout, item):
        """The category for an item: one that its rules are in already, else the shipped one."""
        for code in layout.category_codes(item):
            found = layout.rules.category_id.filtered(lambda each, code=code: each.code == code)
            if found:
                return found[:1]
        return self.env.ref("cs_promotion_payroll.category_allowance")

    def _pays_by_tier(self):
        """Whether one of these structures pays by tier."""
        return any(structure.cs_tier_pay for structure in self.sudo())

    def get_all_rules(self):
        """OCA asks for each payslip anew: the rules of a structure are read and sorted once for
        all payslips that are made, or computed, together."""
        loaded = Ahead.of(self) if (prepared := Prepared.of(self)) is None else prepared
        if loaded is None:
            return super().get_all_rules()
        if self._ids not in loaded.rules:
            loaded.rules[self._ids] = super().get_all_rules()
        return loaded.rules[self._ids].with_env(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        """Payslips that were done keep the structure that they were computed by."""
        # sudo: payroll officers see their own people only: whether there is one, no more
        slips = self.env["hr.payslip"].sudo()
        for structure in self:
            if slips.search_count(
                [("struct_id", "=", structure.id), ("state", "=", "done")], limit=1
            ):
                raise UserError(
                    self.env._("%s has paid payslips and stays.", structure.display_name)
                )
