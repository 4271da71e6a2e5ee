from odoo import api, fields, models


class HrPayslipEmployees(models.TransientModel):
    """The batch wizard: agents paid by tier get their payslips in one go, or, when they are
    many, in batches of a scheduled action. One whose payslip cannot be made stops nobody."""

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
        if not run:
            return self._compute_standard_sheets()
        payees = run._load_payees(employees)
        # who worked for another company then is told under Not Made
        rest = employees - employees.browse(payees.elsewhere)
        others = run._get_paid_otherwise(rest, payees)
        agents = employees - others
        if not agents:
            return self._compute_standard_sheets()
        run.check_access("write")
        self.env["hr.payslip"].check_access("create")
        run._make_standard(others)
        close = {"type": "ir.actions.act_window_close"}
        if not run._request_payslips(agents, payees):
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

    # pylint: disable=super-method-mismatch
    def _compute_standard_sheets(self):
        """The payslips of these employees as OCA makes them."""
        return super().compute_sheet()
