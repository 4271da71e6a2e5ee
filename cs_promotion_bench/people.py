"""The people of the bench's company and what they go by: policy, office, superiors, agents.

One agent is taken up the way people do it; the others are copies of that one's rows.
"""

from datetime import date
from random import Random

from odoo import Command
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import add_months, month_end

from .staff import DEPARTMENT

TOP = 8  # ranks that count as top: a third of a department, as three are of a small one


def make_policy(history):
    """The shipped policy, with more top ranks for the larger departments."""
    values = {
        "name": "Bench policy",
        "company_id": history.company.id,
        "date_from": date(history.month.year - 2, 1, 1),
        "top_n": TOP,
    }
    history.env.ref("cs_promotion.policy_default").copy(values).action_activate()


def hire(history):
    """The employees of the agents drawn, in departments with a superior each; the office."""
    _make_user(history, "office", "cs_promotion.group_office")
    departments = -(-len(history.drawn) // DEPARTMENT)  # of the agents drawn
    superiors = _make_superiors(history, departments)
    own = [
        superiors[number // len(history.drawn) * departments + agent.seed % departments]
        for number, agent in enumerate(history.agents)
    ]
    first, *others = history.agents
    tiers = history.env["cs.tier"]._get_ids_by_code()
    model = history.env["hr.employee"].create(
        {
            "name": "Agent 00000",
            "company_id": history.company.id,
            "department_id": superiors[0].department_id.id,
            "parent_id": superiors[0].id,
            "date_version": first.hired,
            "contract_date_start": first.hired,
            "contract_date_end": first.left,
            "cs_tier_id": tiers[first.tier],
            "cs_tier_since": first.since,
        }
    )
    history.env.flush_all()
    _copy_employee(history, model, others, own[1:], tiers)
    history.env.invalidate_all()
    staying = [number for number, agent in enumerate(history.agents) if not agent.left]
    reader = min(staying, key=lambda number: history.agents[number].hired)
    history.employees[reader].user_id = _make_user(history, "agent")


def test_probations(history):
    """A test near the end of probation; who fails it passes a month later (U1)."""
    vals_list = []
    for employee, agent in zip(history.employees, history.agents, strict=True):
        if agent.tier != "probation":
            continue
        for months, points in ((1, Random(agent.seed).randint(45, 100)), (2, 80)):
            day = add_months(agent.hired, months)
            if day <= min(agent.left or day, month_end(history.month)):
                values = {"employee_id": employee.id, "date": day}
                vals_list.append(values | {"knowledge": points, "skills": points})
    history.env["cs.probation.test"].create(vals_list)


def _make_user(history, login, *groups):
    groups = [history.env.ref(group).id for group in ("base.group_user", *groups)]
    return history.env["res.users"].create(
        {
            "name": login,
            "login": f"bench_{login}",
            "company_id": history.company.id,
            "company_ids": [Command.set(history.company.ids)],
            "group_ids": [Command.set(groups)],
        }
    )


def _make_superiors(history, count):
    """So many departments for the agents drawn, as many again each time these are repeated, and
    a superior for each: every second one has a login."""
    departments = history.env["hr.department"].create(
        [
            {"name": f"Service {number:03d}", "company_id": history.company.id}
            for number in range(count * history.times)
        ]
    )
    return history.env["hr.employee"].create(
        [
            {
                "name": f"Superior {number:03d}",
                "company_id": history.company.id,
                "department_id": department.id,
                "user_id": number % count % 2 == 0
                and _make_user(history, f"superior_{number:03d}").id,
            }
            for number, department in enumerate(departments)
        ]
    )


def _copy_employee(history, model, agents, own, tiers):
    """Rows like those of ``model`` for all these agents, in the tables of an employee.

    :param own: the superior of each
    """
    env, count = history.env, len(agents)
    tables = ("res_partner", "resource_resource", "hr_employee", "hr_version")
    ids = {table: _take_ids(env, table, count) for table in tables}
    names = [f"Agent {number:05d}" for number in range(1, count + 1)]
    _copy_row(
        env,
        model.work_contact_id,
        id=ids["res_partner"],
        name=names,
        complete_name=names,
        commercial_partner_id=ids["res_partner"],
    )
    _copy_row(env, model.resource_id, id=ids["resource_resource"], name=names)
    _copy_row(
        env,
        model,
        id=ids["hr_employee"],
        name=names,
        legal_name=names,
        resource_id=ids["resource_resource"],
        work_contact_id=ids["res_partner"],
        current_version_id=[None] * count,  # the version comes after
        parent_id=[superior.id for superior in own],
        coach_id=[superior.id for superior in own],
    )
    _copy_version(history, model, agents, own, tiers, ids)


def _copy_version(history, model, agents, own, tiers, ids):
    """The dated record of each agent, with tier and contract; ``own`` are their superiors."""
    env = history.env
    wages = {
        tier: env["hr.version"]._get_tier_values(
            history.company, env["cs.tier"].browse(tiers[tier]), history.month, history.month
        )["wage"]
        for tier in sorted({agent.tier for agent in agents})
    }
    _copy_row(
        env,
        model.version_id,
        id=ids["hr_version"],
        employee_id=ids["hr_employee"],
        department_id=[superior.department_id.id for superior in own],
        date_version=[agent.hired for agent in agents],
        contract_date_start=[agent.hired for agent in agents],
        contract_date_end=[agent.left for agent in agents],
        cs_tier_id=[tiers[agent.tier] for agent in agents],
        cs_tier_since=[agent.since for agent in agents],
        wage=[wages[agent.tier] for agent in agents],
    )
    env.cr.execute(
        "UPDATE hr_employee SET current_version_id = version.id FROM hr_version version"
        " WHERE version.employee_id = hr_employee.id AND current_version_id IS NULL"
    )


def _take_ids(env, table, count):
    query = SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"{table}_id_seq", count)
    return [id_ for (id_,) in env.execute_query(query)]


def _copy_row(env, record, **columns):
    """Insert copies of a record's row, with a value in each of these columns for each copy."""
    types = dict(
        env.execute_query(
            SQL(
                """
                SELECT column_name, data_type FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name = %s
                """,
                record._table,
            )
        )
    )
    given = [SQL.identifier(name) for name in columns]
    kept = [SQL.identifier(name) for name in types if name not in columns]
    env.cr.execute(
        SQL(
            "INSERT INTO %(table)s (%(given)s, %(kept)s) SELECT %(values)s, %(copied)s"
            " FROM unnest(%(arrays)s) given (%(given)s) CROSS JOIN %(table)s model"
            " WHERE model.id = %(id)s",
            table=SQL.identifier(record._table),
            given=SQL(", ").join(given),
            kept=SQL(", ").join(kept),
            values=SQL(", ").join(SQL("given.%s", name) for name in given),
            copied=SQL(", ").join(SQL("model.%s", name) for name in kept),
            arrays=SQL(", ").join(
                SQL(f"%s::{types[name]}[]", values) for name, values in columns.items()
            ),
            id=record.id,
        )
    )
