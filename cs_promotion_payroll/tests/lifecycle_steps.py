"""What ``test_lifecycle.py`` runs in Odoo shells: texts, since addons come and go in between."""

FILL = """
from odoo.tools import file_open

with file_open("cs_promotion/tests/scenarios/story.json") as file:
    env["cs.replay"]._play(file.read())
company = env["res.company"].search([("name", "=", "Replay")])
env.user.company_ids |= company
env = env(context={"allowed_company_ids": company.ids})
ours = env["hr.payroll.structure"].search([("cs_tier_pay", "=", True)])
below = env["hr.payroll.structure"].create(
    {"name": "Ours", "code": "OURS", "company_id": company.id, "parent_id": ours[0].id}
)
meal = env["hr.salary.rule"].create(
    {
        "name": "Meals",
        "code": "MEALS",
        "sequence": 150,
        "category_id": env.ref("cs_promotion_payroll.category_allowance").id,
        "amount_select": "code",
        "amount_python_compute": "result = BASE * 0 + 10",
    }
)
double = env["hr.salary.rule"].create(
    {
        "name": "By tier",
        "code": "DOUBLE",
        "sequence": 160,
        "category_id": env.ref("cs_promotion_payroll.category_allowance").id,
        "amount_select": "code",
        "amount_python_compute": "result = payroll.cs.base[0]",
    }
)
below.rule_ids = meal + double
agents = env["hr.version"].search(
    [("cs_tier_id", "!=", False), ("contract_date_end", "=", False)]
).employee_id.sorted("id")
agents[0].version_ids[-1].struct_id = below
env["ir.filters"].create({"name": "Mine", "model_id": "cs.decision", "user_ids": []})
env["ir.filters"].create({"name": "Others", "model_id": "res.partner", "user_ids": []})
env["ir.exports"].create({"name": "Mine", "resource": "cs.figure"})
action = env["ir.actions.act_window"].create({"name": "Mine", "res_model": "cs.figure"})
env["ir.ui.menu"].create(
    {
        "name": "Mine",
        "parent_id": env.ref("cs_promotion.cs_promotion_menu_root").id,
        "action": f"ir.actions.act_window,{action.id}",
    }
)
env["ir.model.data"].create(
    {
        "module": "__export__",
        "name": "decision",
        "model": "cs.decision",
        "res_id": env["cs.decision"].search([], limit=1).id,
    }
)
decision = env["cs.decision"].search([], limit=1)
decision.message_post(body="A note")
decision.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
env["ir.attachment"].create({"name": "Proof", "res_model": "cs.decision", "res_id": decision.id})
env.cr.commit()
answer({"agents": agents.ids[:3], "company": company.id})
"""

# ``given`` is what FILL answered, ``month`` the first day of a month that is not paid yet
LOOK = """
from odoo.tools import SQL

company = env["res.company"].browse(given["company"])
env = env(context={"allowed_company_ids": company.ids})
found = {}


def pay(employee):
    version = employee.version_ids[-1]
    slip = env["hr.payslip"].create(
        {
            "employee_id": employee.id,
            "contract_id": version.id,
            "struct_id": version.struct_id.id,
            "company_id": company.id,
            "date_from": month + "-01",
            "date_to": month + "-28",
        }
    )
    slip.compute_sheet()
    return {line.code: [line.total, line.category_id.code] for line in slip.line_ids}


agents = env["hr.employee"].browse(given["agents"])
found["pay"] = {agent.id: pay(agent) for agent in agents}
env.cr.rollback()
found["wages"] = {agent.id: agent.version_ids[-1].wage for agent in agents}
found["lines"] = [
    [line.id, line.slip_id.state, line.code, line.name, line.category_id.code, line.total]
    for line in env["hr.payslip.line"].search([], order="id")
]
rules = env["hr.salary.rule"].with_context(active_test=False).search([], order="id")
found["rules"] = [[each.code, each.active, each.amount_python_compute or ""] for each in rules]
found["categories"] = sorted(
    env["hr.salary.rule.category"].search([]).mapped("code")
)
found["structures"] = {
    each.name: sorted(each.rule_ids.mapped("code"))
    for each in env["hr.payroll.structure"].search([])
}
found["dangling"] = [
    [each.complete_name, each.model]
    for each in env["ir.model.data"].search([("module", "not in", ["base"])])
    if each.model not in env
    or (each.res_id and env[each.model]._auto and not env[each.model].browse(each.res_id).exists())
]
found["xmlids"] = env["ir.model.data"].search([("module", "=like", "%cs_promotion%")]).mapped(
    "complete_name"
)
found["kept"] = {
    table: env.execute_query_dict(
        SQL(
            "SELECT count(*) AS n FROM %s",
            SQL.identifier(table),
        )
    )[0]["n"]
    for (table,) in env.execute_query(
        SQL(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename !~ '^(cs_|ir_|mail_|bus_|wkf_|res_groups|rel_|.*cs_.*)'"
            " AND tablename !~ '(_rel|_wizard|hr_rule_input|base_module.*)$'"
            " AND tablename NOT IN ('hr_salary_rule', 'report_paperformat') ORDER BY 1"
        )
    )
}
faults = []
for action in env["ir.actions.act_window"].search(
    ["|", ("res_model", "=like", "hr.%"), ("res_model", "=like", "%cs.%")]
):
    try:
        env[action.res_model].get_views(
            [(view or False, kind) for view, kind in action.views], {"toolbar": True}
        )
    except Exception as error:
        faults.append([action.name, action.res_model, repr(error)])
found["views"] = faults
found["menus"] = len(env["ir.ui.menu"].load_menus(False))
found["crons"] = [
    cron.name for cron in env["ir.cron"].search([]) if not cron.model_id or "cs." in cron.code
]
if "cs.fine.taking" in env:
    found["takings"] = sorted(
        [each.slip_id.id, each.violation_id.id, each.amount]
        for each in env["cs.fine.taking"].search([])
    )
    found["taken"] = [
        [each.id, each.fine_taken] for each in env["cs.violation"].search([], order="id")
    ]
    found["figures"] = [
        [each.id, each.cs_figures, each.cs_warned, each.cs_facts, str(each.cs_pay_month)]
        for each in env["hr.payslip"].search([], order="id")
    ]
    found["tier_pay"] = sorted(
        env["hr.payroll.structure"].search([("cs_tier_pay", "=", True)]).mapped("name")
    )
    found["company"] = company.cs_structure_id.name
answer(found)
"""

LEFTOVERS = """
answer({
    "filters": env["ir.filters"].search([]).mapped("model_id"),
    "exports": env["ir.exports"].search([]).mapped("resource"),
    "actions": env["ir.actions.act_window"].search([("res_model", "=like", "cs.%")]).mapped("name"),
    "menus": env["ir.ui.menu"].search([("name", "=", "Mine")]).mapped("name"),
    "messages": env["mail.message"].search_count([("model", "=like", "cs.%")]),
    "activities": env["mail.activity"].search_count([("res_model", "=like", "cs.%")]),
    "attachments": env["ir.attachment"].search_count([("res_model", "=like", "cs.%")]),
    "groups": env["res.groups"].search([("full_name", "like", "CS Promotion")]).mapped("name"),
})
"""
