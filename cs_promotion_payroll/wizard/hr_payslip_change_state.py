from odoo import models


class HrPayslipChangeState(models.TransientModel):
    _inherit = "hr.payslip.change.state"

    def change_state_confirm(self):
        """OCA confirms payslip by payslip: what they warn of is asked before, of all at once."""
        if self.state != "done":
            return super().change_state_confirm()
        slips = self.env["hr.payslip"].browse(self.env.context.get("active_ids", ()))
        self.env["cs.pay.standing"]._check_confirm(slips)
        if not self.env.su and (ask := slips._ask_to_look()):
            return ask
        result = super().change_state_confirm()
        # computed once more, some may warn of something new
        return (not self.env.su and slips._ask_to_look()) or result
