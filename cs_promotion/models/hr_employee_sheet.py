from odoo import api, models


class HrEmployee(models.Model):
    """The first load of staff with their tiers: read as our own sheets are."""

    _name = "hr.employee"
    _inherit = ["hr.employee", "cs.sheet.mixin"]

    @api.model
    def _reads_sheet(self, fields):
        """Only with columns of ours; all other imports of employees stay Odoo's."""
        ours = {"cs_tier_id", "cs_tier_since"} & {name.split("/")[0] for name in fields}
        return bool(ours) and super()._reads_sheet(fields)
