"""Confirmation, and what violations lead to: U1, V2, V4, X2-X4."""

import json
from dataclasses import replace
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ..engine.evidence import record
from ..engine.facts import ProbationTest
from ..engine.ladder import Ladder
from ..engine.policy import SEVERITIES, Consequence, Policy, settings
from ..engine.replay import replay
from ..engine.rules import (
    CONFIRM,
    DEMOTE_VIOLATION,
    DISMISS_REPEATED,
    DISMISS_SERIOUS,
    confirm,
    judge,
    passed_test,
    probation_ends,
)
from ..engine.vocabulary import Outcome, PolicyError
from .engine_rules_common import RulesCase, grounds
from .test_engine_strategies import (
    MANY,
    OUTCOME,
    SHIPPED,
    EngineCase,
    any_history,
    closing,
    day,
    known,
    number,
    quarter,
    seeded,
    violation,
)


class TestProbation(EngineCase):
    def confirmed(self, *tests, since="2026-07-10", until="2026-12-31", **values):
        facts = known(
            "probation",
            since=since,
            joined=since,
            tests=tuple(
                ProbationTest(day(on), number(knowledge), number(skills))
                for on, knowledge, skills in tests
            ),
            **values,
        )
        return confirm(SHIPPED, facts, day(until))

    def test_U1_takes_effect_the_day_after_probation(self):
        verdict = self.confirmed(("2026-07-28", 85, 78))
        self.assertEqual(verdict.effective, day("2026-08-10"))
        self.assertEqual(
            (verdict.outcome, verdict.ground, verdict.tier, verdict.to),
            ("promote", CONFIRM, "probation", "junior"),
        )
        self.assertEqual(verdict.test.date, day("2026-07-28"))

    def test_U1_takes_effect_on_the_day_of_a_later_test(self):
        verdict = self.confirmed(("2026-08-15", 85, 78))
        self.assertEqual(verdict.effective, day("2026-08-15"))

    def test_U1_knowledge_and_skills_both_reach_the_pass_mark(self):
        for knowledge, skills, passed in (
            (60, 60, True),
            ("59.99", 100, False),
            (100, "59.99", False),
        ):
            verdict = self.confirmed(("2026-07-28", knowledge, skills))
            self.assertEqual(verdict is not None, passed)

    def test_U1_the_first_passed_test_counts(self):
        verdict = self.confirmed(
            ("2026-09-20", 90, 90), ("2026-09-05", 70, 70), ("2026-08-25", 59, 99)
        )
        self.assertEqual(verdict.effective, day("2026-09-05"))

    def test_U1_only_tests_since_the_tier_began_count(self):
        """A junior who went back to probation takes the test again."""
        self.assertIsNone(self.confirmed(("2026-07-09", 90, 90)))
        self.assertEqual(self.confirmed(("2026-07-10", 90, 90)).effective, day("2026-08-10"))

    def test_U1_only_what_is_known_by_the_day_counts(self):
        self.assertIsNone(self.confirmed(("2026-08-15", 90, 90), until="2026-08-14"))
        self.assertIsNotNone(self.confirmed(("2026-08-15", 90, 90), until="2026-08-15"))
        self.assertIsNotNone(self.confirmed(("2026-07-15", 90, 90), until="2026-07-15"))

    def test_U1_months_and_pass_mark_are_settings(self):
        facts = known(
            "probation",
            since="2025-12-31",
            tests=(ProbationTest(day("2026-01-10"), Decimal(65), Decimal(65)),),
        )
        policy = Policy(settings(probation_months=2))
        self.assertEqual(probation_ends(policy, facts), day("2026-02-28"))
        self.assertEqual(confirm(policy, facts, day("2026-01-31")).effective, day("2026-02-28"))
        strict = Policy(settings(pass_mark=70))
        self.assertIsNone(passed_test(strict, facts, day("2026-12-31")))
        self.assertIsNone(confirm(strict, facts, day("2026-12-31")))

    def test_U1_is_for_the_lowest_tier_alone(self):
        facts = known(tests=(ProbationTest(day("2026-01-10"), Decimal(90), Decimal(90)),))
        self.assertIsNone(confirm(SHIPPED, facts, day("2026-12-31")))
        self.assertIsNotNone(confirm(SHIPPED, replace(facts, tier="probation"), day("2026-12-31")))

    def test_O2_no_confirmation_for_a_leaver_or_on_a_day_already_decided(self):
        test = ("2026-07-28", 85, 78)
        for left, confirmed in (("2026-08-10", False), ("2026-08-11", True)):
            self.assertEqual(self.confirmed(test, left=day(left)) is not None, confirmed)
        for decided, confirmed in (("2026-08-10", False), ("2026-09-01", True)):
            self.assertEqual(
                self.confirmed(test, decided=frozenset([day(decided)])) is not None, confirmed
            )

    def test_X4_no_confirmation_while_a_review_is_open(self):
        """Once it has ended, the confirmation is found again, from the same day on."""
        test = ("2026-07-28", 85, 78)
        for ground in (DISMISS_REPEATED, DISMISS_SERIOUS, "dismiss_failing"):
            self.assertIsNone(self.confirmed(test, open_reviews=frozenset([ground])))
        self.assertEqual(self.confirmed(test).effective, day("2026-08-10"))

    def test_L5_no_confirmation_into_a_step_by_appointment(self):
        for ladder in (
            Ladder(("probation",)),
            Ladder(("probation", "junior"), frozenset({"junior"})),
            Ladder(()),
        ):
            policy = replace(SHIPPED, ladder=ladder)
            facts = known(
                "probation", tests=(ProbationTest(day("2026-01-28"), *[Decimal(90)] * 2),)
            )
            self.assertIsNone(confirm(policy, facts, day("2026-12-31")))

    @MANY
    @given(seeded(any_history, tiers=("probation",)), st.integers(0, 4), st.integers(0, 100))
    def test_U1_against_a_naive_reading(self, history, months, mark):
        facts, close = history
        policy = Policy(settings(probation_months=months, pass_mark=mark))
        verdict = confirm(policy, facts, close.end)
        passed = sorted(
            test.date
            for test in facts.tests
            if test.date >= facts.tier_since
            and test.date <= close.end
            and min(test.knowledge, test.skills) >= mark
        )
        effective = None
        if passed:
            effective = max(facts.tier_since + relativedelta(months=months), passed[0])
            gone = facts.left is not None and not facts.left > effective
            if gone or effective in facts.decided:
                effective = None
        self.assertEqual(verdict and verdict.effective, effective)


