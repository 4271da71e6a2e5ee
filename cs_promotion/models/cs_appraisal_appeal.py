from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

CORRECT = "cs_promotion.mail_activity_correct_sheet"


class CsAppraisal(models.Model):
    """A published score may be appealed; upheld, its sheets go back to their raters."""

    _name = "cs.appraisal"
    _inherit = ["cs.appraisal", "cs.appealable.mixin"]

    _appeal_field = "appraisal_id"

    appeal_ids = fields.One2many("cs.appeal", "appraisal_id")

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

    def _unlock(self, roles, users, appeal):
        """Re-open the cycle and give the sheets of these roles back for correction.

        :param roles: roles of the sheets
        :param users: who is told to correct them, and why
        :param appeal: the upheld appeal
        """
        self.ensure_one()
        if self.closed:
            self.cycle_id._reopen(self.env._("an appeal against a score was upheld"))
        self.sheet_ids.filtered(
            lambda sheet: sheet.role in roles and sheet.state == "submitted"
        )._give_back(self.env._("an appeal against a score was upheld"))
        self._schedule_for(
            users,
            CORRECT,
            date_deadline=self.company_id._cs_today(),
            summary=lambda words: words.env._("Correct the score: %s", words.display_name),
            note=lambda words: words._get_correction_note(appeal),
        )

    def _get_correction_note(self, appeal):
        """Why it is to be corrected and what: a rater may not read the appeal itself."""
        appeal = appeal.with_env(self.env)
        items = ", ".join(f"{item.number} {item.name}" for item in appeal.item_ids)
        lines = [
            self.env._("An appeal against this score was upheld. Look at your sheet again."),
            self.env._("Items objected to: %s", items or self.env._("the score as a whole")),
            self.env._("Grounds of the agent: %s", appeal.grounds),
            self.env._("Reason of the decision: %s", appeal.reason or ""),
        ]
        return plaintext2html("\n".join(lines))

    def _note_handed_in(self):
        """Whoever was to correct a sheet has done so once all are in."""
        self.filtered("complete").activity_feedback([CORRECT])
        return super()._note_handed_in()

    def _check_regradable(self):
        """Scores are locked once an appeal against them was rejected."""
        for appraisal in self:
            if "rejected" in appraisal.appeal_ids.mapped("state"):
                raise UserError(
                    self.env._(
                        "%s: an appeal against this score was rejected, so it stays as it is.",
                        appraisal.display_name,
                    )
                )
        return super()._check_regradable()

    def _get_result_options(self):
        """Until when the agent may object to it; a mean is corrected through its months."""
        fault = self._get_appeal_fault(self.company_id._cs_today())
        if fault or "rejected" in self.appeal_ids.mapped("state"):
            return [fault] if fault and self.kind == "quarter" else []
        until = self.env._(
            "You may appeal against the score of %(period)s until %(until)s.",
            period=self.cycle_id.name,
            until=self._format_day(self.appeal_until),
        )
        return [*super()._get_result_options(), until]
