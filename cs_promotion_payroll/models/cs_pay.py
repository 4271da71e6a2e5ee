from collections import defaultdict
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import month_end, month_start
from odoo.addons.cs_promotion.engine.decimals import decimal, round_half_up

from ..figures import Fine, Held, compute


class CsPay(models.AbstractModel):
    """Loads what payslips are made from: one query for each kind of fact, company and month.

    Reads past access rights, and only of the agents whose payslips are being computed: payroll
    needs no rights in customer service. Callers check the right to the payslips.
    """

    _name = "cs.pay"
    _description = "CS Pay Loader"

    @api.model
    def _load(self, slips):
        """Payslip id -> :class:`~..figures.Figures` for all these payslips."""
        figures = {}
        groups = slips.grouped(lambda slip: (slip.company_id, self._get_month(slip)))
        for (company, month), ours in groups.items():
            figures |= self._load_month(company, month, ours)
        return figures

    @api.model
    def _get_month(self, slip):
        """First day of the calendar month that a payslip pays."""
        month = month_start(slip.date_from)
        if month != month_start(slip.date_to):
            raise UserError(
                self.env._(
                    "%(slip)s runs from %(start)s to %(end)s. Tiers are paid by calendar month: "
                    "make one payslip for each month.",
                    slip=slip._get_label(),
                    start=slip.date_from,
                    end=slip.date_to,
                )
            )
        return month

    @api.model
    def _load_month(self, company, month, slips):
        end = month_end(month)
        policy = self.env["cs.policy"]._get_required(company, end)
        settings, lines = self._get_terms(policy)
        ids = slips.employee_id.ids
        timelines = self.env["cs.timeline"]._load(ids, company)
        scores, closed = self._load_scores(company, ids, month)
        sales = self._load_sales(company, ids, month)
        due, withdrawn = self._load_fines(company, ids, month)
        given = self._load_given(company, ids, month)
        twins = self._load_twins(slips, ids, month)
        figures = {}
        for slip in slips:
            id_ = slip.employee_id.id
            self._check_employed(slip, timelines[id_].touching(month, end))
            stretches = timelines[id_].on_ladder(month, end)
            held = tuple(
                Held(each.tier, max(each.start, month), min(each.end, end)) for each in stretches
            )
            self._check_covered(slip, held, lines, policy)
            fines = (given if slip.credit_note else due).get(id_, ())
            own = compute(
                settings,
                lines,
                month,
                end.day,
                held,
                scores.get(id_),
                sales.get(id_),
                fines,
                slip.credit_note,
            )
            warnings = self._get_warnings(own, timelines[id_], closed)
            others = {"twin": twins[id_] - {slip.id}, "withdrawn": id_ in withdrawn}
            figures[slip.id] = replace(
                own, warnings=(*warnings, *(code for code, found in others.items() if found))
            )
        return figures

    @api.model
    def _get_terms(self, policy):
        """Settings and pay lines of a policy version; the lines by tier id."""
        ids = self.env["cs.tier"]._get_ids_by_code()
        compiled = policy._compile()
        return compiled.settings, {ids[code]: line for code, line in compiled.pay.items()}

    @api.model
    def _check_employed(self, slip, stretches):
        """A company pays the days that the agent worked in it, wherever they are by now."""
        employee = slip.employee_id.sudo()
        if stretches or employee.company_id == slip.company_id:
            return
        raise UserError(
            self.env._(
                "%(slip)s belongs to %(company)s, but %(agent)s is employed by %(other)s.",
                slip=slip._get_label(),
                company=slip.company_id.name,
                agent=employee.name,
                other=employee.company_id.name,
            )
        )

    @api.model
    def _check_covered(self, slip, held, lines, policy):
        """A payslip pays the whole month: its period holds all days on the ladder."""
        if held and (held[0].start < slip.date_from or held[-1].end > slip.date_to):
            raise UserError(
                self.env._(
                    "%(slip)s runs from %(start)s to %(end)s, but %(agent)s held a tier from "
                    "%(first)s to %(last)s of that month, which is paid by one payslip. Set its "
                    "period to the whole month.",
                    slip=slip._get_label(),
                    agent=slip.employee_id.sudo().name,
                    start=slip.date_from,
                    end=slip.date_to,
                    first=held[0].start,
                    last=held[-1].end,
                )
            )
        for each in held:
            if each.tier not in lines:
                raise UserError(
                    self.env._(
                        "%(slip)s: policy %(policy)s has no pay line for tier %(tier)s.",
                        slip=slip._get_label(),
                        policy=policy.name,
                        tier=self.env["cs.tier"].browse(each.tier).name,
                    )
                )

    @api.model
    def _get_warnings(self, figures, timeline, closed):
        """Codes of what payroll should look at; the payslip spells them out (W2)."""
        employed = sum(
            stretch.days_within(figures.month, month_end(figures.month))
            for stretch in timeline.stretches
        )
        if not figures.held:
            yield "no_tier"
        elif employed > sum(each.days for each in figures.held):
            yield "part_tier"
        if figures.held and figures.score is None:
            yield "no_score" if closed else "not_closed"
        if figures.pay.commission_percent and figures.sales is None:
            yield "no_sales"

    @api.model
    def _load_scores(self, company, ids, month):
        """Employee id -> score of the closed month, and whether the month is closed."""
        self.env["cs.appraisal"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT employee_id, score FROM cs_appraisal
                 WHERE employee_id = ANY(%s) AND company_id = %s AND kind = 'month'
                   AND date_start = %s AND closed AND scored
                """,
                ids,
                company.id,
                month,
            )
        )
        closed = (company.id, month) in self.env["cs.cycle"].sudo()._get_closed_months(company)
        return {id_: round_half_up(score) for id_, score in rows}, closed

    @api.model
    def _load_sales(self, company, ids, month):
        self.env["cs.figure"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT employee_id, sales FROM cs_figure
                 WHERE employee_id = ANY(%s) AND company_id = %s AND month = %s
                """,
                ids,
                company.id,
                month,
            )
        )
        return {id_: decimal(sales or 0) for id_, sales in rows}

    @api.model
    def _load_fines(self, company, ids, month):
        """Employee id -> fines due by this month (W5); and ids of employees whose payslips
        took a fine that has been withdrawn since.

        A fine of a former employment in the company is still due after rejoining: what is owed
        is never lost (W5), though it counts for nothing else any more (R5). One of another
        company is owed there.
        """
        self.env["cs.violation"].flush_model()
        due, withdrawn = defaultdict(list), set()
        for id_, violation, state, fine, taken in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, id, state, COALESCE(fine, 0), COALESCE(fine_taken, 0)
                  FROM cs_violation
                 WHERE employee_id = ANY(%s) AND company_id = %s AND month <= %s
                   AND (state = 'confirmed' OR (state = 'withdrawn' AND fine_taken > 0))
                 ORDER BY month, date, id
                """,
                ids,
                company.id,
                month,
            )
        ):
            if state == "withdrawn":
                withdrawn.add(id_)
            elif fine > taken:
                due[id_].append(Fine(violation, decimal(fine) - decimal(taken)))
        return due, withdrawn

    @api.model
    def _load_given(self, company, ids, month):
        """Employee id -> what the done payslips of the month took, less what refunds gave."""
        self.env["cs.fine.taking"].flush_model()
        self.env["hr.payslip"].flush_model()
        given = defaultdict(list)
        for id_, violation, taken in self.env.execute_query(
            SQL(
                """
                SELECT taking.employee_id, taking.violation_id,
                       SUM(CASE WHEN slip.credit_note THEN -taking.amount
                                ELSE taking.amount END)
                  FROM cs_fine_taking taking
                  JOIN hr_payslip slip ON slip.id = taking.slip_id
                 WHERE taking.employee_id = ANY(%s) AND taking.company_id = %s
                   AND slip.state = 'done'
                   AND slip.date_from BETWEEN %s AND %s
                 GROUP BY taking.employee_id, taking.violation_id
                 ORDER BY taking.violation_id
                """,
                ids,
                company.id,
                month,
                month_end(month),
            )
        ):
            if taken > 0:
                given[id_].append(Fine(violation, decimal(taken)))
        return given

    @api.model
    def _load_twins(self, slips, ids, month):
        """Employee id -> standing payslips by the same structures for the month."""
        twins = defaultdict(set)
        self.env["hr.payslip"].flush_model()
        for id_, slip_id in self.env.execute_query(
            SQL(
                """
                SELECT slip.employee_id, slip.id FROM hr_payslip slip
                  LEFT JOIN hr_payslip refund ON refund.id = slip.refunded_id
                 WHERE slip.employee_id = ANY(%s) AND slip.struct_id = ANY(%s)
                   AND slip.company_id = ANY(%s)
                   AND slip.state != 'cancel' AND slip.credit_note IS NOT TRUE
                   AND (refund.id IS NULL OR refund.state = 'cancel')
                   AND slip.date_from BETWEEN %s AND %s
                """,
                ids,
                slips.struct_id.ids,
                slips.company_id.ids,
                month,
                month_end(month),
            )
        ):
            twins[id_].add(slip_id)
        return twins
