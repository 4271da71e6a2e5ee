"""Who moves, and in which order: L5, U1-U3, D1, D2, X1, X4, O1-O3."""

import json
from dataclasses import replace
from decimal import Decimal

from ..engine.evidence import record
from ..engine.facts import ProbationTest
from ..engine.ladder import Ladder
from ..engine.policy import Policy, settings
from ..engine.replay import replay
from ..engine.rule import Rule
from ..engine.rules import (
    DISMISS_REPEATED,
    DISMISS_SERIOUS,
    confirm,
    examine_rule,
    judge,
)
from ..engine.vocabulary import PolicyError
from .engine_rules_common import ALWAYS, NEVER, RulesCase, always, grounds, policy_of
from .test_engine_strategies import (
    OUTCOME,
    SHIPPED,
    EngineCase,
    asks,
    closing,
    day,
    known,
    month,
    quarter,
    ranked,
    ruled,
    scored,
    violation,
)


class TestShippedRules(RulesCase):
    def test_11_shipped_rules_can_be_carried_out(self):
        for rule in SHIPPED.rules:
            rule.check(SHIPPED.ladder)

    def test_U2_junior_to_intermediate(self):
        facts = known("junior", quarters=(quarter("2026Q1", 91, 3),), joined="2026-01-01")
        (verdict,) = judge(SHIPPED, facts, closing("2026-03"))
        self.assertEqual(
            (verdict.agent, verdict.outcome, verdict.ground, verdict.effective),
            ("ANNA", "promote", "promote_intermediate", day("2026-04-01")),
        )
        self.assertEqual((verdict.tier, verdict.to), ("junior", "intermediate"))
        self.assertEqual([finding.count for finding in verdict.findings], [1, 1, 3])

    def test_U2_needs_all_three(self):
        for score, rank, joined in (
            ("90.99", 1, "2025-01-01"),
            (100, 4, "2025-01-01"),
            (100, None, "2025-01-01"),
            (100, 1, "2026-01-02"),
        ):
            facts = known(quarters=(quarter("2026Q1", score, rank),), joined=joined)
            self.assert_grounds(facts, "2026-03")

    def test_U2_counts_the_quarter_just_closed_only(self):
        facts = known(quarters=(quarter("2026Q1", 99, 1), quarter("2026Q2", 70, 9)))
        self.assert_grounds(facts, "2026-03", "promote_intermediate")
        for later in ("2026-04", "2026-05", "2026-06"):
            self.assert_grounds(facts, later)

    def test_U3_intermediate_to_senior(self):
        facts = known(
            "intermediate",
            joined="2026-01-01",
            quarters=(quarter("2026Q1", 95, 9), quarter("2026Q2", 95, 9)),
            awards=(day("2026-06-01"),),
        )
        self.assert_grounds(facts, "2026-06", "promote_senior")
        self.assert_grounds(replace(facts, awards=()), "2026-06")
        self.assert_grounds(replace(facts, joined=day("2026-01-02")), "2026-06")
        self.assert_grounds(replace(facts, quarters=facts.quarters[1:]), "2026-06")
        for first, last in ((95, "94.99"), ("94.99", 95)):
            quarters = (quarter("2026Q1", first, 9), quarter("2026Q2", last, 9))
            self.assert_grounds(replace(facts, quarters=quarters), "2026-06")

    def test_U3_the_last_two_quarters_held(self):
        """A quarter without a review lies between them (R5)."""
        quarters = (quarter("2025Q4", 96, 1), quarter("2026Q2", 96, 1))
        facts = known("intermediate", quarters=quarters, awards=(day("2025-03-01"),))
        self.assert_grounds(facts, "2026-06", "promote_senior")

    def test_D1_three_months_outside_the_top_three(self):
        facts = known("intermediate", months=ranked("2026-01", 4, 5, 4))
        self.assert_grounds(facts, "2026-03", "demote_intermediate")
        self.assert_grounds(replace(facts, months=ranked("2026-01", 4, 3, 4, 4)), "2026-04")
        self.assert_grounds(facts, "2026-02")

    def test_D1_two_quarters_of_81_to_90(self):
        for first, last, down in (
            ("80.01", "90.99", True),
            ("91", "85", False),
            ("85", "91", False),
        ):
            quarters = (quarter("2026Q1", first, 1), quarter("2026Q2", last, 1))
            facts = known("intermediate", quarters=quarters)
            self.assert_grounds(facts, "2026-06", *["demote_intermediate"] * down)

    def test_D1_two_quarters_must_be_consecutive(self):
        scores = zip(("2026Q1", "2026Q2", "2026Q3"), (85, 95, 85), strict=True)
        facts = known("intermediate", quarters=tuple(quarter(*each, 1) for each in scores))
        self.assert_grounds(facts, "2026-09")

    def test_D1_one_quarter_of_80_or_below(self):
        for score, down in (("80", True), ("80.01", False), ("12", True)):
            facts = known("intermediate", quarters=(quarter("2026Q1", score, 1),))
            self.assert_grounds(facts, "2026-03", *["demote_intermediate"] * down)

    def test_D1_counts_only_periods_that_began_in_the_tier(self):
        for since, down in (("2026-01-01", True), ("2026-01-02", False)):
            facts = known(
                "intermediate",
                since=since,
                months=ranked("2026-01", 4, 5, 4),
                quarters=(quarter("2026Q1", 70, 4),),
            )
            self.assert_grounds(facts, "2026-03", *["demote_intermediate"] * down)

    def test_D1_is_a_step_of_one(self):
        facts = known("intermediate", quarters=(quarter("2026Q1", 5, 9),))
        (verdict,) = judge(SHIPPED, facts, closing("2026-03"))
        self.assertEqual((verdict.outcome, verdict.to), ("demote", "junior"))

    def test_D2_three_months_below_90_not_in_a_row(self):
        facts = known("senior", months=scored("2026-01", "89.99", 95, 80, 90, 89))
        self.assert_grounds(facts, "2026-05", "demote_senior")
        self.assert_grounds(facts, "2026-04")

    def test_D2_two_quarters_of_81_to_90_not_in_a_row(self):
        keys = ("2026Q1", "2026Q2", "2026Q3")
        for scores, down in (((85, 95, 90), True), ((85, 95, 91), False), ((95, 95, 81), False)):
            quarters = tuple(map(quarter, keys, scores, (1, 1, 1)))
            facts = known("senior", quarters=quarters)
            self.assert_grounds(facts, "2026-09", *["demote_senior"] * down)

    def test_D2_one_quarter_of_80_or_below(self):
        for score, down in (("80", True), ("80.01", False)):
            facts = known("senior", quarters=(quarter("2026Q1", score, 1),))
            self.assert_grounds(facts, "2026-03", *["demote_senior"] * down)

    def test_D2_rests_after_twelve_months_in_the_tier(self):
        """Senior since 1 April: March is the twelfth month, a year later is none."""
        for key, down in (("2026-03", True), ("2026-04", False)):
            months = (month("2025-05", 80), month("2025-09", 80), month(key, 80))
            facts = known("senior", since="2025-04-01", joined="2024-01-01", months=months)
            self.assert_grounds(facts, key, *["demote_senior"] * down)

    def test_D2_periods_lie_wholly_inside_the_twelve_months(self):
        """Senior since 15 April: neither that April's month nor next April's counts."""
        early = scored("2025-04", 80, 80, 80)
        facts = known("senior", since="2025-04-15", joined="2024-01-01", months=early)
        self.assert_grounds(facts, "2025-06")
        late = (*early[1:], month("2026-04", 80))
        self.assert_grounds(replace(facts, months=late), "2026-04")
        self.assert_grounds(
            replace(facts, months=(*early[1:], month("2026-03", 80))), "2026-03", "demote_senior"
        )

    def test_R6_the_pass_mark_itself_is_no_fail_mark(self):
        for last, failing in (("59.99", True), ("60", False), ("60.00", False)):
            facts = known("junior", months=scored("2026-01", 0, 0, last))
            self.assert_grounds(facts, "2026-03", *["dismiss_failing"] * failing)

    def test_X1_three_failing_months_of_a_junior(self):
        facts = known("junior", months=scored("2026-01", 59, 40, "59.99"))
        (verdict,) = judge(SHIPPED, facts, closing("2026-03"))
        self.assertEqual(
            (verdict.outcome, verdict.ground, verdict.to),
            ("dismissal_review", "dismiss_failing", None),
        )
        self.assert_grounds(replace(facts, months=scored("2026-01", 59, 40, 60)), "2026-03")
        self.assert_grounds(replace(facts, months=scored("2026-01", 59, 60, 59, 59)), "2026-04")
        for tier in ("probation", "intermediate", "senior"):
            self.assert_grounds(replace(facts, tier=tier), "2026-02")

    def test_O1_monthly_and_quarterly_clauses_of_one_rule_each_have_their_time(self):
        """D1 by month in a month that closes no quarter, by quarter with no monthly rank."""
        months = ranked("2026-02", 4, 4, 4)
        self.assert_grounds(known("intermediate", months=months), "2026-04", "demote_intermediate")
        quarters = (quarter("2026Q1", 70, None),)
        self.assert_grounds(
            known("intermediate", quarters=quarters), "2026-03", "demote_intermediate"
        )


