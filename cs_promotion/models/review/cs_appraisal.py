from collections import defaultdict
from functools import cache

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...engine.calendar import month_end, quarter_end
from ...engine.decimals import decimal
from ...engine.series import Point


class CsAppraisal(models.Model):
    """One agent in one cycle. Once closed, everything on it is frozen (R1-R4)."""

    _name = "cs.appraisal"
    _inherit = ["cs.employee.mixin"]
    _description = "CS Appraisal"
    _order = "date_start desc, department_id, rank, id"
    _name_parts = ("employee_id", "cycle_id")

    employee_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one(index=False)  # companies are few, and every index costs
    cycle_id = fields.Many2one(
        "cs.cycle",
        required=True,
        ondelete="cascade",
        check_company=True,
        readonly=True,
    )
    kind = fields.Selection(related="cycle_id.kind", store=True)
    date_start = fields.Date(related="cycle_id.date_start", store=True)
    date_end = fields.Date(related="cycle_id.date_end", store=True)
    department_id = fields.Many2one(
        "hr.department",
        readonly=True,
        ondelete="restrict",
        help="Held at the period's end; a leaver's, on their last day (R2).",
    )
    tier_id = fields.Many2one(
        "cs.tier", readonly=True, ondelete="restrict", help="Held at the period's end."
    )
    superior_id = fields.Many2one(
        "hr.employee",
        string="Direct Superior",
        index=True,
        ondelete="restrict",
        check_company=True,
        context={"active_test": False},
        help="Fills in the superior's sheet (S1).",
    )
    sheet_ids = fields.One2many("cs.appraisal.sheet", "appraisal_id")
    editor_ids = fields.One2many("cs.appraisal.sheet.editor", "appraisal_id", readonly=True)
    former_ids = fields.One2many(
        "cs.appraisal.sheet.former", "appraisal_id", string="Former Grades", readonly=True
    )
    complete = fields.Boolean(
        compute="_compute_complete", store=True, help="Every rater has submitted (S3)."
    )
    excluded = fields.Boolean(string="Left Out", readonly=True)
    excluded_reason = fields.Text(string="Reason Left Out", readonly=True)
    closed = fields.Boolean(string="Published", readonly=True)
    judged = fields.Boolean(readonly=True, copy=False, help="The rules have been applied (O1).")
    scored = fields.Boolean(readonly=True, help="There is a score; without one there is no rank.")
    score = fields.Float(digits=(5, 2), readonly=True, aggregator="avg")
    rank = fields.Integer(readonly=True, aggregator=False, help="Within the department; 0: none.")
    close_call = fields.Json(
        readonly=True,
        copy=False,
        groups="cs_promotion.group_office",
        help="The promotion rule that failed by little at this closing, as the engine found it.",
    )

    _employee_uniq = models.Constraint(
        "UNIQUE(cycle_id, employee_id)", "An agent has one appraisal in each cycle."
    )
    _score_check = models.Constraint(
        "CHECK(score BETWEEN 0 AND 100 AND rank >= 0)", "A score lies between 0 and 100."
    )
    _place_idx = models.Index("(cycle_id, department_id)")
    _history_idx = models.Index("(employee_id, kind, date_start) WHERE closed")

    @api.private
    def init(self):
        """Leave room in the pages: closing updates every row, and where a new version fits in
        the page PostgreSQL leaves the indexes alone (heap-only tuples)."""
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 50)", SQL.identifier(self._table))
        )

    @api.depends("cycle_id")
    def _compute_company_id(self):
        """That of its cycle, wherever the agent is by now."""
        for appraisal in self:
            appraisal.company_id = appraisal.cycle_id.company_id

    @api.depends("employee_id", "cycle_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for appraisal in self:
            appraisal.display_name = self._join_name(
                appraisal.employee_id.name, appraisal.cycle_id.name, glue=" "
            )

    @api.depends("sheet_ids.state")
    def _compute_complete(self):
        for appraisal in self:
            sheets = appraisal.sheet_ids
            appraisal.complete = bool(sheets) and all(
                sheet.state == "submitted" for sheet in sheets
            )

    def write(self, vals):
        """People only name another superior, never themselves: all else is the software's."""
        self.check_access("write")
        if not self.env.su and set(vals) - {"superior_id"}:
            raise AccessError(
                self.env._("On an appraisal only the direct superior can be changed.")
            )
        if not self.env.su or "superior_id" in vals:
            self.cycle_id._check_open()
        if "superior_id" not in vals:
            return super().write(vals)
        superior = self.env["hr.employee"].browse(vals["superior_id"] or ())
        former = {each: each.superior_id for each in self if each.superior_id != superior}
        for appraisal in former:
            appraisal._check_superior(superior)
        self._empty_superior_sheets(superior.id)
        res = super().write(vals)
        for appraisal, before in former.items():
            appraisal._trace_superior(before)
        return res

    def _check_superior(self, superior):
        """Say why this employee cannot be named as the agent's superior (S1).

        Whoever names somebody decides who grades: so never oneself, never the agent, nobody
        who has entered the office's form, and nobody who does not work here in the period.
        One without a login, whose form others enter, is named by HR or confirmed by a manager.
        """
        self.ensure_one()
        # sudo: the office knows of an employee no more than the name
        superior, appraisal = superior.sudo(), self.sudo()
        names = {"agent": appraisal.employee_id.name, "superior": superior.name}
        if not superior:
            return
        user = superior.user_id
        if superior == appraisal.employee_id or (user and user == appraisal.employee_id.user_id):
            raise UserError(self.env._("%(agent)s cannot be their own superior.", **names))
        office = appraisal.sheet_ids.filtered(lambda sheet: sheet.role == "office")
        if user and user in (office.editor_ids.user_id | office.submitted_by):
            raise UserError(
                self.env._(
                    "%(superior)s has entered the office's form of %(agent)s, and one person "
                    "never enters both. Name another superior.",
                    **names,
                )
            )
        start, end = superior.contract_date_start, superior.contract_date_end
        if (
            not superior.active
            or (end and end < appraisal.date_start)
            or (start and start > appraisal.date_end)
        ):
            raise UserError(
                self.env._(
                    "%(superior)s does not work here in this period and cannot be named as the "
                    "superior of %(agent)s.",
                    **names,
                )
            )
        if not self.env.su:
            self._check_naming(superior)

    def _check_naming(self, superior):
        """Whether this user may name that superior."""
        names = {"agent": self.sudo().employee_id.name, "superior": superior.name}
        if superior.user_id == self.env.user:
            raise UserError(
                self.env._("You cannot make yourself the superior: somebody else must.")
            )
        if (
            not superior.user_id
            and superior != self.sudo().employee_id.parent_id
            and not self.env.user.has_group("cs_promotion.group_manager")
        ):
            raise AccessError(
                self.env._(
                    "%(superior)s has no login and is not the manager that HR has set for "
                    "%(agent)s: only a manager of CS Promotion may name such a superior.",
                    **names,
                )
            )

    def _trace_superior(self, before):
        """Leave a note of who named whom. A message, and no field tracking: a key in the
        caller's context turns tracking off."""
        self.ensure_one()
        nobody = self.env._("nobody")
        self.sudo().message_post(
            body=self.env._(
                "%(user)s named another direct superior: %(before)s → %(after)s.",
                user=self.env.user.name,
                before=before.sudo().name or nobody,
                after=self.superior_id.sudo().name or nobody,
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _empty_superior_sheets(self, superior_id):
        """Take out what a replaced superior has filled in: the new one starts afresh."""
        replaced = self.filtered(lambda each: each.superior_id.id not in (False, superior_id))
        sheets = replaced.sudo().sheet_ids.filtered(lambda sheet: sheet.role == "superior")
        for sheet in sheets.filtered(lambda sheet: sheet.state == "submitted"):
            raise UserError(
                self.env._(
                    "%s is submitted. Give it back before you name another superior.",
                    sheet.display_name,
                )
            )
        # what was entered from paper could be read by the office, whose sheet then is seen
        paper = sheets.filtered(lambda sheet: sheet.is_paper and sheet.answered)
        (paper.appraisal_id.sheet_ids - paper).filtered("submitted_on")._mark_seen()
        sheets.line_ids.write({"grade_id": False, "remark": False})
        sheets.former_ids._forget_messages()
        sheets.write({"seen_on": False, "paper_by": False, "paper_on": False})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        self.cycle_id._check_open()

    def _read_group_select(self, aggregate_spec, query):
        """A mean counts the scores there are: an appraisal without one is no nought (S3)."""
        selected = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "score:avg":
            return selected
        scored = self._field_to_sql(self._table, "scored", query)
        return SQL("%s FILTER (WHERE %s)", selected, scored)

    @api.model
    def _load_series(self, codes, scope):
        """Scores and ranks of closed months and quarters: a source of ``cs.vocabulary``.

        A code is the kind of period and the figure: ``month_score``. One query for all of them.
        """
        self.flush_model()
        series = {code: defaultdict(list) for code in codes}
        ends = {"month": cache(month_end), "quarter": cache(quarter_end)}
        exact = cache(decimal)
        for kind, employee_id, start, score, rank, id_ in self.env.execute_query(
            SQL(
                """
                SELECT kind, employee_id, date_start, CASE WHEN scored THEN score::text END,
                       NULLIF(rank, 0), id
                  FROM cs_appraisal
                 WHERE employee_id = ANY(%s) AND company_id = %s AND kind = ANY(%s)
                   AND closed AND date_end BETWEEN %s AND %s AND (scored OR rank > 0)
                 ORDER BY date_start
                """,
                scope.ids,
                scope.company.id,
                list({code.partition("_")[0] for code in codes}),
                scope.since,
                scope.until,
            )
        ):
            end = ends[kind](start)
            for code, value in (
                (f"{kind}_score", score and exact(score)),
                (f"{kind}_rank", rank),
            ):
                if value is not None and code in series:
                    series[code][employee_id].append(Point(start, end, value, id_))
        return series

    def _claim_unjudged(self):
        """Note that the rules are applied to these, but for who is judged already.

        :return: ids of the agents who are to be judged
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal SET judged = TRUE
                 WHERE id = ANY(%s) AND judged IS NOT TRUE
             RETURNING employee_id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["judged"])
        return [id_ for (id_,) in rows]

    def _mark_unjudged(self):
        """Note in one statement that the rules have to be applied again."""
        self.env.execute_query(
            SQL("UPDATE cs_appraisal SET judged = FALSE WHERE id = ANY(%s) RETURNING 1", self.ids)
        )
        self.invalidate_recordset(["judged"])

    def action_exclude(self):
        """Leave agents out of the cycle, with a reason."""
        return self.env["cs.reason"]._ask("exclude", self)

    def action_include(self):
        """Take agents that were left out in again."""
        self.check_access("write")
        self._check_not_own()
        self.sudo()._check_possible("include")
        self.sudo().write({"excluded": False, "excluded_reason": False})
        for cycle in self.cycle_id.sudo():
            cycle._open()

    def action_enter_paper(self):
        """Open the superior's sheet, for the office to enter the paper form of a superior
        without a login."""
        self.ensure_one()
        self.env["cs.decision"]._check_group("cs_promotion.group_office")
        self.check_access("read")
        sheet = self.sudo().sheet_ids.filtered(lambda sheet: sheet.role == "superior")
        sheet._check_editable()
        sheet._check_paper()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cs_promotion.cs_appraisal_sheet_action_to_score"
        )
        form = [view for view in action["views"] if view[1] == "form"]
        return dict(action, res_id=sheet.id, view_mode="form", views=form)

    def _exclude(self, reason):
        """Leave these agents out; their closing needs no sheets, and they have no review."""
        self.check_access("write")
        self.cycle_id._check_open()
        self.sudo().write({"excluded": True, "excluded_reason": reason})
        for cycle, appraisals in self.grouped("cycle_id").items():
            cycle.message_post(
                body=self.env._(
                    "Left out: %(agents)s. Reason: %(reason)s",
                    agents=appraisals.employee_id.sudo().mapped("name"),
                    reason=reason,
                )
            )

    def _get_missing(self):
        """What closing still waits for, one line an agent and rater."""
        labels = dict(
            self.env["cs.appraisal.sheet"]._fields["role"]._description_selection(self.env)
        )
        missing = []
        # names and whereabouts of those who left are told to whoever may close the cycle
        for appraisal in self.sudo().filtered(lambda appraisal: not appraisal.excluded):
            name = appraisal.employee_id.name
            if not appraisal.sheet_ids:
                missing.append(self.env._("%s: no sheet was opened", name))
            for sheet in appraisal.sheet_ids.filtered(lambda sheet: sheet.state == "draft"):
                line = self.env._(
                    "%(agent)s: %(role)s, %(answered)s of %(items)s items",
                    agent=name,
                    role=labels[sheet.role],
                    answered=sheet.answered,
                    items=sheet.item_count,
                )
                missing.append(
                    "".join([line, *(f"; {why}" for why in appraisal._get_hints(sheet))])
                )
        return missing

    def _get_hints(self, sheet):
        """Why a sheet may be waiting for someone who cannot fill it in any more, and what to do."""
        agent, superior = self.employee_id, self.superior_id
        if not agent.active:
            yield self.env._(
                "archived, the last day was %(day)s: have the sheet filled in for the days "
                "worked, or leave the agent out",
                day=fields.Date.to_string(agent.cs_left_on),
            )
        elif agent.company_id != self.company_id:
            yield self.env._(
                "works for %(company)s now: have the sheet filled in for the days worked here, "
                "or leave the agent out",
                company=agent.company_id.name,
            )
        if sheet.role != "superior":
            return
        if not superior:
            yield self.env._("there is no direct superior: name one on the appraisal")
        elif not superior.active or (superior.user_id and not superior.user_id.active):
            yield self.env._(
                "%(superior)s is archived: name another direct superior on the appraisal",
                superior=superior.name,
            )
        elif superior.company_id != self.company_id:
            yield self.env._(
                "%(superior)s works for %(company)s now: name another direct superior on the "
                "appraisal",
                superior=superior.name,
                company=superior.company_id.name,
            )
