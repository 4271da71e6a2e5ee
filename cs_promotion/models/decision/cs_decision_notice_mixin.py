from odoo import SUPERUSER_ID, api, fields, models

from ..cs_long_work import Step
from ..cs_notice_mixin import MANAGER
from ..scheduled import post_once

ACTIVITY = "cs_promotion.mail_activity_decision_announced"
REVIEW_ACTIVITY = "cs_promotion.mail_activity_dismissal_review"
APPROVE_ACTIVITY = "cs_promotion.mail_activity_decision_approve"
DEPARTURE = "cs_promotion.mail_activity_register_departure"


class CsDecisionNoticeMixin(models.AbstractModel):
    """Who is told of a decision, and of its end: agent, superior, managers (O4, X1-X4); and what
    its letter says (policy 12)."""

    _name = "cs.decision.notice.mixin"
    _inherit = ["cs.handover.mixin"]
    _description = "Decision That People Are Told Of"

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
        help="Proposed; those whose turn it is are asked to approve it with the next run of the "
        "scheduled action.",
    )
    letter_partner_id = fields.Many2one("res.partner", compute="_compute_letter_partner_id")
    letter_lang = fields.Char(compute="_compute_letter_partner_id")
    superior_user_id = fields.Many2one(
        "res.users", compute="_compute_superior_user_id", compute_sudo=True
    )
    review_end = fields.Selection(
        [("dismissed", "Dismissed"), ("kept", "Kept")],
        string="The Review Ended",
        compute="_compute_review_end",
        help="Dismissed: HR registers the departure. Kept: the employment goes on.",
    )

    @api.depends("employee_id")
    def _compute_letter_partner_id(self):
        """Whom the letter is for, in the language of their login or work contact."""
        for decision in self:
            decision.letter_partner_id = decision._get_agent_partner()
            decision.letter_lang = decision._get_letter_lang()

    @api.depends("employee_id.parent_id.user_id")
    def _compute_superior_user_id(self):
        for decision in self:
            decision.superior_user_id = decision.employee_id.parent_id.user_id

    def _compute_review_end(self):
        ends = {"applied": "dismissed", "rejected": "kept"}
        for decision in self:
            review = decision.outcome == "dismissal_review"
            decision.review_end = review and ends.get(decision.state)

    # ------------------------------------------------------------------ what the letter says

    def _get_letter_title(self):
        self.ensure_one()
        titles = {
            "confirmation": self.env._("Notice of Confirmation"),
            "promotion": self.env._("Notice of Promotion"),
            "demotion": self.env._("Notice of Demotion"),
            "review": self.env._("Notice of a Dismissal Review"),
            "exceptional": self.env._("Notice of Skip-level Promotion"),
            "moved_down": self.env._("Notice of Demotion"),
            "warning": self.env._("Notice of a Warning"),
            "award": self.env._("Notice of a Title"),
            "raise": self.env._("Notice of a Personal Raise"),
            "plan": self.env._("Notice of an Improvement Plan"),
            "keep": self.env._("Notice of an Improvement Plan Passed")
            if self.plan_id
            else self.env._("Notice of Confirmation after the Trial"),
        }
        if self._is_appointment():
            return self.env._("Notice of Appointment")
        return titles.get(self.kind) or self.env._("Notice: %s", self._get_kind_name())

    def _is_appointment(self):
        """Whether a person appointed the agent to a rung that no rule leads to (L5)."""
        # sudo: the version need not be in force any more, and its agent reads the letter
        appointed = self.policy_id.sudo()._get_ladder().appointed
        return self.kind == "exceptional" and self.tier_to_id.code in appointed

    def _get_kind_name(self):
        """What people call this decision."""
        return dict(self._fields["kind"]._description_selection(self.env)).get(self.kind, "")

    def _get_notice_options(self, reader, format_day=None):
        """What is said of the notice while the decision is announced, in sentences: what its agent
        may do. Addons add theirs.

        :param reader: ``agent`` and ``superior``, who are mailed to, or the agent's ``page``
        :param format_day: day -> text, where it is not shown as in a letter
        """
        return []

    def _get_letter_file_name(self):
        self.ensure_one()
        decision = self.with_context(lang=self.letter_lang)
        return f"{decision._get_letter_title()} {self._get_agent().name} {self.effective_date}"

    # ------------------------------------------------------------------ asking who approves

    def _have_approvers_asked(self):
        """Have them asked with the next run of the scheduled action."""
        if self:
            self.to_ask = True
            self.env.ref("cs_promotion.ir_cron_notify")._trigger()

    def _get_approval_note(self):
        """What the to-do says of former approvals; nothing where there is none."""
        said = self.approval_ids.filtered(lambda each: each.state != "waiting" or each.stood_in)
        return " · ".join(said.mapped("sentence")) or False

    def _end_asking(self):
        """Nobody has to approve these any more."""
        settled = self.filtered(lambda each: each.state != "proposed")
        settled.to_ask = False
        settled.activity_unlink([APPROVE_ACTIVITY])

    # ------------------------------------------------------------------ the announcement

    def _announce(self, day):
        """Announce proposed decisions; the notice runs from ``day`` (O4)."""
        proposed = self.filtered(lambda each: each.state == "proposed")
        for policy, decisions in proposed.grouped("policy_id").items():
            decisions.write(self._get_announced_values(policy, day))
        proposed._have_letters_sent()
        self.env["cs.effect"]._on_announced(proposed)
        self._end_asking()

    @api.model
    def _get_announced_values(self, policy, day):
        """What a decision holds once it is announced; its notice runs from ``day`` (O4)."""
        return {
            "state": "announced",
            "announced_on": day,
            "notice_until": fields.Date.add(day, days=policy.notice_days),
            "to_notify": day >= policy.company_id._cs_today(),  # history played later tells nobody
        }

    def _have_letters_sent(self):
        """Have those go out that are to be told, with the next run of the scheduled action."""
        if any(self.mapped("to_notify")):
            self.env.ref("cs_promotion.ir_cron_notify")._trigger()

    @api.model
    def _cron_notify(self):
        """Send the letters of announced decisions; then what else agents are told of when a month
        has been closed."""
        work = self.env["cs.long.work"]
        work._begin(self, "_send_letters")
        work._begin(self, "_ask_approvers")
        work._begin(self.env["cs.application"], "_notify_decided")
        work._begin(self.env["cs.violation"], "_notify_raised")
        work._begin(self.env["cs.appraisal"], "_notify_published")

    @api.model
    def _send_letters(self):
        """Send the letters of announced decisions one by one, resumable."""
        self.env["cs.long.work"]._take_batches(
            # what waits for its month to be closed again may yet fall: no letter before that
            lambda: self.search(
                [("to_notify", "=", True), ("awaits_closing", "=", False)],
                order="announced_on, id",
            ),
            Step("letter", "_send_letter", note="_note_not_notified", about="cycle_id", size=1),
        )

    @api.model
    def _ask_approvers(self):
        self.env["cs.long.work"]._take_batches(
            lambda: self.search([("to_ask", "=", True), ("awaits_closing", "=", False)]),
            Step("letter", "_ask_to_approve", about="cycle_id"),
        )

    def _ask_to_approve(self):
        self.env["cs.decision.approval"]._ask(self.filtered("to_ask"))

    def _send_letter(self):
        """Tell of this decision, unless that has been done."""
        if self.to_notify and not self.awaits_closing:
            self.with_company(self.company_id)._notify_announced()

    def _note_not_notified(self, error):
        """Say why nobody was told, and do not try again: the letter can be printed."""
        self.write({"to_notify": False, "to_hand_over": True})
        post_once(self, self.env._("Could not be announced by mail: %(error)s", error=error))

    def _notify_announced(self):
        """Mail and to-do for the agent, with the letter, and for the direct superior."""
        self.ensure_one()
        # two workers send letters: who comes second waits, and finds it sent
        self.lock_for_update()
        superior = self._get_superior_partner()
        self.write({"to_notify": False, "superior_told": bool(superior)})
        self._note_told(bool(self._filter_reachable(self.letter_partner_id)))
        if self.letter_partner_id.email:
            self._send("cs_promotion.mail_template_decision_agent")
        if superior.email:
            self._send("cs_promotion.mail_template_decision_superior")
        self._schedule_for(
            self.employee_id.user_id | superior.user_ids,
            ACTIVITY,
            quiet=True,  # no second mail for the to-do
            date_deadline=self.notice_until or self.company_id._cs_today(),
        )
        if self.outcome == "dismissal_review":
            managers = self._get_group_users(MANAGER, self.company_id)
            self._schedule_for(
                managers - self.employee_id.user_id,
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

    # ------------------------------------------------------------------ no longer standing

    def _withdraw_told(self, get_reason):
        """Withdraw decisions with a reason in the language of each agent's letters: a scheduled
        action has none.

        :param get_reason: function of an environment in that language -> the reason
        """
        for lang, decisions in self.grouped("letter_lang").items():
            decisions._withdraw(get_reason(self.with_context(lang=lang).env))

    def _withdraw_unfounded(self):
        """Withdraw decisions that no longer follow, each with a reason in its agent's words."""
        self._withdraw_told(
            lambda words: words._(
                "The month was corrected; by the corrected results this decision no longer follows."
            )
        )

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
        if agent and not self._is_told_otherwise():
            self._tell_agent()
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
            move, day = self.env["cs.words"]._say_move(self), self._format_day(self.effective_date)
            facts += [
                (self.env._("No longer takes place"), f"{move}, {day}"),
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
        cycle = self.cycle_id
        by_a_person = self.ended_for_good  # whose reason is meant for the agent
        return bool(cycle) and cycle.state != "closed" and not by_a_person

    # ------------------------------------------------------------------ how a review ended

    def _tell_review_ended(self):
        """Tell the agent who knew of the review, or is dismissed; the superior; and HR."""
        for review in self:
            dismissed = review.review_end == "dismissed"
            known = review.notified or review.to_hand_over
            if not dismissed and self.env.uid == SUPERUSER_ID and review._is_history():
                continue
            review.to_notify = False
            review.activity_ids.filtered("automated").unlink()
            if known or dismissed:
                review._tell_agent()
            managers = review._get_group_users(MANAGER, review.company_id)
            managers -= review.employee_id.user_id
            others = review._get_superior_partner() | (managers - self.env.user).partner_id
            review._tell(others, lambda words: words._get_review_notice("others"))
            if dismissed:
                review._ask_for_departure(managers)

    def _is_history(self):
        """Whether it was announced without telling anybody: history played later."""
        told = self.to_notify or self.notified or self.superior_told or self.to_hand_over
        return bool(self.announced_on) and not told

    def _ask_for_departure(self, managers):
        """A to-do: nothing else ends the contract, as no machine dismisses anyone."""
        self._schedule_for(
            managers,
            DEPARTURE,
            quiet=True,
            date_deadline=self.company_id._cs_today(),
            summary=lambda words: words.env._(
                "Register the departure of %s", words.employee_id.name
            ),
            note=lambda words: words.env._(
                "The dismissal review ended with dismissal. Set the last day on the employee "
                "record: pay, reviews and sheets go on until it is registered."
            ),
        )

    def _get_review_notice(self, reader):
        """How the review ended, for the agent or for those who work with them."""
        dismissed = self.review_end == "dismissed"
        name = self.employee_id.name
        if reader == "agent":
            text = (
                self.env._("The dismissal review about you has ended: you are dismissed.")
                if dismissed
                else self.env._("The dismissal review about you has ended: you stay.")
            )
            options = self._get_review_options(dismissed)
        else:
            text = (
                self.env._("The dismissal review about %s has ended: dismissed.", name)
                if dismissed
                else self.env._("The dismissal review about %s has ended: kept.", name)
            )
            options = (
                [self.env._("HR registers the departure; until then pay and reviews go on.")]
                if dismissed
                else []
            )
        ends = dict(self._fields["review_end"]._description_selection(self.env))
        return {
            "subject": self.env._("Dismissal review ended: %s", name),
            "text": [text],
            "facts": [
                (self.env._("Result"), ends[self.review_end]),
                (self.env._("Ground"), self.ground_name),
                (self.env._("Reason"), self.closing_reason or ""),
                (self.env._("Decided by"), self.decided_by.name or ""),
                (
                    self.env._("Decided on"),
                    self._format_day(self.applied_on or self.company_id._cs_today()),
                ),
            ],
            "options": options,
        }

    def _get_review_options(self, dismissed):
        """What the agent may expect and do now."""
        if dismissed:
            return [self.env._("HR will tell you your last day and settle your pay.")]
        return [self.env._("Your tier and pay stay as they are, and you need not do anything.")]
