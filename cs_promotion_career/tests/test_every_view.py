from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.walk_common import EveryViewCase

from .access_common import CareerAccessCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestEveryView(EveryViewCase, CareerAccessCase):
    MODULES = ("cs_promotion_career",)

    def test_agent(self):
        self.assertIn("cs.transfer", self._walk_as("agent"))

    def test_superior(self):
        self.assertIn("cs.transfer", self._walk_as("superior"))

    def test_office(self):
        self.assertIn("cs.transfer", self._walk_as("office"))

    def test_manager(self):
        self.assertIn("cs.transfer", self._walk_as("manager"))

    def test_empty_lists_do_not_speak_for_the_company(self):
        """Whoever sees a part only is not told that there is nothing at all."""
        action = self.env.ref("cs_promotion_career.cs_transfer_action")
        for role in ("stranger", "agent", "superior", "office", "manager"):
            with self.subTest(role=role):
                self._assert_empty(action, role, "No application")
