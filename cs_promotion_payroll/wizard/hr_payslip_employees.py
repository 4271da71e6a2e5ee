from collections import defaultdict

from odoo import models


class HrPayslipEmployees(models.TransientModel):
    """The batch wizard: agents paid by tier get their payslips in one go."""

    _inherit = "hr.payslip.employees"

    def compute_sheet(self):
        run = self.env["hr.payslip.run"].browse(self.env.context.get("active_id"))
        contracts = self._get_tier_contracts(run) if run else {}
        if not contracts:
            return super().compute_sheet()
        others = self.employee_ids.filtered(lambda employee: employee.id not in contracts)
        if others:
            wizard = self.create({"employee_ids": [(6, 0, others.ids)]})
            super(HrPayslipEmployees, wizard).compute_sheet()
        vals_list = self._get_tier_slip_values(run, contracts)
        slips = self.env["hr.payslip"].create(vals_list)
        slips._compute_name()
        slips.compute_sheet()
        return {"type": "ir.actions.act_window_close"}

    def _get_tier_contracts(self, run):
        """Employee id -> contracts in the batch's period, of those whom it pays by tier."""
        contracts = self.employee_ids._get_contracts(
            date_start=run.date_start, date_end=run.date_end
        )
        return {
            employee.id: contracts[employee.id]
            for employee in self.employee_ids
            if contracts.get(employee.id)
            and (run.struct_id or contracts[employee.id][:1].struct_id)._pays_by_tier()
        }

    def _get_tier_slip_values(self, run, contracts):
        """What ``get_payslip_vals`` and the wizard give for one employee, for all at once."""
        slips = self.env["hr.payslip"]
        every = self.env["hr.version"].union(*contracts.values())
        worked = slips._get_worked_day_lines(every, run.date_start, run.date_end)
        inputs = defaultdict(list)
        for line in slips.get_inputs(every, run.date_start, run.date_end):
            inputs[line["contract_id"]].append(line)
        return [
            {
                "employee_id": employee_id,
                "struct_id": (run.struct_id or ours[:1].struct_id).id,
                "contract_id": ours[:1].id,
                "payslip_run_id": run.id,
                "input_line_ids": [
                    (0, 0, line) for contract in ours for line in inputs[contract.id]
                ],
                "worked_days_line_ids": [
                    (0, 0, line) for contract in ours for line in worked[contract.id]
                ],
                "date_from": run.date_start,
                "date_to": run.date_end,
                "credit_note": run.credit_note,
                "company_id": ours[:1].company_id.id or run.company_id.id,
            }
            for employee_id, ours in contracts.items()
        ]
