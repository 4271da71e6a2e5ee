from odoo.tests import HttpCase, tagged

from odoo.addons.cs_promotion.tests.common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourAppeal(CsPromotionCase, HttpCase):
    """Agent, office and manager at work in the browser."""

    def test_appeal_against_a_decision(self):
        today = self.env.cr.now().date()
        decision = self._decide(self.agent, "senior", today)
        url = f"/odoo/action-cs_promotion.cs_decision_action/{decision.id}"
        self.start_tour(url, "cs_appeal_agent_tour", login="cs_agent")
        appeal = decision.appeal_ids
        self.assertEqual(appeal.grounds, "The hotel account was not mine")
        self.assertEqual(appeal.state, "submitted")
        url = "/odoo/action-cs_promotion_appeal.cs_appeal_action"
        self.start_tour(url, "cs_appeal_office_tour", login="cs_office")
        self.assertEqual(appeal.answered_by, self.user_office)
        self.start_tour(url, "cs_appeal_manager_tour", login="cs_manager")
        self.assertEqual((appeal.state, decision.state), ("upheld", "withdrawn"))
        self.assertEqual(decision.closing_reason, "The account manager agrees")
