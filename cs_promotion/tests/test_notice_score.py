"""A published score is told to its agent, whose appeal runs for three days (15, 17)."""

from freezegun import freeze_time

from odoo.tests import tagged

from .notice_common import NoticeCase

LOGGER = "odoo.addons.cs_promotion.models.scheduled"


@tagged("post_install", "-at_install", "cs_promotion")
class TestNoticeScore(NoticeCase):
    def _close_as_office(self, month="2025-01", scores=None):
        cycle = self._open(month)
        scores = scores or {self.agent: 80, self.peer: 90}
        for appraisal in cycle.appraisal_ids:
            self._score(appraisal, scores[appraisal.employee_id])
        self._as(self.user_office, cycle).action_close()
        return cycle

    def test_score_rank_and_last_day(self):
        with freeze_time("2025-02-01"):
            self._close_as_office()
            self.assertFalse(self._told(self.user_agent), "Not while it is being closed")
            self._run_notify()
        text = self._told(self.user_agent)
        self._assert_says(text, "January 2025", "80.00", "rank", "2", "02/04/2025")
        self.assertNotIn("90", text)
        self._assert_says(self._mails(self.user_agent), "/mail/view?", "cs.appraisal")
        self._forget()
        with freeze_time("2025-02-02"):
            self._run_notify()
        self.assertFalse(self._told(self.user_agent), "Nobody is told twice")
        self.assertFalse(self._cycle("2025-01").tell_since)

    def test_month_and_quarter_are_one_message(self):
        self._play_months("2025-01", "2025-02", {self.agent: 80, self.peer: 90})
        with freeze_time("2025-04-01"):
            self._close_as_office("2025-03")
            self._run_notify()
        text = self._told(self.user_agent)
        self._assert_says(text, "March 2025", "Q1 2025")
        self.assertEqual(text.count("Score published"), 1)

    def test_history_played_later_tells_nobody(self):
        self._play("2025-01", {self.agent: 80, self.peer: 90})
        self._run_notify()
        self.assertFalse(self._told(self.user_agent))
        self.assertFalse(self._appraisal(self.agent, "2025-01").to_hand_over)

    def test_without_login_or_mail_it_is_for_paper(self):
        self.agent.user_id = False
        self.agent.work_contact_id.email = False
        with freeze_time("2025-02-01"):
            self._close_as_office()
            self._run_notify()
        own = self._appraisal(self.agent, "2025-01")
        self.assertTrue(own.to_hand_over)
        self.assertFalse(own.notified)
        self.assertFalse(self._appraisal(self.peer, "2025-01").to_hand_over)

    def test_one_that_fails_does_not_stop_the_rest(self):
        model = type(self.env["cs.appraisal"])
        tell = model._tell_results

        def fail(results, day):
            if self.agent in results.employee_id:
                raise ValueError("The mail server is on fire")
            return tell(results, day)

        self.patch(model, "_tell_results", fail)
        with freeze_time("2025-02-01"), self.assertLogs(LOGGER, "ERROR"):
            self._close_as_office()
            self._run_notify()
        self._assert_says(self._told(self.user_peer), "90.00")
        own = self._appraisal(self.agent, "2025-01")
        self.assertTrue(own.to_hand_over)
        self.assertIn("on fire", own.message_ids[:1].body)
