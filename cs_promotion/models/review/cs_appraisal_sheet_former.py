from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

from ...engine.decimals import plain


class CsAppraisalSheetFormer(models.Model):
    """What a rater had given before a sheet was given back: who, when, item by item.

    It is kept when a sheet that was seen against the other's goes back, and never changes.
    ``told`` says that the sheet is in again and the change has been shown.
    """

    _name = "cs.appraisal.sheet.former"
    _description = "Former Grades of a CS Appraisal Sheet"
    _inherit = ["cs.name.search.mixin"]
    _name_parts = ("employee_id", "appraisal_id", "role", "total")
    _order = "id desc"

    # agent, period and rater, whoever may read the sheet itself
    display_name = fields.Char(compute_sudo=True)
    sheet_id = fields.Many2one(
        "cs.appraisal.sheet", required=True, index=True, ondelete="cascade", readonly=True
    )
    appraisal_id = fields.Many2one(
        related="sheet_id.appraisal_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, precompute=True)
    employee_id = fields.Many2one(related="sheet_id.employee_id", store=True, precompute=True)
    role = fields.Selection(related="sheet_id.role", store=True, precompute=True)
    rater_user_id = fields.Many2one(
        "res.users", string="Rater's User", readonly=True, ondelete="restrict"
    )
    submitted_by = fields.Many2one(
        "res.users", string="Given by", readonly=True, ondelete="restrict"
    )
    submitted_on = fields.Datetime(string="Given on", readonly=True)
    paper_by = fields.Many2one(
        "res.users", string="Entered from Paper by", readonly=True, ondelete="restrict"
    )
    total = fields.Float(string="Former Points", digits=(5, 2), readonly=True, aggregator=False)
    grades = fields.Json(readonly=True, help="Item by item: item, grade, points and remark.")
    returned_by = fields.Many2one(
        "res.users", string="Given Back by", readonly=True, ondelete="restrict"
    )
    returned_on = fields.Datetime(string="Given Back on", readonly=True)
    reason = fields.Text(readonly=True)
    told = fields.Boolean(readonly=True)
    # computed as sudo: of the sheet as it is now only what can_read lets this user see is taken
    total_now = fields.Float(
        string="Points Now",
        digits=(5, 2),
        compute="_compute_now",
        compute_sudo=True,
        aggregator=False,
    )
    changes = fields.Html(
        compute="_compute_now",
        compute_sudo=True,
        string="Former Grades",
        help="Item by item, before and now.",
    )
    message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null")

    @api.depends("sheet_id", "appraisal_id", "returned_on")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for former in self:
            former.display_name = self.env._(
                "%(sheet)s, %(points)s points until given back",
                sheet=former.sheet_id.display_name,
                points=formatLang(self.env, former.total, digits=2),
            )

    @api.model
    def _get_fixed_words(self):
        return self.env._("%(sheet)s, %(points)s points until given back", sheet="", points="")

    @api.depends("grades", "sheet_id.line_ids.grade_id", "sheet_id.line_ids.given")
    @api.depends("sheet_id.line_ids.is_given", "sheet_id.state")
    @api.depends_context("lang", "uid")
    def _compute_now(self):
        """Before and after; after only where this user may see the sheet as it is now."""
        for former in self:
            now = former.sheet_id if former.sheet_id.can_read else former.sheet_id.browse()
            former.total_now = now.total
            former.changes = Markup(
                "<table class='table table-sm o_cs_former'><thead><tr>"
                "<th></th><th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>%s</tbody></table>"
            ) % (
                self.env._("Item"),
                self.env._("Before"),
                self.env._("Now"),
                Markup().join(former._get_row(*each) for each in former._get_pairs(now)),
            )

    @api.model
    def _get_row(self, item, before, after, remark):
        mark = Markup(" class='fw-bold'") if after and after != before else Markup()
        note = Markup("<div class='text-muted'>%s</div>") % remark if remark else Markup()
        return Markup("<tr%s><td>%s</td><td>%s%s</td><td>%s</td><td>%s</td></tr>") % (
            mark,
            item.number,
            item.name,
            note,
            before,
            after,
        )

    @api.model
    def _say_answer(self, grade, points, is_given):
        """What was given as people read it: a number, or a grade's word and its points."""
        if is_given:
            return plain(points)
        return f"{grade.name} ({grade.points:g})" if grade else ""

    def _get_pairs(self, now):
        """(item, answer before, answer now, former remark), for every item of the form.

        :param now: the sheet, or none where it is not to be seen
        """
        self.ensure_one()
        items, grades = self.env["cs.scorecard.item"], self.env["cs.scorecard.grade"]
        given = {
            line.item_id.id: self._say_answer(line.grade_id, line.points, line.is_given)
            for line in now.line_ids
        }
        return [
            (
                items.browse(each["item"]).exists(),
                # what was kept before there were numbers knows grades alone
                self._say_answer(
                    grades.browse(each["grade"]).exists(), each["points"], each.get("is_given")
                ),
                given.get(each["item"], ""),
                each["remark"],
            )
            for each in self.grades or []
        ]

    @api.model
    def _keep(self, sheets, reason):
        """Keep what stands on submitted sheets that are about to be given back."""
        return self.create(
            [
                {
                    "sheet_id": sheet.id,
                    "rater_user_id": sheet.rater_user_id.id,
                    "submitted_by": sheet.submitted_by.id,
                    "submitted_on": sheet.submitted_on,
                    "paper_by": sheet.paper_by.id,
                    "total": sheet.total,
                    "grades": [
                        {
                            "item": line.item_id.id,
                            "grade": line.grade_id.id,
                            "is_given": line.is_given,
                            "points": line.points,
                            "remark": line.remark or "",
                        }
                        for line in sheet.line_ids.sorted("number")
                    ],
                    "returned_by": self.env.uid,
                    "returned_on": fields.Datetime.now(),
                    "reason": reason,
                }
                for sheet in sheets
            ]
        )

    def _tell(self):
        """Show the change on sheet and appraisal, and to whoever gave the sheet back.

        The grades stand on the sheet alone: the record rules decide who reads them there, and
        somebody named as superior later has not given them.
        """
        for former in self:
            sheet = former.sheet_id
            former.write(
                {
                    "told": True,
                    "message_id": sheet.message_post(
                        body=former._get_change(),
                        partner_ids=former.returned_by.partner_id.ids,
                    ).id,
                }
            )
            sheet.appraisal_id.message_post(
                body=self.env._(
                    "%(sheet)s was graded anew after it was given back. What changed stands under "
                    "Former Grades.",
                    sheet=sheet.display_name,
                )
            )

    def _get_change(self):
        """The change in words: totals, and every item whose grade is another one now."""
        self.ensure_one()
        sheet = self.sheet_id
        rows = Markup().join(
            Markup("<li>%s %s: %s → %s</li>")
            % (item.number, item.name, before or "-", after or "-")
            for item, before, after, _remark in self._get_pairs(sheet)
            if before != after
        )
        summary = self.env._(
            "Graded anew: %(before)s → %(after)s points. Given back by %(user)s, because: "
            "%(reason)s",
            before=formatLang(self.env, self.total, digits=2),
            after=formatLang(self.env, sheet.total, digits=2),
            user=self.returned_by.name,
            reason=self.reason or "",
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (summary, rows)

    def _forget_messages(self):
        """Take the grades out of the sheet's messages: another superior starts afresh there.

        The former grades themselves stay.
        """
        self.message_id.unlink()
