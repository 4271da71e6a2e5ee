from odoo import models

MENU = "cs_promotion.cs_measure_menu"


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Measured values have no menu where no company measures anything."""
        hidden = super()._load_menus_blacklist()
        menu = self.env.ref(MENU, raise_if_not_found=False)
        if menu and not self.env["cs.metric"]._get_active_ids():
            hidden.append(menu.id)
        return hidden
