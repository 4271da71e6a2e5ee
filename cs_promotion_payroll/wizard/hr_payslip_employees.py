from odoo import models


class HrPayslipEmployees(models.TransientModel):
    """The batch wizard: agents paid by tier get their payslips in one go, or, when they are
    many, in batches of a scheduled action."""

    _inherit = "hr.payslip.employees"

    def compute_sheet(self):
        run = self.env["hr.payslip.run"].browse(self.env.context.get("active_id"))
        contracts = run._get_tier_contracts(self.employee_ids) if run else {}
        if not contracts:
            return super().compute_sheet()
        agents = self.employee_ids.filtered(lambda employee: employee.id in contracts)
        if others := self.employee_ids - agents:
            wizard = self.create({"employee_ids": [(6, 0, others.ids)]})
            super(HrPayslipEmployees, wizard).compute_sheet()
        close = {"type": "ir.actions.act_window_close"}
        if not run._request_payslips(agents):
            return close
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The payslips of %(count)s agents are being made; the batch tells how far.",
                    count=len(agents),
                ),
                "next": close,
            },
        }
