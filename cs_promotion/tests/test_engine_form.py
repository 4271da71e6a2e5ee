"""Forms against a naive reading, and the hotline's worked figures (B2-B5)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given

from ..engine.form import (
    ADDS,
    BLOCKS,
    COUNTS,
    FAILS,
    LEFT_OUT,
    NOTHING,
    TAKES,
    Form,
    Part,
    Voice,
    evaluate,
)
from ..engine.scale import LINE
from ..engine.scoring import Section
from ..engine.vocabulary import Metric, PolicyError
from .test_engine_scale import scale
from .test_engine_strategies import MANY, EngineCase, seeded


def measured(code: str, maximum, steps=None, **how) -> Part:
    """A measured item of one section; by default a percentage of its maximum."""
    line = scale(LINE, *steps) if steps else None
    return Part("all", Decimal(maximum), metric=Metric(code), scale=line, **{"percent": True} | how)


FROM_85 = ((85, 0), (90, 100))
HOTLINE = Form(
    {
        "daily": measured("daily", 25, ((220, 0), (300, 100))),
        "time": measured("time", 10, FROM_85),
        "passed": measured("passed", 10),
        "fcr": measured("fcr", 10, FROM_85),
        "satisfied": measured("satisfied", 10, FROM_85),
        "checks": measured("checks", 20),
        "exam": measured("exam", 10),
        "conduct": Part("all", Decimal(5)),
    },
    {"all": Section(Decimal(100), Decimal(100))},
    {"leader": Voice(Decimal(100))},
)
METERS = ("daily", "time", "passed", "fcr", "satisfied", "checks", "exam")


def hotline(conduct, *values):
    """The result of one agent of the hotline."""
    given = {code: Decimal(str(value)) for code, value in zip(METERS, values, strict=True)}
    return evaluate(HOTLINE, {"leader": {"conduct": Decimal(conduct)}}, given)


def any_form(random: Random):
    """A form of plain, measured, partly rated, adding, taking and failing items, and what is
    given and measured; some of it is missing."""
    raters = {
        "boss": Voice(Decimal(random.choice((50, 70)))),
        "office": Voice(Decimal(random.choice((0, 30, 50)))),
        "peer": Voice(Decimal(random.choice((0, 20))), needed=False),
    }
    parts = {}
    for index in range(random.randint(1, 6)):
        effect = random.choice((COUNTS, COUNTS, COUNTS, ADDS, TAKES, FAILS))
        is_measured = random.random() < 0.4
        parts[f"i{index}"] = Part(
            random.choice("AB"),
            Decimal(random.choice((5, 10, 40))),
            effect if index else COUNTS,
            frozenset(random.sample(sorted(raters), random.choice((0, 0, 1, 2)))),
            Metric(f"m{index}") if is_measured else None,
            missing=random.choice((BLOCKS, NOTHING, LEFT_OUT)),
        )
    form = Form(
        parts,
        {"A": Section(Decimal(70), Decimal(0)), "B": Section(Decimal(30), Decimal(0))},
        raters,
        random.choice(("sum", "weighted")),
    )
    rated = {
        code: {
            key: Decimal(random.randint(0, 5))
            for key, part in parts.items()
            if part.metric is None and (not part.raters or code in part.raters)
        }
        for code in raters
        if random.random() < 0.85
    }
    values = {
        part.metric.code: Decimal(random.randint(0, 12))
        for part in parts.values()
        if part.metric and random.random() < 0.8
    }
    return form, rated, values


def replace_maximum(section, parts, code):
    """The section with the maximum of its parts."""
    own = [part.maximum for part in parts.values() if part.section == code]
    return section._replace(maximum=sum(own, Decimal(0)))


def naive(form: Form, rated, values):
    """The score once more, item by item from the text."""
    people = [part for part in form.parts.values() if not part.metric]
    asks = [
        code
        for code, voice in form.raters.items()
        if voice.weight and any(code in part.raters or not part.raters for part in people)
    ]
    if any(code not in rated and form.raters[code].needed for code in asks):
        return None
    got = {}
    for key, part in form.parts.items():
        if part.metric:
            value = values.get(part.metric.code)
            if value is None and part.missing == BLOCKS:
                return None
            got[key] = min(value, part.maximum) if value is not None else None
            if value is None and part.missing == NOTHING:
                got[key] = 0
        else:
            who = [c for c in asks if c in rated and (c in part.raters or not part.raters)]
            weights = sum(form.raters[code].weight for code in who)
            got[key] = (
                sum(Fraction(form.raters[c].weight) * Fraction(rated[c][key]) for c in who)
                / Fraction(weights)
                if who
                else None
            )
    counting = {key: part for key, part in form.parts.items() if part.effect == COUNTS}
    known = [key for key in counting if got[key] is not None]
    if not known:
        return None
    if form.method == "sum":
        most = Fraction(sum(part.maximum for part in counting.values()))
        total = sum(Fraction(got[key]) for key in known)
        total *= most / sum(Fraction(counting[key].maximum) for key in known)
    else:
        weight = {key: section.weight for key, section in form.sections.items()}
        total = Fraction(0)
        there = {counting[key].section for key in known}
        for section in there:
            ours = [key for key in known if counting[key].section == section]
            share = sum(Fraction(got[key]) for key in ours)
            share /= sum(Fraction(counting[key].maximum) for key in ours)
            total += share * Fraction(weight[section])
        total *= Fraction(sum(weight[s] for s in {p.section for p in counting.values()}))
        total /= Fraction(sum(weight[section] for section in there))
    for key, part in form.parts.items():
        if part.effect in (ADDS, TAKES) and got[key]:
            points = min(Fraction(got[key]), Fraction(part.maximum))
            total += points if part.effect == ADDS else -points
    total = min(Fraction(100), max(Fraction(0), total))
    if any(part.effect == FAILS and got[key] for key, part in form.parts.items()):
        total = Fraction(0)
    return Decimal(int(total * 100 + Fraction(1, 2))) / 100


class TestForm(EngineCase):
    @MANY
    @given(seeded(any_form))
    def test_engine_and_naive_reading_agree(self, drawn):
        self.assertEqual(evaluate(*drawn).score, naive(*drawn))

    @MANY
    @given(seeded(any_form))
    def test_plain_forms_go_a_shorter_way_to_the_same_score(self, drawn):
        form, rated, _values = drawn
        needed = {code: replace(voice, needed=True) for code, voice in form.raters.items()}
        plain = Part("A", Decimal(40))
        parts = {key: replace(plain, section=part.section) for key, part in form.parts.items()}
        sections = {
            code: replace_maximum(section, parts, code) for code, section in form.sections.items()
        }
        sections = {code: section for code, section in sections.items() if section.maximum}
        short = replace(form, parts=parts, sections=sections, raters=needed, highest=Decimal(999))
        rated = {
            code: {key: given.get(key, Decimal(3)) for key in parts}
            for code, given in rated.items()
        }
        self.assertTrue(short.is_plain)
        long = replace(short, parts=parts | {"x": Part("A", None, ADDS)})
        self.assertFalse(long.is_plain)
        self.assertEqual(evaluate(short, rated).score, evaluate(long, rated).score)
        self.assertEqual(evaluate(short, rated).missing, evaluate(long, rated).missing)

    def test_B2_B5_worked_examples_of_the_hotline(self):
        fu = hotline(5, 300, 90, 98, 90, 95, 92, 88)
        self.assertEqual(fu.score, Decimal("97.00"))
        gao = hotline(4, 262, 87, 96, 88.5, 86, 85, 75)
        self.assertEqual(
            [gao.points[key] for key in HOTLINE.parts],
            [Fraction(105, 8), 4, Fraction(48, 5), 7, 2, 17, Fraction(15, 2), 4],
        )
        self.assertEqual(gao.score, Decimal("64.23"))
        self.assertEqual(hotline(3, 219, 84, 91, 84, 84, 70, 60).score, Decimal("32.10"))
        self.assertEqual(hotline(0, 220, 85, 100, 85, 89.99, 100, 100).score, Decimal("49.98"))

    def test_what_was_not_measured_waits_counts_nothing_or_is_left_out(self):
        parts = {"a": Part("all", Decimal(50)), "b": measured("b", 50)}
        form = replace(HOTLINE, parts=parts)
        rated = {"leader": {"a": Decimal(40)}}
        self.assertEqual(evaluate(form, rated).missing, ("b",))
        for missing, score in ((NOTHING, "40.00"), (LEFT_OUT, "80.00")):
            other = replace(form, parts=parts | {"b": replace(parts["b"], missing=missing)})
            self.assertEqual(evaluate(other, rated).score, Decimal(score))

    def test_a_survey_speaks_as_one_of_the_raters(self):
        raters = {"leader": Voice(Decimal(70)), "survey": Voice(Decimal(30), metric=Metric("nps"))}
        form = replace(HOTLINE, parts={"a": Part("all", Decimal(100))}, raters=raters)
        rated = {"leader": {"a": Decimal(80)}}
        self.assertEqual(form.asked, ["leader"])
        self.assertEqual(evaluate(form, rated).missing, ("nps",))
        self.assertEqual(evaluate(form, rated, {"nps": Decimal(90)}).score, Decimal("83.00"))
        other = replace(form, raters=raters | {"survey": replace(raters["survey"], needed=False)})
        self.assertEqual(evaluate(other, rated).score, Decimal("80.00"))

    def test_who_is_left_out_leaves_the_weight_to_all_others_surveys_included(self):
        raters = {
            "leader": Voice(Decimal(70)),
            "peer": Voice(Decimal(10), needed=False),
            "survey": Voice(Decimal(20), metric=Metric("nps")),
        }
        form = replace(HOTLINE, parts={"a": Part("all", Decimal(100))}, raters=raters)
        rated, nps = {"leader": {"a": Decimal(66)}}, {"nps": Decimal(75)}
        both = rated | {"peer": {"a": Decimal(98)}}
        # (70 x 66 + 10 x 98 + 20 x 75) / 100, then (70 x 66 + 20 x 75) / 90
        self.assertEqual(evaluate(form, both, nps).score, Decimal("71.00"))
        self.assertEqual(evaluate(form, rated, nps).score, Decimal("68.00"))

    def test_a_failed_item_lets_the_score_fall_never_rise(self):
        parts = {"a": Part("all", Decimal(100)), "rude": Part("all", None, FAILS)}
        parts["rude"] = replace(parts["rude"], falls_to=Decimal(40))
        form = replace(HOTLINE, parts=parts)
        for given_, rude, score in ((90, 1, 40), (90, 0, 90), (30, 1, 30)):
            rated = {"leader": {"a": Decimal(given_), "rude": Decimal(rude)}}
            result = evaluate(form, rated)
            self.assertEqual(result.score, Decimal(score))
            self.assertEqual(result.failed, ("rude",) if rude else ())

    def test_the_highest_score_need_not_be_100(self):
        parts = {"a": Part("all", Decimal(100)), "plus": Part("all", Decimal(20), ADDS)}
        form = replace(HOTLINE, parts=parts)
        rated = {"leader": {"a": Decimal(95), "plus": Decimal(30)}}
        self.assertEqual(evaluate(form, rated).score, Decimal("100.00"))
        higher = replace(form, highest=Decimal(120))
        self.assertEqual(evaluate(higher, rated).score, Decimal("115.00"))

    def test_a_form_that_nobody_could_be_scored_by_is_refused(self):
        ten = Decimal(10)
        for fault, parts in {
            "no item of the form counts": {"a": Part("all", ten, ADDS)},
            "item a: it needs its most points": {"a": Part("all", None)},
            "unknown rater 'boss'": {"a": Part("all", ten, raters=frozenset({"boss"}))},
            "'helps'": {"a": Part("all", ten, "helps")},
            "are no points": {"a": Part("all", Decimal(0))},
        }.items():
            with self.assertRaisesRegex(PolicyError, fault):
                replace(HOTLINE, parts=parts).check()
        HOTLINE.check()
