from odoo import fields, models


class CsFigure(models.Model):
    _inherit = "cs.figure"

    nights = fields.Integer(string="Night Shifts")
