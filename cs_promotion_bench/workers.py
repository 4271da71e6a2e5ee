"""The long steps of a month done by jobs, with one server and with two, in turns."""

import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psycopg2

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

from .month import (
    Month,
    ask_for_payslips,
    ask_to_confirm,
    begin,
    end_notice,
    fill_in,
    work_here,
)
from .run import drop_database, execute_alone
from .servers import Hosts
from .sizes import get_added, read_sizes
from .stage import Disagreement, show_difference

SERVERS = (1, 2)  # that are compared
ROUNDS = 2
PAUSE = 0.1  # seconds between two looks
WAITING = "state NOT IN ('done', 'cancelled', 'failed')"


class Step(NamedTuple):
    """A long step: what people do before it, and the work, by the names of model and method."""

    name: str
    title: str
    prepare: object
    model: str
    method: str


class Shared(NamedTuple):
    """What a step took: seconds, the part of the processors' time that was used, of the looks at
    PostgreSQL those at which each thing was waited for, and MB that it wrote ahead."""

    seconds: float
    busy: float
    waits: Counter
    wal_mb: float


def freeze(case):
    """Everybody has been scored: what is left of closing is judging."""
    fill_in(case)
    case.cycle.with_company(case.company)._freeze_if_open()


STEPS = (
    Step("open", "Open a month", None, "cs.cycle", "_make_missing_sheets"),
    Step("judge", "Judge everyone", freeze, "cs.cycle", "_close_in_turn"),
    Step("apply", "Apply the decisions", end_notice, "cs.decision", "_apply_everywhere"),
    Step("tell", "Tell everyone", None, "cs.appraisal", "_notify_published"),
    Step("payslips", "Compute payslips", ask_for_payslips, "cs.payslip.request", "_make_all"),
    Step("confirm", "Confirm payslips", ask_to_confirm, "hr.payslip.run", "_confirm_all"),
)


class Workers:
    """Measures the long steps of a company's month: two copies of its database take turns, one
    of which has one server, the other one two.

    :param template: a database with the addons, ``cs_promotion_queue`` among them
    :param tell: function that shows what is being done
    """

    def __init__(self, template, tell):
        self.template, self.tell = template, tell
        self.origin = f"{template}_month"
        self.copies = {servers: f"{template}_workers_{servers}" for servers in SERVERS}

    def measure(self, count, rounds=ROUNDS):
        """All steps with so many agents.

        :return: name of each step -> number of servers -> list of :class:`Shared`; and what the
            month left in the database: name of each table -> :class:`~.sizes.Size`
        :raises: :class:`~.stage.Disagreement` where two servers do not leave the rows that one does
        """
        self.tell(f"{count} agents: a fresh database")
        self._copy(self.template, self.origin)
        Month(self.origin, count, work_here).make()
        tidy(self.origin)
        before = read_sizes(self.origin)
        measured = {step.name: {servers: [] for servers in SERVERS} for step in STEPS}
        for number in range(rounds):
            self.tell(f"Round {number + 1}")
            self._measure_all(count, measured)
        return measured, get_added(before, read_sizes(self.copies[1]))

    def drop(self):
        """Drop the databases that were made."""
        for database in (*self.copies.values(), self.origin):
            drop_database(database)

    def _copy(self, source, target):
        drop_database(target)
        Registry.delete(source)
        sql_db.close_db(source)
        names = SQL.identifier(target), SQL.identifier(source)
        statement = SQL("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", *names)
        execute_alone("postgres", statement)

    def _measure_all(self, count, measured):
        """All steps once, in turns; adds to what has been measured."""
        with ExitStack() as stack:
            months = {}
            for servers, database in self.copies.items():
                self._copy(self.origin, database)
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                stack.enter_context(Hosts(config["config"], database, folder, servers))
                months[servers] = Month(database, count, begin)
            for step in STEPS:
                self._measure_step(step, months, measured[step.name])

    def _measure_step(self, step, months, found):
        for month in months.values():
            if step.prepare:
                month.do(step.prepare)
            tidy(month.database)
        for servers, month in months.items():
            self.tell(f"{step.title}: workers {servers}")
            with watched(month.database) as watch:
                begin(month, step.model, step.method)
                watch.wait()
            found[servers].append(watch.shared)
            tidy(month.database)
        one, two = (month.look() for month in months.values())
        for name, rows in one.items():
            if rows != two[name]:
                ours, theirs = show_difference(rows, two[name])
                raise Disagreement(
                    f"{step.name}: {name} differ: {ours} by one worker, {theirs} by two"
                )


def tidy(database):
    """Nothing has to clean up after others, and the planner knows what there is."""
    execute_alone(database, SQL("VACUUM ANALYZE"))


@contextmanager
def watched(database):
    """A :class:`Watch` on a database."""
    # a connection of its own: those of the pool are closed whenever a process is forked
    _name, connection = sql_db.connection_info_for(database)
    with closing(psycopg2.connect(**connection)) as own:
        own.autocommit = True
        with own.cursor() as cr:
            yield Watch(cr)


class Watch:
    """Looks at the jobs until all are done, and at what holds them up meanwhile."""

    def __init__(self, cr):
        self.cr = cr
        self.start, self.used, self.written = time.perf_counter(), read_processors(), self._read()
        self.waits = Counter()

    def _query(self, statement):
        self.cr.execute(statement)
        return self.cr.fetchall()

    def _read(self):
        """Bytes that have been written ahead so far."""
        [[written]] = self._query("SELECT pg_current_wal_insert_lsn() - '0/0'")
        return written

    def wait(self):
        """Until no job is left.

        :raises: :class:`ChildProcessError` where one has failed
        """
        left = 1
        while left:
            time.sleep(PAUSE)
            self._look()
            [[left, failed]] = self._query(
                f"SELECT COUNT(*) FILTER (WHERE {WAITING}),"
                " MAX(exc_info) FILTER (WHERE state = 'failed') FROM queue_job"
            )
            if failed:
                raise ChildProcessError(failed)
        self.shared = self._get_shared()

    def _look(self):
        self.waits.update(
            wait
            for (wait,) in self._query(
                """
                SELECT COALESCE(wait_event_type || ' ' || wait_event, 'none') FROM pg_stat_activity
                 WHERE datname = current_database() AND state = 'active'
                   AND backend_type = 'client backend' AND pid != pg_backend_pid()
                """
            )
        )

    def _get_shared(self):
        seconds = time.perf_counter() - self.start
        busy, whole = (now - then for now, then in zip(read_processors(), self.used, strict=True))
        wal_mb = float(self._read() - self.written) / 2**20
        return Shared(seconds, busy / whole, self.waits, wal_mb)


def read_processors():
    """Ticks in which this machine's processors have worked so far, and all ticks."""
    line = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    ticks = [int(each) for each in line.split()[1:9]]
    idle = ticks[3] + ticks[4]  # with nothing to do, or waiting for a disk
    return sum(ticks) - idle, sum(ticks)


def get_rows(measured):
    """What is told of each step: name -> seconds by one worker, by two, and the ratio."""
    rows = {}
    for name, found in measured.items():
        one, two = (median(each.seconds for each in found[servers]) for servers in SERVERS)
        rows[name] = {
            "one_seconds": round(one, 3),
            "two_seconds": round(two, 3),
            "ratio": round(two / one, 2),
        }
    return rows