class TestViolations(RulesCase):
    def test_V2_moderate_is_a_step_down_from_the_next_month(self):
        facts = known(violations=(violation("2026-05-06", "moderate"),))
        (verdict,) = judge(SHIPPED, facts, closing("2026-05"))
        self.assertEqual(
            (verdict.outcome, verdict.ground, verdict.effective, verdict.to),
            ("demote", DEMOTE_VIOLATION, day("2026-06-01"), "probation"),
        )
        self.assertEqual(verdict.violations, facts.violations)
        self.assert_grounds(facts, "2026-04")
        self.assert_grounds(facts, "2026-06")

    def test_V2_what_a_severity_leads_to_is_the_policys(self):
        """Another outcome, another ground; what is not said leads to nothing."""
        warning, down = Outcome("warning"), Outcome("demote", step=-1)
        policy = replace(
            SHIPPED,
            consequences={
                "minor": Consequence(warning),
                "moderate": Consequence(OUTCOME["dismissal_review"]),
                "serious": Consequence(down),
            },
        )
        told = {}
        for severity in SEVERITIES:
            facts = known("senior", violations=(violation("2026-05-06", severity),))
            told[severity] = [
                (each.outcome, each.ground, each.to)
                for each in judge(policy, facts, closing("2026-05"))
            ]
            for verdict in judge(policy, facts, closing("2026-05")):
                self.assertEqual(
                    replay(json.loads(json.dumps(record(policy, facts, verdict)))),
                    replace(verdict, agent=0),
                )
            self.assertEqual(
                judge(replace(SHIPPED, consequences={}), facts, closing("2026-05")), []
            )
        self.assertEqual(
            told,
            {
                "minor": [("warning", "warning_minor", None)],
                "moderate": [("dismissal_review", "dismissal_review_moderate", None)],
                "serious": [("demote", "demote_serious", "intermediate")],
            },
        )

    def test_V2_one_step_down_for_the_gravest(self):
        down = Consequence(Outcome("demote", step=-1))
        policy = replace(SHIPPED, consequences={"moderate": down, "serious": down})
        facts = known(
            "senior",
            violations=(violation("2026-05-06", "moderate"), violation("2026-05-07", "serious")),
        )
        (verdict,) = judge(policy, facts, closing("2026-05"))
        self.assertEqual((verdict.ground, verdict.to), ("demote_serious", "intermediate"))
        self.assertEqual([each.severity for each in verdict.violations], ["serious"])

    def test_V2_no_violation_is_rewarded(self):
        with self.assertRaisesRegex(PolicyError, "promote is no consequence"):
            Consequence(Outcome("promote", step=1)).check()

    def test_V2_steps_down_from_every_tier_but_the_lowest(self):
        for tier, to in (
            ("reserve", "senior"),
            ("senior", "intermediate"),
            ("intermediate", "junior"),
            ("junior", "probation"),
            ("probation", None),
        ):
            facts = known(tier, violations=(violation("2026-05-06", "moderate"),))
            steps = [verdict.to for verdict in judge(SHIPPED, facts, closing("2026-05"))]
            self.assertEqual(steps, [to] if to else [])

    def test_V2_minor_and_serious_are_no_step(self):
        facts = known(violations=(violation("2026-05-06"), violation("2026-05-07", "serious")))
        self.assert_grounds(facts, "2026-05", DISMISS_SERIOUS)

    def test_V2_two_moderate_ones_are_one_step(self):
        two = (violation("2026-05-06", "moderate"), violation("2026-05-20", "moderate"))
        (verdict,) = judge(SHIPPED, known("senior", violations=two), closing("2026-05"))
        self.assertEqual((verdict.to, verdict.violations), ("intermediate", two))

    def test_V2_comes_before_the_rules_on_demotion(self):
        facts = known(
            "intermediate",
            quarters=(quarter("2026Q1", 70, 9),),
            violations=(violation("2026-03-06", "moderate"),),
        )
        self.assert_grounds(facts, "2026-03", DEMOTE_VIOLATION)

    def test_V2_a_violation_counts_in_its_month(self):
        """Found out in June, when May was closed."""
        facts = known(violations=(violation("2026-05-06", "moderate", counts="2026-06"),))
        self.assert_grounds(facts, "2026-05")
        self.assert_grounds(facts, "2026-06", DEMOTE_VIOLATION)

    def test_X2_serious_calls_for_a_review(self):
        both = (violation("2026-05-06"), violation("2026-05-09", "serious"))
        (verdict,) = judge(SHIPPED, known(violations=both), closing("2026-05"))
        self.assertEqual(
            (verdict.outcome, verdict.ground, verdict.effective, verdict.to, verdict.violations),
            ("dismissal_review", DISMISS_SERIOUS, day("2026-06-01"), None, both[1:]),
        )

    def test_V4_the_third_since_joining_and_each_later_one(self):
        facts = known(
            joined="2026-01-10",
            violations=(
                violation("2026-01-09"),  # an earlier employment
                violation("2026-01-10"),
                violation("2026-02-10"),
                violation("2026-03-10"),
                violation("2026-05-10"),
            ),
        )
        for at in ("2026-01", "2026-02", "2026-04", "2026-06"):
            self.assert_grounds(facts, at)
        for at, count in (("2026-03", 3), ("2026-05", 4)):
            (verdict,) = judge(SHIPPED, facts, closing(at))
            self.assertEqual(verdict.ground, DISMISS_REPEATED)
            self.assertEqual(verdict.violations, facts.violations[1 : count + 1])

    def test_X3_repeated_calls_for_a_review(self):
        three = tuple(map(violation, ("2026-01-10", "2026-02-10", "2026-05-10")))
        (verdict,) = judge(SHIPPED, known(violations=three), closing("2026-05"))
        self.assertEqual(
            (verdict.outcome, verdict.ground, verdict.effective, verdict.to, verdict.violations),
            ("dismissal_review", DISMISS_REPEATED, day("2026-06-01"), None, three),
        )

    def test_X2_X3_each_ground_has_a_review_of_its_own(self):
        three = tuple(violation(f"2026-05-{on}", "serious") for on in (10, 11, 12))
        self.assert_grounds(known(violations=three), "2026-05", DISMISS_SERIOUS, DISMISS_REPEATED)

    def test_V4_one_of_an_earlier_employment_is_no_later_one(self):
        violations = (
            violation("2025-12-20", "serious", counts="2026-05"),
            *map(violation, ("2026-01-10", "2026-02-10", "2026-03-10")),
        )
        facts = known(joined="2026-01-01", violations=violations)
        self.assert_grounds(facts, "2026-05")

    def test_V4_one_that_comes_to_light_later_counts_later(self):
        late = violation("2026-03-10", counts="2026-05")
        facts = known(violations=(*map(violation, ("2026-01-10", "2026-02-10")), late))
        self.assert_grounds(facts, "2026-03")
        self.assert_grounds(facts, "2026-05", DISMISS_REPEATED)

    def test_V4_number_is_a_setting(self):
        facts = known(violations=(violation("2026-05-10"),))
        self.assertEqual(
            grounds(facts, "2026-05", Policy(settings(repeat_violations=1))), [DISMISS_REPEATED]
        )
        self.assertEqual(grounds(facts, "2026-05", Policy(settings(repeat_violations=2))), [])
