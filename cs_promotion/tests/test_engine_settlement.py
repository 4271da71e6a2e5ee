"""What paid months turn out to have owed: W5, W7."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ..engine.decimals import round_half_up
from ..engine.pay import fine_limit, fine_taken
from ..engine.policy import settings
from ..engine.settlement import Difference, settle
from ..vocabulary import APPRAISAL, BASE, COMMISSION
from .test_engine_pay import cents
from .test_engine_strategies import PROPERTY, EngineCase

MAY, JUNE, JULY = (date(2025, month, 1) for month in (5, 6, 7))


def open_(month, code, amount, **values):
    return Difference(month, code, Decimal(str(amount)), **values)


differences = st.lists(
    st.builds(
        Difference,
        st.sampled_from((MAY, JUNE, JULY)),
        st.sampled_from((BASE, APPRAISAL, COMMISSION)),
        cents(-200000, 200000),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda each: (each.month, each.code, each.returned),
)


class TestSettlement(EngineCase):
    def settled(self, *given_differences, total=2000, commission=0, **values):
        own = {COMMISSION: Decimal(commission)}
        parts, rest = settle(settings(**values), given_differences, Decimal(total), own)
        return [(each.difference.month, each.difference.code, each.amount) for each in parts], rest

    def test_W7_in_the_agents_favour_it_is_paid_whole(self):
        found, rest = self.settled(open_(JUNE, APPRAISAL, 40), open_(MAY, BASE, "900.55"))
        self.assertEqual(found, [(MAY, BASE, Decimal("900.55")), (JUNE, APPRAISAL, Decimal(40))])
        self.assertEqual(rest, Fraction(294055, 500), "20 % of what the payslip pays in all")

    def test_W7_against_the_agent_within_the_limit_the_oldest_first(self):
        found, rest = self.settled(open_(JUNE, BASE, -300), open_(MAY, COMMISSION, -250))
        self.assertEqual(found, [(MAY, COMMISSION, Decimal(-250)), (JUNE, BASE, Decimal(-150))])
        self.assertEqual(rest, 0, "nothing is left for fines")

    def test_W5_W7_never_below_the_minimum_wage(self):
        found, _rest = self.settled(open_(MAY, BASE, -300), minimum_wage=1900)
        self.assertEqual(found, [(MAY, BASE, Decimal(-100))])
        self.assertEqual(self.settled(open_(MAY, BASE, -300), minimum_wage=2500)[0], [])

    def test_W7_returned_goods_come_off_commissions_alone(self):
        returned = open_(MAY, COMMISSION, -200, returned=True)
        found, rest = self.settled(returned, commission=50)
        self.assertEqual(found, [(MAY, COMMISSION, Decimal(-50))])
        self.assertEqual(rest, 390, "20 % of the 1,950 that are left, for other debts")
        self.assertEqual(self.settled(returned, commission=0)[0], [])
        self.assertEqual(self.settled(returned, commission=-80)[0], [])

    @PROPERTY
    @given(
        differences,
        cents(0, 500000),
        cents(0, 50000),
        st.sampled_from((0, 5, 20, 100)),
        st.sampled_from((0, 1500)),
        cents(0, 100000),
    )
    def test_W7_nothing_is_lost_and_the_limits_hold(
        self, found, total, commission, cap, minimum, fines
    ):
        chosen = settings(fine_cap_percent=cap, minimum_wage=minimum)
        parts, rest = settle(chosen, found, total, {COMMISSION: commission})
        known = {(each.month, each.code, each.returned): each.amount for each in found}
        for each in parts:
            key = (each.difference.month, each.difference.code, each.difference.returned)
            self.assertLessEqual(abs(each.amount), abs(known[key]))
            self.assertGreater(each.amount * known[key], 0, "the sign is kept")
        favour = sum((each.amount for each in parts if each.amount > 0), Decimal(0))
        self.assertEqual(favour, sum(max(each.amount, Decimal(0)) for each in found))
        taken = -sum(
            each.amount for each in parts if each.amount < 0 and not each.difference.returned
        )
        returned = -sum(
            each.amount for each in parts if each.amount < 0 and each.difference.returned
        )
        limit = fine_limit(chosen, total + favour - returned)
        self.assertLessEqual(
            taken + fine_taken(rest, fines), round_half_up(limit) + Decimal("0.01")
        )
        for code in (BASE, APPRAISAL, COMMISSION):
            ours = [each for each in parts if each.difference.code == code]
            own = commission if code == COMMISSION else 0
            own += sum(each.amount for each in ours if each.amount > 0)
            back = sum(each.amount for each in ours if each.amount < 0 and each.difference.returned)
            self.assertLessEqual(-back, own, "it comes off the same item alone")

    @PROPERTY
    @given(differences)
    def test_W7_what_is_carried_is_settled_in_the_end(self, found):
        left = {(each.month, each.code): Decimal(0) for each in found}
        for each in found:
            left[each.month, each.code] += each.amount
        for _month in range(60):
            waiting = [Difference(*key, amount) for key, amount in left.items() if amount]
            for each in settle(settings(), waiting, Decimal(2000))[0]:
                left[each.difference.month, each.difference.code] -= each.amount
        self.assertFalse(any(left.values()))
