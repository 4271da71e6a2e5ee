"""Classes and places against naive readings, and the hotline's figures (B6, B10)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ..engine.classes import HALF_UP, LARGEST_REMAINDER, ROUNDINGS, Class, Classes, counts
from ..engine.places import Places, fill
from ..engine.proviso import Proviso
from ..engine.vocabulary import Metric, PolicyError
from .test_engine_strategies import MANY, EngineCase, seeded

STARS = Classes(
    (
        Class("5", share=Decimal(10), coefficient=Decimal("1.3")),
        Class("4", share=Decimal(20), coefficient=Decimal("1.15")),
        Class("3", share=Decimal(40)),
        Class("2", coefficient=Decimal("0.8")),
        Class("none", score=Decimal(60), coefficient=Decimal("0.5")),
    ),
    ranked_from=Decimal(70),
    rounding=HALF_UP,
)


def any_classes(random: Random):
    """Classes by share and score, and scores that often are equal."""
    shares = [Decimal(random.choice((0, 5, 10, 20, 25))) for _ in range(random.randint(0, 3))]
    rows = [Class(f"s{i}", share=share) for i, share in enumerate(shares)]
    if random.random() < 0.7:
        rows.insert(random.randint(0, len(rows)), Class("rest"))
    for mark in sorted(random.sample((90, 80, 60, 0), random.randint(0, 3)), reverse=True):
        rows.append(Class(f"from{mark}", score=Decimal(mark)))
    classes = Classes(tuple(rows), Decimal(random.choice((0, 70))), random.choice(ROUNDINGS))
    scores = {
        index: Decimal(random.choice((50, 60, 70, 75, 75, 80, 90, 90, 99)))
        for index in range(random.randint(0, 30))
    }
    return classes, scores


CLEAN = Proviso(Metric("serious"), "=", Decimal(0))
PRESENT = Proviso(Metric("absent"), "<", Decimal(1))


def guarded_classes(random: Random):
    """The same with least scores and provisos, shares that may come to all, and what is known of
    most."""
    classes, scores = any_classes(random)
    rows = [row for row in classes.rows if not row.code.startswith("s")]
    shares = random.choice(((50, 50), (20, 60, 20), (10, 20), (25, 25, 50)))
    if any(row.code == "rest" for row in rows):
        shares = random.choice(((20,), (20, 10), (30, 40)))
    for number, share in enumerate(shares):
        place = random.randint(0, len(rows))
        rows.insert(place, Class(f"s{number}", share=Decimal(share)))
    rows = [
        replace(
            row,
            least=Decimal(0 if row.by_score else random.choice((0, 0, 75, 90))),
            provisos=random.choice(((), (), (CLEAN,), (PRESENT,), (CLEAN, PRESENT))),
        )
        for row in rows
    ]
    known = {}
    for key in scores:
        values = {"serious": Fraction(random.choice((0, 0, 1))), "absent": random.choice((0, 1))}
        known[key] = {code: value for code, value in values.items() if random.random() < 0.9}
    return replace(classes, rows=tuple(rows)), scores, known


def naive_may(row, score, known):
    """Whether somebody may be in a class, read word by word."""
    asked = {each.metric.code for each in row.provisos}
    return (
        score >= row.least
        and ("serious" not in asked or known.get("serious") == 0)
        and ("absent" not in asked or known.get("absent", 1) < 1)
    )


def naive_placing(classes, scores, known):
    """People picked one by one for each class, from lists that grow shorter."""
    shared = [row for row in classes.rows if row.score is None]
    left = sorted((key for key in scores if scores[key] >= classes.ranked_from), key=scores.get)
    left = left[::-1] if shared else []
    shares = [row.share for row in shared]
    seats = dict(zip(shared, naive_counts(shares, len(left), classes.rounding), strict=True))
    last = None
    if None in shares:
        last = shared[shares.index(None)]
    elif sum(shares) == 100:
        last = shared[-1]
    placed, debt, empty, done = {}, 0, 0, []
    for row in shared:
        free, debt = seats[row] - debt, 0
        if row == last:
            free, empty = free + empty, 0
        newest = None
        while True:
            fit = [key for key in left if naive_may(row, scores[key], known[key])]
            if not fit or (free <= 0 and scores[fit[0]] != newest):
                break
            newest, free = scores[fit[0]], free - 1
            placed[fit[0]] = row.code
            left.remove(fit[0])
        debt, empty = max(0, -free), empty + max(0, free)
        done.append(row)
    if None in shares:
        for key in [key for key in left if empty and naive_may(last, scores[key], known[key])]:
            placed[key], empty = last.code, empty - 1
    for key, score in scores.items():
        fit = [
            row
            for row in classes.rows
            if row.score is not None and score >= row.score and naive_may(row, score, known[key])
        ]
        if key not in placed and fit:
            placed[key] = fit[0].code
    return placed


def naive_counts(shares, number, rounding):
    """How many each gets, people handed out one by one."""
    if rounding == HALF_UP:
        found, left = [], number
        for share in shares:
            want = 0 if share is None else int(Fraction(share) * number / 100 + Fraction(1, 2))
            found.append(min(left, want))
            left -= found[-1]
        if None in shares:
            found[shares.index(None)] = left
        return found
    rest = 100 - sum(share for share in shares if share is not None)
    exact = [Fraction(rest if share is None else share) * number / 100 for share in shares]
    found = [each.numerator // each.denominator for each in exact]
    total = sum(exact)
    while sum(found) < total - Fraction(1, 2) or sum(found) + Fraction(1, 2) <= total:
        lacking = [each - have for each, have in zip(exact, found, strict=True)]
        found[lacking.index(max(lacking))] += 1
    return found


class TestClasses(EngineCase):
    @MANY
    @given(seeded(any_classes))
    def test_engine_and_naive_reading_agree(self, drawn):
        classes, scores = drawn
        placed = classes.place(scores).codes
        shared = [row for row in classes.rows if row.score is None]
        taking = [key for key in scores if scores[key] >= classes.ranked_from] if shared else []
        number = naive_counts([row.share for row in shared], len(taking), classes.rounding)
        best = sorted(taking, key=lambda key: -scores[key])
        for key, score in scores.items():
            expected = None
            if key in taking:
                # the one place up to which somebody as good stands
                place = min(best.index(other) for other in best if scores[other] == score)
                for row, count in zip(shared, number, strict=True):
                    if place < count:
                        expected = row.code
                        break
                    place -= count
            if expected is None:
                reached = [r for r in classes.rows if r.score is not None and score >= r.score]
                expected = reached[0].code if reached else None
            self.assertEqual(placed.get(key), expected)

    @MANY
    @given(seeded(guarded_classes))
    def test_least_scores_and_provisos_read_word_by_word(self, drawn):
        classes, scores, known = drawn
        found = classes.place(scores, known=known)
        self.assertEqual(found.codes, naive_placing(classes, scores, known))
        rows = {row.code: row for row in classes.rows}
        for key, code in found.codes.items():
            self.assertTrue(naive_may(rows[code], scores[key], known[key]), code)
        for key, codes in found.passed.items():
            for code in codes:
                self.assertFalse(naive_may(rows[code], scores[key], known[key]), code)
                mine = classes.number(found.codes.get(key)) or len(rows) + 1
                self.assertLess(classes.number(code), mine)

    @MANY
    @given(seeded(guarded_classes))
    def test_nobody_who_may_is_passed_over_for_somebody_worse(self, drawn):
        classes, scores, known = drawn
        placed = classes.place(scores, known=known).codes
        for row in classes.rows:
            if row.share is None:
                continue
            inside = [scores[key] for key, code in placed.items() if code == row.code]
            for key, score in scores.items():
                mine = classes.number(placed.get(key)) or len(classes.rows) + 1
                is_worse_off = mine > classes.number(row.code) and score >= classes.ranked_from
                if is_worse_off and naive_may(row, score, known[key]):
                    self.assertTrue(all(each > score for each in inside))

    def _letters(self, classes, scores, **known):
        """The classes of people called by letters, best first, and who was passed over by what."""
        values = {key: {"serious": 0, "absent": 0} | known.get(key, {}) for key in scores}
        found = classes.place({key: Decimal(each) for key, each in scores.items()}, known=values)
        return "".join(found.codes.get(key, "-") for key in scores), found.passed

    def test_the_best_fifth_with_90_at_least(self):
        """Places that nobody may take go to the rest, and without one to the last by share."""
        best = Class("A", share=Decimal(20), least=Decimal(90))
        scores = dict(zip("abcdefghij", (95, 89, 88, 87, 86, 85, 84, 83, 82, 81), strict=True))
        rest = Classes((best, Class("B"), Class("C", share=Decimal(10))))
        self.assertEqual(
            self._letters(rest, scores),
            ("ABBBBBBBBC", dict.fromkeys("bcdefghij", ("A",))),
        )
        rows = best, Class("B", share=Decimal(70)), Class("C", share=Decimal(10))
        self.assertEqual(self._letters(Classes(rows), scores)[0], "ABBBBBBBCC")
        rows = best, Class("B", share=Decimal(60))
        self.assertEqual(self._letters(Classes(rows), scores)[0], "ABBBBBB---")
        rows += (Class("D", score=Decimal(82)),)
        self.assertEqual(self._letters(Classes(rows), scores)[0], "ABBBBBBDD-")

    def test_who_is_passed_over_stays_in_order_for_the_next_class(self):
        rows = Class("A", share=Decimal(40), provisos=(CLEAN,)), Class("B")
        classes = Classes((*rows, Class("C", share=Decimal(20))))
        scores = dict(zip("abcde", (95, 94, 93, 92, 91), strict=True))
        found = self._letters(classes, scores, a={"serious": 1})
        self.assertEqual(found, ("BAABC", {"a": ("A",)}))
        unknown = self._letters(classes, scores, b={"serious": None})
        self.assertEqual(unknown, ("ABABC", {"b": ("A",)}))

    def test_equal_scores_share_the_better_class_where_they_may(self):
        """What they take too much comes off the next one."""
        rows = Class("A", share=Decimal(20), provisos=(CLEAN,)), Class("B", share=Decimal(40))
        classes = Classes((*rows, Class("C")))
        scores = dict(zip("abcde", (95, 95, 95, 90, 80), strict=True))
        found = self._letters(classes, scores, b={"serious": 1})
        self.assertEqual(found, ("ABACC", {"b": ("A",)}))

    def test_what_the_last_class_leaves_empty_goes_to_the_rest_above_it(self):
        rows = Class("A", share=Decimal(20)), Class("B")
        rows += (Class("C", share=Decimal(40), provisos=(replace(CLEAN, operator=">="),)),)
        careful = replace(rows[2], provisos=(replace(CLEAN, operator=">"),))
        scores = dict(zip("abcde", (95, 94, 93, 92, 91), strict=True))
        self.assertEqual(self._letters(Classes(rows), scores)[0], "ABBCC")
        found = self._letters(Classes((*rows[:2], careful)), scores, d={"serious": 1})
        self.assertEqual(found, ("ABBCB", {}), "what is worse than one's own is not told")

    def test_a_class_by_score_with_provisos(self):
        rows = Class("A", score=Decimal(90), provisos=(PRESENT,)), Class("A-", score=Decimal(90))
        classes = Classes((*rows, Class("B", score=Decimal(60))))
        classes.check()
        scores = dict(zip("abc", (95, 92, 59), strict=True))
        placed = classes.place(
            {key: Decimal(each) for key, each in scores.items()},
            known={"a": {"absent": Fraction(1, 2)}, "b": {}, "c": {"absent": 0}},
        )
        self.assertEqual(placed, ({"a": "A", "b": "A-"}, {"b": ("A",)}))
        self.assertEqual(classes.metrics, {"absent": PRESENT.metric})

    def test_B6_counts_of_stars(self):
        shares = [row.share for row in STARS.rows if not row.by_score]
        for number, stars in {5: [1, 1, 2, 1], 14: [1, 3, 6, 4], 25: [3, 5, 10, 7]}.items():
            self.assertEqual(counts(shares, number, HALF_UP), stars)

    def test_B6_equal_scores_share_the_better_star_and_the_rest_have_none(self):
        scores = {"Fu": Decimal(97), "Ma": Decimal(97), "Xu": Decimal(80), "Gao": Decimal("64.23")}
        scores |= {"He": Decimal("32.10"), "Yu": Decimal("69.99"), "Li": Decimal(70)}
        placed = STARS.place(scores).codes
        self.assertEqual(placed["Fu"], placed["Ma"])
        self.assertEqual((placed["Gao"], placed["Yu"], placed.get("He")), ("none", "none", None))
        self.assertEqual(placed["Li"], "2")
        self.assertEqual(STARS.coefficient(placed["Gao"]), Fraction(1, 2))
        self.assertEqual(STARS.coefficient(None), 0)
        self.assertEqual((STARS.number("5"), STARS.number("x")), (1, None))

    def test_largest_remainders_come_to_all_there_are(self):
        thirds = [Decimal(30), Decimal(30), None]
        self.assertEqual(counts(thirds, 5, LARGEST_REMAINDER), [2, 1, 2])
        for number in range(40):
            self.assertEqual(sum(counts(thirds, number, LARGEST_REMAINDER)), number)

    def test_the_rest_may_stand_between_the_best_and_the_last(self):
        """A: the best 20 %, C: the last 10 %, B: all others."""
        shares = [Decimal(20), None, Decimal(10)]
        for number, each in {3: [1, 2, 0], 5: [1, 3, 1], 7: [1, 5, 1], 14: [3, 10, 1]}.items():
            self.assertEqual(counts(shares, number, HALF_UP), each)
        rows = Class("A", share=Decimal(20)), Class("B"), Class("C", share=Decimal(10))
        classes = Classes(rows, rounding=HALF_UP)
        classes.check()
        placed = classes.place({index: Decimal(90 - index) for index in range(5)}).codes
        self.assertEqual("".join(placed[index] for index in range(5)), "ABBBC")

    def test_what_nobody_could_be_in_is_refused(self):
        ten, twenty = Decimal(10), Decimal(20)
        for fault, rows in {
            "two of this code": (Class("A", share=ten), Class("A", share=ten)),
            "only one class is the rest": (Class("A"), Class("B", share=ten), Class("C")),
            "more than 100": (Class("A", share=Decimal(90)), Class("B", share=twenty)),
            "not both": (Class("A", share=ten, score=ten),),
            "never reached": (Class("A", score=ten), Class("B", score=twenty)),
            "class A: from 10 on, so it has no least": (Class("A", score=ten, least=ten),),
            "class A: unknown operator": (Class("A", provisos=(replace(CLEAN, operator="!"),)),),
            "class A: 'between' needs": (
                Class("A", provisos=(replace(CLEAN, operator="between"),)),
            ),
        }.items():
            with self.assertRaisesRegex(PolicyError, fault):
                Classes(rows).check()
        with self.assertRaisesRegex(PolicyError, "rounding"):
            Classes(rounding="up").check()
        STARS.check()


class TestPlaces(EngineCase):
    def test_B10_a_fifth_of_the_department_rounded_down(self):
        senior = Places(percent=Decimal(20))
        self.assertEqual([senior.free(24, held) for held in (3, 4, 5)], [1, 0, 0])
        self.assertEqual([senior.free(9, 0), senior.free(4, 0)], [1, 0])
        self.assertEqual(Places(number=2, percent=Decimal(50)).free(3, 0), 1)

    def test_B10_by_mean_of_the_scores_and_then_by_tenure(self):
        mean = Fraction(265, 3)
        eligible = {"Ann": (mean, 14), "Bo": (mean, 15), "Cy": (Fraction(88), 99), "Di": (None, 1)}
        self.assertEqual(fill(2, eligible), ["Bo", "Ann"])
        self.assertEqual(fill(9, eligible), ["Bo", "Ann", "Cy", "Di"])
        self.assertEqual(fill(0, eligible), [])

    @MANY
    @given(
        st.integers(0, 6),
        st.dictionaries(
            st.integers(0, 9), st.tuples(st.integers(0, 3), st.none() | st.integers(0, 2))
        ),
    )
    def test_nobody_left_out_is_better_than_one_taken(self, free, eligible):
        taken = fill(free, eligible)
        self.assertEqual(len(taken), min(free, len(eligible)))
        for inside in taken:
            for outside in set(eligible) - set(taken):
                ours, theirs = (
                    tuple(-1 if each is None else each for each in eligible[key])
                    for key in (inside, outside)
                )
                self.assertGreaterEqual((ours, -inside), (theirs, -outside))

    def test_what_says_nothing_is_refused(self):
        for wrong in (Places(), Places(number=-1), Places(percent=Decimal(101))):
            with self.assertRaises(PolicyError):
                wrong.check()
