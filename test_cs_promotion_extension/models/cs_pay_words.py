from odoo import api, models

from .cs_vocabulary import NIGHTS, RATE


class CsPayWords(models.AbstractModel):
    _inherit = "cs.pay.words"

    @api.model
    def _describe_item(self, figures, item):
        if item.code != NIGHTS.code or not item.amount:
            return super()._describe_item(figures, item)
        name = self.env._(
            "Night shifts: %(count)s at %(rate)s",
            count=figures.values["nights"],
            rate=self._format(figures, RATE),
        )
        return name, name
