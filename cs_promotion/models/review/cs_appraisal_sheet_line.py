from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ...engine.decimals import plain
from ...engine.form import COUNTS
from ..many import any_of
from ..policy.cs_scorecard import MEASURED, NUMBER


class CsAppraisalSheetLine(models.Model):
    """One item of a sheet: the grade picked, and a remark."""

    _name = "cs.appraisal.sheet.line"
    _inherit = ["cs.bulk.mixin"]
    _description = "CS Appraisal Sheet Line"
    _rec_name = "item_id"
    _order = "sheet_id, number, id"

    # no index of its own: the constraint has one that begins with it
    sheet_id = fields.Many2one(
        "cs.appraisal.sheet", required=True, ondelete="cascade", readonly=True
    )
    item_id = fields.Many2one(
        "cs.scorecard.item", required=True, readonly=True, ondelete="restrict"
    )
    section_id = fields.Many2one(related="item_id.section_id", store=True)
    number = fields.Integer(related="item_id.number", store=True, aggregator=False)
    source = fields.Selection(related="item_id.source")
    grade_id = fields.Many2one(
        "cs.scorecard.grade",
        ondelete="restrict",
        domain="[('section_id', '=', section_id), ('item_id', 'in', [False, item_id])]",
    )
    given = fields.Float(
        digits=(6, 2), aggregator=False, help="Points given as a number, where there are no words."
    )
    is_given = fields.Boolean(readonly=True, string="Number Given")
    points = fields.Float(compute="_compute_points", store=True, precompute=True, aggregator="avg")
    is_answered = fields.Boolean(compute="_compute_is_answered")
    remark = fields.Char()

    _item_uniq = models.Constraint(
        "UNIQUE(sheet_id, item_id)", "A sheet has one line for each item."
    )

    @api.depends("grade_id.points", "given")
    def _compute_points(self):
        for line in self:
            line.points = line.grade_id.points if line.grade_id else line.given

    @api.depends("grade_id", "is_given")
    def _compute_is_answered(self):
        for line in self:
            line.is_answered = bool(line.grade_id) or line.is_given

    def _find_answer(self, points):
        """What to write to give that many points; nothing where the item has no such grade."""
        self.ensure_one()
        item = self.item_id
        if item.source == NUMBER:
            fits = points <= (item.maximum or points)
            return {"given": points} if fits else {}
        grade = item._get_grades().filtered(lambda grade: grade.points == points)
        return {"grade_id": grade.id} if grade else {}

    def _get_middle(self):
        """What to write for an agent of whom there is nothing special to say: the middle grade,
        no points for what does not count by itself; nothing where a number has to be found."""
        self.ensure_one()
        item = self.item_id
        if item.source == NUMBER:
            return {} if item.effect == COUNTS else {"given": 0.0}
        grades = item._get_grades().sorted("points")
        grade = grades[(len(grades) - 1) // 2] if item.effect == COUNTS else grades[:1]
        return {"grade_id": grade.id}

    def _has_answer(self, values):
        """Whether this is what was given already."""
        self.ensure_one()
        if "given" in values:
            return self.is_given and self.given == values["given"]
        return self.grade_id.id == values["grade_id"]

    @api.constrains("given", "item_id")
    def _check_given_points(self):
        for line in self.filtered("is_given"):
            item = line.item_id
            if item.source != NUMBER or not 0 <= line.given <= (item.maximum or line.given):
                raise ValidationError(
                    self.env._(
                        "%(sheet)s, item %(number)s: %(given)s points cannot be given, at most "
                        "%(most)s.",
                        sheet=line.sheet_id.display_name,
                        number=line.number,
                        given=plain(line.given),
                        most=plain(item.maximum if item.source == NUMBER else 0),
                    )
                )

    @api.constrains("grade_id", "item_id")
    def _check_grade(self):
        for line in self:
            if line.grade_id and line.grade_id not in line.item_id._get_grades():
                raise ValidationError(
                    self.env._(
                        "%(sheet)s, item %(number)s: the grade %(grade)s is not one of "
                        "section %(section)s.",
                        sheet=line.sheet_id.display_name,
                        number=line.number,
                        grade=line.grade_id.name,
                        section=line.section_id.name,
                    )
                )

    @api.model
    def _insert_for(self, sheets):
        """Insert a line for every item of the scorecard that the sheet's rater rates (S1)."""
        lines = self._insert_select(
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
                WHERE sheet.id = %s AND item.source <> %s
                  AND (COALESCE(item.rater, item.raters, '') = '' OR item.rater = sheet.role
                       OR sheet.role = ANY(string_to_array(REPLACE(item.raters, ' ', ''), ',')))
                ORDER BY sheet.id, item.number""",
                any_of(sheets.ids),
                MEASURED,
            ),
        )
        lines._on_inserted()

    def write(self, vals):
        """Grade and remark are all that is ever written: points follow from the grade."""
        if set(vals) - {"grade_id", "given", "remark"}:
            raise AccessError(self.env._("On a sheet only grades and remarks can be written."))
        if "given" in vals:
            # nothing given is no nought: an empty cell of the form, or of an import
            is_given = vals["given"] is not False and vals["given"] is not None
            vals = dict(vals, given=vals["given"] or 0, is_given=is_given)
        self.check_access("write")
        self.sheet_id._check_editable()
        self.env["cs.appraisal.sheet.editor"]._enter(self.sheet_id)
        self.sheet_id._mark_paper()
        return super().write(vals)
