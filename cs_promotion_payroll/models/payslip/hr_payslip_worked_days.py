from odoo import api, fields, models
from odoo.exceptions import ValidationError

WORK = "WORK100"  # OCA's code of the working days that are due, leave or not


class HrPayslipWorkedDays(models.Model):
    """What of the worked days is not paid (W6): the lines are data, whoever wrote them."""

    _name = "hr.payslip.worked_days"
    _inherit = ["cs.payslip.part.mixin", "hr.payslip.worked_days"]

    cs_leave = fields.Boolean(string="Leave", readonly=True)
    cs_leave_type_id = fields.Many2one("hr.leave.type", string="Kind of Leave", readonly=True)
    cs_unpaid_percent = fields.Float(
        string="Unpaid (%)",
        digits=(5, 2),
        compute="_compute_cs_unpaid_percent",
        store=True,
        readonly=False,
        precompute=True,
        help="What of these days is not paid, as the kind of leave says, found by its code where "
        "the line was typed in; tier pay is less by it, where the policy says so (W6).",
    )

    @api.depends("code")
    def _compute_cs_unpaid_percent(self):
        kinds = {}
        self.filtered(lambda line: line.code == WORK).cs_unpaid_percent = 0
        for line in self.filtered(lambda line: line.code != WORK):
            company = line.payslip_id.company_id or self.env.company
            if company not in kinds:
                kinds[company] = self.env["hr.leave.type"]._cs_get_by_code(company)
            kind = kinds[company].get(line.code)
            line.cs_unpaid_percent = 100 - kind.cs_pay_percent if kind else 0

    @api.constrains("cs_unpaid_percent")
    def _check_cs_unpaid_percent(self):
        for line in self:
            if not 0 <= line.cs_unpaid_percent <= 100:
                raise ValidationError(
                    self.env._(
                        "%(line)s: what is not paid of worked days lies between 0 and 100 percent.",
                        line=line.name,
                    )
                )
