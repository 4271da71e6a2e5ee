from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine import items
from odoo.addons.cs_promotion.engine.calendar import (
    add_months,
    month_end,
    month_start,
)
from odoo.addons.cs_promotion.engine.decimals import decimal, round_half_up
from odoo.addons.cs_promotion.engine.policy import Settings
from odoo.addons.cs_promotion.engine.series import Scope
from odoo.addons.cs_promotion.engine.timeline import Timeline
from odoo.addons.cs_promotion.models.many import any_of

from ..figures import Raise, Sum, Team, Terms
from ..known import Known, NoPayLine, Result, Wage
from ..own import Circle

OWN = ("score", "sales")  # what a month of pay has anyway


class CsPay(models.AbstractModel):
    """Loads what payslips are made from: one query for each kind of fact, many months at once.

    Reads past access rights, and only of the agents it is asked for: payroll needs no rights in
    customer service. Callers check the right to the payslips.
    """

    _name = "cs.pay"
    _description = "CS Pay Loader"

    @api.model
    def _load(self, company, employee_ids, months, periods=(), results=()):
        """What is known of the pay of these employees in these pay months.

        :param months: first days of pay months
        :param periods: further ones, with the days they had when they were paid
        :param results: further months whose score and sales are needed
        :return: :class:`~..known.Known`; months without a policy have no terms in it
        """
        calendar = company._cs_pay_calendar()
        now = [calendar.period(month) for month in months]
        ends = self._load_terms(company, {each.end for each in (*now, *periods)})
        own = any(terms.own for terms in ends.values())
        earlier = self._load_earlier(company, calendar, months, ends) if own else ()
        now += [calendar.period(each) for each in earlier]
        results = sorted({*results, *(calendar.results(each.month) for each in now)})
        timelines = self._load_timelines(company, employee_ids, ends, results, now)
        employee_ids = list(timelines)
        versions = {each.version for line in timelines.values() for each in line.stretches}
        return Known(
            calendar,
            company._cs_places(),
            timelines,
            {each.month: ends[each.end] for each in now if each.end in ends},
            self._load_wages(company, versions),
            self._load_results(company, employee_ids, results),
            self._load_sales(company, employee_ids, results),
            frozenset(
                month for _company, month in self.env["cs.cycle"]._get_closed_months(company)
            ),
            ends,
            self._load_values(company, timelines, results),
            self._load_measured(company, timelines, results, ends.values()) if own else {},
            self._load_absences(company, employee_ids, ends, now) if own else {},
            {
                employee: tuple(Raise(*each) for each in ours)
                for employee, ours in self.env["cs.raise"]._load(company, employee_ids).items()
            },
        )

    @api.model
    def _load_earlier(self, company, calendar, months, ends):
        """Further pay months: those whose items are paid in these months, and those whose pay
        items of any of them go by.

        :param ends: last day of a pay month -> its terms, which are added here
        :return: their first days, oldest first
        """
        pairs = [(terms, month) for terms in ends.values() for month in months]
        waiting = {day for terms, month in pairs for day in terms.earlier(month)}
        waiting |= {day for terms, month in pairs for day in terms.added_up(month)}
        found = {*months}
        while waiting := waiting - found:
            found |= waiting
            ends |= self._load_terms(company, {calendar.period(each).end for each in waiting})
            pairs = [(terms, month) for terms in ends.values() for month in waiting]
            waiting = {day for terms, month in pairs for day in terms.added_up(month)}
        return sorted(found - {*months})

    @api.model
    def _load_timelines(self, company, employee_ids, ends, results, periods):
        """Of the employees asked for; and of all others where an item goes by them, as a pool
        that is divided, or what a team is paid."""
        timelines = self.env["cs.timeline"]._load(employee_ids, company)
        goes_by_others = any(
            terms.teams or any(each.of == items.POOL for each in terms.own)
            for terms in ends.values()
        )
        if not goes_by_others:
            return timelines
        days = [*results, *map(month_end, results), *(each.end for each in periods)]
        days += [each.start for each in periods]
        others = self.env["cs.timeline"]._load_on_ladder(company, min(days), max(days))
        return others | timelines

    @api.model
    def _load_absences(self, company, employee_ids, ends, periods):
        """(Employee id, pay month) -> the part of the working days that unpaid leave took, by
        what payslips say; where an item goes by what is paid to others or the agent, or for
        earlier months."""
        if not any(
            terms.teams or terms.sums or any(each.is_deferred for each in terms.own)
            for terms in ends.values()
        ):
            return {}
        months = [each.month for each in periods]
        paid = self.env["cs.pay.difference"]._load_paid(
            company, employee_ids, min(months), add_months(max(months), 1)
        )
        standing = [each for each in paid if not each.credit and not each.refunded]
        kept = self.env["cs.pay.difference"]._load_kept([each.slip for each in standing])
        return {
            (each.employee, each.month): Fraction(kept[each.slip].get("absent") or 0)
            for each in standing
        }

    @api.model
    def _load_measured(self, company, timelines, months, all_terms):
        """(Employee id, month) -> code -> what a metric was in the month, exact, nought included:
        of all that the policies' own items go by. One query for each source."""
        known = {
            code: metric
            for terms in all_terms
            for item in terms.own
            for code, metric in item.metrics.items()
            if code not in ("month_score", *OWN, *terms.teams, *terms.sums)
        }
        periods = [(month, month_end(month)) for month in months]
        measured = self.env["cs.facts"]._load_values(known.values(), timelines, company, periods)
        for key, value in self._load_coefficients(company, list(timelines), months).items():
            measured[key][items.COEFFICIENT] = value
        return measured

    @api.model
    def _load_coefficients(self, company, employee_ids, months):
        """(Employee id, month) -> the coefficient of the class reached in the closed month."""
        self.env["cs.appraisal"].flush_model()
        self.env["cs.policy.class"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT review.employee_id, review.date_start, class.coefficient
                  FROM cs_appraisal review JOIN cs_policy_class class ON class.id = review.class_id
                 WHERE review.employee_id = %s AND review.company_id = %s
                   AND review.kind = 'month' AND review.date_start = ANY(%s)
                   AND review.closed AND review.scored
                """,
                any_of(employee_ids),
                company.id,
                months,
            )
        )
        return {tuple(key): Fraction(decimal(number)) for *key, number in rows}

    @api.model
    def _load_values(self, company, timelines, months):
        """Further figures of these months: the metrics that pay items rest on. Each source is
        asked once for all agents; events of a month are added up.

        :param timelines: employee id -> timeline within the company
        :return: (employee id, month) -> metric code -> a Decimal other than nought
        """
        vocabulary, values = self.env["cs.vocabulary"], defaultdict(dict)
        declared = vocabulary._get_pay_items()
        own = self.env["cs.policy.item"]._get_declared()  # what these go by is loaded apart
        read = {name for code in declared.keys() - own.keys() for name in declared[code].rests_on}
        metrics = vocabulary._get_metrics().items()
        metrics = [each for code, each in metrics if code in read and code not in OWN]
        if not metrics or not months:
            return values
        scope = Scope(timelines, company, month_end(max(months)), min(months))
        for metric, points in self.env["cs.facts"]._load_series(metrics, scope):
            for employee, series in points.items():
                for point in series:
                    month = month_start(point.start)
                    # nought as if it were not there: whoever has none keeps the facts of before
                    if point.value and month in months and point.end <= month_end(month):
                        own = values[employee, month]
                        own[metric.code] = own.get(metric.code, 0) + decimal(point.value)
        return values

    @api.model
    def _get_figures(self, known, company, employee, month, absent=Fraction(0), kept=None):
        """:meth:`~..known.Known.figures`, its faults as messages for payroll.

        :raises UserError: no policy is in force then, or it does not pay the tier held
        """
        period = kept.period if kept else known.calendar.period(month)
        try:
            terms = known.get_terms(period)
        except KeyError:
            if any(each.tier for each in known.held(employee.id, period)):
                self.env["cs.policy"]._get_required(company, period.end)
                raise
            # who holds no tier is paid none by any policy
            terms = self._get_no_terms()
            known = replace(known, ends={**known.ends, period.end: terms})
        try:
            return known.figures(employee.id, month, absent, kept)
        except Circle as error:
            raise UserError(
                self.env._(
                    "%(month)s: the pay of %(agent)s goes by itself, through the metric "
                    "%(metric)s. Say in the metric which pay items it adds up, and of others on "
                    "which tiers they are.",
                    month=f"{month:%Y-%m}",
                    agent=employee.sudo().name,  # whose payslip it is
                    metric=error.args[0],
                )
            ) from None
        except NoPayLine as error:
            # sudo: payroll, which need not read these records, is told their names
            env = self.sudo().env
            raise UserError(
                self.env._(
                    "%(agent)s, %(month)s: policy %(policy)s has no pay line for tier %(tier)s.",
                    agent=employee.with_env(env).name,
                    month=f"{month:%Y-%m}",
                    policy=env["cs.policy"].browse(terms.policy).name,
                    tier=env["cs.tier"].browse(error.args[0]).name,
                )
            ) from None

    @api.model
    def _find_figures(self, company, employees, month):
        """Figures of a pay month where nobody needs any: for rules outside of tier pay that ask.

        :return: employee id -> :class:`~..figures.Figures`; nil where no tier was held, or no
            policy pays it
        """
        known = self._load(company, employees.ids, [month])
        period = known.calendar.period(month)
        nowhere = {period.end: self._get_no_terms()}
        nothing = replace(known, timelines={}, ends=nowhere)
        found = {}
        for employee in employees:
            nothing.timelines[employee.id] = Timeline(employee.id, ())
            found[employee.id] = nothing.figures(employee.id, month)
            if any(each.tier for each in known.held(employee.id, period)):
                with suppress(KeyError, NoPayLine):
                    found[employee.id] = known.figures(employee.id, month)
        return found

    @api.model
    def _get_no_terms(self):
        """What is paid where no policy says: every item, of nothing."""
        return Terms(
            False, Settings(), {}, tuple(self.env["cs.vocabulary"]._get_pay_items().values())
        )

    @api.model
    def _load_terms(self, company, days):
        """Last day of a pay month -> what the policy in force then pays (O5, W1)."""
        policies = self.env["cs.policy"]._search_in_force(company)
        ids = self.env["cs.tier"]._get_ids_by_code()
        compiled, terms = {}, {}
        for day in sorted(days):
            policy = next((each for each in policies if each.date_from <= day), None)
            if policy is None:
                continue
            # a version is in force for many months: it is read once
            if policy not in compiled:
                read = policy._compile()
                lines = {ids[code]: line for code, line in read.pay.items()}
                compiled[policy] = Terms(policy.id, read.settings, lines, read.items)
                if read.terms:
                    compiled[policy] = self._complete_terms(policy, compiled[policy], read.terms)
            terms[day] = compiled[policy]
        return terms

    @api.model
    def _complete_terms(self, policy, terms, own):
        """With what the policy's own items go by."""
        metrics = {code: metric for item in own for code, metric in item.metrics.items()}
        measured = self.env["cs.metric"]
        teams = {code: Team(*each) for code, each in measured._get_teams(metrics).items()}
        sums = {code: Sum(*each) for code, each in measured._get_sums(metrics).items()}
        reviewed = {code for code, metric in metrics.items() if metric.records == "review"}
        reviewed |= {items.COEFFICIENT}
        added, more = {**teams, **sums}.items(), reviewed
        while more:  # pay that goes by pay
            reviewed |= more
            scored = {item.code for item in terms.items if item.rests_on & {"score", *reviewed}}
            more = {code for code, each in added if scored.intersection(each.items)} - reviewed
        reviewed |= {code + items.EARLIER for code in scored}
        paid = {tier.id: rung.tier_id.id for tier, rung in policy._get_paid_rungs().items()}
        return terms._replace(
            own=own,
            paid_as={tier: other for tier, other in paid.items() if tier != other},
            reviewed=frozenset(reviewed),
            teams=teams,
            sums=sums,
        )

    @api.model
    def _load_wages(self, company, version_ids):
        """Id of the employee version -> wage, and share of full time of its working hours."""
        self.env["hr.version"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, wage, cs_wage_agreed, resource_calendar_id
                  FROM hr_version WHERE id = %s
                """,
                any_of(version_ids),
            )
        )
        calendars = self.env["resource.calendar"].sudo().browse({row[3] for row in rows} - {None})
        shares = {
            calendar.id: self._get_full_time_share(company, calendar) for calendar in calendars
        }
        return {
            id_: Wage(decimal(wage or 0), bool(agreed), shares.get(calendar, Fraction(1)))
            for id_, wage, agreed, calendar in rows
        }

    @api.model
    def _get_full_time_share(self, company, calendar):
        """Weekly hours over those of full time, at most all of it (W6).

        Full time is what the working schedule says; where it says nothing, as one that companies
        share does, it is the company's own schedule.
        """
        full = calendar.full_time_required_hours
        full = full or company.sudo().resource_calendar_id.hours_per_week  # a setting of pay
        if not full or not calendar.hours_per_week:
            return Fraction(1)
        return min(
            Fraction(1), Fraction(decimal(calendar.hours_per_week)) / Fraction(decimal(full))
        )

    @api.model
    def _load_results(self, company, employee_ids, months):
        """(Employee id, month) -> score and rank of the closed month (R1, R2)."""
        self.env["cs.appraisal"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT employee_id, date_start, score, rank FROM cs_appraisal
                 WHERE employee_id = %s AND company_id = %s AND kind = 'month'
                   AND date_start = ANY(%s) AND closed AND scored
                """,
                any_of(employee_ids),
                company.id,
                months,
            )
        )
        return {
            (employee, month): Result(round_half_up(score), rank)
            for employee, month, score, rank in rows
        }

    @api.model
    def _load_pending(self, company, employee_ids, day):
        """Ids of those of these employees about whom a decision with effect by ``day`` is not
        applied yet: what it changes is not in the pay of that month (O3, O4)."""
        decisions = self.env["cs.decision"].sudo()  # payroll learns that there is one, no more
        groups = decisions._read_group(
            [
                ("company_id", "=", company.id),
                ("employee_id", "in", employee_ids),
                ("state", "in", ("proposed", "announced")),
                ("effective_date", "<=", day),
            ],
            ["employee_id"],
        )
        return {employee.id for (employee,) in groups}

    @api.model
    def _load_sales(self, company, employee_ids, months):
        """(Employee id, month) -> own sales."""
        self.env["cs.figure"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT employee_id, month, sales FROM cs_figure
                 WHERE employee_id = %s AND company_id = %s AND month = ANY(%s)
                """,
                any_of(employee_ids),
                company.id,
                months,
            )
        )
        return {(employee, month): decimal(sales or 0) for employee, month, sales in rows}
