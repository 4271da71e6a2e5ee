"""Scores and ranks: S2-S4, R2-R4, V3."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ..engine import scoring
from ..engine.decimals import decimal, fraction, plain, round_half_up
from ..engine.policy import settings
from .test_engine_strategies import PROPERTY, EngineCase, number

SECTIONS = {  # policy.md 3: printed weight, maximum points
    "SW": scoring.Section(Decimal(20), Decimal(20)),
    "DU": scoring.Section(Decimal(40), Decimal(35)),
    "CH": scoring.Section(Decimal(20), Decimal(20)),
    "KN": scoring.Section(Decimal(20), Decimal(25)),
}
ITEMS = {"SW": 4, "DU": 7, "CH": 4, "KN": 5}
GRADES = {"SW": (0, 3, 5), "DU": (0, 3, 5), "CH": (0, 3, 5), "KN": (1, 3, 5)}

methods = st.sampled_from(("sum", "weighted"))
sheets = st.fixed_dictionaries(  # section -> the grade of each of its items
    {
        key: st.lists(st.sampled_from(GRADES[key]), min_size=count, max_size=count)
        for key, count in ITEMS.items()
    }
)
weights = st.integers(0, 100).map(Decimal)
EQUAL = {"superior": Decimal(50), "office": Decimal(50)}
hundredths = st.integers(0, 10000).map(lambda cents: Decimal(cents) / 100)


def total(sheet, method="sum") -> Fraction:
    points = {key: Decimal(sum(grades)) for key, grades in sheet.items()}
    return scoring.rater_total(points, SECTIONS, method)


def uniform(grade) -> dict[str, list[int]]:
    """A sheet with one grade all over."""
    return {key: [grade] * count for key, count in ITEMS.items()}


class TestRounding(EngineCase):
    def test_S4_rounds_half_up(self):
        for given_, rounded in (
            ("0.005", "0.01"),
            ("0.0049999", "0.00"),
            ("84.995", "85.00"),
            ("84.994", "84.99"),
            ("-0.005", "-0.01"),
            ("-0.004", "0.00"),
        ):
            self.assertEqual(str(round_half_up(Decimal(given_))), rounded, given_)

    def test_S4_rounds_decimal_never_binary(self):
        """In binary these floats lie below their half, and Python's round() goes down."""
        for given_, rounded in ((1.005, "1.01"), (2.675, "2.68"), (8.345, "8.35")):
            self.assertEqual(str(round_half_up(given_)), rounded)

    def test_numbers_are_told_as_a_person_writes_them(self):
        told = {"95.00": "95", "94.50": "94.5", "0.00": "0", "100": "100", "0.3": "0.3"}
        for exact, written in told.items():
            self.assertEqual(plain(exact), written)
            self.assertEqual(plain(Decimal(exact)), written)
        self.assertEqual(plain(80.0), "80")

    def test_S4_ties_are_decided_before_a_division_is_cut_off(self):
        nearly = Fraction(1, 200) - Fraction(1, 10**60)
        self.assertEqual(round_half_up(nearly), Decimal("0.00"))
        self.assertEqual(round_half_up(Fraction(1, 200)), Decimal("0.01"))
        self.assertEqual(round_half_up(Fraction(254, 3)), Decimal("84.67"))

    @PROPERTY
    @given(st.decimals(-(10**9), 10**9, places=7))
    def test_S4_rounds_like_decimal_half_up(self, value):
        with localcontext() as context:
            context.prec = 60
            oracle = value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        self.assertEqual(round_half_up(value), oracle)
        self.assertEqual(round_half_up(value).as_tuple().exponent, -2)

    @PROPERTY
    @given(st.fractions(-1000, 1000))
    def test_S4_what_is_rounded_stays_and_is_nearest(self, value):
        rounded = round_half_up(value)
        self.assertEqual(round_half_up(rounded), rounded)
        self.assertEqual(round_half_up(-value), -rounded)
        self.assertLessEqual(abs(Fraction(rounded) - value), Fraction(1, 200))

    @PROPERTY
    @given(st.integers(0, 10**9), st.integers(1, 10**4))
    def test_S4_rounds_fractions_exactly(self, numerator, denominator):
        cents = (200 * numerator + denominator) // (2 * denominator)
        self.assertEqual(round_half_up(Fraction(numerator, denominator)) * 100, cents)

    @PROPERTY
    @given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
    def test_S4_floats_are_read_as_they_are_written(self, value):
        self.assertEqual(decimal(value), Decimal(repr(value)))
        self.assertEqual(float(fraction(value)), value)

    def test_S4_numbers_of_all_kinds_are_read(self):
        for value in (93, "93", 93.0, Decimal(93), Decimal("93.00")):
            self.assertEqual(decimal(value), 93)
            self.assertEqual(fraction(value), 93)
        self.assertEqual(fraction(Fraction(1, 3)), Fraction(1, 3))


