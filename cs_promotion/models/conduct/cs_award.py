from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.calendar import month_end
from ...engine.series import Point
from ..cs_period import month_name
from ..many import any_of


class CsAward(models.Model):
    """The title "excellent agent" 优秀客服, won for a month (U3)."""

    _name = "cs.award"
    _inherit = ["cs.month.mixin", "mail.thread"]
    _description = "Excellent Agent Award"
    _order = "month desc, employee_id"
    _employed_date = "month"
    _name_parts = ("employee_id", "month")

    employee_id = fields.Many2one(index=False)  # the constraint has one that begins with it
    period = fields.Char(compute="_compute_period", help="The month in words.")
    reason = fields.Text(help="What the agent did to deserve it.")
    decision_id = fields.Many2one(
        "cs.decision",
        string="Decided By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The decision by a rule that gave the title; withdrawn, it takes it back.",
    )
    granted_by = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True, required=True, copy=False
    )

    _month_uniq = models.Constraint(
        "UNIQUE(employee_id, month, company_id)",
        "An agent wins the title at most once a month.",
    )

    def _get_frozen(self):
        """An award that was there when its month, or a later one, was judged counted in that
        judgement (U3). One granted later may be taken back until the next is judged."""
        closed = self.env["cs.cycle"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("closed_on", "!=", False),
                ("state", "!=", "open"),
            ]
        )
        return self.filtered(
            lambda award: (
                award.create_date
                and any(
                    cycle.company_id == award.company_id
                    and cycle.date_end >= award.month
                    and cycle.closed_on >= award.create_date.date()
                    for cycle in closed
                )
            )
        )

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_period(self):
        for award in self:
            award.period = month_name(self.env, award.month)

    @api.depends("employee_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for award in self:
            award.display_name = award._get_month_name()

    @api.model
    def _load_series(self, codes, scope):
        """The months won: a source of ``cs.vocabulary``. What a closing to come, or this one
        before it was re-opened, has decided is not known yet."""
        self.flush_model()
        self.env["cs.decision"].flush_model(["effective_date"])
        awards = defaultdict(list)
        for employee_id, month, id_ in self.env.execute_query(
            SQL(
                """
                SELECT award.employee_id, award.month, award.id
                  FROM cs_award award
                  LEFT JOIN cs_decision decision ON decision.id = award.decision_id
                 WHERE award.employee_id = %s AND award.company_id = %s
                   AND (decision.id IS NULL OR decision.effective_date <= %s)
                 ORDER BY award.month
                """,
                any_of(scope.ids),
                scope.company.id,
                scope.until,
            )
        ):
            awards[employee_id].append(Point(month, month_end(month), 1, id_))
        return dict.fromkeys(codes, awards)
