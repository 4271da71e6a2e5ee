from odoo import models


class CsAppealNoticeMixin(models.AbstractModel):
    """What the agent is told of an appeal: result, answer, reason, effect, and what is next."""

    _name = "cs.appeal.notice.mixin"
    _inherit = ["cs.handover.mixin"]
    _description = "Appeal That Its Agent Is Told Of"

    def _get_agent_notice(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        subject = self.sudo()._get_object_name()  # sent by a job, about the agent's own matter
        facts = [
            (self.env._("Appeal against"), subject),
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
                object=subject,
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
        if self.state == "upheld":
            return self._get_object()._get_upheld_option()
        return texts.get(self.state) or self.env._("You need not do anything.")

    def _get_effects(self, state):
        """What the result means for score, fine, tier and pay, in sentences."""
        if state not in ("upheld", "rejected"):
            return []
        appeal = self.sudo()  # the sentences are for the agent, whoever brings the result about
        subject = appeal._get_object()
        others = appeal.fallen_ids.filtered(lambda each: each != subject)
        return [subject._get_appeal_effect(appeal, state == "upheld")] + [
            self.env._("Withdrawn with it: %s", decision.display_name) for decision in others
        ]
