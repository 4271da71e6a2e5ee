"""Short words for an appeal's way from the agent to the manager."""

from odoo.addons.cs_promotion.tests.common import CsPromotionCase
from odoo.addons.cs_promotion.tests.notice_common import NoticeCase


class AppealWords:
    """Part of a case."""

    def _appeal(self, subject, user=None, submit=True, grounds="The figures are mine"):
        """The agent objects; the grades, violation or decision in ``subject``."""
        user = user or subject.employee_id.user_id
        appeal = self._as(user, self.env["cs.appeal"]).create(
            {
                "employee_id": subject.employee_id.id,
                subject._get_appeal_kind().field: subject.id,
                "grounds": grounds,
            }
        )
        if submit:
            appeal.action_submit()
        return appeal.sudo(False).with_user(self.env.user)

    def _answer(self, appeal, text="We checked the recordings", user=None):
        appeal = self._as(user or self.user_office, appeal)
        appeal.answer = text
        appeal.action_answer()

    def _decide_on(self, appeal, step, reason="Looked into", user=None):
        """Uphold or reject by the button and the dialog, as a manager does."""
        appeal = self._as(user or self.user_manager, appeal)
        action = getattr(appeal, f"action_{step}")()
        wizard = appeal.env["cs.reason"].browse(action["res_id"])
        wizard.reason = reason
        wizard.action_take()

    def _users_to_act(self, record, kind):
        kind = self.env.ref(f"cs_promotion_appeal.mail_activity_{kind}")
        return record.activity_ids.filtered(lambda each: each.activity_type_id == kind).user_id


class AppealCase(AppealWords, CsPromotionCase):
    pass


class AppealNoticeCase(AppealWords, NoticeCase):
    pass
