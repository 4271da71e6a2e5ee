from odoo import SUPERUSER_ID, fields, models

from .cs_notice_mixin import MANAGER

DEPARTURE = "cs_promotion.mail_activity_register_departure"


class CsDecision(models.Model):
    """How a dismissal review ended: told to agent, superior and HR (X1-X4)."""

    _inherit = "cs.decision"

    review_end = fields.Selection(
        [("dismissed", "Dismissed"), ("kept", "Kept")],
        string="The Review Ended",
        compute="_compute_review_end",
        help="Dismissed: HR registers the departure. Kept: the employment goes on.",
    )

    def _compute_review_end(self):
        ends = {"applied": "dismissed", "rejected": "kept"}
        for decision in self:
            review = decision.outcome == "dismissal_review"
            decision.review_end = review and ends.get(decision.state)

    def _dismiss(self, reason):
        ending = self._get_open_reviews()
        dismissed = super()._dismiss(reason)
        ending._tell_review_ended()
        return dismissed

    def _reject(self, reason):
        ending = self._get_open_reviews()
        told = (self - ending).sudo().filtered(lambda each: each.state == "announced")
        rejected = super()._reject(reason)
        ending._tell_review_ended()
        told._tell_fallen()
        return rejected

    def _get_open_reviews(self):
        return self.sudo().filtered(
            lambda each: (
                each.outcome == "dismissal_review" and each.state in ("proposed", "announced")
            )
        )

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
                (self.env._("Decided by"), self.decided_by.sudo().name or ""),
                (
                    self.env._("Decided on"),
                    self._format_day(self.applied_on or self.company_id._cs_today()),
                ),
            ],
            "options": options,
        }

    def _get_review_options(self, dismissed):
        """What the agent may expect and do now."""
        if not dismissed:
            return [self.env._("Your tier and pay stay as they are, and you need not do anything.")]
        options = [self.env._("HR will tell you your last day and settle your pay.")]
        today = self.company_id._cs_today()
        rejected = "rejected" in self.appeal_ids.mapped("state")
        if self.notice_until and self.notice_until >= today and not rejected:
            options.append(
                self.env._("You may appeal until %s.", self._format_day(self.notice_until))
            )
        return options
