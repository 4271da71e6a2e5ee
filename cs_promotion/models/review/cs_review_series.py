from collections import defaultdict
from fractions import Fraction
from functools import cache
from operator import itemgetter

from odoo import api, models
from odoo.tools import SQL

from ...engine.calendar import period_start
from ...engine.decimals import decimal
from ...engine.series import Point
from ..many import any_of

# When a closed period has a figure
HELD = {
    "score": "scored",
    "rank": "rank > 0",
    "place_bottom": "rank_bottom > 0",
    "class": "class_id IS NOT NULL",
    "share": "rank > 0 AND ranked > 0",
    "share_bottom": "rank_bottom > 0 AND ranked > 0",
}


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
        wanted = defaultdict(list)  # what a row is read for -> how each figure is, where it goes
        for code in codes:
            kind, figure = self._split(code)
            wanted[code if scope.most else kind].append((figures[figure], series[code]))
        columns = SQL(
            """
            review.employee_id, review.date_start, review.date_end, review.id,
            NULLIF(review.ranked, 0), CASE WHEN review.scored THEN review.score::text END,
            NULLIF(review.rank, 0), NULLIF(review.rank_bottom, 0), review.class_id
            """
        )
        reviews = self._find_reviews(scope, codes)
        for row in self.env.execute_query(
            SQL("SELECT %s, %s ORDER BY review.date_start", columns, reviews)
        ):
            for get, points in wanted[row[-1]]:
                value = get(row)
                if value is not None:
                    employee_id, start, end, id_, ranked = row[:5]
                    points[employee_id].append(Point(start, end, value, id_, ranked))
        return series

    @api.model
    def _split(self, code):
        """The kind of period and the figure of a code."""
        kind, _separator, figure = code.partition("_")
        return kind, figure

    @api.model
    def _find_reviews(self, scope, codes):
        """What each row is read for, and from what: the closed periods that a scope asks for, as
        ``review``.

        A row is read for all figures of its kind of period; where so many points are asked for,
        for one: a period that lacks one figure may have another (R5). Periods that end on one day
        are found by their cycles.
        """
        given = {
            "ids": any_of(scope.timelines),
            "kinds": list({self._split(code)[0] for code in codes}),
            "company": scope.company.id,
            "since": scope.since,
            "until": scope.until,
        }
        if scope.most:
            return self._find_newest(scope, codes, given)
        if scope.since == scope.until:
            return SQL(
                """
                review.kind
                FROM cs_cycle cycle JOIN cs_appraisal review ON review.cycle_id = cycle.id
                WHERE cycle.company_id = %(company)s AND cycle.kind = ANY(%(kinds)s)
                  AND cycle.date_end = %(until)s AND review.employee_id = %(ids)s
                  AND review.closed AND (review.scored OR review.rank > 0)
                """,
                **given,
            )
        return SQL(
            # by the first day, too, which the index has: of a year one row is read, not all
            """
            review.kind
            FROM unnest(%(kinds)s::text[], %(starts)s::date[]) AS wanted (kind, start)
            JOIN cs_appraisal review
              ON review.employee_id = %(ids)s AND review.kind = wanted.kind
             AND review.date_start >= wanted.start AND review.company_id = %(company)s
             AND review.closed AND review.date_end BETWEEN %(since)s AND %(until)s
             AND (review.scored OR review.rank > 0)
            """,
            starts=[period_start(kind, scope.since) for kind in given["kinds"]],
            **given,
        )

    @api.model
    def _find_newest(self, scope, codes, given):
        """Of each agent no more rows of each figure than the scope asks for."""
        held = SQL(" ").join(SQL("WHEN %s THEN %s", name, SQL(held)) for name, held in HELD.items())
        asked = [
            (id_, code, *self._split(code), most)
            for id_, by_code in scope.most.items()
            for code, most in by_code.items()
            if code in codes
        ]
        agents, wanted, kinds, figures, most = zip(*asked, strict=True) if asked else [()] * 5
        return SQL(
            """
            wanted.code
            FROM unnest(%(agents)s::int[], %(codes)s::text[], %(own)s::text[], %(figures)s::text[],
                        %(most)s::int[]) AS wanted (agent, code, kind, figure, most)
            CROSS JOIN LATERAL (
                SELECT *
                  FROM cs_appraisal
                 WHERE employee_id = wanted.agent AND kind = wanted.kind AND closed
                   AND company_id = %(company)s AND date_end BETWEEN %(since)s AND %(until)s
                   AND CASE wanted.figure %(held)s END
                 ORDER BY date_start DESC
                 LIMIT wanted.most
            ) review
            """,
            agents=list(agents),
            codes=list(wanted),
            own=list(kinds),
            figures=list(figures),
            most=list(most),
            held=held,
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
            "score": lambda row: row[5] and exact(row[5]),
            "rank": itemgetter(6),
            "place_bottom": itemgetter(7),
            "class": lambda row: classes.get(row[8]),
            "share": lambda row: share(row[6], row[4]),
            "share_bottom": lambda row: share(row[7], row[4]),
        }
