from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import scheduled
from ..models.review import cs_cycle_closing_mixin, cs_cycle_sheets_mixin
from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestBatches(CsPromotionCase):
    """Many agents: the buttons start the scheduled actions, which work in batches that commit.

    As many as a request does by itself is one agent here, so two are many.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for module in (scheduled, cs_cycle_sheets_mixin, cs_cycle_closing_mixin):
            cls.enterClassContext(patch.object(module, "BATCH", 1))
        cls.enterClassContext(patch.object(cs_cycle_closing_mixin, "JUDGED_AT_ONCE", 1))
        cls.env["cs.cycle"].search(
            [("company_id", "!=", cls.company.id), ("state", "!=", "closed")]
        ).unlink()

    def _run(self, name, day):
        cron = self.env.ref(f"cs_promotion.ir_cron_{name}")
        with freeze_time(day, tick=True), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _is_triggered(self, name):
        cron = self.env.ref(f"cs_promotion.ir_cron_{name}")
        return bool(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))

    def _open_by_button(self):
        cycle = self._cycle("2025-02")
        cycle.with_user(self.user_office).action_open()
        self.env.invalidate_all()
        return cycle

    def _close_by_button(self):
        cycle = self._open("2025-02")
        self._score(cycle.appraisal_ids, 80)
        cycle.with_user(self.user_office).action_close()
        self.env.invalidate_all()
        return cycle

    # ------------------------------------------------------------------ opening

    def test_open_button_leaves_the_sheets_to_the_scheduled_action(self):
        cycle = self._open_by_button()
        self.assertEqual(len(cycle.appraisal_ids), 2)
        self.assertFalse(cycle.appraisal_ids.sheet_ids)
        self.assertTrue(self._is_triggered("open"))
        self.assertEqual((cycle.work, cycle.work_done, cycle.work_total), ("opening", 0, 2))
        self._run("open", "2025-02-10")
        self.assertEqual(len(cycle.appraisal_ids.sheet_ids), 4)
        self.assertEqual(len(cycle.appraisal_ids.sheet_ids.line_ids), 80)
        self.assertEqual((cycle.work, cycle.work_done), (False, 2))

    def test_open_again_fills_in_what_is_missing(self):
        """As after a kill between two batches."""
        cycle = self._open_by_button()
        cycle._insert_sheets(cycle.appraisal_ids[0])
        self.env.invalidate_all()
        self.assertEqual((cycle.work, cycle.work_done, cycle.work_total), ("opening", 1, 2))
        before = cycle.appraisal_ids.sheet_ids
        self._run("open", "2025-02-10")
        self.assertEqual(len(cycle.appraisal_ids.sheet_ids), 4)
        self.assertLess(before, cycle.appraisal_ids.sheet_ids)

    # ------------------------------------------------------------------ closing

    def test_close_button_leaves_it_to_the_scheduled_action(self):
        self._violation(self.agent, "2025-02-10", "moderate")
        cycle = self._close_by_button()
        self.assertEqual((cycle.state, cycle.closed_on), ("closing", False))
        self.assertTrue(self._is_triggered("close"))
        self.assertEqual((cycle.work, cycle.work_done, cycle.work_total), ("closing", 0, 2))
        self.assertFalse(cycle.decision_ids)
        self._run("close", "2025-03-02")
        self.assertEqual((cycle.state, str(cycle.closed_on)), ("closed", "2025-03-02"))
        self.assertEqual(cycle.decision_ids.employee_id, self.agent)
        self.assertEqual((cycle.work, cycle.work_done), (False, 2))

    def test_close_button_refuses_at_once_what_is_incomplete(self):
        cycle = self._open("2025-02")
        with self.assertRaisesRegex(UserError, "0 of 20 items"):
            cycle.with_user(self.user_office).action_close()
        self.assertEqual(cycle.state, "open")

    def test_a_closing_cycle_takes_no_sheets_and_no_second_closing(self):
        cycle = self._close_by_button()
        sheet = cycle.appraisal_ids.sheet_ids[:1]
        with self.assertRaisesRegex(UserError, "February 2025"):
            sheet.with_user(self.user_office).action_reset()
        with self.assertRaisesRegex(UserError, "February 2025"):
            cycle.with_user(self.user_office).action_close()

    def test_what_became_incomplete_opens_again_and_says_so(self):
        """An agent joined between the button and the scheduled action."""
        cycle = self._close_by_button()
        self._make_agent("Late", hired="2025-02-20")
        self._run("close", "2025-03-02")
        self.assertEqual((cycle.state, cycle.closed_on), ("open", False))
        self.assertIn("Late", cycle.message_ids[:1].body)

    def test_goes_on_on_the_day_it_began(self):
        """As after a kill between two batches, past midnight."""
        for agent in (self.agent, self.peer):
            self._violation(agent, "2025-02-10", "moderate")
        cycle = self._close_by_button()
        with freeze_time("2025-03-02"):
            cycle._freeze(cycle.date_end.replace(month=3, day=2))
            cycle._judge(cycle._find_unjudged()[:1])
        self.env.invalidate_all()
        self.assertEqual((cycle.state, cycle.work_done, cycle.work_total), ("closing", 1, 2))
        self.assertEqual(len(cycle.decision_ids), 1)
        self._run("close", "2025-03-03")
        self.assertEqual(cycle.state, "closed")
        self.assertEqual({str(each.announced_on) for each in cycle.decision_ids}, {"2025-03-02"})
        self.assertEqual(cycle.decision_ids.employee_id, self.agent | self.peer)

    def test_judged_again_nothing_is_decided_twice(self):
        self._violation(self.agent, "2025-02-10", "moderate")
        cycle = self._close_by_button()
        cycle._freeze(cycle.date_end.replace(month=3, day=2))
        for _again in range(2):
            cycle._judge(cycle.appraisal_ids)
        self.assertEqual(len(cycle.decision_ids), 1)

    def test_one_who_cannot_be_judged_does_not_stop_the_rest(self):
        for agent in (self.agent, self.peer):
            self._violation(agent, "2025-02-10", "moderate")
        cycle = self._close_by_button()
        model = self.env.registry["cs.facts"]
        load = model._load_for

        def fail(facts, concerns, policy, timelines, closing, company):
            if self.peer.id in timelines:
                raise ValueError("a broken record")
            return load(facts, concerns, policy, timelines, closing, company)

        with (
            patch.object(model, "_load_for", fail),
            mute_logger("odoo.addons.cs_promotion"),
        ):
            self._run("close", "2025-03-02")
            self._run("close", "2025-03-03")
        self.assertEqual((cycle.state, cycle.work_done), ("closing", 1))
        self.assertEqual(cycle.decision_ids.employee_id, self.agent)
        told = cycle.message_ids.filtered(lambda each: "a broken record" in (each.body or ""))
        self.assertEqual(len(told), 1)
        self.assertIn("Peer", told.body)
        self._run("close", "2025-03-04")
        self.assertEqual(cycle.state, "closed")

    def test_reopened_while_it_is_closing(self):
        self._violation(self.agent, "2025-02-10", "moderate")
        cycle = self._close_by_button()
        cycle._freeze(cycle.date_end.replace(month=3, day=2))
        cycle._judge(cycle.appraisal_ids)
        self._reopen_as_manager(cycle)
        self.assertEqual((cycle.state, cycle.closed_on), ("open", False))
        self.assertEqual(cycle.decision_ids.state, "announced")
        self.assertTrue(cycle.decision_ids.awaits_closing)
        cycle._judge(cycle.appraisal_ids)
        self.assertEqual(len(cycle.decision_ids), 1, "an open cycle is not judged")
        self._run("close", "2025-03-05")
        self.assertEqual(cycle.state, "closed")
        self.assertEqual(cycle.decision_ids.mapped("state"), ["announced"])
        self.assertFalse(cycle.decision_ids.awaits_closing)

    def test_the_next_month_waits(self):
        cycle = self._close_by_button()
        later = self._open("2025-03")
        self._score(later.appraisal_ids, 80)
        with self.assertRaisesRegex(UserError, "Close February 2025 before March 2025"):
            later.with_user(self.user_office).action_close()
        self._run("close", "2025-04-01")
        self.assertEqual((cycle | later).mapped("state"), ["closed", "closed"])
