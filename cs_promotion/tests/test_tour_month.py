"""Every role does its whole month in the browser."""

from odoo.tests import HttpCase, tagged

from ..engine.calendar import add_months, month_start, quarter_start
from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourMonth(CsPromotionCase, HttpCase):
    """The browser's clock cannot be set: all months are told from today.

    ``month`` is the first day of the last complete month, ``quarter`` that of the last
    complete quarter.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.cr.now().date()
        cls.month = add_months(month_start(cls.today), -1)
        cls.quarter = add_months(quarter_start(cls.today), -3)

    # ------------------------------------------------------------------ agent

    @classmethod
    def _set_agent_stage(cls):
        """Promoted for the last quarter, titled and fined in the last month."""
        after = add_months(cls.quarter, 3)
        scores = {cls.agent: 96, cls.peer: 70}
        cls._play_months(cls.quarter, add_months(cls.quarter, 2), scores)
        cls._apply(after.replace(day=4))
        if after <= cls.month:
            cls._play_months(after, cls.month, scores)
        cls._award(cls.agent, cls.month)
        cls._violation(cls.agent, cls.month.replace(day=10), fine=60)

    def test_agent_looks_everything_up(self):
        """In English, and the same pages in Chinese: terms, tiers and names of rules."""
        self._set_agent_stage()
        self.start_tour("/odoo", "cs_month_agent_tour", login="cs_agent")
        self.env["res.lang"]._activate_lang("zh_CN")
        suite = self.env["ir.module.module"].search([("name", "in", ("web", "cs_promotion"))])
        suite._update_translations(["zh_CN"], overwrite=True)
        self.user_agent.lang = "zh_CN"
        self.start_tour("/odoo", "cs_month_agent_chinese_tour", login="cs_agent")
