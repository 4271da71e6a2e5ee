from odoo import api, models

from ..tier_pay import Collected


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def next_by_code(self, sequence_code, sequence_date=None):
        """Payslips that are being computed have been numbered all at once; where the company has
        no sequence for them, OCA's loop would look for it again for each payslip."""
        if sequence_code == "salary.slip" and isinstance(
            self.env.context.get("cs_collected"), Collected
        ):
            return False
        return super().next_by_code(sequence_code, sequence_date)
