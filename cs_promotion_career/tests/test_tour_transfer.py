from odoo.tests import HttpCase, tagged

from odoo.addons.cs_promotion.tests.common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourTransfer(CsPromotionCase, HttpCase):
    """Agent and superior at work in the browser."""

    def test_transfer_to_an_open_post(self):
        post = self.env["cs.post"].create(
            {
                "name": "Evening shift",
                "company_id": self.company.id,
                "department_id": self.front_desk.id,
            }
        )
        url = "/odoo/action-cs_promotion_career.cs_post_action"
        self.start_tour(url, "cs_transfer_agent_tour", login="cs_agent")
        transfer = post.transfer_ids
        self.assertEqual((transfer.employee_id, transfer.state), (self.agent, "submitted"))
        self.assertEqual(transfer.date.isoformat(), "2035-03-01")
        url = "/odoo/action-cs_promotion_career.cs_transfer_action"
        self.start_tour(url, "cs_transfer_superior_tour", login="cs_superior")
        self.assertEqual(transfer.superior_opinion, "for")
