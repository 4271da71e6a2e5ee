from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .cs_request_mixin import OFFICE
from .scheduled import post_once, take_batches

ACTIVITIES = [
    "cs_promotion.mail_activity_transfer_opinion",
    "cs_promotion.mail_activity_transfer_decide",
]


class CsTransfer(models.Model):
    """Deciding on transfers, and what an approved one changes on its day (L6)."""

    _inherit = "cs.transfer"

    def _check_decider(self):
        self._check_may(OFFICE)
        self._check_state("submitted")

    def _approve(self, reason):
        """Approve: the move is written to the dated employee record at once, for its day."""
        self._check_decider()
        self._check_approvable()
        for transfer in self.sudo():
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
        for transfer in self.sudo():
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
