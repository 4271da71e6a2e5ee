"""My path shows what is announced, and a step down that is certain (P4)."""

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestPathDecided(CsPromotionCase):
    def _page(self, name, user=None):
        path = self._as(user or self.user_agent, self.env["cs.path"]).browse(self.agent.id)
        return " ".join(html2plaintext(path[name] or "").split())

    def test_announced_decision(self):
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 90})
            for user in (self.user_agent, self.user_superior):
                text = self._page("decided_html", user)
                for words in (
                    "Notice of Promotion",
                    "Junior agent → Intermediate agent",
                    "Apr 1, 2025",
                ):
                    self.assertIn(words, text)
            self._decisions(self.agent)._withdraw("A mistake")
            self.assertFalse(self._page("decided_html"))

    def test_proposed_decision_is_not_shown(self):
        self._decide(self.agent, "senior", "2025-04-01", announce=False)
        self.assertFalse(self._page("decided_html"))

    def test_step_down_that_is_certain(self):
        with freeze_time("2025-02-10"):
            self._violation(self.agent, "2025-02-03", severity="moderate", fine=60)
            self.assertIn("leads to one step down", self._page("downwards_html"))
        with freeze_time("2025-03-01"):
            self._play("2025-02", {self.agent: 90, self.peer: 90})
            self.assertNotIn("leads to one step down", self._page("downwards_html"))
            self.assertIn("Notice of Demotion", self._page("decided_html"))
