from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..many import any_of

# what comes out of a period, in the order in which the closing writes it
RESULTS = ("scored", "score", "rank", "rank_bottom", "ranked", "class_id", "withheld")


class CsAppraisal(models.Model):
    """One agent in one cycle. Once closed, everything on it is frozen (R1-R4)."""

    _name = "cs.appraisal"
    _inherit = [
        "cs.appraisal.rater.mixin",
        "cs.appraisal.notice.mixin",
        "cs.bulk.mixin",
        "cs.employee.mixin",
        "cs.kept.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
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
    scorecard_id = fields.Many2one(
        "cs.scorecard",
        string="Other Form",
        readonly=True,
        ondelete="restrict",
        help="By which the agent is scored in this period, where it is not the policy's own.",
    )
    formless = fields.Boolean(
        string="Without a Form",
        readonly=True,
        help="The policy has no form for the agent in this period: there is no score.",
    )
    complete = fields.Boolean(
        compute="_compute_complete",
        store=True,
        help="Every rater who is needed has submitted (S3).",
    )
    excluded = fields.Boolean(string="Left Out", readonly=True)
    excluded_reason = fields.Text(string="Reason Left Out", readonly=True)
    closed = fields.Boolean(string="Published", readonly=True)
    published_on = fields.Date(
        readonly=True,
        copy=False,
        help="First publication of this score: its notice counts from it.",
    )
    published_score = fields.Float(digits=(5, 2), readonly=True, copy=False, aggregator=False)
    regraded = fields.Boolean(
        readonly=True,
        copy=False,
        help="A sheet was handed in anew after the score was published: the next publication "
        "is one of a new score, even if it comes out the same.",
    )
    being_corrected = fields.Boolean(
        compute="_compute_being_corrected",
        help="It was published and its period has been opened again: the score shown is the "
        "former one.",
    )
    judged = fields.Boolean(readonly=True, copy=False, help="The rules have been applied (O1).")
    eligible = fields.Boolean(
        readonly=True,
        copy=False,
        groups="cs_promotion.group_office",
        help="A rule was met that leads to a rung with a limited number of places.",
    )
    scored = fields.Boolean(readonly=True, help="There is a score; without one there is no rank.")
    score = fields.Float(digits=(5, 2), readonly=True, aggregator="avg")
    rank = fields.Integer(readonly=True, aggregator=False, help="Among those compared; 0: none.")
    rank_bottom = fields.Integer(
        string="Place from the Bottom",
        readonly=True,
        aggregator=False,
        help="1: the last of those ranked; equal scores share the place nearer to it; 0: none.",
    )
    ranked = fields.Integer(
        string="Ranked in All",
        readonly=True,
        aggregator=False,
        help="How many are ranked with the agent.",
    )
    class_id = fields.Many2one(
        "cs.policy.class",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    withheld = fields.Json(
        string="Kept Out of Better Classes",
        readonly=True,
        copy=False,
        help="By class, what the agent lacked for it when the period was closed.",
    )
    class_note = fields.Char(compute="_compute_class_note", string="Not in a Better Class")
    measured = fields.Json(
        readonly=True,
        copy=False,
        help="What was measured for the form when the period was closed, item by item.",
    )
    points = fields.Json(
        readonly=True,
        copy=False,
        help="What sections and items came to when the period was closed, where metrics are of "
        "them.",
    )
    measured_html = fields.Html(
        compute="_compute_measured_html", sanitize=False, string="What Is Measured"
    )
    close_call = fields.Json(
        readonly=True,
        copy=False,
        groups="cs_promotion.group_office",
        help="The promotion rule that failed by little at this closing, as the engine found it.",
    )
    can_exclude = fields.Boolean(compute="_compute_can", help="The reader may leave it out now.")
    can_include = fields.Boolean(compute="_compute_can", help="The reader may take it in now.")

    _employee_uniq = models.Constraint(
        "UNIQUE(cycle_id, employee_id)", "An agent has one appraisal in each cycle."
    )
    _score_check = models.Constraint(
        "CHECK(score BETWEEN 0 AND 12000 AND rank >= 0)",  # a year may be the sum of its months
        "A score lies between 0 and the highest one of the policy.",
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

    @api.depends("cycle_id.state", "excluded", "formless", "employee_id")
    @api.depends_context("uid")
    def _compute_can(self):
        office = self.env.user.has_group("cs_promotion.group_office")
        for appraisal in self:
            may = office and appraisal.cycle_id.state == "open" and not appraisal._is_own()
            appraisal.can_exclude = may and not appraisal.excluded
            appraisal.can_include = may and appraisal.excluded and not appraisal.formless

    @api.depends("employee_id", "cycle_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for appraisal in self:
            appraisal.display_name = self._join_name(
                appraisal.employee_id.name, appraisal.cycle_id.name, glue=" "
            )

    @api.depends("sheet_ids.state", "sheet_ids.optional")
    def _compute_complete(self):
        for appraisal in self:
            sheets = appraisal.sheet_ids.filtered(lambda sheet: not sheet.optional)
            appraisal.complete = bool(sheets) and all(
                sheet.state == "submitted" for sheet in sheets
            )

    @api.depends("measured", "closed", "excluded")
    @api.depends_context("lang")
    def _compute_measured_html(self):
        for appraisal, rows in self.env["cs.measured"]._get_rows(self).items():
            appraisal.measured_html = bool(rows) and self.env["ir.qweb"]._render(
                "cs_promotion.appraisal_measured", {"rows": rows}
            )

    @api.depends("withheld")
    @api.depends_context("lang")
    def _compute_class_note(self):
        for appraisal in self:
            appraisal.class_note = self.env["cs.cycle.classes"]._say(appraisal)

    def _compute_being_corrected(self):
        for appraisal in self:
            appraisal.being_corrected = bool(appraisal.published_on) and not appraisal.closed

    def write(self, vals):
        """People only name another rater, never themselves: all else is the software's."""
        self.check_access("write")
        persons = set(self.env["cs.appraisal.sheet"]._get_persons())
        if not self.env.su and set(vals) - persons:
            raise AccessError(self.env._("On an appraisal only the raters can be changed."))
        persons &= set(vals)
        if not self.env.su or persons:
            self.cycle_id._check_open()
        # what was before is noted first: the trace names both raters
        former = []
        for person in persons:
            rater = self.env["hr.employee"].browse(vals[person] or ())
            for appraisal in self:
                if appraisal[person] != rater:
                    appraisal._check_rater(person, rater)
                    former.append((appraisal, person, appraisal[person]))
            # another rater starts with an empty form, before the sheet is theirs
            self._empty_sheets_of(person, rater.id)
        res = super().write(vals)
        for appraisal, person, before in former:
            appraisal._trace_rater(person, before)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        self.cycle_id._check_open()

    def _read_group_select(self, aggregate_spec, query):
        """A mean counts the scores there are: an appraisal without one is no nought (S3)."""
        # no score is stored as 0, which a mean would count
        selected = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "score:avg":
            return selected
        scored = self._field_to_sql(self._table, "scored", query)
        return SQL("%s FILTER (WHERE %s)", selected, scored)

    @api.model
    def _insert_for(self, cycle, rows, publish=False):
        """Insert an appraisal of ``cycle`` for each of ``rows`` that has none yet.

        :param rows: (employee id, department, tier, scored, score, rank, place from the bottom, how
            many are ranked, class, what kept from better ones)
        :param publish: whether they are closed with that
        """
        if not rows:
            return
        self.env["hr.employee"].flush_model(["parent_id"])
        asked = set(cycle.policy_id.rater_ids.mapped("who"))
        given = {
            name: SQL("agent.%s", SQL.identifier(name))
            for name in ("employee_id", "department_id", "tier_id", *RESULTS)
        }
        if publish:
            given["published_score"] = SQL("agent.score")
            given["published_on"] = SQL("%s::date", cycle.company_id._cs_today())
        appraisals = self.with_company(cycle.company_id)._insert_select(
            {
                "cycle_id": SQL("%s", cycle.id),
                "company_id": SQL("%s", cycle.company_id.id),
                "kind": SQL("%s", cycle.kind),
                "date_start": SQL("%s::date", cycle.date_start),
                "date_end": SQL("%s::date", cycle.date_end),
                "superior_id": SQL("employee.parent_id"),
                **self._get_person_columns(asked),
                "closed": SQL("%s", publish),
                "complete": SQL("FALSE"),
                "excluded": SQL("FALSE"),
                "formless": SQL("FALSE"),
                **given,
            },
            SQL(
                """unnest(%s::int[], %s::int[], %s::int[], %s::bool[], %s::numeric[], %s::int[],
                          %s::int[], %s::int[], %s::int[], %s::jsonb[])
                    AS agent (employee_id, department_id, tier_id, scored, score, rank, rank_bottom,
                              ranked, class_id, withheld)
                JOIN hr_employee employee ON employee.id = agent.employee_id
                ORDER BY agent.employee_id""",
                *map(list, zip(*rows, strict=True)),
            ),
        )
        appraisals._on_inserted()

    @api.model
    def _get_person_columns(self, asked):
        """Columns of those who are asked besides the superior, by the tables of
        :meth:`_insert_for`; nobody rates themself for another."""
        persons = {
            "superior2": SQL("(SELECT parent_id FROM hr_employee WHERE id = employee.parent_id)"),
            "head": SQL("(SELECT manager_id FROM hr_department WHERE id = agent.department_id)"),
        }
        return {
            f"{code}_id": SQL("NULLIF(%s, agent.employee_id)", person)
            for code, person in persons.items()
            if code in asked
        }

    def _judge(self):
        """Have these judged, each by the closing of its cycle; again is safe."""
        for cycle, ours in self.grouped("cycle_id").items():
            cycle.with_company(cycle.company_id)._judge(ours)

    def _note_unjudged(self, message):
        self.cycle_id._note_unjudged(self, message)

    def _make_sheets(self):
        """The sheets that these need, in any cycles; those that are there stay."""
        self.env["cs.cycle"]._make_sheets(self)

    def _claim_unjudged(self):
        """Note that the rules are applied to these, of one cycle, but for who is judged already;
        what an earlier closing noted of them is taken away.

        :return: id of each agent who is to be judged -> id of the appraisal
        """
        # in one statement, which also locks: of two workers one gets each agent
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal SET judged = TRUE, eligible = FALSE, close_call = NULL
                 WHERE id = %s AND cycle_id = ANY(%s) AND judged IS NOT TRUE
             RETURNING employee_id, id
                """,
                any_of(self.ids),
                # found by their cycle: of so many ids PostgreSQL would read the table of all years
                self[:1].cycle_id.ids,
            )
        )
        self.invalidate_recordset(["judged", "eligible", "close_call"])
        return dict(rows)

    def _mark_eligible(self, employee_ids):
        """Note that these agents need no more than a place, in one statement."""
        if employee_ids:
            self.filtered(lambda each: each.employee_id.id in employee_ids).eligible = True

    def _mark_unjudged(self):
        """Note in one statement that the rules have to be applied again."""
        self.env.execute_query(
            SQL(
                "UPDATE cs_appraisal SET judged = FALSE WHERE id = %s RETURNING 1", any_of(self.ids)
            )
        )
        self.invalidate_recordset(["judged"])

    def action_exclude(self):
        """Leave agents out of the cycle, with a reason."""
        return self.env["cs.reason"]._ask("exclude", self)

    def action_include(self):
        """Take agents that were left out in again."""
        self.check_access("write")
        self._check_not_own()
        # sudo: who is left out, and their sheets, only the software writes; checked above
        appraisals = self.sudo()
        appraisals._check_possible("include")
        appraisals.write({"excluded": False, "excluded_reason": False})
        for cycle in appraisals.cycle_id:
            cycle._open()

    def _exclude(self, reason):
        """Leave these agents out; their closing needs no sheets, and they have no review."""
        self.cycle_id._check_open()
        self.write({"excluded": True, "excluded_reason": reason})
        for cycle, appraisals in self.grouped("cycle_id").items():
            cycle.message_post(
                body=self.env._(
                    "Left out: %(agents)s. Reason: %(reason)s",
                    agents=appraisals.employee_id.mapped("name"),
                    reason=reason,
                )
            )

    def _get_scorecard(self):
        """The form that the agent is scored by in the period."""
        self.ensure_one()
        return self.scorecard_id or self.cycle_id.policy_id.scorecard_id

    def _get_raters(self):
        """Users who filled in a sheet of these appraisals, or are to."""
        sheets = self.sudo().sheet_ids
        named = sheets.superior_user_id | sheets.rater_user_id
        return sheets.submitted_by | named | sheets.editor_ids.user_id

    def _filter_kept(self):
        """What was attached stays once the score has been published."""
        return self.filtered(lambda each: each.closed or each.published_on)

    def _note_handed_in(self):
        """A sheet of these was submitted; to extend by what waits for it."""
        # the agent is told of what comes out, and may object to it anew
        self.filtered("published_on").write({"regraded": True})

    def _check_regradable(self):
        """Refuse to have a score graded anew; to extend by what makes one final."""

    def _get_step_fault(self, step):
        self.ensure_one()
        if step in ("exclude", "include") and self.cycle_id.state != "open":
            return self.env._("%s is closed. Re-open it to correct it.", self.cycle_id.display_name)
        if step == "exclude" and self.excluded:
            return self.env._("%s is left out already.", self.display_name)
        if step == "include" and not self.excluded:
            return self.env._("%s is not left out.", self.display_name)
        if step == "include" and self.formless:
            return self.env._("%s: the policy has no form for this period.", self.display_name)
        return super()._get_step_fault(step)

    def _describe_step(self, step):
        lines = super()._describe_step(step)
        if step == "exclude":
            lines.append(self.env._("no score, no rank, and no appraisal pay for this period"))
            lines.append(self.env._("the closing does not wait for these sheets any more"))
            submitted = self.sheet_ids.filtered(lambda sheet: sheet.state == "submitted")
            if submitted:
                lines.append(
                    self.env._("sheets that are in already do not count: %s", len(submitted))
                )
        return lines

    def _get_missing(self):
        """What closing still waits for, one line an agent and rater."""
        labels = dict(self.env["cs.vocabulary"]._get_rater_choice())
        missing = []
        for appraisal in self.filtered(lambda appraisal: not appraisal.excluded):
            name = appraisal.employee_id.name
            if not appraisal.sheet_ids:
                missing.append(self.env._("%s: no sheet was opened", name))
            for sheet in appraisal.sheet_ids.filtered(lambda sheet: sheet.state == "draft"):
                line = self.env._(
                    "%(agent)s: %(role)s, %(answered)s of %(items)s items",
                    agent=name,
                    role=labels.get(sheet.role, sheet.role),
                    answered=sheet.answered,
                    items=sheet.item_count,
                )
                missing.append(
                    "".join([line, *(f"; {why}" for why in appraisal._get_hints(sheet))])
                )
        return missing
