from odoo import models


class ResourceResource(models.Model):
    """An employee's company is stored on the resource: written there, it is the same move."""

    _inherit = "resource.resource"

    def write(self, vals):
        if vals.get("company_id"):
            employees = (
                self.env["hr.employee"]
                .with_context(active_test=False)
                .search([("resource_id", "in", self.ids)])
            )
            moving = employees._cs_get_moving(vals["company_id"])
            if moving:
                moving.write({"company_id": vals["company_id"]})
        return super().write(vals)
