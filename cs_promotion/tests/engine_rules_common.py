"""What tests of the rules share: policies of single rules, and what they decide."""

from decimal import Decimal

from ..engine.policy import Policy, settings
from ..engine.rule import Rule
from ..engine.rules import (
    judge,
)
from .test_engine_strategies import (
    SHIPPED,
    EngineCase,
    asks,
    closing,
    ruled,
)

ALWAYS = asks("tenure_months", ">=", Decimal(0))
NEVER = asks("tenure_months", ">=", Decimal(9999))


def grounds(facts, at: str, policy: Policy = SHIPPED) -> list[str]:
    return [verdict.ground for verdict in judge(policy, facts, closing(at))]


def policy_of(*rules: Rule, **values) -> Policy:
    return Policy(settings(**values), rules=rules)


def always(code: str, outcome: str, tier: str = "junior") -> Rule:
    return ruled(code, tier, outcome, (ALWAYS,))


class RulesCase(EngineCase):
    def assert_grounds(self, facts, at: str, *expected: str):
        self.assertEqual(grounds(facts, at), list(expected))
