"""What payday rests on: a year of payslips, fines that were taken, and absences."""

import json
from datetime import timedelta
from decimal import Decimal

from odoo import Command
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import add_months, month_end
from odoo.addons.cs_promotion_pay.record import facts_of, record


def take_fines(history):
    """A payslip of the last month for those who were fined: it takes what it may (W5)."""
    fined = history.env["cs.violation"].search([("company_id", "=", history.company.id)])
    month = add_months(history.month, -1)
    run = make_payslips(history.env, fined.employee_id, month)
    run.slip_ids._confirm_unasked()


def pay(history):
    """A done payslip of every month for everyone, as far as paid months are compared by it:
    what it was computed from. Lines are not looked at for that."""
    months = [add_months(history.month, number) for number in range(-history.months, 0)]
    employees = history.employees
    known = history.env["cs.pay"]._load(history.company, employees.ids, months)
    history.env.flush_all()
    there = history.env.execute_query(
        SQL(
            "SELECT employee_id, cs_pay_month FROM hr_payslip WHERE company_id = %s",
            history.company.id,
        )
    )
    rows, there = [], set(there)
    for month in months:
        period = known.calendar.period(month)
        for id_ in employees.ids:
            if (id_, month) in there or not known.held(id_, period):
                continue
            figures = known.figures(id_, month)
            kept = json.dumps(record(figures, Decimal(0), Decimal(0)))
            rows.append((id_, month, period.end, kept, facts_of(figures)))
    history.env.cr.execute(
        SQL(
            """
            INSERT INTO hr_payslip (employee_id, company_id, struct_id, state, credit_note,
                                    date_from, cs_pay_month, date_to, cs_figures, cs_facts,
                                    create_uid, write_uid, create_date, write_date)
            SELECT employee_id, %s, %s, 'done', FALSE, month, month, last, kept::jsonb, facts,
                   1, 1, now(), now()
              FROM unnest(%s::int[], %s::date[], %s::date[], %s::text[], %s::text[])
                   AS given (employee_id, month, last, kept, facts)
            """,
            history.company.id,
            history.company._get_cs_structure().id,
            *map(list, zip(*rows, strict=True)),
        )
    )
    history.env.invalidate_all()


def take_leaves(history):
    """A holiday for all, and one agent in twenty ill for some days."""
    leaves = history.env["resource.calendar.leaves"]
    calendar = history.company.resource_calendar_id
    day = history.month + timedelta(days=14)
    absences = (
        (employee.resource_id, day - timedelta(days=7 + seed // 20 % 7), seed // 20 % 3)
        for employee, seed in history.seeds.items()
        if seed % 20 == 0
    )
    vals_list = [
        {
            "name": "Ill" if resource else "Holiday",
            "company_id": history.company.id,
            "calendar_id": calendar.id,
            "resource_id": resource.id,
            "date_from": f"{begin} 00:00:00",
            "date_to": f"{begin + timedelta(days=more)} 23:59:59",
        }
        for resource, begin, more in ((leaves.resource_id, day, 0), *absences)
    ]
    leaves.create(vals_list)


def make_payslips(env, employees, month, **values):
    """A batch of computed payslips as the standard wizard makes it; what it leaves to the
    scheduled action because there are many is made here and now, in the same batches.

    :param values: further values of the batch
    """
    run = env["hr.payslip.run"].create(
        {
            "name": f"Bench {month:%Y-%m}",
            "date_start": month,
            "date_end": month_end(month),
            "company_id": env.company.id,
            **values,
        }
    )
    wizard = env["hr.payslip.employees"].create({"employee_ids": [Command.set(employees.ids)]})
    wizard.with_context(active_id=run.id).compute_sheet()
    run._make_waiting()
    return run
