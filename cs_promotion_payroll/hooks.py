"""Coming, leaving and coming back.

Payslips and the people's salary structures belong to the company, and stay when this addon goes:
the salary rules are turned into plain ones that compute without it, and what its own columns
held is laid by. When it comes back, it finds all of it again. When customer service goes as
well, its salary rules go, too.
"""

import json
import re

ADDON = "cs_promotion_payroll"
# Not the name of an addon: what is filed under it outlives the addon
KEPT = f"__{ADDON}__"
SHARED = ("hr.salary.rule", "hr.salary.rule.category")

# item of a rule -> what it computes without the addon; payroll may type in all other amounts
PLAIN = {
    "BASE": "result = contract.wage",
    "FINE": "result = -inputs.FINE.amount if inputs.FINE else 0.0",
}
TYPED = "result = inputs.{code}.amount if inputs.{code} else 0.0"


def pre_init_hook(env):
    """Find the salary rules and categories that an earlier installation left behind.

    The data files then write what they compute by tier into these, instead of making others.
    """
    kept = env["ir.model.data"].search(
        [
            ("module", "=", KEPT),
            ("model", "in", SHARED),
            "|",
            ("name", "=like", "rule\\_%"),
            ("name", "=like", "category\\_%"),
        ]
    )
    kept.write({"module": ADDON})


def post_init_hook(env):
    """Agents who stand on the ladder already get the salary structure of tier pay; what an
    earlier installation left behind is linked again."""
    _make_tier_pay(env)
    _relink_companies(env)
    _unarchive_rules(env)
    _restore_figures(env)
    env["ir.model.data"].search([("module", "=", KEPT)]).unlink()
    env["hr.version"]._set_missing_structures()


def uninstall_hook(env):
    """Leave payslips that can be read and salary structures that compute."""
    leaving = env["ir.module.module"].search([("state", "=", "to remove")]).mapped("name")
    if "payroll" in leaving:
        return  # payslips, structures and rules go with it
    _archive_rules(env)
    if "cs_promotion" in leaving:
        _replace_rules(env)
        return
    _keep_companies(env)
    _keep_figures(env)
    _make_plain(env)
    # last: from now on these are not found under the addon's name any more
    env["ir.model.data"].search([("module", "=", ADDON), ("model", "in", SHARED)]).write(
        {"module": KEPT}
    )


def _get_rules(env):
    """The salary rules that pay or take an item of tier pay, archived ones too."""
    rules = env["hr.salary.rule"].with_context(active_test=False)
    return rules.search([("amount_select", "=", "cs")])


def _keep(env, name, record):
    """File a record so that the addon finds it when it comes back."""
    env["ir.model.data"].create(
        {
            "module": KEPT,
            "name": name,
            "model": record._name,
            "res_id": record.id,
            "noupdate": True,
        }
    )


def _get_kept(env, prefix):
    """Name without ``prefix`` -> record filed under it."""
    kept = env["ir.model.data"].search([("module", "=", KEPT), ("name", "=like", f"{prefix}%")])
    found = {each.name.removeprefix(prefix): env[each.model].browse(each.res_id) for each in kept}
    return {name: record for name, record in found.items() if record.exists()}


def _make_plain(env):
    """Turn the rules into plain ones: the contract's wage, and amounts that payroll types in."""
    for rule in _get_rules(env):
        _keep(env, f"item_{rule.cs_item}_{rule.id}", rule)
        _write_plain(rule)


def _write_plain(rule):
    item = rule.cs_item
    rule.write(
        {
            "amount_select": "code",
            "amount_python_compute": PLAIN.get(item) or TYPED.format(code=item),
            "cs_item": False,
            "note": False,
        }
    )
    if item != "BASE":
        rule.input_ids = [(0, 0, {"name": rule.name, "code": item})]


def _make_tier_pay(env):
    """Rules that were turned into plain ones pay their items again, and say how. The item of
    another addon, which is not back yet, stays typed in."""
    blank = env["hr.salary.rule"].default_get(["amount_python_compute"])
    declared = dict(env["hr.salary.rule"]._get_cs_items())
    for name, rule in _get_kept(env, "item_").items():
        item = name.rsplit("_", 1)[0]
        if item not in declared:
            continue
        shipped = rule._get_cs_shipped(item)
        rule.write(blank | {"amount_select": "cs", "cs_item": item, "note": shipped.note})
        rule.input_ids.filtered(lambda each, item=item: each.code == item).unlink()


# ---------------------------------------------------------------------- companies


def _keep_companies(env):
    for company in env["res.company"].search([("cs_structure_id", "!=", False)]):
        _keep(env, f"company_{company.id}", company.cs_structure_id)


def _relink_companies(env):
    for company_id, structure in _get_kept(env, "company_").items():
        company = env["res.company"].browse(int(company_id)).exists()
        if structure._pays_by_tier():
            company.cs_structure_id = structure


def _archive_rules(env):
    """Rules of the company's own that ask for tier pay cannot compute without it."""
    domain = ["|"] * 4 + [
        (name, "like", "payroll.cs")
        for name in (
            "amount_python_compute",
            "condition_python",
            "amount_percentage_base",
            "condition_range",
            "quantity",
        )
    ]
    for rule in env["hr.salary.rule"].search(domain) - _get_rules(env):
        rule.active = False
        _keep(env, f"archived_{rule.id}", rule)


