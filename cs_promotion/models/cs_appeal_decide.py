from odoo import models
from odoo.exceptions import UserError

from .cs_request_mixin import MANAGER, OFFICE

ACTIVITIES = [
    "cs_promotion.mail_activity_appeal_answer",
    "cs_promotion.mail_activity_appeal_decide",
]


class CsAppeal(models.Model):
    """Answering and deciding on appeals, and what an upheld one brings about."""

    _inherit = "cs.appeal"

    def action_answer(self):
        """The office's answer is complete: a manager decides now."""
        self._check_may(OFFICE)
        self._check_state("submitted")
        for appeal in self.sudo():
            if not (appeal.answer or "").strip():
                raise UserError(self.env._("%s: write down the answer first.", appeal.display_name))
            appeal.write(
                {
                    "state": "answered",
                    "answered_by": self.env.uid,
                    "answered_on": appeal.company_id._cs_today(),
                }
            )
            appeal._trace(lambda env: env._("The office answered the appeal."))
            appeal.activity_feedback(ACTIVITIES)
            appeal._tell_agent()
            appeal._schedule("cs_promotion.mail_activity_appeal_decide", appeal._get_deciders())

    def action_uphold(self):
        """Uphold answered appeals, with a reason."""
        self._check_decider()
        self._check_upholdable()
        return self.env["cs.reason"]._ask("uphold_appeal", self)

    def action_reject(self):
        """Reject answered appeals, with a reason."""
        self._check_decider()
        return self.env["cs.reason"]._ask("reject_appeal", self)

    def _describe_step(self, step):
        """What the dialog says before an appeal is decided."""
        lines = super()._describe_step(step)
        for appeal in self:
            if step == "uphold_appeal":
                lines += appeal._describe_upholding()
            elif step == "reject_appeal":
                lines.append(
                    self.env._(
                        "it stands for good, and cannot be appealed again: %s",
                        appeal._get_object().display_name,
                    )
                )
                lines += [
                    self.env._("does not wait any longer: %s", each.display_name)
                    for each in appeal._get_held_decisions()
                ]
        return lines

    def _describe_upholding(self):
        self.ensure_one()
        if self.violation_id:
            withdrawn = [self.env._("withdrawn: %s", self.violation_id.display_name)]
            return withdrawn + self.violation_id._describe_withdrawal(
                "proposed", "announced", "applied"
            )
        if self.decision_id:
            return self.decision_id._describe_withdrawal()
        lines = []
        if self.appraisal_id.closed:
            lines += self.appraisal_id.cycle_id._describe_step("reopen")
        roles = self._get_roles_to_correct()
        lines += [
            self.env._("given back for correction: %s", sheet.display_name)
            for sheet in self.appraisal_id.sheet_ids
            if sheet.role in roles and sheet.state == "submitted"
        ]
        return lines

    def _get_roles_to_correct(self):
        """Codes of the raters whose sheets are given back; ``both`` are all."""
        if self.correct_role == "both":
            return set(self.appraisal_id.sheet_ids.mapped("role"))
        return {self.correct_role}

    def _check_decider(self):
        """A manager decides, not the agent, nor who rated or reported what it is about."""
        self._check_may(MANAGER)
        self._check_state("answered")
        # sudo: who is concerned counts, also where the manager cannot read the sheets
        for appeal in self.sudo():
            if self.env.user in appeal._get_concerned():
                raise UserError(
                    self.env._(
                        "%s: someone who rated or reported it cannot decide on the appeal.",
                        appeal.display_name,
                    )
                )

    def _may_decide(self):
        user = self.env.user
        return (
            self.state == "answered"
            and user.has_group(MANAGER)
            and not self.is_own
            and user not in self.sudo()._get_concerned()  # as in _check_decider
        )

    def _check_upholdable(self):
        """Refuse before a reason is asked for: a month is re-opened before those after it."""
        # sudo: what stands in the way is the same for whoever decides
        for appraisal in self.sudo().appraisal_id.filtered("closed"):
            fault = appraisal.cycle_id._get_reopening_fault()
            if fault:
                raise UserError(fault)

    def _get_concerned(self):
        """Users who made what is objected to: the raters, or who reported the violation."""
        self.ensure_one()
        if self.violation_id and not self.violation_id.cycle_id:
            return self.violation_id.reported_by
        return self.appraisal_id._get_raters()

    def _uphold(self, reason):
        """Decide in the agent's favour: score re-opened, violation or decision withdrawn."""
        self._check_decider()
        for appeal in self.sudo():
            standing = appeal._get_standing()
            appeal._settle("upheld", reason)
            appeal._trace(lambda env: env._("The appeal was upheld."))
            if appeal.appraisal_id:
                appeal._correct_score()
            elif appeal.violation_id:
                appeal._withdraw_violation(reason)
            else:
                appeal.decision_id._take_back(reason)
            appeal.fallen_ids = standing.filtered(lambda each: each.state == "withdrawn")
            appeal._tell_agent()

    def _reject(self, reason):
        """Decide against the agent: what was objected to stands, for good."""
        self._check_decider()
        for appeal in self.sudo():
            held = appeal._get_held_decisions()
            appeal._settle("rejected", reason)
            appeal._trace(lambda env: env._("The appeal was rejected."), held=held)
            appeal._tell_agent()

    def _correct_score(self):
        """Re-open the cycle and give back the sheets; their raters are told."""
        self.ensure_one()
        appraisal = self.appraisal_id
        roles = self._get_roles_to_correct()
        appraisal._unlock(roles, self._get_raters_of(roles), self)

    def _get_raters_of(self, roles):
        """Users who fill in the sheets of these roles: who is named; of a group, whoever else."""
        raters = self.env["cs.vocabulary"]._get_raters()
        sheets = self.appraisal_id.sheet_ids
        named = sheets.superior_user_id | sheets.rater_user_id
        users = sheets.filtered(lambda sheet: sheet.role in roles).rater_user_id
        for code in roles & raters.keys():
            if raters[code].group:
                users |= self._get_acting(raters[code].group) - named
        return users

    def _withdraw_violation(self, reason):
        """Withdraw the violation and its fine, and what was applied because of it."""
        self.ensure_one()
        self.violation_id._take_back(reason)
        self.violation_id._get_unfounded("applied")._fall(reason)

    def _lapse(self, reason):
        """The object fell away for another reason: nothing is left to decide.

        The agent reads the reason, so it is the one meant for them.
        """
        for appeal in self:
            draft = appeal.state == "draft"
            subject = appeal.with_context(lang=appeal._get_letter_lang())._get_object()
            told = subject._get_told_reason() if hasattr(subject, "_get_told_reason") else reason
            appeal._settle("lapsed", told)
            appeal._trace(lambda env: env._("The appeal lapsed: what it was about was withdrawn."))
            if not draft:
                appeal._tell_agent()

    def _settle(self, state, reason=False):
        self.ensure_one()
        values = {"state": state}
        if state != "withdrawn":
            values |= {"reason": reason, "decided_on": self.company_id._cs_today()}
        if state in ("upheld", "rejected"):
            values["decided_by"] = self.env.uid
        self.write(values)
        self.activity_feedback(ACTIVITIES, feedback=reason)

    def _get_held_decisions(self):
        """Decisions not applied yet that rest on what these appeals are against (O4)."""
        decisions = self.env["cs.decision"].sudo()
        if not self:
            return decisions
        waiting = decisions.search(
            [
                ("employee_id", "in", self.employee_id.ids),
                ("state", "in", ("proposed", "announced")),
            ]
        )
        return waiting.filtered(
            lambda decision: any(
                decision == appeal.decision_id
                or (
                    decision.employee_id == appeal.employee_id
                    and decision._rests_on(appeal.appraisal_id, appeal.violation_id)
                )
                for appeal in self.sudo()
            )
        )

    def _trace(self, get_body, held=None):
        """Leave a note on the appeal, on its object, and on the decisions that wait for it.

        :param get_body: environment -> text
        """
        self.ensure_one()
        held = self._get_held_decisions() if held is None else held
        for record in (self._get_object(), *(held - self.decision_id)):
            record.message_post(
                body=self.env._(
                    "%(appeal)s. %(text)s", appeal=self.display_name, text=get_body(self.env)
                )
            )
        self.message_post(body=get_body(self.env))

    def _get_deciders(self):
        return self._get_members(MANAGER) - self._get_concerned()
