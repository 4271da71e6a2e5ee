from collections import defaultdict
from fractions import Fraction
from functools import cache
from operator import itemgetter

from odoo import api, models
from odoo.tools import SQL

from ...engine.calendar import period_start
from ...engine.decimals import decimal
from ...engine.series import Point


class CsReviewSeries(models.AbstractModel):
    """Scores, places and classes of closed periods, as series for rules, paths and pay."""

    _name = "cs.review.series"
    _description = "CS Results as Series"

    @api.model
    def _load_series(self, codes, scope):
        """Scores and ranks of closed periods: a source of ``cs.vocabulary``.

        A code is the kind of period and the figure: ``month_score``. One query for all of them.
        """
        # two figures of one row: by the ORM a year of a thousand agents is read record by record
        self.env["cs.appraisal"].flush_model()
        series = {code: defaultdict(list) for code in codes}
        figures = self._get_figures(codes)
        wanted = defaultdict(list)  # kind of period -> how each figure is read, where it goes
        for code in codes:
            kind, _separator, name = code.partition("_")
            wanted[kind].append((figures[name], series[code]))
        columns = SQL(
            """
            review.kind, review.employee_id, review.date_start, review.date_end, review.id,
            NULLIF(review.ranked, 0), CASE WHEN review.scored THEN review.score::text END,
            NULLIF(review.rank, 0), NULLIF(review.rank_bottom, 0), review.class_id
            """
        )
        reviews = self._find_reviews(scope, list(wanted))
        for row in self.env.execute_query(
            SQL("SELECT %s FROM %s ORDER BY review.date_start", columns, reviews)
        ):
            kind, employee_id, start, end, id_, ranked, *_figures = row
            for get, points in wanted[kind]:
                value = get(row)
                if value is not None:
                    points[employee_id].append(Point(start, end, value, id_, ranked))
        return series

    @api.model
    def _find_reviews(self, scope, kinds):
        """The closed periods of these kinds that a scope asks for: what to select ``review`` from.

        Those that end on one day are found by their cycles; of a longer time by each agent, of
        whom no more rows are read than are asked for.
        """
        given = {
            "ids": scope.ids,
            "kinds": kinds,
            "company": scope.company.id,
            "since": scope.since,
            "until": scope.until,
        }
        if scope.since == scope.until:
            return SQL(
                """
                cs_cycle cycle JOIN cs_appraisal review ON review.cycle_id = cycle.id
                 WHERE cycle.company_id = %(company)s AND cycle.kind = ANY(%(kinds)s)
                   AND cycle.date_end = %(until)s AND review.employee_id = ANY(%(ids)s)
                   AND review.closed AND (review.scored OR review.rank > 0)
                """,
                **given,
            )
        return SQL(
            # by the first day, too, which the index has: of a year one row is read, not all
            """
            unnest(%(ids)s::int[], %(most)s::int[]) AS agent (id, most)
            CROSS JOIN unnest(%(kinds)s::text[], %(starts)s::date[]) AS wanted (kind, start)
            CROSS JOIN LATERAL (
                SELECT *
                  FROM cs_appraisal
                 WHERE employee_id = agent.id AND kind = wanted.kind
                   AND date_start >= wanted.start AND company_id = %(company)s AND closed
                   AND date_end BETWEEN %(since)s AND %(until)s AND (scored OR rank > 0)
                 ORDER BY date_start DESC
                 LIMIT agent.most
            ) review
            """,
            most=[scope.most.get(id_) for id_ in scope.timelines],
            starts=[period_start(kind, scope.since) for kind in kinds],
            **given,
        )

    @api.model
    def _get_figures(self, codes):
        """Name of each figure -> function of a row that :meth:`_load_series` reads."""
        exact = cache(decimal)
        asks_class = any(code.endswith("_class") for code in codes)
        classes = self.env["cs.policy.class"]._get_numbers() if asks_class else {}

        def share(place, ranked):  # exact: 2 of 3 is no decimal number
            return Fraction(100 * place, ranked) if place and ranked else None

        return {
            "score": lambda row: row[6] and exact(row[6]),
            "rank": itemgetter(7),
            "place_bottom": itemgetter(8),
            "class": lambda row: classes.get(row[9]),
            "share": lambda row: share(row[7], row[5]),
            "share_bottom": lambda row: share(row[8], row[5]),
        }
