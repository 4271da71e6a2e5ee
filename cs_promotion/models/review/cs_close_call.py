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
        What an earlier closing noted was taken away when they were claimed.

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
        if not calls:
            return
        ids = [claimed[agent] for agent in calls]
        self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal appraisal
                   SET close_call = call.found::jsonb
                  FROM unnest(%s::int[], %s::text[]) AS call (id, found)
                 WHERE appraisal.id = call.id
             RETURNING 1
                """,
                ids,
                [json.dumps(call) for call in calls.values()],
            )
        )
        self.env["cs.appraisal"].browse(ids).invalidate_recordset(["close_call"])

    @api.model
    def _find(self, cycle, policy, known):
        """Pairs (employee id, :class:`~..engine.near.Near`)."""
        closing = Closing(cycle.date_end)
        decisions = self.env["cs.decision"]._search(
            [("cycle_id", "=", cycle.id), ("state", "not in", ("withdrawn", "rejected"))]
        )
        decided = {id_ for (id_,) in self.env.execute_query(decisions.select("employee_id"))}
        for facts in known:
            if facts.agent not in decided and closing.effective not in facts.decided:
                near = nearest(policy, facts, closing)
                if near:
                    yield facts.agent, near
