from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_structure_id = fields.Many2one(related="company_id.cs_structure_id", readonly=False)
    cs_period_day = fields.Integer(related="company_id.cs_period_day", readonly=False)
    cs_results_month = fields.Selection(related="company_id.cs_results_month", readonly=False)
    cs_arrears_months = fields.Integer(related="company_id.cs_arrears_months", readonly=False)
