"""A small policy as a package, and scenarios that are played by it."""

import json
import tempfile
from pathlib import Path

LADDER = [
    {"tier": "fx_c", "name": "C", "base_wage": 2000, "appraisal_pay": 500},
    {"tier": "fx_b", "name": "B", "base_wage": 3000, "appraisal_pay": 500},
    {"tier": "fx_a", "name": "A", "base_wage": 4000, "appraisal_pay": 1000},
]
FORM = {
    "name": "Work",
    "sections": [
        {
            "code": "A",
            "name": "Work",
            "weight": 100,
            "items": [{"name": "Work", "source": "number", "maximum": 100}],
        }
    ],
}


def rule(code, tier, outcome, *conditions, **more):
    """One rule; each condition a tuple (metric, operator, value) or what it is written as."""
    given = [
        dict(zip(("metric", "operator", "value"), each, strict=True))
        if isinstance(each, tuple)
        else each
        for each in conditions
    ]
    return {
        "code": code,
        "name": code,
        "tier": tier,
        "outcome": outcome,
        "conditions": given,
        **more,
    }


def scores(first, *given):
    """Months of 2025 in a row with these scores."""
    return {
        f"2025-{first + index:02}": {"superior": [score]}
        for index, score in enumerate(given)
        if score is not None
    }


class EffectsCase:
    """Part of a case: policies of a few rules, played."""

    def _package(self, rules, **more):
        return {
            "name": "Effects",
            "form": FORM,
            "ladder": LADDER,
            "raters": [{"code": "superior", "weight": 100}],
            "rules": rules,
            **more,
        }

    def _play(self, rules, first, last, package=None, **agents):
        """The results by name of who is played by these rules."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "package.json"
            path.write_text(json.dumps(self._package(rules, **package or {})), encoding="utf-8")
            scenario = {
                "from": first,
                "until": last,
                "policy": {"package": path.name},
                "employees": {
                    name: {"department": "Desk", "hired": "2024-01-01", "tier": "fx_c", **each}
                    for name, each in agents.items()
                },
            }
            return self.env["cs.replay"]._play(json.dumps(scenario), folder)["employees"]

    def _changes(self, found):
        """Date and tier of each move."""
        return [(each["date"], each["to"]) for each in found["changes"]]
