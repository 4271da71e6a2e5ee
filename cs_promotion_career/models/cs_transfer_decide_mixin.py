from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cs_promotion.models.cs_notice_mixin import OFFICE
from odoo.addons.cs_promotion.models.scheduled import post_once, take_batches

ACTIVITIES = [
    "cs_promotion_career.mail_activity_transfer_opinion",
    "cs_promotion_career.mail_activity_transfer_decide",
]


class CsTransferDecideMixin(models.AbstractModel):
    """Deciding on transfers, what an approved one changes on its day, and who is told of it: the
    agent, both superiors, and those who settle pay (L6)."""

    _name = "cs.transfer.decide.mixin"
    _description = "Transfer That Is Decided"

    def _check_decider(self):
        self._check_may(OFFICE)
        self._check_state("submitted")

    def _approve(self, reason):
        """Approve: the move is written to the dated employee record at once, for its day."""
        self._check_decider()
        self._check_approvable()
        for transfer in self.sudo():  # the step is allowed, and so what it writes on the employee
            values = {"department_id": transfer.department_id.id}
            if transfer.job_id:
                values["job_id"] = transfer.job_id.id
            values |= transfer._get_leaving_values()
            transfer.employee_id._cs_move(transfer.date, values, off_ladder=not transfer.on_ladder)
            transfer._decide("approved", reason)
            if not transfer.on_ladder:
                transfer._ask_for_wage(transfer.employee_id, transfer.date)
            transfer._move_superior(transfer.company_id._cs_today())

    def _refuse(self, reason):
        self._check_decider()
        for transfer in self.sudo():  # as above
            transfer._decide("refused", reason)

    def _cs_end(self, reason):
        """The agent has moved to another company: the application leads nowhere any more."""
        self.filtered(lambda each: each.state == "draft").unlink()
        for transfer in self.exists():
            transfer.write({"state": "withdrawn", "reason": reason})
            transfer._end_activities()

    def _describe_step(self, step):
        """What the dialog says before an application is decided."""
        lines = super()._describe_step(step)
        if step != "approve_transfer":
            return lines
        for transfer in self:
            words = {
                "agent": transfer.employee_id.name,
                "department": transfer.department_id.name,
                "day": transfer.date,
            }
            lines.append(
                self.env._("%(agent)s moves to %(department)s on %(day)s", **words)
                if transfer.on_ladder
                else self.env._(
                    "%(agent)s moves to %(department)s on %(day)s, and leaves the ladder", **words
                )
            )
            head = transfer.department_id.manager_id
            if head and head != transfer.employee_id:
                lines.append(
                    self.env._(
                        "%(head)s becomes the direct superior of %(agent)s on that day",
                        head=head.name,
                        agent=transfer.employee_id.name,
                    )
                )
            if not transfer.on_ladder:
                lines += transfer._describe_leaving() + transfer._describe_overtaken()
        return lines

    def _describe_overtaken(self):
        """Decisions from the day of the move on: they will find the agent off the ladder."""
        decisions = self.env["cs.decision"].search(
            [
                ("employee_id", "=", self.employee_id.id),
                ("effective_date", ">=", self.date),
                ("state", "in", ("proposed", "announced")),
            ]
        )
        return [self.env._("overtaken: %s", each.display_name) for each in decisions]

    def _may_decide(self):
        return self.state == "submitted" and self.is_office

    def _check_approvable(self):
        """Refuse what cannot be approved now, and say why."""
        # sudo: opinions and months stand in the way of everyone alike
        for transfer in self.sudo():
            fault = transfer._get_approval_fault()
            if fault:
                raise UserError(fault)

    def _get_approval_fault(self):
        """Why it cannot be approved now, None when it can."""
        self.ensure_one()
        if not (self.superior_opinion and self.receiving_opinion):
            return self.env._(
                "%s: both superiors give their opinion first; the office enters that of "
                "one without a login.",
                self.display_name,
            )
        # sudo: cycles and versions of the agent, of which only the day is told
        last = self.env["cs.cycle"].sudo()._get_last_closed(self.company_id)
        if last and self.date <= last.date_end:
            return self.env._(  # a closed month's departments are frozen (R2)
                "%(transfer)s: %(cycle)s is closed; choose a day after it.",
                transfer=self.display_name,
                cycle=last.name,
            )
        try:
            self.sudo()._get_held()
        except UserError as error:
            return str(error)
        return self._get_leaving_fault()

    def _decide(self, state, reason):
        self.ensure_one()
        self.write(
            {
                "state": state,
                "reason": reason,
                "decided_by": self.env.uid,
                "decided_on": self.company_id._cs_today(),
            }
        )
        self._end_activities()
        self.message_post(
            body=self.env._("The transfer was approved.")
            if state == "approved"
            else self.env._("The transfer was refused.")
        )
        self._tell_decided()

    def _end_activities(self):
        self.activity_feedback(ACTIVITIES)

    def _move_superior(self, day):
        """From the day of the move on, the head of the new department is the superior."""
        due = self.filtered(
            lambda each: each.state == "approved" and not each.superior_moved and each.date <= day
        )
        for transfer in due:
            head = transfer.department_id.manager_id.filtered("active")
            if head and head != transfer.employee_id:
                former = transfer.employee_id.parent_id
                transfer.employee_id.parent_id = head
                transfer._tell_moved(former, head)
        due.superior_moved = True

    @api.model
    def _cron_move(self):
        """Hand agents over to their new superior on the day of the move (scheduled daily)."""
        approved = Domain("state", "=", "approved") & Domain("superior_moved", "=", False)
        for day, ours in self.env["res.company"]._cs_days():
            domain = approved & ours & Domain("date", "<=", day)
            take_batches(
                lambda domain=domain: self.search(domain, order="date, id"),
                lambda due, day=day: due._move_superior(day),
                post_once,
            )

    # ------------------------------------------------------------------ who is told

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
                (self.env._("From Department"), self.department_from_id.name or ""),
                (self.env._("To Department"), self.department_id.name),
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
