"""Two versions of a policy, compared field by field."""

from lxml import html

from odoo import Command
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestPolicyChanges(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.later = cls.policy.copy({"date_from": "2030-01-01"})

    def _changes(self):
        """Rows of the page as its reader sees them: (part, what, before, now)."""
        policy = self._as(self.user_manager, self.later)
        policy.invalidate_recordset(["changes_html"])
        rows = html.fromstring(policy.changes_html).xpath("//tbody/tr")
        return [tuple(" ".join(cell.text_content().split()) for cell in row) for row in rows]

    def test_a_copy_differs_in_nothing(self):
        self.assertEqual(self._changes(), [])
        self.assertIn("Nothing differs", self.later.changes_html)
        [first] = self._as(self.user_manager, self.policy).read(["changes_html"])
        self.assertIs(first["changes_html"], False, "nothing was in force before the first")

    def test_W1_settings_and_amounts_that_differ(self):
        """And what follows from a setting: the rule that asks for the pass mark."""
        self.later.write({"pass_mark": 65, "approval": "manager", "require_attestation": True})
        line = self.later.rung_ids.filtered(lambda each: each.tier_id.code == "junior")
        line.write({"base_wage": 1800, "commission_percent": 0.15})
        failing = self.later.rule_ids.filtered(lambda each: each.code == "dismiss_failing")
        self.assertEqual(
            self._changes(),
            [
                ("", "Pass Mark", "60", "65"),
                ("", "Approval", "Announced at once", "A manager approves first"),
                ("", "Standards Attested", "no", "yes"),
                (line.tier_id.name, "Base Wage", "1700", "1800"),
                (line.tier_id.name, "Commission (%)", "0.1", "0.15"),
                (
                    failing.name,
                    "In Words",
                    "Monthly score < 60, in the last 3 reviews",
                    "Monthly score < 65, in the last 3 reviews",
                ),
            ],
        )

    def test_11_rules_that_came_went_or_say_something_else(self):
        rules = {rule.code: rule for rule in self.later.rule_ids}
        rules["promote_senior"].condition_ids.filtered(
            lambda each: each.metric == "tenure_months"
        ).value = 9
        gone = rules["dismiss_failing"]
        name, sentence, junior = gone.name, " ".join(gone.sentence.split()), gone.tier_id
        gone.unlink()
        rules["promote_intermediate"].copy({"code": "promote_quickly", "name": "Quickly"})
        changes = self._changes()
        self.assertEqual(
            [row[:2] for row in changes],
            [
                (name, "removed"),
                (rules["promote_senior"].name, "In Words"),
                ("Quickly", "added"),
            ],
        )
        self.assertEqual(
            changes[0][2], f"{junior.name}, Dismissal review, {sentence}", "no number of its place"
        )
        self.assertIn("since joining ≥ 6", changes[1][2])
        self.assertIn("since joining ≥ 9", changes[1][3])
        self.assertEqual((changes[0][3], changes[2][2]), ("", ""))

    def test_L5_rungs_in_another_order_with_other_marks(self):
        rungs = {rung.tier_id.code: rung for rung in self.later.rung_ids}
        rungs["senior"].sequence = 25
        rungs["intermediate"].write({"sequence": 45, "appointed": True})
        reserve = rungs["reserve"].tier_id.name
        rungs["reserve"].unlink()
        junior, intermediate, senior = (
            rungs[code].tier_id.name for code in ("junior", "intermediate", "senior")
        )
        self.assertEqual(
            self._changes()[:4],
            [
                (intermediate, "Comes After", junior, senior),
                (intermediate, "By Appointment", "no", "yes"),
                (senior, "Comes After", intermediate, junior),
                (
                    reserve,
                    "removed",
                    f"Comes After: {senior}, By Appointment, Paid As Below",
                    "",
                ),
            ],
        )

    def test_P3_a_rule_that_leads_elsewhere(self):
        rule = self.later.rule_ids.filtered(lambda each: each.code == "promote_intermediate")
        rule.tier_to_id = self.env.ref("cs_promotion.tier_senior")
        changes = self._changes()
        self.assertEqual(changes[0], (rule.name, "Leads To", "", "Senior agent"))
        self.assertIn("leads to Senior agent", changes[1][3])

    def test_V2_violations_that_lead_to_something_else(self):
        _minor, moderate, serious = self.later.consequence_ids
        moderate.write({"outcome": "dismissal_review", "fined": False})
        serious.unlink()
        self.assertEqual(
            self._changes(),
            [
                ("Moderate", "Leads To", "One step down", "Dismissal review"),
                ("Moderate", "Fine", "yes", "no"),
                ("Serious", "removed", "Dismissal review, Fine", ""),
            ],
        )

    def test_V1_offences_that_came_or_cost_more(self):
        kind = self.env.ref("cs_promotion.violation_type_slacking")
        values = {"type_id": kind.id, "fine_method": "fixed", "fine_amount": 50}
        self.policy.offence_ids = [Command.create(values)]
        self.later.offence_ids = [
            Command.create(values | {"fine_amount": 60}),
            Command.create(values | {"times": 2, "months": 6, "severity": "serious"}),
        ]
        self.assertEqual(
            self._changes(),
            [
                (kind.name, "Amount", "50", "60"),
                (
                    f"{kind.name}, from time 2 on",
                    "added",
                    "",
                    "Serious, This amount, Amount: 50, Within Months: 6",
                ),
            ],
        )

    def test_S3_raters_that_weigh_something_else(self):
        superior, office = self.later.rater_ids
        superior.weight = 60
        self.assertEqual(self._changes(), [("Direct superior", "Weight", "50", "60")])
        office.unlink()
        self.assertEqual(self._changes()[1], ("Office", "removed", "Weight: 50", ""))

    def test_S2_another_form(self):
        form = self.policy.scorecard_id.copy({"name": "Another form"})
        section = form.section_ids[0]
        section.weight -= 1
        first, second = section.item_ids[:2]
        first.name = "Another item"
        second.rater = "office"
        self.later.scorecard_id = form
        changes = self._changes()
        self.assertEqual(changes[0][1:], ("Scorecard", self.policy.scorecard_id.name, form.name))
        self.assertEqual(changes[1][:2], (section.name, "Weight (%)"))
        self.assertEqual(changes[2][0], "Another item")
        self.assertEqual(changes[3], (second.name, "In Words", "", "rated by Office alone"))
        self.assertEqual(len(changes), 4)
