"""What outcomes bring about that move nobody: warnings and titles (policy language, *Rules*)."""

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..engine.series import Scope
from .common import CsPromotionCase
from .effects_common import EffectsCase, rule, scores

LATE = {"metric": "warnings", "operator": ">=", "value": 2, "window": "last_months", "months": 3}


@tagged("post_install", "-at_install", "cs_promotion")
class TestEffects(EffectsCase, TransactionCase):
    """Played from a package."""

    def test_11_6_a_warning_is_counted_from_its_day_on(self):
        low = rule("low", "fx_b", "warning", ("month_score", "<", 60))
        twice = rule("twice", "fx_b", "demote", LATE)
        found = self._play(
            [low, twice],
            "2025-01",
            "2025-04",
            AL={"tier": "fx_b", "months": scores(1, 50, 55, 70, 90)},
            BO={"tier": "fx_b", "months": scores(1, 50, 70, 70, 90)},
        )
        self.assertEqual(
            found["AL"]["others"],
            [
                {"date": "2025-02-01", "kind": "warning", "rule": "low"},
                {"date": "2025-03-01", "kind": "warning", "rule": "low"},
            ],
        )
        # that of 1 March is not counted when February is closed, as it is not made yet
        self.assertEqual(self._changes(found["AL"]), [("2025-04-01", "fx_c")])
        self.assertEqual(self._changes(found["BO"]), [])

    def test_neither_a_warning_nor_a_title_bars_a_promotion(self):
        found = self._play(
            [
                rule("note", "fx_c", "warning", ("month_score", "<", 95)),
                rule("best", "fx_c", "award", ("month_rank", "<=", 1)),
                rule("up", "fx_c", "promote", ("month_score", ">=", 90)),
            ],
            "2025-01",
            "2025-01",
            AL={"months": scores(1, 92)},
        )["AL"]
        self.assertEqual([each["kind"] for each in found["others"]], ["award", "warning"])
        self.assertEqual(self._changes(found), [("2025-02-01", "fx_b")])

    def test_titles_by_rule_are_counted_like_others(self):
        found = self._play(
            [
                rule("best", "fx_c", "award", ("month_rank", "<=", 1), ("month_score", ">=", 80)),
                rule("titles", "fx_c", "promote", ("awards", ">=", 2)),
            ],
            "2025-01",
            "2025-04",
            AL={"months": scores(1, 90, 90, 90, 60), "awards": ["2025-01"]},
            BO={"months": scores(1, 85, 95, 70, 60), "awards": ["2024-12"]},
        )
        # January was given by hand already: one title a month. What a closing gives counts from
        # the next one on
        self.assertEqual(len(found["AL"]["others"]), 2)
        self.assertEqual(len(found["BO"]["others"]), 1)
        self.assertEqual(self._changes(found["AL"]), [("2025-05-01", "fx_b")])
        self.assertEqual(self._changes(found["BO"]), [("2025-04-01", "fx_b")])


@tagged("post_install", "-at_install", "cs_promotion")
class TestEffectsOfDecisions(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for outcome in ("warning", "award"):
            cls.env["cs.policy.rule"].create(
                {
                    "policy_id": cls.policy.id,
                    "code": outcome,
                    "name": f"Rule {outcome}",
                    "tier_id": cls.tiers["junior"].id,
                    "outcome": outcome,
                    "condition_ids": [
                        (0, 0, {"metric": "month_score", "operator": ">=", "value": 96})
                    ],
                }
            )

    def _decide_both(self):
        self._play("2025-03", {self.agent: 96, self.peer: 70})
        self._apply("2025-04-04")
        return self._decisions(self.agent).grouped("outcome")

    def _warnings(self, until="2025-04-30"):
        day = fields.Date.to_date(until)
        timelines = self.env["cs.timeline"]._load(self.agent.ids, self.company)
        series = self.env["cs.facts"]._load_series(
            [self.env["cs.vocabulary"]._get_metrics()["warnings"]],
            Scope(timelines, self.company, day),
        )
        return len(series[0][1].get(self.agent.id, ()))

    def test_titles_come_and_go_with_their_decision(self):
        decision = self._decide_both()["award"]
        award = self.env["cs.award"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual((str(award.month), award.decision_id), ("2025-03-01", decision))
        self.assertEqual(award.reason, "Rule award")
        decision._take_back("A mistake")
        self.assertFalse(award.exists())
        self.assertEqual(decision.state, "withdrawn")

    def test_a_title_won_already_is_no_second_one_and_stays(self):
        self._play("2025-03", {self.agent: 96, self.peer: 70})
        award = self._award(self.agent, "2025-03")
        self._apply("2025-04-04")
        decision = self._decisions(self.agent, outcome="award")
        self.assertEqual(decision.state, "applied")
        self.assertFalse(award.decision_id)
        decision._take_back("A mistake")
        self.assertTrue(award.exists())

    def test_a_withdrawn_warning_is_none(self):
        decision = self._decide_both()["warning"]
        self.assertEqual(decision.kind, "warning")
        self.assertEqual((self._warnings("2025-03-31"), self._warnings()), (0, 1))
        decision._take_back("A mistake")
        self.assertEqual(self._warnings(), 0)

    def test_they_follow_from_their_evidence_and_have_letters(self):
        for outcome, decision in self._decide_both().items():
            self.assertTrue(decision._follows_from_evidence())
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                "cs_promotion.report_decision_letter", decision.ids
            )
            title = {"warning": "Notice of a Warning", "award": "Notice of a Title"}[outcome]
            self.assertIn(title, html.decode())
            self.assertIn("Takes effect on", html.decode())

    def test_judged_again_the_title_itself_does_not_count(self):
        """A month that is closed again decides the same: what it gave was not there then."""
        cycle = self._cycle("2025-03")
        before = self._decide_both()
        self._reopen_as_manager(cycle)
        self._close(cycle)
        after = self._decisions(self.agent).grouped("outcome")
        self.assertEqual(after, before)
        self.assertEqual({each.state for each in after.values()}, {"applied"})

    def test_an_award_is_no_consequence_of_a_violation(self):
        choice = dict(self.env["cs.policy.consequence"]._get_outcomes())
        self.assertIn("warning", choice)
        self.assertNotIn("award", choice)
