"""``payslips.sum`` for payslips that are computed together: one query for all of them."""

from odoo.tools import SQL

from odoo.addons.cs_promotion.models.many import any_of
from odoo.addons.payroll.models.base_browsable import Payslips


class SharedPayslips(Payslips):
    """OCA's ``payslips``, which asks the database once for everybody whose payslip is being
    computed; the sums are the same.

    :param shared: a dict for as long as these payslips are being computed
    :param slips: all of them
    """

    def __init__(self, employee_id, env, shared, slips):
        super().__init__(employee_id, {}, env)
        self.base_fields += ["shared", "slips"]
        self.shared = shared
        self.slips = slips

    def sum(self, code, from_date, to_date=None):
        """The total of the lines of this code on done payslips, refunds backwards."""
        if to_date is None:  # OCA's own default: today
            return super().sum(code, from_date)
        key = (code, from_date, to_date)
        if key not in self.shared:
            self.shared[key] = dict(self._query(*key))
        return self.shared[key].get(self.employee_id) or 0.0

    def _query(self, code, from_date, to_date):
        # a payslip confirmed a moment ago counts, written or not
        self.env["hr.payslip"].flush_model()
        self.env["hr.payslip.line"].flush_model(["slip_id", "code", "total"])
        return self.env.execute_query(
            SQL(
                """
                SELECT slip.employee_id,
                       SUM(CASE WHEN slip.credit_note = FALSE THEN line.total
                                ELSE -line.total END)
                  FROM hr_payslip slip JOIN hr_payslip_line line ON line.slip_id = slip.id
                 WHERE slip.employee_id = %s AND slip.state = 'done'
                   AND slip.date_from >= %s AND slip.date_to <= %s AND line.code = %s
                 GROUP BY slip.employee_id
                """,
                any_of(self.slips.employee_id.ids),
                from_date,
                to_date,
                code,
            )
        )
