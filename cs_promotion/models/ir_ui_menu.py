from odoo import models

from .cs_notice_mixin import OFFICE

MEASURES = ("cs_promotion.cs_measure_menu",)
APPLICATIONS = ("cs_promotion.cs_application_menu", "cs_promotion.cs_application_menu_mine")
TRIALS = ("cs_promotion.cs_trial_menu",)
PLANS = ("cs_promotion.cs_plan_menu",)


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Nobody has a menu of what no policy asks for: measured values, applications, trials;
        improvement plans are there for the office, too, which may begin the first one."""
        env = self.env
        needed = {
            MEASURES: env["cs.metric"]._get_active_ids(),
            APPLICATIONS: env["cs.policy.rule"]._is_any("on_application"),
            TRIALS: env["cs.trial"]._is_any(),
            PLANS: env["cs.plan"]._is_any() or env.user.has_group(OFFICE),
        }
        left = [each for names, is_needed in needed.items() if not is_needed for each in names]
        menus = [env.ref(each, raise_if_not_found=False) for each in left]
        return [*super()._load_menus_blacklist(), *(menu.id for menu in menus if menu)]
