from odoo import api, fields, models

from odoo.addons.cs_promotion.models.cs_period import Month

# the to-do of payroll when a fine that a payslip took is withdrawn
WITHDRAWN_ACTIVITY = "cs_promotion_payroll.mail_activity_fine_withdrawn"


class CsFineTaking(models.Model):
    """What one payslip takes of one fine (W5).

    It counts once the payslip is done. A refund slip gives back: its amount is negative.
    """

    _name = "cs.fine.taking"
    _description = "CS Fine Taken by a Payslip"
    _rec_name = "violation_id"
    _order = "id"

    slip_id = fields.Many2one("hr.payslip", string="Payslip", required=True, ondelete="cascade")
    violation_id = fields.Many2one("cs.violation", required=True, index=True, ondelete="restrict")
    employee_id = fields.Many2one(related="violation_id.employee_id", store=True, precompute=True)
    company_id = fields.Many2one(related="violation_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    slip_state = fields.Selection(
        related="slip_id.state",
        string="Payslip Status",
        help="What a payslip takes counts once it is done.",
    )
    month = Month(related="violation_id.month", string="Month")
    fine = fields.Monetary(related="violation_id.fine")
    amount = fields.Monetary(
        required=True, help="Below nought a refund gives back what the payslip took."
    )

    _slip_uniq = models.Constraint("UNIQUE(slip_id, violation_id)", "A payslip takes a fine once.")
    _amount_check = models.Constraint(
        "CHECK(amount != 0)", "What is taken of a fine, or given back, is not nought."
    )

    def _get_standing(self):
        """Those of these that count and were not given back by a refund of their payslip."""
        return self.filtered(
            lambda each: (
                each.amount > 0
                and each.slip_id.state == "done"
                and each.slip_id.refunded_id.state != "done"
            )
        )

    @api.model
    def _replace(self, takings):
        """Replace what payslips take of fines. It counts from when they are done on (W5).

        :param takings: payslip -> pairs of the id of a violation and the amount taken of it
        """
        # sudo: payroll officers have no rights on the records of customer service; callers
        # check the right to the payslips
        own = self.sudo()
        former = own.env["hr.payslip"].union(*takings).cs_taking_ids
        vals_list = [
            {
                "slip_id": slip.id,
                "violation_id": violation,
                "amount": float(-amount if slip.credit_note else amount),
            }
            for slip, taken in takings.items()
            for violation, amount in taken
        ]
        ids = [values["violation_id"] for values in vals_list]
        violations = own.violation_id.browse(ids)
        # read at once what creating a taking reads of its violation
        violations.fetch(["employee_id", "company_id"])
        # none of these counts yet: what is taken of a fine stays as it is until they are done
        taken = own.env["cs.violation"]._fields["fine_taken"]
        with own.env.protecting([taken], violations | former.violation_id):
            former.unlink()
            own.create(vals_list)
