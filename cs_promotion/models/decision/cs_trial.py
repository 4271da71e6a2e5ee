from odoo import fields, models


class CsTrial(models.Model):
    """A rung that is held on trial, with its pay: then confirmed, or back to the one before."""

    _name = "cs.trial"
    _inherit = ["cs.term.mixin"]
    _description = "Trial on a Rung"
    _end_field = "trial_id"
    _begin_field = "trial_months"

    date_from = fields.Date(readonly=True)
    date_until = fields.Date(readonly=True)
    tier_id = fields.Many2one(
        "cs.tier", string="On Trial As", required=True, readonly=True, ondelete="restrict"
    )
    tier_from_id = fields.Many2one(
        "cs.tier", string="Came From", required=True, readonly=True, ondelete="restrict"
    )
    ending_ids = fields.One2many("cs.decision", "trial_id", readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("confirmed", "Confirmed"),
            ("returned", "Sent Back"),
            ("cancelled", "Cancelled"),
        ],
        default="running",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Cancelled: the rung was left in another way, or the promotion was withdrawn.",
    )
    _ends = {"keep": "confirmed", "demote": "returned", "dismissal_review": "returned"}

    def _get_tier_below(self, day):
        return self.tier_from_id
