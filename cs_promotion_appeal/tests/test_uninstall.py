from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.uninstall_common import UninstallCase, UninstallTests

FILL = """
violation = env["cs.violation"].create(
    {
        "employee_id": agent.id,
        "date": company._cs_today(),
        "type_id": env.ref("cs_promotion.violation_type_slacking").id,
        "severity": "minor",
        "fine": 100,
    }
)
violation._confirm()
appeal = env["cs.appeal"].create(
    {"employee_id": agent.id, "violation_id": violation.id, "grounds": "Not so"}
)
appeal.state = "submitted"
appeal.to_hand_over = True
appeal.activity_schedule("cs_promotion_appeal.mail_activity_appeal_answer", user_id=admin.id)
appraisal = env["cs.appraisal"].search([("employee_id", "=", agent.id)], limit=1)
appraisal.activity_schedule("cs_promotion_appeal.mail_activity_correct_sheet", user_id=admin.id)
"""


@tagged("post_install", "-at_install", "cs_promotion")
class TestUninstall(UninstallTests, UninstallCase):
    addon = "cs_promotion_appeal"
    suffix = "without_appeals"
    fill = FILL
    models = ("cs.appeal",)

    def test_nothing_says_that_one_may_appeal(self):
        for name in ("letter", "page"):
            self.assertIn("appeal", self.there[name])
            self.assertNotIn("appeal", self.gone[name])
        self.assertEqual(self.there["handover"] - self.gone["handover"], 1)
