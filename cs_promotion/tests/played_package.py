"""A small policy as a package, and how it is played: what tests of the language start from."""

import json
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tests import TransactionCase

DESK = {
    "format": "cs-promotion-policy/1",
    "name": "A desk",
    "settings": {"rank_within": "company", "probation_months": 0},
    "metrics": [],
    "ladder": [
        {"tier": "desk_agent", "name": "Agent", "base_wage": 3000},
        {"tier": "desk_senior", "name": "Senior", "base_wage": 4000},
        {"tier": "desk_lead", "name": "Lead", "base_wage": 5000},
    ],
    "raters": [{"code": "superior", "weight": 100}],
    "form": {
        "name": "Month",
        "sections": [
            {
                "code": "A",
                "name": "All",
                "items": [{"name": "Work", "source": "number", "maximum": 100}],
            }
        ],
    },
    "consequences": [],
    "rules": [],
}


class PlayedPackageCase(TransactionCase):
    """Plays scenarios by packages that differ from ``DESK``."""

    def _package(self, **parts):
        """``DESK`` with these parts in place of its own."""
        return deepcopy(DESK) | parts

    def _rule(self, *conditions, **values):
        """A rule that lifts an agent of the desk, unless it says otherwise."""
        usual = {"code": "up", "name": "Up", "tier": "desk_agent", "outcome": "promote"}
        return {**usual, "conditions": [*conditions], **values}

    def _score(self, value, **values):
        return {"metric": "month_score", "operator": ">=", "value": value, **values}

    def _play(self, package, first, last, **employees):
        """What comes out, by employee; a number is all that a month is given."""
        with TemporaryDirectory() as folder:
            Path(folder, "package.json").write_text(json.dumps(package), encoding="utf-8")
            scenario = {
                "from": first,
                "until": last,
                "policy": {"package": "package.json"},
                "employees": {name: self._employee(**given) for name, given in employees.items()},
            }
            return self.env["cs.replay"]._play(json.dumps(scenario), folder)["employees"]

    def _employee(self, months=(), **given):
        usual = {"department": "Desk", "hired": "2025-01-01", "tier": "desk_agent"}
        scores = {month: {"superior": [score]} for month, score in dict(months).items()}
        return {**usual, **given, "months": scores}

    def _changes(self, found):
        """Name -> days and rungs of the changes."""
        return {
            name: [(each["date"], each["to"]) for each in agent["changes"]]
            for name, agent in found.items()
        }
