from odoo import api, fields, models
from odoo.tools import SQL

from ..models.cs_period import KINDS


class CsScoreReport(models.Model):
    """Points of closed cycles, item by item and rater by rater.

    ``gap`` is the rater's points less the mean of the other raters' for the same item,
    ``total_gap`` the same of the whole forms: their means show who is lenient and who is strict.
    """

    _name = "cs.score.report"
    _inherit = ["cs.name.search.mixin"]
    _description = "CS Score Analysis"
    _auto = False
    _order = "date desc, employee_id, number, role"
    _name_parts = ("employee_id", "cycle_id", "item_id")

    company_id = fields.Many2one("res.company", readonly=True)
    cycle_id = fields.Many2one("cs.cycle", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    date = fields.Date(string="Period's End", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    tier_id = fields.Many2one("cs.tier", readonly=True)
    display_name = fields.Char(compute_sudo=True)  # an agent may have moved to another company
    employee_id = fields.Many2one(
        "hr.employee", string="Agent", readonly=True, context={"active_test": False}
    )
    superior_id = fields.Many2one(
        "hr.employee", string="Direct Superior", readonly=True, context={"active_test": False}
    )
    role = fields.Selection(selection="_get_roles", string="Rater", readonly=True)
    submitted_by = fields.Many2one("res.users", readonly=True)
    section_id = fields.Many2one("cs.scorecard.section", readonly=True)
    item_id = fields.Many2one("cs.scorecard.item", readonly=True)
    number = fields.Integer(string="Item Number", readonly=True, aggregator=False)
    points = fields.Float(readonly=True, aggregator="avg", digits=(5, 2))
    gap = fields.Float(
        string="Gap to the Other Raters",
        readonly=True,
        aggregator="avg",
        digits=(5, 2),
        help="This rater's points less the others' mean: above 0 is lenient, below is strict.",
    )

    total_gap = fields.Float(
        string="Gap between the Totals",
        readonly=True,
        aggregator="avg",
        digits=(5, 2),
        help="This rater's total less the others' mean: above 0 is lenient, below is strict.",
    )

    @api.model
    def _get_roles(self):
        return self.env["cs.vocabulary"]._get_rater_choice()

    @api.depends("employee_id", "cycle_id", "item_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = (
                f"{row.employee_id.name} {row.cycle_id.name}, {row.item_id.display_name}"
            )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, appraisal.company_id, appraisal.cycle_id, appraisal.kind,
                   appraisal.date_end AS date, appraisal.department_id, appraisal.tier_id,
                   appraisal.employee_id, appraisal.superior_id, sheet.role, sheet.submitted_by,
                   line.section_id, line.item_id, line.number, line.points,
                   line.points - (item.points - line.points) / NULLIF(item.sheets - 1, 0) AS gap,
                   sheet.total - (every.total - sheet.total) / NULLIF(every.sheets - 1, 0)
                       AS total_gap
              FROM cs_appraisal_sheet_line line
              JOIN cs_appraisal_sheet sheet ON sheet.id = line.sheet_id
              JOIN cs_appraisal appraisal ON appraisal.id = sheet.appraisal_id
              JOIN (SELECT appraisal_id, SUM(total) AS total, COUNT(*) AS sheets
                      FROM cs_appraisal_sheet WHERE state = 'submitted' GROUP BY appraisal_id
                   ) every ON every.appraisal_id = appraisal.id
              JOIN (SELECT sheet.appraisal_id, line.item_id,
                           SUM(line.points) AS points, COUNT(*) AS sheets
                      FROM cs_appraisal_sheet_line line
                      JOIN cs_appraisal_sheet sheet ON sheet.id = line.sheet_id
                     WHERE sheet.state = 'submitted'
                     GROUP BY sheet.appraisal_id, line.item_id
                   ) item ON item.appraisal_id = appraisal.id AND item.item_id = line.item_id
             WHERE appraisal.closed AND appraisal.scored AND sheet.state = 'submitted'
            """
        )
