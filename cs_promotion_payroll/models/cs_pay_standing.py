from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class CsPay(models.AbstractModel):
    _inherit = "cs.pay"

    @api.model
    def _load_standing(self, slips):
        """The standing payslips by tier of the agents and pay months of these payslips.

        Neither cancelled nor refunded, in whatever batch and by whichever structure of tier
        pay. A credit note that refunds no payslip of its own takes the first done one away.

        :return: (company id, employee id, pay month) -> list of (payslip id, state)
        """
        self.env["hr.payslip"].flush_model()
        standing = defaultdict(list)
        for company, employee, month, id_, state in self.env.execute_query(
            SQL(
                """
                SELECT company_id, employee_id, cs_pay_month, id, state
                  FROM (SELECT slip.id, slip.company_id, slip.employee_id, slip.cs_pay_month,
                               slip.state, slip.credit_note,
                               row_number() OVER alike AS number,
                               count(*) FILTER (WHERE slip.credit_note AND slip.state = 'done')
                                   OVER whole AS credits
                          FROM hr_payslip slip
                          LEFT JOIN hr_payslip refund ON refund.id = slip.refunded_id
                          LEFT JOIN hr_payslip origin ON origin.refunded_id = slip.id
                          LEFT JOIN hr_version contract ON contract.id = slip.contract_id
                          LEFT JOIN hr_payroll_structure structure
                                 ON structure.id = COALESCE(slip.struct_id, contract.struct_id)
                         WHERE slip.employee_id = ANY(%s) AND slip.company_id = ANY(%s)
                           AND slip.cs_pay_month = ANY(%s) AND slip.state != 'cancel'
                           AND origin.id IS NULL
                           AND (refund.id IS NULL OR refund.state = 'cancel')
                           AND (structure.cs_tier_pay OR slip.cs_figures IS NOT NULL)
                        WINDOW alike AS (PARTITION BY slip.company_id, slip.employee_id,
                                                      slip.cs_pay_month, slip.state,
                                                      COALESCE(slip.credit_note, FALSE)
                                             ORDER BY slip.id),
                               whole AS (PARTITION BY slip.company_id, slip.employee_id,
                                                      slip.cs_pay_month)
                       ) own
                 WHERE credit_note IS NOT TRUE AND (state != 'done' OR number > credits)
                 ORDER BY id
                """,
                slips.employee_id.ids,
                slips.company_id.ids,
                list({slip.cs_pay_month for slip in slips if slip.cs_pay_month}),
            )
        ):
            standing[company, employee, month].append((id_, state))
        return standing

    @api.model
    def _load_overlapping(self, company, employee_ids, period):
        """Ids of those of these employees of whom days of this period have been paid by another
        month's payslip: the company's pay month lay otherwise then (W8)."""
        self.env["hr.payslip"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT slip.employee_id
                  FROM hr_payslip slip
                  LEFT JOIN hr_payslip refund ON refund.id = slip.refunded_id
                 WHERE slip.employee_id = ANY(%s) AND slip.company_id = %s
                   AND slip.state = 'done' AND slip.cs_figures IS NOT NULL
                   AND slip.credit_note IS NOT TRUE AND slip.cs_pay_month != %s
                   AND slip.cs_pay_start <= %s AND slip.cs_pay_end >= %s
                   AND (refund.id IS NULL OR refund.state = 'cancel')
                """,
                employee_ids,
                company.id,
                period.month,
                period.end,
                period.start,
            )
        )
        return {id_ for (id_,) in rows}

    @api.model
    def _load_twins(self, slips):
        """Employee id -> ids of the standing payslips by tier of the pay month of these."""
        twins = defaultdict(set)
        for (_company, employee, _month), rows in self._load_standing(slips).items():
            twins[employee] |= {id_ for id_, _state in rows}
        return twins
