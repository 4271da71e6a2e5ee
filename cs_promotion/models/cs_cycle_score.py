from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from ..engine import scoring
from ..engine.decimals import decimal


class CsCycle(models.Model):
    """Scores and ranks of a cycle, from its sheets or, in a quarter, its months (S2-S4, R2-R4)."""

    _inherit = "cs.cycle"

    def _freeze_results(self, timelines):
        """Place, score and rank every appraisal of the cycle, and publish it (S2-S4, R2-R4).

        Department and tier are those at the period's end, a leaver's those of the last day.
        """
        places = self._get_places(timelines)
        scores, means = self._compute_scores()
        by_department = defaultdict(dict)
        for id_, mean in means.items():
            by_department[places[id_][0]][id_] = mean
        ranks = {}
        for group in by_department.values():
            ranks |= scoring.ranks(group)
        self._write_results(
            (id_, *place, id_ in scores, float(scores.get(id_, 0)), ranks.get(id_, 0))
            for id_, place in places.items()
        )

    def _get_places(self, timelines):
        """Appraisal id -> department and tier at the period's end (R2)."""
        self.env["cs.appraisal"].flush_model()
        places = {}
        for id_, employee_id, *place in self.env.execute_query(
            SQL(
                "SELECT id, employee_id, department_id, tier_id FROM cs_appraisal "
                "WHERE cycle_id = %s",
                self.id,
            )
        ):
            timeline = timelines.get(employee_id)
            last = timeline and timeline.last_in(self.date_start, self.date_end)
            places[id_] = (last.department, last.tier) if last else tuple(place)
        return places

    def _compute_scores(self):
        """Appraisal id -> score, of those that have one (S3); and -> what ranks them: the score,
        but in a quarter the mean of the months (R4), which by ``average`` is its score (R3)."""
        if self.kind == "month":
            scores = self._compute_sheet_scores()
            return scores, scores
        means = {
            id_: mean
            for id_, months in self._get_month_scores().items()
            if (mean := scoring.mean_of_three(months)) is not None
        }
        return self._compute_sheet_scores() if self._needs_sheets() else means, means

    def _compute_sheet_scores(self):
        """Appraisal id -> score from the submitted sheets, of those that have one (S3)."""
        settings = self.policy_id._compile().settings
        sections = self.policy_id.scorecard_id._get_sections()
        totals = defaultdict(dict)
        for (appraisal_id, role), given in self._get_section_points().items():
            points = {key: given.get(key, decimal(0)) for key in sections}
            totals[appraisal_id][role] = scoring.rater_total(
                points, sections, settings.score_method
            )
        scores = {id_: scoring.score(given, settings) for id_, given in totals.items()}
        return {id_: score for id_, score in scores.items() if score is not None}

    def _get_section_points(self):
        """(appraisal id, role) -> section id -> points, of all submitted sheets."""
        self.env["cs.appraisal.sheet.line"].flush_model()
        self.env["cs.appraisal.sheet"].flush_model()
        points = defaultdict(dict)
        for appraisal_id, role, section_id, total in self.env.execute_query(
            SQL(
                """
                SELECT sheet.appraisal_id, sheet.role, line.section_id, SUM(line.points)
                  FROM cs_appraisal_sheet sheet
                  JOIN cs_appraisal appraisal ON appraisal.id = sheet.appraisal_id
                  JOIN cs_appraisal_sheet_line line ON line.sheet_id = sheet.id
                 WHERE sheet.cycle_id = %s AND sheet.state = 'submitted'
                   AND NOT appraisal.excluded
                 GROUP BY sheet.appraisal_id, sheet.role, line.section_id
                """,
                self.id,
            )
        ):
            points[appraisal_id, role][section_id] = decimal(total)
        return points

    def _get_month_scores(self):
        """Appraisal id of this quarter -> scores of the agent's closed months (R3, R4)."""
        self.env["cs.appraisal"].flush_model()
        scores = defaultdict(list)
        for id_, score in self.env.execute_query(
            SQL(
                """
                SELECT own.id, month.score
                  FROM cs_appraisal own
                  JOIN cs_appraisal month ON month.employee_id = own.employee_id
                   AND month.company_id = own.company_id AND month.kind = 'month'
                   AND month.closed AND month.scored
                   AND month.date_start BETWEEN own.date_start AND own.date_end
                 WHERE own.cycle_id = %s
                """,
                self.id,
            )
        ):
            scores[id_].append(decimal(score))
        return scores

    def _write_results(self, rows):
        """Write and publish ``rows`` of (appraisal id, department, tier, scored, score, rank).

        In one statement; a score that stays as it was keeps the day it was published first.
        """
        ids, *columns = list(zip(*rows, strict=True)) or [()] * 6
        departments, tiers, scored, scores, ranks = map(list, columns)
        self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal
                   SET department_id = given.department_id, tier_id = given.tier_id,
                       scored = given.scored, score = given.score, rank = given.rank,
                       closed = TRUE, published_score = given.score,
                       published_on = CASE WHEN published_score = given.score
                                      THEN published_on ELSE %s END
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::bool[], %s::numeric[], %s::int[])
                       AS given (id, department_id, tier_id, scored, score, rank)
                 WHERE cs_appraisal.id = given.id RETURNING 1
                """,
                fields.Date.today(),
                list(ids),
                departments,
                tiers,
                scored,
                scores,
                ranks,
            )
        )
        self.env["cs.appraisal"].invalidate_model()
