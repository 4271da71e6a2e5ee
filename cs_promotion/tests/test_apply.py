from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestApply(CsPromotionCase):
    """A decision becomes a dated employee record: tier, since-date and wage (P2, O3, O4)."""

    def _version(self, day, agent=None):
        return (agent or self.agent)._get_version(date.fromisoformat(day))

    def _held(self, day, agent=None):
        version = self._version(day, agent)
        return version.cs_tier_id.code, str(version.cs_tier_since), version.wage

    def _promote(self, tier="senior", day="2025-04-01", agent=None, on=None):
        decision = self._decide(agent or self.agent, tier, day)
        self._apply(on or "2025-12-31")
        return decision

    # ------------------------------------------------------------------ the new version

    def test_O3_a_version_from_the_effective_date(self):
        self.agent.write({"job_title": "Hotline agent", "wage": 1700})
        decision = self._promote()
        self.assertEqual(decision.state, "applied")
        self.assertEqual(
            self.agent.version_ids.mapped("date_version"), [date(2025, 1, 1), date(2025, 4, 1)]
        )
        self.assertEqual(self._held("2025-03-31"), ("junior", "2025-01-01", 1700))
        self.assertEqual(self._held("2025-04-01"), ("senior", "2025-04-01", 2000))

    def test_nothing_else_of_the_record_changes(self):
        self.agent.write(
            {
                "job_title": "Hotline agent",
                "contract_date_end": "2026-06-30",
                "private_street": "Long Road 1",
                "department_id": self.front_desk.id,
            }
        )
        self._promote()
        former, new = self.agent.version_ids
        skipped = {
            "id",
            "display_name",
            "date_version",
            "cs_tier_id",
            "cs_tier_since",
            "wage",
            "create_date",
            "write_date",
            "last_modified_date",
            "last_modified_uid",
        }
        same = [
            name
            for name, field in former._fields.items()
            if field.store
            and field.type not in ("one2many", "properties_definition")
            and name not in skipped
        ]
        before, after = former.read(same)[0], new.read(same)[0]
        for values in (before, after):
            values.pop("id")
        changed = {name for name in before if before[name] != after[name]}
        self.assertLessEqual(changed, {"contract_wage", "structure_type_id", "struct_id"})

    def test_O3_effective_in_the_past(self):
        """The software comes late: history is as if it had been in time."""
        self._promote(on="2025-09-15")
        self.assertEqual(self._tier_on(self.agent, "2025-03-31"), "junior")
        self.assertEqual(self._tier_on(self.agent, "2025-04-01"), "senior")
        self.assertEqual(self._held("2025-09-15"), ("senior", "2025-04-01", 2000))

    def test_not_before_its_day(self):
        decision = self._decide(self.agent, "senior", "2025-04-10")
        decision.notice_until = date(2025, 4, 1)
        self._apply("2025-04-09")
        self.assertEqual(decision.state, "announced")
        self.assertEqual(len(self.agent.version_ids), 1)
        self._apply("2025-04-10")
        self.assertEqual(decision.state, "applied")

    def test_current_record_of_the_employee_shows_the_tier(self):
        with freeze_time("2025-04-04"):
            self._promote(on="2025-04-04")
            self.env.invalidate_all()
            self.agent._cron_update_current_version_id()
            self.assertEqual(self.agent.cs_tier_id.code, "senior")
            self.assertEqual(self.agent.wage, 2000)

    # ------------------------------------------------------------------ traps of hr.version

    def test_trap_version_exists_that_day(self):
        version = self.agent.create_version({"date_version": "2025-04-01"})
        version.department_id = self.front_desk
        self._promote()
        self.assertEqual(len(self.agent.version_ids), 2)
        self.assertEqual(self._version("2025-04-01"), version)
        self.assertEqual(self._held("2025-04-01"), ("senior", "2025-04-01", 2000))
        self.assertEqual(version.department_id, self.front_desk)
        self.assertEqual(self._held("2025-03-31"), ("junior", "2025-01-01", 1700))

    def test_trap_later_versions_move_along(self):
        later = self.agent.create_version({"date_version": "2025-06-01"})
        later.department_id = self.front_desk
        self._promote()
        self.assertEqual(self._held("2025-05-31"), ("senior", "2025-04-01", 2000))
        self.assertEqual(self._held("2025-06-01"), ("senior", "2025-04-01", 2000))
        self.assertEqual(self._version("2025-05-31").department_id, self.hotline)
        self.assertEqual(later.department_id, self.front_desk)

    def test_trap_later_change_of_something_else_keeps_the_tier(self):
        self._promote()
        later = self.agent.create_version({"date_version": "2025-07-01"})
        later.department_id = self.front_desk
        self.assertEqual(self._held("2025-07-01"), ("senior", "2025-04-01", 2000))

    def test_trap_change_back_in_time_keeps_both_tiers(self):
        """A department moved in between, recorded after the decision was applied."""
        self._promote()
        between = self.agent.create_version({"date_version": "2025-02-15"})
        between.department_id = self.front_desk
        self.assertEqual(self._held("2025-02-15"), ("junior", "2025-01-01", 1700))
        self.assertEqual(self._held("2025-04-01"), ("senior", "2025-04-01", 2000))

    def test_w6_wage_agreed_for_a_later_version_stays(self):
        later = self.agent.create_version({"date_version": "2025-06-01"})
        later.wage = 1750
        self._promote()
        self.assertEqual(self._held("2025-04-01"), ("senior", "2025-04-01", 2000))
        self.assertEqual(self._held("2025-06-01"), ("senior", "2025-04-01", 1750))

    def test_trap_later_version_of_another_tier_stays(self):
        first = self._promote("senior", "2025-06-01")
        second = self._promote("intermediate", "2025-04-01")
        self.assertEqual((first.state, second.state), ("applied", "applied"))
        self.assertEqual(self._held("2025-05-31"), ("intermediate", "2025-04-01", 1800))
        self.assertEqual(self._held("2025-06-01"), ("senior", "2025-06-01", 2000))

    def test_trap_planned_contract_end_is_kept(self):
        self.agent.contract_date_end = "2025-12-31"
        self._promote()
        self.assertEqual(len(self.agent.version_ids), 2, "before the promotion, and since")
        for version in self.agent.version_ids:
            self.assertEqual(version.contract_date_start, date(2025, 1, 1))
            self.assertEqual(version.contract_date_end, date(2025, 12, 31))

    def test_trap_rehired_later_is_another_employment(self):
        agent = self._make_agent("Back again", left="2025-04-30")
        agent.create_contract("2025-08-01")
        self._promote(agent=agent)
        self.assertEqual(self._held("2025-04-01", agent), ("senior", "2025-04-01", 2000))
        self.assertEqual(self._held("2025-08-01", agent), ("junior", "2025-08-01", 1700))

    # ------------------------------------------------------------------ the wage

    def test_P2_wage_of_the_policy_in_force_on_the_day(self):
        newer = self._make_policy(self.company, "2025-04-01", activate=False)
        newer.rung_ids.filtered(lambda line: line.tier_id.code == "senior").base_wage = 2222
        newer.action_activate()
        self._promote(day="2025-03-31")
        self.assertEqual(self._held("2025-03-31"), ("senior", "2025-03-31", 2000))
        self._promote(day="2025-04-01", agent=self.peer)
        self.assertEqual(self._held("2025-04-01", self.peer), ("senior", "2025-04-01", 2222))

    def test_P2_demotion_lowers_the_wage(self):
        senior = self._make_agent("Senior", tier="senior")
        self._violation(senior, "2025-03-10", "moderate", fine=100)
        self._play("2025-03", {})
        self._apply("2025-04-04")
        self.assertEqual(self._held("2025-04-01", senior), ("intermediate", "2025-04-01", 1800))

    # ------------------------------------------------------------------ overtaken

    def test_O2_leaver_gets_none(self):
        decision = self._decide(self.agent, "senior", "2025-04-01")
        self.agent.contract_date_end = "2025-04-01"
        self._apply("2025-04-04")
        self.assertEqual(decision.state, "withdrawn")
        self.assertIn("Overtaken", decision.closing_reason)
        self.assertEqual(len(self.agent.version_ids), 1)

    def test_leaver_after_the_day_gets_it(self):
        decision = self._decide(self.agent, "senior", "2025-04-01")
        self.agent.contract_date_end = "2025-04-02"
        self._apply("2025-05-04")
        self.assertEqual(decision.state, "applied")
        self.assertEqual(self._tier_on(self.agent, "2025-04-02"), "senior")

    def test_archived_agent_who_left_later_gets_it(self):
        decision = self._decide(self.agent, "senior", "2025-04-01")
        self.agent.contract_date_end = "2025-04-20"
        self.agent.active = False
        self._apply("2025-05-04")
        self.assertEqual(decision.state, "applied")
        self.assertEqual(self._tier_on(self.agent, "2025-04-10"), "senior")

    def test_decision_of_a_rule_is_overtaken_by_a_persons(self):
        """The rule saw a junior; the agent is senior since the day before."""
        self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 80})
        decision = self._decisions(self.agent)
        self._decide(self.agent, "senior", "2025-03-31")
        self._apply("2025-04-20")
        self.assertEqual(decision.state, "withdrawn")
        self.assertEqual(self._tier_on(self.agent, "2025-04-20"), "senior")

    def test_persons_decision_starts_from_the_tier_held_on_its_day(self):
        """Promoted by score on 1 April, appointed senior on 20 April."""
        self._play_months("2025-01", "2025-02", {self.agent: 95, self.peer: 80})
        person = self._decide(self.agent, "senior", "2025-04-20")
        self._play("2025-03", {self.agent: 95, self.peer: 80})
        self._apply("2025-04-23")
        self.assertEqual(
            [each.state for each in self._decisions(self.agent)], ["applied", "applied"]
        )
        self.assertEqual(person.tier_from_id.code, "intermediate")
        self.assertEqual(self._tier_on(self.agent, "2025-04-01"), "intermediate")
        self.assertEqual(self._tier_on(self.agent, "2025-04-20"), "senior")

    def test_persons_decision_that_is_no_step_up_any_more(self):
        self._decide(self.agent, "reserve", "2025-04-01")
        decision = self._decide(self.agent, "senior", "2025-04-10")
        self._apply("2025-04-20")
        self.assertEqual(decision.state, "withdrawn")
        self.assertEqual(self._tier_on(self.agent, "2025-04-20"), "reserve")

    def test_oldest_first_whatever_the_order_of_the_selection(self):
        second = self._decide(self.agent, "reserve", "2025-05-01")
        first = self._decide(self.agent, "senior", "2025-04-01")
        (second | first)._apply_due(date(2025, 5, 10))
        self.assertEqual(self._held("2025-04-30"), ("senior", "2025-04-01", 2000))
        self.assertEqual(self._held("2025-05-01"), ("reserve", "2025-05-01", 2000))
        self.assertEqual(second.tier_from_id.code, "senior")

    def test_two_agents_on_the_same_day(self):
        for agent in (self.agent, self.peer):
            self._decide(agent, "intermediate", "2025-04-01")
        self._apply("2025-04-04")
        for agent in (self.agent, self.peer):
            self.assertEqual(self._held("2025-04-01", agent), ("intermediate", "2025-04-01", 1800))

    # ------------------------------------------------------------------ again, and back

    def test_applied_once(self):
        decision = self._promote()
        versions = self.agent.version_ids
        decision._apply_due(date(2025, 12, 31))
        decision._apply(date(2025, 12, 31))
        self.assertEqual(self.agent.version_ids, versions)

    def test_button_applies_what_is_due(self):
        due = self._decide(self.agent, "senior", "2025-04-01")
        waiting = self._decide(self.peer, "senior", "2025-04-20")
        with freeze_time("2025-04-06"):
            self._as(self.user_office, due | waiting).action_apply()
        self.assertEqual((due.state, waiting.state), ("applied", "announced"))
        with self.assertRaises(UserError):
            self._as(self.user_agent, waiting).action_apply()

    def test_taken_back_with_later_versions(self):
        later = self.agent.create_version({"date_version": "2025-06-01"})
        later.department_id = self.front_desk
        decision = self._promote()
        decision._withdraw("A mistake")
        for day in ("2025-04-01", "2025-06-01"):
            self.assertEqual(self._held(day), ("junior", "2025-01-01", 1700))
        self.assertEqual(later.department_id, self.front_desk)

    def test_taken_back_newest_first(self):
        """Senior since April, reserve since May: April falls only after May."""
        first = self._promote("senior", "2025-04-01")
        second = self._promote("reserve", "2025-05-01")
        second._withdraw("Not yet")
        first._withdraw("Nor that")
        self.assertEqual(self._held("2025-05-01"), ("junior", "2025-01-01", 1700))

    def test_withdrawn_decision_leaves_the_day_free(self):
        self._promote()._withdraw("A mistake")
        self._promote("intermediate")
        self.assertEqual(self._held("2025-04-01"), ("intermediate", "2025-04-01", 1800))
