"""Payslips of the former release keep held tiers, score and sales, and no amounts: by these facts
their items are computed, so that a later change of a fact is found as a difference (W7).

They are computed as this release computes: what it newly goes by (share of full time, agreed
wage, days off the ladder) is taken as it is now, so the upgrade itself makes no difference. A
score, sales figure or tier that has changed since the payslip is one, and is found.
"""

import json
from collections import defaultdict
from decimal import Decimal

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import month_end, month_start
from odoo.addons.cs_promotion.engine.decimals import decimal, round_half_up
from odoo.addons.cs_promotion_pay.figures import Held
from odoo.addons.cs_promotion_pay.known import NoPayLine, Period
from odoo.addons.cs_promotion_pay.record import facts_of, record

FORMER = """
    SELECT slip.id, slip.employee_id, slip.company_id, slip.date_from, slip.cs_figures,
           slip.state = 'done' AND slip.credit_note IS NOT TRUE
           AND COALESCE(refund.state, '') != 'done',
           ARRAY(SELECT code FROM hr_payslip_line line WHERE line.slip_id = slip.id)
      FROM hr_payslip slip
      LEFT JOIN hr_payslip refund ON refund.id = slip.refunded_id
     WHERE slip.cs_figures IS NOT NULL AND NOT slip.cs_figures ? 'items'
     ORDER BY slip.id
"""


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.cr.execute(FORMER)
    groups, newest = defaultdict(list), {}
    for row in env.cr.fetchall():
        key = (row[2], month_start(row[3]))
        groups[key].append(row)
        if row[5]:
            newest[(row[1], *key)] = row[0]
    for (company_id, month), rows in groups.items():
        company = env["res.company"].browse(company_id)
        period = Period(month, month, month_end(month))  # the former release knew no other
        known = env["cs.pay"]._load(
            company, list({row[1] for row in rows}), [], periods=[period], results=[month]
        )
        keep(
            env,
            [
                (row[0], *read(known, period, row, newest.get((row[1], company_id, month))))
                for row in rows
            ],
        )


def read(known, period, row, newest):
    """The figures of one payslip as this release keeps them, and their facts.

    :param newest: id of the payslip that stands for the month: of several it alone is compared
    """
    slip, employee, _company, _start, former, _stands, codes = row
    held = read_held(known, employee, period, former["held"])
    score = None if former["score"] is None else round_half_up(str(former["score"]))
    sales = None if former["sales"] is None else decimal(float(former["sales"]))
    kept = {key: former[key] for key in ("due", "taken", "carried", "warnings")}
    terms = known.ends.get(period.end)
    try:
        if terms is None:
            raise NoPayLine
        figures = known.figures_of(employee, period, period.month, terms, score, sales, held=held)
    except NoPayLine:  # nothing says what was due: it is shown as it was, and not compared
        held = [
            {"tier": each.tier, "start": str(each.start), "end": str(each.end)} for each in held
        ]
        return {**former, "held": held}, None
    result = record(figures, Decimal(former["due"]), Decimal(former["taken"])) | kept
    ours = [item.code for item in figures.items if item.code in codes]
    result["pays"] = ours if slip == newest else []
    return result, facts_of(figures)


def read_held(known, employee, period, former):
    """The tiers held, with the wage and share of full time known now; days off the ladder, which
    the former release did not keep, as they are known now."""
    now = known.held(employee, period)
    held = []
    for tier, start, end in former:
        given = Held(tier, *map(type(period.start).fromisoformat, (start, end)))
        same = next((each for each in now if each.start <= given.start <= each.end), None)
        if same:
            given = Held(tier, given.start, given.end, same.agreed, same.full_time)
        held.append(given)
    held += [each for each in now if not each.tier]
    return tuple(sorted(held, key=lambda each: each.start))


def keep(env, values):
    ids, figures, facts = map(list, zip(*values, strict=True))
    env.cr.execute(
        SQL(
            """
            UPDATE hr_payslip slip SET cs_figures = given.figures::jsonb, cs_facts = given.facts
              FROM unnest(%s::int[], %s::text[], %s::text[]) AS given (id, figures, facts)
             WHERE slip.id = given.id
            """,
            ids,
            list(map(json.dumps, figures)),
            facts,
        )
    )
    env["hr.payslip"].invalidate_model(["cs_figures", "cs_facts"])
