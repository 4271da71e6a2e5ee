"""Places on a rung, and who is given the free ones (policy language, *Moves*)."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ..engine.evidence import place_json, read_place, record
from ..engine.places import Eligible, Order, Place, Places, Post, fill, settle
from ..engine.policy import Policy
from ..engine.replay import replay
from ..engine.rules import judge, needs_place
from ..engine.vocabulary import PolicyError
from .test_engine_strategies import (
    BY_CODE,
    MANY,
    EngineCase,
    asks,
    closing,
    known,
    ruled,
    scored,
)

TWENTY = Places(percent=Decimal(20), of=frozenset({"agent", "senior"}))
MEAN = Order(BY_CODE["month_score"], times=3)
STEPS = ("agent", "senior", "leader")


def naive(places, posts, eligible):
    """Spelled out: one agent after the other takes a place while there is one."""
    posts, promoted = {key: [*post] for key, post in posts.items()}, set()
    for tier in STEPS[::-1]:
        if tier not in places:
            continue
        rung = places[tier]
        place_in = {"department": 1, "job": 2, "company": None}[rung.within]

        def group(key, place_in=place_in):
            return posts[key][place_in] if place_in else None

        waiting = [key for key, each in eligible.items() if each.to == tier]
        free = {}
        for key in waiting:
            if group(key) in free:
                continue
            mates = [posts[mate][0] for mate in posts if group(mate) == group(key)]
            counted = len([each for each in mates if each in rung.of])
            allowed = counted if rung.number is None else rung.number
            if rung.percent is not None:
                allowed = min(allowed, int(Fraction(rung.percent) * counted / 100))
            free[group(key)] = allowed - len([each for each in mates if each == tier])
        up = [order.direction == "up" for order in rung.order]
        while waiting:
            best = waiting[0]
            for key in waiting[1:]:
                one, other = eligible[key], eligible[best]
                for mine, theirs, lowest in zip(one.compared, other.compared, up, strict=True):
                    if mine != theirs:
                        if theirs is None or (mine is not None and (mine < theirs) == lowest):
                            best = key
                        break
                else:
                    if (one.since, key) < (other.since, best):
                        best = key
            waiting.remove(best)
            if free[group(best)] > 0:
                free[group(best)] -= 1
                promoted.add(best)
        for key in promoted:
            if eligible[key].to == tier:
                posts[key][0] = tier
    return promoted


def any_case(random: Random):
    places = {}
    for tier in random.sample(STEPS[1:], random.randint(1, 2)):
        of = random.sample(STEPS, random.randint(1, 3))
        orders = tuple(
            Order(BY_CODE["month_score"], random.choice(("down", "up")))
            for _ in range(random.randint(0, 2))
        )
        places[tier] = Places(
            random.choice((None, 0, 1, 2, 5)),
            random.choice((Decimal(10), Decimal(20), Decimal("33.3"), Decimal(100))),
            random.choice(("department", "job", "company")),
            frozenset(of),
            orders,
        )
    posts = {
        key: Post(random.choice(STEPS), random.choice("AB"), random.choice((None, "X")))
        for key in range(random.randint(1, 15))
    }
    eligible = {}
    for key, post in posts.items():
        above = [t for t in STEPS[STEPS.index(post.tier) + 1 :] if t in places]
        if above and random.random() < 0.7:
            to = random.choice(above)
            compared = (random.choice((None, Fraction(80), Fraction(1, 3), 7)) for _ in "ab")
            compared = tuple(compared)[: len(places[to].order)]
            eligible[key] = Eligible(to, compared, date(2025, 1, random.choice((1, 2, 3))))
    return places, posts, eligible


class TestPlaces(EngineCase):
    def test_B10_twenty_percent_rounded_down(self):
        for counted, held, free in (
            (24, 3, 1),
            (24, 4, 0),
            (24, 5, 0),
            (9, 0, 1),
            (4, 0, 0),
            (10, 0, 2),
        ):
            self.assertEqual(TWENTY.free(counted, held), free)

    def test_the_first_by_the_mean_then_by_time_in_the_tier(self):
        posts = {key: Post("agent", "A") for key in range(22)} | {
            30 + n: Post("senior", "A") for n in range(3)
        }
        places = {"senior": replace(TWENTY, order=(MEAN,))}
        mean = Fraction(265, 3)
        eligible = {
            1: Eligible("senior", (mean,), date(2025, 6, 1)),
            2: Eligible("senior", (mean,), date(2025, 3, 1)),
            3: Eligible("senior", (None,), date(2020, 1, 1)),
        }
        found = settle(places, STEPS, posts, eligible)
        self.assertEqual([key for key, each in found.items() if each.given], [2, 1])
        self.assertEqual({key: each.number for key, each in found.items()}, {2: 1, 1: 2, 3: 3})
        self.assertEqual((found[2].counted, found[2].held, found[2].eligible), (25, 3, 3))

    def test_who_moves_up_leaves_the_place_to_those_below(self):
        one = Places(1, of=frozenset(STEPS), within="company")
        posts = {1: Post("agent"), 2: Post("senior")}
        eligible = {
            1: Eligible("senior", (), date(2025, 1, 1)),
            2: Eligible("leader", (), date(2025, 1, 1)),
        }
        found = settle({"senior": one, "leader": one}, STEPS, posts, eligible)
        self.assertEqual([each.given for each in found.values()], [True, True])
        found = settle({"senior": one, "leader": replace(one, number=0)}, STEPS, posts, eligible)
        self.assertEqual([each.given for each in found.values()], [False, False])

    @MANY
    @given(st.integers(0, 2**32 - 1))
    def test_naive_reading_of_places(self, seed):
        places, posts, eligible = any_case(Random(seed))
        found = settle(places, STEPS, posts, eligible)
        self.assertEqual(set(found), set(eligible))
        given_ = {key for key, each in found.items() if each.given}
        self.assertEqual(given_, naive(places, posts, eligible))

    def test_the_cases_are_of_all_kinds(self):
        seen = Counter()
        for seed in range(500):
            places, *people = any_case(Random(seed))
            found = settle(places, STEPS, *people).values()
            seen.update(("given" if each.given else "none") for each in found)
            seen["both"] += len({each.given for each in found}) == 2
        for kind in ("given", "none", "both"):
            self.assertGreater(seen[kind], 40, kind)

    def test_what_is_compared_is_read_as_conditions_read_it(self):
        facts = known(months=scored("2026-01", 90, 80, 85))
        score = BY_CODE["month_score"]
        for order, value in (
            (Order(score), 85),
            (Order(score, times=2), Fraction(165, 2)),
            (MEAN, 85),
            (Order(score, times=4), None),
            (Order(score, reading="max", window="last_months", months=3), 90),
            (Order(BY_CODE["tenure_months"]), 15),
            (Order(BY_CODE["awards"]), 0),
        ):
            self.assertEqual(order.value(facts, closing("2026-03")), value)

    def test_what_says_nothing_is_refused(self):
        replace(TWENTY, order=(MEAN,)).check()
        for places, fault in (
            (Places(), "neither"),
            (Places(-1), "not below nought"),
            (replace(TWENTY, percent=Decimal(101)), "0 to 100"),
            (replace(TWENTY, of=frozenset()), "nobody is counted"),
            (replace(TWENTY, within="team"), "within"),
            (replace(TWENTY, order=(replace(MEAN, direction="left"),)), "direction"),
            (replace(TWENTY, order=(replace(MEAN, window="last_months"),)), "month_score"),
        ):
            with self.assertRaisesRegex(PolicyError, fault):
                places.check()

    def test_nothing_free_is_given_to_nobody(self):
        self.assertEqual(fill(-1, {1: (1,)}), [])


class TestEvidenceOfPlaces(EngineCase):
    def setUp(self):
        super().setUp()
        rule = ruled("up", "junior", "promote", (asks("month_score", ">=", Decimal(80)),))
        places = {"intermediate": replace(TWENTY, order=(MEAN,))}
        self.policy = Policy(rules=(rule,), places=places)
        self.facts = known(months=scored("2026-01", 88, 88, 89))
        (self.verdict,) = judge(self.policy, self.facts, closing("2026-03"))

    def given(self, **values):
        place = Place(self.policy.places["intermediate"], **{**PLACE, **values})
        return record(self.policy, self.facts, replace(self.verdict, place=place))

    def test_a_verdict_makes_no_more_than_eligible(self):
        self.assertTrue(needs_place(self.policy, self.verdict))
        self.assertFalse(needs_place(replace(self.policy, places={}), self.verdict))

    def test_a_decision_explains_its_place_and_replays(self):
        evidence = self.given()
        self.assertEqual(evidence["place"]["order"][0]["compared"], "265/3")
        again = replay(evidence)
        self.assertEqual((again.to, again.place.number), ("intermediate", 1))
        self.assertEqual(place_json(again.place), evidence["place"])
        self.assertEqual(read_place(evidence["place"]).compared, (Fraction(265, 3),))

    def test_after_the_last_free_place_it_does_not_follow(self):
        self.assertIsNone(replay(self.given(number=2)))
        self.assertIsNone(replay(self.given(held=4)))


PLACE = {"number": 1, "eligible": 2, "counted": 24, "held": 3, "compared": (Fraction(265, 3),)}
