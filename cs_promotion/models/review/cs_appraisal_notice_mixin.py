from odoo import api, fields, models
from odoo.fields import Domain

from ..cs_long_work import Step
from ..scheduled import post_once

TOLD_AT_ONCE = 50  # agents between two commits


class CsAppraisalNoticeMixin(models.AbstractModel):
    """The agent is told of a published score: its notice runs for a few days only (O4, P4)."""

    _name = "cs.appraisal.notice.mixin"
    _inherit = ["cs.handover.mixin"]
    _description = "Published Score the Agent Is Told Of"

    told_on = fields.Date(
        readonly=True, copy=False, help="The agent was told of the score as published then."
    )
    told_score = fields.Float(digits=(5, 2), readonly=True, copy=False, aggregator=False)

    @api.model
    def _get_untold_domain(self):
        """Published scores that their agents have not been told of as they are now."""
        return Domain.OR(
            Domain("cycle_id", "=", cycle.id)
            & Domain("closed", "=", True)
            & Domain("scored", "=", True)
            & Domain("published_on", ">=", cycle.tell_since)
            & Domain("told_on", "=", False)
            for cycle in self._get_telling_cycles()
        )

    @api.model
    def _notify_published(self):
        """Tell the agents of published scores, in batches that commit.

        An agent's month and quarter that were published together are told together.
        """
        self.env["cs.long.work"]._take_batches(
            lambda: self.search(self._get_untold_domain(), order="employee_id, date_end, id"),
            Step(
                "letter",
                "_tell_published",
                note="_note_not_told",
                about="cycle_id",
                size=TOLD_AT_ONCE,
            ),
        )
        left = self._read_group(self._get_untold_domain(), ["cycle_id"])
        left = self.env["cs.cycle"].browse(cycle.id for (cycle,) in left)
        (self._get_telling_cycles() - left).tell_since = False

    @api.model
    def _get_telling_cycles(self):
        """The cycles whose scores are being told."""
        return self.env["cs.cycle"].search([("tell_since", "!=", False)])

    def _tell_published(self):
        """Tell the agents of these results, and of others of theirs that are not told yet."""
        together = self.search(
            self._get_untold_domain() & Domain("employee_id", "in", self.employee_id.ids)
        )
        # month and quarter are told together: whoever takes one takes the other, if nobody has it
        together = (together - self).try_lock_for_update(allow_referencing=True) | self
        for employee, results in together.grouped("employee_id").items():
            untold = results.filtered(lambda each: not each.told_on).sorted("date_end")
            if untold:
                company = employee.company_id
                untold.with_company(company)._tell_results(company._cs_today())

    def _tell_results(self, day):
        """One message for one agent; what does not reach them is for paper.

        A quarter that is the mean of its months is told with them, and has no letter alone.
        """
        main = self.filtered(lambda each: each.kind == "month")[-1:] or self[-1:]
        reached = main._tell(
            main._get_agent_partner(),
            lambda words: words._get_results_notice(self.with_env(words.env)),
        )
        for appraisal in self:
            appraisal.write(
                {
                    "told_on": day,
                    "told_score": appraisal.score,
                    "notified": bool(reached),
                    "to_hand_over": not reached,
                }
            )

    def _note_not_told(self, error):
        """Say why the agent was not told, and do not try again: the letter can be printed."""
        self.write({"told_on": self.company_id._cs_today(), "to_hand_over": True})
        post_once(self, self.env._("The agent could not be told by mail: %(error)s", error=error))

    def _get_agent_notice(self):
        return self._get_results_notice(self)

    def _get_results_notice(self, results):
        """The scores and ranks of these results of one agent, and until when to object."""
        again = any(each.notified or each.handed_over_on for each in results)
        names = ", ".join(each.cycle_id.name for each in results)
        return {
            "subject": self.env._("Score corrected: %s", names)
            if again
            else self.env._("Score published: %s", names),
            "text": [
                self.env._("Your score was corrected and published anew.")
                if again
                else self.env._("Your score has been published.")
            ],
            "facts": [fact for each in results for fact in each._get_result_facts()],
            "options": [option for each in results for option in each._get_result_options()],
        }

    def _get_result_facts(self):
        period = self.cycle_id.name
        facts = [
            (self.env._("%s, score", period), f"{self.score:.2f}"),
            (
                self.env._(
                    "%(period)s, rank %(within)s", period=period, within=self._say_rank_within()
                ),
                str(self.rank or "-"),
            ),
        ]
        if self.told_score and self.told_score != self.score:
            facts.insert(1, (self.env._("%s, score until now", period), f"{self.told_score:.2f}"))
        return facts

    def _say_rank_within(self):
        """Among whom the rank counts: ``in the department``."""
        # sudo: it is told by the policy of the time, which may be in force no more
        policy = self.cycle_id.sudo().policy_id
        return self.env["cs.words"]._say_compared(policy)

    def _get_result_options(self):
        """What the agent may do about this result, in sentences; to extend."""
        return []
