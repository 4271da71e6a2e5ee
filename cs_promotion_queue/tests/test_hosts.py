"""Long work shared by servers of several hosts, which are killed, too."""

import os
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase, tagged
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

from odoo.addons.cs_promotion_bench.month import Month, begin, work_here
from odoo.addons.cs_promotion_bench.servers import Hosts

AGENTS = int(os.getenv("CS_QUEUE_AGENTS", "240"))
PATIENCE = 120 + AGENTS  # seconds until a work is done


def uninstall(case):
    addon = case.env["ir.module.module"].search([("name", "=", "cs_promotion_queue")])
    addon.button_immediate_uninstall()


@tagged("post_install", "-at_install", "cs_promotion")
class TestHosts(BaseCase):
    """A month of many agents on two servers: the same rows as on one, and none twice.

    ``CS_QUEUE_AGENTS`` says how many agents.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.folder, cls.config = Path(folder), Path(folder, "odoo.conf")
        lines = ["[options]", f"addons_path = {','.join(config['addons_path'])}"]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                lines.append(f"{name} = {config[name]}")
        cls.config.write_text("\n".join(lines), encoding="utf-8")
        cls.origin = cls._copy(os.environ["CS_QUEUE_DATABASE"], "origin")
        Month(cls.origin, AGENTS, work_here).make()
        month = Month(cls._copy(cls.origin, "one"), AGENTS, work_here)
        month.play(Month.open, Month.fill_in, Month.close)
        cls.closed = month.look()
        month.play(Month.apply, Month.tell, Month.make_payslips, Month.confirm)
        cls.expected = month.look()

    @classmethod
    def _copy(cls, source, name):
        """A copy of a database, dropped in the end."""
        database = f"test_{os.getpid()}-queue_{name}"
        cls._psql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        cls._psql("postgres", f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
        cls.addClassCleanup(
            cls._psql, "postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'
        )
        return database

    @classmethod
    def _psql(cls, database, statement):
        """Rows of a statement, each a list of texts."""
        done = subprocess.run(
            [
                find_pg_tool("psql"),
                "-XqAt",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database,
                "-c",
                statement,
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=exec_pg_environ(),
            check=False,
        )
        if done.returncode:
            raise AssertionError(done.stderr)
        return [line.split("|") for line in done.stdout.splitlines()]

    def _share(self, name):
        """A copy of the company's database, shared by two servers and a runner."""
        database = self._copy(self.origin, name)
        folder = self.folder / name
        folder.mkdir()
        return self.enterContext(Hosts(self.config, database, folder))

    def _wait(self, database, until="NOT EXISTS (SELECT FROM queue_job WHERE state {unfinished})"):
        """Until something is so, by default: all jobs are done."""
        unfinished = "IN ('wait_dependencies', 'pending', 'enqueued', 'started')"
        query = f"SELECT {until.format(unfinished=unfinished)}"
        end = time.monotonic() + PATIENCE
        while self._psql(database, query) != [["t"]]:
            # the runner looks for jobs of who was killed once a minute, or when there is news
            self._psql(database, "NOTIFY queue_job, 'news'")
            if time.monotonic() > end:
                columns = "name, state, retry, worker_pid, exc_info"
                rows = f"SELECT {columns} FROM queue_job WHERE state != 'done'"
                self.fail("\n".join(map(str, self._psql(database, rows))))
            time.sleep(0.2)

    def _go(self, month, model, method):
        begin(month, model, method)
        self._wait(month.database)

    @contextmanager
    def _held(self, database, table):
        """Nobody writes the table meanwhile: who is about to, waits."""
        _name, where = connection_info_for(database)
        with closing(psycopg2.connect(**where)) as connection, connection.cursor() as cr:
            cr.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield

    def _go_killing(self, name, table, month, model, method):
        """A work during which a server, or the runner, is killed and started again.

        :param table: what each job of its step writes; it is held, so that the killed one is at it
        """
        with self._held(month.database, table):
            begin(month, model, method)
            step = "method_name = '_run_step' AND state = 'started'"
            if name != "runner":
                step += f" AND worker_pid = {self.hosts.processes[name].pid}"
            self._wait(month.database, f"EXISTS (SELECT FROM queue_job WHERE {step})")
            self.hosts.kill(name)
            if name == "runner":
                self.hosts.start_runner()
            else:
                self.hosts.start(name)
                self.hosts.wait(name)
        self._wait(month.database)

    def _assert_same(self, month):
        found = month.look()
        for name, rows in self.expected.items():
            self.assertEqual(found[name], rows, name)
        self.assertEqual(
            self._psql(month.database, "SELECT state FROM queue_job GROUP BY state"), [["done"]]
        )

    def _count_parts(self, database):
        """Step -> number of jobs that each server has done."""
        rows = self._psql(
            database,
            "SELECT channel, worker_pid, COUNT(*) FROM queue_job"
            " WHERE method_name = '_run_step' GROUP BY 1, 2 ORDER BY 1, 2",
        )
        parts = {}
        for channel, pid, count in rows:
            parts.setdefault(channel.rpartition(".")[2], {})[int(pid)] = int(count)
        return parts

    # ------------------------------------------------------------------ tests

    def test_the_measure_is_a_whole_month(self):
        """What the others are compared with: everything happened in it."""
        expected = self.expected
        self.assertGreaterEqual(len(expected["results"]), AGENTS)
        self.assertEqual(len(expected["sheets"]), 2 * len(expected["results"]))
        self.assertEqual({row[3:5] for row in expected["results"]}, {(True, True)})
        self.assertIn("applied", {row[4] for row in expected["decisions"]})
        [[count, different]] = expected["numbers"]
        self.assertEqual(count, different)
        self.assertGreater(count, AGENTS * 0.9)
        self.assertEqual({row[1] for row in expected["payslips"]}, {"done"})
        self.assertTrue(expected["mails"])

    def test_two_servers_share_a_month(self):
        """One is killed while it judges, the runner while payslips are made."""
        self.hosts = hosts = self._share("two")
        pids = {hosts.processes[number].pid for number in (0, 1)}
        month = Month(hosts.database, AGENTS, self._go)
        month.play(Month.open, Month.fill_in)
        month.go = partial(self._go_killing, 0, "cs_decision")
        month.play(Month.close)
        pids.add(hosts.processes[0].pid)
        month.go = self._go
        month.play(Month.apply, Month.tell)
        month.go = partial(self._go_killing, "runner", "hr_payslip")
        month.play(Month.make_payslips)
        month.go = self._go
        month.play(Month.confirm)
        self._assert_same(month)
        parts = self._count_parts(hosts.database)
        self.assertEqual(set(parts), {"open", "judge", "apply", "letter", "make", "confirm"})
        for step in ("open", "judge", "make", "confirm"):
            self.assertGreaterEqual(len(parts[step]), 2, step)
            self.assertLessEqual(set(parts[step]), pids, step)

    def test_uninstalled_mid_month(self):
        """Jobs wait for a runner that never comes; without the addon nothing of them is lost."""
        month = Month(self._copy(self.origin, "gone"), AGENTS, begin)
        month.play(Month.open)
        self._wait(month.database, "EXISTS (SELECT FROM queue_job WHERE state = 'pending')")
        month.do(uninstall)
        month.load()
        month.go = work_here
        month.play(Month.open, Month.fill_in, Month.close)
        found = month.look()
        for name, rows in self.closed.items():
            self.assertEqual(found[name], rows, name)
        self.assertEqual(self._psql(month.database, "SELECT COUNT(*) FROM queue_job"), [["0"]])
