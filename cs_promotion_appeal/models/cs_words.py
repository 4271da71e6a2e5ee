from odoo import api, models


class CsWords(models.AbstractModel):
    """The policy says that a decision may be appealed."""

    _inherit = "cs.words"

    @api.model
    def _say_notice(self, policy):
        return self.env._(
            "A decision is announced for %s days and may be appealed; it takes effect when "
            "the notice has run out and no appeal is open.",
            policy.notice_days,
        )
