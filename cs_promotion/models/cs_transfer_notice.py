from odoo import models


class CsTransfer(models.Model):
    """Who is told of a transfer: the agent, both superiors, and those who settle pay (L6)."""

    _inherit = "cs.transfer"

    def _tell_decided(self):
        """The agent learns result, reason and effect; the superiors who were asked, the result."""
        self.ensure_one()
        self._tell(self._get_agent_partner(), lambda words: words._get_decided_notice("agent"))
        superiors = self.superior_user_id | self.receiving_user_id
        superiors -= self.env.user | self.employee_id.user_id
        self._tell(superiors.partner_id, lambda words: words._get_decided_notice("superior"))

    def _get_decided_notice(self, reader):
        approved = self.state == "approved"
        if reader == "agent":
            text = (
                self.env._("Your transfer was approved.")
                if approved
                else self.env._("Your transfer was refused.")
            )
        else:
            name = self.employee_id.name
            text = (
                self.env._("The transfer of %s was approved.", name)
                if approved
                else self.env._("The transfer of %s was refused.", name)
            )
        return {
            "subject": self.env._("Transfer: %s", self.display_name),
            "text": [text],
            "facts": [
                (self.env._("From"), self.department_from_id.name or ""),
                (self.env._("To"), self.department_id.name),
                (self.env._("First day there"), self._format_day(self.date)),
                (self.env._("Reason"), self.reason or ""),
                (self.env._("Decided by"), self.decided_by.sudo().name or ""),
                (self.env._("Effect"), self._get_decided_effect()),
            ],
            "options": self._get_decided_options() if reader == "agent" else [],
        }

    def _get_decided_effect(self):
        if self.state != "approved":
            return self.env._("Department, tier and pay stay as they are.")
        if self.on_ladder:
            return self.env._(
                "The department changes on that day; tier %s and its pay are kept.",
                self.tier_id.name,
            )
        return self.env._(
            "The department changes on that day. The post is off the CS ladder: tier %s and its "
            "pay end on the day before.",
            self.tier_id.name,
        )

    def _get_decided_options(self):
        if self.state != "approved":
            return [self.env._("You may apply again, for this post or another one.")]
        if self.on_ladder:
            return [self.env._("You need not do anything.")]
        return [self.env._("Agree with the office on wage and salary structure before that day.")]

    def _tell_moved(self, former, head):
        """On the day of the move the agent and both superiors learn who is in charge now."""
        people = self._get_agent_partner()
        people |= ((former | head).sudo().user_id - self.employee_id.sudo().user_id).partner_id
        self._tell(people, lambda words: words._get_moved_notice(former, head))

    def _get_moved_notice(self, former, head):
        return {
            "subject": self.env._("New superior of %s", self.employee_id.name),
            "text": [self.env._("From today on the head of the new department is the superior.")],
            "facts": [
                (self.env._("Agent"), self.employee_id.name),
                (self.env._("Department"), self.department_id.name),
                (self.env._("Superior until now"), former.sudo().name or ""),
                (self.env._("Superior from now on"), head.sudo().name),
            ],
        }
