from odoo import api, fields, models


class CsVacancyCandidate(models.Model):
    """One candidate of a slate, with the figures that speak for them (L5)."""

    _name = "cs.vacancy.candidate"
    _inherit = ["cs.name.search.mixin"]
    _description = "CS Vacancy Candidate"
    _order = "vacancy_id, tier_sequence desc, score_mean desc, id"
    _name_parts = ("employee_id", "tier_id")

    display_name = fields.Char(compute_sudo=True)  # a candidate may have moved to another company
    vacancy_id = fields.Many2one("cs.vacancy", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="vacancy_id.company_id", store=True, precompute=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Candidate", required=True, ondelete="restrict", readonly=True
    )
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="restrict")
    tier_id = fields.Many2one("cs.tier", required=True, readonly=True)
    tier_sequence = fields.Integer(readonly=True, help="The tier's place on the ladder.")
    tier_months = fields.Integer(
        string="Months in Tier", readonly=True, aggregator="avg", help="Complete months."
    )
    service_months = fields.Integer(
        string="Months of Service", readonly=True, aggregator="avg", help="Since joining."
    )
    score_last = fields.Float(
        string="Last Monthly Score", digits=(5, 2), readonly=True, aggregator="avg"
    )
    rank_last = fields.Integer(string="Last Monthly Rank", readonly=True, aggregator=False)
    quarter_score_last = fields.Float(
        string="Last Quarterly Score", digits=(5, 2), readonly=True, aggregator="avg"
    )
    quarter_rank_last = fields.Integer(
        string="Last Quarterly Rank", readonly=True, aggregator=False
    )
    score_mean = fields.Float(
        string="Mean Score",
        digits=(5, 2),
        readonly=True,
        aggregator="avg",
        help="Mean of the monthly scores of the last twelve months.",
    )
    top_count = fields.Integer(
        string="Months at the Top",
        readonly=True,
        help="Months among the first ranks that the policy asks for, of the last twelve.",
    )
    award_count = fields.Integer(string="Awards", readonly=True)
    violation_count = fields.Integer(string="Violations", readonly=True)

    _employee_uniq = models.Constraint(
        "UNIQUE(vacancy_id, employee_id)", "A slate names each candidate once."
    )

    @api.depends("employee_id", "tier_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for candidate in self:
            candidate.display_name = self.env._(
                "%(agent)s, %(tier)s",
                agent=candidate.employee_id.name,
                tier=candidate.tier_id.name,
            )
