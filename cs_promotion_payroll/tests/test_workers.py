from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.workers_common import WorkersCase

AGENTS, MONTHS, BROKEN, BATCH = 24, 2, 2, 5


@tagged("post_install", "-at_install", "cs_promotion")
class TestPayWorkers(WorkersCase):
    """Payslips made and confirmed by workers that are killed, and by two at once.

    A company whose payslips were made and confirmed undisturbed is the measure of the others.
    """

    steps_files = (Path(__file__).with_name("worker_steps.py"),)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statements = cls._play("Undisturbed", cls._run_undisturbed)
        cls.expected = cls._run("pay_outcome", "Undisturbed")["result"]

    @classmethod
    def _play(cls, name, run):
        """Two months of a company; ``run`` runs the steps that are scheduled actions."""
        cls._run("pay_prepare", name)
        answers = {"pay_make": run("pay_make")}
        cls._run("pay_press_confirm", name)
        answers["pay_confirm"] = run("pay_confirm")
        return answers

    def _assert_same_outcome(self, name):
        found = self._run("pay_outcome", name)["result"]
        for kind, rows in self.expected.items():
            self.assertEqual(found[kind], rows, kind)

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

    def test_killed_and_resumed(self):
        """Killed a quarter, half and three quarters into each action, then run once more."""

        def run(step):
            points = [self.statements[step] * quarter // 4 for quarter in (1, 2, 3)]
            answers = [self._run_all({"step": step, "die_at": point})[0] for point in points]
            self.assertIsNone(answers[0], "the first one was killed")
            self._run(step)

        self._play("Killed", run)
        self._assert_same_outcome("Killed")

    def test_two_workers_at_once(self):
        """One pauses in the middle of its work, and another comes along."""

        def run(step):
            point = self.statements[step] // 4
            answers = self._run_all({"step": step, "pause_at": point}, {"step": step})
            for answer in answers:
                self.assertNotIn("error", answer, step)
                self.assertGreaterEqual(answer["done"], BATCH, step)
            self._run(step)

        self._play("Two", run)
        self._assert_same_outcome("Two")

    def test_two_workers_neck_and_neck(self):
        def run(step):
            for answer in self._run_all({"step": step}, {"step": step}):
                self.assertNotIn("error", answer, step)
            self._run(step)

        self._play("Neck and neck", run)
        self._assert_same_outcome("Neck and neck")
