from odoo import api, fields, models

from odoo.addons.cs_promotion.vocabulary import BASE

from ..structure_plan import mentions
from ..tier_pay import ARREARS


class CsStructurePrepareRule(models.TransientModel):
    """A rule of the company's structure: it stays, or gives way to an item of tier pay."""

    _name = "cs.structure.prepare.rule"
    _description = "Rule of a Structure Being Prepared"
    _order = "id"

    prepare_id = fields.Many2one("cs.structure.prepare", required=True, ondelete="cascade")
    rule_id = fields.Many2one("hr.salary.rule", required=True, readonly=True)
    code = fields.Char(related="rule_id.code")
    sequence = fields.Integer(related="rule_id.sequence")
    category_id = fields.Many2one(related="rule_id.category_id")
    item = fields.Selection(
        selection="_get_items",
        string="Gives Way To",
        help="Empty: the rule stays as it is.",
    )
    fixed = fields.Boolean(compute="_compute_fixed")

    @api.model
    def _get_items(self):
        return [
            (code, name)
            for code, name in self.env["hr.salary.rule"]._get_cs_items()
            if not code.startswith(ARREARS)
        ]

    @api.depends("rule_id")
    def _compute_fixed(self):
        """Rules of tier pay are there already; one below another goes with that."""
        for row in self:
            row.fixed = row.rule_id.amount_select == "cs" or bool(row.rule_id.parent_rule_id)


class CsStructurePrepareItem(models.TransientModel):
    """A rule of tier pay that the structure gets."""

    _name = "cs.structure.prepare.item"
    _description = "Rule Added to a Structure Being Prepared"
    _order = "id"

    prepare_id = fields.Many2one("cs.structure.prepare", required=True, ondelete="cascade")
    item = fields.Selection(selection="_get_items", required=True, readonly=True)
    name = fields.Char(compute="_compute_name")
    replaced_id = fields.Many2one(
        "hr.salary.rule", compute="_compute_replaced_id", string="Instead Of"
    )
    code = fields.Char(compute="_compute_place", store=True, readonly=False)
    sequence = fields.Integer(compute="_compute_place", store=True, readonly=False)
    category_id = fields.Many2one(
        "hr.salary.rule.category", compute="_compute_place", store=True, readonly=False
    )

    @api.model
    def _get_items(self):
        return self.env["hr.salary.rule"]._get_cs_items()

    @api.depends("item")
    @api.depends_context("lang")
    def _compute_name(self):
        names = dict(self._get_items())
        for row in self:
            row.name = names.get(row.item)

    @api.depends("item", "prepare_id.rule_ids.item")
    def _compute_replaced_id(self):
        for row in self:
            row.replaced_id = row.prepare_id.rule_ids.filtered(
                lambda each, row=row: each.item and each.item == row.item
            )[:1].rule_id

    @api.depends("item", "prepare_id.rule_ids.item")
    def _compute_place(self):
        """Number and category of the rule that gives way, else where the structure has room.

        Its code, too, where other rules reckon with it.
        """
        for wizard, rows in self.grouped("prepare_id").items():
            layout = wizard._get_layout()
            instead = {
                each.item: each.rule_id for each in wizard.rule_ids if each.item and each.rule_id
            }
            gone = self.env["hr.salary.rule"].union(*instead.values())
            base = instead[BASE].sequence if BASE in instead else None
            for row in rows.filtered("item"):
                rule = instead.get(row.item)
                read = rule and mentions(layout.rules - gone, rule.code)
                row.code = rule.code if read else row.item
                row.sequence = rule.sequence if rule else layout.sequence(row.item, base)
                model = instead.get(row.item.removeprefix(ARREARS))
                row.category_id = (
                    model.category_id or row._find_category(layout)
                    if (model)
                    else row._find_category(layout)
                )

    def _find_category(self, layout):
        """The category that fits: one that the structure's rules are in already, else one of
        the company's, else the shipped one."""
        Category = self.env["hr.salary.rule.category"]
        company = self.prepare_id.company_id
        for code in layout.category_codes(self.item):
            found = layout.rules.category_id.filtered(lambda each, code=code: each.code == code)
            found = found or Category.search(
                [("code", "=", code), ("company_id", "in", (company.id, False))],
                order="company_id",
                limit=1,
            )
            if found:
                return found[:1]
        shipped = self.env["hr.salary.rule"]._get_cs_shipped(self.item).category_id
        return shipped or self.env.ref("cs_promotion_payroll.category_allowance")

    def _create_rules(self):
        """The company's own rules for these items, in the order of the items: of equal numbers
        the one made first is reckoned first."""
        rules = self.env["hr.salary.rule"]
        order = [item for item, _name in self._get_items()]
        for row in self.sorted(lambda row: order.index(row.item)):
            values = {
                "code": row.code or row.item,
                "sequence": row.sequence,
                "category_id": row.category_id.id,
            }
            if row.replaced_id:
                values["register_id"] = row.replaced_id.register_id.id
                values["appears_on_payslip"] = row.replaced_id.appears_on_payslip
            rules |= rules._create_cs(row.item, row.prepare_id.company_id, **values)
        return rules


class CsStructurePrepareAgent(models.TransientModel):
    """One agent's net of the month by the structure until now, and by the one prepared."""

    _name = "cs.structure.prepare.agent"
    _description = "Agent of a Structure Being Prepared"
    _order = "id"

    prepare_id = fields.Many2one("cs.structure.prepare", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="prepare_id.company_id.currency_id")
    employee_id = fields.Many2one("hr.employee", string="Agent", required=True, readonly=True)
    structure_id = fields.Many2one(
        "hr.payroll.structure", string="Structure Until Now", readonly=True
    )
    selectable = fields.Boolean(readonly=True)
    chosen = fields.Boolean(
        string="Gets It",
        help="Agents with another structure that someone chose for them keep it.",
    )
    old_net = fields.Monetary(readonly=True)
    new_net = fields.Monetary(readonly=True)
    change = fields.Monetary(readonly=True)
    remark = fields.Text(readonly=True)
