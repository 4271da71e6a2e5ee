from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.workers_common import Disturbed, WorkersCase

AGENTS, MONTHS, BROKEN = 24, 2, 2


@tagged("post_install", "-at_install", "cs_promotion")
class TestPayWorkers(Disturbed, WorkersCase):
    """Payslips made and confirmed by workers that are killed, and by two at once."""

    outcome = "pay_outcome"
    steps_files = (Path(__file__).with_name("worker_steps.py"),)

    @classmethod
    def _play(cls, name, run):
        """Two months."""
        cls._run("pay_prepare", name)
        answers = {"pay_make": run("pay_make")}
        cls._run("pay_press_confirm", name)
        answers["pay_confirm"] = run("pay_confirm")
        return answers

    def test_undisturbed_does_all_there_is_to_do(self):
        """The measure itself: everything happened that the other tests compare."""
        slips = self.expected["slips"]
        self.assertEqual(len(slips), (AGENTS - BROKEN) * MONTHS)
        self.assertEqual(len({(slip[0], slip[1]) for slip in slips}), len(slips))
        self.assertEqual({(slip[3], slip[4]) for slip in slips}, {("done", "admin")})
        self.assertEqual({slip[8] for slip in slips}, {1}, "each has a number of its own")
        self.assertEqual({len(slip[5]) for slip in slips}, {6})
        self.assertEqual(
            {tuple(taken) for _agent, *taken in self.expected["taken"]}, {(50.0, 50.0)}
        )
        for slip in slips:
            self.assertFalse(slip[7] and slip[1] > "2025-02", "the earlier month takes the fine")
        self.assertEqual(
            [[name, told] for name, _error, told in self.expected["requests"]],
            [["Agent 05", True], ["Agent 05", True], ["Agent 17", True], ["Agent 17", True]],
        )
        self.assertEqual({tuple(run[1:3]) for run in self.expected["runs"]}, {(False, False)})
