from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.cs_promotion.engine.facts import PayLine, Settings

from ..figures import Fine, Held, compute, take

JANUARY = date(2025, 1, 1), 31
LINES = {1: PayLine(Decimal(1700), Decimal(200), Decimal("0.1"))}
WHOLE = (Held(1, date(2025, 1, 1), date(2025, 1, 31)),)


@tagged("post_install", "-at_install", "cs_promotion")
class TestFigures(BaseCase):
    """One payslip's figures in plain Python."""

    def test_held_counts_both_ends(self):
        self.assertEqual(Held(1, date(2025, 1, 1), date(2025, 1, 31)).days, 31)

    def test_take_the_oldest_first(self):
        fines = [Fine(7, Decimal(50)), Fine(8, Decimal(0)), Fine(9, Decimal(100))]
        self.assertEqual(take(fines, Decimal(120)), ((7, Decimal(50)), (9, Decimal(70))))
        self.assertEqual(take(fines, Decimal(0)), ())

    def test_w5_takings_add_up_to_the_fine(self):
        fines = [Fine(1, Decimal("300.10")), Fine(2, Decimal("300.20"))]
        figures = compute(Settings(), LINES, *JANUARY, WHOLE, Decimal(90), Decimal(1000), fines)
        self.assertEqual(figures.pay.fine, Decimal("376.20"))  # 20 % of 1,881
        self.assertEqual(sum(amount for _id, amount in figures.takings), figures.pay.fine)
        self.assertEqual(figures.due, figures.pay.fine + figures.pay.carried)

    def test_give_back_knows_no_cap(self):
        fines = [Fine(1, Decimal(900))]
        figures = compute(Settings(), LINES, *JANUARY, WHOLE, None, None, fines, give_back=True)
        self.assertEqual(figures.pay.fine, 900)
        self.assertEqual(figures.pay.carried, 0)
