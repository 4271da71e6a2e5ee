"""Salary rules name the item of tier pay that they pay, and each company has its own.

The former release had six rules that all companies shared. Each company's structures get rules
of their own made from them, as they had become by then; the shared ones stay as the archived
templates of later companies.
"""

from odoo import SUPERUSER_ID, api

ITEMS = ("base", "appraisal", "commission", "fine")
ARREARS = ("arrears_base", "arrears_appraisal", "arrears_commission")
FORMER_CODE = "result, result_rate, result_name = payroll.cs.{}"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    rules = {
        name: env.ref(f"cs_promotion_payroll.rule_{name}", raise_if_not_found=False)
        for name in (*ITEMS, *ARREARS, "gross", "net")
    }
    rules = {name: rule for name, rule in rules.items() if rule}
    _name_items(rules)
    _note_on_lines(env, rules)
    _give_own_rules(env, rules)
    env["hr.salary.rule"].union(*rules.values()).active = False
    env["hr.payroll.structure"].search([])._compute_cs_tier_pay()


def _name_items(rules):
    """Rules that compute as they were shipped name their item; HR's own code goes on."""
    for name in ITEMS:
        rule = rules.get(name)
        if rule and (rule.amount_python_compute or "").strip() == FORMER_CODE.format(name):
            rule.write({"amount_select": "cs", "cs_item": name.upper()})


def _note_on_lines(env, rules):
    """Lines say what they paid or took, for payslips that are confirmed as they are."""
    env.flush_all()
    for name in ITEMS:
        if name in rules:
            env.cr.execute(
                "UPDATE hr_payslip_line SET cs_item = %s WHERE salary_rule_id = %s",
                (name.upper(), rules[name].id),
            )
    env.invalidate_all()


def _give_own_rules(env, rules):
    """Each company's structures get rules of its own in place of the shared ones."""
    shared = env["hr.salary.rule"].union(*rules.values())
    structures = env["hr.payroll.structure"].search([("rule_ids", "in", shared.ids)])
    for company, ours in structures.grouped("company_id").items():
        own = {}
        for structure in ours:
            used = {name for name, rule in rules.items() if rule in structure.rule_ids}
            if used & set(ITEMS[:3]):
                used |= set(ARREARS) & set(rules)
            for name in used - set(own):
                own[name] = rules[name].copy({"company_id": company.id, "active": True})
            kept = structure.rule_ids - shared
            structure.rule_ids = kept.union(*(own[name] for name in used))
