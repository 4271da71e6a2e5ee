"""Sentences that papers have, played from a package to the score and the payslip."""

import json
import tempfile
from pathlib import Path

from odoo.tests import TransactionCase

LADDER = [
    {"tier": "saying_agent", "name": "Agent", "base_wage": 3000},
    {"tier": "saying_leader", "name": "Leader", "base_wage": 4000, "appointed": True},
]
FORM = {
    "name": "Month",
    "sections": [
        {"code": "A", "name": "Work", "items": [{"name": "W", "source": "number", "maximum": 100}]}
    ],
}
PACKAGE = {
    "name": "Sayings",
    "settings": {"pays_appraisal": False, "pays_commission": False},
    "ladder": LADDER,
    "raters": [{"code": "superior", "weight": 100}],
    "form": FORM,
    "consequences": [],
}


class SayingsCase(TransactionCase):
    """Agents with a list of monthly points each, under a package of a few lines."""

    def _play(self, package, employees, last="2026-01", **more):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "package.json").write_text(json.dumps(PACKAGE | package), encoding="utf-8")
            scenario = {
                "from": "2026-01",
                "until": last,
                "policy": {"package": "package.json"},
                "employees": {
                    name: {"department": "Team", "hired": "2020-01-01", **each}
                    for name, each in employees.items()
                },
                **more,
            }
            return self.env["cs.replay"]._play(json.dumps(scenario), folder)["employees"]

    def _agent(self, *scores, tier="saying_agent", **figures):
        months = {
            f"2026-{number:02}": {"superior": [score], "figures": figures}
            for number, score in enumerate(scores, start=1)
        }
        return {"tier": tier, "months": months}

    def _paid(self, found, code, month="2026-01"):
        return {name: each["payslips"][month].get(code, 0) for name, each in found.items()}