class TestScores(EngineCase):
    def test_S2_sum_is_the_total_line_of_the_form(self):
        self.assertEqual(total(uniform(5)), 100)
        worst = uniform(0) | {"KN": [1] * 5}
        self.assertEqual(total(worst), 5)

    def test_S2_weighted_takes_the_printed_weights(self):
        """Software all 5, everything else as bad as can be: 20 of 20, 1 of 5 of the 20."""
        sheet = uniform(0) | {"SW": [5] * 4, "KN": [1] * 5}
        self.assertEqual(total(sheet, "weighted"), 20 + 4)
        self.assertEqual(total(sheet, "sum"), 20 + 5)
        sheet = uniform(5) | {"DU": [3] * 7}
        self.assertEqual(total(sheet, "weighted"), 60 + 40 * Fraction(21, 35))

    @PROPERTY
    @given(sheets, sheets, methods, weights, weights)
    def test_S2_score_lies_in_range(self, superior, office, method, first, second):
        totals = {"superior": total(superior, method), "office": total(office, method)}
        score = scoring.score(totals, {"superior": first, "office": second})
        if first + second == 0:
            self.assertIsNone(score)
        else:
            self.assertGreaterEqual(score, 5 if method == "sum" else 4)
            self.assertLessEqual(score, 100)
            self.assertGreaterEqual(score, round_half_up(min(totals.values())))
            self.assertLessEqual(score, round_half_up(max(totals.values())))

    @PROPERTY
    @given(sheets, sheets, methods, st.data())
    def test_S2_a_better_grade_never_lowers_the_score(self, superior, office, method, data):
        key = data.draw(st.sampled_from(list(ITEMS)))
        item = data.draw(st.integers(0, ITEMS[key] - 1))
        better = {**superior, key: [*superior[key]]}
        better[key][item] = 5
        scores = [
            scoring.score(
                {"superior": total(sheet, method), "office": total(office, method)}, EQUAL
            )
            for sheet in (superior, better)
        ]
        self.assertEqual(scores[1] > scores[0], superior[key][item] < 5)
        self.assertGreaterEqual(scores[1], scores[0])

    def test_S3_half_and_half(self):
        self.assertEqual(
            scoring.score({"superior": Fraction(92), "office": Fraction(83)}, EQUAL),
            Decimal("87.50"),
        )

    def test_S3_weights(self):
        """60 to 40, and weights that do not add up to 100: (2 x 92 + 1 x 83) / 3."""
        totals = {"superior": Fraction(92), "office": Fraction(83)}
        for superior, office, score in ((60, 40, "88.40"), (2, 1, "89.00"), (1, 2, "86.00")):
            weights = {"superior": Decimal(superior), "office": Decimal(office)}
            self.assertEqual(scoring.score(totals, weights), Decimal(score))

    def test_S3_any_number_of_raters(self):
        """Three weigh 50, 50 and 20: (50 x 92 + 50 x 83 + 20 x 100) / 120."""
        totals = {"superior": Fraction(92), "office": Fraction(83), "colleague": Fraction(100)}
        weights = EQUAL | {"colleague": Decimal(20)}
        self.assertEqual(scoring.score(totals, weights), Decimal("89.58"))
        for absent in totals:
            given = {code: each for code, each in totals.items() if code != absent}
            self.assertIsNone(scoring.score(given, weights))

    def test_S3_weight_0_is_not_asked(self):
        alone = {"superior": Decimal(100), "office": Decimal(0)}
        self.assertEqual(scoring.asked(alone), {"superior": 100})
        self.assertEqual(scoring.score({"superior": Fraction(92)}, alone), 92)
        both = {"superior": Fraction(92), "office": Fraction(5)}
        self.assertEqual(scoring.score(both, alone), 92)
        self.assertEqual(list(scoring.asked(EQUAL)), ["superior", "office"])

    @PROPERTY
    @given(sheets, sheets, weights, weights, st.sampled_from(("superior", "office")))
    def test_S3_an_absent_rater_never_pulls_a_score_down(
        self, superior, office, first, second, absent
    ):
        weighing = {"superior": first, "office": second}
        totals = {"superior": total(superior), "office": total(office)}
        complete = scoring.score(totals, weighing)
        asked = absent in scoring.asked(weighing)
        del totals[absent]
        self.assertEqual(scoring.score(totals, weighing), None if asked else complete)

    @PROPERTY
    @given(hundredths, hundredths, weights, weights)
    def test_S3_score_is_the_weighted_mean(self, superior, office, first, second):
        weighing = {"superior": first, "office": second}
        score = scoring.score({"superior": superior, "office": office}, weighing)
        if first + second:
            exact = (Fraction(superior) * int(first) + Fraction(office) * int(second)) / int(
                first + second
            )
            self.assertLessEqual(abs(Fraction(score) - exact), Fraction(1, 200))
            self.assertEqual(score.as_tuple().exponent, -2)


