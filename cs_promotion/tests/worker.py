"""Runs the scheduled actions in processes of their own, against a database of their own.

Started by ``workers_common.py`` as ``python worker.py CONFIG DATABASE [STEPS_FILE]…``. It loads
the registry once, and further ``STEPS`` from the files; then each line on standard input, a JSON
list of jobs, is run by one forked process a job, all at once. A job is a step and its ``args``.
With ``die_at`` the process kills itself (SIGKILL) in place of that many-th statement; with
``pause_at`` it waits there, holding whatever it holds, until another one has committed a batch.
"""

import json
import multiprocessing
import os
import runpy
import signal
import sys

import odoo.sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

AGENTS = 24
BATCH = 5  # agents that a worker takes at once
PATIENCE = 5  # seconds that one waits for another, which may wait for it, too


def prepare(env, name):
    """A company with agents, nothing opened yet but the first of three months."""
    company = env["res.company"].create({"name": name})
    template = env.ref("cs_promotion.policy_default")
    template.copy({"company_id": company.id, "date_from": "2025-01-01"}).action_activate()
    departments = env["hr.department"].create(
        [{"name": f"{name} {index}", "company_id": company.id} for index in range(2)]
    )
    tier = env.ref("cs_promotion.tier_junior")
    env["hr.employee"].create(
        [
            {
                "name": f"Agent {index:02}",
                "company_id": company.id,
                "department_id": departments[index % 2].id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "cs_tier_id": tier.id,
            }
            for index in range(AGENTS)
        ]
    )
    env["cs.cycle"].create({"company_id": company.id, "date_start": "2025-01-01"})


def open_due(env):
    env["cs.cycle"]._cron_open()


def fill_in(env, name):
    """Every third agent has full marks, middling ones or the lowest; some slip up."""
    cycles = env["cs.cycle"].search([("company_id.name", "=", name), ("kind", "=", "month")])
    sheets = cycles.appraisal_ids.sheet_ids
    lines = sheets.line_ids
    for index, of_agents in lines.grouped(
        lambda line: int(line.sheet_id.employee_id.name[-2:]) % 3
    ).items():
        for section, of_section in of_agents.grouped("section_id").items():
            of_section.grade_id = section.grade_ids.sorted("points", reverse=True)[index]
    sheets.action_submit()
    agents = cycles.appraisal_ids.employee_id.sorted("name")
    env["cs.figure"].create(
        {"employee_id": agents[7].id, "month": "2025-03-01", "handled": 10, "complaints": 5}
    )
    env["cs.violation"].create(
        [
            {
                "employee_id": agent.id,
                "date": "2025-03-10",
                "type_id": env.ref("cs_promotion.violation_type_slacking").id,
                "severity": "moderate",
                "fine": 50,
            }
            for agent in agents[::5]
        ]
    )._confirm()


def close_complete(env):
    env["cs.cycle"]._cron_close()


def apply_due(env):
    env["cs.decision"]._cron_apply()


def outcome(env, name):
    """All that there is about the agents of a company, comparable with another company."""
    parts = {
        "cs.appraisal": "employee_id.name cycle_id.name cycle_id.state closed score rank",
        "cs.appraisal.sheet": "employee_id.name cycle_id.name role state total item_count",
        "cs.appraisal.sheet.line": (
            "sheet_id.employee_id.name sheet_id.cycle_id.name sheet_id.role number points"
        ),
        "cs.violation": "employee_id.name date severity fine state",
        "cs.decision": "employee_id.name effective_date kind ground state",
        "hr.version": "employee_id.name date_version cs_tier_id.code cs_tier_since wage",
    }
    company = {
        "cs.appraisal.sheet.line": "sheet_id.company_id.name",
        "hr.version": "employee_id.company_id.name",
    }
    rows = {}
    for model, paths in parts.items():
        records = env[model].search([(company.get(model, "company_id.name"), "=", name)])
        rows[model] = sorted(
            [str(record.mapped(path)[0]) if record.mapped(path) else "" for path in paths.split()]
            for record in records
        )
    cycles = env["cs.cycle"].search([("company_id.name", "=", name)])
    rows["messages"] = sorted([cycle.name, *cycle.message_ids.mapped("body")] for cycle in cycles)
    return rows


STEPS = {
    step.__name__: step for step in (prepare, open_due, fill_in, close_complete, apply_due, outcome)
}
DAYS = {"open_due": "2025-03-31", "close_complete": "2025-04-01", "apply_due": "2025-04-05"}


def run(database, job, went_on):
    """One job: the number of statements, of records that its batches committed, its result.

    :param went_on: event that tells a job that pauses that another has gone on
    """
    from freezegun import freeze_time

    # pylint: disable=odoo-addons-relative-import
    from odoo.addons.cs_promotion.models import scheduled
    from odoo.addons.cs_promotion.models.review import (
        cs_cycle_closing_mixin,
        cs_cycle_sheets_mixin,
    )

    scheduled.BATCH = cs_cycle_sheets_mixin.BATCH = BATCH
    cs_cycle_closing_mixin.JUDGED_AT_ONCE = BATCH
    registry = Registry(database)
    statements = done = 0
    execute = odoo.sql_db.Cursor.execute
    commit_progress = registry["ir.cron"]._commit_progress

    def counted(cursor, *args, **kwargs):
        nonlocal statements
        statements += 1
        if statements == job.get("die_at"):
            os.kill(os.getpid(), signal.SIGKILL)
        if statements == job.get("pause_at"):
            went_on.wait(PATIENCE)
        return execute(cursor, *args, **kwargs)

    def progressed(cron, processed=0, **kwargs):
        nonlocal done
        done += processed
        result = commit_progress(cron, processed, **kwargs)
        if done >= BATCH and "pause_at" not in job:
            went_on.set()
        return result

    with registry.cursor() as cr, freeze_time(DAYS.get(job["step"], "2025-04-01"), tick=True):
        env = Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        odoo.sql_db.Cursor.execute = counted
        registry["ir.cron"]._commit_progress = progressed
        result = STEPS[job["step"]](env, *job.get("args", ()))
        env.flush_all()
    if "pause_at" not in job:
        went_on.set()
    return {"statements": statements, "done": done, "result": result}


def start(database, job, went_on):
    """Fork a process for a job; returns its id and the pipe on which it answers."""
    receive, send = os.pipe()
    pid = os.fork()
    if pid:
        os.close(send)
        return pid, receive
    os.close(receive)
    try:
        answer = run(database, job, went_on)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
        answer = {"error": f"{type(error).__name__}: {error}"}
    with os.fdopen(send, "w") as pipe:
        json.dump(answer, pipe)
    os._exit(0)


def finish(pid, receive):
    """The answer of a job: null when its process was killed."""
    with os.fdopen(receive) as pipe:
        answer = json.loads(pipe.read() or "null")
    os.waitpid(pid, 0)
    return answer


def main():
    path, database, *steps_files = sys.argv[1:]
    config.parse_config(["-c", path, "-d", database, "--log-level=critical"], setup_logging=True)
    Registry(database)
    for file in steps_files:
        STEPS.update(runpy.run_path(file)["STEPS"])
    odoo.sql_db.close_all()  # forked processes open their own connections
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        went_on = multiprocessing.Event()
        running = [start(database, job, went_on) for job in json.loads(line)]
        sys.stdout.write(json.dumps([finish(*each) for each in running]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
