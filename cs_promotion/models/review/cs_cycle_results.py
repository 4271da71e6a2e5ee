import json
from collections import defaultdict
from datetime import date
from functools import cache

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import scoring
from ...engine.decimals import decimal, fraction
from ...engine.form import evaluate
from ...engine.series import Point, Scope, in_period


class CsCycleResults(models.AbstractModel):
    """Scores and ranks of a cycle, from its sheets or, in a quarter, its months (S2-S4, R2-R4).

    A month of many agents is read and written in few statements, past the ORM.
    """

    _name = "cs.cycle.results"
    _description = "Scores and Ranks of a CS Review Cycle"

    @api.model
    def _freeze(self, cycle, timelines):
        """Place, score and rank every appraisal of the cycle, and publish it (S2-S4, R2-R4).

        A longer period that is made of months gets the appraisals of those who have all of them
        (R3).
        """
        months = self._load_months(cycle, timelines) if cycle.kind != "month" else {}
        scores, means, kept = self._compute_scores(cycle, months)
        held = self._load_places(cycle)
        # one that is made of months has no sheets, so nobody has an appraisal of it yet
        new = {} if cycle._needs_sheets() else {id_: months[id_][-1][1:] for id_ in means}
        places = {
            id_: self._get_place(cycle, timelines.get(id_), former)
            for id_, former in (new | held).items()
        }
        # among those one is compared with, by what is shown: scores are rounded before (S4)
        within = self._get_comparing(cycle, timelines, places)
        ranks = {}
        least = cycle.policy_id.rank_least
        for group in self._group(means, within).values():
            if len(group) < least:
                continue
            bottom = scoring.ranks_from_bottom(group)
            ranks |= {
                id_: (rank, bottom[id_], len(group)) for id_, rank in scoring.ranks(group).items()
            }
        classes, withheld = self.env["cs.cycle.classes"]._place(
            cycle, self._group(scores, within), kept.get("points", {})
        )
        rows = [
            (
                id_,
                *place,
                id_ in scores,
                float(scores.get(id_, 0)),
                *ranks.get(id_, (0, 0, 0)),
                classes.get(id_),
                withheld.get(id_),
            )
            for id_, place in places.items()
        ]
        appraisals = self.env["cs.appraisal"]
        # two statements for all of them: by the ORM a closing of many agents would take minutes
        appraisals._insert_for(cycle, [row for row in rows if row[0] not in held], publish=True)
        self._write_results(cycle, [row for row in rows if row[0] in held], kept)
        self._move_sheets(cycle, [id_ for id_ in held if places[id_][0] != held[id_][0]])

    @api.model
    def _get_comparing(self, cycle, timelines, places):
        """Employee id -> with whom one is compared: within a department, a job position or the
        company (R2), and only with those scored by the same form where the policy says so."""
        within = self._get_unit(cycle, timelines, places)
        if not cycle.policy_id.rank_by_form:
            return within
        forms = self._get_forms(cycle)
        return {id_: (unit, forms.get(id_)) for id_, unit in within.items()}

    @api.model
    def _get_forms(self, cycle):
        """Employee id -> the form that one is scored by; where a period is made of months, in the
        last of them."""
        if not cycle._needs_sheets():
            cycle = cycle._get_ending_with().filtered(lambda each: each.kind == "month")
        return {
            id_: form
            for form, ids in self.env["cs.cycle.forms"]._group(cycle).items()
            for id_ in ids
        }

    @api.model
    def _get_unit(self, cycle, timelines, places):
        """Employee id -> the department, job position or company within which one is compared."""
        within = cycle.policy_id.rank_within
        if within == "department":
            return {id_: place[0] for id_, place in places.items()}
        if within == "company":
            return dict.fromkeys(places)
        jobs = {}
        for id_ in places:
            timeline = timelines.get(id_)
            last = timeline and timeline.last_in(cycle.date_start, cycle.date_end)
            jobs[id_] = last and last.job
        return jobs

    @api.model
    def _group(self, values, within):
        """With whom one is compared -> employee id -> value."""
        groups = defaultdict(dict)
        for id_, value in values.items():
            if id_ in within:
                groups[within[id_]][id_] = value
        return groups

    @api.model
    def _load_places(self, cycle):
        """Employee id -> department and tier that their appraisal has so far."""
        # what this transaction has written has to be in the database before SQL reads it
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
        but in a quarter with a form of its own the mean of the months (R4); and what is kept
        of how it came about: field -> employee id -> value."""
        method, number = cycle._get_method(), cycle._count_months()
        least = cycle.policy_id._get_least_months(cycle.kind)
        means = {}
        for id_, rows in months.items():
            # months in which somebody has no form are not asked for
            scores = [row[0] for row in rows]
            given = scoring.of_months(scores, number - scores.count(None), method, least)
            if given is not None:
                means[id_] = given
        if method != "scorecard":
            return means, means, {}
        scores, kept = self._compute_sheet_scores(cycle)
        return scores, means if cycle.kind == "quarter" else scores, kept

    @api.model
    def _compute_sheet_scores(self, cycle):
        """Employee id -> score from the submitted sheets, of those that have one (S3); and what is
        kept: ``measured`` of forms that measure, ``points`` where metrics are of them."""
        forms = self.env["cs.cycle.forms"]._compile(cycle)
        people = self.env["cs.cycle.forms"]._group(cycle)
        rated, scores = self._load_rated(cycle, forms.values()), {}
        kept = {"measured": {}, "points": {}}
        # a form that goes by the others' scores of this very period comes after theirs
        for id_, form in sorted(
            forms.items(), key=lambda each: bool(self._rests_on(cycle, each[1]))
        ):
            ours = people.get(id_, ())
            measured = {}
            if form.metrics and ours:
                measured = self._load_measured(cycle, form, ours, self._get_given(cycle, scores))
                self._check_known(cycle, form, measured)
            given = {each: rated[each] for each in ours if each in rated}
            results = self._evaluate(form, given, measured)
            scores |= {agent: each.score for agent, each in results.items()}
            kept["measured"] |= self.env["cs.measured"]._keep(form, measured, results)
            scorecard = self.env["cs.scorecard"].browse(id_)
            points = self.env["cs.form.points"]._keep(cycle, scorecard, form, given, results)
            kept["points"] |= points
        return {id_: score for id_, score in scores.items() if score is not None}, kept

    @api.model
    def _evaluate(self, form, rated, measured):
        """Employee id -> :class:`~...engine.form.Result`, of those whose forms are in or of whom
        something is measured."""
        return {
            id_: evaluate(form, rated.get(id_, {}), measured.get(id_))
            for id_ in (measured or rated)
        }

    @api.model
    def _rests_on(self, cycle, form):
        """Codes of the metrics of a form that are made of the scores of its own period: the
        leader's, of the mean of the team."""
        own, metrics = f"{cycle.kind}_score", self.env["cs.metric"]
        return [code for code in form.metrics if own in metrics._get_all_made_of(code)]

    @api.model
    def _get_given(self, cycle, scores):
        """The scores found so far, as points that nobody has stored yet."""
        points = {
            id_: Point(cycle.date_start, cycle.date_end, score)
            for id_, score in scores.items()
            if score is not None
        }
        return {f"{cycle.kind}_score": points}

    @api.model
    def _check_known(self, cycle, form, measured):
        """What is made of the others' scores is known only while the period is being closed: where
        it is not even then, it cannot be."""
        waits = {each.metric.code for each in form.parts.values() if each.waits}
        for code in waits.intersection(self._rests_on(cycle, form)):
            lacking = [id_ for id_, values in measured.items() if values[code] is None]
            if lacking:
                # superuser: names of agents for whoever may close the period
                agents = self.env["hr.employee"].sudo().browse(lacking)
                raise UserError(
                    self.env._(
                        "%(agents)s: nothing is known of %(metric)s. Nobody whose score it is made "
                        "of has one.",
                        agents=", ".join(agents.mapped("name")),
                        metric=form.metrics[code].name,
                    )
                )

    @api.model
    def _load_measured(self, cycle, form, employee_ids, given=None):
        """Employee id -> metric code -> value in the period, None where there is none.

        :param given: what is not stored yet, as ``Scope.given``
        """
        metrics = list(form.metrics.values())
        # nearly all of it is one value of each agent, which takes no series
        plain = self.env["cs.metric"]._filter_plain(metrics, cycle.kind)
        values = self.env["cs.measure"]._load_values(plain, cycle, employee_ids)
        known = [(metric.code, values[metric.id]) for metric in plain]
        measured = {id_: {code: each.get(id_) for code, each in known} for id_ in employee_ids}
        codes = set(plain.mapped("code"))
        metrics = [metric for metric in metrics if metric.code not in codes]
        if not metrics:
            return measured
        timelines = self.env["cs.timeline"]._load(employee_ids, cycle.company_id)
        scope = Scope(timelines, cycle.company_id, cycle.date_end, cycle.date_start, given or {})
        for metric, series in self.env["cs.facts"]._load_series(metrics, scope):
            for id_ in timelines:
                points = tuple(series.get(id_, ()))
                measured[id_][metric.code] = in_period(
                    metric, points, cycle.date_start, cycle.date_end
                )
        return measured

    @api.model
    def _find_unmeasured(self, cycle):
        """What closing waits for besides sheets: one line for each agent of whom something that
        the form measures is not known."""
        people = self.env["cs.cycle.forms"]._group(cycle)
        # superuser: names of agents for whoever may close the period
        agents = self.env["hr.employee"].sudo()
        lines = []
        for key, form in self.env["cs.cycle.forms"]._compile(cycle).items():
            waits = {each.metric.code for each in form.parts.values() if each.waits}
            waits |= {each.metric.code for each in form.raters.values() if each.waits}
            waits -= set(self._rests_on(cycle, form))  # the closing itself finds them
            ours = self._filter_unmeasured(cycle, form, waits, people.get(key, ()))
            for id_, values in (self._load_measured(cycle, form, ours) if ours else {}).items():
                lacking = [form.metrics[code].name for code in waits if values.get(code) is None]
                if lacking:
                    lines.append(
                        self.env._(
                            "%(agent)s: nothing is known of %(metrics)s",
                            agent=agents.browse(id_).name,
                            metrics=", ".join(sorted(lacking)),
                        )
                    )
        return lines

    @api.model
    def _filter_unmeasured(self, cycle, form, waits, employee_ids):
        """Those of these employees of whom something of this may not be known: where the database
        can tell, nobody else's values need be read to find out."""
        if not waits or not employee_ids:
            return ()
        metrics = [form.metrics[code] for code in waits]
        plain = self.env["cs.metric"]._filter_plain(metrics, cycle.kind)
        if len(plain) < len(metrics):
            return employee_ids
        known = self.env["cs.measure"]._find_all_measured(plain, cycle, employee_ids)
        return [id_ for id_ in employee_ids if id_ not in known]

    @api.model
    def _load_rated(self, cycle, forms):
        """Employee id -> role -> part of the form -> points, of all submitted sheets; the items of
        a section that is one part are summed up by the database."""
        self.env["cs.appraisal.sheet.line"].flush_model()
        self.env["cs.appraisal.sheet"].flush_model()
        rated, exact = defaultdict(lambda: defaultdict(dict)), cache(decimal)
        several = {code for form in forms for code, each in form.raters.items() if each.several}
        single = [item for form in forms for _section, item in form.parts if item]
        part = SQL("CASE WHEN line.item_id = ANY(%s) THEN line.item_id ELSE 0 END", single)
        for employee_id, role, section_id, item_id, total, sheets in self.env.execute_query(
            SQL(
                """
                SELECT sheet.employee_id, sheet.role, line.section_id, %s,
                       SUM(line.points)::float, COUNT(DISTINCT sheet.id)
                  FROM cs_appraisal_sheet sheet
                  JOIN cs_appraisal_sheet_line line ON line.sheet_id = sheet.id
                 WHERE sheet.cycle_id = %s AND sheet.state = 'submitted'
                   AND sheet.excluded IS NOT TRUE AND %s
                 GROUP BY 1, 2, 3, 4
                """,
                part if single else SQL("0"),
                cycle.id,
                self.env["cs.appraisal.sheet"]._bound_lines(cycle),
            )
        ):
            given = exact(total)
            if role in several:  # the mean of colleagues
                given = fraction(given) / sheets
            rated[employee_id][role][section_id, item_id] = given
        return rated

    @api.model
    def _load_months(self, cycle, timelines):
        """Employee id -> (score, department, tier) of the closed months of this period that have
        a score, or have no form and therefore none, oldest first (R3, R4). Months of a former
        employment are history (R5)."""
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
                SELECT employee_id, date_end, CASE WHEN scored THEN score::float END,
                       department_id, tier_id
                  FROM cs_appraisal
                 WHERE company_id = %s AND kind = 'month' AND closed AND (scored OR formless)
                   AND date_start BETWEEN %s AND %s
                 ORDER BY date_start
                """,
                cycle.company_id.id,
                cycle.date_start,
                cycle.date_end,
            )
        ):
            if end >= joined.get(id_, date.min):
                months[id_].append((None if score is None else exact(score), *place))
        return months

    @api.model
    def _write_results(self, cycle, rows, kept):
        """Write and publish ``rows`` of (employee id, department, tier, scored, score, rank, place
        from the bottom, how many are ranked, class, what kept from better ones), and what is kept
        of each: field -> employee id -> value.

        In one statement; a score that stays as it was keeps the day it was published first,
        unless a sheet was handed in anew: that is a new score, which may be objected to.
        """
        if not rows:
            return
        # where nothing is kept, as of a form that measures nothing, the column is left alone
        names = [name for name, values in kept.items() if values]
        keep = [SQL("%s = given.%s::jsonb,", *[SQL.identifier(name)] * 2) for name in names]
        columns = [
            [json.dumps(kept[name][id_]) if id_ in kept[name] else None for id_, *_each in rows]
            for name in names
        ]
        self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal
                   SET %s department_id = given.department_id, tier_id = given.tier_id,
                       scored = given.scored, score = given.score, rank = given.rank,
                       rank_bottom = given.rank_bottom, ranked = given.ranked,
                       class_id = given.class_id, withheld = given.withheld,
                       closed = TRUE, published_score = given.score,
                       published_on = CASE WHEN published_score = given.score
                                            AND regraded IS NOT TRUE
                                      THEN published_on ELSE %s END,
                       told_on = CASE WHEN published_score = given.score
                                       AND regraded IS NOT TRUE
                                 THEN told_on END,
                       regraded = FALSE
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::bool[], %s::numeric[], %s::int[],
                              %s::int[], %s::int[], %s::int[], %s::jsonb[] %s)
                       AS given (employee_id, department_id, tier_id, scored, score, rank,
                                 rank_bottom, ranked, class_id, withheld %s)
                 WHERE cycle_id = %s AND cs_appraisal.employee_id = given.employee_id
             RETURNING 1
                """,
                SQL(" ").join(keep),
                cycle.company_id._cs_today(),
                *map(list, zip(*rows, strict=True)),
                SQL().join(SQL(", %s::text[]", column) for column in columns),
                SQL().join(SQL(", %s", SQL.identifier(name)) for name in names),
                cycle.id,
            )
        )
        # it was written past the ORM: what is in the cache is of before
        self.env["cs.appraisal"].invalidate_model()

    @api.model
    def _move_sheets(self, cycle, employee_ids):
        """Tell the sheets of agents whose department was written past the ORM."""
        # stored fields of the sheets follow from it, but the ORM has seen no write
        ours = Domain("cycle_id", "=", cycle.id) & Domain("employee_id", "in", employee_ids)
        self.env["cs.appraisal"].search(ours, order="id").modified(["department_id"])
