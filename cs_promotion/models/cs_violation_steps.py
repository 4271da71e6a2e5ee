from odoo import api, fields, models


class CsViolation(models.Model):
    """Which steps a violation is open to, and what they bring about."""

    _inherit = "cs.violation"

    can_confirm = fields.Boolean(compute="_compute_can", help="The reader may confirm it now.")
    can_withdraw = fields.Boolean(compute="_compute_can", help="The reader may withdraw it now.")

    @api.depends("state", "employee_id")
    @api.depends_context("uid")
    def _compute_can(self):
        office = self.env.user.has_group("cs_promotion.group_office")
        for violation in self:
            may = office and self.env.user not in violation._get_own_users()
            violation.can_confirm = may and violation.state == "reported"
            violation.can_withdraw = may and violation.state != "withdrawn"

    def _get_step_fault(self, step):
        self.ensure_one()
        if step == "confirm":
            if self.state != "reported":
                return self._get_state_fault()
            if not self.severity:
                return self.env._("%s: choose the severity first.", self.display_name)
        if step == "withdraw_violation" and self.state == "withdrawn":
            return self._get_state_fault()
        return super()._get_step_fault(step)

    def _get_state_fault(self):
        return self.env._(
            "%(violation)s is in the state %(state)s: nothing is left to do about it here.",
            violation=self.display_name,
            state=self._get_state_name(),
        )

    def _describe_step(self, step):
        lines = super()._describe_step(step)
        if step == "withdraw_violation":
            for violation in self.filtered(lambda each: each.state == "confirmed"):
                lines += violation._describe_withdrawal()
        return lines

    def _describe_withdrawal(self, *states):
        """What falls with this violation, one line each.

        :param states: of the decisions that would be withdrawn
        """
        self.ensure_one()
        lines = []
        if self.fine:
            lines.append(
                self.env._(
                    "the fine of %s is not taken, or given back", self.currency_id.format(self.fine)
                )
            )
        decisions = self._get_unfounded(*states)
        lines += decisions._describe_withdrawal()
        if self.has_open_appeal:
            lines.append(self.env._("the appeal against it lapses"))
        return lines
