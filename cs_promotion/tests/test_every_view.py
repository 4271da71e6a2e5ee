"""Every search, filter, group, sort order, chart and export of every view of every role."""

from odoo.tests import tagged

from .access_common import CsAccessCase
from .walk_common import EveryViewCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestEveryView(EveryViewCase, CsAccessCase):
    def test_agent(self):
        self.assertIn("cs.decision", self._walk_as("agent"))

    def test_superior(self):
        self.assertIn("cs.appraisal.sheet", self._walk_as("superior"))

    def test_office(self):
        self.assertIn("cs.figure", self._walk_as("office"))

    def test_manager(self):
        self.assertIn("cs.policy", self._walk_as("manager"))

    def test_empty_lists_do_not_speak_for_the_company(self):
        """Whoever sees a part only is not told that there is nothing at all."""
        for xmlid, words in (
            ("cs_decision_action", "Nothing has been decided"),
            ("cs_violation_action", "No violation on record"),
            ("cs_path_action", "Nobody is on the ladder"),
        ):
            for role in ("stranger", "agent", "superior", "office", "manager"):
                with self.subTest(action=xmlid, role=role):
                    self._assert_empty(self.env.ref(f"cs_promotion.{xmlid}"), role, words)

    def test_there_are_many_lists(self):
        self.assertGreater(len(self._get_lists()), 10)
