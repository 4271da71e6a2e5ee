from datetime import date

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestViolation(CsPromotionCase):
    """Violations, fines and what they lead to (V1-V4, X2, X3)."""

    def _grounds(self, agent):
        return self._decisions(agent).mapped("ground")

    # ------------------------------------------------------------------ kinds and severity

    def test_V1_kinds(self):
        self.assertEqual(
            set(self.env["cs.violation.type"].search([]).mapped("code")),
            {
                "insubordination",
                "disregard_of_whole",
                "harm_to_collective",
                "slacking",
                "complaint_rate",
            },
        )

    def test_V2_a_person_decides_the_severity(self):
        violation = self._violation(self.agent, "2025-03-10", severity=False, confirm=False)
        with self.assertRaisesRegex(UserError, "Agent, Slacking.*choose the severity first"):
            self._as(self.user_office, violation).action_confirm()
        self.assertEqual(violation.state, "reported")
        self._as(self.user_office, violation).severity = "minor"
        self._as(self.user_office, violation).action_confirm()
        self.assertRecordValues(
            violation,
            [
                {
                    "state": "confirmed",
                    "confirmed_by": self.user_office.id,
                    "month": date(2025, 3, 1),
                }
            ],
        )

    def test_V2_reported_violations_lead_to_nothing(self):
        for severity in ("moderate", "serious"):
            self._violation(self.agent, "2025-03-10", severity, confirm=False)
        self._play("2025-03", {})
        self.assertFalse(self._decisions(self.agent))

    def test_V2_minor_a_fine_only(self):
        self._violation(self.agent, "2025-03-10", "minor")
        self._play("2025-03", {})
        self.assertFalse(self._decisions(self.agent))

    def test_V2_moderate_one_step_down_from_the_first_of_next_month(self):
        steps = {
            "reserve": "senior",
            "senior": "intermediate",
            "intermediate": "junior",
            "junior": "probation",
        }
        agents = {}
        for tier in steps:
            agents[tier] = self._make_agent(
                f"Moderate {tier}", tier=tier, since="2023-01-01", hired="2023-01-01"
            )
            self._violation(agents[tier], "2025-03-10", "moderate", fine=90)
        self._play("2025-03", {})
        self._apply("2025-04-04")
        for tier, below in steps.items():
            with self.subTest(tier):
                decision = self._decisions(agents[tier])
                self.assertEqual(
                    (decision.ground, decision.outcome, decision.kind),
                    ("demote_violation", "demote", "demotion"),
                )
                self.assertEqual(decision.violation_ids.employee_id, agents[tier])
                self.assertEqual(self._tier_on(agents[tier], "2025-03-31"), tier)
                self.assertEqual(self._tier_on(agents[tier], "2025-04-01"), below)

    def test_V2_no_step_below_the_lowest_tier(self):
        novice = self._make_agent("Novice", tier="probation")
        self._violation(novice, "2025-03-10", "moderate", fine=0)
        self._play("2025-03", {})
        self.assertFalse(self._decisions(novice))

    def test_V2_two_moderate_ones_are_one_step(self):
        violations = self._violation(self.agent, "2025-03-10", "moderate")
        violations |= self._violation(self.agent, "2025-03-20", "moderate")
        self._play("2025-03", {})
        self.assertEqual(self._grounds(self.agent), ["demote_violation"])
        self.assertEqual(self._decisions(self.agent).violation_ids, violations)

    def test_V2_X2_serious_a_dismissal_review_without_a_step(self):
        violation = self._violation(self.agent, "2025-03-10", "serious")
        self._play("2025-03", {})
        review = self._decisions(self.agent)
        self.assertEqual((review.ground, review.outcome), ("dismiss_serious", "dismissal_review"))
        self.assertEqual(review.effective_date, date(2025, 4, 1))
        self.assertEqual(review.violation_ids, violation)
        self._apply("2025-05-01")
        self.assertEqual(self._tier_on(self.agent, "2025-05-01"), "junior")

    # ------------------------------------------------------------------ the fine

    def test_V2_a_fine_out_of_range_is_told_while_it_is_typed(self):
        with (
            self.assertLogs("odoo.tests.form.onchange", "WARNING") as told,
            Form(self.env["cs.violation"].with_user(self.user_superior)) as form,
        ):
            form.employee_id = self.agent
            form.date = fields.Date.to_date("2025-03-10")
            form.type_id = self.env.ref("cs_promotion.violation_type_slacking")
            form.fine = 500
            form.fine = 0
        self.assertIn("20.0 to 100.0", told.output[0])
        self.assertEqual(form.record.fine, 0)

    def test_V2_fine_within_the_range_of_the_tier_held_on_the_day(self):
        for fine, possible in ((19.99, False), (20, True), (100, True), (100.01, False)):
            with self.subTest(fine):
                if possible:
                    self.assertEqual(
                        self._violation(self.agent, "2025-03-10", fine=fine).fine, fine
                    )
                    continue
                with (
                    self.assertRaisesRegex(
                        ValidationError, r"outside the range of tier Junior agent, 20.* to 100"
                    ),
                    self.env.cr.savepoint(),
                ):
                    self._violation(self.agent, "2025-03-10", fine=fine)

    def test_V2_range_follows_the_tier_of_that_day(self):
        self._decide(self.agent, "senior", "2025-03-15")
        self._apply("2025-03-20")
        self._violation(self.agent, "2025-03-14", fine=20)
        self._violation(self.agent, "2025-03-15", fine=300)
        for day, fine in (("2025-03-14", 101), ("2025-03-15", 79)):
            with self.subTest(day), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._violation(self.agent, day, fine=fine)

    def test_V2_reserve_is_fined_as_senior(self):
        reserve = self._make_agent("Reserve", tier="reserve")
        violation = self._violation(reserve, "2025-03-10", fine=300)
        self.assertEqual((violation.fine_min, violation.fine_max), (80, 300))

    def test_V2_probation_pays_no_fine(self):
        novice = self._make_agent("Novice", tier="probation")
        self._violation(novice, "2025-03-10", fine=0)
        with self.assertRaises(ValidationError):
            self._violation(novice, "2025-03-11", fine=1)

    def test_date_outside_the_employment_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "2024-12-31 is before Agent joined"):
            self._violation(self.agent, "2024-12-31")
        leaver = self._make_agent("Leaver", left="2025-03-09")
        with self.assertRaisesRegex(ValidationError, "Leaver is not employed on 2025-03-10"):
            self._violation(leaver, "2025-03-10")

    # ------------------------------------------------------------------ decided, withdrawn

    def test_confirmed_violation_cannot_be_changed(self):
        violation = self._as(self.user_office, self._violation(self.agent, "2025-03-10"))
        for vals in ({"fine": 20}, {"severity": "serious"}, {"date": "2025-03-01"}):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(UserError, "has been decided"),
                self.env.cr.savepoint(),
            ):
                violation.write(vals)
        with self.assertRaisesRegex(UserError, "stays on record"):
            violation.unlink()

    def test_withdrawn_with_its_consequences(self):
        violation = self._violation(self.agent, "2025-03-10", "moderate")
        self._play("2025-03", {})
        action = self._as(self.user_office, violation).action_withdraw()
        self._give_reason(action, "It was somebody else")
        self.assertEqual(violation.state, "withdrawn")
        decision = self._decisions(self.agent)
        self.assertEqual(decision.state, "withdrawn")
        self.assertEqual(decision.closing_reason, "It was somebody else")

    def test_withdrawn_but_the_step_still_follows_from_another(self):
        violation = self._violation(self.agent, "2025-03-10", "moderate")
        self._violation(self.agent, "2025-03-12", "moderate")
        self._play("2025-03", {})
        violation._withdraw("It was somebody else")
        self.assertEqual(self._decisions(self.agent).state, "announced")

    def test_withdrawn_one_of_three_ends_the_review(self):
        violations = [self._violation(self.agent, f"2025-03-1{day}") for day in range(3)]
        self._play("2025-03", {})
        self.assertEqual(self._grounds(self.agent), ["dismiss_repeated"])
        violations[1]._withdraw("It was somebody else")
        self.assertEqual(self._decisions(self.agent).state, "withdrawn")

    def test_violation_of_a_closed_month_counts_in_the_next_open_one(self):
        self._play("2025-03", {})
        self._play("2025-04", {})
        violation = self._violation(self.agent, "2025-03-10", "moderate")
        self.assertEqual(violation.month, date(2025, 5, 1))
        self._play("2025-05", {})
        decision = self._decisions(self.agent)
        self.assertEqual(
            (decision.ground, decision.effective_date), ("demote_violation", date(2025, 6, 1))
        )

    # ------------------------------------------------------------------ complaint rate

    def _complain(self, handled, complaints, agent=None, **settings):
        if settings:
            self._make_policy(self.company, "2025-03-01", **settings)
        agent = agent or self.agent
        self._figure(agent, "2025-03", handled=handled, complaints=complaints)
        self._play("2025-03", {})
        return self.env["cs.violation"].search([("employee_id", "=", agent.id)])

    def test_V3_at_the_limit(self):
        violation = self._complain(500, 10)
        self.assertRecordValues(
            violation,
            [
                {
                    "date": date(2025, 3, 31),
                    "severity": "minor",
                    "fine": 20,
                    "state": "confirmed",
                    "month": date(2025, 3, 1),
                    "cycle_id": self._cycle("2025-03").id,
                }
            ],
        )
        self.assertEqual(violation.type_id.code, "complaint_rate")

    def test_V3_below_the_limit(self):
        self.assertFalse(self._complain(501, 10))

    def test_V3_exact_where_binary_floats_are_not(self):
        """7 of 350 is 2 % exactly, whatever binary fractions make of it."""
        self.assertTrue(self._complain(350, 7))

    def test_V3_limit_of_the_policy(self):
        self.assertFalse(self._complain(1000, 29, complaint_rate_limit=3.0))

    def test_V3_limit_of_the_policy_reached(self):
        self.assertTrue(self._complain(1000, 30, complaint_rate_limit=3.0))

    def test_V3_no_customers_no_rate(self):
        self.assertFalse(self._complain(0, 0))

    def test_V3_smallest_fine_of_the_tier_at_the_periods_end(self):
        self._decide(self.agent, "senior", "2025-03-31")
        self._apply("2025-04-03")
        self.assertEqual(self._complain(100, 50).fine, 80)

    def test_V3_leaver_on_the_last_day_employed(self):
        leaver = self._make_agent("Leaver", left="2025-03-20")
        self.assertEqual(self._complain(100, 50, leaver).date, date(2025, 3, 20))

    def test_V3_needs_no_review(self):
        """An agent left out of the review still answers for complaints."""
        self.assertTrue(self._complain(100, 50))
        self.assertFalse(self._appraisal(self.agent, "2025-03").scored)

    def test_V3_is_not_raised_beside_one_reported_by_hand(self):
        self._violation(self.agent, "2025-03-31", kind="complaint_rate", fine=30)
        self.assertEqual(len(self._complain(100, 50)), 1)

    def test_V3_counts_as_a_violation(self):
        for day in ("2025-03-10", "2025-03-11"):
            self._violation(self.agent, day)
        self._complain(100, 50)
        self.assertEqual(self._grounds(self.agent), ["dismiss_repeated"])

    def test_figures_bad_input_is_refused(self):
        for values in (
            {"handled": 1, "complaints": 2},
            {"complaints": 1},
            {"handled": -1, "complaints": -1},
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "Agent"):
                self._figure(self.agent, "2025-03", **values)

    # ------------------------------------------------------------------ repeated

    def test_V4_X3_the_third_since_joining(self):
        self._violation(self.agent, "2025-01-10")
        self._violation(self.agent, "2025-02-10")
        self._play("2025-02", {})
        self.assertFalse(self._decisions(self.agent))
        self._violation(self.agent, "2025-03-10")
        self._play("2025-03", {})
        review = self._decisions(self.agent)
        self.assertEqual((review.ground, review.outcome), ("dismiss_repeated", "dismissal_review"))
        self.assertEqual(len(review.violation_ids), 3)

    def test_V4_each_later_one_calls_again_when_the_review_has_ended(self):
        for day in ("2025-01-10", "2025-01-11", "2025-01-12"):
            self._violation(self.agent, day)
        self._play("2025-01", {})
        self._play("2025-02", {})
        review = self._decisions(self.agent)
        review._reject("One more chance")
        self._play("2025-03", {})
        self.assertEqual(self._decisions(self.agent), review, "no new violation, no new review")
        self._violation(self.agent, "2025-04-12")
        self._play("2025-04", {})
        self.assertEqual(self._decisions(self.agent).mapped("state"), ["rejected", "announced"])

    def test_V4_number_of_the_policy(self):
        self._make_policy(self.company, "2025-03-01", repeat_violations=2)
        self._violation(self.agent, "2025-03-10")
        self._violation(self.agent, "2025-03-11")
        self._play("2025-03", {})
        self.assertEqual(self._grounds(self.agent), ["dismiss_repeated"])

    def test_V4_withdrawn_ones_do_not_count(self):
        violations = [self._violation(self.agent, f"2025-03-1{day}") for day in range(3)]
        violations[0]._withdraw("It was somebody else")
        self._play("2025-03", {})
        self.assertFalse(self._decisions(self.agent))

    def test_V4_those_of_a_former_employment_do_not_count(self):
        agent = self._make_agent("Back again", left="2025-01-31")
        self._violation(agent, "2025-01-10")
        self._violation(agent, "2025-01-11")
        self._play("2025-01", {agent: 80})
        agent.create_contract("2025-03-01")
        self._violation(agent, "2025-03-10")
        self._play("2025-03", {agent: 80})
        self.assertFalse(self._decisions(agent))

    def test_V4_and_V2_may_come_together(self):
        for severity in ("minor", "moderate", "serious"):
            self._violation(self.agent, "2025-03-10", severity)
        self._play("2025-03", {})
        self.assertEqual(
            sorted(self._grounds(self.agent)),
            ["demote_violation", "dismiss_repeated", "dismiss_serious"],
        )
