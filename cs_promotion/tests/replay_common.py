"""Scenarios that are played from a package of their own."""

import json
import tempfile
from pathlib import Path

from odoo.tests import TransactionCase


class ReplayCase(TransactionCase):
    """Plays a package with employees of one department."""

    def _play(self, package, first, last, **employees):
        """The results of each employee."""
        scenario = {
            "from": first,
            "until": last,
            "policy": {"package": "package.json"},
            "employees": {
                name: {"department": "Centre", "hired": "2023-01-01", **each}
                for name, each in employees.items()
            },
        }
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "package.json").write_text(json.dumps(package), encoding="utf-8")
            return self.env["cs.replay"]._play(json.dumps(scenario), folder)["employees"]
