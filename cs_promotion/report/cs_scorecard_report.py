from odoo import api, models

from ..engine.decimals import decimal


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
                    {code: sheets.get((appraisal, code)) for code in self._get_raters(appraisal)},
                )
                # sudo: who is asked, by which form and policy; grades were searched by the rules
                for appraisal in appraisals.sudo()
            ],
        }

    def _get_raters(self, appraisal):
        """Codes of the raters that have a column: those of the policy, and whoever was asked."""
        asked = appraisal.sheet_ids.mapped("role")
        return dict.fromkeys(appraisal.cycle_id.policy_id.rater_ids.mapped("code") + asked)

    def _get_page(self, appraisal, sheets):
        """What one page shows.

        :param sheets: code of each rater -> sheet to print, or None
        """
        policy = appraisal.cycle_id.policy_id
        scorecard = appraisal.sheet_ids[:1].scorecard_id or policy.scorecard_id
        lines = {
            (code, line.item_id): line
            for code, sheet in sheets.items()
            if sheet
            for line in sheet.line_ids
        }
        columns = [self._get_column(appraisal, code, sheet) for code, sheet in sheets.items()]
        heads = [(self.env._("Tier"), appraisal.tier_id.name)]
        heads += [(column["name"], column["who"]) for column in columns]
        return {
            "appraisal": appraisal,
            "agent": appraisal.employee_id,
            "heads": [heads[start : start + 3] for start in range(0, len(heads), 3)],
            "scorecard": scorecard,
            "columns": columns,
            "sections": [
                self._get_section(section, sheets, lines) for section in scorecard.section_ids
            ],
            "maximum": scorecard.points_max,
            "score": not self._blank and appraisal.closed and appraisal.scored,
            "rank": self.env._("rank %s in the department", appraisal.rank),
        }

    def _get_column(self, appraisal, code, sheet):
        """One rater: dict(name, who fills the form in, sheet), the last if it is to be printed."""
        rater = self.env["cs.vocabulary"]._get_raters().get(code)
        if rater and rater.person:
            who = appraisal[rater.person]
        else:
            who = (
                sheet.submitted_by.with_env(appraisal.env) if sheet else appraisal.env["res.users"]
            )
        return {"name": rater.name if rater else code, "who": who.name or "", "sheet": sheet}

    def _get_section(self, section, sheets, lines):
        """One section: its items with the raters' points, and its totals."""
        items = section.item_ids.sorted("number")

        def total(code):
            if not sheets[code]:
                return None
            given = [lines[code, item].points for item in items if (code, item) in lines]
            return float(sum(map(decimal, given)))

        return {
            "section": section,
            "items": [
                (item, [self._get_points(lines.get((code, item))) for code in sheets])
                for item in items
            ],
            "totals": [total(code) for code in sheets],
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