def _unarchive_rules(env):
    for rule in _get_kept(env, "archived_").values():
        rule.active = True


def _replace_rules(env):
    """Customer service goes: no salary rule of it is left, and all structures still compute.

    The lines of old payslips keep name, code, category and amount; they hang on one archived
    rule, since a line needs one.
    """
    rules = _get_rules(env)
    shipped = rules.browse(_get_shipped(env, "hr.salary.rule").mapped("res_id")).exists()
    structures = env["hr.payroll.structure"].search([("rule_ids", "in", rules.ids)])
    needed = (structures.rule_ids & rules).filtered(
        lambda rule: rule.cs_item == "BASE" or _is_reckoned_with(env, rule, rules)
    )
    for rule in needed:
        if rule.cs_item == "BASE":
            rule.name = env._("Wage")
        _write_plain(rule)
    leaving = (rules - needed) | shipped
    lines = env["hr.payslip.line"].search([("salary_rule_id", "in", leaving.ids)])
    if lines:
        lines.salary_rule_id = env["hr.salary.rule"].create(
            {
                "name": env._("Former tier pay of customer service"),
                "code": "CS_FORMER",
                "active": False,
                "company_id": False,
            }
        )
    used = (structures.rule_ids - leaving).category_id | lines.category_id
    (leaving - shipped).unlink()
    # Categories sort the lines that stay; they become the company's own. Nothing else that was
    # shipped is needed, so it is deleted with the addon's other records.
    _get_shipped(env, "hr.salary.rule.category").filtered(
        lambda each: each.res_id in used.ids
    ).unlink()


def _get_shipped(env, model):
    """Where the addon's data files note their records of a model."""
    return env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", model)])


def _is_reckoned_with(env, rule, rules):
    """Whether a rule of the company's own asks for what this one computes, by its code."""
    others = env["hr.salary.rule"].search([("id", "not in", rules.ids)])
    return any(
        re.search(rf"\b{rule.code}\b", text or "")
        for other in others
        for text in (
            other.amount_python_compute,
            other.condition_python,
            other.amount_percentage_base,
        )
    )


# ---------------------------------------------------------------------- figures and takings


def _keep_figures(env):
    """Lay by what payslips were computed from and what they took of fines: a fine that was
    taken must not be taken again when the addon comes back."""
    slips = env["hr.payslip"].search(["|", ("cs_figures", "!=", False), ("cs_warned", "=", True)])
    kept = {
        "figures": [[each.id, each.cs_figures, each.cs_warned, each.cs_facts] for each in slips],
        "settled": env["cs.settlement"]
        .search([])
        .read(["slip_id", "month", "item", "returned", "amount"], load=None),
        "takings": [
            [each.slip_id.id, each.violation_id.id, each.amount]
            for each in env["cs.fine.taking"].search([])
        ],
    }
    # of no record, and not public: administrators alone read it
    attachment = env["ir.attachment"].create(
        {
            "name": "cs_promotion_payroll.json",
            "raw": json.dumps(kept, default=str).encode(),
        }
    )
    _keep(env, "figures", attachment)


def _restore_figures(env):
    for attachment in _get_kept(env, "figures").values():
        kept = json.loads(attachment.raw or b"{}")
        slips = env["hr.payslip"].browse([each[0] for each in kept.get("figures", ())]).exists()
        for slip_id, figures, warned, *facts in kept.get("figures", ()):
            if slip_id in slips.ids:
                # by 19.0.1.0.0 without facts
                values = {
                    "cs_figures": figures,
                    "cs_warned": warned,
                    "cs_facts": (*facts, False)[0],
                }
                for name in ("month", "start", "end"):
                    if name in (figures or {}):
                        field = "cs_pay_month" if name == "month" else f"cs_pay_{name}"
                        values[field] = figures[name]
                env["hr.payslip"].browse(slip_id).write(values)
        _restore_takings(env, kept.get("takings", ()))
        _restore_settled(env, kept.get("settled", ()))
        attachment.unlink()


def _restore_takings(env, takings):
    """Book again what payslips took of fines, where payslip and violation are there still."""
    slips = env["hr.payslip"].browse([each[0] for each in takings]).exists()
    refunds = set(slips.filtered("credit_note").ids)
    slips = set(slips.ids)
    fines = set(env["cs.violation"].browse([each[1] for each in takings]).exists().ids)
    env["cs.fine.taking"].create(
        [
            {
                "slip_id": slip,
                "violation_id": violation,
                # laid by by the first release, what refunds give back is positive
                "amount": -abs(amount) if slip in refunds else amount,
            }
            for slip, violation, amount in takings
            if slip in slips and violation in fines
        ]
    )


def _restore_settled(env, settled):
    """Book again what payslips settled of earlier months."""
    slips = set(env["hr.payslip"].browse([each["slip_id"] for each in settled]).exists().ids)
    rows = [
        {name: value for name, value in each.items() if name != "id"}
        for each in settled
        if each["slip_id"] in slips
    ]
    env["cs.settlement"].create(rows)
