from datetime import date

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import scoring
from ...engine.calendar import add_months, day_after, month_start, quarter_start
from ..scheduled import BATCH, take_batches, take_step


class CsCycle(models.Model):
    """Opening a cycle: every agent on the ladder gets an appraisal with its sheets (R1, S1)."""

    _inherit = "cs.cycle"

    def action_open(self):
        """Create the appraisals and sheets that are missing (again and again is safe).

        Those of many agents are made by the scheduled action, which is told to start.
        """
        self.check_access("write")
        for cycle in self.sudo():
            cycle._open(limit=BATCH)
        self._leave_sheets_to_cron()

    def _leave_sheets_to_cron(self):
        """Start the scheduled action if sheets of these cycles are still to be made."""
        if self._find_without_sheets():
            self.env.ref("cs_promotion.ir_cron_open").sudo()._trigger()

    def _open(self, timelines=None, limit=None):
        """Give every agent on the ladder in the period an appraisal, and its sheets (R1, S1).

        Two workers may do it at once and it may be done again: rows that are there stay.

        :param timelines: of all on the ladder in the period, where they are at hand
        :param limit: agents who get their sheets at once; if there are more, none does
        """
        self.ensure_one()
        self._check_open()
        if not self._needs_sheets():
            return
        if timelines is None:
            timelines = self._load_timelines()
        self._insert_appraisals(
            [
                (id_, last.department, last.tier, False, 0, 0)
                for id_, timeline in timelines.items()
                for last in [timeline.last_in(self.date_start, self.date_end)]
            ]
        )
        waiting = self._find_without_sheets()
        if limit is None or len(waiting) <= limit:
            self._insert_sheets(waiting)

    def _load_timelines(self):
        """The timelines of all who stood on the ladder in the period, by employee id (R1)."""
        return self.env["cs.timeline"]._load_on_ladder(
            self.company_id, self.date_start, self.date_end
        )

    def _find_without_sheets(self):
        """The appraisals of these cycles that still need their sheets."""
        cycles = self.filtered(lambda each: each.state == "open" and each._needs_sheets())
        missing = Domain("excluded", "=", False) & Domain("sheet_ids", "=", False)
        ours = Domain("cycle_id", "in", cycles.ids)
        return self.env["cs.appraisal"].sudo().search(ours & missing, order="id")

    def _insert_appraisals(self, rows, publish=False):
        """Insert an appraisal for each of ``rows`` that has none yet.

        :param rows: (employee id, department, tier, scored, score, rank)
        :param publish: whether they are closed with that
        """
        if not rows:
            return
        self.env["hr.employee"].flush_model(["parent_id"])
        given = {
            name: SQL("agent.%s", SQL.identifier(name))
            for name in ("employee_id", "department_id", "tier_id", "scored", "score", "rank")
        }
        published = {
            "published_score": SQL("agent.score"),
            "published_on": SQL("%s::date", self.company_id._cs_today()),
        }
        self._insert(
            "cs.appraisal",
            {
                "cycle_id": SQL("%s", self.id),
                "company_id": SQL("%s", self.company_id.id),
                "kind": SQL("%s", self.kind),
                "date_start": SQL("%s::date", self.date_start),
                "date_end": SQL("%s::date", self.date_end),
                "superior_id": SQL("employee.parent_id"),
                "closed": SQL("%s", publish),
                "complete": SQL("FALSE"),
                "excluded": SQL("FALSE"),
                **given,
                **(published if publish else {}),
            },
            SQL(
                """unnest(%s::int[], %s::int[], %s::int[], %s::bool[], %s::numeric[], %s::int[])
                    AS agent (employee_id, department_id, tier_id, scored, score, rank)
                JOIN hr_employee employee ON employee.id = agent.employee_id
                ORDER BY agent.employee_id""",
                *map(list, zip(*rows, strict=True)),
            ),
        )

    def _insert_sheets(self, appraisals):
        """Insert the sheets of all raters of positive weight, with their lines (S1, S3)."""
        if not appraisals:
            return
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
                "department_id": SQL("appraisal.department_id"),
                "superior_id": SQL("appraisal.superior_id"),
                "superior_user_id": SQL("resource.user_id"),
                "excluded": SQL("appraisal.excluded"),
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
                WHERE appraisal.id = ANY(%s)
                ORDER BY appraisal.id, role.name DESC""",
                roles,
                appraisals.ids,
            ),
        )
        self._insert_lines(sheets)

    def _insert_lines(self, sheets):
        """Insert a line for every item of the scorecard (S1)."""
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
    def _open_now(self, company):
        """Open what is due today, for one who waits: what takes long, the cron goes on with."""
        cycles = self.sudo().with_company(company)
        cycles._open_due(company, company._cs_today())
        opened = cycles.search([("company_id", "=", company.id), ("state", "=", "open")])
        opened._leave_sheets_to_cron()

    @api.model
    def _open_due(self, company, today):
        """Open the month of ``today``, and those since the last closed one that were missed.

        A quarter with a form of its own is opened with its last month. Cycles that are open
        get the appraisals of those who joined since; many sheets are left to the caller.
        """
        last = self._get_last_closed(company)
        month = month_start(day_after(last.date_end)) if last else month_start(today)
        start = self.env["cs.policy"]._get_first_start(company)
        opened = self.sudo().search([("company_id", "=", company.id), ("state", "=", "open")])
        if not last and opened:
            month = min(opened.mapped("date_start"))
        month = max(month, start) if start != date.max else day_after(today)
        while month <= today:
            self._get_or_create(company, "month", month)._open(limit=BATCH)
            if month.month % 3 == 0:
                quarter = self._get_or_create(company, "quarter", quarter_start(month))
                quarter._open(limit=BATCH)
            month = add_months(month, 1)

    @api.model
    def _cron_open(self):
        """Open what is due in every company that has a policy (scheduled daily)."""
        companies = self.env["cs.policy"].search([("state", "=", "active")]).company_id
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            cycles = self.with_company(company)
            take_step(company, lambda due, cycles=cycles: cycles._open_due(due, due._cs_today()))
        take_batches(
            lambda: self.search([("state", "=", "open")])._find_without_sheets(),
            self._make_sheets,
        )

    @api.model
    def _make_sheets(self, appraisals):
        """The sheets of these appraisals, of any cycles."""
        for cycle, ours in appraisals.grouped("cycle_id").items():
            cycle.with_company(cycle.company_id)._insert_sheets(ours)
