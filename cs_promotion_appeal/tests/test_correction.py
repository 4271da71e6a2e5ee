"""What is corrected after an appeal touches nobody else, and leaves the appeals of others."""

from odoo.tests import freeze_time, tagged

from odoo.addons.cs_promotion.tests.test_correction import INTERNAL, CorrectionCase
from odoo.addons.cs_promotion.tests.test_sheet_return import SheetReturnCase

from .appeal_common import AppealWords


@tagged("post_install", "-at_install", "cs_promotion")
class TestCorrection(AppealWords, CorrectionCase):
    def test_upheld_appeal_of_one_disturbs_no_other(self):
        self._play_march()
        theirs = self._decisions(self.peer)
        with freeze_time("2025-04-02"):
            appeal = self._appeal(self._appraisal(self.agent, "2025-03"))
            self._answer(appeal)
            action = appeal.with_user(self.user_manager).action_uphold()
            consequences = self.env["cs.reason"].browse(action["res_id"]).consequences
            self._give_reason(action, INTERNAL)
        for words in (
            "March 2025 opens again",
            "given back for correction",
            "waits for the closing",
        ):
            self.assertIn(words, consequences)
        cycle = self._cycle("2025-03")
        self.assertEqual((cycle.state, theirs.state), ("open", "announced"))
        for role in ("superior", "office"):
            self._fill_in(self._sheet(self.agent, "2025-03", role), 98)
        with freeze_time("2025-04-05"):
            self._close(cycle, "2025-04-05")
        self.assertEqual(theirs.state, "announced")
        self.assertFalse(
            self._get_mails(theirs).filtered(lambda each: INTERNAL in (each.body or ""))
        )

    def test_appeal_and_approval_survive(self):
        self._make_policy(self.company, "2025-03-01", approval="manager")
        cycle = self._play_march()
        mine = self._decisions(self.agent)
        with freeze_time("2025-04-02"):
            mine.with_user(self.user_manager).action_approve()
            appeal = self._appeal(mine)
        self._correct(cycle, self.peer, 60)
        self.assertEqual((mine.state, mine.approved_by), ("announced", self.user_manager))
        self.assertEqual(appeal.state, "submitted")
        self.assertTrue(mine.waits_for_appeal)


@tagged("post_install", "-at_install", "cs_promotion")
class TestGiveBack(AppealWords, SheetReturnCase):
    def test_upheld_appeal_keeps_the_former_grades(self):
        self._both_in()
        self._appraisal(self.peer, "2025-06")._exclude("not part of this test")
        with freeze_time("2025-07-01"):
            self._close(self.cycle)
            appeal = self._appeal(self.appraisal)
            self._answer(appeal, user=self.clerk)
            decided = self._as(self.boss, appeal)
            decided.correct_role = "office"
            self._give_reason(decided.action_uphold(), "Orders were left out")
        self.assertEqual((self.offices.state, self.superiors.state), ("draft", "submitted"))
        former = self.offices.former_ids
        self.assertEqual((former.total, former.returned_by), (60, self.boss))
        self.assertIn("appeal", former.reason)
