from datetime import date

from odoo import api, models
from odoo.exceptions import ValidationError

from .scheduled import post_once


class CsDecision(models.Model):
    """Nobody is moved to a tier that the policy of that day, or a later one, does not pay (W1)."""

    _inherit = "cs.decision"

    @api.constrains("employee_id", "effective_date", "tier_to_id", "ground_type", "company_id")
    def _check_tier_paid(self):
        """A person's decision: it is made by hand, so it is refused at once."""
        persons = self.filtered(
            lambda each: each.ground_type == "person" and each.state in ("proposed", "announced")
        )
        policies = self.env["cs.policy"]
        for company, decisions in persons.sudo().grouped("company_id").items():
            payers = policies._get_payers(company)
            for decision in decisions:
                unpaid = policies._find_unpaid(
                    payers, decision.tier_to_id.id, decision.effective_date
                )
                if unpaid:
                    version, day = unpaid
                    raise ValidationError(
                        self.env._(
                            "%(decision)s: policy %(policy)s, in force on %(day)s, has no pay line "
                            "for tier %(tier)s.",
                            decision=decision.display_name,
                            policy=version.name,
                            day=day,
                            tier=decision.tier_to_id.name,
                        )
                    )

    @api.model
    def _keep_payable(self, policy, decided, cycle):
        """Leave out the moves to a tier that a version in force from then on does not pay.

        The closing goes on; who would have moved is written down where the office sees it.

        :param decided: pairs (facts, verdict) of the engine
        :param cycle: the cycle that is closed, if any
        """
        if not any(verdict.to for _facts, verdict in decided):
            return decided
        payers = policy._get_payers(policy.company_id)
        tiers = self.env["cs.tier"]._get_ids_by_code()
        kept = []
        for facts, verdict in decided:
            unpaid = verdict.to and policy._find_unpaid(
                payers, tiers[verdict.to], verdict.effective, facts.left or date.max
            )
            if unpaid:
                self._note_unpaid(facts, verdict, tiers[verdict.to], unpaid[0], cycle)
            else:
                kept.append((facts, verdict))
        return kept

    @api.model
    def _note_unpaid(self, facts, verdict, tier_id, version, cycle):
        agent = self.env["hr.employee"].sudo().browse(facts.agent)
        post_once(
            cycle or agent,
            self.env._(
                "%(agent)s would have moved to %(tier)s on %(day)s (%(ground)s), but policy "
                "%(policy)s has no pay line for it: nothing was decided.",
                agent=agent.name,
                tier=self.env["cs.tier"].browse(tier_id).name,
                day=verdict.effective,
                ground=verdict.ground,
                policy=version.name,
            ),
        )
