import json

from odoo.tests import tagged

from . import random_scenario
from .oracle import Oracle
from .test_scenarios import ScenarioCase

SEEDS = (3, 17, 2026)  # 3: lines that add up only when rounded first (W4)


@tagged("post_install", "-at_install", "cs_promotion")
class TestRandomScenarios(ScenarioCase):
    """Random histories: the models agree with a second, independent reading of the policy."""

    def test_models_agree_with_the_oracle(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                scenario = random_scenario.make(seed)
                expected = json.loads(json.dumps(Oracle(scenario).play()))
                self._assert_results(self._play(json.dumps(scenario)), expected)
