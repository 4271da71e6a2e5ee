from odoo import api, models


class CsReason(models.TransientModel):
    """Before a step is taken: which payslips it touches, and by how much (W7)."""

    _inherit = "cs.reason"

    @api.model
    def _describe_consequences(self, step, records):
        """Amounts where all that follows is known; else the payslips that rest on what is given
        anew."""
        lines = super()._describe_consequences(step, records)
        # past access rights, as above; the outlook tells no more than what the step costs
        records, outlook = records.sudo(), self.env["cs.pay.outlook"].sudo()
        for company, employee_ids, month in records._get_reopened(step):
            lines += outlook._describe_stake(company, employee_ids, month)
        if known := records._get_known_outcomes(step):
            lines += outlook._describe_outcome(known, self._get_steps()[step].method)
        return lines
