"""The ladder belongs to the policy version (policy 2, W1, L5), and what activation refuses."""

from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CsPromotionCase

POSSIBLE = {"metric": "month_score", "operator": ">=", "value": 50}


class CsLadderCase(CsPromotionCase):
    @classmethod
    def _make_tier(cls, code, sequence, **values):
        tier = cls.env["cs.tier"].create(
            {"name": code.title(), "code": code, "sequence": sequence, **values}
        )
        cls.tiers[code] = tier
        return tier

    @classmethod
    def _pay(cls, policy, code, like="senior", **values):
        """A rung above the one that it is like."""
        line = cls._rung(policy, like)
        return line.copy({"tier_id": cls.tiers[code].id, "sequence": line.sequence + 1, **values})

    @classmethod
    def _rung(cls, policy, code):
        return policy.rung_ids.filtered(lambda each: each.tier_id.code == code)

    @classmethod
    def _draft(cls, day="2025-03-01", **values):
        return cls._make_policy(cls.company, day, activate=False, **values)

    @classmethod
    def _without(cls, policy, *codes):
        """Take tiers out of a draft: their rules, those that lead there, and their pay lines."""
        policy.rule_ids.filtered(
            lambda rule: rule.tier_id.code in codes or rule.code.removeprefix("promote_") in codes
        ).unlink()
        policy.rung_ids.filtered(lambda line: line.tier_id.code in codes).unlink()

    def _run_cron(self, name, day):
        with freeze_time(day, tick=True), self.enter_registry_test_mode():
            self.env.ref(f"cs_promotion.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _refused(self, policy, *words, error=UserError):
        """Each way to put it in force is refused with these words."""
        for activate in (
            policy.action_activate,
            lambda: policy.write({"state": "active"}),
            lambda: policy.copy({"state": "active", "date_from": policy.date_from}),
        ):
            with self.assertRaises(error) as caught, self.env.cr.savepoint():
                activate()
            for word in words:
                self.assertIn(word, str(caught.exception))
            self.env.invalidate_all()
        self.assertEqual(policy.state, "draft")


@tagged("post_install", "-at_install", "cs_promotion")
class TestPolicyLadder(CsLadderCase):
    # ------------------------------------------------------------------ each version has its own

    def test_W1_a_new_rung_belongs_to_the_version_that_pays_it(self):
        self._make_tier("expert", 35)
        draft = self._draft()
        self._pay(draft, "expert", base_wage=2200)
        draft.action_activate()
        old = ("probation", "junior", "intermediate", "senior", "reserve")
        self.assertEqual(self.policy._get_ladder().steps, old)
        self.assertEqual(draft._get_ladder().steps, (*old[:4], "expert", "reserve"))
        self.assertEqual(draft._get_pay_lines()["reserve"].base_wage, 2200)
        self.assertEqual(self.policy._get_pay_lines()["reserve"].base_wage, 2000)

    def test_W1_wages_are_revised_with_a_rung_in_one_version_only(self):
        self._make_tier("expert", 35)
        draft = self._draft()
        self._pay(draft, "expert")
        self._without(draft, "probation")
        draft.rung_ids.filtered(lambda each: each.tier_id.code == "junior").base_wage = 1750
        draft.action_activate()
        self._run_cron("revise", "2025-03-02")
        self.assertTrue(draft.wages_revised)
        self.assertEqual(self.agent._get_version(date(2025, 3, 1)).wage, 1750)
        draft.action_draft()
        self.assertEqual(self.agent._get_version(date(2025, 3, 1)).wage, 1700)

    def test_L5_an_archived_tier_keeps_the_rule_from_the_top(self):
        """Nobody is a senior, the tier is archived: the rule leads there all the same."""
        agent = self._make_agent("Close", tier="intermediate", hired="2024-06-01")
        self._award(agent, "2024-12")
        self.tiers["senior"].active = False
        self.assertIn("senior", self.policy._get_ladder().steps)
        self._play_months("2025-01", "2025-06", {agent: 98})
        decision = self._decisions(agent)
        self.assertEqual(decision.tier_to_id.code, "senior")
        self.assertTrue(decision._follows_from_evidence())
        self._as(self.user_manager, self.policy).page_html  # noqa: B018 - it renders

    def test_L5_two_tiers_by_appointment_are_both_protected(self):
        self._make_tier("deputy", 50)
        draft = self._draft()
        self._pay(draft, "deputy", "reserve")
        ladder = draft._get_ladder()
        self.assertEqual(ladder.steps[-2:], ("reserve", "deputy"))
        self.assertEqual(ladder.appointed, {"reserve", "deputy"})
        self.assertNotIn("deputy", self.policy._get_ladder().steps)
        lines = draft._get_pay_lines()
        self.assertEqual(lines["deputy"], lines["senior"])
        for tier in ("senior", "reserve"):
            with (
                self.assertRaisesRegex(ValidationError, "by appointment only"),
                self.env.cr.savepoint(),
            ):
                self._add_rule(draft, tier, "promote")

    def test_L5_a_later_tier_by_appointment_changes_no_version_in_force(self):
        """Put between two that are paid, it is a step of the versions that have it only."""
        before = self.policy._get_ladder()
        self._make_tier("adviser", 25)
        self.assertEqual(self.policy._get_ladder(), before)
        draft = self._draft()
        self._pay(draft, "adviser", "intermediate", appointed=True)
        self._refused(draft, draft.name, "adviser is reached by appointment only")

    def test_W1_a_tier_that_nobody_holds_any_more_is_retired(self):
        """Who held it, held it; the versions that had it keep it."""
        held = self._make_agent("Former", tier="senior", hired="2024-06-01", left="2024-12-31")
        stands = self._make_agent("Present", tier="senior")
        with self.assertRaisesRegex(ValidationError, "Present holds it"), self.env.cr.savepoint():
            self.tiers["senior"].active = False
        stands.version_id.contract_date_end = "2025-06-30"
        self.tiers["senior"].active = False
        self.assertEqual(held._get_version(date(2024, 7, 1)).cs_tier_id, self.tiers["senior"])
        self.assertEqual(self.policy._get_ladder().above("intermediate"), "senior")

    def test_L0_L5_versions_and_companies_differ_in_order_and_marks(self):
        """The order of the rungs is that of the version, whatever that of the tiers in lists."""
        draft = self._draft()
        self._rung(draft, "intermediate").sequence = 15
        self._rung(draft, "senior").appointed = True
        draft.rule_ids.unlink()
        draft.action_activate()
        self.assertEqual(
            draft._get_ladder().steps,
            ("probation", "intermediate", "junior", "senior", "reserve"),
        )
        self.assertEqual(draft._get_ladder().appointed, {"senior", "reserve"})
        self.assertEqual(draft._get_pay_lines()["reserve"].base_wage, 2000)
        for other in (self.policy, self.policy_b):
            self.assertEqual(other._get_ladder().above("junior"), "intermediate")
        below = {rung.tier_id.code: rung.below_id.code for rung in draft.rung_ids}
        self.assertEqual(
            (below["junior"], below["probation"], below["senior"]),
            ("intermediate", False, "junior"),
        )
        up = self._decide(self.agent, "intermediate", "2025-02-01")
        down = self._decide(self.peer, "intermediate", "2025-03-01")
        self.assertEqual((up.outcome, down.outcome), ("promote", "demote"))

    def test_P3_a_rule_names_the_rung_it_leads_to(self):
        """From junior to expert, past intermediate and senior; and back from there to junior."""
        self._make_tier("expert", 35)
        draft = self._draft("2025-01-01")
        self._pay(draft, "expert")
        self._add_rule(draft, "junior", "promote", tier_to_id=self.tiers["expert"].id)
        rule = self._add_rule(draft, "expert", "demote", tier_to_id=self.tiers["junior"].id)
        rule.condition_ids.write({"operator": "<"})
        self.assertEqual(
            rule.sentence, "Monthly score < 50, in the latest review\nleads to Junior agent"
        )
        draft.action_activate()
        self._play("2025-01", {self.agent: 60})
        self._apply("2025-02-10")
        up = self._decisions(self.agent)
        self.assertEqual(up.tier_to_id.code, "expert")
        self.assertEqual(up.evidence["target"], "expert")
        self._play("2025-02", {self.agent: 40})
        down = self._decisions(self.agent) - up
        self.assertEqual((down.tier_from_id.code, down.tier_to_id.code), ("expert", "junior"))
        for decision in up | down:
            self.assertTrue(decision._follows_from_evidence())
        page = self._as(self.user_manager, draft).page_html
        self.assertIn("Expert", page)

    def _add_rule(self, policy, tier, outcome, tier_to_id=False, **condition):
        return self.env["cs.policy.rule"].create(
            {
                "policy_id": policy.id,
                "code": f"{outcome}_{tier}_too",
                "name": "Another",
                "tier_id": self.tiers[tier].id,
                "outcome": outcome,
                "tier_to_id": tier_to_id,
                "condition_ids": [Command.create(POSSIBLE | condition)],
            }
        )

    # ------------------------------------------------------------------ who stands on it is paid

    def test_activation_names_who_stands_on_a_tier_without_pay(self):
        agent = self._make_agent("Lonely", tier="senior")
        draft = self._draft()
        self._without(draft, "senior")
        self._refused(draft, draft.name, "Senior agent", agent.name, "2025-03-01")
        gone = self._draft("2025-05-01")
        self._without(gone, "senior")
        agent.version_id.contract_date_end = "2025-04-30"
        gone.action_activate()
        self.assertEqual(gone.state, "active")

    def test_activation_names_who_is_to_stand_there_by_a_decision(self):
        self._decide(self.agent, "senior", "2025-04-01")
        draft = self._draft()
        self._without(draft, "senior")
        self._refused(draft, "Senior agent", self.agent.name, "2025-04-01")

    def test_taking_a_version_out_of_force_is_the_same(self):
        self._make_tier("expert", 35)
        draft = self._draft()
        self._pay(draft, "expert")
        draft.action_activate()
        self._make_agent("Expert", tier="expert", hired="2025-03-03")
        for leave in (
            draft.action_draft,
            lambda: draft.write({"active": False}),
            draft.unlink,
            lambda: draft.write({"date_from": "2025-06-01"}),
        ):
            with self.assertRaisesRegex(ValidationError, "Expert.*Expert"), self.env.cr.savepoint():
                leave()
            self.env.invalidate_all()

    def test_a_tier_that_is_not_paid_is_not_given(self):
        """By form, import or decision; the message says which policy, tier and day."""
        expert = self._make_tier("expert", 35)
        words = "no pay line for tier Expert"
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            self._make_agent("New", tier="expert")
        self.env.invalidate_all()
        fresh = self.env["hr.employee"].create(
            {
                "name": "Fresh",
                "company_id": self.company.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
            }
        )
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            fresh.cs_tier_id = expert
        self.env.invalidate_all()
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            self._decide(self.agent, "expert", "2025-03-01")
        self.env.invalidate_all()
        draft = self._draft()
        self._pay(draft, "expert")
        draft.action_activate()
        self._decide(self.agent, "expert", "2025-03-01")
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            self._decide(self.peer, "expert", "2025-02-28")

    def test_a_rule_does_not_move_anybody_to_a_tier_the_next_version_has_not(self):
        """The closing goes on, and says who would have moved."""
        draft = self._draft("2025-04-01")
        self._without(draft, "intermediate", "senior")
        draft.action_activate()
        (cycle,) = self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 80})[-1:]
        self.assertFalse(self._decisions(self.agent))
        self.assertEqual(cycle.state, "closed")
        notes = " ".join(cycle.message_ids.mapped("body"))
        for word in (self.agent.name, "Intermediate agent", "2025-04-01", draft.name):
            self.assertIn(word, notes)

    def test_one_who_stands_off_the_ladder_stops_nothing(self):
        """As it may be in a database of the former release: no decision, and all goes on."""
        expert = self._make_tier("expert", 35)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_version SET cs_tier_id = %s WHERE employee_id = %s",
            [expert.id, self.agent.id],
        )
        self.env.invalidate_all()
        self._figure(self.agent, "2025-03", 100, 10, 5)
        self._violation(self.agent, "2025-03-03", "moderate", fine=0)
        self._play_months("2025-01", "2025-03", {self.agent: 98, self.peer: 50})
        self.assertFalse(self._decisions(self.agent))
        self.assertTrue(self._decisions(self.peer))
        kinds = self.env["cs.violation"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual(sorted(kinds.mapped("fine")), [0, 0])
        path = self.env["cs.path"].search([("employee_id", "=", self.agent.id)])
        shown = self._as(self.user_agent, path)
        self.assertIn("Expert", shown.ladder_html)
        self.assertIn("no pay line for this tier", shown.upwards_html)
        dashboard = self.env["cs.dashboard"].browse(self.company.id)
        self.assertIn("Expert", self._as(self.user_manager, dashboard).ladder_html)
        self.env["cs.verdict"]._confirm_probations(self.agent, date(2025, 4, 1))

    # ------------------------------------------------------------------ what activation refuses

    def test_S2_a_form_that_gives_more_or_less_than_100(self):
        draft = self._draft()
        scorecard = draft.scorecard_id = draft.scorecard_id.copy()
        grades = scorecard.section_ids.grade_ids.filtered(lambda each: each.points == 5)
        for points, total in ((6, "120"), (4, "80"), (2.5, "60")):
            # each section keeps a grade of 3 points
            grades.points = points
            self._refused(draft, draft.name, scorecard.name, f"at most {total} points")
        draft.score_method = "weighted"  # parts of the maximum: any points will do
        draft.action_activate()
        with self.assertRaisesRegex(ValidationError, "at most 60 points"), self.env.cr.savepoint():
            draft.score_method = "sum"

    def test_S2_a_form_in_force_is_not_changed_into_one_that_is_none(self):
        draft = self._draft()
        scorecard = draft.scorecard_id = draft.scorecard_id.copy()
        draft.action_activate()
        section = scorecard.section_ids[0]
        best = section.grade_ids.filtered(lambda each: each.points == 5)
        for change in (
            lambda: best.write({"points": 6}),
            section.item_ids[0].unlink,
            lambda: section.item_ids[0].copy({"number": 21}),
            section.unlink,
            lambda: scorecard.write({"section_ids": [Command.delete(section.id)]}),
        ):
            with (
                self.assertRaisesRegex(ValidationError, "at most (104|95|105|80) points"),
                self.env.cr.savepoint(),
            ):
                change()
            self.env.invalidate_all()
        # one item for another, at once
        item = {"number": 21, "name": "New"}
        commands = [Command.delete(section.item_ids[0].id), Command.create(item)]
        scorecard.write({"section_ids": [Command.update(section.id, {"item_ids": commands})]})
        self.assertEqual(scorecard.points_max, 100)

    def test_11_a_count_has_no_times(self):
        rule = self._draft().rule_ids.filtered(lambda each: each.code == "promote_senior")
        for how in ({"times": 2}, {"consecutive": True}):
            with (
                self.assertRaisesRegex(ValidationError, "promote_senior.*awards.*no times"),
                self.env.cr.savepoint(),
            ):
                rule.condition_ids = [
                    Command.create({"metric": "awards", "operator": ">=", "value": 1, **how})
                ]
        rule.condition_ids[0].write({"window": "rolling_months", "months": 6})
        self.assertEqual(
            rule.condition_ids[0].sentence,
            "Excellent agent titles ≥ 1, counted in the last 6 months, in the tier",
        )
        with Form(rule.condition_ids[1]) as form:
            form.window, form.months = "rolling_months", 6
            form.metric = "violations"
        # a window serves counts as well
        self.assertEqual(rule.condition_ids[1].window, "rolling_months")

    def test_days_that_no_calendar_has(self):
        for name, value in (
            ("notice_days", 4000000),
            ("scoring_days", 4000000),
            ("probation_months", 100000),
        ):
            draft = self._draft(**{name: value})
            self._refused(draft, draft.name, str(value), "can be carried out")
        with self.assertRaisesRegex(ValidationError, "cannot start"), self.env.cr.savepoint():
            self._draft("0001-01-01")

    def test_a_policy_without_pay(self):
        draft = self._draft()
        draft.rule_ids.unlink()
        draft.rung_ids.unlink()
        self._refused(draft, draft.name, "pays no tier")

    def test_put_in_force_by_a_write_open_months_are_judged_by_it(self):
        cycle = self._cycle("2025-03")
        self.assertEqual(cycle.policy_id, self.policy)
        self._draft().with_user(self.user_manager).write({"state": "active"})
        self.assertNotEqual(cycle.policy_id, self.policy)
        newer = self.policy.copy({"date_from": "2025-02-01", "state": "active"})
        self.assertEqual(self._cycle("2025-02").policy_id, newer)

    # ------------------------------------------------------------------ X4

    def test_X4_a_probationer_under_review_is_confirmed_once_it_has_ended(self):
        agent = self._make_agent("New", tier="probation", hired="2025-01-01")
        self._violation(agent, "2025-01-05", "serious", fine=0)
        self._play("2025-01", {})
        review = self._decisions(agent, outcome="dismissal_review")
        self.assertEqual(review.state, "announced")
        self._probation_test(agent, "2025-02-03")
        self._run_cron("confirm", "2025-02-10")
        self.assertEqual(self._decisions(agent), review)
        with freeze_time("2025-02-10"):
            path = self.env["cs.path"].search([("employee_id", "=", agent.id)])
            self.assertIn("dismissal review is open", path.upwards_html)
            action = review.with_user(self.user_manager).action_reject()
            self._give_reason(action, "Kept")
        self._run_cron("confirm", "2025-02-11")
        confirmed = self._decisions(agent, ground="confirm_junior")
        self.assertEqual(str(confirmed.effective_date), "2025-02-03")
        self.assertTrue(confirmed._follows_from_evidence())

    def test_L0_the_lowest_tier_is_the_policys(self):
        """A version that begins with juniors confirms juniors; another company's is its own."""
        draft = self._draft()
        self._without(draft, "probation")
        self._rung(draft, "junior").on_probation = True
        draft.action_activate()
        with freeze_time("2025-03-10"):
            lowest = self.env["cs.policy"]._get_probation_tiers()
        self.assertIn(self.company, lowest[self.tiers["junior"]])
        self.assertIn(self.company_b, lowest[self.tiers["probation"]])
        self._probation_test(self.agent, "2025-03-04")
        self._run_cron("confirm", "2025-03-10")
        self.assertEqual(self._decisions(self.agent).tier_to_id.code, "intermediate")
