"""Applications: what a policy looks at only for agents who have applied for it."""

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..package.node import ScenarioError
from .notice_common import NoticeCase
from .played_package import PlayedPackageCase

MONTHS = [f"2026-{month:02}" for month in range(3, 7)]


@tagged("post_install", "-at_install", "cs_promotion")
class TestApplicationPlayed(PlayedPackageCase):
    """10.6, 10.7: those who think they qualify apply with a report; two people examine."""

    def _two_quarters(self, **values):
        good = {"metric": "quarter_score", "value": 80, "times": 2, "consecutive": True}
        approvals = [{"who": "superior"}, {"who": "superior_of_superior"}]
        asked = {"on_application": True, "approvals": approvals}
        return self._package(rules=[self._rule(good, **asked, **values)])

    def _until_june(self, score=85, **given):
        return {"months": {f"2026-{month:02}": score for month in range(1, 8)}, **given}

    def test_10_6_who_applies_moves_and_who_does_not_stays(self):
        applied = [{"date": "2026-06-20", "rule": "up"}]
        no = {"date": "2026-07-01", "rule": "up", "by": "superior_of_superior", "approve": False}
        found = self._play(
            self._two_quarters(),
            "2026-01",
            "2026-07",
            APPLIED=self._until_june(applications=applied),
            SILENT=self._until_june(),
            SHORT=self._until_june(score=79, applications=applied),
            EARLY=self._until_june(applications=[{"date": "2026-05-31", "rule": "up"}]),
            LATE=self._until_june(applications=[{"date": "2026-07-01", "rule": "up"}]),
            REFUSED=self._until_june(applications=applied, approvals=[no]),
        )
        moved = [("2026-07-01", "desk_senior")]
        self.assertEqual(
            self._changes(found),
            {"APPLIED": moved, "SILENT": [], "SHORT": [], "EARLY": [], "LATE": [], "REFUSED": []},
        )
        self.assertEqual(
            {name: each["applications"] for name, each in found.items() if name != "SILENT"},
            {
                "APPLIED": [{**applied[0], "outcome": "met"}],
                "SHORT": [{**applied[0], "outcome": "not_met"}],
                "EARLY": [{"date": "2026-05-31", "rule": "up", "outcome": "not_met"}],
                "LATE": [{"date": "2026-07-01", "rule": "up", "outcome": "not_met"}],
                "REFUSED": [{**applied[0], "outcome": "rejected"}],
            },
        )
        self.assertNotIn("applications", found["SILENT"])

    def test_one_that_counts_for_the_quarter_waits_for_its_end(self):
        early = [{"date": "2026-04-02", "rule": "up"}]
        found = self._play(
            self._two_quarters(application_months=3),
            "2026-01",
            "2026-06",
            ANN=self._until_june(applications=early),
        )
        self.assertEqual(self._changes(found)["ANN"], [("2026-07-01", "desk_senior")])
        self.assertEqual(found["ANN"]["applications"], [{**early[0], "outcome": "met"}])

    def _one_place(self):
        asked = {"on_application": True, "examined_in": "3"}
        package = self._package(rules=[self._rule(self._score(80), **asked)])
        package["ladder"][1] |= {"places": "number", "places_value": 1, "places_within": "company"}
        package["ladder"][1]["order"] = [{"metric": "month_score"}]
        return package

    def test_of_two_who_apply_one_finds_a_place(self):
        applied = [{"date": "2026-03-02", "rule": "up"}]
        found = self._play(
            self._one_place(),
            "2026-03",
            "2026-03",
            BETTER={"months": {"2026-03": 95}, "applications": applied},
            GOOD={"months": {"2026-03": 90}, "applications": applied},
            BEST={"months": {"2026-03": 99}},
        )
        moved = [("2026-04-01", "desk_senior")]
        self.assertEqual(self._changes(found), {"BETTER": moved, "GOOD": [], "BEST": []})
        self.assertEqual(found["BETTER"]["applications"][0]["outcome"], "met")
        self.assertEqual(found["GOOD"]["applications"][0]["outcome"], "no_place")

    def test_who_finds_no_place_is_looked_at_again_while_the_application_counts(self):
        package = self._one_place()
        package["rules"][0] |= {"application_months": 6, "examined_in": "3, 6"}
        applied = [{"date": "2026-03-02", "rule": "up"}]
        found = self._play(
            package,
            "2026-03",
            "2026-06",
            BETTER={"months": dict.fromkeys(MONTHS, 95), "applications": applied},
            GOOD={"months": dict.fromkeys(MONTHS, 90), "applications": applied},
            WEAK={"months": dict.fromkeys(MONTHS, 79), "applications": applied},
        )
        outcomes = {name: each["applications"][0]["outcome"] for name, each in found.items()}
        self.assertEqual(outcomes, {"BETTER": "met", "GOOD": "no_place", "WEAK": "not_met"})

    def test_what_is_not_looked_at_in_these_months_is_not_applied_for(self):
        applied = [{"date": "2026-04-02", "rule": "up"}]
        with self.assertRaisesRegex(ScenarioError, "at no closing of these months"):
            self._play(self._one_place(), "2026-04", "2026-04", ANN={"applications": applied})


