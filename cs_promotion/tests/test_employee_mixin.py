from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestEmployeeMixin(CsPromotionCase):
    """Records about an agent: the company follows the agent."""

    def test_an_agent_can_be_chosen_on_a_new_record(self):
        """A new record has no company before an agent is chosen: none may be asked for."""
        for name in ("violation", "figure", "probation.test", "award", "decision"):
            with self.subTest(model=name):
                records = self._as(self.user_manager, self.env[f"cs.{name}"])
                domain = records.fields_get(["employee_id"])["employee_id"]["domain"]
                if isinstance(domain, str):
                    domain = safe_eval(domain, {"company_id": False})
                agents = records.env["hr.employee"].search(domain)
                self.assertIn(self.agent, agents)
                self.assertNotIn(self.agent_b, agents)
