"""Wages that were agreed otherwise than the tier's base are marked as such (W6)."""

from itertools import pairwise

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Until now a wage other than the base was one that no revision touched (W1)."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.flush_all()
    ids = env["cs.tier"]._get_ids_by_code()
    for company in env["res.company"].with_context(active_test=False).search([]):
        policies = env["cs.policy"].search(
            [("company_id", "=", company.id), ("state", "=", "active")], order="date_from"
        )
        former = {}
        for policy, following in pairwise([*policies, None]):
            lines = policy._get_pay_lines()
            for code, line in lines.items():
                bases = [line.base_wage]
                if not policy.wages_revised and code in former:
                    bases.append(former[code].base_wage)  # about to be revised
                # the first policy holds for all that lies before it
                first = policy.date_from if former else None
                _mark(cr, company.id, ids[code], bases, first, following and following.date_from)
            former = lines
    env.invalidate_all()


def _mark(cr, company_id, tier_id, bases, first, end):
    """Mark the wages of one tier from ``first`` until before ``end``, where they are no base."""
    cr.execute(
        SQL(
            """
            UPDATE hr_version version
               SET cs_wage_agreed = TRUE
              FROM hr_employee employee
             WHERE employee.id = version.employee_id AND version.cs_tier_id = %(tier)s
               AND COALESCE(version.cs_company_id, employee.company_id) = %(company)s
               AND (%(first)s::date IS NULL OR %(first)s <= %(day)s)
               AND (%(end)s::date IS NULL OR %(end)s > %(day)s)
               AND version.wage > 0
               AND NOT round(version.wage::numeric, 2) = ANY(%(bases)s::numeric[])
            """,
            tier=tier_id,
            company=company_id,
            first=first,
            end=end,
            day=SQL("GREATEST(version.date_version, version.cs_tier_since)"),
            bases=[round(float(base), 2) for base in bases],
        )
    )
