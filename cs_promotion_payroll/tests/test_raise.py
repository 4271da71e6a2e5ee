"""Personal raises on real payslips: by rule, by hand, late, and taken back (W7)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.cs_promotion.package.node import ScenarioError
from odoo.addons.cs_promotion.tests.effects_common import EffectsCase, rule, scores

from .arrears_common import ArrearsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestRaise(ArrearsCase):
    """A junior has 1700, and 200 by the score."""

    @classmethod
    def _raise(cls, amount=310, start="2025-01-16", agent=None, user=None, **values):
        return (
            cls.env["cs.raise"]
            .with_user(user or cls.user_manager)
            .create(
                {
                    "employee_id": (agent or cls.agent).id,
                    "amount": amount,
                    "date_from": start,
                    "reason": "Trains the newcomers",
                    **values,
                }
            )
        )

    def test_by_days_from_its_date_on(self):
        self._raise()
        slip = self._slip(self.agent, "2025-01")
        self.assertPaid(slip, BASE=1860)
        self.assertIn("with a personal raise", self._line(slip, "BASE").name)
        self.assertPaid(self._slip(self.agent, "2025-02"), BASE=2010)

    def test_on_the_appraisal_pay_before_the_share_of_the_score(self):
        self._raise(100, "2025-01-01", item="APPRAISAL", date_until="2025-01-31")
        self._play("2025-01", {self.agent: 80, self.peer: 80})
        self.assertPaid(self._slip(self.agent, "2025-01"), BASE=1700, APPRAISAL=240)
        self.assertPaid(self._slip(self.peer, "2025-01"), BASE=1700, APPRAISAL=160)
        self._play("2025-02", {self.agent: 80, self.peer: 80})
        self.assertPaid(self._slip(self.agent, "2025-02"), BASE=1700, APPRAISAL=160)

    def test_w7_entered_late_and_withdrawn_it_is_settled(self):
        self._pay(self.agent, "2025-01")
        self.assertEqual(self._find(self.agent), {})
        more = self._raise()
        self.assertEqual(self._find(self.agent), {("2025-01", "BASE"): 160})
        slip = self._slip(self.agent, "2025-02")
        self.assertEqual(self._settled(slip), {"BASE": 160})
        line = self._line(slip, "ARREARS_BASE")
        self.assertIn("a personal raise was entered or taken back", line.name)
        self._confirm(slip)
        self.assertEqual(self._find(self.agent), {})
        more.unlink()
        self.assertEqual(
            self._find(self.agent), {("2025-01", "BASE"): -160, ("2025-02", "BASE"): -310}
        )

    def test_it_stays_beside_a_change_of_tier(self):
        self._raise(100, "2025-01-01")
        self._decide(self.agent, "senior", "2025-02-01")
        self._apply("2025-02-04")
        self.assertPaid(self._slip(self.agent, "2025-02"), BASE=2100)

    def test_who_enters_it_and_how(self):
        for user in (self.user_office, self.user_superior, self.user_agent):
            with self.assertRaises(AccessError):
                self._raise(user=user)
        with self.assertRaisesRegex(ValidationError, "write down the reason"):
            self._raise(reason=" ")
        with self.assertRaises(UserError):
            self._raise(-5)
        more = self._raise()
        self.assertEqual(self._as(self.user_agent, more).amount, 310)
        self.assertEqual(self._as(self.user_superior, more).amount, 310)
        with self.assertRaises(AccessError):
            self._as(self.user_peer, more).read(["amount"])

    def test_by_rule_and_taken_back(self):
        condition = {"metric": "month_score", "operator": ">=", "value": 95}
        self.env["cs.policy.rule"].create(
            {
                "policy_id": self.policy.id,
                "code": "more",
                "name": "Among the best",
                "tier_id": self.tiers["junior"].id,
                "outcome": "raise",
                "raise_amount": 120,
                "raise_months": 6,
                "condition_ids": [(0, 0, condition)],
            }
        )
        self._play("2025-01", {self.agent: 96, self.peer: 70})
        decision = self._decisions(self.agent)
        self._apply(decision.notice_until)
        more = self.env["cs.raise"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual(
            (more.item, more.amount, str(more.date_from), str(more.date_until), more.decision_id),
            ("BASE", 120, "2025-02-01", "2025-07-31", decision),
        )
        with self.assertRaises(UserError):
            more.with_user(self.user_manager).amount = 500
        with self.assertRaises(UserError):
            more.with_user(self.user_manager).unlink()
        letter, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cs_promotion.report_decision_letter", decision.ids
        )
        self.assertIn("Base wage: 120 more a month, for 6 months", letter.decode())
        self._pay(self.agent, "2025-02")
        self.assertEqual(self._find(self.agent), {})
        self._give_reason(decision.with_user(self.user_manager).action_withdraw(), "A mistake")
        self.assertFalse(more.exists())
        self.assertEqual(self._find(self.agent), {("2025-02", "BASE"): -120})

    def test_queries_do_not_grow_with_agents(self):
        """Raises of all agents are one query."""
        few = [self._make_agent(f"Few {number}") for number in range(2)]
        many = [self._make_agent(f"Many {number}") for number in range(12)]
        for agent in (*few, *many):
            self._raise(50, "2025-01-01", agent)

        def count(agents):
            ids = [agent.id for agent in agents]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            known = self.env["cs.pay"]._load(self.company, ids, [self._day("2025-01")])
            for id_ in ids:
                known.figures(id_, self._day("2025-01"))
            return self.env.cr.sql_log_count - before

        count(few)
        self.assertEqual(count(few), count(many))


@tagged("post_install", "-at_install", "cs_promotion")
class TestRaisePlayed(EffectsCase, TransactionCase):
    def test_by_rule_and_by_hand_from_a_package(self):
        found = self._play(
            [
                rule(
                    "more",
                    "fx_c",
                    "raise",
                    ("month_score", ">=", 90),
                    raise_item="BONUS",
                    raise_amount=70,
                    raise_months=1,
                )
            ],
            "2025-01",
            "2025-03",
            package={
                "pay_items": [
                    {"code": "BONUS", "name": "Bonus", "amounts": [{"amount": 30}]},
                ]
            },
            AL={
                "months": scores(1, 95, 70, 70),
                "raises": [{"date": "2025-02-15", "amount": 280, "until": "2025-03-14"}],
            },
        )["AL"]
        self.assertEqual(
            found["raises"],
            [
                {"item": "BONUS", "amount": 70, "from": "2025-02-01", "until": "2025-02-28"},
                {"item": "BASE", "amount": 280, "from": "2025-02-15", "until": "2025-03-14"},
            ],
        )
        self.assertEqual(found["others"], [{"date": "2025-02-01", "kind": "raise", "rule": "more"}])
        paid = {month: (each["BASE"], each["BONUS"]) for month, each in found["payslips"].items()}
        self.assertEqual(
            paid,
            {"2025-01": (2000, 30), "2025-02": (2140, 100), "2025-03": (2126.45, 30)},
        )

    def test_a_percentage_of_what_is_paid_by_then(self):
        """5 % of the wage that each has, the second time with the first raise; 12.5 % of the full
        appraisal pay, whatever share of it was earned."""
        best = ("month_score", ">=", 90)
        found = self._play(
            [
                rule("merit", "fx_c", "raise", best, raise_percent=5),
                rule(
                    "share",
                    "fx_c",
                    "raise",
                    best,
                    ("month_score", "<", 95),
                    raise_item="APPRAISAL",
                    raise_percent="12.5",
                ),
            ],
            "2025-01",
            "2025-03",
            package={"settings": {"wage_basis": "higher"}},
            AL={"months": scores(1, 92, 96, 80)},
            BO={"months": scores(1, 96, 80, 80), "wage": 3001.5},
        )
        base = {"item": "BASE", "until": None}
        self.assertEqual(
            found["AL"]["raises"],
            [
                {"item": "APPRAISAL", "amount": 62.5, "from": "2025-02-01", "until": None},
                {**base, "amount": 100.0, "from": "2025-02-01"},
                {**base, "amount": 105.0, "from": "2025-03-01"},
            ],
        )
        self.assertEqual(found["BO"]["raises"], [{**base, "amount": 150.08, "from": "2025-02-01"}])

    def test_either_an_amount_or_a_percentage(self):
        best = ("month_score", ">=", 90)
        for how, fault in (
            ({"raise_percent": 4, "raise_amount": 1}, "an amount, or a percentage"),
            ({}, "an amount, or a percentage"),
            ({"raise_percent": 4, "raise_item": "COMMISSION"}, "base wage or the appraisal pay"),
        ):
            with self.subTest(how=how):
                with self.assertRaises(ScenarioError) as caught:
                    self._play([rule("more", "fx_c", "raise", best, **how)], "2025-01", "2025-01")
                self.assertIn("$.rules[0]", str(caught.exception))
                self.assertIn(fault, str(caught.exception))

    def test_an_item_that_the_policy_does_not_pay_is_refused(self):
        more = rule("more", "fx_c", "raise", ("month_score", ">=", 90), raise_amount=70)
        package = {"settings": {"pays_base": False}}
        with self.assertRaisesRegex(Exception, "raises BASE, which the policy does not pay"):
            self._play([more], "2025-01", "2025-01", package, AL={"months": {}})
