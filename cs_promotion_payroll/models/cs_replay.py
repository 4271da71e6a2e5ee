from collections import defaultdict

from odoo import api, models

from odoo.addons.cs_promotion.engine.calendar import month_key

from ..hooks import KEPT

TOTALS = ("GROSS", "FINE", "NET")


class CsReplay(models.AbstractModel):
    """Pays a month with the standard batch of payslips."""

    _inherit = "cs.replay"

    @api.model
    def _pay(self, company, start, end):
        res = super()._pay(company, start, end)
        agents = self.env["cs.timeline"]._load_on_ladder(company, start, end)
        if not agents:
            return res
        run = self.env["hr.payslip.run"].create(
            {
                "name": self.env._("CS tier pay %(month)s", month=month_key(start)),
                "date_start": start,
                "date_end": end,
                "company_id": company.id,
            }
        )
        wizard = self.env["hr.payslip.employees"].create({"employee_ids": [(6, 0, list(agents))]})
        wizard.with_context(active_id=run.id).compute_sheet()
        run._make_waiting()
        run.slip_ids._confirm_unasked()
        run.close_payslip_run()
        return res

    @api.model
    def _get_payslips(self, company, months):
        payslips = defaultdict(dict, super()._get_payslips(company, months))
        codes = (*self._get_paid_codes(company), *TOTALS)
        for employee, month, code, total in self.env["hr.payslip.line"]._read_group(
            [
                ("slip_id.company_id", "=", company.id),
                ("slip_id.state", "=", "done"),
                ("slip_id.credit_note", "=", False),
                ("slip_id.refunded_id", "=", False),
                ("date_from", "in", list(months)),
                "|",
                ("code", "in", codes),
                ("code", "=like", "ARREARS\\_%"),
            ],
            ["employee_id", "date_from:day", "code"],
            ["total:sum"],
        ):
            lines = payslips[employee.id].setdefault(month_key(month), dict.fromkeys(codes, 0.0))
            if total or code in codes:  # what is settled of earlier months, where there is any
                lines[code] = round(total, 2)
        return payslips

    @api.model
    def _get_paid_codes(self, company):
        """Codes of the pay items that the company's versions pay, in their order."""
        versions = self.env["cs.policy"]._search_in_force(company)
        items = [item.code for version in versions for item in version._compile().items]
        return list(dict.fromkeys(items))

    @api.model
    def _pay_demo(self):
        """Pay the closed months of the demo history, oldest first.

        Not when the addon comes back to a database in which it has been before.
        """
        if self.env["ir.model.data"].search_count([("module", "=", KEPT)], limit=1):
            return
        company = self.env.ref("base.main_company")
        env = company.with_context(tracking_disable=True, mail_create_nolog=True).env(su=True)
        for cycle in env["cs.cycle"].search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "month"),
                ("state", "=", "closed"),
            ],
            order="date_start",
        ):
            env["cs.replay"]._pay(company, cycle.date_start, cycle.date_end)
