import json

from odoo import api, models
from odoo.tools import SQL

from ...engine.evidence import finding_json
from ...engine.facts import Closing
from ...engine.near import may_be_near, nearest


class CsCloseCall(models.AbstractModel):
    """Who came close to a promotion when a cycle was closed: kept for the summary of it."""

    _name = "cs.close.call"
    _description = "Promotions that Failed by Little"

    @api.model
    def _note(self, cycle, appraisals):
        """Keep for each agent without a decision which rule failed by little; in one statement."""
        policy = cycle.policy_id._compile()
        calls = {
            agent: {
                "rule": near.rule.code,
                "finding": finding_json(near.finding),
                "gap": str(near.gap),
            }
            for agent, near in self._find(cycle, policy, appraisals.employee_id.ids)
        }
        by_agent = {
            each.employee_id.id: each.id for each in appraisals if each.employee_id.id in calls
        }
        self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal appraisal
                   SET close_call = (
                        SELECT call.found::jsonb
                          FROM unnest(%s::int[], %s::text[]) AS call (id, found)
                         WHERE call.id = appraisal.id
                       )
                 WHERE appraisal.id = ANY(%s)
                   AND (appraisal.close_call IS NOT NULL OR appraisal.id = ANY(%s))
             RETURNING 1
                """,
                list(by_agent.values()),
                [json.dumps(calls[agent]) for agent in by_agent],
                appraisals.ids,
                list(by_agent.values()),
            )
        )
        appraisals.invalidate_recordset(["close_call"])

    @api.model
    def _find(self, cycle, policy, employee_ids):
        """Pairs (employee id, :class:`~..engine.near.Near`)."""
        closing = Closing(cycle.date_end)
        decided = set(
            self.env["cs.decision"]
            .search(
                [
                    ("cycle_id", "=", cycle.id),
                    ("employee_id", "in", employee_ids),
                    ("state", "not in", ("withdrawn", "rejected")),
                ]
            )
            .employee_id.ids
        )
        company = cycle.company_id
        timelines = self.env["cs.timeline"]._load(
            [id_ for id_ in employee_ids if id_ not in decided], company
        )
        known = self.env["cs.facts"]._load_for(may_be_near, policy, timelines, closing, company)
        for facts in known:
            if closing.effective not in facts.decided:
                near = nearest(policy, facts, closing)
                if near:
                    yield facts.agent, near
