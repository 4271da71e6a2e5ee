from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.engine.calendar import add_months

from ..structure_plan import Layout, mentions, sums, takes_leave
from ..tier_pay import ARREARS, FINE

MANAGER = "payroll.group_payroll_manager"


class CsStructurePrepare(models.TransientModel):
    """Makes a company's own structure one that pays by tier, once it has shown what that does.

    Rules for the items of tier pay are added to the company's; those that pay the same give way
    to them. Everything else - insurance, tax, allowances, unpaid leave - stays as it is.
    """

    _name = "cs.structure.prepare"
    _inherit = ["cs.structure.net.mixin"]
    _description = "Prepare My Structure"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    structure_id = fields.Many2one(
        "hr.payroll.structure",
        string="My Structure",
        required=True,
        compute="_compute_structure_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id)]",
        help="The company's structure by which most of its people are paid.",
    )
    mode = fields.Selection(
        [("copy", "Make a copy of it"), ("change", "Change it as it stands")],
        string="How",
        required=True,
        default="copy",
        help="A copy has the same rules for all that stays. A change is one for everybody who is "
        "paid by the structure.",
    )
    name = fields.Char(
        string="Name of the Copy",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    month = fields.Date(
        string="Month to Compare",
        required=True,
        compute="_compute_month",
        store=True,
        readonly=False,
        precompute=True,
        help="Old and new net are computed for it; from its first day on the structure is set.",
    )
    state = fields.Selection(
        [("plan", "What It Does"), ("net", "Old and New Net")], default="plan", readonly=True
    )
    rule_ids = fields.One2many(
        "cs.structure.prepare.rule",
        "prepare_id",
        string="Rules There Are",
        compute="_compute_rows",
        store=True,
        readonly=False,
    )
    item_ids = fields.One2many(
        "cs.structure.prepare.item",
        "prepare_id",
        string="Rules That Are Added",
        compute="_compute_rows",
        store=True,
        readonly=False,
    )
    agent_ids = fields.One2many("cs.structure.prepare.agent", "prepare_id", string="Agents")
    faults = fields.Text(compute="_compute_faults", string="Look At")

    @api.depends("company_id")
    def _compute_structure_id(self):
        versions = self.env["hr.version"]
        for wizard in self:
            company = wizard.company_id
            if wizard.structure_id.company_id == company:
                continue
            # sudo: by which structure most are paid, whoever may read whose
            found = versions.sudo()._read_group(
                [
                    ("struct_id.company_id", "=", company.id),
                    ("struct_id.cs_tier_pay", "=", False),
                    ("employee_id.company_id", "=", company.id),
                ],
                ["struct_id"],
                ["__count"],
                order="__count desc",
                limit=1,
            )
            wizard.structure_id = found and found[0][0].sudo(False)

    @api.depends("structure_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for wizard in self:
            name = wizard.structure_id.name
            wizard.name = name and self.env._("%s, with tier pay", name)

    @api.depends("company_id")
    def _compute_month(self):
        """The pay month before the present one: its results are known."""
        for wizard in self:
            company = wizard.company_id or self.env.company
            wizard.month = add_months(company._cs_pay_calendar().month(company._cs_today()), -1)

    @api.depends("structure_id")
    def _compute_rows(self):
        for wizard in self:
            layout = wizard._get_layout()
            proposed = layout.propose()
            there = layout.rules.filtered(lambda rule: rule.amount_select == "cs")
            foreign = self.env["cs.policy.item"]._get_foreign(wizard.company_id)
            wizard.rule_ids = [
                Command.clear(),
                *(
                    Command.create({"rule_id": rule.id, "item": proposed.get(rule)})
                    for rule in layout.rules
                ),
            ]
            wizard.item_ids = [
                Command.clear(),
                *(
                    Command.create({"item": item})
                    for item, _name in self.env["hr.salary.rule"]._get_cs_items()
                    if item not in there.mapped("cs_item")
                    and wizard.structure_id
                    and item.removeprefix(ARREARS) not in foreign
                ),
            ]

    @api.depends("rule_ids.item", "item_ids.category_id", "item_ids.code", "mode", "month")
    @api.depends_context("lang")
    def _compute_faults(self):
        for wizard in self:
            wizard.faults = "\n".join(wizard._find_faults()) or False

    def _get_layout(self):
        rules = self.structure_id.get_structure_with_parents().get_all_rules()
        return Layout(rules.filtered("active"), self.env["cs.vocabulary"]._get_pay_items())

    def _find_faults(self):
        """What of the structure has to be looked at by a person."""
        layout = self._get_layout()
        if not self.structure_id:
            return
        gone = self.rule_ids.filtered("item").rule_id
        stays, carried = layout.rules - gone, set(self.item_ids.mapped("code"))
        for rule in gone.filtered(lambda rule: rule.code not in carried):
            for reader in mentions(stays, rule.code):
                yield self.env._(
                    "%(reader)s reckons with %(code)s, which is there no more.",
                    reader=reader.name,
                    code=rule.code,
                )
        for row in self.item_ids:
            total = layout.net if row.item == FINE else layout.gross
            if total and row.category_id and not self._counts(total, row.category_id):
                yield self.env._(
                    "%(total)s does not count the category %(category)s of %(rule)s.",
                    total=total.name,
                    category=row.category_id.name,
                    rule=row.name,
                )
        yield from self._find_leave_taken_twice(stays)
        # sudo: a structure of another company may have it as its parent, too
        children = self.structure_id.sudo().children_ids
        if self.mode == "change" and children:
            yield self.env._(
                "Structures that have it as their parent change with it: %s.",
                ", ".join(children.mapped("name")),
            )

    def _find_leave_taken_twice(self, rules):
        """Unpaid leave is taken off by the policy, or by rules of the company's own."""
        # sudo: managers of payroll need not read policies; one setting is told to them
        policy = self.env["cs.policy"].sudo()._get_in_force(self.company_id, self.month)
        if not policy or policy.unpaid_leave == "none":
            return
        for rule in takes_leave(rules):
            yield self.env._(
                "The rule “%(rule)s” seems to take off unpaid leave, and so does the promotion "
                "policy: it would be taken twice. Take the rule off the structure, or choose in a "
                "new version of the policy that unpaid leave reduces nothing.",
                rule=rule.name,
            )

    def _counts(self, total, category):
        """Whether a rule that adds up categories counts this one, itself or by its parent."""
        counted = sums(total)
        while category:
            if category.code in counted:
                return True
            category = category.parent_id
        return False

    # ------------------------------------------------------------------ steps

    def _check_allowed(self):
        self.ensure_one()
        self.env["cs.guard.mixin"]._check_group(MANAGER)
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._("Choose %s in the list of companies first.", self.company_id.name)
            )
        if self.structure_id.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(structure)s belongs to %(other)s, not to %(company)s.",
                    structure=self.structure_id.name,
                    other=self.structure_id.company_id.name,
                    company=self.company_id.name,
                )
            )
        if self.mode == "copy" and not (self.name or "").strip():
            raise UserError(self.env._("Give the copy a name."))
        self._check_items()

    def _check_items(self):
        """Every item is paid by one rule."""
        given = self.rule_ids.filtered("item").mapped("item")
        double = {item for item in given if given.count(item) > 1}
        if double:
            names = dict(self.env["hr.salary.rule"]._get_cs_items())
            raise UserError(
                self.env._(
                    "Several rules give way to the same item: %s. Choose one for each, the "
                    "others stay or are taken off the structure by hand.",
                    ", ".join(sorted(names[item] for item in double)),
                )
            )
        there = self._get_layout().rules.filtered(lambda rule: rule.amount_select == "cs")
        if not (self.item_ids or there):
            raise UserError(self.env._("There is no rule to add."))

    def action_show_net(self):
        """Show old and new net of the month, for every agent; nothing is changed yet."""
        self._check_allowed()
        self.agent_ids.unlink()
        self.agent_ids = [Command.create(values) for values in self._compare_nets()]
        self.state = "net"
        return self._reopen()

    def action_back(self):
        """Back to what it does."""
        self.check_access("write")
        self.state = "plan"
        return self._reopen()

    def action_set(self):
        """Make the structure, set it for the company and the agents chosen, and show it."""
        self._check_allowed()
        if self.state != "net":
            raise UserError(self.env._("Look at old and new net first."))
        structure = self._build()
        self._assign(structure, self.agent_ids.filtered("chosen").employee_id)
        # sudo: payroll's managers, checked above, need not be administrators for this setting
        self.company_id.sudo().cs_structure_id = structure
        return {
            "type": "ir.actions.act_window",
            "name": structure.name,
            "res_model": "hr.payroll.structure",
            "res_id": structure.id,
            "view_mode": "form",
            "target": "current",
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prepare My Structure"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # ------------------------------------------------------------------ what is made

    def _build(self):
        """The structure that pays by tier: a copy, or this one changed."""
        source = self.structure_id
        chain = source.get_structure_with_parents()
        gone = self.rule_ids.filtered("item").rule_id
        new = self.item_ids._create_rules()
        # a rule above the structure gives way: its chain is taken over, the parent's stays
        whole = self.mode == "copy" or bool(gone - source.rule_ids)
        kept = (chain if whole else source).rule_ids - gone | gone.child_ids - gone
        values = {"rule_ids": [Command.set((kept | new).ids)]}
        if whole:
            values["parent_id"] = False
        if self.mode == "copy":
            return source.create(
                {
                    "name": self.name,
                    "code": source.code and f"{source.code}-CS",
                    "company_id": self.company_id.id,
                    "note": source.note,
                    **values,
                }
            )
        source.write(values)
        # lines that were paid hang on the rule: it is archived, never deleted
        used = source.sudo().search([("rule_ids", "in", gone.ids)]).rule_ids
        (gone - used).active = False
        return source

    def _assign(self, structure, employees):
        """Give it to these agents from the first day of the month on, where their structure is
        none, the one prepared, or the shipped one."""
        start = self.company_id._cs_pay_calendar().period(self.month.replace(day=1)).start
        versions = self.env["hr.version"].search(
            [("employee_id", "in", employees.ids), ("cs_tier_id", "!=", False)]
        )
        ours = versions.filtered(
            lambda each: (
                (not each.date_end or each.date_end >= start)
                and each._get_cs_company() == self.company_id
                and self._takes(each.struct_id)
            )
        )
        ours.struct_id = structure

    def _takes(self, held):
        """Whether agents with this structure get the prepared one: it is theirs, or none, or
        the shipped one, which nobody chose for them."""
        return not held or held == self.structure_id or held.cs_only_tier_pay
