from odoo import api, fields, models
from odoo.fields import Domain

from .cs_appealable_mixin import WAITING


class CsDashboard(models.Model):
    """Appeals wait for the office, then for a manager."""

    _inherit = "cs.dashboard"

    appeals = fields.Integer(compute="_compute_waiting", string="Open Appeals")

    @api.model
    def _get_waiting(self):
        return super()._get_waiting() | {"appeals": ("cs.appeal", Domain("state", "in", WAITING))}

    def action_view_appeals(self):
        """Open the appeals that wait for an answer or a decision."""
        return self._open_waiting("appeals")
