from odoo import api, models

from ...engine.rule import DEMOTE, PROMOTE, REVIEW


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
            "fined": any(line and line.fine_max for _tier, line in pay),
            "appointed": policy._get_ladder().appointed,
            "confirmed": self._get_confirmed(policy),
            "up": rules.pop(PROMOTE, []),
            "down": rules.pop(DEMOTE, []),
            "reviews": rules.pop(REVIEW, []),
            # outcomes of addons come after those that everybody knows
            "others": [(outcomes[code].name, rows) for code, rows in rules.items() if rows],
            "scorecards": policy._get_scorecards(),
            "score": words._say_scoring(policy)
            + words._say_forms(policy)
            + words._say_targets(policy),
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
        """The rules of one outcome: dict(rule, to, conditions, examined, places), in their
        order."""
        return [
            {
                "rule": rule,
                "to": to,
                "conditions": rule._get_parts(),
                "examined": rule._say_examined(),
                "procedure": self.env["cs.words"]._say_procedure(rule),
                "places": outcome.step > 0 and self._get_places(policy, to),
            }
            for rule, to in self._get_targets(policy, outcome)
        ]

    @api.model
    def _get_targets(self, policy, outcome):
        """Pairs (rule, the tier it leads to) of one outcome, in their order."""
        tiers = {tier.code: tier for tier in policy._get_rungs()}
        ladder = policy._get_ladder()
        steps = {1: ladder.above, -1: ladder.below}
        step = steps.get(outcome.step, lambda code: None)
        none = self.env["cs.tier"]
        return [
            (rule, rule.tier_to_id or tiers.get(step(rule.tier_id.code), none))
            for rule in policy.rule_ids.filtered(lambda each: each.outcome == outcome.code)
        ]

    @api.model
    def _get_places(self, policy, to):
        """How many may be on the rung that a rule leads to, in words."""
        return policy.rung_ids.filtered(lambda rung: rung.tier_id == to).places_sentence
