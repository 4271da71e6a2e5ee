from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.forms import FormRow
from ...engine.vocabulary import PolicyError


class CsPolicyForm(models.Model):
    """Which form whom is scored by, and in which periods: the first row that fits wins, and where
    none does it is the policy's own form (policy language, *Forms*)."""

    _name = "cs.policy.form"
    _inherit = ["cs.policy.period.match.mixin", "cs.policy.part"]
    _description = "CS Form by Post"
    _rec_name = "policy_id"
    _order = "policy_id, sequence, id"
    _check_company_auto = True
    _named_by = ("policy_id",)

    policy_id = fields.Many2one("cs.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [("month", "Months"), ("quarter", "Quarters"), ("half", "Half-years"), ("year", "Years")],
        string="Of Periods",
        help="Empty: of every kind that has a form.",
    )
    scorecard_id = fields.Many2one(
        "cs.scorecard",
        string="Form",
        ondelete="restrict",
        check_company=True,
        help="Empty: whoever the row is for is not scored in such a period.",
    )
    who = fields.Char(compute="_compute_who", string="For")
    sentence = fields.Char(compute="_compute_sentence", string="In Words")

    @api.depends("tier_id", "department_id", "job_id", "kind", "months", "tenure")
    @api.depends_context("lang")
    def _compute_who(self):
        words = self.env["cs.words"]
        for row in self:
            row.who = words._say_whom(row)

    @api.depends("who", "scorecard_id.name")
    @api.depends_context("lang")
    def _compute_sentence(self):
        words = self.env["cs.words"]
        for row in self:
            row.sentence = words._say_form_row(row)

    @api.constrains("tier_id", "department_id", "job_id", "kind", "months", "tenure")
    def _check_readable(self):
        for row in self:
            try:
                row._compile()
            except PolicyError as error:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s, form for %(who)s: %(fault)s.",
                        policy=row.policy_id.name,
                        who=row.who,
                        fault=error,
                    )
                ) from None

    @api.constrains("scorecard_id", "policy_id")
    def _check_in_force(self):
        """A version in force can be carried out with its other forms, too."""
        for policy in self.policy_id.filtered(lambda policy: policy.state == "active"):
            policy._check_scorecard()

    def _compile(self):
        """As the engine chooses by it; the form by its id.

        :raises PolicyError: its months cannot be read
        """
        self.ensure_one()
        return FormRow(
            self.scorecard_id.id or None,
            kind=self.kind or "",
            **self._get_match(),
        )
