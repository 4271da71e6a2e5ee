from odoo import api, fields, models

RULES = ("base", "appraisal", "commission", "gross", "fine", "net")


class HrPayrollStructure(models.Model):
    _inherit = "hr.payroll.structure"

    cs_tier_pay = fields.Boolean(
        string="CS Tier Pay",
        help="Its rules pay by CS tier: payslips are computed from tiers held, score, sales "
        "and fines of the month.",
    )

    @api.model
    def _create_tier_pay(self, company):
        """The structure *CS tier pay* of one company, with the shared salary rules.

        Its name is stored, so it is in the company's language, not in that of whoever was
        there when the first agent got a tier.
        """
        words = self.with_context(lang=company._cs_get_lang()).env
        rules = [self.env.ref(f"cs_promotion_payroll.rule_{name}").id for name in RULES]
        return self.create(
            {
                "name": words._("CS tier pay"),
                "code": "CS",
                "company_id": company.id,
                "cs_tier_pay": True,
                "parent_id": False,
                "rule_ids": [(6, 0, rules)],
            }
        )

    def _pays_by_tier(self):
        """Whether one of these structures, or one above it, pays by tier."""
        return any(self.get_structure_with_parents().mapped("cs_tier_pay"))
