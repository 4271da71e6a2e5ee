from odoo import fields, models
from odoo.exceptions import UserError


class CsAppraisal(models.Model):
    """A published score may be appealed; upheld, its sheets go back to their raters."""

    _name = "cs.appraisal"
    _inherit = ["cs.appraisal", "cs.appealable.mixin", "mail.thread", "mail.activity.mixin"]

    _appeal_field = "appraisal_id"

    appeal_ids = fields.One2many("cs.appeal", "appraisal_id")
    published_on = fields.Date(
        readonly=True,
        copy=False,
        help="First publication of this score: the appeal window counts from it.",
    )
    published_score = fields.Float(digits=(5, 2), readonly=True, copy=False, aggregator=False)

    def _is_appealable(self):
        return self.closed and self.scored and bool(self.sudo().sheet_ids)

    def _get_appeal_until(self):
        if not self.published_on:
            return False
        return fields.Date.add(self.published_on, days=self.cycle_id.sudo().policy_id.notice_days)

    def _get_appeal_fault(self, day):
        """A quarterly score that is the mean of months is corrected through its months."""
        self.ensure_one()
        if self.kind == "quarter" and self.closed and not self.sudo().sheet_ids:
            return self.env._(
                "%s is the mean of the monthly scores (R3): object to the month.",
                self.display_name,
            )
        return super()._get_appeal_fault(day)

    def _get_raters(self):
        """Users who filled in a sheet of these appraisals, or are to."""
        sheets = self.sudo().sheet_ids
        return sheets.submitted_by | sheets.superior_user_id

    def _unlock(self, roles, users):
        """Re-open the cycle and give the sheets of these roles back for correction.

        :param roles: roles of the sheets
        :param users: who is told to correct them
        """
        self.ensure_one()
        if self.closed:
            self.cycle_id._reopen(self.env._("an appeal against a score was upheld"))
        self.sheet_ids.filtered(
            lambda sheet: sheet.role in roles and sheet.state == "submitted"
        ).action_reset()
        for user in users:
            self.activity_schedule("cs_promotion.mail_activity_correct_sheet", user_id=user.id)


class CsAppraisalSheet(models.Model):
    _inherit = "cs.appraisal.sheet"

    def action_submit(self):
        res = super().action_submit()
        self.appraisal_id.sudo().filtered("complete").activity_feedback(
            ["cs_promotion.mail_activity_correct_sheet"]
        )
        return res

    def action_reset(self):
        """Scores are locked once an appeal against them was rejected."""
        for appraisal in self.appraisal_id.sudo():
            if "rejected" in appraisal.appeal_ids.mapped("state"):
                raise UserError(
                    self.env._(
                        "%s: an appeal against this score was rejected, so it stays as it is.",
                        appraisal.display_name,
                    )
                )
        return super().action_reset()
