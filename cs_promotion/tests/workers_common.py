import json
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, get_db_name
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

from .worker import BATCH


class WorkersCase(BaseCase):
    """Runs scheduled actions in real processes, which are killed, or race each other.

    On a copy of the database, dropped in the end: what they commit is not rolled back.
    """

    steps_files = ()  # Python files with further ``STEPS`` than those of ``worker.py``

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()}_workers"
        cls.addClassCleanup(cls._drop_database)
        cls._copy_database()
        directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        path = Path(directory, "odoo.conf")
        path.write_text(cls._get_config(), encoding="utf-8")
        worker = Path(__file__).with_name("worker.py")
        cls.worker = subprocess.Popen(
            [sys.executable, worker, path, cls.database, *cls.steps_files],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        cls.addClassCleanup(cls._stop_worker)
        if cls.worker.stdout.readline() != "ready\n":
            raise RuntimeError("The worker did not start")

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
    def _run_undisturbed(cls, step):
        return cls._run(step)["statements"]


class Disturbed:
    """What every scheduled action has to stand: a part of a :class:`WorkersCase`.

    A company whose actions ran undisturbed is the measure of the others.
    """

    outcome = None  # the step that tells what a company has got in the end

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statements = cls._play("Undisturbed", cls._run_undisturbed)
        cls.expected = cls._run(cls.outcome, "Undisturbed")["result"]

    @classmethod
    def _play(cls, name, run):
        """The history of a company of this name.

        :param run: function that runs a step which is a scheduled action
        :return: scheduled action -> what ``run`` returned
        """
        raise NotImplementedError

    def _assert_same_outcome(self, name):
        found = self._run(self.outcome, name)["result"]
        for kind, rows in self.expected.items():
            self.assertEqual(found[kind], rows, kind)

    def _get_points(self, step):
        """A quarter, half and three quarters of an undisturbed run, in statements."""
        return [self.statements[step] * quarter // 4 for quarter in (1, 2, 3)]

    def test_killed_and_resumed(self):
        """Killed a quarter, half and three quarters into each action, then run once more."""

        def run(step):
            answers = [
                self._run_all({"step": step, "die_at": point})[0]
                for point in self._get_points(step)
            ]
            self.assertIsNone(answers[0], "the first one was killed")
            self._run(step)

        self._play("Killed", run)
        self._assert_same_outcome("Killed")

    def test_two_workers_at_once(self):
        """One pauses in the middle of its work, and another comes along."""

        def run(step):
            shared, *others = [
                self._run_all({"step": step, "pause_at": point}, {"step": step})
                for point in self._get_points(step)
            ]
            self._assert_shared(shared, step)
            for answers in others:
                self.assertNotIn(None, answers)
            self._run(step)

        self._play("Two", run)
        self._assert_same_outcome("Two")

    def _assert_shared(self, answers, step):
        """Both had a part in it: while one paused, the other went on."""
        for answer in answers:
            self.assertNotIn("error", answer, step)
            self.assertGreaterEqual(answer["done"], BATCH, step)

    def test_two_workers_neck_and_neck(self):
        def run(step):
            for answer in self._run_all({"step": step}, {"step": step}):
                self.assertNotIn("error", answer, step)
            self._run(step)

        self._play("Neck and neck", run)
        self._assert_same_outcome("Neck and neck")
