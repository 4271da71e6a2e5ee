from collections import defaultdict
from datetime import date
from functools import cache

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import scoring
from ...engine.decimals import decimal


class CsCycleResults(models.AbstractModel):
    """Scores and ranks of a cycle, from its sheets or, in a quarter, its months (S2-S4, R2-R4).

    A month of many agents is read and written in few statements, past the ORM.
    """

    _name = "cs.cycle.results"
    _description = "Scores and Ranks of a CS Review Cycle"

    @api.model
    def _freeze(self, cycle, timelines):
        """Place, score and rank every appraisal of the cycle, and publish it (S2-S4, R2-R4).

        A quarter by average gets the appraisals of those whose three months are scored (R3).
        """
        months = self._load_months(cycle, timelines) if cycle.kind == "quarter" else {}
        scores, means = self._compute_scores(cycle, months)
        held = self._load_places(cycle)
        new = {} if cycle._needs_sheets() else {id_: months[id_][-1][1:] for id_ in means}
        places = {
            id_: self._get_place(cycle, timelines.get(id_), former)
            for id_, former in (new | held).items()
        }
        by_department = defaultdict(dict)
        for id_, mean in means.items():
            if id_ in places:
                by_department[places[id_][0]][id_] = mean
        ranks = {}
        for group in by_department.values():
            ranks |= scoring.ranks(group)
        rows = [
            (id_, *place, id_ in scores, float(scores.get(id_, 0)), ranks.get(id_, 0))
            for id_, place in places.items()
        ]
        appraisals = self.env["cs.appraisal"]
        appraisals._insert_for(cycle, [row for row in rows if row[0] not in held], publish=True)
        self._write_results(cycle, [row for row in rows if row[0] in held])
        self._move_sheets(cycle, [id_ for id_ in held if places[id_][0] != held[id_][0]])

    @api.model
    def _load_places(self, cycle):
        """Employee id -> department and tier that their appraisal has so far."""
        self.env["cs.appraisal"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT employee_id, department_id, tier_id FROM cs_appraisal WHERE cycle_id = %s",
                cycle.id,
            )
        )
        return {id_: tuple(place) for id_, *place in rows}

    @api.model
    def _get_place(self, cycle, timeline, former):
        """Department and tier at the period's end, a leaver's those of the last day (R2)."""
        last = timeline and timeline.last_in(cycle.date_start, cycle.date_end)
        return (last.department, last.tier) if last else former

    @api.model
    def _compute_scores(self, cycle, months):
        """Employee id -> score, of those that have one (S3); and -> what ranks them: the score,
        but in a quarter the mean of the months (R4), which by ``average`` is its score (R3)."""
        if cycle.kind == "month":
            scores = self._compute_sheet_scores(cycle)
            return scores, scores
        means = {
            id_: mean
            for id_, rows in months.items()
            if (mean := scoring.mean_of_three(row[0] for row in rows)) is not None
        }
        return self._compute_sheet_scores(cycle) if cycle._needs_sheets() else means, means

    @api.model
    def _compute_sheet_scores(self, cycle):
        """Employee id -> score from the submitted sheets, of those that have one (S3)."""
        policy = cycle.policy_id._compile()
        sections = cycle.policy_id.scorecard_id._get_sections()
        nothing = dict.fromkeys(sections, decimal(0))
        totals = defaultdict(dict)
        for (employee_id, role), points in self._load_section_points(cycle).items():
            totals[employee_id][role] = scoring.rater_total(
                nothing | points, sections, policy.settings.score_method
            )
        scores = {id_: scoring.score(given, policy.raters) for id_, given in totals.items()}
        return {id_: score for id_, score in scores.items() if score is not None}

    @api.model
    def _load_section_points(self, cycle):
        """(employee id, role) -> section id -> points, of all submitted sheets."""
        self.env["cs.appraisal.sheet.line"].flush_model()
        self.env["cs.appraisal.sheet"].flush_model()
        points, exact = defaultdict(dict), cache(decimal)
        for employee_id, role, section_id, total in self.env.execute_query(
            SQL(
                """
                SELECT sheet.employee_id, sheet.role, line.section_id, SUM(line.points)::float
                  FROM cs_appraisal_sheet sheet
                  JOIN cs_appraisal appraisal ON appraisal.id = sheet.appraisal_id
                  JOIN cs_appraisal_sheet_line line ON line.sheet_id = sheet.id
                 WHERE sheet.cycle_id = %s AND sheet.state = 'submitted'
                   AND NOT appraisal.excluded
                 GROUP BY sheet.employee_id, sheet.role, line.section_id
                """,
                cycle.id,
            )
        ):
            points[employee_id, role][section_id] = exact(total)
        return points

    @api.model
    def _load_months(self, cycle, timelines):
        """Employee id -> (score, department, tier) of the closed months of this quarter that
        have a score, oldest first (R3, R4). Months of a former employment are history (R5)."""
        joined = {
            id_: timeline.joined(min(last.end, cycle.date_end))
            for id_, timeline in timelines.items()
            if (last := timeline.last_in(cycle.date_start, cycle.date_end))
        }
        self.env["cs.appraisal"].flush_model()
        months, exact = defaultdict(list), cache(decimal)
        for id_, end, score, *place in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, date_end, score::float, department_id, tier_id
                  FROM cs_appraisal
                 WHERE company_id = %s AND kind = 'month' AND closed AND scored
                   AND date_start BETWEEN %s AND %s
                 ORDER BY date_start
                """,
                cycle.company_id.id,
                cycle.date_start,
                cycle.date_end,
            )
        ):
            if end >= joined.get(id_, date.min):
                months[id_].append((exact(score), *place))
        return months

    @api.model
    def _write_results(self, cycle, rows):
        """Write and publish ``rows`` of (employee id, department, tier, scored, score, rank).

        In one statement; a score that stays as it was keeps the day it was published first,
        unless a sheet was handed in anew: that is a new score, which may be objected to.
        """
        if not rows:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal
                   SET department_id = given.department_id, tier_id = given.tier_id,
                       scored = given.scored, score = given.score, rank = given.rank,
                       closed = TRUE, published_score = given.score,
                       published_on = CASE WHEN published_score = given.score
                                            AND regraded IS NOT TRUE
                                      THEN published_on ELSE %s END,
                       told_on = CASE WHEN published_score = given.score
                                       AND regraded IS NOT TRUE
                                 THEN told_on END,
                       regraded = FALSE
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::bool[], %s::numeric[], %s::int[])
                       AS given (employee_id, department_id, tier_id, scored, score, rank)
                 WHERE cycle_id = %s AND cs_appraisal.employee_id = given.employee_id
             RETURNING 1
                """,
                cycle.company_id._cs_today(),
                *map(list, zip(*rows, strict=True)),
                cycle.id,
            )
        )
        self.env["cs.appraisal"].invalidate_model()

    @api.model
    def _move_sheets(self, cycle, employee_ids):
        """Tell the sheets of agents whose department was written past the ORM."""
        ours = Domain("cycle_id", "=", cycle.id) & Domain("employee_id", "in", employee_ids)
        self.env["cs.appraisal"].search(ours, order="id").modified(["department_id"])
