from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.calendar import add_months, month_start
from ...engine.rule import PROMOTE, REVIEW
from ...engine.series import Point
from ...vocabulary import BASE
from ..many import any_of
from .cs_term import KINDS

MODELS = {"warnings": "cs.decision", "raises": "cs.raise"}
DAYS = {
    "warnings": """
        SELECT employee_id, effective_date, id FROM cs_decision
         WHERE employee_id = %s AND company_id = %s AND effective_date <= %s
           AND outcome = 'warning' AND state IN ('announced', 'applied')
         ORDER BY effective_date, id
    """,
    "raises": """
        SELECT employee_id, date_from, id FROM cs_raise
         WHERE employee_id = %s AND company_id = %s AND date_from <= %s
         ORDER BY date_from, id
    """,
}


class CsEffect(models.AbstractModel):
    """What the outcomes bring about that move nobody: done when a decision is applied, undone when
    it is withdrawn; and how many there were, as a source of ``cs.vocabulary``."""

    _name = "cs.effect"
    _description = "Effects of CS Decisions"

    @api.model
    def _load_series(self, codes, scope):
        """Warnings and raises by the day from which they hold, withdrawn ones not."""
        given = any_of(scope.ids), scope.company.id, scope.until
        return {code: self._load_days(SQL(DAYS[code], *given), MODELS[code]) for code in codes}

    @api.model
    def _load_days(self, query, model):
        """Employee id -> points of the days that a query finds."""
        self.env[model].flush_model()
        found = defaultdict(list)
        for employee_id, day, id_ in self.env.execute_query(query):
            found[employee_id].append(Point(day, day, 1, id_))
        return found

    # ------------------------------------------------------------------ trials and plans

    @api.model
    def _apply_plan(self, decisions):
        """The plan of the rule's term; who has one already has no second one."""
        running = self.env["cs.plan"].search(
            Domain("employee_id", "in", decisions.employee_id.ids) & Domain("state", "=", "running")
        )
        busy = {(each.employee_id, each.company_id) for each in running}
        self.env["cs.plan"].create(
            [
                {
                    **self._get_term_values(each, each.rule_id.plan_months or 1),
                    "reason": each.ground_name,
                }
                for each in decisions
                if (each.employee_id, each.company_id) not in busy
            ]
        )

    @api.model
    def _get_term_values(self, decision, months):
        return {
            "employee_id": decision.employee_id.id,
            "company_id": decision.company_id.id,
            "date_from": decision.effective_date,
            "date_until": self._get_last_day(decision.effective_date, months),
            "decision_id": decision.id,
        }

    @api.model
    def _on_announced(self, decisions):
        """A dismissal review ends the plan or trial that it is of: from then on a person decides
        about the agent, not about that."""
        for decision in decisions.filtered(lambda each: each.outcome == REVIEW):
            self._end_own(decision)

    @api.model
    def _on_applied(self, decisions):
        """What a decision ends, ends; whoever moves leaves behind what ran on the rung; and trials
        begin."""
        for decision in decisions.filtered(lambda each: each.trial_id or each.plan_id):
            self._end_own(decision)
        moved = decisions.filtered("tier_to_id")
        if not moved:
            return
        self._end_left(moved)
        self.env["cs.trial"].create(
            [
                {
                    **self._get_term_values(each, each.rule_id.trial_months),
                    "tier_id": each.tier_to_id.id,
                    "tier_from_id": each.tier_from_id.id,
                }
                for each in moved
                if each.outcome == PROMOTE and each.rule_id.trial_months
            ]
        )

    @api.model
    def _end_left(self, moved):
        """Cancel trials and plans of the rung that was left; withdrawn, the move brings them back.

        A plan that began with the move is one on the new rung.
        """
        for model in KINDS.values():
            running = self.env[model].search(
                Domain("employee_id", "in", moved.employee_id.ids)
                & Domain("company_id", "in", moved.company_id.ids)
                & Domain("state", "=", "running")
            )
            by_agent = running.grouped(lambda each: (each.employee_id, each.company_id))
            for decision in moved:
                key = (decision.employee_id, decision.company_id)
                for each in by_agent.get(key, running.browse()):
                    if each.state == "running" and each.date_from < decision.effective_date:
                        each._end("cancelled", decision.effective_date, decision)

    @api.model
    def _end_own(self, decision):
        for term in (decision.trial_id, decision.plan_id):
            if term.state == "running":
                term._end(term._ends[decision.outcome], decision.effective_date, decision)

    @api.model
    def _on_withdrawn(self, decisions):
        """What these ended runs again; what they began never was."""
        for model in ("cs.trial", "cs.plan"):
            terms = self.env[model].search(
                Domain("decision_id", "in", decisions.ids)
                | Domain("end_decision_id", "in", decisions.ids)
            )
            for term in terms:
                if term.decision_id in decisions:
                    term._end("cancelled", term.date_from)
                else:
                    term._run_again()

    # ------------------------------------------------------------------ raises

    @api.model
    def _apply_raise(self, decisions):
        """What the rule says, from the day it takes effect; a percentage of nothing is no raise."""
        amounts = self.env["cs.raise"]._reckon(decisions)
        self.env["cs.raise"].create(
            [
                {
                    "employee_id": each.employee_id.id,
                    "company_id": each.company_id.id,
                    "item": each.rule_id.raise_item or BASE,
                    "amount": amounts[each],
                    "date_from": each.effective_date,
                    "date_until": self._get_last_day(
                        each.effective_date, each.rule_id.raise_months
                    ),
                    "reason": each.ground_name,
                    "decision_id": each.id,
                }
                for each in decisions
                if amounts[each]
            ]
        )

    @api.model
    def _revert_raise(self, decisions):
        self.env["cs.raise"].search([("decision_id", "in", decisions.ids)]).unlink()

    @api.model
    def _get_last_day(self, start, months):
        """The last day of so many months; none where they are not said."""
        return fields.Date.subtract(add_months(start, months), days=1) if months else False

    # ------------------------------------------------------------------ titles

    @api.model
    def _get_award_month(self, decision):
        """The month that was closed when it was decided."""
        return add_months(month_start(decision.effective_date), -1)

    @api.model
    def _apply_award(self, decisions):
        """The title of the month just closed, which is won once (U3)."""
        months = {each: self._get_award_month(each) for each in decisions}
        held = self.env["cs.award"].search(
            Domain("employee_id", "in", decisions.employee_id.ids)
            & Domain("month", "in", list(set(months.values())))
            & Domain("company_id", "in", decisions.company_id.ids)
        )
        taken = {(each.employee_id, each.month, each.company_id) for each in held}
        new = []
        for decision, month in months.items():
            key = (decision.employee_id, month, decision.company_id)
            if key not in taken:
                taken.add(key)
                new.append(
                    {
                        "employee_id": decision.employee_id.id,
                        "month": month,
                        "company_id": decision.company_id.id,
                        "reason": decision.ground_name,
                        "decision_id": decision.id,
                    }
                )
        self.env["cs.award"].create(new)

    @api.model
    def _revert_award(self, decisions):
        """The title falls, unless another decision stands for the same month."""
        awards = self.env["cs.award"].search([("decision_id", "in", decisions.ids)])
        days = {add_months(each.month, 1) for each in awards}
        awards.unlink()
        self._apply_award(
            self.env["cs.decision"].search(
                Domain("employee_id", "in", decisions.employee_id.ids)
                & Domain("outcome", "=", "award")
                & Domain("state", "=", "applied")
                & Domain("effective_date", "in", list(days))
                & Domain("id", "not in", decisions.ids)
            )
        )
