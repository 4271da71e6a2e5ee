from odoo import fields, models


class CsViolation(models.Model):
    """A month corrected: what its closing raised stays where it still follows (V3)."""

    _inherit = "cs.violation"

    complaints = fields.Integer(
        readonly=True, copy=False, help="Of the month, when the closing raised it."
    )
    handled = fields.Integer(string="Customers Handled", readonly=True, copy=False)
    ended_for_good = fields.Boolean(
        readonly=True,
        copy=False,
        help="Withdrawn by a person: the same figures do not bring it back.",
    )

    def _is_same_rate(self, values):
        """Whether the closing would raise it again as it is: same day, same fine."""
        same_fine = not self.currency_id.compare_amounts(self.fine, values["fine"])
        return self.date == values["date"] and same_fine

    def _has_figures(self, values):
        return all(self[name] == values[name] for name in ("complaints", "handled"))

    def _bring_up_to_date(self, values):
        """Let a violation that stays name the figures as they are now, with a note."""
        if self._has_figures(values):
            return
        self.write({name: values[name] for name in ("complaints", "handled", "description")})
        self._message_log(
            body=self.env._(
                "The month was closed again: the violation stays as it is. Its figures were "
                "brought up to date."
            )
        )

    def _withdraw_unfounded(self):
        """Withdraw what the corrected figures no longer call for, in each agent's words."""
        for violation in self:
            employee = violation.employee_id.sudo()
            partner = employee.user_id.partner_id or employee.work_contact_id
            words = self.with_context(
                lang=partner.lang or violation.company_id.sudo().partner_id.lang
            ).env
            violation._withdraw(
                words._(
                    "The month was corrected; by the corrected figures this violation no longer "
                    "follows."
                )
            )

    def _take_back(self, reason):
        """Withdraw violations for good, as a person decides."""
        standing = self.filtered(lambda each: each.state != "withdrawn")
        standing.sudo().ended_for_good = True
        standing._withdraw(reason)
