from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    cs_structure_id = fields.Many2one(
        "hr.payroll.structure",
        string="Structure of CS Tier Pay",
        domain="[('company_id', '=', id), ('cs_tier_pay', '=', True)]",
        help="Agents without a structure get it with their tier. One that someone chose is never "
        "replaced.",
    )

    @api.constrains("cs_structure_id")
    def _check_cs_structure(self):
        """Agents are given a structure that pays by tier, or none (never 0.00 every month)."""
        for company in self.filtered("cs_structure_id"):
            structure = company.cs_structure_id
            if not structure._pays_by_tier():
                raise ValidationError(
                    self.env._(
                        "%(structure)s does not pay by tier: prepare it first, or choose another "
                        "one for %(company)s.",
                        structure=structure.name,
                        company=company.name,
                    )
                )
            if structure.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(structure)s belongs to %(other)s, not to %(company)s.",
                        structure=structure.name,
                        other=structure.company_id.name,
                        company=company.name,
                    )
                )

    def _cs_places(self):
        """Lines keep no more decimals than *Decimal Accuracy* says of *Payroll*: an amount that
        they cannot show is none (W4)."""
        digits = self.env["decimal.precision"].precision_get("Payroll")
        return max(super()._cs_places(), Decimal(1).scaleb(-digits))

    def _get_cs_structure(self):
        """The salary structure of tier pay, made when the company has none yet; none where
        the company's own pays by tier no more."""
        self.ensure_one()
        company = self.sudo()  # whoever sets a tier needs no rights in payroll
        if company.cs_structure_id and not company.cs_structure_id._pays_by_tier():
            # its rules were changed since: a tier with no structure is told, never paid nought
            return company.cs_structure_id.browse()
        if not company.cs_structure_id:
            company.cs_structure_id = company.env["hr.payroll.structure"]._create_tier_pay(company)
        return company.cs_structure_id
