from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    colleague_id = fields.Many2one(
        "hr.employee", groups="hr.group_hr_user", help="Fills in a form about this agent, too."
    )
