from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_structure_id = fields.Many2one(related="company_id.cs_structure_id", readonly=False)
