from odoo import models

MEASURES = ("cs_promotion.cs_measure_menu",)
APPLICATIONS = ("cs_promotion.cs_application_menu", "cs_promotion.cs_application_menu_mine")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Measured values have no menu where no company measures anything, nor have applications
        where no policy asks for any."""
        left = () if self.env["cs.metric"]._get_active_ids() else MEASURES
        if not self.env["cs.policy.rule"]._is_any_on_application():
            left += APPLICATIONS
        menus = [self.env.ref(each, raise_if_not_found=False) for each in left]
        return [*super()._load_menus_blacklist(), *(menu.id for menu in menus if menu)]
