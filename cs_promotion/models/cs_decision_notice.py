from odoo import api, fields, models

from .cs_notice_mixin import MANAGER
from .scheduled import post_once, take_batches

ACTIVITY = "cs_promotion.mail_activity_decision_announced"
REVIEW_ACTIVITY = "cs_promotion.mail_activity_dismissal_review"
APPROVE_ACTIVITY = "cs_promotion.mail_activity_decision_approve"


class CsDecision(models.Model):
    """Who is told of a decision, and of its withdrawal: agent, superior (O4)."""

    _inherit = "cs.decision"

    to_notify = fields.Boolean(
        readonly=True,
        copy=False,
        help="Announced; the letter goes out with the next run of the scheduled action.",
    )
    superior_told = fields.Boolean(
        readonly=True, copy=False, help="The direct superior has been told of it."
    )

    to_ask = fields.Boolean(
        readonly=True,
        copy=False,
        help="Proposed by a rule; the managers are asked to approve it with the next run of the "
        "scheduled action.",
    )

    _to_notify_idx = models.Index("(announced_on, id) WHERE to_notify")
    _to_ask_idx = models.Index("(id) WHERE to_ask")

    @api.model
    def _get_announced_values(self, policy, day):
        """Have the letters sent; history played later tells nobody."""
        values = super()._get_announced_values(policy, day)
        return values | {"to_notify": day >= policy.company_id._cs_today()}

    def _on_announced(self):
        if any(self.mapped("to_notify")):
            self.env.ref("cs_promotion.ir_cron_notify")._trigger()
        return super()._on_announced()

    @api.model
    def _create_from_verdicts(self, policy, compiled, decided, day, cycle=None):
        """Managers are asked for what waits for their approval; history played later asks
        nobody (O4)."""
        decisions = super()._create_from_verdicts(policy, compiled, decided, day, cycle=cycle)
        proposed = decisions.filtered(lambda each: each.state == "proposed")
        if proposed and day >= policy.company_id._cs_today():
            proposed.to_ask = True
            self.env.ref("cs_promotion.ir_cron_notify").sudo()._trigger()
        return decisions

    def _announce(self, day):
        announced = super()._announce(day)
        self._end_asking()
        return announced

    def _reject(self, reason):
        rejected = super()._reject(reason)
        self._end_asking()
        return rejected

    def _end_asking(self):
        """Nobody has to approve these any more."""
        # sudo: whoever decides ends the to-dos of the other managers, too
        settled = self.sudo().filtered(lambda each: each.state != "proposed")
        settled.to_ask = False
        settled.activity_unlink([APPROVE_ACTIVITY])

    def _withdraw(self, reason):
        withdrawn = super()._withdraw(reason)
        self._end_asking()
        self.sudo().filtered(lambda each: each.state == "withdrawn")._tell_fallen()
        return withdrawn

    def _tell_fallen(self):
        """These decisions no longer stand: who was told of them is told so."""
        self.to_notify = False
        self.activity_unlink([ACTIVITY, REVIEW_ACTIVITY])
        for decision in self:
            decision._tell_withdrawn()

    def _tell_withdrawn(self):
        """Who was told of a decision is told that it no longer stands; nobody else is."""
        self.ensure_one()
        agent, superior = self.notified, self.superior_told
        self.write({"notified": False, "superior_told": False, "to_hand_over": False})
        if agent and "upheld" not in self.appeal_ids.mapped("state"):
            self._tell_agent()  # else the answer to the agent's own appeal says it
            self.notified = False  # there is nothing left to be taken back
        if superior:
            self._tell(
                self._get_superior_partner(), lambda words: words._get_withdrawn_notice("superior")
            )

    def _get_agent_notice(self):
        if self.outcome == "dismissal_review" and self.state in ("applied", "rejected"):
            return self._get_review_notice("agent")
        return self._get_withdrawn_notice("agent")

    def _get_withdrawn_notice(self, reader):
        """What no longer stands, why, and which tier is held therefore."""
        facts = [(self.env._("Decision"), self._get_letter_title())]
        if reader == "superior":
            facts.insert(0, (self.env._("Agent"), self.employee_id.name))
        if self.tier_to_id:
            facts += [
                (
                    self.env._("No longer takes place"),
                    (
                        f"{self.tier_from_id.name} → {self.tier_to_id.name}, "
                        f"{self._format_day(self.effective_date)}"
                    ),
                ),
                (self.env._("Tier held therefore"), self.tier_from_id.name),
            ]
        reason = self._get_told_reason()
        facts.append((self.env._("Reason"), reason))
        return {
            "subject": self.env._("Withdrawn: %s", self.display_name),
            "text": [self.env._("The decision below no longer stands.")],
            "facts": facts,
            "options": [
                self.env._("The decision stays on record as withdrawn; you need not do anything.")
            ],
        }

    def _get_told_reason(self):
        """The reason in words meant for those the decision is about.

        A month that was opened again is corrected for a reason of its own, often somebody
        else's results: that is nobody else's business.
        """
        if self._is_corrected():
            return self.env._(
                "%s was corrected and judged anew. From the corrected results this decision does "
                "not follow.",
                self.cycle_id.name,
            )
        return self.closing_reason or ""

    def _is_corrected(self):
        """Whether it falls because the month that made it is open again, or being closed."""
        cycle = self.cycle_id.sudo()  # whoever decides, the cycle's state counts
        by_a_person = self.ended_for_good  # whose reason is meant for the agent
        return bool(cycle) and cycle.state != "closed" and not by_a_person

    def _ask_managers(self):
        """A to-do for every manager of the company but the agent: approve, or reject (O4)."""
        self.to_ask = False
        for company, decisions in self.grouped("company_id").items():
            managers = self._get_group_users(MANAGER, company)
            for decision in decisions:
                decision._schedule_for(
                    managers - decision._get_own_users(),
                    APPROVE_ACTIVITY,
                    quiet=True,
                    date_deadline=company._cs_today(),
                    summary=lambda words: words.env._("Approve or reject: %s", words.display_name),
                )

    # ------------------------------------------------------------------ the announcement

    @api.model
    def _cron_notify(self):
        """Send the letters of announced decisions one by one, resumable (as they are announced);
        then what else agents are told of when a month has been closed."""
        take_batches(
            # what waits for its month to be closed again may yet fall: no letter before that
            lambda: self.search(
                [("to_notify", "=", True), ("awaits_closing", "=", False)],
                order="announced_on, id",
            ),
            lambda each: each.with_company(each.company_id)._notify_announced(),
            type(self)._note_not_notified,
            size=1,
        )
        take_batches(
            lambda: self.search([("to_ask", "=", True), ("awaits_closing", "=", False)]),
            lambda decisions: decisions._ask_managers(),
        )
        self.env["cs.violation"]._notify_raised()
        self.env["cs.appraisal"]._notify_published()

    def _note_not_notified(self, error):
        """Say why nobody was told, and do not try again: the letter can be printed."""
        self.write({"to_notify": False, "to_hand_over": True})
        post_once(self, self.env._("Could not be announced by mail: %(error)s", error=error))

    def _notify_announced(self):
        """Mail and to-do for the agent, with the letter, and for the direct superior."""
        self.ensure_one()
        self.lock_for_update()
        superior = self._get_superior_partner()
        self.write({"to_notify": False, "superior_told": bool(superior)})
        self._note_told(bool(self._filter_reachable(self.letter_partner_id)))
        if self.letter_partner_id.email:
            self._send("cs_promotion.mail_template_decision_agent")
        if superior.email:
            self._send("cs_promotion.mail_template_decision_superior")
        self._schedule_for(
            self.employee_id.sudo().user_id | superior.user_ids,
            ACTIVITY,
            quiet=True,  # no second mail for the to-do
            date_deadline=self.notice_until or self.company_id._cs_today(),
        )
        if self.outcome == "dismissal_review":
            managers = self._get_group_users(MANAGER, self.company_id)
            self._schedule_for(
                managers - self.employee_id.sudo().user_id,
                REVIEW_ACTIVITY,
                date_deadline=self.notice_until or self.company_id._cs_today(),
                summary=lambda words: words.env._(
                    "End the dismissal review of %s: only a person decides",
                    words.employee_id.name,
                ),
            )

    def _send(self, template):
        self.env.ref(template).send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")

    def _get_mail_link(self):
        """Address that opens the decision, for a button in its mail."""
        return self._notify_get_action_link("view")
