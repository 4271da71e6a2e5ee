from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from ..engine import scoring
from ..engine.calendar import closes_quarter, month_start, quarter_start
from ..engine.decimals import decimal
from ..engine.facts import Closing
from ..engine.rules import judge
from .scheduled import post_once, take_step

MISSING_SHOWN = 30  # lines of what is missing that an error message shows


class CsCycle(models.Model):
    """Closing a cycle: scores, ranks, violations by complaint rate, decisions (O1)."""

    _inherit = "cs.cycle"

    def action_close(self):
        """Close the cycles, oldest first; refuse with a list of what is missing."""
        self.check_access("write")
        for cycle in self.sudo().sorted(lambda cycle: (cycle.date_end, cycle.kind)):
            if cycle.date_end >= fields.Date.today():
                raise UserError(
                    self.env._(
                        "%(cycle)s ends on %(end)s and cannot be closed before.",
                        cycle=cycle.name,
                        end=cycle.date_end,
                    )
                )
            cycle._close(fields.Date.today())

    def action_reopen(self):
        """Re-open closed cycles for a correction, with a reason."""
        return self.env["cs.reason"]._ask("reopen", self)

    def _close(self, day):
        """Freeze scores and ranks, then judge what ends with this cycle (O1).

        :param day: the day on which it is closed; decisions are announced on it
        All in one transaction: killed half-way, nothing is closed and nothing decided.
        A cycle that another worker is closing is left to it.
        """
        self.ensure_one()
        if not self.try_lock_for_update():
            raise LockError(self.env._("%s is being closed by someone else.", self.name))
        self.invalidate_recordset(["state"])
        self._check_open()
        self._check_earlier_closed()
        self._open()
        self._check_missing()
        timelines = self._freeze_places()
        self._freeze_scores()
        self._mark_closed()
        if self.kind == "month":
            self._raise_complaint_violations(timelines)
            self._close_quarter_by_average()
        if not self._get_open_ending_with():
            self._judge(day)

    def _check_earlier_closed(self):
        """A period waits for those before it, a quarter for its last month (R4)."""
        earlier = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
                ("date_end", "<", self.date_end),
            ],
            order="date_end",
            limit=1,
        )
        if self.kind == "quarter" and not earlier:
            month = self._get_or_create(self.company_id, "month", month_start(self.date_end))
            earlier = month.filtered(lambda cycle: cycle.state == "open")
        if earlier:
            raise UserError(
                self.env._(
                    "Close %(earlier)s before %(cycle)s.", earlier=earlier.name, cycle=self.name
                )
            )

    def _check_missing(self):
        if not self._needs_sheets():
            return
        missing = self.appraisal_ids.filtered_domain(
            [("complete", "=", False), ("excluded", "=", False)]
        )._get_missing()
        if not missing:
            return
        lines = missing[:MISSING_SHOWN]
        if len(missing) > len(lines):
            lines.append(self.env._("… and %s more", len(missing) - len(lines)))
        raise UserError(
            self.env._(
                "%(cycle)s is not complete. Have these submitted, or leave the agents out "
                "with a reason:\n%(missing)s",
                cycle=self.name,
                missing="\n".join(lines),
            )
        )

    def _freeze_places(self):
        """Write department and tier as they were at the period's end (R2)."""
        timelines = self.env["cs.timeline"]._load_on_ladder(
            self.company_id, self.date_start, self.date_end
        )
        places = []
        for appraisal_id, employee_id in self._query_appraisals():
            timeline = timelines.get(employee_id)
            last = timeline and timeline.last_in(self.date_start, self.date_end)
            if last:
                places.append((appraisal_id, last.department, last.tier))
        if places:
            self._update_appraisals({"department_id": "int", "tier_id": "int"}, places)
        return timelines

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

    def _mark_closed(self):
        self.write({"state": "closed", "closed_on": fields.Datetime.now()})
        self.env.execute_query(
            SQL(
                """UPDATE cs_appraisal
                      SET closed = TRUE, published_score = score,
                          published_on = CASE WHEN published_score = score THEN published_on
                                         ELSE %s END
                    WHERE cycle_id = %s RETURNING 1""",
                fields.Date.today(),
                self.id,
            )
        )
        self.env.invalidate_all()

    def _raise_complaint_violations(self, timelines):
        """A minor violation at the tier's smallest fine for every month over the limit (V3)."""
        policy = self.policy_id._compile()
        codes = {id_: code for code, id_ in self.env["cs.tier"]._get_ids_by_code().items()}
        figures = self.env["cs.figure"].search(
            [
                ("month", "=", self.date_start),
                ("company_id", "=", self.company_id.id),
                ("complaints", ">", 0),
            ]
        )
        kind = self.env["cs.violation.type"]._get_complaint_rate()
        reported = self.env["cs.violation"]._get_reported(kind, self.date_start, self.date_end)
        vals_list = []
        for figure in figures:
            employee = figure.employee_id
            timeline = timelines.get(employee.id)
            if employee.id in reported or timeline is None:
                continue
            if scoring.complaint_rate_reached(figure.handled, figure.complaints, policy.settings):
                last = timeline.last_in(self.date_start, self.date_end)
                fine = policy.pay[codes[last.tier]].fine_min
                vals_list.append(
                    {
                        "employee_id": employee.id,
                        "type_id": kind.id,
                        "date": min(last.end, self.date_end),
                        "severity": "minor",
                        "fine": float(fine),
                        "month": self.date_start,
                        "cycle_id": self.id,
                        "state": "confirmed",
                        "description": self.env._(
                            "%(complaints)s complaints of %(handled)s customers handled",
                            complaints=figure.complaints,
                            handled=figure.handled,
                        ),
                    }
                )
        self.env["cs.violation"].create(vals_list)

    def _close_quarter_by_average(self):
        """Close the quarter with its last month when it needs no form of its own (R3)."""
        if not closes_quarter(self.date_end) or self.policy_id.quarter_method != "average":
            return
        quarter = self._get_or_create(self.company_id, "quarter", quarter_start(self.date_end))
        if quarter.state == "closed":
            return
        quarter._insert_appraisals(
            [
                (employee_id, department_id, tier_id)
                for employee_id, department_id, tier_id in quarter._query_three_months()
            ]
        )
        quarter._freeze_places()
        quarter._freeze_scores()
        quarter._mark_closed()

    def _query_three_months(self):
        """Employee, department and tier of all who have three monthly scores (R3)."""
        self.env["cs.appraisal"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT employee_id,
                       (array_agg(department_id ORDER BY date_start DESC))[1],
                       (array_agg(tier_id ORDER BY date_start DESC))[1]
                  FROM cs_appraisal
                 WHERE company_id = %s AND kind = 'month' AND closed AND scored
                   AND date_start BETWEEN %s AND %s
                 GROUP BY employee_id HAVING COUNT(*) = 3
                """,
                self.company_id.id,
                self.date_start,
                self.date_end,
            )
        )

    def _get_open_ending_with(self):
        """Cycles that end on the same day and are still open; rules wait for them (O1)."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_end", "=", self.date_end),
                ("state", "=", "open"),
            ]
        )

    def _judge(self, day):
        """Let the engine judge every agent at the month's end; keep what it decides."""
        closing = Closing(self.date_end)
        policy = self.policy_id._compile()
        timelines = self.env["cs.timeline"]._load_on_ladder(
            self.company_id, closing.month, closing.end
        )
        decided = [
            (facts, verdict)
            for facts in self.env["cs.facts"]._load(timelines, closing)
            for verdict in judge(policy, facts, closing)
        ]
        return self.env["cs.decision"]._create_from_verdicts(
            self.policy_id, decided, day, cycle=self
        )

    def _reopen(self, reason):
        """Open the newest closed cycle again; withdraw what its closing decided.

        Decisions that were applied already are taken back from the employee records; the
        next closing judges anew. The reason and all that was withdrawn stay in the history.
        """
        for cycle in self.sorted("date_end", reverse=True):
            cycle._check_reopenable()
            siblings, decisions, violations = cycle._get_falling()
            decisions._withdraw(reason)
            violations._withdraw(reason)
            for sibling in siblings if cycle.kind == "month" else cycle:
                sibling._mark_open(reason, decisions)

    def _get_falling(self):
        """What re-opening takes back.

        :return: the closed cycles that end on the same day, the standing decisions of their
            closing, and the violations it raised (V3)
        """
        self.ensure_one()
        siblings = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_end", "=", self.date_end),
                ("state", "=", "closed"),
            ]
        )
        violations = self.env["cs.violation"].search(
            [("cycle_id", "in", siblings.ids), ("state", "=", "confirmed")]
        )
        return (
            siblings,
            siblings.decision_ids.filtered(lambda each: each._is_standing()),
            violations,
        )

    def _describe_reopening(self):
        """What re-opening these cycles would change, one line each, for the one who asks."""
        lines = []
        for cycle in self:
            siblings, decisions, violations = cycle._get_falling()
            lines += [self.env._("%s opens again", each.name) for each in siblings]
            lines += [
                self.env._("taken back from the employee record: %s", each.display_name)
                if each.state == "applied" and each.outcome != "dismissal_review"
                else self.env._("withdrawn: %s", each.display_name)
                for each in decisions
            ]
            lines += [self.env._("withdrawn: %s", each.display_name) for each in violations]
        return lines

    def _mark_open(self, reason, decisions):
        self.write({"state": "open", "closed_on": False})
        self.env.execute_query(
            SQL("UPDATE cs_appraisal SET closed = FALSE WHERE cycle_id = %s RETURNING 1", self.id)
        )
        self.env.invalidate_all()
        self.message_post(
            body=self.env._(
                "Re-opened: %(reason)s. Withdrawn decisions: %(decisions)s",
                reason=reason,
                decisions=", ".join(decisions.mapped("display_name")) or self.env._("none"),
            )
        )

    def _check_reopenable(self):
        if self.state != "closed":
            raise UserError(self.env._("%s is not closed.", self.name))
        last = self._get_last_closed(self.company_id)
        if last.date_end > self.date_end:
            raise UserError(
                self.env._(
                    "%(cycle)s cannot be re-opened before %(later)s, which was closed after it.",
                    cycle=self.name,
                    later=last.name,
                )
            )

    @api.model
    def _cron_close(self):
        """Close every cycle that has ended and is complete (scheduled daily)."""
        cycles = self.search(
            [("state", "=", "open"), ("date_end", "<", fields.Date.today())],
            order="company_id, date_end, kind",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(cycles))
        waiting = self.env["res.company"]  # their later cycles wait for one that stays open
        for cycle in cycles:
            company = cycle.company_id
            if company in waiting:
                cron._commit_progress(1)
            elif take_step(cycle.with_company(company), type(self)._close_if_open, post_once):
                waiting |= company

    def _close_if_open(self):
        """Close the cycle today, unless another worker was faster."""
        self.invalidate_recordset(["state"])
        if self.state == "open":
            self._close(fields.Date.today())
