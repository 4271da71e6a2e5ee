"""Raters of every kind: named people, groups, heads, colleagues, oneself, a metric (policy
language, *Raters*)."""

import json

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..engine.colleagues import pair
from ..package.node import ScenarioError
from .common import CsPromotionCase
from .form_common import FormCase
from .other_forms_common import make_form, make_package
from .replay_common import ReplayCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestRatersPlayed(ReplayCase):
    def _score(self, package, *months):
        """The scores of agents with these months, one each."""
        agents = {f"AGENT{n}": {"months": {"2026-01": each}} for n, each in enumerate(months)}
        found = self._play(package, "2026-01", "2026-01", **agents)
        return [each["months"].get("2026-01", {}).get("score") for each in found.values()]

    def test_10_7_manager_and_quality_each_rate_what_they_know(self):
        """Named people and a group by codes of their own, each with items of its own and one that
        both rate."""
        form = make_form("Month", ("Work", 60), ("Checks", 20), ("Both", 20))
        items = form["sections"][0]["items"]
        items[0]["rater"] = "superior"
        items[1]["rater"] = "qa"
        items[2]["raters"] = "qa, hr"
        package = make_package(
            form=form,
            raters=[
                {"code": "superior", "weight": 50},
                {"code": "qa", "who": "named", "name": "Quality", "weight": 30, "people": ["Li"]},
                {"code": "hr", "who": "group", "weight": 10, "group": "cs_promotion.group_office"},
            ],
        )
        score = self._score(package, {"superior": [50], "qa": [18, 20], "hr": [10]})
        self.assertEqual(score, [85.5])  # 50 + 18 + (30 * 20 + 10 * 10) / 40

    def test_one_who_is_not_needed_is_left_out(self):
        package = make_package(
            raters=[
                {"code": "superior", "weight": 60},
                {"code": "head", "weight": 20, "needed": False},
                {"code": "self", "weight": 20, "needed": False},
            ]
        )
        full, half = [60, 40], [30, 20]
        scores = self._score(
            package,
            {"superior": full},
            {"superior": full, "head": half},
            {"superior": full, "head": half, "self": half},
            {"head": half},
        )
        self.assertEqual(scores, [100, 87.5, 80, None])

    def _make_survey(self):
        return make_package(
            scales=[
                {
                    "code": "survey_points",
                    "name": "Survey",
                    "mode": "line",
                    "steps": [{"bound": 1, "value": 0}, {"bound": 5, "value": 100}],
                }
            ],
            metrics=[{"code": "survey", "name": "Customers' survey"}],
            raters=[
                {"code": "superior", "weight": 80},
                {
                    "code": "customers",
                    "who": "metric",
                    "weight": 20,
                    "metric": "survey",
                    "scale": "survey_points",
                },
            ],
        )

    def test_customers_count_a_fifth(self):
        month = {"superior": [50, 40], "figures": {"survey": "4.2"}}
        self.assertEqual(self._score(self._make_survey(), month), [88])
        appraisal = self.env["cs.appraisal"].search([("employee_id.name", "=", "AGENT0")])
        kept = {"rater": "customers", "metric": "survey", "value": "21/5", "points": "80"}
        self.assertIn(kept, appraisal.measured)
        self.assertIn("Customers", appraisal.measured_html)

    def test_closing_waits_for_what_customers_say(self):
        with self.assertRaisesRegex(ScenarioError, "nothing is known of Customers' survey"):
            self._score(self._make_survey(), {"superior": [50, 40]})

    def test_the_mean_of_colleagues_counts(self):
        package = make_package(
            raters=[
                {"code": "superior", "weight": 50},
                {"code": "colleagues", "weight": 50, "number": 2},
            ]
        )
        given = {"superior": [50, 30]}
        found = self._play(
            package,
            "2026-01",
            "2026-01",
            ANNA={"months": {"2026-01": {**given, "colleagues": [[60, 40], [40, 35]]}}},
            BEN={"months": {"2026-01": {**given, "colleagues": [[60, 40], [60, 39]]}}},
            CAI={"months": {"2026-01": given}},
        )
        scores = {
            name: each["months"].get("2026-01", {}).get("score") for name, each in found.items()
        }
        self.assertEqual(scores, {"ANNA": 83.75, "BEN": 89.75, "CAI": None})

    def test_written_and_read_again(self):
        raters = [
            {"code": "superior", "weight": 40},
            {"code": "qa", "who": "named", "name": "Quality", "weight": 20, "people": ["Li"]},
            {
                "code": "group",
                "weight": 10,
                "group": "cs_promotion.group_manager",
                "needed": False,
            },
            {"code": "colleagues", "weight": 30, "number": 3},
        ]
        packages = self.env["cs.policy.package"].with_context(cs_trying_out=True)
        policy = packages._import(
            json.dumps(make_package(raters=raters)), self.env.company, "2030-01-01"
        )
        self.assertEqual(packages._export(policy)["raters"], raters)
        self.assertIn("Quality (weight 20): Li", policy.page_html)
        self.assertTrue(policy.asks_others, "the form shows who they are")
        shipped = self.env.ref("cs_promotion.policy_default")
        self.assertFalse(shipped.asks_others, "and nothing more than it needs")

    def test_faults(self):
        for fault, rater in (
            ("name somebody", {"code": "named"}),
            ("name the group", {"code": "group"}),
            ("name the metric", {"code": "metric"}),
            ("this code stands for Office", {"code": "office", "who": "head"}),
            ("one rater at least is needed", {"code": "head", "needed": False}),
            ("is not one of", {"code": "qa", "who": "dog"}),
            ("no such group", {"code": "qa", "who": "group", "group": "base.nothing"}),
        ):
            with self.subTest(fault), self.assertRaisesRegex(ScenarioError, fault):
                package = json.dumps(make_package(raters=[{"weight": 10, **rater}]))
                self.env["cs.policy.package"]._import(package, self.env.company, "2030-01-01")

    def test_each_is_asked_by_as_many_colleagues(self):
        for members in range(1, 7):
            for number in range(4):
                pairs = list(pair(range(members), number, 5))
                each = min(number or members, members - 1)
                self.assertEqual(len(set(pairs)), members * each)
                self.assertTrue(all(agent != rater for agent, rater in pairs))
                for person in range(members):
                    self.assertEqual(sum(rater == person for _agent, rater in pairs), each)


