from odoo import api, fields, models


class CsCycle(models.Model):
    """Which steps a cycle is open to for its reader."""

    _inherit = "cs.cycle"

    can_close = fields.Boolean(compute="_compute_can", help="The reader may close it now.")
    can_reopen = fields.Boolean(compute="_compute_can", help="The reader may re-open it now.")

    @api.depends("state", "closed_on", "date_end")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        office = user.has_group("cs_promotion.group_office")
        manager = user.has_group("cs_promotion.group_manager")
        for cycle in self:
            cycle.can_close = bool(
                office
                and cycle.state == "open"
                and cycle.date_end
                and cycle.date_end < cycle.company_id._cs_today()
            )
            cycle.can_reopen = (
                manager
                and bool(cycle.closed_on)
                and not cycle.sudo()._get_reopening_fault()
                and user not in cycle._get_own_users()
            )
