"""Groups of conditions, and rules that are looked at in named months only (policy language,
*Moves*)."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ..engine.calendar import read_months
from ..engine.evidence import record
from ..engine.ladder import Ladder
from ..engine.near import nearest
from ..engine.outlook import next_examined, outlook
from ..engine.policy import Policy
from ..engine.replay import replay
from ..engine.rules import examine_rule, judge, may_decide
from ..engine.vocabulary import PolicyError
from .test_engine_strategies import (
    MANY,
    EngineCase,
    any_part,
    asks,
    closing,
    glimpse,
    known,
    month,
    ruled,
    scored,
    situations,
)

SCORE = asks("month_score", ">=", Decimal(90))
RANK = asks("month_rank", "<=", Decimal(3))
TITLE = asks("awards", ">=", Decimal(1))
QUARTER = asks("quarter_score", ">=", Decimal(91))


def joined(rule, met: list[bool]) -> bool:
    """Groups once more, spelled out."""
    names = dict.fromkeys(each.group for each in rule.conditions if each.group)
    parts = [each for each, of in zip(met, rule.conditions, strict=True) if not of.group]
    for name in names:
        ours = [each for each, of in zip(met, rule.conditions, strict=True) if of.group == name]
        parts.append(True in ours if rule.match == "all" else False not in ours)
    return False not in parts if rule.match == "all" else True in parts


def grouped(*conditions, group="a"):
    return tuple(replace(each, group=group) for each in conditions)


class TestGroups(EngineCase):
    def applies(self, match, *conditions, score, place, titles=()):
        facts = known(months=(month("2026-03", score, place),), awards=titles)
        return examine_rule(ruled("r", "junior", "promote", conditions, match), facts, MARCH)[0]

    def test_of_all_one_of_the_group_is_enough(self):
        conditions = (TITLE, *grouped(SCORE, RANK))
        won = (month("2026-01").start,)
        for score, place, titles, applies in (
            (90, 9, won, True),
            (50, 3, won, True),
            (50, 9, won, False),
            (95, 1, (), False),
        ):
            found = self.applies("all", *conditions, score=score, place=place, titles=titles)
            self.assertIs(found, applies)

    def test_of_any_all_of_the_group_are_needed(self):
        conditions = (TITLE, *grouped(SCORE, RANK))
        for score, place, titles, applies in (
            (90, 9, (), False),
            (90, 3, (), True),
            (50, 9, (month("2026-01").start,), True),
        ):
            found = self.applies("any", *conditions, score=score, place=place, titles=titles)
            self.assertIs(found, applies)

    @MANY
    @given(st.integers(0, 2**32 - 1))
    def test_naive_reading_of_groups(self, seed):
        random = Random(seed)
        rule = ruled(
            "r",
            "junior",
            "promote",
            tuple(any_part(random) for _ in range(random.randint(1, 6))),
            random.choice(("all", "any")),
        )
        met = [random.random() < 0.5 for _ in rule.conditions]
        self.assertIs(rule.holds_by(met), joined(rule, met))
        by_condition = {id(of): each for each, of in zip(met, rule.conditions, strict=True)}
        self.assertIs(rule.holds(lambda each: by_condition[id(each)]), joined(rule, met))

    @MANY
    @given(situations)
    def test_what_is_judged_agrees_with_the_naive_reading(self, situation):
        policy, facts, close = situation
        for rule in policy.rules:
            applies, findings = examine_rule(rule, facts, close)
            self.assertIs(applies, joined(rule, [each.met for each in findings]))
            if applies and rule.tier == facts.tier and rule.is_examined(close):
                self.assertTrue(may_decide(policy, glimpse(facts, close), close))

    def test_near_by_the_one_that_would_have_been_enough(self):
        conditions = (TITLE, *grouped(SCORE, RANK))
        rule = ruled("r", "junior", "promote", conditions)
        facts = known(months=(month("2026-03", 88, 9),), awards=(month("2026-01").start,))
        self.assertEqual(
            nearest(Policy(rules=(rule,)), facts, MARCH).finding.condition.metric.code,
            "month_score",
        )
        # of any: the group lacks both, so that neither is enough
        self.assertIsNone(
            nearest(
                Policy(rules=(replace(rule, match="any", conditions=conditions[1:]),)), facts, MARCH
            )
        )

    def test_evidence_replays_with_its_group(self):
        conditions = (TITLE, *grouped(SCORE, RANK))
        policy = Policy(rules=(ruled("r", "junior", "promote", conditions),))
        facts = known(months=(month("2026-03", 50, 2),), awards=(month("2026-01").start,))
        (verdict,) = judge(policy, facts, MARCH)
        evidence = record(policy, facts, verdict)
        self.assertEqual(replay(evidence), replace(verdict, agent=0))
        for finding in evidence["conditions"]:
            finding["required"]["group"] = ""
        self.assertIsNone(replay(evidence), "all three would be needed")


class TestNamedMonths(EngineCase):
    def rule(self, *conditions, months=(3, 6, 9, 12), **how):
        return ruled("r", "junior", "promote", conditions, examined_in=frozenset(months), **how)

    def test_10_6_looked_at_at_the_quarters_end_only(self):
        policy = Policy(rules=(self.rule(SCORE),))
        for number in range(1, 13):
            end = f"2026-{number:02}"
            facts = known(months=scored("2025-12", *[95] * (number + 1)))
            self.assertEqual(bool(judge(policy, facts, closing(end))), number % 3 == 0)
            self.assertEqual(may_decide(policy, facts, closing(end)), number % 3 == 0)

    def test_the_path_tells_when_it_is_looked_at_next(self):
        for conditions, months, coming, examined in (
            ((SCORE,), (3, 9), "2026-04", "2026-09"),
            ((SCORE,), (3, 9), "2026-09", "2026-09"),
            ((SCORE,), (3, 9), "2026-10", "2027-03"),
            ((QUARTER,), (1, 9), "2026-10", "2027-09"),
            ((SCORE,), (), "2026-10", "2026-10"),
        ):
            rule = self.rule(*conditions, months=months)
            self.assertEqual(next_examined(rule, closing(coming)), closing(examined))
            (foreseen,) = outlook(Policy(rules=(rule,)), known(), closing(coming))
            self.assertEqual(foreseen.closing, closing(examined))

    def test_a_rule_whose_months_close_nothing_it_looks_at_is_refused(self):
        self.rule(QUARTER, months=(3,)).check(Ladder())
        self.rule(QUARTER, SCORE, months=(2,), match="any").check(Ladder())
        for rule in (
            self.rule(QUARTER, months=(1, 2)),
            self.rule(QUARTER, SCORE, months=(2,)),
            self.rule(*grouped(QUARTER, SCORE), months=(2,), match="any"),
        ):
            with self.assertRaisesRegex(PolicyError, "closed in none of its months"):
                rule.check(Ladder())
        with self.assertRaisesRegex(PolicyError, "from 1 to 12"):
            self.rule(SCORE, months=(3, 13)).check(Ladder())

    def test_months_are_read(self):
        self.assertEqual(read_months("3, 6,9 ,12"), {3, 6, 9, 12})
        self.assertEqual(read_months(" "), frozenset())
        for text in ("13", "0", "March", "3 6", "3,"):
            with self.assertRaisesRegex(PolicyError, "no numbers of calendar months"):
                read_months(text)


MARCH = closing("2026-03")
