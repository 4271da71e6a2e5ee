"""Pay of a month: W2-W6."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from ..engine.decimals import round_half_up
from ..engine.pay import (
    Month,
    PayItem,
    Span,
    appraisal_share,
    fine_limit,
    fine_taken,
    gross,
    pay_items,
)
from ..engine.policy import PayLine, settings
from ..vocabulary import APPRAISAL, BASE, COMMISSION, PAY_ITEMS
from .test_engine_strategies import PROPERTY, SHIPPED, EngineCase, number

CENT = Decimal("0.01")


def span(days: int, tier: str) -> Span:
    return Span(days, SHIPPED.pay[tier])


def monthly_pay(chosen, spans, days, score, sales, due=Decimal(0)):
    """The items of a month by name, and the fine that is taken of their sum (W4, W5)."""
    items = pay_items(PAY_ITEMS, chosen, Month(days, tuple(spans), score, sales))
    base, appraisal, commission = items
    total = gross(items)
    fine = fine_taken(fine_limit(chosen, total), due)
    return SimpleNamespace(
        base=base.amount,
        appraisal=appraisal.amount,
        appraisal_full=round_half_up(appraisal.basis),
        commission=commission.amount,
        commission_percent=commission.rate * 100,
        gross=total,
        fine=fine,
        carried=due - fine,
        net=total - fine,
    )


def paid(*spans: Span, days=30, score=None, sales=None, due=0, **values):
    return monthly_pay(settings(**values), spans, days, number(score), number(sales), number(due))


def items_of(*spans: Span, days=30, places=CENT, absent=0, **values):
    """Code -> item of a month with a score of 90 and sales of 10,000."""
    facts = {"score": 90, "sales": 10000} | {
        name: values.pop(name) for name in ("score", "sales") if name in values
    }
    facts = {name: number(value) for name, value in facts.items()}
    month = Month(days, spans, absent=Fraction(absent), places=places, **facts)
    return {item.code: item for item in pay_items(PAY_ITEMS, settings(**values), month)}


def cents(lowest: int, highest: int):
    return st.integers(lowest, highest).map(lambda amount: Decimal(amount) / 100)


pay_lines = st.builds(
    PayLine,
    cents(0, 500000),
    cents(0, 100000),
    st.integers(0, 5000).map(lambda e: Decimal(e) / 1000),
)


@st.composite
def months(draw):
    """Arguments of :func:`monthly_pay`: up to four tiers in a month, and what was earned."""
    days = draw(st.integers(28, 31))
    ends = sorted(draw(st.lists(st.integers(0, days), min_size=1, max_size=4)))
    spans = [
        Span(end - start, draw(pay_lines))
        for start, end in zip((0, *ends), ends, strict=False)
        if end > start
    ]
    chosen = settings(
        appraisal_pay_method=draw(st.sampled_from(("proportional", "pass"))),
        fine_cap_percent=draw(st.sampled_from((0, 5, 20, "33.33", 100))),
        minimum_wage=draw(st.sampled_from((0, 0, 1500, "2000.55"))),
    )
    score = draw(st.none() | cents(0, 10000))
    sales = draw(st.none() | cents(0, 10**8))
    return chosen, spans, days, score, sales, draw(cents(0, 200000))


class TestAppraisalPay(EngineCase):
    def test_W2_in_proportion_to_the_score(self):
        self.assertEqual(paid(span(30, "probation"), score=93).appraisal, 93)
        self.assertEqual(paid(span(30, "junior"), score="85.55").appraisal, Decimal("171.10"))
        self.assertEqual(paid(span(30, "junior"), score=0).appraisal, 0)
        self.assertEqual(paid(span(30, "junior"), score=100).appraisal, 200)

    def test_W2_all_of_it_from_the_pass_mark(self):
        for score, appraisal in (("59.99", 0), (60, 200), (100, 200)):
            pay = paid(span(30, "junior"), score=score, appraisal_pay_method="pass")
            self.assertEqual(pay.appraisal, appraisal)
        pay = paid(span(30, "junior"), score=65, appraisal_pay_method="pass", pass_mark=70)
        self.assertEqual(pay.appraisal, 0)

    def test_W2_no_score_earns_none(self):
        for method in ("proportional", "pass"):
            pay = paid(span(30, "senior"), appraisal_pay_method=method)
            self.assertEqual((pay.appraisal, pay.appraisal_full), (0, 400))
            self.assertEqual(appraisal_share(settings(appraisal_pay_method=method), None), 0)

    @PROPERTY
    @given(months(), cents(0, 10000))
    def test_W2_a_better_score_never_lowers_the_pay(self, month, other):
        """Not even by a larger fine: its limit grows more slowly than the gross."""
        chosen, spans, days, _score, sales, due = month
        score = month[3] or Decimal(0)
        worse, better = (
            monthly_pay(chosen, spans, days, each, sales, due) for each in sorted((score, other))
        )
        self.assertLessEqual(worse.appraisal, better.appraisal)
        self.assertLessEqual(worse.net, better.net)

    @PROPERTY
    @given(months())
    def test_W2_is_between_nothing_and_all(self, month):
        pay = monthly_pay(*month)
        self.assertGreaterEqual(pay.appraisal, 0)
        self.assertLessEqual(pay.appraisal, pay.appraisal_full)


class TestPartsOfMonths(EngineCase):
    def test_W3_two_tiers_count_by_calendar_days(self):
        """Probation to 9 August, junior from the 10th: 9 and 22 of 31 days."""
        pay = paid(span(9, "probation"), span(22, "junior"), days=31, score=90, sales=62000)
        self.assertEqual(pay.base, Decimal("1641.94"))  # (9 x 1500 + 22 x 1700) / 31
        self.assertEqual(pay.appraisal_full, Decimal("170.97"))  # (9 x 100 + 22 x 200) / 31
        self.assertEqual(pay.appraisal, Decimal("153.87"))  # 90 % of 170.9677...
        self.assertEqual(pay.commission_percent, Fraction(22, 310))
        self.assertEqual(pay.commission, Decimal("44.00"))

    def test_W3_a_contract_of_half_a_month_has_the_whole_commission_rate(self):
        pay = paid(span(15, "junior"), score=80, sales=10000)
        self.assertEqual((pay.base, pay.appraisal, pay.commission), (850, 80, 10))
        self.assertEqual(pay.commission_percent, Fraction(1, 10))

    def test_W3_no_day_under_contract_is_no_pay(self):
        pay = paid(score=90, sales=10000, due=50)
        self.assertEqual((pay.gross, pay.net, pay.fine, pay.carried), (0, 0, 0, 50))

    @PROPERTY
    @given(pay_lines, st.integers(28, 31), cents(0, 10000), cents(0, 10**8))
    def test_W3_a_whole_month_is_the_full_amount(self, line, days, score, sales):
        pay = monthly_pay(settings(), [Span(days, line)], days, score, sales)
        self.assertEqual(pay.base, line.base_wage)
        self.assertEqual(pay.appraisal_full, line.appraisal_pay)
        self.assertEqual(pay.commission_percent, Fraction(line.commission_percent))
        self.assertEqual(pay.appraisal, round_half_up(line.appraisal_pay * score / 100))
        self.assertEqual(pay.commission, round_half_up(sales * line.commission_percent / 100))

    @PROPERTY
    @given(months(), st.data())
    def test_W3_splitting_a_tier_in_two_changes_nothing(self, month, data):
        chosen, spans, *rest = month
        pay = monthly_pay(chosen, spans, *rest)
        split = []
        for each in spans:
            first = data.draw(st.integers(0, each.days))
            split += [Span(first, each.pay), Span(each.days - first, each.pay)]
        self.assertEqual(monthly_pay(chosen, split, *rest), pay)
        self.assertEqual(monthly_pay(chosen, reversed(split), *rest), pay)

    @PROPERTY
    @given(months())
    def test_W3_against_a_day_by_day_reading(self, month):
        _chosen, spans, days, _score, sales, _due = month
        pay = monthly_pay(*month)
        by_day = [each.pay for each in spans for _ in range(each.days)]
        base = sum(Fraction(line.base_wage) / days for line in by_day)
        self.assertEqual(pay.base, round_half_up(base))
        full = sum(Fraction(line.appraisal_pay) / days for line in by_day)
        self.assertEqual(pay.appraisal_full, round_half_up(full))
        rates = [Fraction(line.commission_percent) for line in by_day]
        rate = sum(rates) / len(rates) if rates else Fraction(0)
        self.assertEqual(pay.commission_percent, rate)
        self.assertEqual(pay.commission, round_half_up(rate / 100 * Fraction(sales or 0)))


class TestRounding(EngineCase):
    def test_W4_each_part_is_rounded_half_up(self):
        line = PayLine(Decimal("1700.01"), Decimal("200.01"), Decimal("0.1"))
        pay = paid(Span(15, line), score=100, sales=15, due=1000)
        self.assertEqual(str(pay.base), "850.01")  # 850.005
        self.assertEqual(str(pay.appraisal), "100.01")  # 100.005
        self.assertEqual(str(pay.commission), "0.02")  # 0.015
        self.assertEqual(pay.gross, Decimal("950.04"))
        self.assertEqual(str(pay.fine), "190.01")  # 190.008
        self.assertEqual(pay.net, Decimal("760.03"))

    def test_W4_appraisal_pay_is_rounded_once(self):
        """9 of 31 days at 100: 29.0322..., at 55 points 15.9677..., not 55 % of 29.03."""
        pay = paid(span(9, "probation"), days=31, score=55)
        self.assertEqual(pay.appraisal, Decimal("15.97"))

    def test_W4_scenario(self):
        pay = paid(span(31, "probation"), days=31, score=93, sales=58000)
        self.assertEqual(
            (pay.base, pay.appraisal, pay.commission, pay.gross, pay.fine, pay.net),
            (1500, 93, 0, 1593, 0, 1593),
        )

    @PROPERTY
    @given(months())
    def test_W4_gross_and_net_add_up(self, month):
        pay = monthly_pay(*month)
        self.assertEqual(pay.gross, pay.base + pay.appraisal + pay.commission)
        self.assertEqual(pay.net, pay.gross - pay.fine)
        for part in (pay.base, pay.appraisal, pay.commission, pay.fine):
            self.assertEqual(part, part.quantize(CENT))


class TestFines(EngineCase):
    def test_W5_up_to_the_cap_the_rest_is_carried(self):
        for due, fine, carried in (
            (100, 100, 0),
            ("318.60", "318.60", 0),
            ("318.61", "318.60", "0.01"),
            (400, "318.60", "81.40"),
        ):
            pay = paid(span(30, "probation"), score=93, due=due)
            self.assertEqual((pay.fine, pay.carried), (Decimal(fine), Decimal(carried)))

    def test_W5_cap_is_a_setting(self):
        for percent, fine in ((5, "79.65"), (100, "1000"), (0, "0")):
            pay = paid(span(30, "probation"), score=93, due=1000, fine_cap_percent=percent)
            self.assertEqual(pay.fine, Decimal(fine))

    def test_W5_never_below_the_minimum_wage(self):
        for minimum, fine in ((0, "318.60"), (1500, 93), (1593, 0), (1600, 0), (1000, "318.60")):
            pay = paid(span(30, "probation"), score=93, due=400, minimum_wage=minimum)
            self.assertEqual((pay.fine, pay.fine + pay.carried), (Decimal(fine), 400))

    def test_W5_nothing_is_taken_from_nothing(self):
        limit = fine_limit(settings(), Decimal(-50))
        self.assertEqual(fine_taken(limit, Decimal(20)), 0)

    @PROPERTY
    @given(months())
    def test_W5_nothing_is_lost_and_the_limits_hold(self, month):
        chosen, _spans, _days, _score, _sales, due = month
        pay = monthly_pay(*month)
        self.assertEqual(pay.fine + pay.carried, due)
        self.assertGreaterEqual(pay.fine, 0)
        self.assertGreaterEqual(pay.carried, 0)
        cap = round_half_up(pay.gross * chosen.fine_cap_percent / 100)
        self.assertLessEqual(pay.fine, cap)
        if chosen.minimum_wage and pay.gross >= chosen.minimum_wage:
            self.assertGreaterEqual(pay.net, chosen.minimum_wage)
        room = pay.gross - chosen.minimum_wage if chosen.minimum_wage else pay.gross
        self.assertEqual(pay.fine, max(Decimal(0), min(due, cap, room)), "as much as may be")

    @PROPERTY
    @given(st.lists(cents(0, 30000), min_size=1, max_size=12))
    def test_W5_what_is_carried_is_taken_in_the_end(self, fines):
        carried, taken = Decimal(0), Decimal(0)
        for fine in (*fines, *[Decimal(0)] * 20):
            pay = paid(span(30, "probation"), score=93, due=carried + fine)
            carried = pay.carried
            taken += pay.fine
        self.assertEqual((taken, carried), (sum(fines), 0))


class TestItems(EngineCase):
    """Pay is a list of items, each with its exact parts (W4, W6)."""

    @PROPERTY
    @given(months())
    def test_W4_parts_are_exact_and_add_up(self, month):
        chosen, spans, days, score, sales, _due = month
        for item in pay_items(PAY_ITEMS, chosen, Month(days, tuple(spans), score, sales)):
            self.assertEqual(len(item.parts), len(spans))
            self.assertEqual(sum(item.parts, Fraction(0)), item.basis * item.rate)
            self.assertEqual(item.amount, round_half_up(item.basis * item.rate))

    def test_W4_the_items_in_their_order(self):
        self.assertEqual([*items_of(span(30, "junior"))], [BASE, APPRAISAL, COMMISSION])
        self.assertEqual([item.code for item in PAY_ITEMS], [BASE, APPRAISAL, COMMISSION])
        self.assertEqual(pay_items((), settings(), Month(30, (span(30, "junior"),))), ())

    def test_W4_an_item_of_another_addon(self):
        """Night shifts at 15.00: of a figure of the month, whatever days were held."""

        def nights(chosen, month):
            amount = 15 * Fraction(month.values.get("nights", 0))
            return amount, Fraction(1), (amount,)

        month = Month(
            30, (span(30, "junior"),), absent=Fraction(1, 2), values={"nights": Decimal(3)}
        )
        for leave, amount in (((), 45), (("all",), Decimal("22.50"))):
            declared = PayItem("NIGHTS", nights, leave, frozenset({"nights"}))
            items = pay_items((*PAY_ITEMS, declared), settings(unpaid_leave="all"), month)
            self.assertEqual([item.code for item in items][3:], ["NIGHTS"])
            self.assertEqual((items[3].basis, items[3].amount), (45, amount))
            self.assertIs(items[3].declared, declared)
            self.assertEqual(items[0].amount, 850, "the others are as they were")

    def test_W4_other_currencies_round_by_their_own_digits(self):
        line = PayLine(Decimal(200000), Decimal(30001), Decimal("0.333"))
        items = items_of(Span(7, line), days=31, places=Decimal(1))
        self.assertEqual([str(each.amount) for each in items.values()], ["45161", "6097", "33"])
        items = items_of(Span(7, line), days=31, places=Decimal("0.001"))
        self.assertEqual(str(items[BASE].amount), "45161.290")

    def test_W6_wage_basis(self):
        """Tier base 1,700: an agreed wage counts where the policy says so."""
        for agreed, amounts in (
            (None, (1700, 1700, 1700)),
            (2500, (1700, 2500, 2500)),
            (1600, (1700, 1600, 1700)),
        ):
            given_span = replace(span(30, "junior"), agreed=number(agreed))
            found = tuple(
                items_of(given_span, wage_basis=basis)[BASE].amount
                for basis in ("tier", "agreed", "higher")
            )
            self.assertEqual(found, amounts)

    def test_W6_share_of_full_time(self):
        half = replace(span(30, "junior"), full_time=Fraction(1, 2))
        items = items_of(half)
        self.assertEqual(items[BASE].amount, 850)
        self.assertEqual(items[APPRAISAL].amount, 180, "the wage alone depends on it")
        agreed = replace(half, agreed=Decimal(2500))
        self.assertEqual(items_of(agreed, wage_basis="higher")[BASE].amount, 1250)

    def test_W6_unpaid_leave(self):
        """5 of 22 working days: what is left is 17/22 of what the policy says."""
        junior, left = span(30, "junior"), Fraction(17, 22)
        for method, factors in (
            ("none", (1, 1, 1)),
            ("base", (left, 1, 1)),
            ("all", (left, left, left)),
        ):
            items = items_of(junior, absent=Fraction(5, 22), unpaid_leave=method)
            expected = [
                round_half_up(full * factor)
                for full, factor in zip((1700, 180, 10), factors, strict=True)
            ]
            self.assertEqual([each.amount for each in items.values()], expected)
        self.assertEqual(str(items_of(junior, absent=1)[BASE].amount), "0.00")

    def test_W3_days_off_the_ladder_are_paid_by_their_wage(self):
        """20 days a junior, 10 under contract at 3,000: the rate is that of the days held."""
        off = Span(10, PayLine(*[Decimal(0)] * 3), agreed=Decimal(3000), on_ladder=False)
        for basis in ("tier", "agreed", "higher"):
            items = items_of(span(20, "junior"), off, wage_basis=basis)
            self.assertEqual(items[BASE].amount, round_half_up(Fraction(1700 * 20 + 30000, 30)))
            self.assertEqual(items[APPRAISAL].amount, 120)
            self.assertEqual(items[COMMISSION].amount, 10)

    def test_W7_returned_sales(self):
        junior = span(30, "junior")
        self.assertEqual(items_of(junior, sales=-40000)[COMMISSION].amount, -40)
        waived = items_of(junior, sales=-40000, returned_sales="waived")
        self.assertEqual(waived[COMMISSION].amount, 0)
