from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL


class CsAppraisalSheetLine(models.Model):
    """One item of a sheet: the grade picked, and a remark."""

    _name = "cs.appraisal.sheet.line"
    _inherit = ["cs.bulk.mixin"]
    _description = "CS Appraisal Sheet Line"
    _rec_name = "item_id"
    _order = "sheet_id, number, id"

    sheet_id = fields.Many2one(
        "cs.appraisal.sheet", required=True, index=True, ondelete="cascade", readonly=True
    )
    item_id = fields.Many2one(
        "cs.scorecard.item", required=True, readonly=True, ondelete="restrict"
    )
    section_id = fields.Many2one(related="item_id.section_id", store=True)
    number = fields.Integer(related="item_id.number", store=True, aggregator=False)
    grade_id = fields.Many2one(
        "cs.scorecard.grade", ondelete="restrict", domain="[('section_id', '=', section_id)]"
    )
    points = fields.Float(related="grade_id.points", store=True, aggregator="avg", string="Points")
    remark = fields.Char()

    _item_uniq = models.Constraint(
        "UNIQUE(sheet_id, item_id)", "A sheet has one line for each item."
    )

    @api.constrains("grade_id", "item_id")
    def _check_grade(self):
        for line in self:
            if line.grade_id and line.grade_id.section_id != line.section_id:
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
        """Insert a line for every item of the scorecard (S1)."""
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
                WHERE sheet.id = ANY(%s)
                ORDER BY sheet.id, item.number""",
                sheets.ids,
            ),
        )
        lines._on_inserted()

    def write(self, vals):
        """Grade and remark are all that is ever written: points follow from the grade."""
        if set(vals) - {"grade_id", "remark"}:
            raise AccessError(self.env._("On a sheet only grades and remarks can be written."))
        self.check_access("write")
        self.sheet_id._check_editable()
        self.env["cs.appraisal.sheet.editor"]._enter(self.sheet_id)
        self.sheet_id._mark_paper()
        return super().write(vals)
