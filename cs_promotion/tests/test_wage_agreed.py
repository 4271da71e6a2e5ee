import importlib.util
from datetime import date
from pathlib import Path

from odoo.tests import Form, tagged

from .common import CsPromotionCase

MIGRATION = Path(__file__).parents[1] / "migrations" / "19.0.2.0.0" / "post-wages.py"


@tagged("post_install", "-at_install", "cs_promotion")
class TestWageAgreed(CsPromotionCase):
    """A wage agreed with the person is marked, and nothing changes it unasked (W6)."""

    def _held(self, agent, day):
        version = agent._get_version(date.fromisoformat(day))
        return version.cs_tier_id.code, version.wage, version.cs_wage_agreed

    def _new_policy(self, day="2025-03-01", **wages):
        policy = self._make_policy(self.company, day, activate=False)
        for code, wage in wages.items():
            policy.rung_ids.filtered(
                lambda each, code=code: each.tier_id.code == code
            ).base_wage = wage
        policy.action_activate()
        policy._revise_wages()
        return policy

    def _hire(self, **values):
        return self.env["hr.employee"].create(
            {
                "name": "Hired",
                "company_id": self.company.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
            }
            | values
        )

    # ------------------------------------------------------------------ how it is marked

    def test_w6_another_wage_than_the_base_marks_itself(self):
        self.assertEqual(self._held(self.agent, "2025-01-01"), ("junior", 1700, False))
        self.agent.wage = 2500
        self.assertEqual(self._held(self.agent, "2025-01-01"), ("junior", 2500, True))
        self.agent.wage = 1700
        self.assertEqual(self._held(self.agent, "2025-01-01"), ("junior", 1700, False))

    def test_w6_what_is_said_with_the_wage_counts(self):
        self.agent.write({"wage": 1650, "cs_wage_agreed": False})
        self.assertEqual(self._held(self.agent, "2025-01-01"), ("junior", 1650, False))
        self.agent.cs_wage_agreed = True
        self.assertEqual(self._held(self.agent, "2025-01-01"), ("junior", 1650, True))

    def test_w6_no_longer_agreed_it_is_the_base(self):
        self.agent.wage = 2500
        self.agent.cs_wage_agreed = False
        self.assertEqual(self._held(self.agent, "2025-01-01"), ("junior", 1700, False))

    def test_w6_wage_written_again_unchanged_marks_nothing(self):
        """An import gives all columns; a revision may be about to come."""
        newer = self._make_policy(self.company, "2025-03-01", activate=False)
        newer.rung_ids.filtered(lambda each: each.tier_id.code == "junior").base_wage = 1777
        newer.action_activate()
        self.agent.write({"wage": 1700, "job_title": "Hotline"})
        newer._revise_wages()
        self.assertEqual(self._held(self.agent, "2025-03-01"), ("junior", 1777, False))

    def test_w6_wage_given_when_hired_to_a_tier(self):
        junior = self.tiers["junior"].id
        given = self._hire(cs_tier_id=junior, wage=2500)
        self.assertEqual(self._held(given, "2025-01-01"), ("junior", 2500, True))
        usual = self._hire(cs_tier_id=junior)
        self.assertEqual(self._held(usual, "2025-01-01"), ("junior", 1700, False))

    def test_w1_an_empty_wage_beside_a_tier_is_the_base(self):
        """As an import gives it, and a form that was saved by a program."""
        for wage in (False, 0):
            empty = self._hire(cs_tier_id=self.tiers["junior"].id, wage=wage)
            self.assertEqual(self._held(empty, "2025-01-01"), ("junior", 1700, False))

    def test_w6_first_tier_keeps_the_wage_that_is_there(self):
        there = self._hire(wage=2600)
        self.assertFalse(there.cs_wage_agreed, "off the ladder there is nothing to mark")
        there.cs_tier_id = self.tiers["junior"]
        self.assertEqual(self._held(there, "2025-01-01"), ("junior", 2600, True))
        same = self._hire(wage=1700)
        same.cs_tier_id = self.tiers["junior"]
        self.assertEqual(self._held(same, "2025-01-01"), ("junior", 1700, False))
        new = self._hire()
        new.cs_tier_id = self.tiers["junior"]
        self.assertEqual(self._held(new, "2025-01-01"), ("junior", 1700, False))

    def test_w6_first_tier_of_a_later_version(self):
        there = self._hire(wage=2600)
        there.create_version({"date_version": "2025-03-01", "cs_tier_id": self.tiers["junior"].id})
        self.assertEqual(self._held(there, "2025-02-28"), (False, 2600, False))
        self.assertEqual(self._held(there, "2025-03-01"), ("junior", 2600, True))

    def test_w6_a_version_with_another_wage(self):
        self.agent.create_version({"date_version": "2025-03-01", "wage": 2500})
        self.agent.create_version({"date_version": "2025-05-01", "job_title": "Hotline"})
        self.assertEqual(self._held(self.agent, "2025-02-28"), ("junior", 1700, False))
        self.assertEqual(self._held(self.agent, "2025-03-01"), ("junior", 2500, True))
        self.assertEqual(self._held(self.agent, "2025-05-01"), ("junior", 2500, True))

    def test_w6_another_tier_by_hand(self):
        self.agent.cs_tier_id = self.tiers["senior"]
        self.assertEqual(self._held(self.agent, "2025-01-01"), ("senior", 2000, False))
        self.peer.wage = 2500
        self.peer.cs_tier_id = self.tiers["senior"]
        self.assertEqual(self._held(self.peer, "2025-01-01"), ("senior", 2500, True))

    # ------------------------------------------------------------------ the form

    def test_w6_form_shows_what_will_be(self):
        with Form(self.env["hr.employee"].with_company(self.company)) as form:
            form.name = "Typed In"
            form.contract_date_start = date(2025, 1, 1)
            form.cs_tier_id = self.tiers["junior"]
            self.assertEqual((form.wage, form.cs_wage_agreed), (1700, False))
            form.cs_tier_id = self.tiers["senior"]
            self.assertEqual((form.wage, form.cs_wage_agreed), (2000, False))
            form.wage = 2500
            self.assertTrue(form.cs_wage_agreed)
            form.cs_tier_id = self.tiers["junior"]
            self.assertEqual((form.wage, form.cs_wage_agreed), (2500, True))
        agent = form.save()
        self.assertEqual((agent.wage, agent.cs_wage_agreed), (2500, True))
        with Form(agent) as form:
            form.cs_wage_agreed = False
            self.assertEqual(form.wage, 1700)
        self.assertEqual((agent.wage, agent.cs_wage_agreed), (1700, False))

    def test_w6_form_keeps_a_wage_typed_before_the_tier(self):
        with Form(self.env["hr.employee"].with_company(self.company)) as form:
            form.name = "Typed In"
            form.contract_date_start = date(2025, 1, 1)
            form.wage = 1700
            form.cs_tier_id = self.tiers["senior"]
            self.assertEqual((form.wage, form.cs_wage_agreed), (1700, True))
        agent = form.save()
        self.assertEqual((agent.wage, agent.cs_wage_agreed), (1700, True))

    def test_w6_form_keeps_the_wage_of_existing_staff(self):
        there = self._hire(wage=2600)
        with Form(there) as form:
            form.cs_tier_id = self.tiers["junior"]
            self.assertEqual((form.wage, form.cs_wage_agreed), (2600, True))
        self.assertEqual(self._held(there, "2025-01-01"), ("junior", 2600, True))

    # ------------------------------------------------------------------ nothing changes it

    def test_w6_no_decision_changes_it(self):
        """case_07: a junior with 2500 becomes senior (2000), and that is taken back."""
        self.agent.wage = 2500
        decision = self._decide(self.agent, "senior", "2025-04-01")
        self._apply("2025-04-05")
        self.assertEqual(self._held(self.agent, "2025-04-01"), ("senior", 2500, True))
        decision._withdraw("A mistake")
        self.assertEqual(self._held(self.agent, "2025-04-01"), ("junior", 2500, True))

    def test_w6_no_demotion_lowers_it(self):
        senior = self._make_agent("Senior", tier="senior")
        senior.wage = 2300
        self._violation(senior, "2025-03-10", "moderate", fine=100)
        self._play("2025-03", {})
        self._apply("2025-04-04")
        self.assertEqual(self._held(senior, "2025-04-01"), ("intermediate", 2300, True))

    def test_w6_no_policy_changes_it(self):
        self.agent.wage = 2500
        self.peer.cs_wage_agreed = True  # agreed, though it is the base today
        policy = self._new_policy(junior=1777)
        self.assertEqual(self._held(self.agent, "2025-03-01"), ("junior", 2500, True))
        self.assertEqual(self._held(self.peer, "2025-03-01"), ("junior", 1700, True))
        policy.action_draft()
        self.assertEqual(self._held(self.agent, "2025-03-01"), ("junior", 2500, True))

    def test_w6_no_other_company_changes_it(self):
        self.agent.wage = 2500
        self.agent.write(
            {
                "company_id": self.company_b.id,
                "department_id": self.hotline_b.id,
                "parent_id": self.superior_b.id,
            }
        )
        version = self.agent.version_ids.sorted("date_version")[-1]
        self.assertEqual(version.cs_company_id, self.company_b)
        self.assertEqual((version.wage, version.cs_wage_agreed), (2500, True))

    def test_w6_the_path_tells_it_to_the_office(self):
        self.agent.wage = 2500
        self.env.flush_all()
        path = self.env["cs.path"].search([("employee_id", "in", (self.agent | self.peer).ids)])
        agreed = self._as(self.user_office, path).filtered("wage_agreed")
        self.assertEqual(agreed.employee_id.ids, self.agent.ids)
        self.assertNotIn("wage_agreed", self._as(self.user_agent, path).fields_get())

    # ------------------------------------------------------------------ upgrade

    def test_w6_upgrade_marks_what_no_revision_touched(self):
        spec = importlib.util.spec_from_file_location("post_wages", MIGRATION)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        nobody = self._make_agent("Unpaid")
        self.agent.wage = 1999
        self._new_policy(junior=1777)
        pending = self._make_policy(self.company, "2025-06-01", activate=False)
        pending.rung_ids.filtered(lambda each: each.tier_id.code == "junior").base_wage = 1800
        pending.action_activate()
        self.peer.create_version({"date_version": "2025-07-01", "job_title": "Hotline"})
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_version SET cs_wage_agreed = NULL")
        self.env.cr.execute("UPDATE hr_version SET wage = 0 WHERE employee_id = %s", [nobody.id])
        self.env.invalidate_all()
        migration.migrate(self.env.cr, "19.0.1.0.0")
        self.assertEqual(self._held(self.agent, "2025-01-01"), ("junior", 1999, True))
        self.assertEqual(self._held(self.peer, "2025-01-01"), ("junior", 1700, False))
        self.assertEqual(self._held(self.peer, "2025-03-01"), ("junior", 1777, False))
        self.assertEqual(self._held(self.peer, "2025-07-01"), ("junior", 1777, False))
        self.assertEqual(self._held(nobody, "2025-01-01"), ("junior", 0, False))
        self.assertEqual(self._held(self.agent_b, "2025-01-01"), ("junior", 1700, False))
