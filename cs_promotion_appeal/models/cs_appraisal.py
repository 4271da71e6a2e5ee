from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

CORRECT = "cs_promotion_appeal.mail_activity_correct_sheet"


class CsAppraisal(models.Model):
    """A published score may be appealed; upheld, its sheets go back to their raters."""

    _name = "cs.appraisal"
    _inherit = ["cs.appraisal", "cs.appealable.mixin"]

    appeal_ids = fields.One2many("cs.appeal", "appraisal_id")

    def _has_sheets(self):
        """Whether it has sheets of its own; a quarter that is a mean of months has none (R3)."""
        # sudo: only whether; searched, as sheets read past access rights would stay in the
        # cache, from which the reader would get them
        sheets = self.env["cs.appraisal.sheet"].sudo()
        return bool(sheets.search_count([("appraisal_id", "=", self.id)], limit=1))

    def _is_appealable(self):
        return self.closed and self.scored and self._has_sheets()

    def _get_appeal_until(self):
        """The notice of the policy by which it was given."""
        if not self.published_on:
            return False
        # sudo: of the period's policy, which agents read once it is in force, the days alone
        return fields.Date.add(self.published_on, days=self.cycle_id.sudo().policy_id.notice_days)

    def _get_appeal_fault(self, day):
        """A quarterly score that is the mean of months is corrected through its months."""
        self.ensure_one()
        if self.kind != "month" and self.closed and not self._has_sheets():
            return self.env._(
                "%s is the mean of the monthly scores (R3): object to the month.",
                self.display_name,
            )
        return super()._get_appeal_fault(day)

    def _holds(self, decision):
        """Whether a review of its period is in the decision's evidence; a month counts in the
        quarter it belongs to (R3, R4)."""
        start, end = self.date_start.isoformat(), self.date_end.isoformat()
        return any(
            found["start"] <= start and end <= found["end"]
            for condition in decision._read_evidence().get("conditions", ())
            if condition["required"]["records"] == "review"
            for found in condition["found"]
        )

    def _get_appeal_concerned(self):
        return self._get_raters()

    # ------------------------------------------------------------------ upheld: corrected

    def _get_upholding_fault(self):
        """A month is re-opened before those after it."""
        return self.cycle_id._get_reopening_fault() if self.closed else None

    def _describe_upholding(self, appeal):
        lines = self.cycle_id._describe_step("reopen") if self.closed else []
        return lines + [
            self.env._("given back for correction: %s", sheet.display_name)
            for sheet in self._get_sheets_to_correct(appeal)
        ]

    def _get_reopened(self, step):
        """The agent's month is scored anew; payslips do not rest on quarters."""
        found = super()._get_reopened(step)
        if step != "uphold_appeal":
            return found
        months = self.filtered(lambda each: each.kind == "month")
        return found + [(each.company_id, each.employee_id.ids, each.date_start) for each in months]

    def _is_settled_by_upholding(self):
        return False  # it is graded anew: nobody knows yet what comes out

    def _get_sheets_to_correct(self, appeal):
        """The submitted sheets of the raters that the appeal names; ``both`` are all."""
        return self.sheet_ids.filtered(
            lambda sheet: sheet.state == "submitted" and appeal.correct_role in ("both", sheet.role)
        )

    def _uphold_appeal(self, appeal, reason):
        """Re-open the cycle and give the sheets back; their raters are told what to correct."""
        self.ensure_one()
        users = self._get_correctors(appeal)
        if self.closed:
            self.cycle_id._reopen(self.env._("an appeal against a score was upheld"))
        self._get_sheets_to_correct(appeal)._give_back(
            self.env._("an appeal against a score was upheld")
        )
        self._schedule_for(
            users,
            CORRECT,
            date_deadline=self.company_id._cs_today(),
            summary=lambda words: words.env._("Correct the score: %s", words.display_name),
            note=lambda words: words._get_correction_note(appeal),
        )

    def _get_correctors(self, appeal):
        """Users who fill in the sheets to correct: who is named; of a group, whoever else."""
        raters = self.env["cs.vocabulary"]._get_raters()
        named = self.sheet_ids.superior_user_id | self.sheet_ids.rater_user_id
        sheets = self.sheet_ids.filtered(lambda sheet: appeal.correct_role in ("both", sheet.role))
        users = sheets.rater_user_id
        for row in sheets.filtered(lambda sheet: not sheet.rater_id).policy_rater_id:
            users |= row._get_users() - named
        for code in set(sheets.mapped("role")) & raters.keys():
            if raters[code].group:
                users |= appeal._get_acting(raters[code].group) - named
        return users

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

    def _get_appeal_effect(self, appeal, upheld):
        if not upheld:
            return self.env._(
                "The score of %(score)s (rank %(rank)s) in %(period)s stands.",
                score=f"{self.score:.2f}",
                rank=self.rank,
                period=self.cycle_id.name,
            )
        sheets = dict(appeal._fields["correct_role"]._description_selection(self.env))
        return self.env._(
            "%(period)s is opened again and the score of %(score)s corrected (%(sheets)s); it is "
            "then published anew, and a new time for appeals begins.",
            period=self.cycle_id.name,
            score=f"{self.published_score or self.score:.2f}",
            sheets=sheets[appeal.correct_role],
        )

    def _get_upheld_option(self):
        return self.env._("You will be told of the new score, and may appeal against it again.")

    # ------------------------------------------------------------------ the core's hooks

    def _note_handed_in(self):
        """Whoever was to correct a sheet has done so once all are in."""
        self.filtered("complete").activity_feedback([CORRECT])
        return super()._note_handed_in()

    def _check_regradable(self):
        """Scores are locked once an appeal against them was rejected."""
        for appraisal in self.browse(self._get_appealed("rejected"))[:1]:
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
        if fault or self._get_appealed("rejected"):
            return [fault] if fault and self.kind != "month" else []
        until = self.env._(
            "You may appeal against the score of %(period)s until %(until)s.",
            period=self.cycle_id.name,
            until=self._format_day(self.appeal_until),
        )
        return [*super()._get_result_options(), until]
