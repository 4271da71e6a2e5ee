from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.calendar import add_months, complete_months
from ..engine.decimals import fraction, round_half_up
from ..engine.facts import Closing

# metrics by which candidates are compared, as _get_figures_of takes them
COMPARED = ("month_score", "month_rank", "quarter_score", "quarter_rank", "awards")


class CsVacancyCandidate(models.Model):
    """One candidate of a slate, with the figures that speak for them (L5)."""

    _name = "cs.vacancy.candidate"
    _inherit = ["cs.name.search.mixin"]
    _description = "CS Vacancy Candidate"
    _order = "vacancy_id, tier_sequence desc, score_mean desc, id"
    _name_parts = ("employee_id", "tier_id")

    display_name = fields.Char(compute_sudo=True)  # a candidate may have moved to another company
    vacancy_id = fields.Many2one(
        "cs.vacancy", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="vacancy_id.company_id", store=True, precompute=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Candidate", required=True, ondelete="restrict", readonly=True
    )
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="restrict")
    tier_id = fields.Many2one("cs.tier", required=True, readonly=True)
    tier_sequence = fields.Integer(readonly=True, help="The tier's place on the ladder.")
    tier_months = fields.Integer(
        string="Months in Tier", readonly=True, aggregator="avg", help="Complete months."
    )
    service_months = fields.Integer(
        string="Months of Service", readonly=True, aggregator="avg", help="Since joining."
    )
    score_last = fields.Float(
        string="Last Monthly Score", digits=(5, 2), readonly=True, aggregator="avg"
    )
    rank_last = fields.Integer(string="Last Monthly Rank", readonly=True, aggregator=False)
    quarter_score_last = fields.Float(
        string="Last Quarterly Score", digits=(5, 2), readonly=True, aggregator="avg"
    )
    quarter_rank_last = fields.Integer(
        string="Last Quarterly Rank", readonly=True, aggregator=False
    )
    score_mean = fields.Float(
        string="Mean Score",
        digits=(5, 2),
        readonly=True,
        aggregator="avg",
        help="Mean of the monthly scores of the last twelve months.",
    )
    top_count = fields.Integer(
        string="Months at the Top",
        readonly=True,
        help="Months among the first ranks that the policy asks for, of the last twelve.",
    )
    award_count = fields.Integer(string="Awards", readonly=True)
    violation_count = fields.Integer(string="Violations", readonly=True)

    _employee_uniq = models.Constraint(
        "UNIQUE(vacancy_id, employee_id)", "A slate names each candidate once."
    )

    @api.depends("employee_id", "tier_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for candidate in self:
            candidate.display_name = self.env._(
                "%(agent)s, %(tier)s",
                agent=candidate.employee_id.name,
                tier=candidate.tier_id.name,
            )


class CsVacancy(models.Model):
    _inherit = "cs.vacancy"

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
        # where there is none above, the decision says that it leads to a higher tier
        return next((tier for tier in appointed if ladder.is_above(tier.code, held)), appointed[-1])

    @api.model
    def _get_figures_of(self, facts, tier, place, department_id, day, top):
        scores, ranks, quarter_scores, quarter_ranks, awards = (
            facts.series[code] for code in COMPARED
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
