from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.walk_common import EveryViewCase

from .access_common import AppealAccessCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestEveryView(EveryViewCase, AppealAccessCase):
    MODULES = ("cs_promotion_appeal",)

    def test_agent(self):
        self.assertIn("cs.appeal", self._walk_as("agent"))

    def test_office(self):
        self.assertIn("cs.appeal", self._walk_as("office"))

    def test_manager(self):
        self.assertIn("cs.appeal", self._walk_as("manager"))
