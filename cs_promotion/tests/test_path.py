"""My path: where an agent stands, what is missing, and who may look (P4)."""

from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..engine.facts import Closing
from ..engine.outlook import next_examined, outlook
from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
@freeze_time("2025-08-10")
class TestPath(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.others = cls.env["hr.employee"]
        for index in range(3):
            cls.others |= cls._make_agent(f"Rival {index}")
        cls.scores = {cls.agent: 90, cls.peer: 60} | dict.fromkeys(cls.others, 94)

    def _path(self, agent, user=None):
        return self._as(user or self.user_office, self.env["cs.path"]).browse(agent.id)

    def _rows(self, markup):
        """(card title, [(required, found, missing)]) of an outlook."""
        cards = []
        for card in html.fromstring(f"<div>{markup}</div>").find_class("o_cs_card"):
            title = card.find(".//strong").text_content().strip()
            rows = [
                tuple(" ".join(cell.text_content().split()) for cell in row.findall("td"))
                for row in card.findall(".//tbody/tr")
            ]
            cards.append((title, rows))
        return cards

    def test_p4_what_is_missing_upwards(self):
        """U2: rank 4 of the needed 3, one point short, the months since joining served."""
        self._play_months("2025-04", "2025-06", self.scores)
        [(title, rows)] = self._rows(self._path(self.agent).upwards_html)
        rule = self.policy.rule_ids.filtered(lambda each: each.code == "promote_intermediate")
        self.assertEqual(title, rule.name)
        self.assertEqual(
            rows,
            [
                ("Quarterly rank ≤ 3, in the latest review", "Q2 2025: rank 4", "rank 4, needs 3"),
                ("Quarterly score ≥ 91, in the latest review", "Q2 2025: 90", "short by 1"),
                ("Complete months since joining ≥ 3", "9", "nothing"),
            ],
        )

    def test_x1_how_near_a_review_is(self):
        """Two failed months of three: the page warns before the third."""
        scores = self.scores | {self.agent: 58}
        self._play_months("2025-06", "2025-07", scores)
        [(_title, rows)] = self._rows(self._path(self.agent).downwards_html)
        self.assertEqual(
            rows,
            [
                (
                    "Monthly score < 60, in the last 3 reviews",
                    "June 2025: 58 · July 2025: 58",
                    "2 of 3",
                )
            ],
        )
        self.assertNotIn("border-danger", self._path(self.agent).downwards_html)
        self._play("2025-08", scores)
        with freeze_time("2025-09-03"):
            downwards = self._path(self.agent).downwards_html
        self.assertIn("3 of 3", downwards)
        self.assertIn("border-danger", downwards)

    def test_u1_probation(self):
        """A new agent sees the months served and the tests taken, passed or not."""
        rookie = self._make_agent("Rookie", tier="probation", hired="2025-07-20")
        self._probation_test(rookie, "2025-08-01", knowledge=90, skills=59.5)
        [(_title, rows)] = self._rows(self._path(rookie).upwards_html)
        self.assertEqual(rows[0][1:], ("since Jul 20, 2025", "1 more"))
        self.assertEqual(rows[1][1], "Aug 1, 2025 90 / 59.5")
        self.assertIn("Aug 20, 2025", self._path(rookie).upwards_html)
        self._probation_test(rookie, "2025-08-05", knowledge=90, skills=60)
        card = html.fromstring(f"<div>{self._path(rookie).upwards_html}</div>")
        self.assertEqual(len(card.find_class("fa-check")), 1)

    def test_d2_rests_after_the_first_months(self):
        """D2: after twelve months in the tier the clause rests, and the page says so."""
        senior = self._make_agent("Senior", tier="senior", hired="2024-01-01", since="2024-06-01")
        [(_title, rows)] = self._rows(self._path(senior).downwards_html)
        self.assertEqual({row[2] for row in rows}, {"rests: those months are over"})
        self.assertIn("by appointment", self._path(senior).upwards_html)
        self.assertIn("(L5)", self._path(senior).upwards_html)

    def test_x4_open_review_is_named(self):
        self._violation(self.agent, "2025-07-03", severity="serious")
        self._play("2025-07", self.scores)
        self.assertIn("(X4)", self._path(self.agent).upwards_html)

    def test_p4_next_examination(self):
        """A rule on quarters is examined at the quarter's end, one on months each month."""
        rules = {rule.code: rule for rule in self.policy._compile().rules}
        coming = Closing(date(2025, 7, 31))
        self.assertEqual(
            next_examined(rules["promote_intermediate"], coming).effective, date(2025, 10, 1)
        )
        self.assertEqual(
            next_examined(rules["demote_intermediate"], coming).effective, date(2025, 8, 1)
        )

    def test_p4_outlook_is_what_the_closing_finds(self):
        """What the page says of a rule before the closing is what the closing then decides,
        when the last month brings what the earlier ones did."""
        self._play_months("2025-04", "2025-05", self.scores)
        last = self._play(
            "2025-06", dict.fromkeys(self.others, 88) | {self.agent: 96, self.peer: 60}
        )
        decision = self._decisions(self.agent, ground="promote_intermediate")
        policy = self.policy._compile()
        facts = self.env["cs.facts"]._load(
            self.env["cs.timeline"]._load(self.agent.ids),
            Closing(last.date_end),
            self.company,
            policy.metrics.values(),
        )
        ahead = outlook(policy, facts[0], Closing(date(2025, 7, 31)))
        applies = {each.rule.code for each in ahead if each.applies}
        self.assertEqual(bool(decision), "promote_intermediate" in applies)
        self.assertTrue(decision)

    def test_ladder_shows_the_place_and_the_pay(self):
        """P2: every step with its pay; one's own is marked."""
        steps = html.fromstring(self._path(self.agent).ladder_html).find_class("o_cs_step")
        self.assertEqual(len(steps), 5)
        own = [step for step in steps if step.get("aria-current") == "step"]
        self.assertEqual(len(own), 1)
        self.assertIn(self.tiers["junior"].name, own[0].text_content())
        self.assertIn("1,700.00", own[0].text_content())

    def test_charts_have_a_point_for_every_period(self):
        self._play_months("2025-04", "2025-07", self.scores)
        page = html.fromstring(f"<div>{self._path(self.agent).chart_html}</div>")
        charts = {chart.get("data-kind"): chart for chart in page.xpath("//*[@data-kind]")}
        self.assertEqual(list(charts), ["month", "quarter"])
        for kind, count in (("month", 4), ("quarter", 1)):
            with self.subTest(kind=kind):
                self.assertEqual(len(charts[kind].find_class("o_cs_dot")), count)
                ranks = [each.text_content() for each in charts[kind].find_class("o_cs_rank")]
                self.assertEqual(ranks, ["#4"] * count)
        self.assertIn("Q2", charts["quarter"].text_content())

    def test_no_chart_before_the_first_result(self):
        page = html.fromstring(f"<div>{self._path(self.agent).chart_html}</div>")
        self.assertFalse(page.xpath("//svg"))
        self.assertIn("No published result yet", page.text_content())

    def test_who_may_look(self):
        """One's own, a superior's reports, the office all; companies apart."""
        seen = {
            self.user_agent: self.agent,
            self.user_superior: self.agent | self.peer | self.others,
            self.user_office: self.agent | self.peer | self.others,
            self.user_stranger: self.env["hr.employee"],
            self.user_office_b: self.agent_b | self.peer_b,
        }
        for user, agents in seen.items():
            with self.subTest(user=user.login):
                paths = self._as(user, self.env["cs.path"]).search([])
                self.assertEqual(sorted(paths.ids), sorted(agents.ids))
        with self.assertRaises(AccessError):
            self._path(self.peer, self.user_agent).read(["upwards_html"])
        with self.assertRaises(AccessError):
            self._path(self.agent_b, self.user_office).read(["upwards_html"])

    def test_an_agent_reads_every_field(self):
        """Nothing on the page needs more than a login; records follow the reader's rights."""
        self._violation(self.agent, "2025-07-03")
        self._award(self.agent, "2025-07")
        self._play("2025-07", self.scores)
        self._open("2025-08")
        values = self._path(self.agent, self.user_agent).read()[0]
        self.assertEqual(values["tier_id"][0], self.tiers["junior"].id)
        self.assertEqual(len(values["appraisal_ids"]), 1)
        self.assertEqual(len(values["violation_ids"]), 1)
        self.assertEqual(len(values["award_ids"]), 1)
        self.assertEqual((values["last_score"], values["last_rank"]), (90, 4))
        action = self._as(self.user_agent, self.env["cs.path"]).action_open_mine()
        self.assertEqual(action["res_id"], self.agent.id)

    def test_nobody_writes(self):
        for user in (self.user_agent, self.user_superior, self.user_office, self.user_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._path(self.agent, user).write({"tier_id": self.tiers["senior"].id})

    def test_not_on_the_ladder(self):
        """Who has no tier, or has left, has no path, and is told so kindly."""
        leaver = self._make_agent("Leaver", left="2025-08-09")
        self.assertFalse(self.env["cs.path"].search([("employee_id", "=", leaver.id)]))
        action = self._as(self.user_stranger, self.env["cs.path"]).action_open_mine()
        self.assertEqual(action["tag"], "display_notification")

    def test_the_app_opens_for_those_not_on_the_ladder(self):
        """My Path is the first entry of the menu: without a page the app would stay shut."""
        for user, page in (
            (self.user_superior, "cs_promotion.cs_appraisal_sheet_action_to_score"),
            (self.user_stranger, "cs_promotion.cs_board_action_latest"),
        ):
            with self.subTest(user=user.login):
                action = self._as(user, self.env["cs.path"]).action_open_mine()
                self.assertEqual(action["params"]["next"], page)
                following = self._as(user, self.env.ref(page)).sudo()._get_action_dict()
                if following["type"] == "ir.actions.server":
                    following = self._as(user, self.env.ref(page)).run()
                self.assertTrue(self._as(user, self.env[following["res_model"]]).has_access("read"))
