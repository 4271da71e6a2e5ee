"""Every view of the payroll bridge, as people of payroll and the office walk through them."""

from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.walk_common import WalkMixin

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestEveryView(WalkMixin, CsPayrollCase):
    MODULES = ("cs_promotion_payroll",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls._violation(cls.agent, "2025-01-10", fine=50)
        cls._pay(cls.agent, "2025-01")

    def test_walk(self):
        for user, model in (
            (self.user_payroll, "cs.pay.report"),
            (self.user_payroll, "cs.fine.taking"),
            (self.user_officer, "cs.fine.taking"),
        ):
            self.env.flush_all()
            for lang in ("en_US", "zh_CN"):
                self.env.invalidate_all()
                self.assertGreater(self._walk(user, lang)[model], 20)
