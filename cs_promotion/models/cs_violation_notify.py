from odoo import api, models


class CsViolation(models.Model):
    """Who is told of a violation: the office of a report, the agent of a confirmed one."""

    _inherit = "cs.violation"

    @api.model_create_multi
    def create(self, vals_list):
        violations = super().create(vals_list)
        if not self.env.context.get("tracking_disable"):
            for violation in violations.filtered(lambda each: each.state == "reported"):
                violation.sudo()._tell_office()
        return violations

    def _tell_office(self):
        """A report waits for the office."""
        office = self.env["cs.cycle"]._get_office(self.company_id) - self.env.user
        for user in office:
            words = self.with_context(lang=user.lang)
            words.message_notify(
                partner_ids=user.partner_id.ids,
                subject=words.env._("Violation reported: %s", words.display_name),
                body=words.description or words.display_name,
            )

    def _confirm(self):
        reported = self.filtered(lambda each: each.state == "reported")
        result = super()._confirm()
        if not self.env.context.get("tracking_disable"):
            for violation in reported:
                violation.sudo()._tell_agent()
        return result

    def _tell_agent(self):
        """The agent learns severity, fine, and until when an appeal is possible (O4)."""
        user = self.employee_id.user_id
        partner = user.partner_id or self.employee_id.work_contact_id
        if not partner:
            return
        words = self.with_context(lang=partner.lang or self.company_id.partner_id.lang)
        labels = dict(words._fields["severity"]._description_selection(words.env))
        words.message_notify(
            partner_ids=partner.ids,
            subject=words.env._("Violation confirmed: %s", words.display_name),
            body=words.env._(
                "%(type)s on %(date)s was confirmed: %(severity)s, a fine of %(fine)s. You may "
                "appeal until %(until)s.",
                type=words.type_id.name,
                date=words.date,
                severity=labels[words.severity],
                fine=words.currency_id.format(words.fine),
                until=words.appeal_until,
            ),
        )
