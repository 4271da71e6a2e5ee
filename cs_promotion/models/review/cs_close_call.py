import json

from odoo import api, models
from odoo.tools import SQL

from ...engine.evidence import finding_json
from ...engine.facts import Closing
from ...engine.near import nearest


class CsCloseCall(models.AbstractModel):
    """Who came close to a promotion when a cycle was closed: kept for the summary of it."""

    _name = "cs.close.call"
    _description = "Promotions that Failed by Little"

    @api.model
    def _note(self, cycle, claimed, policy, known):
        """Keep for each agent without a decision which rule failed by little; in one statement.

        :param claimed: employee id -> id of the appraisal, of those who are judged
        :param policy: the engine's policy
        :param known: the facts, as they were before anything was decided, of those who may have
            come close
        """
        calls = {
            agent: {
                "rule": near.rule.code,
                "finding": finding_json(near.finding),
                "gap": str(near.gap),
            }
            for agent, near in self._find(cycle, policy, known)
        }
        calls = {claimed[agent]: json.dumps(call) for agent, call in calls.items()}
        ids = list(claimed.values())
        # one statement, which also takes away what an earlier closing noted of the same
        # agents
        self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal appraisal
                   SET close_call = call.found::jsonb
                  FROM unnest(%s::int[]) AS claimed (id)
                  LEFT JOIN unnest(%s::int[], %s::text[]) AS call (id, found) USING (id)
                 WHERE appraisal.id = claimed.id
                   AND (appraisal.close_call IS NOT NULL OR call.found IS NOT NULL)
             RETURNING 1
                """,
                ids,
                list(calls),
                list(calls.values()),
            )
        )
        self.env["cs.appraisal"].browse(ids).invalidate_recordset(["close_call"])

    @api.model
    def _find(self, cycle, policy, known):
        """Pairs (employee id, :class:`~..engine.near.Near`)."""
        closing = Closing(cycle.date_end)
        decided = set(
            self.env["cs.decision"]
            .search(
                [
                    ("cycle_id", "=", cycle.id),
                    ("employee_id", "in", [facts.agent for facts in known]),
                    ("state", "not in", ("withdrawn", "rejected")),
                ]
            )
            .employee_id.ids
        )
        for facts in known:
            if facts.agent not in decided and closing.effective not in facts.decided:
                near = nearest(policy, facts, closing)
                if near:
                    yield facts.agent, near
