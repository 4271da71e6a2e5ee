"""Measuring with one worker and with two: small, but with real servers."""

import os

from odoo.tests import BaseCase, tagged

from odoo.addons.cs_promotion_bench.report import format_sizes, format_workers
from odoo.addons.cs_promotion_bench.workers import SERVERS, STEPS, Workers, get_rows

AGENTS = 24


@tagged("post_install", "-at_install", "cs_promotion")
class TestWorkersBench(BaseCase):
    """``script/bench --workers 2``: the steps are done by jobs, and leave the same rows."""

    def test_one_worker_and_two(self):
        bench = Workers(os.environ["CS_QUEUE_DATABASE"], lambda _text: None)
        self.addCleanup(bench.drop)
        measured, added = bench.measure(AGENTS, rounds=1)
        names = [step.name for step in STEPS]
        self.assertEqual([*measured], names)
        for found in measured.values():
            self.assertEqual([*found], [*SERVERS])
            for [shared] in found.values():
                self.assertGreater(shared.seconds, 0)
                self.assertGreater(shared.wal_mb, 0)
                self.assertTrue(0 < shared.busy <= 1)
        rows = get_rows(measured)
        self.assertEqual({*rows["open"]}, {"one_seconds", "two_seconds", "ratio"})
        for row in rows.values():
            self.assertAlmostEqual(row["ratio"], row["two_seconds"] / row["one_seconds"], 1)
        self.assertEqual(added["cs_appraisal_sheet_line"].rows, AGENTS * 2 * 20)
        self.assertEqual(added["hr_payslip"].rows, AGENTS)
        self.assertIn("Compute payslips", format_workers(AGENTS, measured, rows))
        self.assertRegex(format_sizes(AGENTS, added), r"cs_appraisal_sheet_line +960 ")
