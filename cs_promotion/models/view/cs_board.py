from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..cs_period import KINDS


class CsBoard(models.Model):
    """The published ranks of a department in one month or quarter, with the titles won.

    One row for every ranked appraisal of a closed cycle; its id is the appraisal's. Every
    employee may read it (P4); scores stay with the agent, the superior and the office.
    """

    _name = "cs.board"
    _inherit = ["cs.name.search.mixin"]
    _description = "CS Board"
    _auto = False
    _order = "date_end desc, kind, department_id, rank, employee_id"
    _name_parts = ("employee_id", "cycle_id")

    display_name = fields.Char(compute_sudo=True)  # an agent may have moved to another company
    cycle_id = fields.Many2one("cs.cycle", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    date_end = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Agent", readonly=True, context={"active_test": False}
    )
    tier_id = fields.Many2one("cs.tier", readonly=True)
    rank = fields.Integer(readonly=True, aggregator=False)
    titles = fields.Integer(
        readonly=True, aggregator="sum", help="Excellent agent titles won in the period (U3)."
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT appraisal.id, appraisal.cycle_id, appraisal.kind, appraisal.date_end,
                   appraisal.company_id, appraisal.department_id, appraisal.employee_id,
                   appraisal.tier_id, appraisal.rank,
                   (SELECT COUNT(*) FROM cs_award award
                     WHERE award.employee_id = appraisal.employee_id
                       AND award.company_id = appraisal.company_id
                       AND award.month BETWEEN appraisal.date_start AND appraisal.date_end
                   )::int AS titles
              FROM cs_appraisal appraisal
             WHERE appraisal.closed AND appraisal.rank > 0
            """
        )

    @api.depends("employee_id", "cycle_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.employee_id.name} {row.cycle_id.name}"

    @api.depends_context("uid")
    def _compute_is_mine(self):
        own = self.env.user.employee_ids
        for row in self:
            row.is_mine = row.employee_id in own

    def action_award(self):
        """Grant the title "excellent agent" for the month of these rows (U3)."""
        self.env["cs.guard.mixin"]._check_group("cs_promotion.group_office")
        self.check_access("read")
        if self.filtered(lambda row: row.kind != "month"):
            raise UserError(
                self.env._("The title is won for a month: open the board of a month to grant it.")
            )
        self.env["cs.award"].create(
            [
                {"employee_id": row.employee_id.id, "month": row.date_end}
                for row in self.filtered(lambda row: not row.titles)
            ]
        )
        self.invalidate_recordset()

    @api.model
    def action_open_board(self):
        """Open the board on the newest closed month: an agent's own department, or all; where all
        are compared with each other, in one list."""
        action = self.env["ir.actions.act_window"]._for_xml_id("cs_promotion.cs_board_action")
        last = self.env["cs.cycle"].search(
            [
                ("kind", "=", "month"),
                ("closed_on", "!=", False),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="date_end desc",
            limit=1,
        )
        # sudo: how ranks come about stands on the policy's page, whoever may read the policy itself
        together = last.sudo().policy_id.rank_within == "company"
        context = {} if together else {"search_default_group_department": 1}
        if last:
            context["search_default_cycle_id"] = last.id
        own = (
            not together
            and last
            and self.search(
                [("cycle_id", "=", last.id), ("employee_id", "in", self.env.user.employee_ids.ids)],
                limit=1,
            )
        )
        if own:
            context["search_default_department_id"] = own.department_id.id
        return dict(action, context=context)
