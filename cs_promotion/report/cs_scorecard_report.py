from odoo import api, models

from ..engine.decimals import decimal, plain
from ..engine.form import COUNTS
from ..vocabulary import METRIC


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
        measured = {} if self._blank else self.env["cs.measured"]._get_rows(appraisals)
        return {
            "doc_ids": docids,
            "doc_model": "cs.appraisal",
            "docs": appraisals,
            "pages": [
                self._get_page(
                    appraisal,
                    {code: sheets.get((appraisal, code)) for code in self._get_raters(appraisal)},
                    {row["id"]: row for row in measured.get(appraisal, ())},
                )
                # sudo: who is asked, by which form and policy; grades were searched by the rules
                for appraisal in appraisals.sudo()
            ],
        }

    def _get_raters(self, appraisal):
        """Codes of the raters that have a column: those of the policy, and whoever was asked."""
        asked = appraisal.sheet_ids.mapped("role")
        raters = appraisal.cycle_id.policy_id.rater_ids
        raters = raters.filtered(lambda rater: rater.who != METRIC.code)
        return dict.fromkeys(raters.mapped("code") + asked)

    def _get_page(self, appraisal, sheets, measured):
        """What one page shows.

        :param sheets: code of each rater -> sheet to print, or None
        :param measured: item id -> what is known of it, as ``cs.measured`` has it
        """
        scorecard = appraisal.sheet_ids[:1].scorecard_id or appraisal._get_scorecard()
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
                self._get_section(section, sheets, lines, measured)
                for section in scorecard.section_ids
            ],
            "measured": self._get_measured(measured),
            "score": not self._blank and appraisal.closed and appraisal.scored,
            "rank": self.env._(
                "rank %(rank)s %(within)s",
                rank=appraisal.rank,
                within=appraisal._say_rank_within(),
            ),
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

    def _get_section(self, section, sheets, lines, measured):
        """One section: its items with what stands beside each, and its totals."""
        items = section.item_ids.sorted("number")
        rows = [self._get_row(item, sheets, lines, measured) for item in items]
        # the section's words stand once beside all items in a row that are graded by them
        for row, previous in zip(rows, [None, *rows], strict=False):
            if row["words"] and previous and previous["words"]:
                first = previous["first"]
                row["first"], row["span"] = first, 0
                first["span"] += 1
        counting = [
            row for row in rows if row["item"].effect == COUNTS and not row["item"].is_measured
        ]
        return {
            "section": section,
            "rows": rows,
            "totals": [self._get_total(code, counting, lines, sheets[code]) for code in sheets]
            if counting
            else [],
            "is_same": section._is_plain(),
        }

    def _get_row(self, item, sheets, lines, measured):
        """One item: dict(item, words, span, notes, cells, measured). ``words`` are graded by the
        section's; ``cells`` are what each rater gave, or None where that one does not rate it."""
        words = self.env["cs.words"]
        is_simple = item._is_graded_simply()
        row = {
            "item": item,
            "words": is_simple,
            "span": 1,
            "grades": item._get_grades() if item.source == "words" else [],
            "notes": [] if is_simple else self._get_notes(item, words),
            "most": plain(item.maximum) if item.source == "number" and item.maximum else "",
            "measured": measured.get(item.id, {}),
            "cells": [
                {"points": self._get_points(lines.get((code, item)))}
                if item._is_rated_by(code)
                else None
                for code in sheets
            ],
        }
        row["first"] = row
        return row

    @api.model
    def _get_notes(self, item, words):
        """What is said of the points of an item, and what it does to the score."""
        said = words._say_points(item) if item.is_measured else []
        return list(filter(None, [*said, words._say_effect(item)]))

    @api.model
    def _get_measured(self, measured):
        """What measured items came to, which is nobody's total; None where there is none."""
        counting = [row["points"] for row in measured.values() if row["counts"] and row["points"]]
        return float(sum(map(decimal, counting))) if counting else None

    def _get_total(self, code, rows, lines, sheet):
        """What a rater gave in a section, and could: dict(points, most)."""
        ours = [row["item"] for row in rows if row["item"]._is_rated_by(code)]
        if not ours:
            return None
        given = [lines[code, item].points for item in ours if (code, item) in lines]
        return {
            "points": float(sum(map(decimal, given))) if sheet else None,
            "most": plain(sum(decimal(item.points_max) for item in ours)),
        }

    @api.model
    def _get_points(self, line):
        return line.points if line and line.is_answered else None


class ReportScorecardBlank(models.AbstractModel):
    """The same page with nothing filled in, for a superior who scores on paper."""

    _name = "report.cs_promotion.report_scorecard_blank"
    _inherit = "report.cs_promotion.report_scorecard"
    _description = "Blank Scorecard Form"

    _blank = True
