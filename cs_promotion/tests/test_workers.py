from odoo.tests import tagged

from .workers_common import Disturbed, WorkersCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestWorkers(Disturbed, WorkersCase):
    """Opening, closing and applying killed half-way, and run twice at once."""

    outcome = "outcome"

    @classmethod
    def _play(cls, name, run):
        """Three months."""
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
