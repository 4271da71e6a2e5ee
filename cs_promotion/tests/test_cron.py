from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import scheduled
from .common import CsPromotionCase

BROKEN = "The record of this agent is broken"


@tagged("post_install", "-at_install", "cs_promotion")
class TestCron(CsPromotionCase):
    """The scheduled actions, run as Odoo runs them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # only the companies of these tests: whatever else the database holds stays out
        cls.env["cs.policy"].search(
            [("company_id", "not in", (cls.company | cls.company_b).ids)]
        ).active = False
        cls.env["cs.cycle"].search(
            [("company_id", "not in", (cls.company | cls.company_b).ids), ("state", "=", "open")]
        ).unlink()

    def _run(self, name, day):
        """Run a scheduled action on a day; returns its last progress (done, remaining)."""
        cron = self.env.ref(f"cs_promotion.ir_cron_{name}")
        with freeze_time(day, tick=True), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        progress = self.env["ir.cron.progress"].search(
            [("cron_id", "=", cron.id)], order="id desc", limit=1
        )
        return progress.done, progress.remaining

    def _cycles(self, company=None, **values):
        domain = [("company_id", "=", (company or self.company).id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["cs.cycle"].search(domain, order="date_end, kind")

    def test_scheduled_daily_and_active(self):
        for name in ("open", "close", "confirm", "apply", "revise"):
            cron = self.env.ref(f"cs_promotion.ir_cron_{name}")
            self.assertTrue(cron.active)
            self.assertEqual((cron.interval_number, cron.interval_type), (1, "days"))
            self.assertEqual(cron.user_id, self.env.ref("base.user_root"))

    # ------------------------------------------------------------------ opening

    def test_open_in_every_company(self):
        self.assertEqual(self._run("open", "2025-03-01"), (2, 0))
        for company in (self.company, self.company_b):
            cycles = self._cycles(company)
            self.assertEqual(cycles.mapped("name"), ["March 2025", "Q1 2025"])
            self.assertEqual(len(cycles[0].appraisal_ids), 2)
            self.assertEqual(cycles.appraisal_ids.company_id, company)

    def test_open_again_is_harmless_and_adds_joiners(self):
        self._run("open", "2025-02-01")
        self._fill_in(self._sheet(self.agent, "2025-02", "office"), 80)
        joiner = self._make_agent("Joiner", hired="2025-02-10")
        self._run("open", "2025-02-10")
        self._run("open", "2025-02-11")
        cycle = self._cycles()
        self.assertEqual(cycle.mapped("name"), ["February 2025"])
        self.assertEqual(len(cycle.appraisal_ids), 3)
        self.assertEqual(len(self._appraisal(joiner, "2025-02").sheet_ids), 2)
        self.assertEqual(self._sheet(self.agent, "2025-02", "office").total, 80)

    def test_open_after_a_long_rest(self):
        self._play("2025-01", {})
        self._run("open", "2025-03-20")
        self.assertEqual(
            self._cycles(state="open").mapped("name"), ["February 2025", "March 2025", "Q1 2025"]
        )

    def test_open_one_bad_company_does_not_stop_the_rest(self):
        cycles = self.env.registry["cs.cycle"]
        original = cycles._open_due

        def fail(records, company, today):
            if company == self.company:
                raise UserError(records.env._("Something is wrong here"))
            return original(records, company, today)

        with patch.object(cycles, "_open_due", fail):
            self._run("open", "2025-02-01")
        self.assertFalse(self._cycles())
        self.assertEqual(self._cycles(self.company_b).mapped("name"), ["February 2025"])

    # ------------------------------------------------------------------ closing

    def test_a_cycle_that_another_worker_just_made_is_left_for_the_next_try(self):
        """In an older snapshot the search does not see it, and the database refuses a second."""
        Cycle = self.env["cs.cycle"]
        cycle = self._cycle("2025-04", "quarter")
        with (
            patch.object(type(Cycle), "search", lambda self, *args, **kwargs: self.browse()),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ConcurrencyError, "quarter 2025-04-01"),
        ):
            self._cycle("2025-04", "quarter")
        self.assertEqual(self._cycle("2025-04", "quarter"), cycle)

    def test_close_what_another_worker_changes_waits_for_the_next_run(self):
        """Nobody is told: nothing is wrong with the cycle."""
        cycle = self._open("2025-02")
        self._score(cycle.appraisal_ids, 80)
        messages = cycle.message_ids
        error = ConcurrencyError("made by another worker")
        with patch.object(type(cycle), "_freeze", side_effect=error):
            self._run("close", "2025-03-01")
        self.assertEqual((cycle.state, cycle.message_ids), ("open", messages))
        self._run("close", "2025-03-01")
        self.assertEqual(cycle.state, "closed")

    def test_close_what_is_complete_on_its_day(self):
        cycle = self._open("2025-02")
        self._score(cycle.appraisal_ids, 80)
        self._run("close", "2025-02-28")
        self.assertEqual(cycle.state, "open")
        done, remaining = self._run("close", "2025-03-01")
        self.assertEqual(remaining, 0)
        self.assertGreater(done, len(cycle.appraisal_ids), "agents count, and the cycle")
        self.assertEqual(cycle.state, "closed")
        self.assertEqual(self._appraisal(self.agent, "2025-02").score, 80)
        self.assertEqual(self._run("close", "2025-03-01"), (0, 0))

    def test_close_announces_on_the_day_it_runs(self):
        self._violation(self.agent, "2025-02-10", "moderate")
        self._score(self._open("2025-02").appraisal_ids, 80)
        self._run("close", "2025-03-05")
        decision = self._decisions(self.agent)
        self.assertEqual(
            (decision.effective_date, decision.announced_on, decision.notice_until),
            (date(2025, 3, 1), date(2025, 3, 5), date(2025, 3, 8)),
        )

    def test_close_one_incomplete_cycle_does_not_stop_the_rest(self):
        waiting = self._open("2025-02")
        other = self._open("2025-02", company=self.company_b)
        self._score(other.appraisal_ids, 80)
        self._run("close", "2025-03-01")
        self.assertEqual((waiting.state, other.state), ("open", "closed"))
        self.assertIn("Peer: Office, 0 of 20 items", waiting.message_ids[:1].body)

    def test_close_tells_the_office_once_what_is_missing(self):
        cycle = self._open("2025-02")
        for day in ("2025-03-01", "2025-03-02", "2025-03-03"):
            self._run("close", day)
        told = cycle.message_ids.filtered(lambda each: "is not complete" in (each.body or ""))
        self.assertEqual(len(told), 1)
        self._fill_in(self._sheet(self.peer, "2025-02", "office"), 80)
        self._run("close", "2025-03-04")
        told = cycle.message_ids.filtered(lambda each: "is not complete" in (each.body or ""))
        self.assertEqual(len(told), 2, "something else is missing now")

    def test_close_months_in_their_order(self):
        cycles = self._open("2025-01") | self._open("2025-02") | self._open("2025-03")
        self._score(cycles.appraisal_ids, 95)
        self._run("close", "2025-04-01")
        self.assertEqual(cycles.mapped("state"), ["closed"] * 3)
        self.assertEqual(self._decisions(self.agent).ground, "promote_intermediate")

    # ------------------------------------------------------------------ confirming

    def test_confirm_and_apply(self):
        novices = [
            self._make_agent(f"Novice {index}", tier="probation", hired="2025-01-10")
            for index in range(3)
        ]
        for novice in novices[:2]:
            self._probation_test(novice, "2025-01-20")
        self._run("confirm", "2025-01-19")
        self.assertFalse(self._decisions(novices[0]))
        for _again in range(2):
            self._run("confirm", "2025-01-21")
        for novice in novices[:2]:
            self.assertEqual(self._decisions(novice).effective_date, date(2025, 2, 10))
        self.assertFalse(self._decisions(novices[2]))
        self._run("apply", "2025-02-09")
        self.assertEqual(self._decisions(novices[0]).state, "announced")
        self._run("apply", "2025-02-10")
        self.assertEqual(self._tier_on(novices[0], "2025-02-10"), "junior")

    def test_confirm_in_every_company(self):
        novice = self._make_agent(
            "Novice", tier="probation", department=self.hotline_b, parent=self.superior_b
        )
        self._probation_test(novice, "2025-01-20")
        self._run("confirm", "2025-01-21")
        self.assertEqual(self._decisions(novice).policy_id, self.policy_b)
        self.assertEqual(self._decisions(novice).company_id, self.company_b)

    # ------------------------------------------------------------------ applying

    def _decide_many(self, number):
        agents = [self._make_agent(f"Agent {index}") for index in range(number)]
        return [self._decide(agent, "senior", "2025-03-01") for agent in agents]

    def _fail_for(self, bad, error):
        """Let the decision ``bad`` fail with ``error`` when it is applied."""
        model = self.env.registry["cs.tier.move"]
        original = model._carry_out

        def fail(moves, decisions):
            if bad in decisions:
                raise error
            return original(moves, decisions)

        return patch.object(model, "_carry_out", fail)

    def test_apply_in_batches_with_progress(self):
        decisions = self._decide_many(5)
        with patch.object(scheduled, "BATCH", 2):
            self.assertEqual(self._run("apply", "2025-03-04"), (5, 0))
        self.assertEqual({each.state for each in decisions}, {"applied"})
        self.assertEqual({each.applied_on for each in decisions}, {date(2025, 3, 4)})

    def test_apply_again_changes_nothing(self):
        decisions = self._decide_many(2)
        self._run("apply", "2025-03-04")
        versions = [each.employee_id.version_ids.ids for each in decisions]
        self.assertEqual(self._run("apply", "2025-03-05"), (0, 0))
        self.assertEqual([each.employee_id.version_ids.ids for each in decisions], versions)
        self.assertEqual({each.applied_on for each in decisions}, {date(2025, 3, 4)})

    def test_apply_only_what_is_due(self):
        due = self._decide(self.agent, "senior", "2025-03-01")
        early = self._decide(self.peer, "senior", "2025-03-20")
        self._run("apply", "2025-03-10")
        self.assertEqual((due.state, early.state), ("applied", "announced"))

    def test_apply_one_bad_record_does_not_stop_the_rest(self):
        decisions = self._decide_many(4)
        bad = decisions[1]
        with self._fail_for(bad, UserError(BROKEN)):
            self._run("apply", "2025-03-04")
        self.assertEqual(
            [each.state for each in decisions], ["applied", "announced", "applied", "applied"]
        )
        self.assertIn(BROKEN, bad.message_ids[:1].body)
        self._run("apply", "2025-03-05")
        self.assertEqual(bad.state, "applied")

    def test_apply_an_unforeseen_error_does_not_stop_the_rest(self):
        decisions = self._decide_many(3)
        with (
            self._fail_for(decisions[0], ValueError("no such thing")),  # in some other addon
            self.assertLogs("odoo.addons.cs_promotion.models.scheduled", "ERROR") as logs,
        ):
            self._run("apply", "2025-03-04")
        self.assertIn("no such thing", "".join(logs.output))
        self.assertEqual([each.state for each in decisions], ["announced", "applied", "applied"])

    def test_apply_what_cannot_even_be_told_does_not_stop_the_rest(self):
        decisions = self._decide_many(3)
        refusing = patch.object(
            self.env.registry["cs.decision"],
            "message_post",
            side_effect=ValueError("no mail today"),
        )
        with (
            self._fail_for(decisions[0], UserError(BROKEN)),
            refusing,
            self.assertLogs("odoo.addons.cs_promotion.models.scheduled", "ERROR") as logs,
        ):
            self._run("apply", "2025-03-04")
        self.assertIn(BROKEN, "".join(logs.output))
        self.assertIn("no mail today", "".join(logs.output))
        self.assertEqual([each.state for each in decisions], ["announced", "applied", "applied"])

    def test_apply_bad_record_is_told_once(self):
        decision = self._decide(self.agent, "senior", "2025-03-01")
        with self._fail_for(decision, UserError(BROKEN)):
            for day in ("2025-03-04", "2025-03-05", "2025-03-06"):
                self._run("apply", day)
        told = decision.message_ids.filtered(lambda each: BROKEN in (each.body or ""))
        self.assertEqual(len(told), 1)

    # ------------------------------------------------------------------ a year by itself

    def test_half_a_year_by_scheduled_actions_alone(self):
        """People grade and record; everything else happens by itself."""
        novice = self._make_agent("Novice", tier="probation", hired="2025-01-10")
        for month in range(1, 8):
            self._run("open", f"2025-{month:02}-01")
            self._run("close", f"2025-{month:02}-01")
            self._run("confirm", f"2025-{month:02}-02")
            self._run("apply", f"2025-{month:02}-10")
            if month == 1:
                self._probation_test(novice, "2025-01-30")
            cycle = self._cycle(f"2025-{month:02}")
            for appraisal in cycle.appraisal_ids:
                self._score(appraisal, 96 if appraisal.employee_id == novice else 70)
        history = [
            (each.kind, str(each.effective_date), each.state) for each in self._decisions(novice)
        ]
        self.assertEqual(
            history,
            [
                ("confirmation", "2025-02-10", "applied"),
                ("promotion", "2025-07-01", "applied"),
            ],
        )
        self.assertEqual(self._tier_on(novice, "2025-07-01"), "intermediate")
