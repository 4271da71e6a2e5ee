from odoo import fields, models

from .decision.cs_decision import STANDING


class CsAppeal(models.Model):
    """What the agent is told of an appeal: result, answer, reason, effect, and what is next."""

    _name = "cs.appeal"
    _inherit = ["cs.appeal", "cs.handover.mixin"]

    fallen_ids = fields.Many2many(
        "cs.decision",
        string="Decisions Withdrawn with It",
        readonly=True,
        copy=False,
        help="Decisions about the agent that fell when the appeal was upheld.",
    )

    def _get_standing(self):
        """The decisions about the agent that stand now; sudo: all, whoever decides."""
        return (
            self.env["cs.decision"]
            .sudo()
            .search(
                [("employee_id", "=", self.employee_id.id), ("state", "in", STANDING)], order="id"
            )
        )

    def _get_agent_notice(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        subject = self.sudo()._get_object()  # sent by a job, about the agent's own matter
        facts = [
            (self.env._("Appeal against"), subject.display_name),
            (self.env._("Result"), states[self.state]),
        ]
        if self.answer:
            facts.append((self.env._("Answer of the office"), self.answer))
        if self.reason:
            facts.append((self.env._("Reason"), self.reason))
        effects = self._get_effects(self.state)
        if effects:
            facts.append((self.env._("Effect"), "\n".join(effects)))
        if self.decided_by:
            facts.append((self.env._("Decided by"), self.decided_by.sudo().name))  # a name
        return {
            "subject": self.env._(
                "Appeal (%(result)s): %(object)s",
                result=states[self.state],
                object=subject.display_name,
            ),
            "text": [self._get_result_text()],
            "facts": facts,
            "options": [self._get_next_text()],
        }

    def _get_result_text(self):
        texts = {
            "answered": self.env._("The office has answered your appeal."),
            "upheld": self.env._("Your appeal was upheld."),
            "rejected": self.env._("Your appeal was rejected."),
            "lapsed": self.env._("Your appeal has lapsed: what it was about was withdrawn."),
        }
        return texts.get(self.state, "")

    def _get_next_text(self):
        """What the agent may do next."""
        texts = {
            "answered": self.env._(
                "A manager decides next, and you will be told. Until then decisions that rest on "
                "it wait. You may add documents, or withdraw the appeal."
            ),
            "rejected": self.env._(
                "There is no second appeal against it (O4). The office explains it to you on "
                "request."
            ),
            "lapsed": self.env._("You need not do anything."),
        }
        if self.state == "upheld" and self.appraisal_id:
            return self.env._("You will be told of the new score, and may appeal against it again.")
        return texts.get(self.state) or self.env._("You need not do anything.")

    def _get_effects(self, state):
        """What the result means for score, fine, tier and pay, in sentences.

        sudo: the sentences are for the agent, whoever brings the result about.
        """
        appeal = self.sudo()
        if state not in ("upheld", "rejected"):
            return []
        upheld = state == "upheld"
        if appeal.appraisal_id:
            effects = [appeal._get_score_effect(upheld)]
        elif appeal.violation_id:
            effects = [appeal._get_violation_effect(upheld)]
        else:
            effects = [appeal._get_decision_effect(upheld)]
        others = appeal.fallen_ids - appeal.decision_id
        return effects + [
            self.env._("Withdrawn with it: %s", decision.display_name) for decision in others
        ]

    def _get_score_effect(self, upheld):
        appraisal = self.appraisal_id
        if not upheld:
            return self.env._(
                "The score of %(score)s (rank %(rank)s) in %(period)s stands.",
                score=f"{appraisal.score:.2f}",
                rank=appraisal.rank,
                period=appraisal.cycle_id.name,
            )
        roles = dict(self._fields["correct_role"]._description_selection(self.env))
        return self.env._(
            "%(period)s is opened again and the score of %(score)s corrected (%(sheets)s); it is "
            "then published anew, and a new time for appeals begins.",
            period=appraisal.cycle_id.name,
            score=f"{appraisal.published_score or appraisal.score:.2f}",
            sheets=roles[self.correct_role],
        )

    def _get_violation_effect(self, upheld):
        violation = self.violation_id
        fine = violation.currency_id.format(violation.fine)
        if not upheld:
            return self.env._("The violation and its fine of %s stand.", fine)
        return self.env._(
            "The violation is withdrawn and no longer counts. Its fine of %s is not taken; what "
            "payslips took of it is given back with the next one.",
            fine,
        )

    def _get_decision_effect(self, upheld):
        decision = self.decision_id
        if not decision.tier_to_id:
            if upheld:
                return self.env._("The dismissal review is withdrawn; your employment goes on.")
            return self.env._("The dismissal review goes on; a person decides how it ends.")
        move = f"{decision.tier_from_id.name} → {decision.tier_to_id.name}"
        day = self._format_day(decision.effective_date)
        if upheld:
            return self.env._(
                "The decision is withdrawn: %(move)s on %(day)s does not take place, and you hold "
                "%(tier)s with its pay.",
                move=move,
                day=day,
                tier=decision.tier_from_id.name,
            )
        return self.env._(
            "The decision stands: %(move)s, effective from %(day)s.", move=move, day=day
        )
