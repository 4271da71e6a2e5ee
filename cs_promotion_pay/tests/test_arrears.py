from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from odoo.addons.cs_promotion.engine.policy import PayLine, Settings
from odoo.addons.cs_promotion.engine.settlement import Difference, Settled
from odoo.addons.cs_promotion.engine.timeline import Stretch, Timeline
from odoo.addons.cs_promotion.vocabulary import APPRAISAL, BASE, COMMISSION, PAY_ITEMS

from ..arrears import Paid, compare
from ..figures import spread
from ..known import Calendar, Known, Result, Terms, Wage
from ..record import facts_of, record

JANUARY, MARCH = date(2025, 1, 1), date(2025, 3, 1)
AGENT, TIER, VERSION = 7, 1, 3
LINES = {TIER: PayLine(Decimal(1700), Decimal(200), Decimal("0.1"))}
TERMS = Terms(1, Settings(), LINES, PAY_ITEMS)


def make_known(score="60.00", sales="1000.0", closed=True, terms=TERMS, **values):
    """January of one junior, as it is known now."""
    result = {(AGENT, JANUARY): Result(Decimal(score), 1)} if score and closed else {}
    given = {
        "calendar": Calendar(),
        "places": Decimal("0.01"),
        "timelines": {
            AGENT: Timeline(AGENT, (Stretch(JANUARY, date.max, TIER, JANUARY, None, VERSION, 1),))
        },
        "terms": {JANUARY: terms},
        "wages": {VERSION: Wage(Decimal(0), False, Fraction(1))},
        "results": result,
        "sales": {(AGENT, JANUARY): Decimal(sales)} if sales else {},
        "closed": frozenset([JANUARY] if closed else []),
        "ends": {date(2025, 1, 31): terms},
    }
    return Known(**given | values)


@tagged("post_install", "-at_install", "cs_promotion")
class TestCompare(BaseCase):
    """W7 in plain Python: paid months compared by their facts, and by no more if these agree."""

    def setUp(self):
        super().setUp()
        self.read = []
        figures = make_known().figures(AGENT, JANUARY)
        self.kept = {5: record(figures, Decimal(0), Decimal(0))}
        self.paid = Paid(AGENT, JANUARY, 5, facts_of(figures))

    def _compare(self, known, *paid, settled=None):
        def load(ids):
            self.read += ids
            return dict.fromkeys(ids, self.kept[5])

        return {
            (each.difference.code, each.difference.returned): each.difference.amount
            for each in compare(known, paid or [self.paid], settled or {}, load)
        }

    def test_w7_what_has_not_changed_is_not_even_read(self):
        self.assertEqual(self._compare(make_known()), {})
        self.assertEqual(self.read, [])

    def test_w7_what_changed(self):
        self.assertEqual(self._compare(make_known(score="100.00")), {(APPRAISAL, False): 80})
        self.assertEqual(self._compare(make_known(sales=None)), {(COMMISSION, False): -1})
        self.assertEqual(self.read, [5, 5])

    def test_w7_open_again_the_score_stands(self):
        self.assertEqual(self._compare(make_known(closed=False)), {})
        self.assertEqual(
            self._compare(make_known(sales="2000.0", closed=False)), {(COMMISSION, False): 1}
        )

    def test_w7_settled_is_taken_off(self):
        key = (AGENT, JANUARY, APPRAISAL, False)
        known = make_known(score="100.00")
        self.assertEqual(self._compare(known, settled={key: Decimal(80)}), {})
        self.assertEqual(
            self._compare(make_known(), settled={key: Decimal(80)}), {(APPRAISAL, False): -80}
        )

    def test_w7_returned_goods_are_apart(self):
        self.assertEqual(
            self._compare(make_known(sales="-5000.0")),
            {(COMMISSION, False): -1, (COMMISSION, True): -5},
        )

    def test_w7_payslip_and_credit_note(self):
        refund = self.paid._replace(slip=6, credit=True)
        anew = self.paid._replace(slip=8)
        given_back = self.paid._replace(refunded=True)
        known = make_known(score="100.00")
        self.assertEqual(self._compare(known, given_back, refund), {})
        self.assertEqual(self._compare(known, given_back, refund, anew), {(APPRAISAL, False): 80})
        self.assertEqual(self._compare(make_known(), self.paid, anew)[BASE, False], -1700)

    def test_w7_no_policy_no_difference(self):
        self.assertEqual(self._compare(make_known(score="100.00", ends={})), {})
        unpaid = replace_lines(TERMS, {})
        self.assertEqual(self._compare(make_known(ends={date(2025, 1, 31): unpaid})), {})


def replace_lines(terms, lines):
    return terms._replace(policy=2, settings=replace(terms.settings), lines=lines)


@tagged("post_install", "-at_install", "cs_promotion")
class TestSpread(BaseCase):
    """W7: what the lines say is what is settled."""

    def _spread(self, total, *amounts, code=BASE):
        parts = [
            Settled(Difference(date(2025, month, 1), BASE, Decimal(amount)), Decimal(amount))
            for month, amount in enumerate(amounts, 1)
        ]
        totals = {} if total is None else {code: Decimal(total)}
        return [(each.difference.month.month, each.amount) for each in spread(parts, totals)]

    def test_w7_as_computed(self):
        self.assertEqual(self._spread(-250, -100, -150), [(1, -100), (2, -150)])
        self.assertEqual(self._spread(50, 100, -50), [(1, 100), (2, -50)])

    def test_w7_edited_to_less_leaves_the_newest_open(self):
        self.assertEqual(self._spread(-120, -100, -150), [(1, -100), (2, -20)])
        self.assertEqual(self._spread(-60, -100, -150), [(1, -60)])
        self.assertEqual(self._spread(70, 100, 150), [(1, 70)])

    def test_w7_edited_to_more_goes_with_the_newest(self):
        self.assertEqual(self._spread(-300, -100, -150), [(1, -100), (2, -200)])

    def test_w7_without_a_line_nothing_is_settled(self):
        self.assertEqual(self._spread(None, -100), [])
        self.assertEqual(self._spread(-100, -100, code=APPRAISAL), [])
