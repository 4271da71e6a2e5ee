"""Trials and plans in the engine: which rules end them, and what they bar."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ..engine.evidence import record
from ..engine.facts import Term
from ..engine.ladder import Ladder
from ..engine.policy import Policy
from ..engine.replay import replay
from ..engine.rule import Rule
from ..engine.rules import judge
from ..engine.vocabulary import PolicyError
from .test_engine_strategies import MANY, OUTCOME, EngineCase, asks, closing, day, known, number

LADDER = Ladder(("a", "b", "c", "d"), appointed=frozenset())
CLOSING = closing("2026-03")
HELD = {True: asks("tenure_months", ">=", number(0)), False: asks("tenure_months", "<", number(0))}
ENDS = ("keep", "demote", "dismissal_review")
OTHERS = ("promote", "demote", "dismissal_review", "warning", "award", "raise", "plan")


def make(number, outcome, holds, during, any_time, target):
    down = outcome == "demote" and target
    return Rule(
        f"rule_{number}",
        "c",
        OUTCOME[outcome],
        (HELD[holds],),
        target="a" if down else None,
        during=during,
        any_time=bool(during) and any_time,
    )


drawn = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(st.sampled_from(OTHERS), st.just("")),
            st.tuples(st.sampled_from(ENDS), st.sampled_from(("trial", "plan"))),
        ),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ).map(lambda each: (each[0][0], each[1], each[0][1], *each[2:])),
    max_size=8,
).map(lambda rows: tuple(make(number, *row) for number, row in enumerate(rows)))
terms = st.dictionaries(
    st.sampled_from(("trial", "plan")), st.tuples(st.booleans(), st.sampled_from(("a", "b")))
).map(
    lambda drawn: {
        kind: Term(
            day("2026-01-01"),
            CLOSING.end + timedelta(days=31 * late),
            back if kind == "trial" else None,
            7,
        )
        for kind, (late, back) in drawn.items()
    }
)


def naive(rules, running):
    """What is decided, spelled out: (outcome, ground, to)."""
    ending, standing = [], []
    for kind, term in running.items():
        for rule in rules:
            due = rule.during == kind and (rule.any_time or term.until <= CLOSING.end)
            if due and rule.conditions[0] == HELD[True]:
                ending.append(rule)
                break
    for rule in rules:
        second = rule.outcome.code == "plan" and "plan" in running
        stands = not rule.during and not rule.outcome.step and not second
        if stands and rule.conditions[0] == HELD[True]:
            standing.append(rule)
    stand = [*standing, *(rule for rule in ending if not rule.outcome.step)]
    found = [(rule.outcome.code, rule.code, None) for rule in stand]
    for rule in ending:
        if rule.outcome.step:
            back = running["trial"].came_from if rule.during == "trial" else "b"
            return [*found, ("demote", rule.code, rule.target or back)]
    for rule in rules:
        if not rule.during and rule.outcome.step < 0 and rule.conditions[0] == HELD[True]:
            return [*found, ("demote", rule.code, rule.target or "b")]
    barred = running or {rule.outcome.code for rule in stand} & {"dismissal_review", "plan"}
    for rule in () if barred else rules:
        if not rule.during and rule.outcome.step > 0 and rule.conditions[0] == HELD[True]:
            return [*found, ("promote", rule.code, "d")]
    return found


class TestTerms(EngineCase):
    @MANY
    @given(drawn, terms)
    def test_engine_and_naive_reading_agree(self, rules, running):
        policy = Policy(ladder=LADDER, rules=rules)
        facts = known("c", terms=running)
        verdicts = judge(policy, facts, CLOSING)
        self.assertEqual(
            [(each.outcome, each.ground, each.to) for each in verdicts], naive(rules, running)
        )
        for verdict in verdicts:
            self.assertEqual(verdict.term, running.get(verdict.rule.during))
            again = replay(json.loads(json.dumps(record(policy, facts, verdict))))
            self.assertEqual(
                (again.outcome, again.ground, again.to),
                (verdict.outcome, verdict.ground, verdict.to),
            )

    def test_evidence_tells_the_term_and_hangs_on_it(self):
        rule = make(1, "demote", True, "trial", False, False)
        running = {"trial": Term(day("2026-01-01"), day("2026-03-31"), "a", 7)}
        policy = Policy(ladder=LADDER, rules=(rule,))
        facts = known("c", terms=running)
        [verdict] = judge(policy, facts, CLOSING)
        told = json.loads(json.dumps(record(policy, facts, verdict)))
        self.assertEqual(
            told["during"],
            {
                "kind": "trial",
                "any_time": False,
                "start": "2026-01-01",
                "until": "2026-03-31",
                "came_from": "a",
            },
        )
        self.assertEqual(replay(told).to, "a")
        self.assertIsNone(replay({**told, "during": {**told["during"], "until": "2026-04-01"}}))
        self.assertNotEqual(replay({**told, "during": None}).to, "a")

    def test_rules_that_end_nothing_are_refused(self):
        for outcome, during, fault in (
            ("keep", "", "say during which"),
            ("promote", "trial", "ends no trial"),
            ("warning", "plan", "ends no plan"),
            ("plan", "plan", "ends no plan"),
            ("keep", "holiday", "unknown term 'holiday'"),
        ):
            with self.assertRaisesRegex(PolicyError, fault):
                make(1, outcome, True, during, False, False).check(LADDER)
        for outcome in ENDS:
            make(1, outcome, True, "plan", True, False).check(LADDER)
