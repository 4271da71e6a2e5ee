"""What ``test_extension.py`` runs in Odoo shells, before, with and without the other addon."""

SHARED = """
from odoo.addons.cs_promotion.engine.calendar import month_end

def pay(month):
    start = env["cs.figure"]._fields["month"].to_date(month)
    slip = env["hr.payslip"].create(
        {
            "employee_id": agent.id,
            "company_id": company.id,
            "contract_id": agent.version_id.id,
            "struct_id": agent.version_id.struct_id.id,
            "date_from": start,
            "date_to": month_end(start),
        }
    )
    slip.compute_sheet()
    return slip

def done(slip):
    slip._confirm_unasked()
    return slip

def tell(slip):
    return {line.code: [line.name, line.total] for line in slip.line_ids}

company = env["res.company"].search([("name", "=", "Extended")])
env = env(context={"allowed_company_ids": company.ids})
agent = env["hr.employee"].search([("company_id", "=", company.id)])
"""

BEFORE = f"""
company = env["res.company"].create({{"name": "Extended"}})
env.user.company_ids |= company
policy = env.ref("cs_promotion.policy_default").copy(
    {{"name": "Extended", "company_id": company.id, "date_from": "2024-01-01"}}
)
policy.action_activate()
env["hr.employee"].create(
    {{
        "name": "Ben",
        "company_id": company.id,
        "date_version": "2025-01-01",
        "contract_date_start": "2025-01-01",
        "cs_tier_id": env.ref("cs_promotion.tier_junior").id,
    }}
)
{SHARED}
slip = done(pay("2025-01-01"))
env.cr.commit()
answer(tell(slip))
"""

WITH = f"""
{SHARED}
figures = env["cs.figure"].create(
    [
        {{"employee_id": agent.id, "month": f"2025-0{{month}}-01", "nights": nights}}
        for month, nights in ((1, 9), (2, 3))
    ]
)
found = {{"unasked": tell(pay("2025-02-01"))}}
env.cr.rollback()
figures = env["cs.figure"].create(
    [
        {{"employee_id": agent.id, "month": f"2025-0{{month}}-01", "nights": nights}}
        for month, nights in ((1, 9), (2, 3), (3, 1))
    ]
)
wizard = env["cs.structure.prepare"].create(
    {{
        "company_id": company.id,
        "structure_id": company.cs_structure_id.id,
        "mode": "change",
        "month": "2025-02-01",
    }}
)
wizard.action_show_net()
wizard.action_set()
found["february"] = tell(done(pay("2025-02-01")))
figures[1].nights = 5
found["march"] = tell(done(pay("2025-03-01")))
figures[2].nights = 2
found["open"] = env["cs.pay.difference"]._refresh(company, agent.ids).mapped("amount")
appeal = env["cs.appeal"].create(
    {{"employee_id": agent.id, "figure_id": figures[1].id, "grounds": "There were six"}}
)
appeal.state = "answered"
env.cr.commit()
answer(found)
"""

WITHOUT = f"""
{SHARED}
slips = env["hr.payslip"].search([("employee_id", "=", agent.id)], order="date_from")
found = {{"slips": [tell(slip) for slip in slips]}}
found["explained"] = slips[1].cs_explanation
rows = env["cs.pay.difference"].search([("employee_id", "=", agent.id)])
found["rows"] = [[row.display_name, row.cause] for row in rows]
env["cs.pay.difference"]._refresh_all(company)
found["open"] = env["cs.pay.difference"].search_count([("employee_id", "=", agent.id)])
found["april"] = tell(pay("2025-04-01"))
found["rules"] = env["hr.salary.rule"].search([("company_id", "=", company.id)]).export_data(
    ["code", "cs_item"]
)["datas"]
slips[2].refund_sheet()
found["refund"] = tell(slips[2].refunded_id)
appeal = env["cs.appeal"].search([("employee_id", "=", agent.id)])
found["appeal"] = [appeal.display_name, appeal.grounds, appeal.state]
try:
    appeal.action_uphold()
except Exception as error:
    found["upheld"] = str(error)
found["report"] = env["cs.pay.report"].search([("employee_id", "=", agent.id)]).mapped("part")
answer(found)
"""
