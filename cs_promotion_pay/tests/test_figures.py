from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from odoo.addons.cs_promotion.engine.pay import gross
from odoo.addons.cs_promotion.engine.policy import PayLine, Settings
from odoo.addons.cs_promotion.engine.settlement import Difference
from odoo.addons.cs_promotion.vocabulary import APPRAISAL, BASE, PAY_ITEMS

from ..figures import Figures, Fine, Held, Settlement, Terms, compute_items, take
from ..known import Calendar

JANUARY = date(2025, 1, 1), date(2025, 1, 31)
LINES = {1: PayLine(Decimal(1700), Decimal(200), Decimal("0.1"))}
WHOLE = (Held(1, *JANUARY),)


def figures(score=90, sales=1000, **values):
    """January of a junior, figures as a payslip is computed from."""
    score, sales = (None if each is None else Decimal(each) for each in (score, sales))
    items = compute_items(Terms(1, Settings(), LINES, PAY_ITEMS), 31, WHOLE, score, sales)
    given = {"fines": (), "differences": ()} | values
    return Figures(
        JANUARY[0],
        *JANUARY,
        JANUARY[0],
        1,
        Settings(),
        WHOLE,
        score,
        sales,
        Fraction(0),
        items,
        **given,
    )


@tagged("post_install", "-at_install", "cs_promotion")
class TestFigures(BaseCase):
    """One payslip's figures in plain Python."""

    def test_held_counts_both_ends(self):
        self.assertEqual(Held(1, *JANUARY).days, 31)

    def test_take_the_oldest_first(self):
        fines = [Fine(7, Decimal(50)), Fine(8, Decimal(0)), Fine(9, Decimal(100))]
        self.assertEqual(take(fines, Decimal(120)), ((7, Decimal(50)), (9, Decimal(70))))
        self.assertEqual(take(fines, Decimal(0)), ())

    def test_w5_takings_add_up_to_the_fine(self):
        own = figures(fines=(Fine(1, Decimal("300.10")), Fine(2, Decimal("300.20"))))
        self.assertEqual(gross(own.items), 1881)
        taken = Settlement(own).fine(gross(own.items))
        self.assertEqual(taken, Decimal("376.20"), "20 % of 1,881")
        self.assertEqual(sum(amount for _id, amount in take(own.fines, taken)), taken)

    def test_w5_the_whole_gross_counts(self):
        """With a deduction of 1,000 before the gross it is 20 % of what is left."""
        own = figures(fines=(Fine(1, Decimal(900)),))
        self.assertEqual(Settlement(own).fine(Decimal(881)), Decimal("176.20"))

    def test_give_back_knows_no_cap(self):
        own = figures(None, None, fines=(Fine(1, Decimal(900)),), mirror=True)
        self.assertEqual(Settlement(own).fine(Decimal(1700)), 900)

    def test_w7_arrears_come_before_fines(self):
        owed = Difference(date(2024, 12, 1), BASE, Decimal(-300))
        own = figures(differences=(owed,), fines=(Fine(1, Decimal(500)),))
        settlement = Settlement(own)
        self.assertEqual(settlement.arrears(BASE, Decimal(1881)), -300)
        self.assertEqual(settlement.arrears(APPRAISAL, Decimal(1581)), 0)
        self.assertEqual(settlement.fine(Decimal(1581)), Decimal("76.20"), "376.20 in all")


@tagged("post_install", "-at_install", "cs_promotion")
class TestCalendar(BaseCase):
    """W8: the pay month, and whose month's results it pays."""

    def test_w8_the_calendar_month(self):
        months = Calendar()
        may = date(2025, 5, 1)
        self.assertEqual(months.period(may)[1:], (may, date(2025, 5, 31)))
        self.assertEqual(months.month(date(2025, 5, 31)), may)
        self.assertEqual(months.results(may), may)
        self.assertEqual(months.period(may).days, 31)

    def test_w8_from_the_26th_to_the_25th(self):
        months = Calendar(25, before=True)
        may = date(2025, 5, 1)
        self.assertEqual(months.period(may)[1:], (date(2025, 4, 26), date(2025, 5, 25)))
        self.assertEqual(months.period(may).days, 30)
        self.assertEqual(months.month(date(2025, 5, 26)), date(2025, 6, 1))
        self.assertEqual(months.month(date(2025, 12, 26)), date(2026, 1, 1))
        self.assertEqual(months.results(may), date(2025, 4, 1))

    def test_w8_every_day_belongs_to_one_pay_month(self):
        for last in (0, 1, 15, 25, 28):
            months = Calendar(last)
            day = date(2024, 1, 1)
            for month in range(24):
                period = months.period(date(2024 + month // 12, month % 12 + 1, 1))
                if month:
                    self.assertEqual(period.start.toordinal(), day.toordinal() + 1)
                day = period.end
                self.assertEqual(months.month(period.start), period.month)
                self.assertEqual(months.month(period.end), period.month)
