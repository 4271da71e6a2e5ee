from odoo import api, fields, models

from ...engine.calendar import month_end
from ...engine.policy import Consequence
from ...engine.rule import DEMOTE, REVIEW
from ..cs_long_work import Step
from ..scheduled import post_once


class CsViolationNoticeMixin(models.AbstractModel):
    """Who is told of a violation: the office of a report; of what came of it the agent, who
    reported it, and the direct superior."""

    _name = "cs.violation.notice.mixin"
    _inherit = ["cs.handover.mixin"]
    _description = "Violation That People Are Told Of"

    to_notify = fields.Boolean(
        readonly=True,
        copy=False,
        help="Raised by a closing; the agent is told with the next run of the scheduled action.",
    )

    def _mark_raised(self):
        """Have the agents told of what a closing raised (V3); history tells nobody."""
        # the closing raises them as superuser, and people cannot create any of a cycle
        raised = self.filtered(
            lambda each: (
                each.cycle_id.closed_on and each.cycle_id.closed_on >= each.company_id._cs_today()
            )
        )
        if raised:
            raised.to_notify = True
            raised.env.ref("cs_promotion.ir_cron_notify")._trigger()

    @api.model
    def _notify_raised(self):
        """Tell the agents of what a closing raised, one by one, resumable."""
        self.env["cs.long.work"]._take_batches(
            lambda: self.search([("to_notify", "=", True)], order="id"),
            Step("letter", "_tell_raised", note="_note_not_told", about="cycle_id", size=1),
        )

    def _note_not_told(self, error):
        self.write({"to_notify": False, "to_hand_over": True})
        post_once(self, self.env._("The agent could not be told by mail: %(error)s", error=error))

    def _tell_raised(self):
        self.ensure_one()
        if self.to_notify and self.state == "confirmed":
            self.with_company(self.company_id)._tell_outcome()
        self.to_notify = False

    def _tell_office(self):
        """A report waits for the office."""
        office = self.env["cs.cycle"]._get_office(self.company_id) - self.env.user
        self._tell(
            (office - self.employee_id.user_id).partner_id,
            lambda words: words._get_report_notice(),
        )

    def _tell_outcome(self):
        """The agent learns severity, fine, and what may be done about it (O4); whoever
        reported it, and the superior, learn what came of it."""
        self._tell_agent()
        self._tell(self._get_observers(), lambda words: words._get_outcome_notice())

    def _tell_withdrawn(self, unconfirmed):
        """Who was told of it, or reported it, is told that it no longer stands.

        :param unconfirmed: it was withdrawn before the agent heard of it
        """
        known, waiting = self.notified, self.to_hand_over or self.to_notify
        self.write({"to_notify": False, "to_hand_over": False, "notified": False})
        if known and not self._is_told_otherwise():
            self._tell_agent()
            self.notified = False  # there is nothing left to be taken back
        if unconfirmed:
            observers = self._get_reporter()
        elif known or waiting:
            observers = self._get_observers()
        else:
            observers = self._get_reporter() if not self.cycle_id else self.env["res.partner"]
        self._tell(observers, lambda words: words._get_outcome_notice())

    def _get_reporter(self):
        """Who reported it, unless they decide on it themselves; a closing is nobody."""
        reporter = self.reported_by - self.env.user - self.employee_id.user_id
        return self.env["res.partner"] if self.cycle_id else reporter.partner_id

    def _get_observers(self):
        superior = self._get_superior_partner() - self.env.user.partner_id
        return self._get_reporter() | superior

    # ------------------------------------------------------------------ in words

    def _get_report_notice(self):
        return {
            "subject": self.env._("Violation reported: %s", self.display_name),
            "text": [self.env._("A violation was reported and waits for the office.")],
            "facts": [
                (self.env._("Agent"), self.employee_id.name),
                *self._get_violation_facts(),
                (self.env._("Reported by"), self.reported_by.name or ""),
                (self.env._("What happened"), self.description or ""),
            ],
            "options": [
                self.env._("Check it, choose severity and fine, and confirm or withdraw it.")
            ],
        }

    def _get_violation_facts(self):
        return [
            (self.env._("Violation"), self.type_id.name),
            (self.env._("Date"), self._format_day(self.date)),
        ]

    def _get_verdict_facts(self):
        labels = dict(self._fields["severity"]._description_selection(self.env))
        return [
            (self.env._("Severity"), labels.get(self.severity, "")),
            (self.env._("Fine"), self.currency_id.format(self.fine)),
        ]

    def _get_agent_notice(self):
        if self.state == "withdrawn":
            return self._get_withdrawn_notice()
        return {
            "subject": self.env._("Violation confirmed: %s", self.display_name),
            "text": [
                self.env._("A violation of yours was confirmed."),
            ],
            "facts": [
                *self._get_violation_facts(),
                *self._get_verdict_facts(),
                (self.env._("What happened"), self.description or ""),
                (self.env._("Effect"), "\n".join(self._get_effects())),
            ],
            "options": self._get_agent_options(),
        }

    def _get_agent_options(self):
        """What the agent may do about a confirmed one; addons add theirs."""
        return []

    def _get_effects(self):
        """What a confirmed one brings about besides being on record (V2, V4)."""
        # of the version that judges the month
        policy = self.env["cs.policy"]._get_in_force(self.company_id, month_end(self.month))
        consequence = policy.consequence_ids._compile().get(self.severity, Consequence())
        effects = []
        if consequence.fined:
            effects.append(
                self.env._(
                    "The fine is taken from the pay of %s, within the limits of the policy (W5).",
                    self._format_month(self.month),
                )
            )
        if consequence.outcome:
            effects.append(self._get_outcome_effect(consequence.outcome))
        return effects

    def _get_outcome_effect(self, outcome):
        known = {
            DEMOTE: self.env._("It leads to one step down when that month has been closed (V2)."),
            REVIEW: self.env._(
                "It leads to a dismissal review when that month has been closed (V2)."
            ),
        }
        return known.get(outcome.code) or self.env._(
            "When that month has been closed, it leads to this: %s (V2).", outcome.name
        )

    def _get_withdrawn_notice(self):
        return {
            "subject": self.env._("Violation withdrawn: %s", self.display_name),
            "text": [self.env._("The violation below has been withdrawn.")],
            "facts": [
                *self._get_violation_facts(),
                (self.env._("Reason"), self._get_told_reason()),
                (self.env._("Effect"), self._get_withdrawn_effect()),
            ],
            "options": [self.env._("You need not do anything.")],
        }

    def _get_withdrawn_effect(self):
        return self.env._(
            "It no longer counts. The fine of %s is not taken; what payslips took of it is given "
            "back with the next one.",
            self.currency_id.format(self.fine),
        )

    def _get_told_reason(self):
        """The reason in words meant for the agent: that a month was opened again has reasons
        of its own, often somebody else's figures."""
        cycle = self.cycle_id
        if cycle and cycle.state != "closed" and not self.ended_for_good:
            return self.env._("%s was opened again to be corrected.", cycle.name)
        return self.withdrawn_reason or ""

    def _get_outcome_notice(self):
        """What came of it, for who reported it and for the superior."""
        facts = [(self.env._("Agent"), self.employee_id.name), *self._get_violation_facts()]
        if self.state == "withdrawn":
            subject = self.env._("Violation withdrawn: %s", self.display_name)
            text = self.env._("The violation below was withdrawn; it leads to nothing.")
            facts.append((self.env._("Reason"), self._get_told_reason()))
        else:
            subject = self.env._("Violation confirmed: %s", self.display_name)
            text = self.env._("The violation below was confirmed.")
            facts += self._get_verdict_facts()
            facts.append((self.env._("Effect"), "\n".join(self._get_effects())))
        return {"subject": subject, "text": [text], "facts": facts}
