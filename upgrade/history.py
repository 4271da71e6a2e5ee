"""Adds to the demo history what it has none of: appeals, a transfer, a vacancy, a refund.

Run by ``script/release`` in an ``odoo shell`` of the release that is kept.
"""

import datetime

from freezegun import freeze_time

day = datetime.date
env = env(context=dict(env.context, tracking_disable=True))  # noqa: F821 - given by the shell
company = env.ref("base.main_company")
office = env["res.users"].search([("login", "=", "office")])


def appeal(on, grounds, **subject):
    """An appeal of the agent whom the subject is about, handed in and answered on a day."""
    ((name, record),) = subject.items()
    login = record.employee_id.user_id or env["res.users"].create(
        {
            "name": record.employee_id.name,
            "login": f"agent{record.employee_id.id}",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
        }
    )
    record.employee_id.user_id = login
    with freeze_time(on, tick=True):
        made = env["cs.appeal"].with_user(login).create({name: record.id, "grounds": grounds})
        made.action_submit()
        made.with_user(office).write({"answer": "The office has looked at it again."})
        made.with_user(office).action_answer()
    return made.with_env(env)


decisions = env["cs.decision"].search([("ground_type", "=", "rule")], order="id desc")
demotion = decisions.filtered(lambda each: each.kind == "demotion")[0]
appeal(demotion.announced_on, "The ranks were my colleague's.", decision_id=demotion)
months = env["cs.cycle"].search(
    [("state", "=", "closed"), ("kind", "=", "month")], order="date_end desc"
)
scored = months[0].appraisal_ids.filtered("scored")
appealed = scored.filtered(lambda each: each.employee_id != demotion.employee_id)[0]
appeal(months[0].closed_on, "Item 7 was not mine to do.", appraisal_id=appealed)

agent = scored[3].employee_id
department = env["hr.department"].search(
    [("company_id", "=", company.id), ("id", "!=", agent.department_id.id)], limit=1
)
post = env["cs.post"].create(
    {"name": "Evenings", "department_id": department.id, "company_id": company.id}
)
transfer = env["cs.transfer"].create(
    {
        "employee_id": agent.id,
        "post_id": post.id,
        "date": day(2027, 1, 1),
        "motive": "Evenings suit me.",
    }
)
transfer.action_submit()
vacancy = env["cs.vacancy"].create(
    {"company_id": company.id, "department_id": department.id, "date": day(2027, 1, 1)}
)
vacancy.action_draw()

slip = env["hr.payslip"].search([("state", "=", "done"), ("cs_taking_ids", "!=", False)], limit=1)
slip.refund_sheet()
policy = env.ref("cs_promotion.policy_default").copy({"date_from": day(2027, 1, 1)})
policy.action_activate()
env.cr.commit()
print("HISTORY PLAYED")  # noqa: T201
