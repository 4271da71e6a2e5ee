from odoo import api, models

from ..engine.decimals import decimal

ROLES = ("superior", "office")


class ReportScorecard(models.AbstractModel):
    """The scorecard on one page, as the company's paper form has it (S1, S2).

    A column holds only what the reader of the page may see: submitted sheets within the
    record rules, so blind rating holds on paper as well.
    """

    _name = "report.cs_promotion.report_scorecard"
    _description = "Scorecard Form"

    _blank = False  # nothing filled in: to be printed and scored on paper

    @api.model
    def _get_report_values(self, docids, data=None):
        appraisals = self.env["cs.appraisal"].browse(docids)
        appraisals.check_access("read")
        sheets = {}
        if not self._blank:
            for sheet in self.env["cs.appraisal.sheet"].search(
                [("appraisal_id", "in", appraisals.ids), ("state", "=", "submitted")]
            ):
                sheets[sheet.appraisal_id, sheet.role] = sheet
        return {
            "doc_ids": docids,
            "doc_model": "cs.appraisal",
            "docs": appraisals,
            "pages": [
                self._get_page(
                    appraisal,
                    {role: sheets.get((appraisal, role)) for role in ROLES},
                )
                for appraisal in appraisals
            ],
        }

    def _get_page(self, appraisal, sheets):
        """What one page shows.

        :param sheets: role -> sheet to print, or None
        """
        scorecard = (
            appraisal.sudo().sheet_ids[:1].scorecard_id
            or appraisal.cycle_id.policy_id.sudo().scorecard_id
        )
        lines = {
            (role, line.item_id): line
            for role, sheet in sheets.items()
            if sheet
            for line in sheet.line_ids
        }
        return {
            "appraisal": appraisal,
            "agent": appraisal.employee_id.sudo(),
            "superior": appraisal.superior_id.sudo(),
            "scorecard": scorecard,
            "sheets": sheets,
            "sections": [
                self._get_section(section, sheets, lines) for section in scorecard.section_ids
            ],
            "maximum": scorecard.points_max,
            "score": not self._blank and appraisal.closed and appraisal.scored,
            "rank": self.env._("rank %s in the department", appraisal.rank),
        }

    def _get_section(self, section, sheets, lines):
        """One section: its items with both raters' points, and its totals."""
        items = section.item_ids.sorted("number")

        def total(role):
            if not sheets[role]:
                return None
            given = [lines[role, item].points for item in items if (role, item) in lines]
            return float(sum(map(decimal, given)))

        return {
            "section": section,
            "items": [
                (item, [self._get_points(lines.get((role, item))) for role in ROLES])
                for item in items
            ],
            "totals": [total(role) for role in ROLES],
        }

    @api.model
    def _get_points(self, line):
        return line.points if line and line.grade_id else None


class ReportScorecardBlank(models.AbstractModel):
    """The same page with nothing filled in, for a superior who scores on paper."""

    _name = "report.cs_promotion.report_scorecard_blank"
    _inherit = "report.cs_promotion.report_scorecard"
    _description = "Blank Scorecard Form"

    _blank = True
