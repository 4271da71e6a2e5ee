from dataclasses import replace

from odoo import api, models

from ..vocabulary import APPEALS


class CsVocabulary(models.AbstractModel):
    """The kinds of appeal are terms, as metrics, raters and outcomes are."""

    _inherit = "cs.vocabulary"

    @api.model
    def _get_appeals(self):
        """Appeal code -> :class:`~odoo.addons.cs_promotion_appeal.vocabulary.Appeal`.

        Its ``field`` is a many2one of ``cs.appeal`` that the addon adds, to a model that
        inherits ``cs.appealable.mixin``.
        """
        names = {
            "score": self.env._("Score"),
            "violation": self.env._("Violation"),
            "decision": self.env._("Decision"),
        }
        return {each.code: replace(each, name=names[each.code]) for each in APPEALS}
