from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.uninstall_common import UninstallCase, UninstallTests

FILL = """
department = env["hr.department"].create({"name": "Elsewhere", "company_id": company.id})
post = env["cs.post"].create(
    {"name": "Evenings", "department_id": department.id, "company_id": company.id}
)
transfer = env["cs.transfer"].create(
    {"employee_id": agent.id, "post_id": post.id, "date": "2035-01-01", "motive": "Evenings"}
)
transfer.activity_schedule("cs_promotion_career.mail_activity_transfer_decide", user_id=admin.id)
vacancy = env["cs.vacancy"].create(
    {"company_id": company.id, "department_id": department.id, "date": "2035-01-01"}
)
vacancy.action_draw()
"""


@tagged("post_install", "-at_install", "cs_promotion")
class TestUninstall(UninstallTests, UninstallCase):
    addon = "cs_promotion_career"
    suffix = "without_careers"
    fill = FILL
    models = ("cs.transfer", "cs.vacancy", "cs.post")
