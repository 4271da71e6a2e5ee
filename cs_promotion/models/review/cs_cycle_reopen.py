from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CsCycle(models.Model):
    """Re-opening a cycle for a correction: what its closing decided waits for the next one."""

    _inherit = "cs.cycle"

    def action_reopen(self):
        """Re-open closed cycles for a correction, with a reason."""
        return self.env["cs.reason"]._ask("reopen", self)

    def _get_own_users(self):
        """Whoever is reviewed in a cycle does not re-open it: that is about their own score."""
        reviewed = self.env["cs.appraisal"].sudo()  # one's own may be hidden while it is open
        return reviewed.search(
            [("cycle_id", "in", self.ids), ("employee_id.user_id", "=", self.env.uid)], limit=1
        ).employee_id.user_id

    def _get_step_fault(self, step):
        """A cycle is re-opened when it is closed, the newest one first."""
        self.ensure_one()
        if step == "reopen":
            return self._get_reopening_fault()
        return super()._get_step_fault(step)

    def _check_possible(self, step):
        """Several are re-opened together, the newest first: an older one waits for no other."""
        if step != "reopen":
            return super()._check_possible(step)
        together = self.union(*(cycle._get_ending_with() for cycle in self))
        for cycle in self:
            fault = cycle._get_reopening_fault(together=together)
            if fault:
                raise UserError(fault)
        return None

    def _reopen(self, reason):
        """Open the newest closed cycle again for a correction.

        What its closing decided stays, and is not applied meanwhile: the next closing judges
        anew and withdraws what no longer follows. The reason is for those who run the cycle.
        """
        for cycle in self.sorted("date_end", reverse=True):
            cycle._check_reopenable()
            siblings, decisions, _violations = cycle._get_waiting()
            decisions.awaits_closing = True
            for sibling in siblings if cycle.kind == "month" else cycle:
                sibling._mark_open(reason, decisions)

    def _check_reopenable(self):
        fault = self._get_reopening_fault()
        if fault:
            raise UserError(fault)

    def _get_reopening_fault(self, together=None):
        """Why this cycle cannot be re-opened now, None when it can.

        :param together: cycles that are re-opened with it
        """
        if self.state == "open":
            return self.env._("%s is not closed.", self.name)
        last = self._get_last_closed(self.company_id, without=together)
        if last and last.date_end > self.date_end:
            return self.env._(
                "%(cycle)s cannot be re-opened before %(later)s, which was closed after it.",
                cycle=self.name,
                later=last.name,
            )
        return None

    def _get_waiting(self):
        """What waits for the new closing once this cycle is re-opened.

        :return: the closed cycles that end on the same day, the standing decisions of their
            closing (a review that a person has ended stays ended), and the violations it
            raised (V3)
        """
        self.ensure_one()
        siblings = self._get_ending_with().filtered(lambda each: each.state != "open")
        violations = self.env["cs.violation"].search(
            [("cycle_id", "in", siblings.ids), ("state", "=", "confirmed")]
        )
        # of the quarter with it, too, where that was re-opened before
        decisions = self._get_ending_with().decision_ids.filtered(
            lambda each: each._is_standing() and not each.ended_for_good
        )
        return siblings, decisions, violations

    def _get_awaiting(self):
        """The decisions that wait for this closing, and what ends with it, to tell whether they
        still follow."""
        return self.env["cs.decision"].search(
            [("cycle_id", "in", self._get_ending_with().ids), ("awaits_closing", "=", True)]
        )

    def _describe_step(self, step):
        """What re-opening these cycles would change, one line each, for the one who asks."""
        lines = super()._describe_step(step)
        if step != "reopen":
            return lines
        for cycle in self.filtered(lambda each: each.state != "open"):
            siblings, decisions, violations = cycle._get_waiting()
            opening = siblings if cycle.kind == "month" else cycle
            lines += [self.env._("%s opens again", each.name) for each in opening]
            lines += [
                self.env._("stays applied until the closing tells whether it follows: %s", name)
                for name in decisions.filtered(lambda each: each.state == "applied").mapped(
                    "display_name"
                )
            ]
            lines += [
                self.env._("waits for the closing: %s", each.display_name)
                for each in decisions.filtered(lambda each: each.state != "applied")
            ]
            lines += [
                self.env._("waits for the closing: %s", each.display_name) for each in violations
            ]
            if decisions or violations:
                lines.append(
                    self.env._("who keeps the same result keeps the decision, and is told nothing")
                )
        return lines

    def _mark_open(self, reason, decisions):
        self.write({"state": "open", "closed_on": False})
        self.env.execute_query(
            SQL("UPDATE cs_appraisal SET closed = FALSE WHERE cycle_id = %s RETURNING 1", self.id)
        )
        self.env["cs.appraisal"].search(self._get_month_domain())._mark_unjudged()
        self.env.invalidate_all()
        self.message_post(
            body=self.env._(
                "Re-opened: %(reason)s. Decisions that wait for the new closing: %(decisions)s",
                reason=reason,
                decisions=decisions.mapped("display_name") or self.env._("none"),
            )
        )
