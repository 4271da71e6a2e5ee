from odoo.tests import tagged

from odoo.addons.cs_promotion.tests import test_i18n


@tagged("post_install", "-at_install", "cs_promotion")
class TestQueueTerms(test_i18n.TestTerms):
    """The same of this addon, where jobs are installed."""

    suite = ("cs_promotion_queue",)
