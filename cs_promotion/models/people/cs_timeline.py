from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...engine.calendar import month_start
from ...engine.series import Point
from ...engine.timeline import Timeline, VersionRow
from ..many import any_of


class CsTimeline(models.AbstractModel):
    """Reads the dated employee records of many employees in one query."""

    _name = "cs.timeline"
    _description = "CS Timeline Loader"

    @api.model
    def _load(self, employee_ids, company=None):
        """Employee id -> :class:`~..engine.timeline.Timeline`, for every id asked for.

        :param company: the employment in this company only; by default that in any
        Reads past access rights: callers decide what they show of it.
        """
        timelines = {id_: Timeline(id_, ()) for id_ in employee_ids}
        if not timelines:
            return timelines
        # by SQL: rights on employees would be asked, which readers of scores do not have, and
        # records made of rows that are looked at once
        condition = SQL("version.employee_id = %s", any_of(timelines))
        rows = defaultdict(list)
        for employee_id, *row in self._query(condition):
            rows[employee_id].append(VersionRow(*row))
        timelines |= {id_: Timeline.build(id_, ours) for id_, ours in rows.items()}
        if company is None:
            return timelines
        return {id_: timeline.within(company.id) for id_, timeline in timelines.items()}

    @api.model
    def _load_on_ladder(self, company, start, end):
        """The timelines, within the company, of all who stood on its ladder on a day of the
        period (R1): of who moved in or out, the days there."""
        condition = SQL(
            # all versions of whoever stood on it, not those on it alone: when they joined is told
            # by the others
            """version.employee_id IN (
                SELECT held.employee_id
                  FROM hr_version held
                  JOIN hr_employee agent ON agent.id = held.employee_id
                 WHERE held.active AND held.cs_tier_id IS NOT NULL
                   AND COALESCE(held.cs_company_id, agent.company_id) = %s
            )""",
            company.id,
        )
        rows = defaultdict(list)
        for employee_id, *row in self._query(condition):
            rows[employee_id].append(VersionRow(*row))
        timelines = (Timeline.build(id_, rows[id_]).within(company.id) for id_ in sorted(rows))
        return {
            timeline.employee: timeline for timeline in timelines if timeline.on_ladder(start, end)
        }

    @api.model
    def _load_series(self, codes, scope):
        """Since when each has been employed, in the tier, in the department, and what the last
        step up led to: a source of ``cs.vocabulary``, which asks nothing of each agent."""
        begins = {code: {} for code in codes}
        places = self._get_places(scope) if "since_promotion" in codes else {}
        for id_, timeline in scope.timelines.items():
            last = timeline.last_in(month_start(scope.until), scope.until)
            for code in codes if last else ():
                day = min(last.end, scope.until)
                match code:
                    case "tenure_tier":
                        since = last.tier_since
                    case "tenure_department":
                        since = timeline.in_department(day)
                    case "since_promotion":
                        since = timeline.lifted(day, places)
                    case _:
                        since = timeline.joined(day)
                begins[code][id_] = (Point(since, since),)
        return begins

    @api.model
    def _get_places(self, scope):
        """Tier id -> its place on the ladder in force at the end."""
        ids = self.env["cs.tier"]._get_ids_by_code()
        policy = self.env["cs.policy"]._get_in_force(scope.company, scope.until)
        return {ids[code]: place for place, code in enumerate(policy._get_ladder().steps)}

    @api.model
    def _query(self, condition):
        """Rows of the versions. A version belongs to the company in which its tier is held,
        else to the employee's; who is archived works no longer, whatever the contract says."""
        # what this transaction has written is not in the database yet
        self.env["hr.version"].flush_model()
        self.env["hr.employee"].flush_model(["company_id", "active", "cs_left_on"])
        return self.env.execute_query(
            SQL(
                """
                SELECT version.employee_id, version.id, version.date_version,
                       version.contract_date_start,
                       CASE WHEN employee.active THEN version.contract_date_end
                            ELSE LEAST(version.contract_date_end, employee.cs_left_on) END,
                       version.cs_tier_id, version.cs_tier_since, version.department_id,
                       COALESCE(version.cs_company_id, employee.company_id), version.job_id
                  FROM hr_version version
                  JOIN hr_employee employee ON employee.id = version.employee_id
                 WHERE version.active AND %s
                """,
                condition,
            )
        )
