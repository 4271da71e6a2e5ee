import json
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

STEPS = ("open_due", "close_complete", "apply_due")


@tagged("post_install", "-at_install", "cs_promotion")
class TestWorkers(BaseCase):
    """Scheduled actions killed half-way, and run twice at once, in real processes.

    On a copy of the database, dropped in the end: what they commit is not rolled back. A
    company whose actions ran undisturbed is the measure of the others.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()}_workers"
        cls.addClassCleanup(cls._drop_database)
        cls._copy_database()
        directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        path = Path(directory, "odoo.conf")
        path.write_text(cls._get_config(), encoding="utf-8")
        cls.worker = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("worker.py"), path, cls.database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        cls.addClassCleanup(cls._stop_worker)
        if cls.worker.stdout.readline() != "ready\n":
            raise RuntimeError("The worker did not start")
        cls.statements = cls._play("Undisturbed", cls._run_undisturbed)
        cls.expected = cls._run("outcome", "Undisturbed")["result"]

    @classmethod
    def _copy_database(cls):
        cls._drop_database()
        cls._psql("postgres", "-c", f'CREATE DATABASE "{cls.database}"')
        dump = subprocess.Popen(
            [find_pg_tool("pg_dump"), "--no-owner", get_db_name()],
            stdout=subprocess.PIPE,
            env=exec_pg_environ(),
        )
        cls._psql(cls.database, stdin=dump.stdout)
        dump.stdout.close()
        if dump.wait():
            raise RuntimeError("The database could not be copied")

    @classmethod
    def _drop_database(cls):
        cls._psql("postgres", "-c", f'DROP DATABASE IF EXISTS "{cls.database}" WITH (FORCE)')

    @classmethod
    def _psql(cls, database, *args, stdin=subprocess.DEVNULL):
        subprocess.run(
            [find_pg_tool("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, *args],
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=exec_pg_environ(),
            check=True,
        )

    @classmethod
    def _get_config(cls):
        lines = ["[options]", f"addons_path = {','.join(config['addons_path'])}"]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                lines.append(f"{name} = {config[name]}")
        return "\n".join(lines)

    @classmethod
    def _stop_worker(cls):
        cls.worker.stdin.close()
        cls.worker.wait(10)
        cls.worker.stdout.close()

    # ------------------------------------------------------------------ jobs

    @classmethod
    def _run_all(cls, *jobs):
        """Run jobs at once, each in a process; their answers, None of one that was killed."""
        cls.worker.stdin.write(json.dumps(jobs) + "\n")
        cls.worker.stdin.flush()
        return json.loads(cls.worker.stdout.readline())

    @classmethod
    def _run(cls, step, *args):
        (answer,) = cls._run_all({"step": step, "args": args})
        if not answer or "error" in answer:
            raise AssertionError(f"{step}: {answer}")
        return answer

    @classmethod
    def _play(cls, name, run):
        """Three months of a company; ``run`` runs the steps that are scheduled actions."""
        cls._run("prepare", name)
        answers = {"open_due": run("open_due")}
        cls._run("fill_in", name)
        for step in ("close_complete", "apply_due"):
            answers[step] = run(step)
        return answers

    @classmethod
    def _run_undisturbed(cls, step):
        return cls._run(step)["statements"]

    def _assert_same_outcome(self, name):
        found = self._run("outcome", name)["result"]
        for model, rows in self.expected.items():
            self.assertEqual(found[model], rows, model)

    # ------------------------------------------------------------------ tests

    def test_undisturbed_does_all_there_is_to_do(self):
        """The measure itself: everything happened that the other tests compare."""
        kinds = {row[2] for row in self.expected["cs.decision"]}
        self.assertEqual(kinds, {"promotion", "demotion", "review"})
        self.assertEqual(len(self.expected["cs.appraisal.sheet.line"]), 24 * 3 * 2 * 20)
        self.assertEqual({row[2] for row in self.expected["cs.appraisal"]}, {"closed"})
        applied = [row for row in self.expected["cs.decision"] if row[4] == "applied"]
        self.assertEqual(len(self.expected["hr.version"]), 24 + len(applied))
        self.assertGreater(len(applied), 10)

    def test_killed_and_resumed(self):
        """Killed a quarter, half and three quarters into each action, then run once more."""

        def run(step):
            points = [self.statements[step] * quarter // 4 for quarter in (1, 2, 3)]
            answers = [self._run_all({"step": step, "die_at": point})[0] for point in points]
            self.assertIsNone(answers[0], "the first one was killed")
            self._run(step)

        self._play("Killed", run)
        self._assert_same_outcome("Killed")

    def test_two_workers_at_once(self):
        """One pauses in the middle of its work, and another comes along."""

        def run(step):
            point = self.statements[step] // 4
            answers = self._run_all({"step": step, "pause_at": point}, {"step": step})
            self._assert_shared(answers, step)
            for quarter in (2, 3):
                point = self.statements[step] * quarter // 4
                answers = self._run_all({"step": step, "pause_at": point}, {"step": step})
                self.assertNotIn(None, answers)
            self._run(step)

        self._play("Two", run)
        self._assert_same_outcome("Two")

    def _assert_shared(self, answers, step):
        """Both had a part in it: while one paused, the other went on."""
        for answer in answers:
            self.assertNotIn("error", answer, step)
            self.assertGreaterEqual(answer["done"], 5, step)

    def test_two_workers_neck_and_neck(self):
        def run(step):
            answers = self._run_all({"step": step}, {"step": step})
            self.assertNotIn(None, answers)
            self._run(step)

        self._play("Neck and neck", run)
        self._assert_same_outcome("Neck and neck")