@tagged("post_install", "-at_install", "cs_promotion")
class TestRatersBlind(FormCase, CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_qa, cls.user_chief, cls.user_other = (
            new_test_user(cls.env, login=login, groups="base.group_user", company_id=cls.company.id)
            for login in ("qa", "chief", "other_qa")
        )
        cls.qa, cls.chief = (
            cls.env["hr.employee"].create(
                {"name": user.name, "user_id": user.id, "company_id": cls.company.id}
            )
            for user in (cls.user_qa, cls.user_chief)
        )
        cls.superior.parent_id = cls.chief
        cls._form({"name": "Talk", "source": "number", "maximum": 100})
        cls._weigh(cls.policy, superior=100, office=0)

    def _ask(self, *raters):
        self.policy.rater_ids = [
            Command.create({"weight": 50, "sequence": 50, **rater}) for rater in raters
        ]
        cycle = self._open("2025-01")
        self._appraisal(self.peer, "2025-01")._exclude("away")
        return cycle, self._appraisal(self.agent, "2025-01").sheet_ids.grouped("role")

    def _sees(self, user, *sheets):
        self.env.flush_all()
        self.env.invalidate_all()
        seen = (
            self.env["cs.appraisal.sheet"]
            .with_user(user)
            .search([("employee_id", "=", self.agent.id)])
        )
        return seen.sudo() == self.env["cs.appraisal.sheet"].union(*sheets)

    def _fill(self, user, sheet, points):
        own = sheet.with_user(user).with_company(self.company)
        own.line_ids.given = points
        own.action_submit()

    def test_named_people_are_blind_until_all_are_in(self):
        cycle, sheets = self._ask(
            {"code": "qa", "who": "named", "people_ids": [Command.set(self.qa.ids)]}
        )
        superior, qa = sheets["superior"], sheets["qa"]
        self.assertTrue(self._sees(self.user_qa, qa))
        self.assertTrue(self._sees(self.user_superior, superior))
        for user in (self.user_other, self.user_agent, self.user_stranger):
            self.assertTrue(self._sees(user))
        self.assertTrue(qa.with_user(self.user_qa).is_mine)
        self.assertIn(
            qa,
            self.env["cs.appraisal.sheet"]
            .with_user(self.user_qa)
            .search([("is_mine", "=", True)])
            .sudo(),
        )
        with self.assertRaises(AccessError):
            qa.with_user(self.user_superior).line_ids.given = 1
        self._fill(self.user_superior, superior, 80)
        self.assertTrue(self._sees(self.user_qa, qa))
        self.assertIn(self.user_qa, cycle._get_open_raters())
        self._fill(self.user_qa, qa, 50)
        self.assertTrue(self._sees(self.user_qa, qa, superior))
        self.assertTrue(self._sees(self.user_superior, qa, superior))
        self.assertTrue(self._sees(self.user_agent))
        self._close(cycle)
        self.assertEqual(self._appraisal(self.agent, "2025-01").score, 70)
        self.assertTrue(self._sees(self.user_agent, qa, superior))

    def test_where_nobody_has_a_login_the_office_does(self):
        self.qa.user_id = False
        _cycle, sheets = self._ask(
            {"code": "qa", "who": "named", "people_ids": [Command.set(self.qa.ids)]}
        )
        self.assertTrue(sheets["qa"].with_user(self.user_office).is_mine)
        self._fill(self.user_office, sheets["qa"], 50)

    def test_the_only_one_who_rates_already_leaves_it_to_the_office(self):
        people = [Command.set(self.superior.ids)]
        _cycle, sheets = self._ask({"code": "qa", "who": "named", "people_ids": people})
        self.assertFalse(sheets["qa"].with_user(self.user_superior).is_mine)
        self._fill(self.user_office, sheets["qa"], 50)

    def test_a_group_fills_one_sheet_in(self):
        group = self.env["res.groups"].create({"name": "Quality"})
        (self.user_qa | self.user_other).group_ids = [Command.link(group.id)]
        _cycle, sheets = self._ask({"code": "team", "who": "group", "group_id": group.id})
        for user in (self.user_qa, self.user_other):
            self.assertTrue(sheets["team"].with_user(user).is_mine)
        self.assertFalse(sheets["team"].with_user(self.user_office).is_mine)
        self._fill(self.user_other, sheets["team"], 50)

    def test_oneself_sees_no_other_sheet(self):
        cycle, sheets = self._ask({"code": "self"})
        own, superior = sheets["self"], sheets["superior"]
        self.assertTrue(self._sees(self.user_agent, own))
        self.assertTrue(self._sees(self.user_superior, superior))
        self.assertFalse(
            self.env["cs.appraisal"]
            .with_user(self.user_agent)
            .search([("employee_id", "=", self.agent.id)])
        )
        self._fill(self.user_agent, own, 100)
        self._fill(self.user_superior, superior, 70)
        self.assertTrue(self._sees(self.user_agent, own))
        self.assertTrue(self._sees(self.user_superior, own, superior))
        with self.assertRaises(AccessError):
            superior.with_user(self.user_agent).line_ids.read(["given"])
        self._close(cycle)
        self.assertEqual(self._appraisal(self.agent, "2025-01").score, 80)

    def test_head_and_superior_of_the_superior(self):
        self.hotline.manager_id = self.qa
        cycle, sheets = self._ask({"code": "superior2"}, {"code": "head", "weight": 100})
        self.assertEqual(sheets["superior2"].rater_id, self.chief)
        self.assertEqual(sheets["head"].rater_id, self.qa)
        self._fill(self.user_chief, sheets["superior2"], 40)
        self._fill(self.user_qa, sheets["head"], 60)
        self._fill(self.user_superior, sheets["superior"], 80)
        self._close(cycle)
        self.assertEqual(self._appraisal(self.agent, "2025-01").score, 64)

    def test_a_missing_head_is_named_by_hr(self):
        cycle, sheets = self._ask({"code": "head"})
        self._fill(self.user_superior, sheets["superior"], 80)
        with self.assertRaisesRegex(UserError, "Head of department.*nobody is named"):
            self._close(cycle)
        appraisal = self._appraisal(self.agent, "2025-01").with_user(self.user_manager)
        self.assertTrue(appraisal.asks_head)
        appraisal.head_id = self.chief
        self._fill(self.user_chief, sheets["head"], 50)
        self._close(cycle)
        self.assertEqual(self._appraisal(self.agent, "2025-01").score, 70)

    def test_who_is_late_and_not_needed_is_still_blind(self):
        cycle, sheets = self._ask(
            {
                "code": "qa",
                "who": "named",
                "needed": False,
                "people_ids": [Command.set(self.qa.ids)],
            }
        )
        self._fill(self.user_superior, sheets["superior"], 80)
        appraisal = self._appraisal(self.agent, "2025-01")
        self.assertTrue(appraisal.complete)
        self.assertTrue(self._sees(self.user_qa, sheets["qa"]))
        self.assertTrue(self._sees(self.user_superior, sheets["superior"], sheets["qa"]))
        for user in (self.user_qa, self.user_superior, self.user_office):
            shown = cycle.with_user(user)
            opened = sheets["qa"].with_user(user).search(shown.action_view_open_sheets()["domain"])
            self.assertEqual(shown.open_sheet_count, len(opened))
            self.assertIn(sheets["qa"], opened)
        self._close(cycle)
        self.assertEqual(appraisal.score, 80)
        with self.assertRaises(UserError):
            self._fill(self.user_qa, sheets["qa"], 10)

    def test_colleagues_fill_in_a_sheet_each(self):
        other = self._make_agent("Third", department=self.hotline, user=self.user_other)
        self.policy.rater_ids = [Command.create({"code": "colleagues", "weight": 50})]
        cycle = self._open("2025-01")
        sheets = self._appraisal(self.agent, "2025-01").sheet_ids.filtered(
            lambda sheet: sheet.role == "colleagues"
        )
        self.assertEqual(set(sheets.rater_id), {self.peer, other})
        theirs = {sheet.rater_id: sheet for sheet in sheets}
        self.assertTrue(self._sees(self.user_peer, theirs[self.peer]))
        self.assertTrue(self._sees(self.user_other, theirs[other]))
        self._fill(self.user_peer, theirs[self.peer], 90)
        self.assertTrue(self._sees(self.user_other, theirs[other]))
        self._fill(self.user_other, theirs[other], 80)
        for agent in (self.peer, other):
            self._appraisal(agent, "2025-01")._exclude("away")
        self._fill(self.user_superior, self._sheet(self.agent, "2025-01", "superior"), 70)
        self._close(cycle)
        self.assertEqual(self._appraisal(self.agent, "2025-01").score, 75)

    def test_a_code_means_one_kind_of_rater(self):
        self._ask({"code": "qa", "who": "named", "people_ids": [Command.set(self.qa.ids)]})
        with self.assertRaisesRegex(ValidationError, "another kind of rater"):
            self.policy_b.rater_ids = [Command.create({"code": "qa", "who": "head"})]
