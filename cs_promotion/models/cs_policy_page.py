from odoo import api, fields, models
from odoo.exceptions import UserError


class CsPolicy(models.Model):
    """The policy as a page that everyone reads: written from the data, so it cannot differ
    from what is carried out (P4)."""

    _inherit = "cs.policy"

    page_html = fields.Html(compute="_compute_page_html", sanitize=False, string="Policy Page")

    @api.depends_context("lang")
    def _compute_page_html(self):
        for policy in self:
            policy.page_html = self.env["ir.qweb"]._render(
                "cs_promotion.policy_page", policy._get_page_values()
            )

    def _get_page_values(self):
        """What the page shows, in the reader's language."""
        self.ensure_one()
        pay = self._get_shown_rungs()
        return {
            "policy": self,
            "tiers": self.env["cs.tier"].union(*(tier for tier, _line in pay)),
            "pay": pay,
            "up": self._get_rule_rows("promote"),
            "down": self._get_rule_rows("demote"),
            "reviews": self._get_rule_rows("dismissal_review"),
            "sections": self.scorecard_id.section_ids,
            "score": self._get_score_sentences(),
            "wages": self._get_wage_sentences(),
            "pay_sentences": self._get_pay_sentences(),
            "violations": self._get_violation_sentences(),
            "dates": self._get_date_sentences(),
        }

    def _get_rule_rows(self, outcome):
        """The rules of one outcome: dict(rule, to, conditions), in their order."""
        tiers = {tier.code: tier for tier in self._get_rungs()}
        ladder = self._get_ladder()
        steps = {"promote": ladder.above, "demote": ladder.below}
        step = steps.get(outcome, lambda code: None)
        rows = []
        for rule in self.rule_ids.filtered(lambda each: each.outcome == outcome):
            rows.append(
                {
                    "rule": rule,
                    "to": tiers.get(step(rule.tier_id.code), self.env["cs.tier"]),
                    "conditions": rule.condition_ids.mapped("sentence"),
                }
            )
        return rows

    def _get_score_sentences(self):
        """S1-S4, R2-R6 with this version's settings."""
        methods = {
            "sum": self.env._("A rater's total is the sum of all items."),
            "weighted": self.env._(
                "A rater's total weighs the sections: their points over their maximum, times the "
                "printed weight."
            ),
        }
        quarters = {
            "average": self.env._(
                "The quarterly score is the mean of the three monthly scores; without all three "
                "there is none."
            ),
            "scorecard": self.env._("The quarterly score comes from a form of its own."),
        }
        return [
            self.env._(
                "Two raters fill the form in: the direct superior (weight %(superior)g) and the "
                "office (weight %(office)g). Neither sees the other's form before both are in.",
                superior=self.superior_weight,
                office=self.office_weight,
            ),
            methods[self.score_method],
            self.env._("Scores keep two decimals. Below %g is a fail.", self.pass_mark),
            self.env._("Ranks are within the department; equal scores share the better rank."),
            quarters[self.quarter_method],
        ]

    def _get_wage_sentences(self):
        """W6 with this version's settings."""
        bases = {
            "tier": self.env._("The base wage is that of the tier, also where another was agreed."),
            "agreed": self.env._(
                "The base wage is the wage agreed with the person; where none was agreed, that of "
                "the tier."
            ),
            "higher": self.env._(
                "The base wage is that of the tier, or the wage agreed with the person where that "
                "is higher."
            ),
        }
        leave = {
            "none": self.env._("Unpaid leave does not reduce tier pay."),
            "base": self.env._(
                "Unpaid leave reduces the base wage by its working days over those due in the "
                "month; appraisal pay and commission stay as they are."
            ),
            "all": self.env._(
                "Unpaid leave reduces base wage, appraisal pay and commission by its working days "
                "over those due in the month."
            ),
        }
        return [
            bases[self.wage_basis],
            self.env._("Part-time work is paid its share of the full-time base wage."),
            leave[self.unpaid_leave],
        ]

    def _get_pay_sentences(self):
        """W7 with this version's settings."""
        returned = {
            "owed": self.env._(
                "Where more comes back than is sold in a month, the commission on it comes off the "
                "next commissions."
            ),
            "waived": self.env._(
                "Where more comes back than is sold in a month, there is no commission, and "
                "nothing is taken back."
            ),
        }
        return [
            self.env._(
                "What a paid month turns out to have owed is settled with the next payslip, in "
                "both directions."
            ),
            returned[self.returned_sales],
        ]

    def _get_violation_sentences(self):
        """V1-V4, X2 and X3 with this version's settings."""
        return [
            self.env._("Minor: a fine."),
            self.env._("Moderate: a fine, and one step down from the first of the next month."),
            self.env._("Serious: a fine, and a dismissal review."),
            self.env._(
                "A month in which complaints reach %g %% of the customers handled is a minor "
                "violation at the tier's smallest fine.",
                self.complaint_rate_limit,
            ),
            self.env._(
                "From confirmed violation number %s since joining on, each calls for a dismissal "
                "review.",
                self.repeat_violations,
            ),
            self._get_fine_sentence(),
        ]

    def _get_fine_sentence(self):
        """W5 with this version's settings."""
        if not self.minimum_wage:
            return self.env._(
                "Fines take at most %g %% of a month's gross pay; the rest is carried forward.",
                self.fine_cap_percent,
            )
        return self.env._(
            "Fines take at most %(cap)g %% of a month's gross pay and leave at least %(wage)g; the "
            "rest is carried forward.",
            cap=self.fine_cap_percent,
            wage=self.minimum_wage,
        )

    def _get_date_sentences(self):
        """U1, U4, L5 and O1-O4 with this version's settings."""
        sentences = [
            self.env._(
                "Rules run when the month is closed and take effect on the first of the next one. "
                "Dismissal reviews come first, then at most one step down, then at most one up."
            ),
            self.env._(
                "A decision is announced for %s days and may be appealed; it takes effect when "
                "the notice has run out and no appeal is open.",
                self.notice_days,
            ),
            self.env._(
                "Skip-level promotion, and appointment to the top of the ladder, are people's "
                "decisions with written grounds. No machine dismisses anyone."
            ),
        ]
        if self.approval == "manager":
            sentences.insert(1, self.env._("A manager approves each decision first."))
        if self.require_attestation:
            sentences.append(
                self.env._("The superior attests the new tier's standards before a promotion.")
            )
        return sentences

    @api.model
    def action_open_page(self):
        """Open the page of the policy in force today in the reader's company."""
        policy = self._get_in_force(self.env.company, self.env.company._cs_today())
        if not policy:
            raise UserError(
                self.env._("%s has no promotion policy in force.", self.env.company.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Policy"),
            "res_model": self._name,
            "res_id": policy.id,
            "view_mode": "form",
            "views": [(self.env.ref("cs_promotion.cs_policy_view_form_page").id, "form")],
        }
