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
RULES = ("base", "appraisal", "commission", "gross", "fine", "net")
SHARED = ("hr.salary.rule", "hr.salary.rule.category")

# code of a rule -> what it computes without the addon; payroll may type in the amounts
PLAIN = {
    "BASE": "result = contract.wage",
    "APPRAISAL": "result = inputs.APPRAISAL.amount if inputs.APPRAISAL else 0.0",
    "COMMISSION": "result = inputs.COMMISSION.amount if inputs.COMMISSION else 0.0",
    "FINE": "result = -inputs.FINE.amount if inputs.FINE else 0.0",
}


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
    rules = env["hr.salary.rule"].browse(
        kept.filtered(lambda each: each.model == "hr.salary.rule").mapped("res_id")
    )
    rules.input_ids.filtered(lambda each: each.code in PLAIN).unlink()
    kept.write({"module": ADDON})


def post_init_hook(env):
    """Agents who stand on the ladder already get the salary structure of tier pay; what an
    earlier installation left behind is linked again."""
    _relink_structures(env)
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
    _keep_structures(env)
    _keep_figures(env)
    _make_plain(env)
    # last: from now on these are not found under the addon's name any more
    env["ir.model.data"].search([("module", "=", ADDON), ("model", "in", SHARED)]).write(
        {"module": KEPT}
    )


def _get_rules(env):
    """The salary rules of this addon that are there still."""
    rules = env["hr.salary.rule"]
    for name in RULES:
        rules |= env.ref(f"{ADDON}.rule_{name}", raise_if_not_found=False) or rules
    return rules


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
    for rule in _get_rules(env).filtered(lambda each: each.code in PLAIN):
        rule.amount_python_compute = PLAIN[rule.code]
        rule.note = False
        if rule.code != "BASE":
            rule.input_ids = [(0, 0, {"name": rule.name, "code": rule.code})]


# ---------------------------------------------------------------------- structures


def _keep_structures(env):
    structures = env["hr.payroll.structure"].search([("cs_tier_pay", "=", True)])
    for structure in structures:
        _keep(env, f"tier_pay_{structure.id}", structure)
    for company in env["res.company"].search([("cs_structure_id", "!=", False)]):
        _keep(env, f"company_{company.id}", company.cs_structure_id)


def _relink_structures(env):
    for structure in _get_kept(env, "tier_pay_").values():
        structure.cs_tier_pay = True
    for company_id, structure in _get_kept(env, "company_").items():
        company = env["res.company"].browse(int(company_id)).exists()
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
    categories = rules.category_id
    structures = env["hr.payroll.structure"].search([("rule_ids", "in", rules.ids)])
    if structures:
        plain = _create_wage_rules(env, rules)
        for structure in structures:
            structure.rule_ids = structure.rule_ids - rules + plain
    lines = env["hr.payslip.line"].search([("salary_rule_id", "in", rules.ids)])
    if lines:
        lines.salary_rule_id = env["hr.salary.rule"].create(
            {
                "name": env._("Former tier pay of customer service"),
                "code": "CS_FORMER",
                "active": False,
                "company_id": False,
            }
        )
    # Categories sort the lines that stay; they become the company's own. Nothing else of
    # ours is needed, so the rules are deleted with the addon's other records.
    used = categories if structures or lines else env["hr.salary.rule.category"]
    env["ir.model.data"].search(
        [
            ("module", "=", ADDON),
            ("model", "=", "hr.salary.rule.category"),
            ("res_id", "in", used.ids),
        ]
    ).unlink()


def _create_wage_rules(env, rules):
    """Plain rules in place of those of tier pay: for wage, gross and net, and for whatever else
    rules of the company's own reckon with by its code."""
    plain = env["hr.salary.rule"]
    others = plain.search([("id", "not in", rules.ids)])
    texts = "\n".join(
        str(text)
        for rule in others
        for text in (rule.amount_python_compute, rule.condition_python, rule.amount_percentage_base)
    )
    for rule in rules:
        if rule.code not in ("BASE", "GROSS", "NET") and not re.search(rf"\b{rule.code}\b", texts):
            continue
        plain |= plain.create(
            {
                "name": env._("Wage") if rule.code == "BASE" else rule.name,
                "code": rule.code,
                "sequence": rule.sequence,
                "category_id": rule.category_id.id,
                "company_id": False,
                "amount_select": "code",
                "amount_python_compute": PLAIN.get(rule.code, rule.amount_python_compute),
            }
        )
    return plain


# ---------------------------------------------------------------------- figures and takings


def _keep_figures(env):
    """Lay by what payslips were computed from and what they took of fines: a fine that was
    taken must not be taken again when the addon comes back."""
    slips = env["hr.payslip"].search(["|", ("cs_figures", "!=", False), ("cs_warned", "=", True)])
    kept = {
        "figures": [[each.id, each.cs_figures, each.cs_warned] for each in slips],
        "takings": [
            [each.slip_id.id, each.violation_id.id, each.amount]
            for each in env["cs.fine.taking"].search([])
        ],
    }
    # of no record, and not public: administrators alone read it
    attachment = env["ir.attachment"].create(
        {
            "name": "cs_promotion_payroll.json",
            "raw": json.dumps(kept).encode(),
        }
    )
    _keep(env, "figures", attachment)


def _restore_figures(env):
    for attachment in _get_kept(env, "figures").values():
        kept = json.loads(attachment.raw or b"{}")
        slips = env["hr.payslip"].browse([each[0] for each in kept.get("figures", ())]).exists()
        for slip_id, figures, warned in kept.get("figures", ()):
            if slip_id in slips.ids:
                env["hr.payslip"].browse(slip_id).write(
                    {"cs_figures": figures, "cs_warned": warned}
                )
        _restore_takings(env, kept.get("takings", ()))
        attachment.unlink()


def _restore_takings(env, takings):
    """Book again what payslips took of fines, where payslip and violation are there still."""
    slips = set(env["hr.payslip"].browse([each[0] for each in takings]).exists().ids)
    fines = set(env["cs.violation"].browse([each[1] for each in takings]).exists().ids)
    env["cs.fine.taking"].create(
        [
            {"slip_id": slip, "violation_id": violation, "amount": amount}
            for slip, violation, amount in takings
            if slip in slips and violation in fines
        ]
    )
