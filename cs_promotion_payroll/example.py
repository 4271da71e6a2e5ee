"""The Chinese example structure for a company of a database without demo data."""

from odoo import Command
from odoo.tools import convert_file

MODULE = "cs_promotion_payroll"
FILE = "demo/cs_promotion_payroll_example.xml"


def make_example(company):
    """A copy of the example structure, with salary rules of the company's own."""
    env = company.env(su=True)
    if not env.ref(f"{MODULE}.structure_example", raise_if_not_found=False):
        convert_file(env, MODULE, FILE, {}, mode="init", noupdate=True)
    example = env.ref(f"{MODULE}.structure_example")
    rules = env["hr.salary.rule"].union(
        *(rule.copy({"company_id": company.id}) for rule in example.rule_ids.sorted("sequence"))
    )
    return env["hr.payroll.structure"].create(
        {
            "name": example.name,
            "code": example.code,
            "note": example.note,
            "company_id": company.id,
            "parent_id": False,
            "rule_ids": [Command.set(rules.ids)],
        }
    )
