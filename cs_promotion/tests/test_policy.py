import re
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestPolicy(CsPromotionCase):
    """Policy versions: shipped data, activation, succession, revised wages (W1, O5, policy 11)."""

    def _draft(self, day="2025-03-01", **wages):
        """A draft from that day on with these base wages by tier code."""
        policy = self._make_policy(self.company, day, activate=False)
        for code, wage in wages.items():
            policy.rung_ids.filtered(
                lambda line, code=code: line.tier_id.code == code
            ).base_wage = wage
        return policy

    # ------------------------------------------------------------------ what is shipped

    def test_shipped_settings(self):
        policy = self.env.ref("cs_promotion.policy_default")
        self.assertRecordValues(
            policy,
            [
                {
                    "score_method": "sum",
                    "quarter_method": "average",
                    "pass_mark": 60,
                    "top_n": 3,
                    "probation_months": 1,
                    "appraisal_pay_method": "proportional",
                    "fine_cap_percent": 20,
                    "minimum_wage": 0,
                    "complaint_rate_limit": 2,
                    "repeat_violations": 3,
                    "notice_days": 3,
                    "approval": "automatic",
                    "require_attestation": False,
                    "state": "active",
                }
            ],
        )
        self.assertEqual(
            [(rater.code, rater.weight) for rater in policy.rater_ids],
            [("superior", 50), ("office", 50)],
        )
        lines = {
            line.tier_id.code: (
                line.base_wage,
                line.appraisal_pay,
                line.commission_percent,
                line.fine_min,
                line.fine_max,
            )
            for line in policy.rung_ids
        }
        self.assertEqual(
            lines,
            {
                "probation": (1500, 100, 0, 0, 0),
                "junior": (1700, 200, 0.1, 20, 100),
                "intermediate": (1800, 300, 0.3, 50, 200),
                "senior": (2000, 400, 0.5, 80, 300),
                "reserve": (0, 0, 0, 0, 0),
            },
        )
        marks = ("on_probation", "appointed", "paid_as_below")
        self.assertEqual(
            [[line.tier_id.code for line in policy.rung_ids if line[mark]] for mark in marks],
            [["probation"], ["reserve"], ["reserve"]],
        )
        self.assertEqual(policy._get_pay_lines()["reserve"], policy._get_pay_lines()["senior"])

    def test_shipped_rules(self):
        rules = self.env.ref("cs_promotion.policy_default").rule_ids
        self.assertEqual(
            {rule.code: (rule.tier_id.code, rule.outcome, rule.match) for rule in rules},
            {
                "promote_intermediate": ("junior", "promote", "all"),
                "promote_senior": ("intermediate", "promote", "all"),
                "demote_intermediate": ("intermediate", "demote", "any"),
                "demote_senior": ("senior", "demote", "any"),
                "dismiss_failing": ("junior", "dismissal_review", "all"),
            },
        )

    def test_shipped_scorecard(self):
        sections = self.env.ref("cs_promotion.scorecard_cs").section_ids
        self.assertEqual(
            [(s.weight, len(s.item_ids), sorted(s.grade_ids.mapped("points"))) for s in sections],
            [(20, 4, [0, 3, 5]), (40, 7, [0, 3, 5]), (20, 4, [0, 3, 5]), (20, 5, [1, 3, 5])],
        )

    # ------------------------------------------------------------------ versions

    def test_W1_starts_on_the_first_of_a_month(self):
        with (
            self.assertRaisesRegex(ValidationError, "2025-03-02, but a policy starts on the first"),
            self.env.cr.savepoint(),
        ):
            self._draft("2025-03-02")

    def test_W1_two_versions_cannot_start_on_the_same_day(self):
        self._draft().action_activate()
        twin = self._draft()
        with (
            self.assertRaisesRegex(ValidationError, "would start on the same day"),
            self.env.cr.savepoint(),
        ):
            twin.action_activate()
        self.assertEqual(twin.state, "draft")

    def test_W1_a_version_ends_where_the_next_begins(self):
        self.assertFalse(self.policy.date_to)
        draft = self._draft()
        self.assertFalse(self.policy.date_to, "a draft changes nothing")
        draft.action_activate()
        self.policy.invalidate_recordset()
        self.assertEqual(self.policy.date_to, date(2025, 2, 28))
        self.assertFalse(draft.date_to)
        Policy = self.env["cs.policy"]
        self.assertEqual(Policy._get_in_force(self.company, date(2025, 2, 28)), self.policy)
        self.assertEqual(Policy._get_in_force(self.company, date(2025, 3, 1)), draft)
        self.assertEqual(Policy._get_in_force(self.company_b, date(2025, 3, 1)), self.policy_b)

    def test_W1_used_version_is_fixed(self):
        self._play("2025-01", {})
        self.assertTrue(self.policy.is_used)
        line = self.policy.rung_ids[0]
        rule = self.policy.rule_ids[0]
        attempts = {
            "setting": lambda: self.policy.write({"pass_mark": 50}),
            "date": lambda: self.policy.write({"date_from": "2024-02-01"}),
            "draft": self.policy.action_draft,
            "archive": lambda: self.policy.write({"active": False}),
            "pay": lambda: line.write({"base_wage": 1}),
            "pay by the policy": lambda: self.policy.write(
                {"rung_ids": [Command.update(line.id, {"base_wage": 1})]}
            ),
            "rule": lambda: rule.write({"outcome": "demote"}),
            "consequence": lambda: self.policy.consequence_ids[0].write({"fined": False}),
            "consequence deleted": self.policy.consequence_ids[0].unlink,
            "rule deleted": rule.unlink,
            "rule added": lambda: rule.copy({"code": "another"}),
            "condition": lambda: rule.condition_ids[0].write({"times": 9}),
            "deleted": self.policy.unlink,
        }
        for name, attempt in attempts.items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "has judged a closed period"),
                self.env.cr.savepoint(),
            ):
                attempt()

    def test_W1_duplicated_changed_activated(self):
        """The copy carries everything over and may differ; the original stays."""
        self._play("2025-01", {})
        copy = self.policy.copy({"date_from": "2025-03-01"})
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.name, f"{self.policy.name} (copy)")
        self.assertEqual(copy._compile(), self.policy._compile())
        with Form(copy) as form:
            form.pass_mark = 65
            form.top_n = 2
        compiled = copy._compile()
        rules = {rule.code: rule for rule in compiled.rules}
        self.assertEqual(rules["dismiss_failing"].conditions[0].value, 65)
        self.assertEqual(rules["promote_intermediate"].conditions[0].value, 2)
        self.assertEqual(self.policy._compile().settings.pass_mark, 60)
        copy.action_activate()
        self.assertEqual(self._cycle("2025-03").policy_id, copy)

    def test_O5_cannot_start_in_a_closed_period(self):
        self._play("2025-03", {})
        late = self._draft("2025-03-01")
        with self.assertRaisesRegex(UserError, "cannot start on 2025-03-01.*2025-03-31"):
            late.action_activate()
        self.assertEqual(late.state, "draft")
        self._draft("2025-04-01").action_activate()

    def test_unused_version_may_be_taken_out_again(self):
        draft = self._draft()
        draft.action_activate()
        cycle = self._cycle("2025-03")
        draft.action_draft()
        self.assertEqual(
            self.env["cs.policy"]._get_in_force(self.company, date(2025, 3, 1)), self.policy
        )
        self.assertEqual(cycle.policy_id, self.policy)

    # ------------------------------------------------------------------ what is refused

    def test_pay_line_for_every_tier_in_use(self):
        draft = self._draft()
        draft.rung_ids.filtered(lambda line: line.tier_id.code == "junior").unlink()
        with self.assertRaisesRegex(ValidationError, "no pay line for tier Junior agent"):
            draft.action_activate()
        with self.assertRaisesRegex(UserError, "needs a pay line for tier Junior agent"):
            self.policy.rung_ids.filtered(lambda line: line.tier_id.code == "junior").unlink()

    def test_impossible_rules(self):
        """Refused with policy, rule and fault, whether saved as draft or active."""
        rule = {"name": "Impossible", "code": "impossible", "tier_id": self.tiers["junior"].id}
        condition = {"metric": "month_score", "operator": ">=", "value": 90}
        cases = {
            "score above 100": ({"outcome": "promote"}, {"value": 100.01}),
            "between nothing": (
                {"outcome": "promote"},
                {"operator": "between", "value": 90, "value_max": 90},
            ),
            "no times": ({"outcome": "promote"}, {"times": 0}),
            "too many for the window": (
                {"outcome": "demote"},
                {"times": 4, "window": "first_months", "months": 3},
            ),
            "rank 0": (
                {"outcome": "promote"},
                {"metric": "month_rank", "operator": "<", "value": 1},
            ),
            "to the top by score": (
                {"outcome": "promote", "tier_id": self.tiers["senior"].id},
                {},
            ),
            "above the top": ({"outcome": "promote", "tier_id": self.tiers["reserve"].id}, {}),
            "below the lowest": ({"outcome": "demote", "tier_id": self.tiers["probation"].id}, {}),
            "name of a procedure": ({"outcome": "demote", "code": "confirm_junior"}, {}),
        }
        draft = self._draft()
        for name, (change, condition_change) in cases.items():
            with (
                self.subTest(name),
                self.assertRaises(ValidationError) as caught,
                self.env.cr.savepoint(),
            ):
                values = rule | change
                self.env["cs.policy.rule"].create(
                    values
                    | {
                        "policy_id": draft.id,
                        "condition_ids": [Command.create(condition | condition_change)],
                    }
                )
            self.assertIn(values["code"], str(caught.exception))
        self.assertEqual(len(draft.rule_ids), 5)

    def test_settings_out_of_range(self):
        for values in (
            {"pass_mark": 101},
            {"probation_months": -1},
            {"fine_cap_percent": 101},
            {"complaint_rate_limit": 0},
            {"repeat_violations": 0},
            {"notice_days": -1},
        ):
            ((name, value),) = values.items()
            label = self.policy._fields[name]._description_string(self.env)
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, re.escape(f"{label} is {value}, but has")),
                self.env.cr.savepoint(),
            ):
                self._make_policy(self.company, "2025-03-01", activate=False, **values)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._make_policy(self.company, "2025-03-01", activate=False, top_n=0)

    def test_S3_one_weight_is_positive_and_none_negative(self):
        for values in ({"superior_weight": 0, "office_weight": 0}, {"superior_weight": -1}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "weights cannot be negative"),
                self.env.cr.savepoint(),
            ):
                self._make_policy(self.company, "2025-03-01", activate=False, **values)

    def test_S3_the_last_rater_that_is_asked_stays(self):
        """A weight that moves from one to the other is no moment without a rater."""
        draft = self._draft()
        superior, office = draft.rater_ids
        self._weigh(draft, superior=0)
        for step in (lambda: self._weigh(draft, office=0), office.unlink):
            with (
                self.assertRaisesRegex(ValidationError, "one must be positive"),
                self.env.cr.savepoint(),
            ):
                step()
        draft.rater_ids = [
            Command.update(office.id, {"weight": 0}),
            Command.update(superior.id, {"weight": 30}),
        ]
        self.assertEqual(draft._compile().raters, {"superior": 30, "office": 0})
        office.unlink()
        self.assertEqual(draft._compile().raters, {"superior": 30})

    def test_S3_a_rater_whose_addon_is_gone_is_named(self):
        draft = self._draft()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cs_policy_rater SET code = 'customer', who = 'customer' WHERE id = %s",
            draft.rater_ids[1:].ids,
        )
        draft.invalidate_recordset()
        draft.rater_ids.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "customer, which the policy names"):
            draft._compile()

    def test_pay_out_of_range(self):
        draft = self._draft()
        tier = draft.rung_ids[0].tier_id.name
        for values in (
            {"base_wage": -1},
            {"commission_percent": 100.5},
            {"fine_min": 100, "fine_max": 99},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, re.escape(f"{draft.name}, {tier}: ")),
                self.env.cr.savepoint(),
            ):
                draft.rung_ids[0].write(values)
                draft.rung_ids.flush_recordset()

    # ------------------------------------------------------------------ revised wages

    def _revise(self, day="2025-03-01", **wages):
        policy = self._draft(day, **wages)
        policy.action_activate()
        policy._revise_wages()
        return policy

    def _wages(self, agent):
        agent.invalidate_recordset()
        return [(str(each.date_version), each.wage) for each in agent.version_ids]

    def test_W1_wages_revised_when_a_version_starts(self):
        senior = self._make_agent("Senior", tier="senior")
        self._revise(junior=1777)
        self.assertEqual(self._wages(self.agent), [("2025-01-01", 1700), ("2025-03-01", 1777)])
        self.assertEqual(self._wages(senior), [("2025-01-01", 2000)], "nothing changed for seniors")
        version = self.agent.version_ids[-1]
        self.assertEqual(
            (version.cs_tier_id.code, version.cs_tier_since), ("junior", date(2025, 1, 1))
        )

    def test_W1_done_again_nothing_changes(self):
        policy = self._revise(junior=1777)
        policy._revise_wages()
        self.assertEqual(len(self.agent.version_ids), 2)

    def test_W1_wage_agreed_otherwise_stays(self):
        self.agent.wage = 1999
        self._revise(junior=1777)
        self.assertEqual(self._wages(self.agent), [("2025-01-01", 1999)])
        self.assertEqual(self._wages(self.peer)[-1], ("2025-03-01", 1777))

    def test_W1_version_of_that_day_and_later_ones(self):
        self.agent.create_version({"date_version": "2025-03-01"}).department_id = self.front_desk
        self.agent.create_version({"date_version": "2025-05-01"}).department_id = self.hotline
        agreed = self.peer.create_version({"date_version": "2025-05-01"})
        agreed.wage = 1900
        self._revise(junior=1777)
        self.assertEqual(
            self._wages(self.agent),
            [("2025-01-01", 1700), ("2025-03-01", 1777), ("2025-05-01", 1777)],
        )
        self.assertEqual(
            self._wages(self.peer),
            [("2025-01-01", 1700), ("2025-03-01", 1777), ("2025-05-01", 1900)],
        )

    def test_W1_leavers_joiners_and_other_companies(self):
        leaver = self._make_agent("Leaver", left="2025-02-28")
        joiner = self._make_agent("Joiner", hired="2025-03-01")
        self._revise(junior=1777)
        self.assertEqual(self._wages(leaver), [("2025-01-01", 1700)])
        self.assertEqual(self._wages(joiner), [("2025-03-01", 1777)])
        self.assertEqual(self._wages(self.agent_b), [("2025-01-01", 1700)])

    def test_W1_reserve_follows_senior(self):
        reserve = self._make_agent("Reserve", tier="reserve")
        self._revise(senior=2200)
        self.assertEqual(self._wages(reserve)[-1], ("2025-03-01", 2200))

    def test_W1_promotion_after_the_revision_pays_the_new_wage(self):
        self._revise(junior=1777, senior=2200)
        self._decide(self.agent, "senior", "2025-04-01")
        self._apply("2025-04-04")
        self.assertEqual(
            self._wages(self.agent),
            [("2025-01-01", 1700), ("2025-03-01", 1777), ("2025-04-01", 2200)],
        )

    def _run_cron(self, day):
        with freeze_time(day, tick=True), self.enter_registry_test_mode():
            self.env.ref("cs_promotion.ir_cron_revise").method_direct_trigger()
        self.env.invalidate_all()

    def test_W1_cron_on_the_day_and_not_before(self):
        self._draft(junior=1777).action_activate()
        self._run_cron("2025-02-28")
        self.assertEqual(len(self.agent.version_ids), 1)
        self._run_cron("2025-03-01")
        self._run_cron("2025-03-02")
        self.assertEqual(self._wages(self.agent), [("2025-01-01", 1700), ("2025-03-01", 1777)])

    def test_W1_cron_months_late(self):
        """A version activated for a past month that is not closed, or a server long off."""
        self._draft("2025-03-01", junior=1777).action_activate()
        self._draft("2025-05-01", junior=1888).action_activate()
        self._run_cron("2025-07-15")
        self.assertEqual(
            self._wages(self.agent),
            [("2025-01-01", 1700), ("2025-03-01", 1777), ("2025-05-01", 1888)],
        )

    def test_W1_cron_leaves_later_agreements_alone(self):
        """A wage that HR sets after the revision stays, even the former base wage."""
        self._draft(junior=1777).action_activate()
        self._run_cron("2025-03-01")
        self.agent.version_ids[-1].wage = 1700
        self._run_cron("2025-03-02")
        self.assertEqual(self._wages(self.agent)[-1], ("2025-03-01", 1700))

    def test_W1_taken_out_of_force_the_wages_go_back(self):
        draft = self._revise(junior=1777)
        self.peer.version_ids[-1].wage = 1900
        self._as(self.user_manager, draft).action_draft()
        self.assertEqual(self._wages(self.agent)[-1], ("2025-03-01", 1700))
        self.assertEqual(self._wages(self.peer)[-1], ("2025-03-01", 1900))

    def test_W1_version_put_in_between(self):
        """May has the wage of the first version again: what March changed, May takes back."""
        self._draft("2025-05-01").action_activate()
        self._run_cron("2025-05-01")
        self._draft("2025-03-01", junior=1777).action_activate()
        self._run_cron("2025-05-02")
        self.assertEqual(
            self._wages(self.agent),
            [("2025-01-01", 1700), ("2025-03-01", 1777), ("2025-05-01", 1700)],
        )
