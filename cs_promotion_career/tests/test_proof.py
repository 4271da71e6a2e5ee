from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.proof_common import ProofCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestProof(ProofCase):
    """Proof stays proof: what was handed in keeps its documents (5)."""

    def test_transfer(self):
        transfer = self._as(self.user_agent, self.env["cs.transfer"]).create(
            {
                "employee_id": self.agent.id,
                "department_id": self.front_desk.id,
                "date": "2030-05-01",
                "motive": "Evenings suit me",
            }
        )
        transfer = transfer.with_env(self.env)
        proof = self._attach(transfer, self.user_agent)
        self._as(self.user_agent, transfer).action_submit()
        self._assert_kept(proof, self.user_agent, self.user_superior, self.user_office)
