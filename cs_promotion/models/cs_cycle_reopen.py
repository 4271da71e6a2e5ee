from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CsCycle(models.Model):
    """Re-opening a cycle for a correction: what its closing decided is taken back."""

    _inherit = "cs.cycle"

    def action_reopen(self):
        """Re-open closed cycles for a correction, with a reason."""
        return self.env["cs.reason"]._ask("reopen", self)

    def _reopen(self, reason):
        """Open the newest closed cycle again; withdraw what its closing decided.

        Decisions that were applied already are taken back from the employee records; the
        next closing judges anew. The reason and all that was withdrawn stay in the history.
        """
        for cycle in self.sorted("date_end", reverse=True):
            cycle._check_reopenable()
            siblings, decisions, violations = cycle._get_falling()
            decisions._withdraw(reason)
            violations._withdraw(reason)
            for sibling in siblings if cycle.kind == "month" else cycle:
                sibling._mark_open(reason, decisions)

    def _check_reopenable(self):
        if self.state == "open":
            raise UserError(self.env._("%s is not closed.", self.name))
        last = self._get_last_closed(self.company_id)
        if last.date_end > self.date_end:
            raise UserError(
                self.env._(
                    "%(cycle)s cannot be re-opened before %(later)s, which was closed after it.",
                    cycle=self.name,
                    later=last.name,
                )
            )

    def _get_falling(self):
        """What re-opening takes back.

        :return: the closed cycles that end on the same day, the standing decisions of their
            closing, and the violations it raised (V3)
        """
        self.ensure_one()
        siblings = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_end", "=", self.date_end),
                ("state", "!=", "open"),
            ]
        )
        violations = self.env["cs.violation"].search(
            [("cycle_id", "in", siblings.ids), ("state", "=", "confirmed")]
        )
        return (
            siblings,
            siblings.decision_ids.filtered(lambda each: each._is_standing()),
            violations,
        )

    def _describe_reopening(self):
        """What re-opening these cycles would change, one line each, for the one who asks."""
        lines = []
        for cycle in self:
            siblings, decisions, violations = cycle._get_falling()
            lines += [self.env._("%s opens again", each.name) for each in siblings]
            lines += [
                self.env._("taken back from the employee record: %s", each.display_name)
                if each.state == "applied" and each.outcome != "dismissal_review"
                else self.env._("withdrawn: %s", each.display_name)
                for each in decisions
            ]
            lines += [self.env._("withdrawn: %s", each.display_name) for each in violations]
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
                "Re-opened: %(reason)s. Withdrawn decisions: %(decisions)s",
                reason=reason,
                decisions=decisions.mapped("display_name") or self.env._("none"),
            )
        )
