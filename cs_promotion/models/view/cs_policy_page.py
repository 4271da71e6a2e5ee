from odoo import api, models

from ...engine.facts import DEMOTE, PROMOTE, REVIEW


class CsPolicyPage(models.AbstractModel):
    """The page of a policy that every employee reads: what stands on it, in which order (P4)."""

    _name = "cs.policy.page"
    _description = "Page of a CS Policy"

    @api.model
    def _get_page_values(self, policy):
        """What the page shows, in the reader's language."""
        words = self.env["cs.words"]
        pay = policy._get_shown_rungs()
        outcomes = self.env["cs.vocabulary"]._get_outcomes()
        rules = {code: self._get_rule_rows(policy, each) for code, each in outcomes.items()}
        return {
            "policy": policy,
            "tiers": self.env["cs.tier"].union(*(tier for tier, _line in pay)),
            "pay": pay,
            "appointed": policy._get_ladder().appointed,
            "confirmed": self._get_confirmed(policy),
            "up": rules.pop(PROMOTE, []),
            "down": rules.pop(DEMOTE, []),
            "reviews": rules.pop(REVIEW, []),
            # outcomes of addons come after those that everybody knows
            "others": [(outcomes[code].name, rows) for code, rows in rules.items() if rows],
            "scorecards": policy._get_scorecards(),
            "score": words._say_scoring(policy) + words._say_forms(policy),
            "wages": words._say_wages(policy),
            "pay_sentences": words._say_pay(policy) + words._say_settlement(policy),
            "violations": words._say_violations(policy),
            "dates": words._say_dates(policy),
        }

    @api.model
    def _get_confirmed(self, policy):
        """From which tier to which an agent is confirmed (U1); empty where there is none."""
        tiers = {tier.code: tier for tier in policy._get_rungs()}
        ladder = policy._get_ladder()
        to = ladder.probation and ladder.by_rule(ladder.probation, 1)
        return (tiers[ladder.probation], tiers[to]) if to else ()

    @api.model
    def _get_rule_rows(self, policy, outcome):
        """The rules of one outcome: dict(rule, to, conditions), in their order."""
        tiers = {tier.code: tier for tier in policy._get_rungs()}
        ladder = policy._get_ladder()
        steps = {1: ladder.above, -1: ladder.below}
        step = steps.get(outcome.step, lambda code: None)
        return [
            {
                "rule": rule,
                "to": rule.tier_to_id or tiers.get(step(rule.tier_id.code), self.env["cs.tier"]),
                "conditions": rule.condition_ids.mapped("sentence"),
            }
            for rule in policy.rule_ids.filtered(lambda each: each.outcome == outcome.code)
        ]
