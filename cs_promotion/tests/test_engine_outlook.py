"""How near a rule is, before the month's end that examines it (P4)."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from ..engine.outlook import next_examined, outlook
from ..engine.policy import Policy
from ..engine.rule import Condition, Rule
from ..engine.rules import examine_rule
from .test_engine_strategies import (
    MANY,
    SHIPPED,
    EngineCase,
    asks,
    closing,
    day,
    known,
    month,
    quarter,
    ruled,
    scored,
    situations,
)

MONTHLY = asks("month_score", "<", Decimal(60))
QUARTERLY = asks("quarter_score", ">=", Decimal(91))
COUNTED = asks("awards", ">=", Decimal(1))


def rule(*conditions: Condition, match="all", outcome="promote", tier="junior") -> Rule:
    return ruled("rule", tier, outcome, conditions, match)


class TestOutlook(EngineCase):
    def standing(self, condition: Condition, facts, coming: str):
        policy = Policy(rules=(rule(condition, outcome="demote", tier=facts.tier),))
        (outlook_,) = outlook(policy, facts, closing(coming))
        (standing,) = outlook_.standings
        self.assertIs(outlook_.applies, standing.met)
        return standing

    def test_O1_a_rule_that_takes_a_quarter_is_examined_at_its_end(self):
        for conditions, match, examined in (
            ((MONTHLY,), "all", "2026-04"),
            ((COUNTED,), "all", "2026-04"),
            ((QUARTERLY,), "all", "2026-06"),
            ((QUARTERLY, COUNTED), "all", "2026-06"),
            ((QUARTERLY, MONTHLY), "all", "2026-06"),
            ((QUARTERLY, COUNTED), "any", "2026-04"),
            ((QUARTERLY, MONTHLY), "any", "2026-04"),
            ((QUARTERLY, QUARTERLY), "any", "2026-06"),
        ):
            found = next_examined(rule(*conditions, match=match), closing("2026-04"))
            self.assertEqual(found, closing(examined))

    def test_P4_shows_the_rules_of_the_tier_in_their_order(self):
        codes = {
            tier: [each.rule.code for each in outlook(SHIPPED, known(tier), closing("2026-04"))]
            for tier in ("probation", "junior", "intermediate", "senior")
        }
        self.assertEqual(
            codes,
            {
                "probation": [],
                "junior": ["promote_intermediate", "dismiss_failing"],
                "intermediate": ["promote_senior", "demote_intermediate"],
                "senior": ["demote_senior"],
            },
        )

    def test_L5_shows_no_step_beyond_the_ends_of_the_ladder(self):
        for tier, outcome, shown in (
            ("reserve", "promote", 0),
            ("reserve", "demote", 1),
            ("reserve", "dismissal_review", 1),
            ("probation", "promote", 1),
            ("probation", "demote", 0),
        ):
            policy = Policy(rules=(rule(MONTHLY, outcome=outcome, tier=tier),))
            self.assertEqual(len(outlook(policy, known(tier), closing("2026-04"))), shown)

    def test_X1_two_failed_months_of_three(self):
        """March is not closed yet; what is held already counts."""
        failing = replace(MONTHLY, times=3, consecutive=True)
        facts = known(months=scored("2026-01", 50, 55))
        standing = self.standing(failing, facts, "2026-03")
        self.assertEqual((standing.finding.count, standing.finding.needed), (2, 3))
        self.assertFalse(standing.finding.held or standing.met or standing.rests)
        standing = self.standing(failing, known(months=scored("2026-01", 50, 55, 59)), "2026-04")
        self.assertTrue(standing.met)
        self.assertFalse(standing.finding.met, "April has no result")

    def test_P4_applies_by_all_or_any(self):
        facts = known(months=(month("2026-03", 50),), quarters=(quarter("2026Q1", 90, 1),))
        for match, applies in (("all", False), ("any", True)):
            policy = Policy(rules=(rule(MONTHLY, QUARTERLY, match=match),))
            (found,) = outlook(policy, facts, closing("2026-04"))
            self.assertIs(found.applies, applies)
            self.assertEqual([each.met for each in found.standings], [True, False])

    def test_D2_rests_once_the_first_year_is_over_by_the_next_examination(self):
        """Senior since 15 April 2025: its last whole month is March 2026."""
        first_year = replace(MONTHLY, window="first_months", months=12)
        for since, coming, rests in (
            ("2025-04-01", "2026-03", False),
            ("2025-04-01", "2026-04", True),
            ("2025-04-15", "2026-03", False),
            ("2025-04-15", "2026-04", True),
            ("2025-05-01", "2026-04", False),
        ):
            facts = known("senior", since=since, months=(month("2025-07", 50),))
            standing = self.standing(first_year, facts, coming)
            self.assertEqual((standing.rests, standing.met), (rests, not rests))

    def test_D2_a_window_by_quarters_rests_by_quarters(self):
        """Senior since 1 May 2025: the year ends within the second quarter of 2026."""
        low = asks("quarter_score", "<=", Decimal(80), window="first_months", months=12)
        facts = known("senior", since="2025-05-01", quarters=(quarter("2025Q3", 70, 1),))
        self.assertFalse(self.standing(low, facts, "2026-03").rests)
        self.assertTrue(self.standing(low, facts, "2026-04").rests)

    def test_11_a_count_never_rests(self):
        """What was won in the first months of the tier is won for ever; what was not, never."""
        facts = known(since="2025-06-01", awards=(day("2026-01-01"),))
        for window, months, met in (
            ("latest", 0, True),
            ("first_months", 12, True),
            ("first_months", 10, True),
            ("first_months", 7, False),
        ):
            condition = replace(COUNTED, window=window, months=months)
            standing = self.standing(condition, facts, "2026-04")
            self.assertEqual((standing.rests, standing.met), (False, met))

    @MANY
    @given(situations)
    def test_P4_what_applies_at_the_closing_was_foreseen(self, situation):
        """By the same findings: nothing is left to the period but to bring its result."""
        policy, facts, close = situation
        for foreseen in outlook(policy, facts, close):
            applies, findings = examine_rule(foreseen.rule, facts, foreseen.closing)
            self.assertEqual(tuple(each.finding for each in foreseen.standings), findings)
            if applies:
                self.assertTrue(foreseen.applies)
            elif all(finding.held for finding in findings):
                self.assertFalse(foreseen.applies)
