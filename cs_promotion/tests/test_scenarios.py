import json

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from . import random_scenario

SCENARIOS = ("story", "random_1", "random_2", "random_3")


class ScenarioCase(TransactionCase):
    """Plays scenarios and compares every result with what is expected."""

    def _play(self, text):
        """Every result of the scenario in ``text``, as ``script/replay`` prints it."""
        with self.env.cr.savepoint() as savepoint:
            results = self.env["cs.replay"]._play(text)
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        return json.loads(json.dumps(results))

    def _assert_results(self, found, expected):
        """Months, quarters, changes and reviews always; payslips where there is payroll."""
        payroll = "cs_promotion_payroll" in self.env.registry._init_modules
        self.assertEqual(found.keys(), expected.keys())
        self.assertEqual(list(found["employees"]), list(expected["employees"]))
        for name, results in expected["employees"].items():
            wanted = results if payroll else {**results, "payslips": {}}
            self.assertEqual(found["employees"][name].keys(), wanted.keys())
            for part, value in wanted.items():
                self.assertEqual(found["employees"][name][part], value, f"{name}: {part}")


@tagged("post_install", "-at_install", "cs_promotion")
class TestScenarios(ScenarioCase):
    """The example scenarios give exactly the expected output."""

    def _read(self, name):
        with file_open(f"cs_promotion/tests/scenarios/{name}.json") as file:
            return file.read()

    def test_examples(self):
        for name in SCENARIOS:
            with self.subTest(name):
                found = self._play(self._read(name))
                self._assert_results(found, json.loads(self._read(f"{name}.expected")))

    def test_nothing_is_left_behind(self):
        models = ("res.company", "hr.employee", "cs.policy", "cs.cycle", "cs.decision")
        before = [self.env[model].search_count([]) for model in models]
        self._play(json.dumps(random_scenario.make(1, agents=2, months=2)))
        self.assertEqual([self.env[model].search_count([]) for model in models], before)
