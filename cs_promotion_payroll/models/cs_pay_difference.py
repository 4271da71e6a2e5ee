from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import add_months
from odoo.addons.cs_promotion.engine.decimals import decimal
from odoo.addons.cs_promotion.models.many import any_of
from odoo.addons.cs_promotion_pay.arrears import Paid


class CsPayDifference(models.Model):
    """What the payslips of OCA payroll paid, and what they settled since."""

    _inherit = "cs.pay.difference"

    @api.model
    def _load_paid(self, company, employee_ids, first=None, before=None):
        """A payslip and its refund cancel each other, and so does a credit note made by hand."""
        paid = super()._load_paid(company, employee_ids, first, before)
        self.env["hr.payslip"]._flush_standing()
        conditions = [
            SQL("slip.company_id = %s", company.id),
            SQL("slip.state = 'done'"),
            SQL("slip.cs_figures IS NOT NULL"),
        ]
        if employee_ids is not None:
            conditions.append(SQL("slip.employee_id = %s", any_of(employee_ids)))
        if first:
            conditions.append(SQL("slip.cs_pay_month >= %s", first))
        if before:
            conditions.append(SQL("slip.cs_pay_month < %s", before))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT slip.employee_id, slip.cs_pay_month, slip.id, slip.cs_facts,
                       COALESCE(slip.credit_note, FALSE), COALESCE(refund.state = 'done', FALSE)
                  FROM hr_payslip slip
                  LEFT JOIN hr_payslip refund ON refund.id = slip.refunded_id
                 WHERE %s
                 ORDER BY slip.id
                """,
                SQL(" AND ").join(conditions),
            )
        )
        return [*paid, *map(Paid._make, rows)]

    @api.model
    def _load_kept(self, slip_ids):
        kept = dict(super()._load_kept(slip_ids))
        rows = self.env.execute_query(
            SQL("SELECT id, cs_figures FROM hr_payslip WHERE id = %s", any_of(slip_ids))
        )
        return kept | dict(rows)

    @api.model
    def _load_names(self, slip_ids):
        # sudo: whoever corrects what a payslip rests on is told which one, no more of it
        slips = self.env["hr.payslip"].sudo().browse(slip_ids)
        return super()._load_names(slip_ids) | {
            slip.id: slip.number or slip._get_label() for slip in slips
        }

    @api.model
    def _load_settled(self, company, employee_ids):
        settled = dict(super()._load_settled(company, employee_ids))
        self.env["cs.settlement"].flush_model()
        self.env["hr.payslip"]._flush_standing()
        for employee, month, item, returned, amount in self.env.execute_query(
            SQL(
                """
                SELECT own.employee_id, own.month, own.item, COALESCE(own.returned, FALSE),
                       SUM(CASE WHEN slip.credit_note THEN -own.amount ELSE own.amount END)
                  FROM cs_settlement own
                  JOIN hr_payslip slip ON slip.id = own.slip_id
                 WHERE slip.state = 'done' AND slip.company_id = %s AND own.employee_id = %s
                 GROUP BY 1, 2, 3, 4
                """,
                company.id,
                any_of(employee_ids),
            )
        ):
            key = (employee, month, item, returned)
            settled[key] = settled.get(key, decimal(0)) + decimal(amount)
        return settled

    @api.depends("employee_id", "company_id")
    def _compute_has_left(self):
        """Whoever has left the ladder for another structure gets no payslip by tier either."""
        res = super()._compute_has_left()
        here = self.filtered(lambda row: not row.has_left)
        for company, rows in here.grouped("company_id").items():
            timelines = self.env["cs.timeline"]._load(rows.employee_id.ids, company)
            day = company._cs_today()
            for row in rows:
                held = timelines[row.employee_id.id].at(day)
                if held and not held.tier:
                    # sudo: only whether it pays by tier is looked at
                    version = self.env["hr.version"].sudo().browse(held.version)
                    row.has_left = not version.struct_id._pays_by_tier()
        return res

    def action_settle(self):
        """Payslips that settle what is open with leavers, computed: one for each, of the month
        after the last one that was paid."""
        self.check_access("read")
        slips = self.env["hr.payslip"]
        slips.check_access("create")
        if not all(self.mapped("has_left")):
            raise UserError(
                self.env._("Who is employed has it settled by the next payslip. Choose leavers.")
            )
        for (company, employee), rows in self.grouped(
            lambda row: (row.company_id, row.employee_id)
        ).items():
            slips |= slips.create(rows._get_settling_values(company, employee))
        slips.compute_sheet()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payslips"),
            "res_model": "hr.payslip",
            "view_mode": "list,form",
            "domain": [("id", "in", slips.ids)],
        }

    @api.model
    def _get_settling_values(self, company, employee):
        """Values of the payslip that settles what is open with a leaver."""
        # sudo: when the leaver was paid last, and by which contract, is the payslip's matter
        own = self.sudo()
        leaver = employee.with_env(own.env)
        paid = own._load_paid(company, employee.ids)
        stretches = self.env["cs.timeline"]._load(employee.ids, company)[employee.id].stretches
        if stretches:  # whoever moved on has later contracts, with another company
            contract = own.env["hr.version"].browse(stretches[-1].version)
        else:
            contract = leaver.version_ids.sorted("date_version")[-1:]
        structure = contract.struct_id
        if structure.company_id != company or not structure._pays_by_tier():
            structure = company._get_cs_structure()
        month = add_months(max(each.month for each in paid), 1)
        period = company._cs_pay_calendar().period(month)
        return {
            "name": self.env._(
                "Settlement with %(agent)s, %(month)s",
                agent=leaver.name,
                month=self.env["cs.pay.words"]._format_month(month),
            ),
            "employee_id": employee.id,
            "company_id": company.id,
            "contract_id": contract.id,
            "struct_id": structure.id,
            "date_from": period.start,
            "date_to": period.end,
        }