@tagged("post_install", "-at_install", "cs_promotion")
class TestApplication(NoticeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.policy.rule_ids.filtered(lambda rule: rule.code == "promote_intermediate")
        cls.rule.on_application = True

    def _apply_for(self, user, agent, day="2025-03-20", submit=True, **values):
        values |= {"employee_id": agent.id, "rule_id": self.rule.id}
        with freeze_time(day):
            application = self.env["cs.application"].with_user(user).create(values)
            if submit:
                application.action_submit()
        return application.sudo()

    def _close_quarter(self, **scores):
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-03", {self.agent: 95, self.peer: 80} | scores)
            self._run_notify()

    def test_met_and_not_met(self):
        application = self._apply_for(self.user_agent, self.agent, report="Two good quarters")
        short = self._apply_for(self.user_peer, self.peer)
        self._close_quarter()
        decision = self._decisions(self.agent)
        self.assertRecordValues(
            application,
            [{"state": "decided", "outcome": "met", "decision_id": decision.id}],
        )
        self.assertIn("application of", html2plaintext(decision.evidence_html))
        self.assertTrue(decision._follows_from_evidence())
        self.assertEqual((short.state, short.outcome), ("decided", "not_met"))
        self.assertFalse(self._decisions(self.peer))
        told = self._told(self.user_peer)
        self._assert_says(told, "did not meet the conditions", "Quarterly score ≥ 91", "80 ✗")
        self.assertNotIn("application", self._told(self.user_agent))

    def test_who_has_not_applied_came_close_to_nothing(self):
        self._close_quarter()
        self.assertFalse(self._decisions(self.agent))
        self.assertFalse(self._appraisal(self.agent, "2025-03").close_call)

    def test_rejected_by_one_who_approves(self):
        self.policy.approval = "manager"
        application = self._apply_for(self.user_agent, self.agent)
        self._close_quarter()
        self.assertEqual(application.outcome, "met")
        with freeze_time("2025-04-02"):
            decision = self._as(self.user_manager, self._decisions(self.agent))
            self._give_reason(decision.action_reject(), "Not this year")
            self._run_notify()
        self.assertEqual((application.outcome, application.reason), ("rejected", "Not this year"))
        self._assert_says(self._told(self.user_agent), "not approved", "Not this year")

    def _limit(self):
        """One place on the rung applied for, for the better quarter; 80 are enough."""
        self.rule.condition_ids.filtered(lambda each: each.metric == "quarter_score").value = 80
        rung = self.policy._get_rungs()[self.tiers["intermediate"]]
        order = [Command.create({"metric": "quarter_score"})]
        values = {"places": "number", "places_value": 1, "places_within": "company"}
        rung.write({**values, "order_ids": order})

    def test_who_met_all_and_found_no_place_is_told_so(self):
        self._limit()
        first = self._apply_for(self.user_agent, self.agent)
        second = self._apply_for(self.user_peer, self.peer)
        self._close_quarter()
        self.assertEqual((first.outcome, second.outcome), ("met", "no_place"))
        self.assertEqual(second.state, "decided")
        told = self._told(self.user_peer)
        self._assert_says(told, "No place free", "but no place was free", "✓ Quarterly score ≥ 80")
        self.assertNotIn("did not meet", told)

    def test_judged_again_it_still_found_no_place(self):
        self._limit()
        self._apply_for(self.user_agent, self.agent)
        second = self._apply_for(self.user_peer, self.peer)
        self._close_quarter()
        cycle, told = self._cycle("2025-03"), self._told(self.user_peer)
        with freeze_time("2025-04-02"):
            cycle._judge_agents(self.peer)
            self._run_notify()
        self.assertEqual((second.outcome, self._told(self.user_peer)), ("no_place", told))

    def test_a_corrected_month_is_judged_anew(self):
        short = self._apply_for(self.user_peer, self.peer)
        with freeze_time("2025-04-01"):
            self._play_months("2025-01", "2025-02", {self.agent: 95, self.peer: 93})
            self._play("2025-03", {self.agent: 95, self.peer: 80})
        self.assertEqual(short.outcome, "not_met")
        cycle = self._cycle("2025-03")
        with freeze_time("2025-04-02"):
            self._reopen_as_manager(cycle)
            self._regrade_sheets(self._appraisal(self.peer, "2025-03").sheet_ids, 95)
            self._close(cycle, "2025-04-02")
        self.assertEqual((short.outcome, short.decision_id), ("met", self._decisions(self.peer)))

    def test_the_path_says_until_when(self):
        with freeze_time("2025-03-10"):
            path = self.env["cs.path"].with_user(self.user_agent).browse(self.agent.id)
            self.assertIn("On application only, from", html2plaintext(path.upwards_html))
        self._apply_for(self.user_agent, self.agent)
        with freeze_time("2025-03-21"):
            path.invalidate_recordset()
            self.assertIn("You applied on", html2plaintext(path.upwards_html))

    def test_the_policy_says_so(self):
        self.assertIn("on the agent's application", self.rule.sentence)
        self.assertIn("on the agent's application", html2plaintext(self.policy.page_html))

    def test_agents_apply_for_themselves_and_see_no_others(self):
        ours = self._apply_for(self.user_agent, self.agent)
        draft = self._apply_for(self.user_peer, self.peer, submit=False)
        applications = self.env["cs.application"]
        self.assertEqual(applications.with_user(self.user_agent).search([]), ours)
        self.assertEqual(applications.with_user(self.user_superior).search([]), ours)
        self.assertEqual(applications.with_user(self.user_office).search([]), ours)
        self.assertFalse(applications.with_user(self.user_manager_b).search([]))
        for user in (self.user_superior, self.user_office, self.user_stranger):
            with self.assertRaises(UserError):
                self._apply_for(user, self.agent)
        with self.assertRaises(AccessError):
            draft.with_user(self.user_agent).action_submit()
        with self.assertRaises(UserError):
            ours.with_user(self.user_superior).write({"report": "x"})
        with self.assertRaises(UserError):
            ours.with_user(self.user_agent).write({"report": "x"})
        ours.with_user(self.user_agent).action_withdraw()
        self._close_quarter()
        self.assertEqual((ours.state, draft.state), ("withdrawn", "draft"))

    def test_the_office_enters_it_for_who_has_no_login(self):
        self.agent.user_id = False
        application = self._apply_for(self.user_office, self.agent, date="2025-03-05")
        self.assertEqual((f"{application.date}", application.state), ("2025-03-05", "submitted"))

    def test_what_is_not_offered_is_refused(self):
        senior = self._make_agent("Senior", tier="senior", user=True)
        with self.assertRaisesRegex(UserError, "not to be applied for"):
            self._apply_for(senior.user_id, senior)
        self._close_quarter()
        self.agent.user_id = False
        with self.assertRaisesRegex(UserError, "are closed"):
            self._apply_for(self.user_office, self.agent, "2025-04-03", date="2025-03-31")

    def test_menus_are_there_once_a_policy_asks_for_it(self):
        menu = self.env.ref("cs_promotion.cs_application_menu_mine")
        self.assertNotIn(menu.id, self.env["ir.ui.menu"]._load_menus_blacklist())
        self.rule.on_application = False
        self.assertIn(menu.id, self.env["ir.ui.menu"]._load_menus_blacklist())

    def test_it_leads_nowhere_for_who_works_in_another_company(self):
        handed_in = self._apply_for(self.user_agent, self.agent)
        reason = "Works elsewhere."
        self.agent._cs_end_elsewhere(
            Domain("employee_id", "=", self.agent.id), fields.Date.to_date("2025-04-01"), reason
        )
        self.assertRecordValues(handed_in, [{"state": "withdrawn", "reason": reason}])
