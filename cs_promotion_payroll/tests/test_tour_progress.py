from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.cs_promotion.models import scheduled

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourPayProgress(CsPayrollCase, HttpCase):
    """A batch tells in the browser how far its payslips are, without a click."""

    def test_making_and_confirming(self):
        """Every time the page reads how far it is, one agent more has a payslip or its end."""
        self.enterClassContext(patch.object(scheduled, "BATCH", 1))
        run = self._batch(self.agent + self.peer, "2025-01").sudo()
        runs = self.env.registry["hr.payslip.run"]
        web_read = runs.web_read
        seen = set()  # a read that turns out to write is taken again

        def read_and_go_on(records, specification):
            values = web_read(records, specification)
            batch = records.sudo()
            seen.add((batch.cs_work, batch.cs_work_done))
            if batch.cs_work == "making":
                batch.cs_request_ids[:1]._make()
            elif batch.cs_work == "confirming":
                if waiting := batch._find_to_confirm():
                    batch._confirm(waiting[:1])
                else:
                    batch._finish_confirming()
            return values

        with patch.object(runs, "web_read", read_and_go_on):
            self.start_tour(
                f"/odoo/hr.payslip.run/{run.id}", "cs_pay_progress_tour", login="cs_payroll"
            )
        for step in (("making", 0), ("making", 1), ("confirming", 0), ("confirming", 1)):
            self.assertIn(step, seen)
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
        self.assertEqual(len(run.slip_ids), 2)
