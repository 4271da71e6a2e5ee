from odoo import fields, models


class CsPostExternal(models.Model):
    _name = "cs.post.external"
    _description = "CS Candidate from Outside"
    _order = "post_id, id"

    post_id = fields.Many2one("cs.post", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="post_id.company_id", store=True, precompute=True)
    name = fields.Char(required=True)
    note = fields.Text()
