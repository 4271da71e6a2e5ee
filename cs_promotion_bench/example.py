"""The Chinese example structure without the addons, and a year paid by it."""

from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import month_end

# what a rule of tier pay is without the addon; nothing has to be settled in the bench
FIXED = {"amount_select": "fix", "amount_fix": 100, "cs_item": False}
NEVER = {"condition_select": "python", "condition_python": "result = False"}


def make_plain(structure):
    """Turn the example into what OCA payroll computes without the addon: the items of tier pay
    are fixed amounts, all other rules are the same."""
    for rule in structure.rule_ids:
        if rule.amount_select == "cs":
            never = NEVER if rule.cs_item.startswith("ARREARS_") else {}
            rule.write(FIXED | never)
        for name in ("amount_python_compute", "condition_python"):
            text = rule[name] or ""
            if "payroll.cs" in text:
                rule[name] = (
                    text.replace("payroll.cs.joined or ", "")
                    .replace("payroll.cs.BASE_FULL", "BASE")
                    .replace("payroll.cs.BASE", "BASE")
                )
    return structure


def repeat_payslips(case):
    """Pay the months of the year before the measured one like that, by two statements each: its
    payslips and their lines are copied, done. None is left in the month itself."""
    env, month = case.env, case.month
    env.flush_all()
    own = SQL("company_id = %s AND date_from = %s", case.company.id, month)
    for first in (month.replace(month=number) for number in range(1, month.month)):
        shifted = {
            "date_from": SQL("%s::date", first),
            "date_to": SQL("%s::date", month_end(first)),
            "cs_pay_month": SQL("%s::date", first),
            "state": SQL("'done'"),
            "cs_figures": SQL("NULL::jsonb"),  # those of another month would show differences
        }
        env.cr.execute(_copy(env, "hr_payslip", shifted, own))
        line = {
            "date_from": shifted["date_from"],
            "slip_id": SQL(
                """
                (SELECT copied.id FROM hr_payslip copied
                  WHERE copied.employee_id = own.employee_id AND copied.date_from = %s
                    AND copied.state = 'done' ORDER BY copied.id DESC LIMIT 1)
                """,
                first,
            ),
        }
        ours = SQL("slip_id IN (SELECT id FROM hr_payslip WHERE %s)", own)
        env.cr.execute(_copy(env, "hr_payslip_line", line, ours))
    env.invalidate_all()
    slips = env["hr.payslip"].search(
        [("company_id", "=", case.company.id), ("date_from", "=", month)]
    )
    slips.action_payslip_cancel()
    slips.unlink()


def _copy(env, table, values, where):
    """SQL that inserts copies of rows, with other values in some columns."""
    names = [
        name
        for (name,) in env.execute_query(
            SQL(
                """
                SELECT column_name FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name = %s AND column_name != 'id'
                """,
                table,
            )
        )
    ]
    columns = [SQL.identifier(name) for name in names]
    given = [values.get(name, SQL("own.%s", SQL.identifier(name))) for name in names]
    return SQL(
        "INSERT INTO %(table)s (%(columns)s) SELECT %(given)s FROM %(table)s own WHERE %(where)s",
        table=SQL.identifier(table),
        columns=SQL(", ").join(columns),
        given=SQL(", ").join(given),
        where=where,
    )
