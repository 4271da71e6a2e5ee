from odoo import fields
from odoo.tests import tagged

from ..history import MONTHS, History, measured_month
from ..measure import Measured, undone
from ..pages import Pages
from ..report import draw_growth, format_growth, format_table
from ..run import add_up, get_growth, get_row, set_beside
from ..stage import Case, Disagreement
from ..stages import STAGES, Arrears, Open
from .common import BenchCase

DRAWN, TIMES = 20, 2
COUNT = DRAWN * TIMES


@tagged("post_install", "-at_install", "cs_promotion")
class TestBench(BenchCase):
    """The bench of a small company: its history is one, and its yardsticks measure the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = measured_month(fields.Date.to_date("2025-11-14"))
        History.make(cls.env, cls.month, DRAWN, TIMES)
        cls.case = Case(cls.env, cls.month, DRAWN, TIMES)

    def test_month_that_closes_a_quarter_is_measured(self):
        self.assertEqual(self.month, fields.Date.to_date("2025-09-01"))
        self.assertEqual(self.case.quarter.date_start, fields.Date.to_date("2025-07-01"))

    def test_history_is_a_year_of_closed_months(self):
        months = self._search("cs.cycle", ("kind", "=", "month"), ("date_end", "<", self.month))
        self.assertEqual(len(months), MONTHS)
        self.assertEqual(set(months.mapped("state")), {"closed"})
        appraisals = months.appraisal_ids
        self.assertTrue(all(appraisals.mapped("closed")))
        self.assertTrue(all(appraisals.mapped("scored")))
        self.assertTrue(all(appraisals.mapped("judged")))
        self.assertTrue(self._search("cs.decision", ("state", "=", "applied")))
        for decision in self._search("cs.decision"):
            self.assertTrue(decision._follows_from_evidence(), decision.display_name)

    def test_larger_company_is_the_smaller_one_repeated(self):
        """Each half has the same departments, scores, ranks and decisions."""
        names = ("date_start", "score", "rank"), ("outcome", "ground", "announced_on", "state")
        lives = []
        for half in (slice(None, DRAWN), slice(DRAWN + DRAWN // 12, -(DRAWN // 12))):
            agents = self.case.history.employees[half]
            appraisals = self._search("cs.appraisal", ("employee_id", "in", agents.ids))
            decisions = self._search("cs.decision", ("employee_id", "in", agents.ids))
            seeds = self.case.history.seeds
            lives.append(
                [
                    sorted((seeds[one.employee_id], *(one[name] for name in own)) for one in found)
                    for found, own in zip((appraisals, decisions), names, strict=True)
                ]
            )
        self.assertTrue(all(lives[0]))
        self.assertEqual(*lives)

    def test_stages_and_yardsticks_agree(self):
        """From opening to the payslips, each on what the former has left."""
        case = self.case
        with undone(case.env):
            for kind in STAGES:
                self._check_stage(kind())
                if kind is Arrears:
                    self.assertTrue(self._search("cs.pay.difference"))
            appraisals = self._search("cs.appraisal", ("cycle_id", "=", case.cycle.id))
            self.assertEqual(len(appraisals), COUNT)
            slips = self._search("hr.payslip", ("date_from", "=", self.month))
            self.assertEqual(len(slips), COUNT)
            pages = Pages(case)
            pages.prepare()
            for name, load in pages.loads.items():
                self.assertTrue(load(), name)

    def test_difference_is_found(self):
        """A yardstick that leaves something out does not pass."""
        stage = Open()
        with undone(self.case.env):
            stage.run(self.case)
            whole = stage.result(self.case)
            self.case.cycle.appraisal_ids[0].sheet_ids[0].line_ids[0].unlink()
            with self.assertRaisesRegex(Disagreement, "open: lines differ"):
                stage.compare(whole, stage.result(self.case))

    def test_report(self):
        row = get_row(Measured(2.0, 20, 150.0), Measured(0.5, 2, 100.0))
        self.assertEqual(row["ratio"], 4)
        rows = {"payslips": row, "arrears": get_row(Measured(0.5, 2, 100.0))}
        set_beside(rows, Arrears())
        self.assertEqual(
            (rows["arrears"]["ratio"], rows["arrears"]["yardstick_seconds"]), (0.25, 2)
        )
        total = get_row(add_up([Measured(2.0, 20, 150.0), Measured(1.0, 5, 160.0)]))
        self.assertEqual((total["seconds"], total["queries"], total["peak_mb"]), (3, 25, 160))
        table = format_table(2000, {"open": row}, {"Board": total})
        self.assertRegex(table, r"Open a month +2\.000 +1\.000 +20 +150 +0\.500 +4\.00")
        growth = get_growth({"open": row}, {"open": row}, {"open": row | {"seconds": 9.0}})
        self.assertEqual(growth, {"open": [1, 4.5]})
        self.assertIn("4.50", format_growth((10, 20, 40), growth))
        self.assertIn("Open a month: 4.5", draw_growth((10, 20, 40), growth))
