from odoo import api, fields, models


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

    @api.depends(
        "cs_taking_ids.amount", "cs_taking_ids.slip_id.state", "cs_taking_ids.slip_id.credit_note"
    )
    def _compute_fine_taken(self):
        """Takings of done payslips count, those of refund slips backwards."""
        taken = dict.fromkeys(self.ids, 0.0)
        for violation, refund, amount in self.env["cs.fine.taking"]._read_group(
            [("violation_id", "in", self.ids), ("slip_id.state", "=", "done")],
            ["violation_id", "slip_id.credit_note"],
            ["amount:sum"],
        ):
            taken[violation.id] += -amount if refund else amount
        self.fetch(["company_id"])  # amounts look up their currency record by record
        for violation in self:
            violation.fine_taken = taken.get(violation.id, 0.0)
