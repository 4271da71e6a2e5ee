from odoo.tests import HttpCase, tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourAppeal(CsPromotionCase, HttpCase):
    """Agent, office, manager and superiors at work in the browser."""

    def test_appeal_against_a_decision(self):
        today = self.env.cr.now().date()
        decision = self._decide(self.agent, "senior", today)
        url = f"/odoo/action-cs_promotion.cs_decision_action/{decision.id}"
        self.start_tour(url, "cs_appeal_agent_tour", login="cs_agent")
        appeal = decision.appeal_ids
        self.assertEqual(appeal.grounds, "The hotel account was not mine")
        self.assertEqual(appeal.state, "submitted")
        url = "/odoo/action-cs_promotion.cs_appeal_action"
        self.start_tour(url, "cs_appeal_office_tour", login="cs_office")
        self.assertEqual(appeal.answered_by, self.user_office)
        self.start_tour(url, "cs_appeal_manager_tour", login="cs_manager")
        self.assertEqual((appeal.state, decision.state), ("upheld", "withdrawn"))
        self.assertEqual(decision.closing_reason, "The account manager agrees")

    def test_transfer_to_an_open_post(self):
        post = self.env["cs.post"].create(
            {
                "name": "Evening shift",
                "company_id": self.company.id,
                "department_id": self.front_desk.id,
            }
        )
        url = "/odoo/action-cs_promotion.cs_post_action"
        self.start_tour(url, "cs_transfer_agent_tour", login="cs_agent")
        transfer = post.transfer_ids
        self.assertEqual((transfer.employee_id, transfer.state), (self.agent, "submitted"))
        self.assertEqual(transfer.date.isoformat(), "2035-03-01")
        url = "/odoo/action-cs_promotion.cs_transfer_action"
        self.start_tour(url, "cs_transfer_superior_tour", login="cs_superior")
        self.assertEqual(transfer.superior_opinion, "for")