class TestOrder(RulesCase):
    def test_O2_reviews_then_down_and_only_without_it_up(self):
        policy = policy_of(
            always("up", "promote"), always("down", "demote"), always("out", "dismissal_review")
        )
        self.assertEqual(grounds(known(), "2026-01", policy), ["out", "down"])
        self.assertEqual(grounds(known(), "2026-01", policy_of(*policy.rules[:2])), ["down"])
        self.assertEqual(grounds(known(), "2026-01", policy_of(*policy.rules[:1])), ["up"])

    def test_O2_at_most_one_step_by_the_first_rule_that_applies(self):
        for outcome in ("promote", "demote"):
            never = ruled("never", "junior", outcome, (ALWAYS, NEVER))
            policy = policy_of(
                never,
                always("other", outcome, "senior"),
                always("first", outcome),
                always("second", outcome),
            )
            self.assertEqual(grounds(known(), "2026-01", policy), ["first"])

    def test_O2_a_day_already_decided_leaves_reviews_alone(self):
        policy = policy_of(always("down", "demote"), always("out", "dismissal_review"))
        decided = known(
            decided=frozenset([day("2026-02-01")]),
            violations=(violation("2026-01-10", "moderate"),),
        )
        self.assertEqual(grounds(decided, "2026-01", policy), ["out"])
        self.assertEqual(
            grounds(decided, "2026-02", policy), ["out", "down"], "the next month is free"
        )

    def test_O2_nothing_for_one_whose_contract_ends_by_then(self):
        policy = policy_of(always("down", "demote"), always("out", "dismissal_review"))
        serious = (violation("2026-01-10", "serious"),)
        for left, expected in (
            ("2026-01-31", []),
            ("2026-02-01", []),
            ("2026-02-02", ["out", DISMISS_SERIOUS, "down"]),
        ):
            facts = known(left=day(left), violations=serious)
            self.assertEqual(grounds(facts, "2026-01", policy), expected)

    def test_O3_takes_effect_on_the_first_day_after_the_period(self):
        policy = policy_of(always("up", "promote"))
        for at, effective in (("2026-02", "2026-03-01"), ("2026-12", "2027-01-01")):
            (verdict,) = judge(policy, known(), closing(at))
            self.assertEqual(verdict.effective, day(effective))

    def test_X4_no_score_rule_promotes_while_a_review_is_open(self):
        policy = policy_of(always("up", "promote"), always("out", "dismissal_review"))
        self.assertEqual(grounds(known(), "2026-01", policy), ["out"])
        for ground in ("out", DISMISS_SERIOUS, "rule of an older policy"):
            facts = known(open_reviews=frozenset([ground]))
            self.assertNotIn("up", grounds(facts, "2026-01", policy))

    def test_X4_one_open_review_for_each_ground(self):
        policy = policy_of(always("out", "dismissal_review"), always("gone", "dismissal_review"))
        third = (*map(violation, ("2025-10-10", "2025-11-10")), violation("2026-01-10", "serious"))
        everything = ["out", "gone", DISMISS_SERIOUS, DISMISS_REPEATED]
        facts = known(violations=third)
        self.assertEqual(grounds(facts, "2026-01", policy), everything)
        for ground in everything:
            facts = known(violations=third, open_reviews=frozenset([ground]))
            others = [each for each in everything if each != ground]
            self.assertEqual(grounds(facts, "2026-01", policy), others)

    def test_X4_an_open_review_does_not_stop_a_step_down(self):
        facts = known(open_reviews=frozenset(["out"]))
        policy = policy_of(always("down", "demote"))
        self.assertEqual(grounds(facts, "2026-01", policy), ["down"])

    def test_O5_the_version_in_force_on_the_last_day_judges_all_reviews(self):
        """January and February were fails under no other mark than March's."""
        facts = known(months=scored("2026-01", 65, 65, 65))
        for mark, expected in ((60, []), (66, ["dismiss_failing"])):
            failing = asks("month_score", "<", Decimal(mark), times=3, consecutive=True)
            rule = ruled("dismiss_failing", "junior", "dismissal_review", (failing,))
            policy = policy_of(rule, pass_mark=mark)
            self.assertEqual(grounds(facts, "2026-03", policy), expected)

    def test_11_match_all_or_any(self):
        for match, conditions, applies in (
            ("all", (ALWAYS, ALWAYS), True),
            ("all", (ALWAYS, NEVER), False),
            ("any", (NEVER, ALWAYS), True),
            ("any", (NEVER, NEVER), False),
        ):
            rule = ruled("rule", "junior", "promote", conditions, match)
            met, findings = examine_rule(rule, known(), closing("2026-01"))
            self.assertIs(met, applies)
            self.assertEqual([finding.condition for finding in findings], [*conditions])

    def test_P4_a_verdict_names_the_violations_its_rule_counted(self):
        """Also those of former months, and none where the rule counts none."""
        counting = asks("violations", ">=", Decimal(2))
        facts = known(violations=(violation("2025-11-10"), violation("2026-01-10")))
        policy = policy_of(ruled("down", "junior", "demote", (counting,)))
        (verdict,) = judge(policy, facts, closing("2026-01"))
        self.assertEqual(verdict.violations, facts.violations)
        (verdict,) = judge(policy_of(always("down", "demote")), facts, closing("2026-01"))
        self.assertEqual(verdict.violations, ())

    def test_L5_on_the_ends_of_the_ladder_there_is_no_further_step(self):
        """Such rules are refused; should the ladder shrink later, nothing comes of them."""
        policy = policy_of(
            always("up", "promote", "reserve"), always("down", "demote", "probation")
        )
        for tier in ("reserve", "probation"):
            self.assertEqual(grounds(known(tier), "2026-01", policy), [])


