from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cs_promotion.models.cs_period import Month

from ..tier_pay import FINE


class CsPayReport(models.Model):
    """Pay by tier and its parts, from the lines of confirmed payslips.

    One row for every part of a payslip that pays by tier. Refunds count with the opposite
    sign; the tier and department are those held on the payslip's last day, or, for a first
    load dated later, those it begins with.
    """

    _name = "cs.pay.report"
    _description = "CS Pay Analysis"
    _inherit = ["cs.name.search.mixin"]
    _rec_name = "employee_id"
    _auto = False
    _order = "date desc, employee_id, part"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    payslip_id = fields.Many2one("hr.payslip", readonly=True)
    date = Month(string="Month", readonly=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Agent", readonly=True, context={"active_test": False}
    )
    department_id = fields.Many2one("hr.department", readonly=True)
    tier_id = fields.Many2one("cs.tier", readonly=True)
    part = fields.Selection(selection="_get_parts", readonly=True)
    amount = fields.Monetary(readonly=True, aggregator="sum", help="Fines are negative.")

    @api.model
    def _get_parts(self):
        """Pairs (code, name) of the pay items and of fines."""
        return [*self.env["cs.pay.words"]._get_item_names(), (FINE, self.env._("Fines"))]

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, slip.company_id, slip.id AS payslip_id, slip.date_to AS date,
                   slip.employee_id, version.department_id, version.cs_tier_id AS tier_id,
                   line.code AS part,
                   CASE WHEN slip.credit_note THEN -line.total ELSE line.total END AS amount
              FROM hr_payslip_line line
              JOIN hr_payslip slip ON slip.id = line.slip_id
              LEFT JOIN LATERAL (
                    SELECT held.department_id, held.cs_tier_id
                      FROM hr_version held
                     WHERE held.employee_id = slip.employee_id AND held.active
                     ORDER BY held.date_version <= slip.date_to DESC,
                              abs(held.date_version - slip.date_to) LIMIT 1
                   ) version ON TRUE
             WHERE slip.state = 'done' AND slip.cs_figures IS NOT NULL
               AND line.code IN %s
            """,
            tuple(code for code, _name in self._get_parts()),
        )
