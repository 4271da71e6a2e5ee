"""Personal raises: paid by the days since they began (policy language, *Rules*)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.cs_promotion.engine.items import Amount
from odoo.addons.cs_promotion.engine.items import Terms as Own
from odoo.addons.cs_promotion.engine.policy import PayLine, Settings
from odoo.addons.cs_promotion.engine.vocabulary import Metric
from odoo.addons.cs_promotion.tests.test_engine_strategies import PROPERTY, EngineCase
from odoo.addons.cs_promotion.vocabulary import APPRAISAL, BASE, COMMISSION, PAY_ITEMS

from ..figures import Held, Raise, Terms, compute_items

FIRST, LAST = date(2025, 1, 1), date(2025, 1, 31)
LINES = {1: PayLine(Decimal(1700), Decimal(200), Decimal(1))}
FOREVER = date.max
CALLS = Metric("calls")
OWN = (
    Own("STARS", amounts=(Amount(Decimal(300)),), cap=Decimal(900)),
    Own("LAST", amounts=(Amount(Decimal(100)),), by_days=False),
    Own("CALLS", "metric", CALLS, amounts=(Amount(Decimal(2)),)),
)
TERMS = Terms(1, Settings(), LINES, (*PAY_ITEMS, *(own.item() for own in OWN)), OWN)
AMOUNTS = (("STARS", Decimal(300)), ("LAST", Decimal(100)), ("CALLS", Decimal(2)))


def paid(*held, score=90, sales=1000, calls=10):
    values = {"calls": Fraction(calls)}
    found = compute_items(TERMS, 31, held, Decimal(score), Decimal(sales), values=values)
    return {item.code: item.amount for item in found}


def held(*raises, start=FIRST, end=LAST, full_time=1, tier=1):
    clipped = tuple(
        each._replace(start=max(each.start, start), end=min(each.end, end))
        for each in raises
        if each.start <= end and each.end >= start
    )
    return Held(tier, start, end, None, Fraction(full_time), AMOUNTS, clipped)


days = st.integers(-5, 40).map(lambda number: FIRST + timedelta(days=number))
spans = st.tuples(days, st.integers(0, 40)).map(
    lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))
)
given_raises = st.lists(
    st.builds(
        lambda code, cents, span: Raise(code, Decimal(cents) / 100, *span),
        st.sampled_from((BASE, APPRAISAL, COMMISSION, "STARS", "CALLS")),
        st.integers(1, 50000),
        spans,
    ),
    max_size=4,
)


@tagged("post_install", "-at_install", "cs_promotion")
class TestRaise(EngineCase):
    def test_each_kind_of_item(self):
        bare = paid(held())
        for code, more in (
            (BASE, 155),
            (APPRAISAL, Decimal("139.50")),  # the share of the score, as of the rest
            (COMMISSION, 155),
            ("STARS", 155),
            ("LAST", 155),
            ("CALLS", 155),
        ):
            with self.subTest(code):
                raised = paid(held(Raise(code, Decimal(155), FIRST, FOREVER)))
                self.assertEqual(raised[code] - bare[code], more)
                self.assertEqual(
                    {key: each for key, each in raised.items() if key != code},
                    {key: each for key, each in bare.items() if key != code},
                )

    def test_by_days_from_the_middle_of_the_month(self):
        since = Raise(BASE, Decimal(310), date(2025, 1, 16), FOREVER)
        self.assertEqual(paid(held(since))[BASE], 1700 + 160, "16 of 31 days")
        until = Raise(BASE, Decimal(310), FIRST, date(2025, 1, 10))
        self.assertEqual(paid(held(until))[BASE], 1700 + 100)
        # what is not by days is what is held last
        last = Raise("LAST", Decimal(50), date(2025, 1, 31), FOREVER)
        self.assertEqual(paid(held(last))["LAST"], 150)
        self.assertEqual(paid(held(last._replace(start=FIRST, end=date(2025, 1, 30))))["LAST"], 100)

    def test_part_time_cap_and_off_the_ladder(self):
        more = Raise(BASE, Decimal(300), FIRST, FOREVER)
        self.assertEqual(paid(held(more, full_time=Fraction(1, 2)))[BASE], 1000)
        stars = Raise("STARS", Decimal(1000), FIRST, FOREVER)
        self.assertEqual(paid(held(stars))["STARS"], 900, "the cap of the item holds")
        self.assertEqual(paid(held(more, tier=None))[BASE], 0)

    @PROPERTY
    @given(given_raises, st.integers(1, 31))
    def test_day_by_day(self, raises, change):
        """A naive reading: each day is paid a 31st of what is paid more on it; a tier change in
        between changes nothing of that."""
        first = held(*raises, end=FIRST + timedelta(days=change - 1))
        stretches = [first]
        if change < 31:
            stretches.append(held(*raises, start=FIRST + timedelta(days=change)))
        bare, raised = paid(held()), paid(*stretches)
        for code, share in ((BASE, 1), (APPRAISAL, Fraction(9, 10)), (COMMISSION, 1), ("CALLS", 1)):
            more = sum(
                Fraction(each.amount) / 31
                for each in raises
                for number in range(31)
                if each.code == code and each.start <= FIRST + timedelta(days=number) <= each.end
            )
            self.assertLess(abs(raised[code] - bare[code] - Decimal(float(more * share))), 0.011)
