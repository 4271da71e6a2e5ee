import json
from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import tagged

from .arrears_common import ArrearsCase

SCRIPT = Path(__file__).parents[1] / "migrations/19.0.2.0.0/post-figures.py"


@tagged("post_install", "-at_install", "cs_promotion")
class TestArrearsFormer(ArrearsCase):
    """W7: payslips of the former release, which keep no amounts, are compared like others."""

    def _make_former(self, slip):
        """What the former release would have kept with this payslip."""
        kept = slip.cs_figures
        former = {
            "held": [
                [each["tier"], each["start"], each["end"]] for each in kept["held"] if each["tier"]
            ],
            **{name: kept[name] for name in ("score", "sales", "due", "taken", "carried")},
            "warnings": kept["warnings"],
        }
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_payslip SET cs_figures = %s, cs_facts = NULL WHERE id = %s",
            [json.dumps(former), slip.id],
        )
        self.env.invalidate_all()

    def _upgrade(self):
        self.env.flush_all()
        load_script(str(SCRIPT), "post_figures").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_w7_an_upgrade_makes_no_difference_and_later_ones_are_found(self):
        self._play("2025-01", {self.agent: 60})
        figure = self._figure(self.agent, "2025-01", sales=100000.5)
        slip = self._pay(self.agent, "2025-01")
        kept, facts = slip.cs_figures, slip.cs_facts
        self._make_former(slip)
        self.assertEqual(self._find(self.agent), {})
        self._upgrade()
        self.assertEqual(slip.cs_facts, facts)
        self.assertEqual(slip.cs_figures, kept)
        self.assertEqual(self._find(self.agent), {})
        self._rescore(self.agent, "2025-01", 100)
        figure.sales = 50000
        self.assertEqual(
            self._find(self.agent),
            {("2025-01", "APPRAISAL"): 80, ("2025-01", "COMMISSION"): -50},
        )
        self.assertIn("60", slip.cs_explanation)

    def test_w7_what_had_changed_before_is_found(self):
        self._play("2025-01", {self.agent: 60})
        slip = self._pay(self.agent, "2025-01")
        self._make_former(slip)
        self._rescore(self.agent, "2025-01", 100)
        self._upgrade()
        self.assertEqual(self._find(self.agent), {("2025-01", "APPRAISAL"): 80})

    def test_w7_half_time_paid_whole_by_the_former_release_owes_nothing(self):
        slip = self._pay(self.agent, "2025-01")
        calendar = self.env["resource.calendar"].create(
            {"name": "Half", "company_id": self.company.id, "full_time_required_hours": 80}
        )
        self.agent.version_id.resource_calendar_id = calendar
        self._make_former(slip)
        self._upgrade()
        self.assertEqual(self._find(self.agent), {})

    def test_w7_twins_and_refunds_of_the_former_release_owe_nothing(self):
        slips = [self._pay(self.agent, "2025-01"), self._slip(self.agent, "2025-01")]
        self.env.flush_all()
        # confirmed by the last release, which let it pass
        self.env.cr.execute("UPDATE hr_payslip SET state = 'done' WHERE id = %s", (slips[1].id,))
        self.env.invalidate_all()
        third = self._pay(self.peer, "2025-01")
        third.refund_sheet()
        for slip in (*slips, third, third.refunded_id):
            self._make_former(slip)
        self._upgrade()
        self.assertEqual(self._find(self.agent), {})
        self.assertEqual(self._find(self.peer), {})
        self._figure(self.agent, "2025-01", sales=10000)
        self.assertEqual(self._find(self.agent), {("2025-01", "COMMISSION"): 10})

    def test_w7_a_month_without_policy_stays_readable(self):
        slip = self._pay(self.agent, "2025-01")
        self._make_former(slip)
        self.policy.active = False
        self._upgrade()
        self.assertIn(self.tiers["junior"].name, slip.cs_explanation)
        self.assertEqual(self._find(self.agent), {})
