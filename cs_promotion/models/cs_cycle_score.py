from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..engine import scoring
from ..engine.decimals import decimal


class CsCycle(models.Model):
    """Scores and ranks of a cycle, from its sheets or, in a quarter, its months (S2-S4, R2-R4)."""

    _inherit = "cs.cycle"

    def _freeze_places(self, timelines):
        """Write department and tier as they were at the period's end (R2)."""
        places = []
        for appraisal_id, employee_id in self._query_appraisals():
            timeline = timelines.get(employee_id)
            last = timeline and timeline.last_in(self.date_start, self.date_end)
            if last:
                places.append((appraisal_id, last.department, last.tier))
        if places:
            self._update_appraisals({"department_id": "int", "tier_id": "int"}, places)

    def _freeze_scores(self):
        """Score and rank every appraisal of the cycle (S2-S4, R2-R4)."""
        scores = self._compute_scores()
        means = self._get_rank_values(scores)
        ranks = {}
        for group in self._group_by_department(means).values():
            ranks |= scoring.ranks(group)
        rows = [
            (id_, id_ in scores, float(scores.get(id_, 0)), ranks.get(id_, 0))
            for id_, _employee in self._query_appraisals()
        ]
        if rows:
            self._update_appraisals({"scored": "bool", "score": "numeric", "rank": "int"}, rows)

    def _compute_scores(self):
        """Appraisal id -> score, of those that have one (S3)."""
        if not self._needs_sheets():
            return {
                id_: score
                for id_, months in self._get_month_scores().items()
                if (score := scoring.quarter_score(months)) is not None
            }
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

    def _get_rank_values(self, scores):
        """What agents are ranked by: the score; in a quarter the mean of the months (R4)."""
        if self.kind == "month":
            return scores
        means = {
            id_: scoring.mean_of_three(months) for id_, months in self._get_month_scores().items()
        }
        return {id_: mean for id_, mean in means.items() if mean is not None}

    def _group_by_department(self, values):
        departments = self.env.execute_query(
            SQL("SELECT id, department_id FROM cs_appraisal WHERE cycle_id = %s", self.id)
        )
        groups = defaultdict(dict)
        for id_, department_id in departments:
            if id_ in values:
                groups[department_id][id_] = values[id_]
        return groups

    def _query_appraisals(self):
        self.env["cs.appraisal"].flush_model()
        return self.env.execute_query(
            SQL("SELECT id, employee_id FROM cs_appraisal WHERE cycle_id = %s", self.id)
        )

    def _update_appraisals(self, columns, rows):
        """Write ``rows`` of (appraisal id, value of each column) in one statement.

        :param columns: column name -> PostgreSQL type
        """
        names = [SQL.identifier(name) for name in columns]
        types = [
            SQL("%s::" + kind + "[]", list(values))
            for kind, values in zip(
                ["int", *columns.values()], zip(*rows, strict=True), strict=True
            )
        ]
        self.env.execute_query(
            SQL(
                """UPDATE cs_appraisal SET %s FROM unnest(%s) AS given (id, %s)
                    WHERE cs_appraisal.id = given.id RETURNING 1""",
                SQL(", ").join(SQL("%s = given.%s", name, name) for name in names),
                SQL(", ").join(types),
                SQL(", ").join(names),
            )
        )
        self.env["cs.appraisal"].invalidate_model()
