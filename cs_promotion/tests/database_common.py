"""Databases of their own, on which Odoo is run in processes of its own."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, get_db_name
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

PREAMBLE = """
import json
from odoo.api import SUPERUSER_ID

def answer(value):
    print("ANSWER " + json.dumps(value, default=str))

"""


class DatabaseCase(BaseCase):
    """Installs, upgrades and uninstalls addons, which cannot be done within a transaction.

    ``database`` is dropped in the end; ``log`` is what Odoo has logged last.
    """

    suffix = "own"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()}_{cls.suffix}"
        cls.addClassCleanup(cls._drop_database)
        cls._drop_database()
        directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.config = Path(directory, "odoo.conf")
        lines = [
            "[options]",
            f"addons_path = {','.join(config['addons_path'])}",
            f"data_dir = {directory}",
        ]
        for name in ("db_host", "db_port", "db_user", "db_password"):
            if config[name]:
                lines.append(f"{name} = {config[name]}")
        cls.config.write_text("\n".join(lines), encoding="utf-8")

    @classmethod
    def _psql(cls, database, *args, stdin=subprocess.DEVNULL):
        command = [find_pg_tool("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, *args]
        done = subprocess.run(
            command, stdin=stdin, capture_output=True, env=exec_pg_environ(), check=False
        )
        if done.returncode:
            raise AssertionError(done.stderr.decode())
        return done.stdout.decode()

    @classmethod
    def _drop_database(cls):
        cls._psql("postgres", "-c", f'DROP DATABASE IF EXISTS "{cls.database}" WITH (FORCE)')

    @classmethod
    def _create_database(cls, template=None):
        copied = f' TEMPLATE "{template}"' if template else ""
        cls._psql("postgres", "-c", f'CREATE DATABASE "{cls.database}"{copied}')

    @classmethod
    def _query(cls, sql):
        """Rows of a query, each a list; values as JSON gives them."""
        rows = cls._psql(cls.database, "-c", f"SELECT to_json(row) FROM ({sql}) AS row")
        return [list(json.loads(row).values()) for row in rows.splitlines()]

    @classmethod
    def _odoo(cls, command, *args, text=None):
        """Run Odoo's command line; errors it logs are the test's.

        :param text: what it reads from standard input
        :return: what it printed
        """
        code = "import odoo.cli; odoo.cli.main()"
        options = ("-c", str(cls.config), "-d", cls.database, "--no-http", "--log-level=warn")
        done = subprocess.run(
            [sys.executable, "-c", code, command, *options, *args],
            input=(text or "").encode(),
            capture_output=True,
            env=dict(os.environ, PYTHONUTF8="1"),
            check=False,
        )
        cls.log = log = done.stderr.decode()
        faults = re.findall(
            r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*(?:\n(?!\d{4}-).*)*", log, re.MULTILINE
        )
        if done.returncode or faults:
            raise AssertionError("\n".join(faults) or log[-5000:])
        return done.stdout.decode()

    @classmethod
    def _run_addons(cls, option, *addons):
        """Install (``-i``) or update (``-u``) addons."""
        cls._odoo("server", option, ",".join(addons), "--stop-after-init")

    @classmethod
    def _shell(cls, text):
        """Run a script in an Odoo shell; what it passed to ``answer``."""
        printed = cls._odoo("shell", text=PREAMBLE + text)
        answers = re.findall(r"^ANSWER (.*)$", printed, re.MULTILINE)
        return json.loads(answers[-1]) if answers else printed

    @classmethod
    def _press(cls, button, addon):
        """Press a button of *Apps* on an addon, as an administrator does."""
        cls._shell(
            f"module = env['ir.module.module'].search([('name', '=', {addon!r})])\n"
            f"module.{button}()\n"
        )