class TestChecks(EngineCase):
    def assert_refused(self, fault: str, rule: Rule, ladder=None):
        with self.assertRaisesRegex(PolicyError, f"^rule up: .*{fault}"):
            rule.check(ladder or Ladder())

    def test_L5_the_reserve_is_entered_by_appointment_never_by_a_rule(self):
        rule = always("up", "promote", "senior")
        self.assert_refused("by appointment only", rule)
        rule.check(Ladder(appointed=frozenset()))
        always("down", "demote", "reserve").check(Ladder())

    def test_L5_two_tiers_by_appointment_are_both_protected(self):
        ladder = Ladder(("junior", "senior", "reserve", "deputy"), frozenset({"reserve", "deputy"}))
        for tier in ("senior", "reserve"):
            self.assert_refused("by appointment only", always("up", "promote", tier), ladder)
        self.assert_refused("by appointment only", always("up", "demote", "deputy"), ladder)
        always("up", "promote", "junior").check(ladder)

    def test_L5_no_rule_enters_such_a_tier_whatever_the_ladder(self):
        """Should a rule lead there all the same, because a tier between has gone."""
        ladder = Ladder(("junior", "lead", "senior"), frozenset({"lead"}))
        for tier, outcome in (("junior", "promote"), ("senior", "demote")):
            policy = replace(policy_of(always("rule_0", outcome, tier)), ladder=ladder)
            self.assertEqual(grounds(known(tier), "2026-01", policy), [])

    def test_P3_a_rule_may_name_the_rung_it_leads_to(self):
        """Past others, and back: a branch. Never one by appointment (L5)."""
        up = replace(always("up", "promote"), target="senior")
        down = replace(always("down", "demote", "senior"), target="junior")
        policy = policy_of(up, down)
        for tier, to in (("junior", "senior"), ("senior", "junior")):
            (verdict,) = judge(policy, known(tier), closing("2026-05"))
            self.assertEqual((verdict.tier, verdict.to), (tier, to))
            told = json.loads(json.dumps(record(policy, known(tier), verdict)))
            self.assertEqual(replay(told).to, to)
            self.assertNotEqual(replay(told | {"target": None}).to, to)
        for rule in (up, down):
            rule.check(Ladder())
            ladder = Ladder(appointed=frozenset({"junior", "senior"}))
            self.assertIsNone(rule.leads_to(ladder))
            self.assertEqual(judge(replace(policy, ladder=ladder), known(), closing("2026-05")), [])
        for rule, target, fault in (
            (up, "probation", "probation is not above junior"),
            (up, "junior", "junior is not above junior"),
            (down, "reserve", "reserve is not below senior"),
            (up, "reserve", "by appointment only"),
            (up, "expert", "unknown tier 'expert'"),
            (always("out", "dismissal_review"), "senior", "leads to no tier"),
        ):
            with self.assertRaisesRegex(PolicyError, fault):
                replace(rule, target=target).check(Ladder())

    def test_L0_the_rung_of_probation_is_said(self):
        """Not the lowest one, whatever stands below it; none at all where none is said."""
        ladder = Ladder(("trainee", "probation", "junior"))
        test = ProbationTest(day("2026-01-28"), Decimal(60), Decimal(60))
        for tier, to in (("probation", "junior"), ("trainee", None)):
            facts = known(tier, tests=(test,))
            verdict = confirm(Policy(ladder=ladder), facts, day("2026-02-28"))
            self.assertEqual(verdict and verdict.to, to)
            policy = Policy(ladder=replace(ladder, probation=None))
            self.assertIsNone(confirm(policy, facts, day("2026-02-28")))

    def test_off_the_ladder_nothing_is_decided_by_rules(self):
        rules = [always(f"rule_{each}", each, "expert") for each in OUTCOME]
        policy = policy_of(*rules)
        facts = known("expert", violations=(violation("2026-01-06", "moderate"),))
        self.assertEqual(judge(policy, facts, closing("2026-01")), [])
        self.assertIsNone(confirm(policy, facts, day("2026-12-31")))

    def test_11_rules_off_the_ladder_are_refused(self):
        self.assert_refused("no tier above reserve", always("up", "promote", "reserve"))
        self.assert_refused("no tier below probation", always("up", "demote", "probation"))
        always("out", "dismissal_review", "probation").check(Ladder())

    def test_11_rules_that_are_none_are_refused(self):
        rule = always("up", "promote")
        rule.check(Ladder())
        self.assert_refused("no condition", replace(rule, conditions=()))
        self.assert_refused("unknown match 'some'", replace(rule, match="some"))
        self.assert_refused("unknown tier 'boss'", replace(rule, tier="boss"))
        impossible = asks("month_score", ">", Decimal(100))
        self.assert_refused("no month_score", replace(rule, conditions=(ALWAYS, impossible)))

    def test_11_settings_are_made_exact(self):
        given_ = settings(pass_mark=0.1, top_n=5, score_method="weighted")
        self.assertEqual(given_.pass_mark, Decimal("0.1"))
        self.assertEqual((given_.top_n, given_.score_method), (5, "weighted"))
        self.assertEqual(given_.fine_cap_percent, Decimal(20))
