from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cs_promotion.engine.calendar import add_months, complete_months
from odoo.addons.cs_promotion.engine.decimals import fraction, round_half_up
from odoo.addons.cs_promotion.engine.facts import Closing

# metrics by which candidates are compared, as _get_figures_of takes them
COMPARED = ("month_score", "month_rank", "quarter_score", "quarter_rank", "awards")


class CsVacancySlateMixin(models.AbstractModel):
    """Who is on the slate of a supervisor post, with the figures that speak for each (L5)."""

    _name = "cs.vacancy.slate.mixin"
    _description = "Vacancy with a Slate"

    def _draw(self, day):
        """Put everybody who may be weighed on the slate, with figures as of ``day``."""
        self.ensure_one()
        figures = self._get_figures(day)
        there = {candidate.employee_id.id: candidate for candidate in self.candidate_ids}
        gone = self.candidate_ids.filtered(lambda each: each.employee_id.id not in figures)
        if self.chosen_id in gone:
            self.chosen_id = False
        gone.unlink()
        for employee_id in figures.keys() & there.keys():
            there[employee_id].write(figures[employee_id])
        self.env["cs.vacancy.candidate"].create(
            [
                {"vacancy_id": self.id, "employee_id": employee_id, **values}
                for employee_id, values in figures.items()
                if employee_id not in there
            ]
        )
        self.write({"state": "open", "drawn_on": day})

    def _get_figures(self, day):
        """Employee id -> figures, of all reserve supervisors and seniors of the company.

        One query for each kind of fact, however many they are.
        """
        tiers = self._get_slate_tiers(day)
        timelines = {
            id_: timeline
            for id_, timeline in self.env["cs.timeline"]
            ._load_on_ladder(self.company_id, day, day)
            .items()
            if (held := timeline.at(day)) and held.tier in tiers.ids
        }
        policy = self.env["cs.policy"]._get_required(self.company_id, day)
        rungs, top = policy._get_rungs(), policy.top_n
        by_code = {tier.code: tier for tier in tiers}
        vocabulary = self.env["cs.vocabulary"]
        metrics = [vocabulary._find(vocabulary._get_metrics(), code) for code in COMPARED]
        return {
            facts.agent: self._get_figures_of(
                facts,
                by_code[facts.tier],
                rungs[by_code[facts.tier]].sequence,
                timelines[facts.agent].at(day).department,
                day,
                top,
            )
            for facts in self.env["cs.facts"]._load(
                timelines, Closing(day), self.company_id, metrics
            )
        }

    def _get_slate_tiers(self, day):
        """The tiers by appointment at the top of the ladder in force, and the one below them."""
        rungs = self.env["cs.policy"]._get_required(self.company_id, day)._get_rungs()
        tiers = self.env["cs.tier"]
        for tier, rung in reversed(rungs.items()):
            tiers |= tier
            if not rung.appointed and len(tiers) > 1:
                break
        return tiers

    def _get_reserve_tier(self):
        """The tier by appointment that is next above the one the chosen candidate holds (L5)."""
        policy = self.env["cs.policy"]._get_required(self.company_id, self.date)
        ladder, held = policy._get_ladder(), self.chosen_id.tier_id.code
        appointed = [tier for tier, rung in policy._get_rungs().items() if rung.appointed]
        if not appointed:
            raise UserError(
                self.env._(
                    "%(vacancy)s: policy %(policy)s has no tier by appointment. Appoint a "
                    "supervisor, or add such a tier.",
                    vacancy=self.display_name,
                    policy=policy.name,
                )
            )
        above = [tier for tier in appointed if ladder.is_above(tier.code, held)]
        if not above:
            raise ValidationError(
                self.env._(
                    "%(vacancy)s: %(agent)s holds %(tier)s; an appointment leads to a higher tier.",
                    vacancy=self.display_name,
                    agent=self.chosen_id.employee_id.sudo().name,  # of the slate, told already
                    tier=self.chosen_id.tier_id.name,
                )
            )
        return above[0]

    @api.model
    def _get_figures_of(self, facts, tier, place, department_id, day, top):
        scores, ranks, quarter_scores, quarter_ranks, awards = (
            facts.series.get(code, ()) for code in COMPARED
        )
        year = add_months(day, -12)
        recent = [each.value for each in scores if each.start >= year]
        mean = round_half_up(fraction(sum(recent)) / len(recent)) if recent else 0
        score, rank = self._get_newest(scores, ranks)
        quarter_score, quarter_rank = self._get_newest(quarter_scores, quarter_ranks)
        return {
            "tier_id": tier.id,
            "tier_sequence": place,
            "department_id": department_id,
            "tier_months": complete_months(facts.tier_since, day),
            "service_months": complete_months(facts.joined, day),
            "score_last": float(score),
            "rank_last": rank,
            "quarter_score_last": float(quarter_score),
            "quarter_rank_last": quarter_rank,
            "score_mean": float(mean),
            "top_count": sum(each.value <= top for each in ranks if each.start >= year),
            "award_count": sum(each.start <= day for each in awards),
            "violation_count": len([each for each in facts.violations if each.date <= day]),
        }

    @api.model
    def _get_newest(self, *series):
        """The values of the newest period that has any, 0 for one that it lacks."""
        newest = max((points[-1].end for points in series if points), default=None)
        return [points[-1].value if points and points[-1].end == newest else 0 for points in series]
