"""Steps of making and confirming payslips, run by ``cs_promotion/tests/worker.py``."""

from odoo.exceptions import UserError

from odoo.addons.cs_promotion.tests import worker

MONTHS = ("2025-01-01", "2025-02-01")
BROKEN = ("Agent 05", "Agent 17")
ERROR = "cannot be paid"


def prepare(env, name):
    """A company with agents, figures and fines, and two batches: one for each month."""
    worker.prepare(env, name)
    company = env["res.company"].search([("name", "=", name)])
    agents = env["hr.employee"].search([("company_id", "=", company.id)], order="name")
    env["cs.figure"].create(
        [
            {"employee_id": agent.id, "month": month, "handled": 10, "sales": 1000 * (index + 1)}
            for index, agent in enumerate(agents)
            for month in MONTHS
        ]
    )
    env["cs.violation"].create(
        [
            {
                "employee_id": agent.id,
                "date": "2025-01-10",
                "type_id": env.ref("cs_promotion.violation_type_slacking").id,
                "severity": "minor",
                "fine": 50,
            }
            for agent in agents[::3]
        ]
    )._confirm()
    sequence = env["ir.sequence"].search([("code", "=", "salary.slip")], limit=1)
    sequence.copy({"company_id": company.id})
    user = env.ref("base.user_admin")
    user.company_ids += company
    user.group_ids += env.ref("payroll.group_payroll_manager")
    for start, end in zip(MONTHS, ("2025-01-31", "2025-02-28"), strict=True):
        run = env["hr.payslip.run"].create(
            {"name": start, "date_start": start, "date_end": end, "company_id": company.id}
        )
        env["cs.payslip.request"].with_user(user)._add(run, agents)


def make(env):
    _break(env)
    env["cs.payslip.request"]._cron_make()


def _break(env):
    """The payslips of some agents cannot be made."""
    model = env.registry["hr.payslip"]
    create = model.create

    def fail(slips, vals_list):
        ids = [values["employee_id"] for values in vals_list]
        if any(each.name in BROKEN for each in env["hr.employee"].browse(ids)):
            raise UserError(ERROR)
        return create(slips, vals_list)

    model.create = fail


def press_confirm(env, name):
    runs = env["hr.payslip.run"].search([("company_id.name", "=", name)])
    runs = runs.with_user(env.ref("base.user_admin"))
    answer = runs.action_cs_confirm()
    wizard = runs.env[answer["res_model"]].browse(answer["res_id"])
    wizard.action_tick_all()
    wizard.action_confirm()


def confirm(env):
    env["hr.payslip.run"]._cron_confirm()


def outcome(env, name):
    """All that there is about the payslips of a company, comparable with another company."""
    slips = env["hr.payslip"].search([("company_id.name", "=", name)])
    numbers = slips.mapped("number")
    runs = slips.payslip_run_id
    return {
        "slips": sorted(
            [
                slip.employee_id.name,
                str(slip.date_from),
                slip.name,
                slip.state,
                slip.create_uid.login,
                sorted([line.code, line.name, line.total] for line in slip.line_ids),
                sorted([days.code, days.number_of_days] for days in slip.worked_days_line_ids),
                sorted([each.violation_id.fine, each.amount] for each in slip.cs_taking_ids),
                bool(slip.number) and numbers.count(slip.number),
                len(slip.message_ids),
            ]
            for slip in slips
        ),
        "taken": sorted(
            [each.employee_id.name, each.fine, each.fine_taken]
            for each in env["cs.violation"].search([("company_id.name", "=", name)])
        ),
        "requests": sorted(
            [each.employee_id.name, each.error, each.told] for each in runs.cs_request_ids
        ),
        "runs": sorted([run.name, run.cs_work, run.cs_confirmer_id.id] for run in runs),
    }


STEPS = {f"pay_{step.__name__}": step for step in (prepare, make, press_confirm, confirm, outcome)}
