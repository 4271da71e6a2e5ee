"""Places on a rung, given once everyone has been judged (policy language, *Moves*; hotline B10)."""

import json
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import LockError, ValidationError
from odoo.tests import tagged

from ..engine.replay import replay
from ..models import scheduled
from ..models.review import cs_cycle_closing_mixin, cs_cycle_sheets_mixin
from .common import CsPromotionCase


class PlacesCase(CsPromotionCase):
    """One place for each five agents of a department, filled by the newest score."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.agent | cls.peer
        for number in range(3):
            cls.team |= cls._make_agent(f"Agent {number}")
        cls._limit(cls.policy)

    @classmethod
    def _limit(cls, policy, **values):
        policy.rule_ids.unlink()
        policy.rule_ids.create(
            {
                "policy_id": policy.id,
                "code": "up",
                "name": "Good months",
                "tier_id": cls.tiers["junior"].id,
                "outcome": "promote",
                "condition_ids": [Command.create({"metric": "month_score", "value": 80})],
            }
        )
        rung = policy._get_rungs()[cls.tiers["intermediate"]]
        usual = {"places": "percent", "places_value": 20}
        order = [Command.create({"metric": "month_score"})]
        rung.write(usual | {"order_ids": order} | values)

    @classmethod
    def _month(cls, month, *scores):
        return cls._play(month, dict(zip(cls.team, scores, strict=True)))

    def _moved(self, **values):
        domain = [("employee_id", "in", self.team.ids), ("outcome", "=", "promote")]
        domain += [("state", "in", ("proposed", "announced", "applied"))]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["cs.decision"].search(domain).employee_id


@tagged("post_install", "-at_install", "cs_promotion")
class TestPlaces(PlacesCase):
    def test_the_first_in_order_and_the_others_with_the_next_month(self):
        cycle = self._month("2025-01", 82, 95, 90, 70, 60)
        self.assertEqual(self._moved(), self.peer)
        self.assertEqual(
            cycle.appraisal_ids.filtered("eligible").employee_id, self.team[:3], "who needs a place"
        )
        waiting = self.env["cs.cycle.page"]._get_waiting(cycle)["rows"]
        self.assertEqual([each["name"] for each in waiting], ["Agent", "Agent 0"])
        self.assertIn("found no free place", cycle.with_user(self.user_office).summary_html)
        decision = self._decisions(self.peer)
        self.assertTrue(decision._follows_from_evidence())
        said = self.env["cs.evidence"]._get_lines(decision)[-1]
        self.assertEqual(
            said,
            "Free place 1 of 1 (places in the department: 1, taken: 0); "
            "eligible: 3. Compared: Monthly score, the highest first: 95; time in the tier.",
        )
        self.assertIn("Free place 1 of 1", decision.evidence_html)
        findings = self.env["cs.decision.letter"]._get_values(decision)["findings"]
        self.assertEqual((findings[-1]["required"], findings[-1]["found"]), ("A free place", said))
        self.assertIsNone(
            replay(decision.evidence | {"place": {**decision.evidence["place"], "held": 1}})
        )
        self._apply("2025-02-10")
        self._month("2025-02", 82, 50, 95, 70, 60)
        self.assertEqual(self._moved(), self.peer, "the one place is taken")
        # four more come: two places
        for number in range(5):
            self._make_agent(f"New {number}", hired="2025-03-01")
        self._month("2025-03", 95, 50, 90, 70, 60)
        self.assertEqual(self._moved(effective_date="2025-04-01"), self.agent)

    def test_who_steps_down_on_the_day_leaves_the_place(self):
        senior = self._make_agent("Senior", tier="intermediate")
        self._violation(senior, "2025-01-10", "moderate")
        self._month("2025-01", 90, 85, 70, 70, 70)
        self.assertEqual(self._decisions(senior).tier_to_id, self.tiers["junior"])
        self.assertEqual(self._moved(), self.agent)

    def test_who_is_announced_to_come_has_taken_it(self):
        self._decide(self.team[4], "intermediate", "2025-02-01")
        self._month("2025-01", 90, 85, 70, 70, 70)
        self.assertEqual(self._moved(ground="up"), self.env["hr.employee"])

    def test_what_a_person_has_but_proposed_takes_none(self):
        self._decide(self.team[4], "intermediate", "2025-02-01", announce=False)
        self._month("2025-01", 90, 85, 70, 70, 70)
        self.assertEqual(self._moved(ground="up"), self.agent)

    def test_proposed_by_the_software_it_is_taken(self):
        self.policy.approval = "manager"
        self._month("2025-01", 90, 85, 70, 70, 70)
        decision = self._decisions(self.agent)
        self.assertEqual(decision.state, "proposed")
        self._month("2025-02", 90, 85, 70, 70, 70)
        self.assertEqual(self._moved(), self.agent)

    # ------------------------------------------------------------------ corrections

    def test_after_a_correction_the_place_goes_to_another(self):
        cycle = self._month("2025-01", 90, 85, 70, 70, 70)
        decision = self._decisions(self.agent)
        self._reopen_as_manager(cycle)
        self.assertTrue(decision.awaits_closing)
        self._regrade_sheets(self._appraisal(self.agent, "2025-01").sheet_ids, 82)
        self._close(cycle)
        self.assertEqual(decision.state, "withdrawn")
        self.assertEqual(self._moved(), self.peer)

    def test_after_a_correction_whoever_is_first_again_keeps_the_decision(self):
        cycle = self._month("2025-01", 90, 85, 70, 70, 70)
        decision = self._decisions(self.agent)
        self._apply("2025-02-10")
        self.assertEqual(decision.state, "applied")
        self._reopen_as_manager(cycle)
        self._regrade_sheets(self._appraisal(self.peer, "2025-01").sheet_ids, 88)
        self._close(cycle)
        self.assertEqual((decision.state, decision.awaits_closing), ("applied", False))
        self.assertEqual(self._decisions(self.agent) | self._decisions(self.peer), decision)
        self._reopen_as_manager(cycle)
        self._regrade_sheets(self._appraisal(self.peer, "2025-01").sheet_ids, 95)
        self._close(cycle)
        self.assertEqual(decision.state, "withdrawn")
        self.assertEqual(self._moved(), self.peer)

    def test_judged_again_one_waits_for_those_before(self):
        """The violation that barred Peer falls: Agent, who took the place, keeps it."""
        violation = self._violation(self.peer, "2025-01-10", "serious")
        self._month("2025-01", 90, 95, 88, 70, 70)
        self.assertEqual(self._moved(), self.agent)
        review = self._decisions(self.peer, outcome="dismissal_review")
        violation._withdraw("Mistaken for somebody else")
        self.assertEqual(review.state, "withdrawn")
        self.assertEqual(self._moved(), self.agent)

    def test_judged_again_one_is_given_what_is_left(self):
        violation = self._violation(self.peer, "2025-01-10", "serious")
        self._month("2025-01", 70, 85, 70, 70, 70)
        self.assertFalse(self._moved())
        violation._withdraw("Mistaken for somebody else")
        self.assertEqual(self._moved(), self.peer)

    def test_judged_again_nobody_is_passed_over(self):
        """A place that was left because one was refused goes to no one who came later."""
        self.policy.approval = "manager"
        violation = self._violation(self.peer, "2025-01-10", "serious")
        self._month("2025-01", 90, 85, 88, 70, 70)
        self._decisions(self.agent)._reject("Not yet.")
        violation._withdraw("Mistaken for somebody else")
        self.assertFalse(self._moved(), "Agent 0 comes before Peer, and waits for the next month")

    # ------------------------------------------------------------------ how it is said

    def test_the_path_tells_how_many_are_free(self):
        self._month("2025-01", 90, 85, 70, 70, 70)
        with freeze_time("2025-02-03"):
            path = self.env["cs.path"].browse(self.peer.id)
            self.assertIn(
                "but no place is free (places in the department: 1, taken: 1)", path.upwards_html
            )

    def test_a_policy_says_its_places(self):
        rung = self.policy._get_rungs()[self.tiers["intermediate"]]
        self.assertEqual(
            rung.places_sentence,
            "at most 20 % of the agents in each department, rounded down (counted: all on rungs "
            "not reached by appointment); free places go by Monthly score, the highest first, "
            "then by time in the tier",
        )
        self.assertIn(rung.places_sentence, self.policy.page_html)
        self.assertTrue(self.policy.has_places)
        copy = self.policy.copy({"date_from": "2026-01-01"})
        ours = copy._get_rungs()[self.tiers["intermediate"]]
        self.assertEqual(ours.places_sentence, rung.places_sentence)
        ours.write({"places": "number", "places_value": 3, "places_within": "company"})
        changes = self.env["cs.policy.changes"]._get_changes(self.policy, copy)
        said = (
            "at most 3 in the company; free places go by Monthly score, the highest first, then by "
            "time in the tier"
        )
        self.assertEqual(
            [(row["part"], row["now"]) for row in changes if row["name"] == "Places"],
            [("Intermediate agent", said)],
        )
        package = self.env["cs.policy.package"]._export(copy)
        again = self.env["cs.policy.package"]._import(
            json.dumps(package),
            self.company_b,
            start="2030-01-01",
        )
        self.assertEqual(again._compile().places, copy._compile().places)

    def test_places_that_could_not_be_given_are_refused(self):
        draft = self._make_policy(self.company, "2030-01-01", activate=False)
        rungs = draft._get_rungs()
        for tier, values, fault in (
            (
                "intermediate",
                {"places": "number", "places_value": 1.5},
                "Intermediate agent: 1.5 is no",
            ),
            ("intermediate", {"places": "percent", "places_value": 101}, "0 to 100"),
            ("reserve", {"places": "number", "places_value": 1}, "by appointment"),
        ):
            with self.assertRaisesRegex(ValidationError, fault), self.env.cr.savepoint():
                rungs[self.tiers[tier]].write(values)


@tagged("post_install", "-at_install", "cs_promotion")
class TestPlacesInBatches(PlacesCase):
    """Each agent is a batch of its own: places are given among all of them all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for module in (scheduled, cs_cycle_sheets_mixin, cs_cycle_closing_mixin):
            cls.enterClassContext(patch.object(module, "BATCH", 1))
        cls.enterClassContext(patch.object(cs_cycle_closing_mixin, "JUDGED_AT_ONCE", 1))
        cls.env["cs.cycle"].search(
            [("company_id", "!=", cls.company.id), ("state", "!=", "closed")]
        ).unlink()

    def _queue(self, *scores):
        """A closing left to the scheduled action."""
        cycle = self._open("2025-01")
        for agent, score in zip(self.team, scores, strict=True):
            self._score(self._appraisal(agent, "2025-01"), score)
        cycle.with_user(self.user_office).action_close()
        self.env.invalidate_all()
        return cycle

    def _run(self, day="2025-02-02"):
        cron = self.env.ref("cs_promotion.ir_cron_close")
        with freeze_time(day, tick=True), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_the_best_of_all_batches(self):
        cycle = self._queue(82, 85, 95, 90, 80)
        self._run()
        self.assertEqual(cycle.state, "closed")
        self.assertEqual(self._moved(), self.team[2])

    def test_killed_between_two_batches_it_goes_on(self):
        cycle = self._queue(82, 85, 95, 90, 80)
        with freeze_time("2025-02-02"):
            cycle._freeze(cycle.date_end.replace(month=2, day=2))
            cycle._judge(cycle._find_unjudged()[:3])
            cycle._finish()
        self.env.invalidate_all()
        self.assertEqual(cycle.state, "closing", "two are not judged yet")
        self.assertFalse(self._moved(), "nobody is given a place before all are judged")
        self._run("2025-02-03")
        self.assertEqual(self._moved(), self.team[2])
        self.assertEqual(str(cycle.decision_ids.announced_on), "2025-02-02")

    def test_two_workers_give_them_once(self):
        cycle = self._queue(82, 85, 95, 90, 80)
        with freeze_time("2025-02-02"):
            cycle._freeze(cycle.date_end.replace(month=2, day=2))
            cycle._judge_all()
            model = self.env.registry["cs.cycle"]
            with (
                patch.object(model, "try_lock_for_update", lambda self, **how: self.browse()),
                self.assertRaises(LockError),
            ):
                cycle._finish()
            self.assertFalse(self._moved())
            cycle._finish()
            cycle._finish()
        self.assertEqual(len(cycle.decision_ids), 1)
