from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..models.review import cs_cycle_sheets_mixin
from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourProgress(CsPromotionCase, HttpCase):
    """Long work tells in the browser how far it is, without a click."""

    def test_opening(self):
        """Every time the page reads how far it is, one agent more has the sheets."""
        cycle = self._cycle("2025-03")
        cycles = self.env.registry["cs.cycle"]
        web_read = cycles.web_read
        seen = set()  # a read that turns out to write is taken again

        def read_and_go_on(records, specification):
            values = web_read(records, specification)
            waiting = records.sudo()._find_without_sheets()
            if waiting:
                seen.add(values[0]["work_done"])
                records.sudo()._make_sheets(waiting[:1])
            return values

        with (
            patch.object(cs_cycle_sheets_mixin, "BATCH", 1),
            patch.object(cycles, "web_read", read_and_go_on),
        ):
            self.start_tour(f"/odoo/cs.cycle/{cycle.id}", "cs_progress_tour", login="cs_office")
        self.assertEqual(seen, {0, 1})
        self.assertEqual(len(cycle.appraisal_ids.sheet_ids), 4)
