from odoo.tests import tagged

from .workers_common import WorkersCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestWorkers(WorkersCase):
    """Scheduled actions killed half-way, and run twice at once, in real processes.

    A company whose actions ran undisturbed is the measure of the others.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statements = cls._play("Undisturbed", cls._run_undisturbed)
        cls.expected = cls._run("outcome", "Undisturbed")["result"]

    @classmethod
    def _play(cls, name, run):
        """Three months of a company; ``run`` runs the steps that are scheduled actions."""
        cls._run("prepare", name)
        answers = {"open_due": run("open_due")}
        cls._run("fill_in", name)
        for step in ("close_complete", "apply_due"):
            answers[step] = run(step)
        return answers

    def test_undisturbed_does_all_there_is_to_do(self):
        """The measure itself: everything happened that the other tests compare."""
        kinds = {row[2] for row in self.expected["cs.decision"]}
        self.assertEqual(kinds, {"promotion", "demotion", "review"})
        self.assertEqual(len(self.expected["cs.appraisal.sheet.line"]), 24 * 3 * 2 * 20)
        self.assertEqual({row[2] for row in self.expected["cs.appraisal"]}, {"closed"})
        applied = [row for row in self.expected["cs.decision"] if row[4] == "applied"]
        self.assertEqual(len(self.expected["hr.version"]), 24 + len(applied))
        self.assertGreater(len(applied), 10)

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
            self._assert_shared(answers, step)
            for quarter in (2, 3):
                point = self.statements[step] * quarter // 4
                answers = self._run_all({"step": step, "pause_at": point}, {"step": step})
                self.assertNotIn(None, answers)
            self._run(step)

        self._play("Two", run)
        self._assert_same_outcome("Two")

    def _assert_shared(self, answers, step):
        """Both had a part in it: while one paused, the other went on."""
        for answer in answers:
            self.assertNotIn("error", answer, step)
            self.assertGreaterEqual(answer["done"], 5, step)

    def test_two_workers_neck_and_neck(self):
        def run(step):
            answers = self._run_all({"step": step}, {"step": step})
            self.assertNotIn(None, answers)
            self._run(step)

        self._play("Neck and neck", run)
        self._assert_same_outcome("Neck and neck")
