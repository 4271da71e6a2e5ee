from datetime import date

from babel.dates import format_skeleton
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, get_lang

from ..engine import scoring
from ..engine.calendar import (
    add_months,
    day_after,
    month_end,
    month_start,
    quarter_end,
    quarter_key,
    quarter_start,
)
from .scheduled import take_step


class CsCycle(models.Model):
    """A month or quarter of one company: open, then closed (R1, R3).

    Opening gives every agent on the ladder an appraisal with one sheet per rater. Closing
    (``cs_cycle_close.py``) freezes scores and ranks, judges, and announces.
    """

    _name = "cs.cycle"
    _inherit = ["cs.guard.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "CS Review Cycle"
    _order = "date_end desc, kind desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter")], required=True, default="month"
    )
    date_start = fields.Date(required=True, default=lambda self: fields.Date.today().replace(day=1))
    date_end = fields.Date(compute="_compute_date_end", store=True, precompute=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        tracking=True,
        copy=False,
        readonly=True,
    )
    policy_id = fields.Many2one(
        "cs.policy",
        ondelete="restrict",
        readonly=True,
        check_company=True,
        help="The version in force on the last day: the period is judged by it (O5).",
    )
    date_due = fields.Date(
        string="Sheets Due",
        compute="_compute_date_due",
        store=True,
        help="The period's end and the policy's scoring days.",
    )
    closed_on = fields.Datetime(readonly=True, copy=False)
    appraisal_ids = fields.One2many("cs.appraisal", "cycle_id")
    decision_ids = fields.One2many("cs.decision", "cycle_id")
    appraisal_count = fields.Integer(compute="_compute_counts", string="Appraisals")
    complete_count = fields.Integer(compute="_compute_counts", string="Complete")
    decision_count = fields.Integer(compute="_compute_counts", string="Decisions")
    progress = fields.Float(compute="_compute_counts", string="Progress (%)")

    _period_uniq = models.Constraint(
        "UNIQUE(company_id, kind, date_start)", "This period has its cycle already."
    )
    _date_start_check = models.Constraint(
        "CHECK(EXTRACT(DAY FROM date_start) = 1 AND (kind = 'month' "
        "OR EXTRACT(MONTH FROM date_start) IN (1, 4, 7, 10)))",
        "A cycle starts on the first of its month or calendar quarter.",
    )

    @api.depends("kind", "date_start")
    @api.depends_context("lang")
    def _compute_name(self):
        for cycle in self:
            if not cycle.date_start:
                cycle.name = False
            elif cycle.kind == "quarter":
                cycle.name = quarter_key(cycle.date_start)
            else:
                locale = babel_locale_parse(get_lang(self.env).code)
                cycle.name = format_skeleton("yMMMM", cycle.date_start, locale=locale)

    @api.depends("kind", "date_start")
    def _compute_date_end(self):
        for cycle in self:
            end = quarter_end if cycle.kind == "quarter" else month_end
            cycle.date_end = cycle.date_start and end(cycle.date_start)

    @api.depends("date_end", "policy_id.scoring_days")
    def _compute_date_due(self):
        for cycle in self:
            cycle.date_due = cycle.date_end and fields.Date.add(
                cycle.date_end, days=cycle.policy_id.scoring_days
            )

    def _compute_counts(self):
        totals = self._count_appraisals(Domain.TRUE)
        complete = self._count_appraisals(Domain("complete", "=", True))
        decisions = dict(
            self.env["cs.decision"]._read_group(
                [("cycle_id", "in", self.ids)], ["cycle_id"], ["__count"]
            )
        )
        for cycle in self:
            cycle.appraisal_count = totals.get(cycle, 0)
            cycle.complete_count = complete.get(cycle, 0)
            cycle.decision_count = decisions.get(cycle, 0)
            done = (
                1
                if cycle.state == "closed"
                else cycle.complete_count / (cycle.appraisal_count or 1)
            )
            cycle.progress = 100 * done

    def _count_appraisals(self, domain):
        domain &= Domain("cycle_id", "in", self.ids) & Domain("excluded", "=", False)
        return dict(self.env["cs.appraisal"]._read_group(domain, ["cycle_id"], ["__count"]))

    @api.model_create_multi
    def create(self, vals_list):
        cycles = super().create(vals_list)
        for cycle in cycles:
            cycle._check_order()
            cycle._check_policy()
        return cycles

    def write(self, vals):
        if {"company_id", "kind", "date_start"} & set(vals):
            raise UserError(self.env._("The period of a cycle cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        for cycle in self.filtered(lambda cycle: cycle.state == "closed"):
            raise UserError(self.env._("%s is closed and cannot be deleted.", cycle.name))

    def action_open(self):
        """Create the appraisals and sheets that are missing (again and again is safe)."""
        self.check_access("write")
        for cycle in self.sudo():
            cycle._open()

    def action_view_appraisals(self):
        return self._action_related("cs_promotion.cs_appraisal_action")

    def action_view_decisions(self):
        return self._action_related("cs_promotion.cs_decision_action")

    def _action_related(self, xmlid):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return dict(action, domain=[("cycle_id", "=", self.id)], context={})

    def _check_order(self):
        """A period before one that is closed already cannot be opened any more."""
        later = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "closed"),
                ("date_end", ">", self.date_end),
            ],
            limit=1,
        )
        if later:
            raise ValidationError(
                self.env._(
                    "%(cycle)s cannot be opened: %(later)s is closed already.",
                    cycle=self.name,
                    later=later.name,
                )
            )

    def _check_policy(self):
        """Take the policy in force on the last day (O5); refuse where there is none."""
        for cycle in self:
            cycle.sudo().policy_id = self.env["cs.policy"]._get_required(
                cycle.company_id, cycle.date_end
            )

    def _check_open(self):
        for cycle in self.filtered(lambda cycle: cycle.state != "open"):
            raise UserError(self.env._("%s is closed. Re-open it to correct it.", cycle.name))

    @api.model
    def _get_last_closed(self, company):
        """The company's closed cycle with the latest end; empty when none is."""
        return self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "closed")],
            order="date_end desc",
            limit=1,
        )

    @api.model
    def _get_closed_months(self, companies):
        """Pairs (company id, first of month) of the closed months."""
        cycles = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("kind", "=", "month"),
                ("state", "=", "closed"),
            ]
        )
        return {(cycle.company_id.id, cycle.date_start) for cycle in cycles}

    @api.model
    def _get_or_create(self, company, kind, start):
        """The company's cycle of this period."""
        period = {"company_id": company.id, "kind": kind, "date_start": start}
        cycle = self.sudo().search([(name, "=", value) for name, value in period.items()])
        try:
            with self.env.cr.savepoint():
                return cycle or self.sudo().create(period)
        except UniqueViolation as error:
            # another worker made it after this transaction began: begin anew, and see it
            raise ConcurrencyError(f"{kind} {start} of {company.name}") from error

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The history tells why agents were left out or decisions withdrawn: it is for those
        who run the cycle, though everyone sees the cycle itself."""
        return dict.fromkeys(self, "write")

    def _needs_sheets(self):
        """Whether raters fill in a form for this cycle; a quarter by average has none (R3)."""
        self.ensure_one()
        return self.kind == "month" or self.policy_id.quarter_method == "scorecard"

    def _open(self):
        """Give every agent on the ladder in the period an appraisal, and its sheets (R1, S1).

        Two workers may do it at once and it may be done again: rows that are there stay.
        """
        self.ensure_one()
        self._check_open()
        if not self._needs_sheets():
            return
        timelines = self.env["cs.timeline"]._load_on_ladder(
            self.company_id, self.date_start, self.date_end
        )
        self._insert_appraisals(
            [
                (id_, last.department, last.tier)
                for id_, timeline in timelines.items()
                for last in [timeline.last_in(self.date_start, self.date_end)]
            ]
        )
        self._insert_sheets()

    def _insert_appraisals(self, agents):
        """Insert one row for each (employee, department, tier) that has none yet."""
        if not agents:
            return self.env["cs.appraisal"]
        employees, departments, tiers = zip(*agents, strict=True)
        self.env["hr.employee"].flush_model(["parent_id"])
        return self._insert(
            "cs.appraisal",
            {
                "cycle_id": SQL("%s", self.id),
                "company_id": SQL("%s", self.company_id.id),
                "kind": SQL("%s", self.kind),
                "date_start": SQL("%s::date", self.date_start),
                "date_end": SQL("%s::date", self.date_end),
                "employee_id": SQL("agent.employee_id"),
                "department_id": SQL("agent.department_id"),
                "tier_id": SQL("agent.tier_id"),
                "superior_id": SQL("employee.parent_id"),
                "closed": SQL("FALSE"),
                "complete": SQL("FALSE"),
                "excluded": SQL("FALSE"),
                "scored": SQL("FALSE"),
                "score": SQL("0"),
                "rank": SQL("0"),
            },
            SQL(
                """unnest(%s::int[], %s::int[], %s::int[])
                    AS agent (employee_id, department_id, tier_id)
                JOIN hr_employee employee ON employee.id = agent.employee_id
                ORDER BY agent.employee_id""",
                list(employees),
                list(departments),
                list(tiers),
            ),
        )

    def _insert_sheets(self):
        """Insert the sheets of all raters of positive weight, with their lines (S1, S3)."""
        policy = self.policy_id
        roles = list(scoring.weights(policy._compile().settings))
        self.env["res.users"].flush_model()
        sheets = self._insert(
            "cs.appraisal.sheet",
            {
                "appraisal_id": SQL("appraisal.id"),
                "role": SQL("role.name"),
                "cycle_id": SQL("appraisal.cycle_id"),
                "company_id": SQL("appraisal.company_id"),
                "employee_id": SQL("appraisal.employee_id"),
                "superior_user_id": SQL("resource.user_id"),
                "date_due": SQL("%s::date", self.date_due),
                "scorecard_id": SQL("%s", policy.scorecard_id.id),
                "state": SQL("'draft'"),
                "total": SQL("0"),
                "answered": SQL("0"),
                "item_count": SQL("%s", policy.scorecard_id.item_count),
            },
            SQL(
                """cs_appraisal appraisal
                CROSS JOIN unnest(%s::varchar[]) AS role (name)
                LEFT JOIN hr_employee superior ON superior.id = appraisal.superior_id
                LEFT JOIN resource_resource resource ON resource.id = superior.resource_id
                WHERE appraisal.cycle_id = %s AND NOT appraisal.excluded
                ORDER BY appraisal.id, role.name DESC""",
                roles,
                self.id,
            ),
        )
        self._insert(
            "cs.appraisal.sheet.line",
            {
                "sheet_id": SQL("sheet.id"),
                "item_id": SQL("item.id"),
                "section_id": SQL("item.section_id"),
                "number": SQL("item.number"),
                "points": SQL("0"),
            },
            SQL(
                """cs_appraisal_sheet sheet
                JOIN cs_scorecard_item item ON item.scorecard_id = sheet.scorecard_id
                WHERE sheet.id = ANY(%s)
                ORDER BY sheet.id, item.number""",
                sheets.ids,
            ),
        )

    def _insert(self, model, columns, source):
        """``INSERT … SELECT`` of many rows at once; rows that are there already stay.

        Stored computed fields that other addons add to the model are computed afterwards.

        :param columns: column name -> SQL of its value
        :return: the new records
        """
        model = self.env[model].sudo()
        self.env.flush_all()
        log = {
            "create_uid": SQL("%s", self.env.uid),
            "write_uid": SQL("%s", self.env.uid),
            "create_date": SQL("now() AT TIME ZONE 'UTC'"),
            "write_date": SQL("now() AT TIME ZONE 'UTC'"),
        }
        columns = columns | log
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s ON CONFLICT DO NOTHING RETURNING id",
                SQL.identifier(model._table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(columns.values()),
                source,
            )
        )
        records = model.browse(id_ for (id_,) in rows)
        for field in model._fields.values():
            if field.store and field.compute and field.name not in columns:
                self.env.add_to_compute(field, records)
        self.env.invalidate_all()
        return records

    @api.model
    def _open_due(self, company, today):
        """Open the month of ``today``, and those since the last closed one that were missed.

        A quarter with a form of its own is opened with its last month. Cycles that are open
        get the appraisals of those who joined since.
        """
        last = self._get_last_closed(company)
        month = month_start(day_after(last.date_end)) if last else month_start(today)
        start = self.env["cs.policy"]._get_first_start(company)
        opened = self.sudo().search([("company_id", "=", company.id), ("state", "=", "open")])
        if not last and opened:
            month = min(opened.mapped("date_start"))
        month = max(month, start) if start != date.max else day_after(today)
        while month <= today:
            self._get_or_create(company, "month", month)._open()
            if month.month % 3 == 0:
                quarter = self._get_or_create(company, "quarter", quarter_start(month))
                quarter._open()
            month = add_months(month, 1)

    @api.model
    def _cron_open(self):
        """Open what is due in every company that has a policy (scheduled daily)."""
        companies = self.env["cs.policy"].search([("state", "=", "active")]).company_id
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        today = fields.Date.today()
        for company in companies:
            cycles = self.with_company(company)
            take_step(company, lambda due, cycles=cycles: cycles._open_due(due, today))
