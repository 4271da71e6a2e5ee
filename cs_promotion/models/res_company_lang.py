from odoo import models


class ResCompany(models.Model):
    """The language of what is written down for all of a company, not for its writer."""

    _inherit = "res.company"

    def _cs_get_lang(self):
        """The company's language; sudo: its address may be hidden from who writes."""
        self.ensure_one()
        return self.sudo().partner_id.lang or self.env.lang or "en_US"
