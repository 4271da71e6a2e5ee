"""Scales against a naive reading of what the policy language says of them."""

from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ..engine.scale import BANDS, LINE, MARGINAL, MODES, Scale, Step
from ..engine.vocabulary import COMPARE, PolicyError
from .test_engine_strategies import MANY, EngineCase, seeded


def scale(mode: str, *steps, **how) -> Scale:
    """A scale from pairs, or triples with the operator in front."""
    rows = []
    for each in steps:
        compare, bound, value = each if len(each) == 3 else (">=", *each)
        bound = None if bound is None else Decimal(str(bound))
        rows.append(Step(bound, Decimal(str(value)), compare))
    how = {name: Decimal(str(value)) for name, value in how.items()}
    return Scale(mode, tuple(rows), **how)


def any_scale(random: Random) -> Scale:
    """Scales of all modes whose bounds rise, some with floor, cap and values outside."""
    mode = random.choice(MODES)
    bounds = sorted(random.sample(range(12), random.randint(1, 4)))
    steps = [
        Step(
            Decimal(bound),
            Decimal(random.randint(-4, 12)) / 4,
            random.choice(tuple(COMPARE)) if mode == BANDS else ">=",
        )
        for bound in bounds
    ]
    if mode == BANDS:
        random.shuffle(steps)
        if random.random() < 0.5:
            steps.append(Step(None, Decimal(9)))

    def perhaps(value):
        return Decimal(value) if random.random() < 0.3 else None

    return Scale(mode, tuple(steps), perhaps(-1), perhaps(7), perhaps(0), perhaps(20))


def naive(scale: Scale, number: Fraction) -> Fraction:
    """The same once more, tenth by tenth where something is added up."""
    if scale.mode == BANDS:
        fits = [
            each
            for each in scale.steps
            if each.bound is None or COMPARE[each.operator](number, Fraction(each.bound))
        ]
        value = Fraction(fits[0].value) if fits else Fraction(0)
    elif scale.mode == LINE:
        bounds = [Fraction(each.bound) for each in scale.steps]
        values = [Fraction(each.value) for each in scale.steps]
        left = max((i for i, bound in enumerate(bounds) if bound <= number), default=None)
        right = min((i for i, bound in enumerate(bounds) if bound >= number), default=None)
        if left is None:
            value = values[0] if scale.below is None else Fraction(scale.below)
        elif right is None:
            value = values[-1] if scale.above is None else Fraction(scale.above)
        elif left == right:
            value = values[left]
        else:
            share = (number - bounds[left]) / (bounds[right] - bounds[left])
            value = values[left] * (1 - share) + values[right] * share
    else:
        value, piece = Fraction(0), Fraction(1, 10)
        for index in range(int(abs(number) * 10)):
            middle = (index + Fraction(1, 2)) * piece
            passed = [each for each in scale.steps if each.bound <= middle]
            if number < 0:
                value -= Fraction(scale.steps[0].value) * piece
            elif passed:
                value += Fraction(passed[-1].value) * piece
    if scale.floor is not None and value < scale.floor:
        value = Fraction(scale.floor)
    return Fraction(scale.cap) if scale.cap is not None and value > scale.cap else value


class TestScale(EngineCase):
    @MANY
    @given(seeded(any_scale), st.integers(-30, 150))
    def test_engine_and_naive_reading_agree(self, scale, tenths):
        number = Fraction(tenths, 10)
        self.assertEqual(scale.of(number), naive(scale, number))

    def test_an_edge_belongs_where_the_operator_says(self):
        completion = scale(
            BANDS, ("<=", 60, 0), ("<=", 80, 1), ("<=", 100, 1.5), ("<=", 150, 2), (">", 150, 2.5)
        )
        values = {60: 0, 60.01: 1, 80: 1, 100: 1.5, 100.5: 2, 150: 2, 151: 2.5}
        for number, value in values.items():
            self.assertEqual(completion.of(number), Fraction(str(value)))
        # a ratio is compared as it is: a third more than 149.99 is no 150
        self.assertEqual(completion.of(Fraction(45001, 300)), Fraction(5, 2))

    def test_a_line_is_straight_between_its_points_and_holds_outside(self):
        handled = scale(LINE, (220, 0), (300, 25))
        for number, value in {219: 0, 220: 0, 262: 13.125, 300: 25, 400: 25}.items():
            self.assertEqual(handled.of(number), Fraction(str(value)))
        self.assertEqual(scale(LINE, (220, 1), (300, 25), below=0).of(219), 0)

    def test_each_part_has_its_own_rate(self):
        tickets = scale(MARGINAL, (0, "0.30"), (6000, "0.40"))
        for number, value in {0: 0, 6000: 1800, 6500: 2000, 5240: 1572, -10: -3}.items():
            self.assertEqual(tickets.of(number), value)
        self.assertEqual(scale(MARGINAL, (0, 50), cap=500).of(12), 500)

    def test_a_part_that_no_number_reaches_is_refused(self):
        faults = {
            "band 2 >= 90 is never reached": scale(BANDS, (80, 1), (90, 2)),
            "band 2 is never reached": scale(BANDS, (None, 1), (None, 2)),
            "5 does not lie above 5": scale(LINE, (5, 1), (5, 2)),
            "no step": scale(LINE),
            "no bound": scale(MARGINAL, (None, 1)),
            "below nought": scale(MARGINAL, (-1, 1)),
            "above its cap": scale(LINE, (1, 1), floor=5, cap=4),
            "unknown mode": scale("steps", (1, 1)),
            "unknown operator": scale(BANDS, ("!=", 1, 1)),
        }
        for fault, wrong in faults.items():
            with self.assertRaisesRegex(PolicyError, fault):
                wrong.check()
        scale(BANDS, (90, 2), (80, 1), (None, 0)).check()
        scale(BANDS, (">", 90, 2), ("=", 90, 1)).check()

    @MANY
    @given(seeded(any_scale), st.integers(-30, 150))
    def test_what_is_not_refused_has_a_number_for_each_band(self, scale, tenths):
        try:
            scale.check()
        except PolicyError:
            return
        if scale.mode == BANDS:
            around = [Fraction(n, 4) for n in range(-8, 60)]
            first = {next((i for i, s in enumerate(scale.steps) if s.takes(n)), -1) for n in around}
            self.assertLessEqual(set(range(len(scale.steps))), first)