class TestQuarters(EngineCase):
    def test_R3_mean_of_the_three_monthly_scores(self):
        self.assertEqual(scoring.quarter_score([93, 95, 96]), Decimal("94.67"))
        self.assertEqual(
            scoring.quarter_score(map(number, ("80", "80", "80.01"))), Decimal("80.00")
        )

    def test_R3_without_all_three_there_is_none(self):
        for scores in ([], [90], [90, 95], [90, None, 95], [None, None, None]):
            self.assertIsNone(scoring.quarter_score(scores))
            self.assertIsNone(scoring.mean_of_three(scores))

    @PROPERTY
    @given(st.lists(hundredths, min_size=3, max_size=3))
    def test_R3_rounds_the_exact_mean_half_up(self, scores):
        cents = sum(int(score * 100) for score in scores)
        self.assertEqual(scoring.quarter_score(scores) * 100, (2 * cents + 3) // 6)

    def test_R4_means_that_round_to_the_same_share_a_rank(self):
        means = {
            "ANNA": scoring.mean_of_three(map(number, ("90", "90", "90.01"))),
            "BO": scoring.mean_of_three(map(number, ("90", "90", "90"))),
            "CHEN": scoring.mean_of_three(map(number, ("89.99", "90", "89.99"))),
        }
        self.assertEqual(scoring.ranks(means), {"ANNA": 1, "BO": 1, "CHEN": 3})


class TestRanks(EngineCase):
    def test_R2_equal_scores_share_the_better_rank(self):
        scores = {"ANNA": number(88), "BO": number(95), "CHEN": number(88), "DI": number(70)}
        self.assertEqual(scoring.ranks(scores), {"BO": 1, "ANNA": 2, "CHEN": 2, "DI": 4})
        self.assertEqual(scoring.ranks({}), {})

    def test_R2_how_a_score_is_written_does_not_matter(self):
        self.assertEqual(
            scoring.ranks({"ANNA": number("90"), "BO": number("90.00")}), {"ANNA": 1, "BO": 1}
        )

    @PROPERTY
    @given(st.dictionaries(st.integers(), st.integers(85, 92).map(Decimal), max_size=12))
    def test_R2_rank_is_one_more_than_those_who_are_better(self, scores):
        self.assertEqual(
            scoring.ranks(scores),
            {
                key: 1 + sum(other > score for other in scores.values())
                for key, score in scores.items()
            },
        )

    @PROPERTY
    @given(st.dictionaries(st.integers(), st.integers(85, 92).map(Decimal), max_size=12), st.data())
    def test_R2_the_order_of_agents_does_not_matter(self, scores, data):
        shuffled = dict(data.draw(st.permutations([*scores.items()])))
        self.assertEqual(scoring.ranks(shuffled), scoring.ranks(scores))

    @PROPERTY
    @given(st.lists(hundredths, min_size=1, max_size=12), st.data())
    def test_R2_a_better_score_never_ranks_worse_nor_helps_another(self, scores, data):
        scores = dict(enumerate(scores))
        agent = data.draw(st.sampled_from([*scores]))
        better = scores | {agent: data.draw(st.decimals(scores[agent], 100, places=2))}
        before, after = scoring.ranks(scores), scoring.ranks(better)
        self.assertLessEqual(after[agent], before[agent])
        for other in scores.keys() - {agent}:
            self.assertGreaterEqual(after[other], before[other])


class TestComplaintRate(EngineCase):
    def test_V3_the_limit_itself_counts(self):
        for handled, complaints, reached in (
            (500, 10, True),
            (500, 9, False),
            (501, 10, False),
            (50, 1, True),
            (0, 0, False),
            (0, 3, False),
            (1, 0, False),
        ):
            self.assertEqual(
                scoring.complaint_rate_reached(handled, complaints, settings()), reached
            )

    def test_V3_the_limit_is_a_setting(self):
        given_ = settings(complaint_rate_limit="2.5")
        self.assertFalse(scoring.complaint_rate_reached(1000, 24, given_))
        self.assertTrue(scoring.complaint_rate_reached(1000, 25, given_))

    @PROPERTY
    @given(st.integers(1, 2000), st.integers(0, 100), st.integers(1, 1000))
    def test_V3_rate_is_exact(self, handled, complaints, limit):
        given_ = settings(complaint_rate_limit=Decimal(limit) / 100)
        self.assertEqual(
            scoring.complaint_rate_reached(handled, complaints, given_),
            Fraction(complaints, handled) >= Fraction(limit, 10000),
        )
