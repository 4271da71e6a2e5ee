from odoo.tests import tagged

from odoo.addons.cs_promotion.tests import test_i18n


@tagged("post_install", "-at_install", "cs_promotion")
class TestQueueTerms(test_i18n.TestTerms):
    """The same where jobs are installed."""

    def test_every_term_is_translated(self):
        self.assertIn("cs_promotion_queue", dict(self._modules()))
        return super().test_every_term_is_translated()
