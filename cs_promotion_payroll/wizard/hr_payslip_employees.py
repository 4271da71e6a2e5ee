from odoo import api, fields, models


class HrPayslipEmployees(models.TransientModel):
    """The batch wizard: agents paid by tier get their payslips in one go, or, when they are
    many, in batches of a scheduled action."""

    _inherit = "hr.payslip.employees"

    # archived leavers, too, get the pay of their last month
    employee_ids = fields.Many2many(context={"active_test": False})
    cs_left_names = fields.Text(
        string="Left in the Period",
        compute="_compute_cs_left_names",
        help="Agents who were paid by tier in the period, and have been archived or moved to "
        "another company since.",
    )
    cs_with_left = fields.Boolean(
        string="Pay Them, Too", help="Make the last payslips of those who left as well."
    )

    @api.depends_context("active_id")
    def _compute_cs_left_names(self):
        run = self._get_run()
        names = sorted(run._find_left().sudo().mapped("name")) if run else []
        self.cs_left_names = "\n".join(names)

    def _get_run(self):
        """The batch that the wizard was opened from."""
        return self.env["hr.payslip.run"].browse(self.env.context.get("active_id")).exists()

    def compute_sheet(self):
        run = self._get_run()
        employees = self.employee_ids
        if run and self.cs_with_left:
            employees |= run._find_left()
        contracts = run._get_tier_contracts(employees) if run else {}
        if not contracts:
            return super().compute_sheet()
        agents = employees.filtered(lambda employee: employee.id in contracts)
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
