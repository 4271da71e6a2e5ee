from odoo import models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.models.cs_notice_mixin import MANAGER, OFFICE

ACTIVITIES = [
    "cs_promotion_appeal.mail_activity_appeal_answer",
    "cs_promotion_appeal.mail_activity_appeal_decide",
]


class CsAppealDecideMixin(models.AbstractModel):
    """Answering and deciding on appeals, and what waits for it.

    What upholding one brings about, the object says that it is against
    (``cs_appealable_mixin.py``).
    """

    _name = "cs.appeal.decide.mixin"
    _description = "Appeal That Is Decided"

    def action_answer(self):
        """The office's answer is complete: a manager decides now."""
        self._check_may(OFFICE)
        self._check_state("submitted")
        for appeal in self.sudo():  # state and who answered are the software's to write
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
            appeal._schedule(ACTIVITIES[1], appeal._get_deciders())

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
                lines += appeal._get_object()._describe_upholding(appeal)
            elif step == "reject_appeal":
                lines.append(
                    self.env._(
                        "it stands for good, and cannot be appealed again: %s",
                        appeal._get_object_name(),
                    )
                )
                lines += [
                    self.env._("does not wait any longer: %s", each.display_name)
                    for each in appeal._get_held_decisions()
                ]
        return lines

    def _get_reopened(self, step):
        """What upholding has given anew: what these appeals are against says it."""
        subjects = [each._get_object() for each in self] if step == "uphold_appeal" else []
        again = [found for subject in subjects for found in subject._get_reopened(step)]
        return super()._get_reopened(step) + again

    def _get_known_outcomes(self, step):
        if step != "uphold_appeal":
            return super()._get_known_outcomes(step)
        return self.filtered(lambda each: each._get_object()._is_settled_by_upholding())

    def _check_decider(self):
        """A manager decides, not the agent, nor who rated or reported what it is about."""
        self._check_may(MANAGER)
        self._check_state("answered")
        # sudo: who is concerned counts, also where the manager cannot read the sheets
        for appeal in self.sudo():
            if not appeal._get_kind():
                raise UserError(
                    self.env._(
                        "No addon that is installed knows what %s is against.", appeal.display_name
                    )
                )
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
        """Refuse what cannot be upheld now before a reason is asked for."""
        # sudo: what stands in the way is the same for whoever decides
        for appeal in self.sudo():
            if fault := appeal._get_object()._get_upholding_fault():
                raise UserError(fault)

    def _get_concerned(self):
        """Users who made what is objected to: the raters, or who reported the violation."""
        self.ensure_one()
        subject = self._get_object()
        return subject._get_appeal_concerned() if subject else self.env["res.users"]

    def _uphold(self, reason):
        """Decide in the agent's favour: the object's own method does what follows from it."""
        self._check_decider()
        for appeal in self.sudo():  # the step is allowed, and so all that it brings about
            standing = appeal._get_standing()
            appeal._settle("upheld", reason)
            appeal._trace(lambda env: env._("The appeal was upheld."))
            getattr(appeal._get_object(), appeal._get_kind().uphold)(appeal, reason)
            appeal.fallen_ids = standing.filtered(lambda each: each.state == "withdrawn")
            appeal._tell_agent()

    def _reject(self, reason):
        """Decide against the agent: what was objected to stands, for good."""
        self._check_decider()
        for appeal in self.sudo():  # as above
            held = appeal._get_held_decisions()
            appeal._settle("rejected", reason)
            appeal._trace(lambda env: env._("The appeal was rejected."), held=held)
            appeal._tell_agent()

    def _lapse(self, reason):
        """The object fell away for another reason: nothing is left to decide.

        The agent reads the reason, so it is the one meant for them.
        """
        for appeal in self:
            draft = appeal.state == "draft"
            subject = appeal.with_context(lang=appeal._get_letter_lang())._get_object()
            appeal._settle("lapsed", subject._get_lapse_reason(reason))
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

    def _get_standing(self):
        """The decisions about the agent that stand now; sudo: all, whoever decides."""
        standing = ("proposed", "announced", "applied")
        return (
            self.env["cs.decision"]
            .sudo()
            .search(
                [("employee_id", "=", self.employee_id.id), ("state", "in", standing)], order="id"
            )
        )

    def _get_held_decisions(self):
        """Decisions not applied yet that rest on what these appeals are against (O4)."""
        # sudo: they wait, whoever reads them
        decisions, appeals = self.env["cs.decision"].sudo(), self.sudo()
        if not self:
            return decisions
        waiting = decisions.search(
            [
                ("employee_id", "in", appeals.employee_id.ids),
                ("state", "in", ("proposed", "announced")),
            ]
        )
        subjects = [(each.employee_id, each._get_object()) for each in appeals]
        return waiting.filtered(
            lambda decision: any(
                decision.employee_id == agent and subject and subject._holds(decision)
                for agent, subject in subjects
            )
        )

    def _trace(self, get_body, held=None):
        """Leave a note on the appeal, on its object, and on the decisions that wait for it.

        :param get_body: environment -> text
        """
        self.ensure_one()
        held = self._get_held_decisions() if held is None else held
        for record in filter(None, dict.fromkeys((self._get_object(), *held))):
            if "message_ids" not in record._fields:
                continue  # an object without a history; the appeal's own says it
            record.message_post(
                body=self.env._(
                    "%(appeal)s. %(text)s", appeal=self.display_name, text=get_body(self.env)
                )
            )
        self.message_post(body=get_body(self.env))

    def _get_deciders(self):
        return self._get_members(MANAGER) - self._get_concerned()
