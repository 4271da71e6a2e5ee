"""Twelve months of believable history, played through the addons month by month.

What is typed in by people in real life - grades, figures - is filled in by SQL; all that the
addons do - opening, closing, judging, applying - they do here, too. So the history is what they
would have left.
"""

from datetime import date, timedelta
from random import Random

from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import add_months, month_end, quarter_start

from . import payday, people
from .staff import FURNITURE, draw

COMPANY = "CS Bench"
MONTHS = 12
CLOSED_AFTER = timedelta(days=5)  # after a month's end
NOTICE = timedelta(days=3)  # until decisions are applied
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


def measured_month(today):
    """The first day of the month to measure: the last one of the last complete quarter."""
    return add_months(quarter_start(today), -1)


class History:
    """The bench's company: its people, and what happens to them in a month.

    :param month: first day of the month that is measured; the history ends before it
    :param count: agents on the ladder in that month
    :param times: how often all that is repeated, in departments of their own: what happens in a
        larger company is exactly so many times what happens in the smaller one
    """

    months = MONTHS  # that are played
    staffing = FURNITURE
    roles = ("superior", "office")  # who rates
    item_count = 20  # on a sheet

    def __init__(self, env, month, count, times=1):
        self.month = month
        company = env["res.company"].sudo().search([("name", "=", COMPANY)])
        context = {**env.context, **QUIET, "allowed_company_ids": company.ids}
        self.env = env(su=True, context=context)
        self.company = company.with_env(self.env)
        self.drawn = draw(count, month, self.months, self.staffing)
        self.times = times
        self.agents = self.drawn * times

    @classmethod
    def make(cls, env, month, count, times=1, tell=lambda _text: None, save=lambda: None):
        """Make the company and play the months before ``month``.

        :param tell: function that shows what is being done
        :param save: function that commits, as there would be commits in between in real life:
            PostgreSQL checks all references of a row anew that is changed in the transaction
            that made it
        """
        env["res.company"].sudo().create({"name": COMPANY})
        history = cls(env, month, count, times)
        tell(f"hiring {len(history.agents)} agents")
        history._begin()
        for number in range(-cls.months, 0):
            tell(f"playing {add_months(month, number):%Y-%m}")
            history._play(add_months(month, number), save)
            save()
        history._pay_all(tell)
        history.env.flush_all()
        return history

    def _begin(self):
        """The policy, and all who work by it."""
        people.make_policy(self)
        people.hire(self)
        people.test_probations(self)

    @property
    def employees(self):
        """The employees of the agents drawn, in their order."""
        domain = [("company_id", "=", self.company.id), ("name", "=like", "Agent %")]
        return self.env["hr.employee"].with_context(active_test=False).search(domain, order="name")

    @property
    def seeds(self):
        """Employee -> seed of the agent."""
        return {
            employee: agent.seed
            for employee, agent in zip(self.employees, self.agents, strict=True)
        }

    # ------------------------------------------------------------------ a month

    def find_cycle(self, month):
        """The cycle of a month, made when there is none."""
        return self.env["cs.cycle"]._get_or_create(self.company, "month", month)

    def closing_day(self, month):
        return month_end(month) + CLOSED_AFTER

    def applying_day(self, month):
        return self.closing_day(month) + NOTICE

    def _play(self, month, save):
        cycle = self.find_cycle(month)
        cycle._open()
        save()
        self.fill_in(cycle)
        save()
        cycle._close(self.closing_day(month))
        self._on_closed(cycle)
        self.find_due(month)._apply_due(self.applying_day(month))
        self._end_reviews(cycle)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cs_appraisal SET published_on = %s WHERE cycle_id = %s",
            [self.closing_day(month), cycle.id],
        )
        self.env.invalidate_all()

    def fill_in(self, cycle):
        """All that people type in during a month: figures, violations, and every sheet."""
        self._insert_figures(cycle)
        self._violate(cycle)
        self._grade(cycle)

    def _insert_figures(self, cycle):
        """Sales, customers, complaints; two agents in a hundred have too many of these (V3)."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_figure (employee_id, company_id, month, sales, handled,
                                       complaints, complaint_rate, create_uid, write_uid,
                                       create_date, write_date)
                SELECT employee_id, company_id, date_start, sales, handled, complaints,
                       round(complaints * 100.0 / handled, 2), 1, 1, closing, closing
                  FROM (SELECT appraisal.*, date_end::timestamp AS closing,
                               round(20000 + 80000 * draw.sales::numeric, 2) AS sales,
                               150 + floor(draw.handled * 250)::int AS handled,
                               CASE WHEN draw.complaints < 0.02 THEN 9
                                    ELSE floor(draw.complaints * 3)::int END AS complaints
                          FROM cs_appraisal appraisal
                          JOIN %(agents)s USING (employee_id)
                          CROSS JOIN LATERAL (
                               SELECT %(sales)s AS sales, %(handled)s AS handled,
                                      %(complaints)s AS complaints
                          ) draw
                         WHERE appraisal.cycle_id = %(cycle)s
                         ORDER BY employee_id) given
                """,
                cycle=cycle.id,
                agents=self._get_agents_sql(),
                sales=self._draw(cycle, 1),
                handled=self._draw(cycle, 2),
                complaints=self._draw(cycle, 3),
            )
        )
        self.env.invalidate_all()

    def _get_agents_sql(self):
        """SQL of a table of all agents: employee, seed, quality at first and how it changes."""
        given = [(agent.seed, agent.quality, agent.trend) for agent in self.agents]
        return SQL(
            "unnest(%s::int[], %s::int[], %s::float8[], %s::float8[])"
            " AS agent (employee_id, seed, quality, trend)",
            self.employees.ids,
            *map(list, zip(*given, strict=True)),
        )

    def _count_months(self, cycle):
        """How many months of the history lie before that of the cycle."""
        start = cycle.date_start
        return (start.year - self.month.year) * 12 + start.month - self.month.month + self.months

    @staticmethod
    def _draw(cycle, stream, key=None):
        """SQL of a number from 0 to 1 by chance: the same for the same seed, month, stream."""
        return SQL(
            "((hashint8extended(%s, %s) & 1048575) / 1048576.0)",
            key or SQL("agent.seed"),
            cycle.date_start.toordinal() * 8 + stream,
        )

    def _violate(self, cycle):
        """Two agents in a hundred break a rule; one such case in eight is not a minor one."""
        kind = self.env.ref("cs_promotion.violation_type_slacking")
        pay = cycle.policy_id._get_pay_lines()
        vals_list, seeds = [], self.seeds
        for appraisal in cycle.appraisal_ids.sorted("employee_id"):
            draws = Random(f"{cycle.date_start} {seeds[appraisal.employee_id]}")
            if draws.random() < 0.02 and appraisal.tier_id.code != "probation":
                day = min(cycle.date_end, appraisal.employee_id.contract_date_end or date.max)
                severities = ("minor", "moderate", "serious")
                values = {
                    "employee_id": appraisal.employee_id.id,
                    "type_id": kind.id,
                    "date": day,
                    "severity": draws.choices(severities, (14, 1, 1))[0],
                    "fine": float(pay[appraisal.tier_id.code].fine_min),
                }
                vals_list.append(values)
        self.env["cs.violation"].create(vals_list)._confirm()

    def _grade(self, cycle):
        """Both raters grade every item and submit, the better agents with better grades."""
        months = self._count_months(cycle)
        agents = self._get_agents_sql()
        self.env.flush_all()
        key = SQL("seed * 64 + line.number * 2 + (sheet.role = 'office')::int")
        self.env.cr.execute(
            SQL(
                """
                WITH grade AS (
                    SELECT id, section_id, points,
                           row_number() OVER (PARTITION BY section_id ORDER BY points DESC) AS place
                      FROM cs_scorecard_grade
                )
                UPDATE cs_appraisal_sheet_line own SET grade_id = grade.id, points = grade.points
                  FROM cs_appraisal_sheet sheet
                  JOIN cs_appraisal_sheet_line line ON line.sheet_id = sheet.id
                  JOIN %(agents)s ON agent.employee_id = sheet.employee_id
                  CROSS JOIN LATERAL (
                       SELECT %(luck)s AS luck,
                              LEAST(0.99, GREATEST(0.02, quality + %(months)s * trend)) AS now
                  ) draw
                  JOIN grade ON grade.section_id = line.section_id
                   AND grade.place = CASE WHEN luck < now THEN 1
                                          WHEN luck < now + (1 - now) * 0.85 THEN 2
                                          ELSE 3 END
                 WHERE sheet.cycle_id = %(cycle)s AND own.id = line.id
                """,
                agents=agents,
                months=months,
                luck=self._draw(cycle, 4, key),
                cycle=cycle.id,
            )
        )
        self._submit(cycle)

    def _submit(self, cycle):
        # within one transaction nobody else tells PostgreSQL that the tables are full by now,
        # and the plan for empty ones takes minutes
        self.env.cr.execute("ANALYZE cs_appraisal, cs_appraisal_sheet, cs_appraisal_sheet_line")
        self.env.cr.execute(
            SQL(
                """
                WITH given AS (
                    SELECT sheet_id, SUM(line.points) AS total, COUNT(*) AS answered
                      FROM cs_appraisal_sheet_line line
                      JOIN cs_appraisal_sheet sheet ON sheet.id = line.sheet_id
                     WHERE sheet.cycle_id = %(cycle)s
                     GROUP BY sheet_id
                ), submitted AS (
                    UPDATE cs_appraisal_sheet sheet
                       SET state = 'submitted', total = given.total, answered = given.answered,
                           submitted_by = COALESCE(superior_user_id, 1),
                           submitted_on = %(day)s::timestamp
                      FROM given WHERE given.sheet_id = sheet.id
                    RETURNING sheet.appraisal_id
                )
                UPDATE cs_appraisal SET complete = TRUE
                 WHERE id IN (SELECT appraisal_id FROM submitted)
                """,
                cycle=cycle.id,
                day=cycle.date_end,
            )
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------------ after a month

    def _on_closed(self, cycle):
        """What people do once a month is closed, before its decisions are applied."""
        self._award(cycle)
        self._confirm(cycle.date_start)

    def _award(self, cycle):
        """The best of each department wins the title, if really good (U3)."""
        best = cycle.appraisal_ids.filtered(lambda each: each.rank == 1 and each.score >= 90)
        self.env["cs.award"].create(
            [{"employee_id": each.employee_id.id, "month": each.date_start} for each in best]
        )

    def _confirm(self, month):
        lowest = self.env["cs.tier"].search([], limit=1)
        domain = [("company_id", "=", self.company.id), ("cs_tier_id", "=", lowest.id)]
        agents = self.env["hr.employee"].search(domain)
        self.env["cs.verdict"]._confirm_probations(agents, self.closing_day(month))

    def find_due(self, month):
        """The decisions to be applied after a month."""
        decisions = self.env["cs.decision"]
        due = decisions._get_due_domain(self.applying_day(month))
        return decisions.search([*due, ("company_id", "=", self.company.id)])

    def _end_reviews(self, cycle):
        """Four dismissal reviews of five end with the agent staying, one stays open (X4)."""
        seeds = self.seeds
        for review in cycle.decision_ids.filtered(lambda each: each.outcome == "dismissal_review"):
            if (seeds[review.employee_id] + cycle.date_start.month) % 5:
                review._reject("Talked it over")

    def _pay_all(self, tell):
        """What payday needs to know of the months before."""
        payday.take_fines(self)
        tell("paying the year")
        payday.pay(self)
        payday.take_leaves(self)
