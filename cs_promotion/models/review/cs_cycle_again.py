from odoo import models
from odoo.fields import Domain

from ...engine.calendar import day_after
from ...engine.facts import Closing
from ...engine.rules import judge


class CsCycle(models.Model):
    """Judging some agents of a closed month anew, once what stood in their way has fallen."""

    _inherit = "cs.cycle"

    def _get_ending_with(self):
        """All cycles of the company that end on the same day: they are judged as one (O1)."""
        self.ensure_one()
        return self.search(
            [("company_id", "=", self.company_id.id), ("date_end", "=", self.date_end)]
        )

    def _judge_agents(self, employees):
        """Judge these agents at this month's end once more, and announce what is new today.

        Nothing that stands is touched. While the month, or the quarter with it, is open, its
        closing will judge them.
        """
        siblings = self._get_ending_with()
        if any(cycle.state != "closed" for cycle in siblings):
            return
        judged = self.env["cs.appraisal"].search(
            self._get_month_domain()
            & Domain("judged", "=", True)
            & Domain("employee_id", "in", employees.ids)
        )
        closing, compiled = Closing(self.date_end), self.policy_id._compile()
        company = self.company_id
        timelines = self.env["cs.timeline"]._load(judged.employee_id.ids, company)
        later = self._get_moved_later(judged.employee_id)
        decided = [
            (facts, verdict)
            for facts in self.env["cs.facts"]._load_for_judging(
                compiled, timelines, closing, company
            )
            for verdict in judge(compiled, facts, closing)
            if verdict.to is None or facts.agent not in later
        ]
        decisions = self.env["cs.decision"].sudo()
        ended = decisions._get_ended(judged.employee_id.ids, [("cycle_id", "in", siblings.ids)])
        decisions._create_from_verdicts(
            self.policy_id,
            compiled,
            ended._leave_out_ended(self.policy_id, compiled, decided),
            self.company_id._cs_today(),
            cycle=self,
        )

    def _get_moved_later(self, employees):
        """Ids of those who have changed tier since by a later month: nothing is put before it."""
        later = self.env["cs.decision"].search(
            Domain("employee_id", "in", employees.ids)
            & Domain("outcome", "!=", "dismissal_review")
            & Domain("effective_date", ">", day_after(self.date_end))
            & (
                Domain("state", "=", "applied")
                | (
                    Domain("state", "in", ("proposed", "announced"))
                    & Domain("ground_type", "!=", "person")
                )
            )
        )
        return set(later.employee_id.ids)
