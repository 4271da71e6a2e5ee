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
        self.env["cs.decision"]._check_group(OFFICE)
        self.check_access("write")
        self._check_not_own()
        self._check_state("submitted")

    def _approve(self, reason):
        """Approve: the move is written to the dated employee record at once, for its day."""
        self._check_decider()
        for transfer in self.sudo():
            transfer._check_opinions()
            transfer._check_not_closed()
            transfer._get_held()
            values = {"department_id": transfer.department_id.id}
            if transfer.job_id:
                values["job_id"] = transfer.job_id.id
            transfer.employee_id._cs_move(transfer.date, values, off_ladder=not transfer.on_ladder)
            transfer._decide("approved", reason)
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
                lines += transfer._describe_overtaken()
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

    def _check_opinions(self):
        """Whoever can give an opinion has given it."""
        self.ensure_one()
        if not (self.superior_opinion and self.receiving_opinion):
            raise UserError(
                self.env._(
                    "%s: both superiors give their opinion first; the office enters that of "
                    "one without a login.",
                    self.display_name,
                )
            )

    def _check_not_closed(self):
        """A closed month's departments are frozen (R2)."""
        last = self.env["cs.cycle"]._get_last_closed(self.company_id)
        if last and self.date <= last.date_end:
            raise UserError(
                self.env._(
                    "%(transfer)s: %(cycle)s is closed; choose a day after it.",
                    transfer=self.display_name,
                    cycle=last.name,
                )
            )

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
        if state == "approved":
            self._tell_agent(lambda env: env._("Your transfer was approved."))
        else:
            self._tell_agent(lambda env: env._("Your transfer was refused."))

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
                transfer.employee_id.parent_id = head
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
