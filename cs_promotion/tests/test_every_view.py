"""Every search, filter, group, sort order, chart and export of every view of every role."""

from odoo.tests import tagged

from .access_common import CsAccessCase
from .walk_common import WalkMixin

LANGS = ("en_US", "zh_CN")


@tagged("post_install", "-at_install", "cs_promotion")
class TestEveryView(WalkMixin, CsAccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")

    def _walk_as(self, role):
        self.env.flush_all()
        for lang in LANGS:
            self.env.invalidate_all()
            counts = self._walk(getattr(self, f"user_{role}"), lang)
            for model, count in counts.items():
                self.assertGreater(count, 5, f"{role}, {model}: hardly anything was tried")
        return counts

    def test_agent(self):
        self.assertIn("cs.decision", self._walk_as("agent"))

    def test_superior(self):
        self.assertIn("cs.appraisal.sheet", self._walk_as("superior"))

    def test_office(self):
        self.assertIn("cs.figure", self._walk_as("office"))

    def test_manager(self):
        self.assertIn("cs.policy", self._walk_as("manager"))

    def test_every_list_has_cards_for_a_phone(self):
        """A list that opens from a menu is shown as cards where the screen is narrow."""
        walked = set()
        for role in ("agent", "manager"):
            for name, action in self._get_actions(self._get_user(role)).items():
                modes = action["view_mode"].split(",")
                if modes[0] == "list":
                    walked.add(name)
                    with self.subTest(menu=name):
                        self.assertIn("kanban", modes)
                        own = self.env["ir.ui.view"].search_count(
                            [("model", "=", action["res_model"]), ("type", "=", "kanban")]
                        )
                        self.assertTrue(own, "cards that nobody has designed")
        self.assertGreater(len(walked), 12)

    def test_empty_lists_do_not_speak_for_the_company(self):
        """Whoever sees a part only is not told that there is nothing at all."""
        for xmlid, words in (
            ("cs_decision_action", "Nothing has been decided"),
            ("cs_violation_action", "No violation on record"),
            ("cs_path_action", "Nobody is on the ladder"),
            ("cs_transfer_action", "No application"),
        ):
            for role in ("stranger", "agent", "superior", "office", "manager"):
                action = self.env.ref(f"cs_promotion.{xmlid}").with_user(self._get_user(role))
                help_ = action.sudo()._get_action_dict()["help"]
                with self.subTest(action=xmlid, role=role):
                    self.assertEqual(words in help_, role in ("office", "manager"))
                    self.assertEqual("about you" in help_, role not in ("office", "manager"))
