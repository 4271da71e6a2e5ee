"""Pay items of a policy against a naive reading, and the hotline's worked pay (B7-B9)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given

from ..engine.calendar import add_months
from ..engine.items import (
    CLASS,
    COEFFICIENT,
    FIXED,
    FULL_TIME,
    METRIC,
    POOL,
    SCORE,
    VALUE,
    Amount,
    Factor,
    Proviso,
    Terms,
    divide,
)
from ..engine.pay import Month, Span, gross, pay_items
from ..engine.policy import PayLine, Settings
from ..engine.scale import BANDS, MARGINAL
from ..engine.vocabulary import Metric, PolicyError
from .test_engine_scale import any_scale, scale
from .test_engine_strategies import MANY, EngineCase, seeded

SCORED = Proviso(Metric("month_score"), ">=", Decimal(60))
TICKETS = {"metric": Metric("tickets"), "of": METRIC}
BELOW = Proviso(Metric("month_score"), "<", Decimal(60))
ITEMS = (
    Terms("BASE"),
    Terms(
        "PIECE", scale=scale(MARGINAL, (0, "0.30"), (6000, "0.40")), provisos=(SCORED,), **TICKETS
    ),
    Terms("LOW", scale=scale(MARGINAL, (0, "0.30")), provisos=(BELOW,), **TICKETS),
    Terms("APPRAISAL", factors=(Factor(CLASS),), provisos=(SCORED,)),
    Terms("NIGHT", METRIC, Metric("nights"), scale(MARGINAL, (0, 15))),
    Terms(
        "FULL",
        by_days=False,
        provisos=(SCORED, *(Proviso(Metric(m), "=", Decimal(0)) for m in ("absent", "late"))),
    ),
    Terms(
        "YEARS",
        METRIC,
        Metric("years"),
        scale(MARGINAL, (0, 50)),
        provisos=(SCORED,),
        cap=Decimal(500),
    ),
)
AMOUNTS = {"BASE": Decimal(2200), "APPRAISAL": Decimal(800), "FULL": Decimal(100)}
LINE = PayLine(Decimal(0), Decimal(0), Decimal(0), amounts=AMOUNTS)


def paid(score, coefficient, tickets, nights, absent, late, years):
    """The hotline's items of one agent's month, by code; one of the two rates per ticket."""
    values = {
        "month_score": Decimal(str(score)),
        COEFFICIENT: Decimal(str(coefficient)),
        "tickets": Decimal(tickets),
        "nights": Decimal(nights),
        "absent": Decimal(absent),
        "late": Decimal(late),
        "years": Decimal(years),
    }
    month = Month(30, (Span(30, LINE),), values=values)
    return pay_items([each.item() for each in ITEMS], Settings(), month)


def any_terms(random: Random):
    """An item of any kind, and a month of one or two rungs, some off the ladder."""
    of = random.choice(("amount", METRIC, POOL))
    scaled = of != "amount" and random.random() < 0.5
    kinds = random.sample((SCORE, CLASS, VALUE, FULL_TIME, FIXED), random.randint(0, 2))
    terms = Terms(
        "X",
        of,
        Metric("a") if of != "amount" else None,
        any_scale(random) if scaled else None,
        percent=of != "amount" and random.random() < 0.5,
        by_days=random.random() < 0.7,
        factors=tuple(
            Factor(kind, Metric("b") if kind == VALUE else None, number=Decimal("1.2"))
            for kind in kinds
        ),
        provisos=(Proviso(Metric("c"), ">", Decimal(1)),) if random.random() < 0.5 else (),
        floor=Decimal(1) if random.random() < 0.2 else None,
        cap=Decimal(50) if random.random() < 0.3 else None,
        amounts=(Amount(Decimal(1)),) if random.random() < 0.8 else (),
    )
    spans = tuple(
        Span(
            random.randint(1, 10),
            PayLine(*[Decimal(0)] * 3, amounts={"X": Decimal(max(random.randint(-150, 300), 0))}),
            full_time=Fraction(random.choice((1, 1, 2)), 2),
            on_ladder=random.random() < 0.8,
        )
        for _ in range(random.randint(1, 3))
    )
    values = {code: Decimal(random.randint(0, 9)) for code in "abc" if random.random() < 0.8}
    values[COEFFICIENT] = Decimal("1.15")
    score = Decimal(random.choice((55, 80))) if random.random() < 0.8 else None
    return terms, Month(30, spans, score, values=values, shares={"X": Fraction(1, 3)})


def naive(terms: Terms, month: Month) -> Fraction:
    """What the item comes to, once more from the text."""
    values = month.values
    if terms.provisos and not values.get("c", 0) > 1:
        return Fraction(0)
    ladder = [span for span in month.spans if span.on_ladder]
    a = Fraction(values.get("a", 0))
    last_alone = not terms.by_days and (terms.scale or terms.of == "amount")
    counted = ladder[-1:] if last_alone else ladder
    if terms.amounts and not any(span.pay.amounts["X"] for span in counted):
        return Fraction(0)
    if terms.of == "amount":
        held = ladder if terms.by_days else ladder[-1:]
        shares = [Fraction(span.days, 30) if terms.by_days else 1 for span in held]
        total = sum(Fraction(s.pay.amounts["X"]) * d for s, d in zip(held, shares, strict=True))
    elif "a" not in values:  # nothing is known of it
        total = 0
    elif terms.scale:
        total = terms.scale.of(a) * (a / 100 if terms.percent else 1)
        if terms.amounts and terms.of == METRIC:
            days = [day for span in counted for day in [span] * span.days]
            total *= Fraction(sum(bool(day.pay.amounts["X"]) for day in days), len(days))
    else:
        days = sum(span.days for span in ladder) or 1
        rate = sum(Fraction(span.pay.amounts["X"]) * span.days / days for span in ladder)
        total = a * rate / (100 if terms.percent else 1)
    total = Fraction(total)
    if terms.of == POOL:
        total /= 3
    for factor in terms.factors:
        days = sum(span.days for span in month.spans)
        total *= {
            SCORE: Fraction(month.score or 0) / 100,
            CLASS: Fraction(values[COEFFICIENT]),
            VALUE: Fraction(values.get("b", 0)),
            FULL_TIME: sum(s.full_time * s.days for s in month.spans) / days,
            FIXED: Fraction(6, 5),
        }[factor.kind]
    if terms.floor is not None:
        total = max(total, Fraction(terms.floor))
    return total if terms.cap is None else min(total, Fraction(terms.cap))


class TestItems(EngineCase):
    @MANY
    @given(seeded(any_terms))
    def test_engine_and_naive_reading_agree(self, drawn):
        terms, month = drawn
        basis, rate, parts = terms.compute(Settings(), month)
        self.assertEqual(sum(parts), naive(terms, month))
        self.assertEqual(basis * rate, sum(parts))

    def test_through_a_scale_it_is_paid_for_the_days_on_its_rungs(self):
        """Two items for two rungs: who moves within the month is not paid both in full."""
        sales = {"of": METRIC, "metric": Metric("sales"), "scale": scale(MARGINAL, (0, "0.03"))}
        month = Month(
            30,
            tuple(
                Span(days, PayLine(*[Decimal(0)] * 3, amounts={code: Decimal(1)}))
                for days, code in ((10, "JUNIOR"), (20, "SENIOR"))
            ),
            values={"sales": Decimal(60000)},
        )
        for by_days, expected in ((True, (600, 1200)), (False, (0, 1800))):
            found = [
                sum(
                    Terms(code, amounts=(Amount(Decimal(1)),), by_days=by_days, **sales).compute(
                        Settings(), month
                    )[2]
                )
                for code in ("JUNIOR", "SENIOR")
            ]
            self.assertEqual(tuple(found), expected)

    def test_B7_B8_worked_pay_of_the_hotline(self):
        fu = paid(97, "1.3", 6500, 6, 0, 0, 3)
        self.assertEqual(
            [str(each.amount) for each in fu],
            ["2200.00", "2000.00", "0.00", "1040.00", "90.00", "100.00", "150.00"],
        )
        self.assertEqual(gross(fu), Decimal("5580.00"))
        self.assertEqual(gross(paid("64.23", "0.5", 5240, 2, 0, 1, 12)), Decimal("4702.00"))
        self.assertEqual(gross(paid("32.10", 0, 4380, 4, 0, 0, 5)), Decimal("3574.00"))
        for score, piece in (("59.99", "1950.00"), ("60.00", "2000.00")):
            items = {each.code: each.amount for each in paid(score, 1, 6500, 0, 0, 0, 0)}
            self.assertEqual(items["PIECE"] + items["LOW"], Decimal(piece))

    def test_what_is_below_nought_by_its_own_terms_is_taken(self):
        """Wherever the number below nought stands; what a metric makes so comes off later."""
        late, each = {"of": METRIC, "metric": Metric("late")}, scale(MARGINAL, (0, 1))
        third = scale(MARGINAL, (0, 0), (2, -50))
        for terms in (
            Terms("LATE", scale=third, **late),
            Terms("LATE", scale=scale(BANDS, (">=", 3, -50)), **late),
            Terms("LATE", scale=scale("line", (0, 0), above=Decimal(-50)), **late),
            Terms("LATE", amounts=(Amount(Decimal(-20)),), **late),
            Terms("LATE", factors=(Factor(FIXED, number=Decimal(-1)),), **late),
            Terms("LATE", factors=(Factor(VALUE, Metric("late"), third),)),
        ):
            self.assertTrue(terms.item().deducts, terms)
        self.assertFalse(Terms("PIECE", scale=each, factors=(Factor(SCORE),), **late).deducts)
        self.assertEqual(Terms("LATE", scale=third, **late).scale.of(3), -50)

    def test_a_group_s_commission_by_completion_shared_equally(self):
        """Sales of the group 400,000, completion 105 %: 2 % of it, five people."""
        bands = (("<=", 60, 0), ("<=", 80, 1), ("<=", 100, 1.5), ("<=", 150, 2), (">", 150, 2.5))
        terms = Terms(
            "GROUP",
            POOL,
            Metric("group_sales"),
            factors=(Factor(VALUE, Metric("completion"), scale(BANDS, *bands)),),
            percent=True,
        )
        line = PayLine(*[Decimal(0)] * 3, amounts={"GROUP": Decimal(1)})
        values = {"group_sales": Decimal(400000), "completion": Decimal(105)}
        month = Month(30, (Span(30, line),), values=values, shares={"GROUP": Fraction(1, 5)})
        [item] = pay_items([terms.item()], Settings(), month)
        self.assertEqual(item.amount, Decimal("1600.00"))

    @MANY
    @given(seeded(lambda random: random))
    def test_a_month_is_paid_once_whenever_its_parts_are(self, random):
        """Parts paid later come to the whole, each in a month that asks for it."""
        parts = random.randint(1, 6)
        terms = Terms(
            "X",
            later=random.choice((0, 0, 1, 3)),
            now=Decimal(random.choice((0, 50, 70, 100))),
            rest_month=random.randint(1, 13 - parts),
            rest_parts=parts,
        )
        whole = Decimal(random.randint(0, 99999)) / 100
        of = date(2025, random.randint(1, 12), 1)
        months = [add_months(of, number) for number in range(25)]
        due = {month: terms.due(whole, of, month) for month in months}
        self.assertEqual(sum(due.values()), whole)
        for month, amount in due.items():
            if amount and month != of:
                self.assertIn(of, terms.earlier(month))
        paid = Decimal(0)
        for month, amount in due.items():  # who leaves in it gets all that is left
            paid += amount
            self.assertEqual(terms.left(whole, of, month), whole - paid)
            if month != of and paid - amount != whole:
                self.assertIn(of, terms.open_months(month))

    @MANY
    @given(seeded(lambda random: [Fraction(random.randint(-1, 9), 3) for _ in range(5)]))
    def test_a_pool_is_divided_whole_and_by_weight(self, weights):
        shares = divide(enumerate(weights))
        total = sum(weight for weight in weights if weight > 0)
        self.assertEqual(sum(shares.values()), 1 if total else 0)
        for member, weight in enumerate(weights):
            self.assertEqual(shares.get(member, 0) * total, max(weight, 0))

    def test_the_first_row_that_fits_wins(self):
        rows = Amount(Decimal(3), "senior", job=7), Amount(Decimal(2), department=5)
        terms = Terms("X", amounts=(*rows, Amount(Decimal(1), "senior")))
        for held, amount in {
            ("senior", 5, 7): 3,
            ("senior", 5, 8): 2,
            ("junior", 5, 7): 2,
            ("senior", 4, None): 1,
            ("junior", 4, None): 0,
        }.items():
            self.assertEqual(terms.amount_of(*held), amount, held)
        # paid as the rung below, as long as no row names the rung itself (L5)
        self.assertEqual(terms.amount_of("reserve", 4, None, "senior"), 1)
        own = Terms("X", amounts=(*terms.amounts, Amount(Decimal(0), "reserve")))
        self.assertEqual(own.amount_of("reserve", 4, None, "senior"), 0)

    def test_only_in_its_months(self):
        line = PayLine(*[Decimal(0)] * 3, amounts={"X": Decimal(5)})
        item = Terms("X", months=frozenset({3, 6})).item()
        for number, amount in ((3, 5), (4, 0)):
            month = Month(30, (Span(30, line),), number=number)
            self.assertEqual(pay_items([item], Settings(), month)[0].amount, amount)

    def test_an_item_that_nobody_could_be_paid_is_refused(self):
        for fault, terms in {
            "it is of 'luck'": Terms("X", "luck"),
            "no metric is said": Terms("X", METRIC),
            "nothing would be paid": Terms("X", POOL, Metric("a")),
            "no scale": Terms("X", percent=True),
            "above its cap": Terms("X", floor=Decimal(2), cap=Decimal(1)),
            "no other, says of which metric": Terms("X", factors=(Factor(VALUE),)),
            "unknown operator": Terms("X", provisos=(Proviso(Metric("a"), "!", Decimal(1)),)),
            "upper value": Terms("X", provisos=(Proviso(Metric("a"), "between", Decimal(1)),)),
            "a number from 1 to 12": Terms("X", months=frozenset({13})),
            "24 months later": Terms("X", later=25),
            "within one year": Terms("X", rest_month=11, rest_parts=3),
            "never reached": Terms("X", METRIC, Metric("a"), scale(BANDS, (1, 1), (2, 2))),
        }.items():
            with self.assertRaisesRegex(PolicyError, f"pay item X: .*{fault}"):
                terms.check()
        for terms in ITEMS:
            terms.check()
