from odoo import api, fields, models

from .payslip.cs_fine_taking import WITHDRAWN_ACTIVITY


class CsViolation(models.Model):
    _inherit = "cs.violation"

    cs_taking_ids = fields.One2many(
        "cs.fine.taking", "violation_id", string="Taken By", groups="payroll.group_payroll_user"
    )
    fine_taken = fields.Monetary(
        compute="_compute_fine_taken",
        store=True,
        compute_sudo=True,
        groups="payroll.group_payroll_user,cs_promotion.group_office",
        help="Deducted by payslips that are done (W5); the rest is still to be taken.",
    )

    _fine_taken_check = models.Constraint(
        "CHECK(fine_taken >= 0 AND fine_taken <= fine)",
        "Payslips cannot take more of a fine than is left of it: compute them again.",
    )

    @api.depends("cs_taking_ids.amount", "cs_taking_ids.slip_id.state")
    def _compute_fine_taken(self):
        """Takings of done payslips count, what refund slips give back is negative."""
        taken = dict.fromkeys(self.ids, 0.0)
        for violation, amount in self.env["cs.fine.taking"]._read_group(
            [("violation_id", "in", self.ids), ("slip_id.state", "=", "done")],
            ["violation_id"],
            ["amount:sum"],
        ):
            taken[violation.id] = amount
        self.fetch(["company_id"])  # amounts look up their currency record by record
        for violation in self:
            violation.fine_taken = taken.get(violation.id, 0.0)

    def _withdraw(self, reason):
        """Payroll is asked to give back what payslips took of these fines."""
        standing = self.filtered(lambda each: each.state != "withdrawn")
        result = super()._withdraw(reason)
        # superuser: whoever upholds an appeal sees no payslips; payroll gets the to-do
        for violation in standing.sudo().filtered("fine_taken"):
            violation._ask_to_give_back()
        return result

    def _ask_to_give_back(self):
        """A to-do on each payslip that took of the fine: for whoever confirmed it, or, where
        they may no longer pay, for the payroll managers of the company."""
        for taking in self.cs_taking_ids._get_standing():
            slip = taking.slip_id
            for user in slip._get_payers():
                there = slip.with_context(lang=user.lang)
                there.activity_schedule(
                    WITHDRAWN_ACTIVITY,
                    user_id=user.id,
                    date_deadline=slip.company_id._cs_today(),
                    summary=there.env._(
                        "Give back %(amount)s to %(agent)s: the fine was withdrawn",
                        amount=slip.company_id.currency_id.with_env(there.env).format(
                            taking.amount
                        ),
                        agent=slip.employee_id.name,
                    ),
                    note=there.env._(
                        "%(fine)s was withdrawn after this payslip took %(amount)s of it. Refund "
                        "this payslip and pay the month anew: the new payslip does not take the "
                        "fine.",
                        fine=self.with_env(there.env).display_name,
                        amount=slip.company_id.currency_id.with_env(there.env).format(
                            taking.amount
                        ),
                    ),
                )
