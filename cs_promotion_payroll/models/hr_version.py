from odoo import api, models


class HrVersion(models.Model):
    """The salary structure follows the tier."""

    _inherit = "hr.version"

    @api.model
    def _get_tier_values(self, company, tier, since, day):
        values = super()._get_tier_values(company, tier, since, day)
        if not self.env.context.get("cs_keep_structure"):
            values["struct_id"] = company._get_cs_structure().id
        return values

    @api.model
    def _set_missing_structures(self):
        """Give versions on the ladder that have no salary structure the one of tier pay."""
        versions = self.sudo().search([("cs_tier_id", "!=", False), ("struct_id", "=", False)])
        for company, ours in versions.grouped(lambda each: each.employee_id.company_id).items():
            if company:
                ours.struct_id = company._get_cs_structure()
