"""Policies and rules that could not be carried out are refused, by their name and fault."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .bad_input_common import CsBadInputCase

POSSIBLE = {"metric": "month_score", "operator": ">=", "value": 90}
IMPOSSIBLE = {
    "score above the highest": POSSIBLE | {"value": 101},
    "score below the lowest": POSSIBLE | {"operator": "<", "value": 0},
    "nothing between": POSSIBLE | {"operator": "between", "value": 91, "value_max": 91},
    "turned round": POSSIBLE | {"operator": "between", "value": 91, "value_max": 80},
    "no whole rank between": {
        "metric": "quarter_rank",
        "operator": "between",
        "value": 2,
        "value_max": 3,
    },
    "rank nought": {"metric": "month_rank", "operator": "<=", "value": 0},
    "fewer than no titles": {"metric": "awards", "operator": "<", "value": 0},
    "never": POSSIBLE | {"times": 0},
    "thirteen months in twelve": POSSIBLE | {"times": 13, "window": "first_months", "months": 12},
    "five quarters in a year": {
        "metric": "quarter_score",
        "operator": "<",
        "value": 80,
        "times": 5,
        "window": "rolling_months",
        "months": 12,
    },
    "no window": POSSIBLE | {"window": "rolling_months", "months": 0},
    "not a number": POSSIBLE | {"value": float("nan")},
}


@tagged("post_install", "-at_install", "cs_promotion")
class TestBadPolicy(CsBadInputCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._make_policy(cls.company, "2025-07-01", activate=False)

    def _write(self, record, values):
        return self._call(self.user_manager, record._name, "write", record.ids, values)

    def _create(self, model, values):
        return self._call(self.user_manager, model, "create", [values])

    def test_start_within_a_month(self):
        self._refused(
            lambda: self._write(self.draft, {"date_from": "2025-07-15"}),
            self.draft.name,
            "2025-07-15",
            "first of a month",
        )
        self._refused(
            lambda: self._create(
                "cs.policy",
                {
                    "name": "Odd",
                    "date_from": "2025-07-02",
                    "scorecard_id": self.policy.scorecard_id.id,
                },
            ),
            "Odd",
            "2025-07-02",
            "first of a month",
        )

    def test_overlap(self):
        """Versions follow each other: two cannot start together, none within what is closed."""
        twin = self._make_policy(self.company, "2024-01-01", activate=False, name="Twin")
        self._refused(
            lambda: self._call(self.user_manager, "cs.policy", "action_activate", twin.ids),
            "Twin",
            self.policy.name,
            "2024-01-01",
        )
        self._play("2025-01", {self.agent: 80})
        late = self._make_policy(self.company, "2025-01-01", activate=False, name="Late")
        self._refused(
            lambda: self._call(self.user_manager, "cs.policy", "action_activate", late.ids),
            "Late",
            "2025-01-31",
            "are closed",
            error=UserError,
        )
        self.draft.action_activate()
        self._refused(
            lambda: self._write(self.draft, {"date_from": "2025-01-01"}),
            self.draft.name,
            "are closed",
            error=UserError,
        )
        self._refused(lambda: self._write(late, {"state": "active"}), "Late", error=UserError)

    def test_tier_without_pay(self):
        self.draft.rung_ids.filtered(lambda line: line.tier_id.code == "senior").unlink()
        self._refused(
            lambda: self._call(self.user_manager, "cs.policy", "action_activate", self.draft.ids),
            self.draft.name,
            "no pay line for tier Senior agent",
        )
        self.assertEqual(self.draft.state, "draft")

    def test_pay_taken_out_of_a_policy_in_force(self):
        self.draft.action_activate()
        line = self.draft.rung_ids.filtered(lambda each: each.tier_id.code == "junior")
        for action in (
            lambda: self._call(self.user_manager, "cs.policy.rung", "unlink", line.ids),
            lambda: self._write(self.draft, {"rung_ids": [(2, line.id)]}),
        ):
            self._refused(action, self.draft.name, "Junior agent", error=UserError)

    def test_pay_that_cannot_be(self):
        line = self.draft.rung_ids.filtered(lambda each: each.tier_id.code == "junior")
        for values, words in (
            ({"base_wage": -1}, ("Base Wage", "-1", "at least 0")),
            ({"commission_percent": 101}, ("Commission (%)", "101", "between 0 and 100")),
            ({"fine_min": 200}, ("smallest fine of 200.0",)),
            ({"fine_max": 19}, ("smallest fine of 20.0", "19.0")),
            ({"fine_min": -1}, ("Smallest Fine", "-1", "at least 0")),
            ({"base_wage": float("nan")}, ("Base Wage",)),
            ({"appraisal_pay": float("inf")}, ("Appraisal Pay",)),
        ):
            self._refused(
                lambda values=values: self._write(line, values),
                self.draft.name,
                "Junior agent",
                *words,
            )
        self.draft.rung_ids.filtered("paid_as_below").unlink()
        new = {"policy_id": self.draft.id, "tier_id": self.tiers["reserve"].id}
        for values, words in (
            ({"base_wage": -1}, ("Base Wage", "at least 0")),
            ({"base_wage": 1, "fine_min": 2, "fine_max": 1}, ("smallest fine of 2.0",)),
        ):
            self._refused(
                lambda values=values: self._create(
                    "cs.policy.rung", {**new, "appraisal_pay": 1, **values}
                ),
                self.draft.name,
                "Reserve supervisor",
                *words,
            )
        self._refused(
            lambda: self._create(
                "cs.policy.rung",
                {
                    "policy_id": self.draft.id,
                    "tier_id": self.tiers["junior"].id,
                    "base_wage": 1,
                    "appraisal_pay": 1,
                },
            ),
            self.draft.name,
            "Junior agent",
            "one pay line for each tier",
        )

    def test_weights(self):
        superior, office = self.draft.rater_ids

        def weigh(**weights):
            raters = {"superior": superior, "office": office}
            commands = [
                Command.update(raters[code].id, {"weight": weight})
                for code, weight in weights.items()
            ]
            return lambda: self._write(self.draft, {"rater_ids": commands})

        for step in (
            weigh(superior=0, office=0),
            weigh(superior=-10),
            weigh(office=-0.5),
            lambda: self._create(
                "cs.policy.rater", {"policy_id": self.draft.id, "code": "office", "weight": -1}
            ),
        ):
            self._refused(step, self.draft.name, "weights")
        for value in (float("nan"), float("inf")):
            self._refused(weigh(office=value), self.draft.name, "Office", "Weight")
        self._refused(
            lambda: self._create("cs.policy.rater", {"policy_id": self.draft.id, "code": "office"}),
            self.draft.name,
            "each rater once",
        )
        weigh(superior=0)()

    def test_settings_that_cannot_be(self):
        for values, words in (
            ({"pass_mark": 101}, ("Pass Mark", "101", "highest score, 100")),
            ({"fine_cap_percent": -1}, ("Fine Cap", "-1", "between 0 and 100")),
            ({"complaint_rate_limit": 0}, ("Complaint", "between 0.01 and 100")),
            ({"top_n": 0}, (self.draft.name, "promote_intermediate")),
            ({"repeat_violations": 0}, ("at least 1",)),
            ({"notice_days": -1}, ("Notice", "-1", "at least 0")),
            ({"minimum_wage": -1}, ("Minimum Wage", "-1", "at least 0")),
            ({"top_n": 2**31}, ("Top Ranks",)),
        ):
            self._refused(
                lambda values=values: self._write(self.draft, values), self.draft.name, *words
            )
        with self.assertRaises(ValueError):
            self._write(self.draft, {"score_method": "guess"})

    def test_impossible_condition(self):
        rule = self.draft.rule_ids.filtered(lambda each: each.code == "promote_senior")
        for name, condition in IMPOSSIBLE.items():
            with self.subTest(name):
                words = () if name == "not a number" else (self.draft.name, "promote_senior")
                self._refused(
                    lambda condition=condition: self._create(
                        "cs.policy.condition", condition | {"rule_id": rule.id}
                    ),
                    *words,
                )
        (created,) = self._create("cs.policy.condition", POSSIBLE | {"rule_id": rule.id})
        condition = self.env["cs.policy.condition"].browse(created)
        self._refused(
            lambda: self._write(condition, {"value": 500}),
            self.draft.name,
            "promote_senior",
        )

    def test_impossible_rule(self):
        """No condition; no tier above or below; the appointed tier; a procedure's name."""
        conditions = [(0, 0, POSSIBLE)]
        for code, tier, outcome, lines, words in (
            ("empty", "junior", "promote", [], ("no condition",)),
            ("top", "reserve", "promote", conditions, ("above",)),
            ("appointed", "senior", "promote", conditions, ("appointment only",)),
            ("bottom", "probation", "demote", conditions, ("below",)),
            ("confirm_junior", "junior", "promote", conditions, ("fixed procedures",)),
        ):
            with self.subTest(code):
                self._refused(
                    lambda code=code, tier=tier, outcome=outcome, lines=lines: self._create(
                        "cs.policy.rule",
                        {
                            "policy_id": self.draft.id,
                            "code": code,
                            "name": code,
                            "tier_id": self.tiers[tier].id,
                            "outcome": outcome,
                            "condition_ids": lines,
                        },
                    ),
                    code,
                    *words,
                )

    def test_second_rule_of_a_code(self):
        self._refused(
            lambda: self._create(
                "cs.policy.rule",
                {
                    "policy_id": self.draft.id,
                    "code": "promote_senior",
                    "name": "Again",
                    "tier_id": self.tiers["junior"].id,
                    "outcome": "promote",
                    "condition_ids": [(0, 0, POSSIBLE)],
                },
            ),
            self.draft.name,
            "promote_senior",
            "same code",
        )

    def test_last_condition_taken_out(self):
        """A rule in force keeps a condition; a draft without one does not come into force."""
        rule = self.draft.rule_ids.filtered(lambda each: each.code == "dismiss_failing")
        lines = rule.condition_ids
        with self.env.cr.savepoint() as savepoint:
            lines.unlink()
            self._refused(
                lambda: self._call(
                    self.user_manager, "cs.policy", "action_activate", self.draft.ids
                ),
                self.draft.name,
                "dismiss_failing",
                "no condition",
            )
            savepoint.rollback()
        self.env.invalidate_all()
        self.draft.action_activate()
        self._refused(
            lambda: self._call(self.user_manager, "cs.policy.condition", "unlink", lines.ids),
            self.draft.name,
            "dismiss_failing",
            error=UserError,
        )

    def test_used_policy(self):
        """Once it judged a closed period, neither it nor any part of it changes (O5)."""
        self._play("2025-01", {self.agent: 80})
        rule = self.policy.rule_ids[0]
        for record, values in (
            (self.policy, {"pass_mark": 50}),
            (self.policy, {"date_from": "2023-01-01"}),
            (self.policy, {"state": "draft"}),
            (self.policy, {"active": False}),
            (self.policy, {"rung_ids": [(1, self.policy.rung_ids[0].id, {"base_wage": 9})]}),
            (self.policy.rung_ids[0], {"base_wage": 9}),
            (self.policy.rater_ids[0], {"weight": 9}),
            (self.policy.consequence_ids[0], {"fined": False}),
            (rule, {"match": "any"}),
            (rule.condition_ids[0], {"times": 9}),
        ):
            self._refused(
                lambda record=record, values=values: self._write(record, values),
                self.policy.name,
                "has judged a closed period",
                error=UserError,
            )
        for record in (self.policy, self.policy.rung_ids[0], rule, rule.condition_ids[0]):
            self._refused(
                lambda record=record: self._call(
                    self.user_manager, record._name, "unlink", record.ids
                ),
                self.policy.name,
                error=UserError,
            )
        self._refused(
            lambda: self._create(
                "cs.policy.condition", POSSIBLE | {"rule_id": rule.id, "times": 2}
            ),
            self.policy.name,
            error=UserError,
        )
        self._refused(
            lambda: self._write(self.policy, {"name": "Policy of the first year"}),
            self.policy.name,
            error=UserError,
        )

    def test_scorecard_filled_in(self):
        self._open("2025-01")
        scorecard = self.policy.scorecard_id
        section = scorecard.section_ids[0]
        for record, values in (
            (section, {"weight": 30}),
            (section.grade_ids[0], {"points": 4}),
            (section.item_ids[0], {"name": "Another"}),
        ):
            self._refused(
                lambda record=record, values=values: self._write(record, values),
                scorecard.name,
                "has been filled in",
                error=UserError,
            )

    def test_scorecard_that_cannot_be(self):
        scorecard = self.policy.scorecard_id.copy()
        section = scorecard.section_ids[0]
        self._refused(
            lambda: self._write(section, {"weight": 101}), section.name, "between 0 and 100"
        )
        self._refused(lambda: self._write(section.grade_ids[0], {"points": -1}), "between 0 and")
        self._refused(lambda: self._write(section.grade_ids[0], {"points": float("nan")}), "Points")
        section.weight = 30
        self.draft.write({"scorecard_id": scorecard.id, "score_method": "weighted"})
        self._refused(
            lambda: self._call(self.user_manager, "cs.policy", "action_activate", self.draft.ids),
            self.draft.name,
            "110",
        )
        section.item_ids.unlink()
        self.draft.score_method = "sum"
        self._refused(
            lambda: self._call(self.user_manager, "cs.policy", "action_activate", self.draft.ids),
            self.draft.name,
            "needs items",
        )

    def test_tier_in_use(self):
        """A step that somebody stands on is neither archived nor deleted."""
        self._refused(lambda: self._write(self.tiers["junior"], {"active": False}),
                      "Junior agent", "holds it")  # fmt: skip
        self._refused(self.tiers["junior"].unlink)

    def test_L0_L5_rungs_that_cannot_be(self):
        """None below that it could be paid as; two on probation."""
        self.draft.action_activate()
        rungs = {rung.tier_id.code: rung for rung in self.draft.rung_ids}
        for rung, values, words in (
            (rungs["probation"], {"paid_as_below": True}, "no rung below New agent (probation)"),
            (rungs["reserve"], {"sequence": 0}, "no rung below Reserve supervisor"),
            (rungs["junior"], {"on_probation": True}, "New agent (probation), Junior agent"),
        ):
            self._refused(
                lambda rung=rung, values=values: self._write(rung, values), self.draft.name, words
            )

    def test_P3_rules_that_lead_nowhere(self):
        """Not the way of its outcome, to one by appointment, off the ladder, moving nobody."""
        off = self.env["cs.tier"].create({"name": "Off", "code": "off"})
        junior, senior, reserve = (self.tiers[code] for code in ("junior", "senior", "reserve"))
        self.draft.action_activate()
        rules = {rule.code: rule for rule in self.draft.rule_ids}
        for code, tier, words in (
            ("promote_senior", junior, "junior is not above intermediate"),
            ("demote_intermediate", senior, "senior is not below intermediate"),
            ("promote_intermediate", reserve, "reserve is reached by appointment only (L5)"),
            ("promote_intermediate", off, "unknown tier 'off'"),
            ("dismiss_failing", senior, "dismissal_review leads to no tier"),
        ):
            self._refused(
                lambda code=code, tier=tier: self._write(rules[code], {"tier_to_id": tier.id}),
                self.draft.name,
                code,
                words,
            )
