from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    cs_structure_id = fields.Many2one(
        "hr.payroll.structure",
        string="Structure of CS Tier Pay",
        domain="[('company_id', '=', id)]",
        help="Agents get it with their tier. One of your own with this one as its parent "
        "adds further rules to tier pay.",
    )

    def _get_cs_structure(self):
        """The salary structure of tier pay, made when the company has none yet."""
        self.ensure_one()
        company = self.sudo()
        if not company.cs_structure_id:
            company.cs_structure_id = company.env["hr.payroll.structure"]._create_tier_pay(company)
        return company.cs_structure_id
