"""Twelve months of believable history, played through the addons month by month.

What is typed in by people in real life - grades, figures - is filled in by SQL; all that the
addons do - opening, closing, judging, applying - they do here, too. So the history is what they
would have left.
"""

import json
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from odoo import Command
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import add_months, month_end, quarter_start
from odoo.addons.cs_promotion_pay.record import facts_of, record

from . import people
from .staff import draw

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

    def __init__(self, env, month, count, times=1):
        self.month = month
        company = env["res.company"].sudo().search([("name", "=", COMPANY)])
        context = {**env.context, **QUIET, "allowed_company_ids": company.ids}
        self.env = env(su=True, context=context)
        self.company = company.with_env(self.env)
        self.drawn = draw(count, month, MONTHS)
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
        people.make_policy(history)
        people.hire(history)
        people.test_probations(history)
        for number in range(-MONTHS, 0):
            tell(f"playing {add_months(month, number):%Y-%m}")
            history._play(add_months(month, number), save)
            save()
        history._take_fines()
        tell("paying the year")
        history._pay()
        history._take_leaves()
        history.env.flush_all()
        return history

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
        self._award(cycle)
        self._confirm(month)
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
        months = (cycle.date_start.year - self.month.year) * 12
        months += cycle.date_start.month - self.month.month + MONTHS
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

    def _take_fines(self):
        """A payslip of the last month for those who were fined: it takes what it may (W5)."""
        fined = self.env["cs.violation"].search([("company_id", "=", self.company.id)])
        month = add_months(self.month, -1)
        run = make_payslips(self.env, fined.employee_id, month)
        run.slip_ids._confirm_unasked()

    def _pay(self):
        """A done payslip of every month for everyone, as far as paid months are compared by it:
        what it was computed from. Lines are not looked at for that."""
        months = [add_months(self.month, number) for number in range(-MONTHS, 0)]
        employees = self.employees
        known = self.env["cs.pay"]._load(self.company, employees.ids, months)
        self.env.flush_all()
        there = self.env.execute_query(
            SQL(
                "SELECT employee_id, cs_pay_month FROM hr_payslip WHERE company_id = %s",
                self.company.id,
            )
        )
        rows, there = [], set(there)
        for month in months:
            period = known.calendar.period(month)
            for id_ in employees.ids:
                if (id_, month) in there or not known.held(id_, period):
                    continue
                figures = known.figures(id_, month)
                kept = json.dumps(record(figures, Decimal(0), Decimal(0)))
                rows.append((id_, month, period.end, kept, facts_of(figures)))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO hr_payslip (employee_id, company_id, struct_id, state, credit_note,
                                        date_from, cs_pay_month, date_to, cs_figures, cs_facts,
                                        create_uid, write_uid, create_date, write_date)
                SELECT employee_id, %s, %s, 'done', FALSE, month, month, last, kept::jsonb, facts,
                       1, 1, now(), now()
                  FROM unnest(%s::int[], %s::date[], %s::date[], %s::text[], %s::text[])
                       AS given (employee_id, month, last, kept, facts)
                """,
                self.company.id,
                self.company._get_cs_structure().id,
                *map(list, zip(*rows, strict=True)),
            )
        )
        self.env.invalidate_all()

    def _take_leaves(self):
        """A holiday for all, and one agent in twenty ill for some days."""
        leaves = self.env["resource.calendar.leaves"]
        calendar = self.company.resource_calendar_id
        day = self.month + timedelta(days=14)
        absences = (
            (employee.resource_id, day - timedelta(days=7 + seed // 20 % 7), seed // 20 % 3)
            for employee, seed in self.seeds.items()
            if seed % 20 == 0
        )
        vals_list = [
            {
                "name": "Ill" if resource else "Holiday",
                "company_id": self.company.id,
                "calendar_id": calendar.id,
                "resource_id": resource.id,
                "date_from": f"{begin} 00:00:00",
                "date_to": f"{begin + timedelta(days=more)} 23:59:59",
            }
            for resource, begin, more in ((leaves.resource_id, day, 0), *absences)
        ]
        leaves.create(vals_list)


def make_payslips(env, employees, month, **values):
    """A batch of computed payslips as the standard wizard makes it; what it leaves to the
    scheduled action because there are many is made here and now, in the same batches.

    :param values: further values of the batch
    """
    run = env["hr.payslip.run"].create(
        {
            "name": f"Bench {month:%Y-%m}",
            "date_start": month,
            "date_end": month_end(month),
            "company_id": env.company.id,
            **values,
        }
    )
    wizard = env["hr.payslip.employees"].create({"employee_ids": [Command.set(employees.ids)]})
    wizard.with_context(active_id=run.id).compute_sheet()
    run._make_waiting()
    return run
