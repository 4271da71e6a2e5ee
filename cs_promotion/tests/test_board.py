"""Openness: the board of published ranks and the policy as a page (P4)."""

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestBoard(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_agent("Clerk", department=cls.front_desk)
        cls.month = cls._play("2025-03", {cls.agent: 90, cls.peer: 95, cls.clerk: 70})

    def _board(self, user, agent=None, kind="month"):
        board = self._as(user, self.env["cs.board"])
        domain = [("employee_id", "=", agent.id)] if agent else []
        return board.search([*domain, ("kind", "=", kind)])

    def test_r2_ranks_by_department(self):
        rows = self._board(self.user_stranger)
        self.assertEqual(
            [(row.department_id.name, row.employee_id.name, row.rank) for row in rows],
            [
                (self.front_desk.name, "Clerk", 1),
                (self.hotline.name, "Peer", 1),
                (self.hotline.name, "Agent", 2),
            ],
        )

    def test_p4_every_employee_reads_ranks_but_no_scores(self):
        rows = self._board(self.user_agent)
        self.assertNotIn("score", rows._fields)
        self.assertEqual(rows.filtered("is_mine").employee_id.id, self.agent.id)
        with self.assertRaises(AccessError):
            rows.write({"rank": 1})

    def test_companies_apart(self):
        self.assertFalse(self._board(self.user_stranger_b))

    def test_open_months_are_not_published(self):
        self._open("2025-04")
        self.assertEqual(self._board(self.user_agent).cycle_id.ids, self.month.ids)

    def test_r4_quarter(self):
        """The board of a quarter ranks by the mean of its months."""
        self._play_months("2025-04", "2025-05", {self.agent: 96, self.peer: 91})
        self._play("2025-06", {self.agent: 90, self.peer: 92})
        ranks = {
            row.employee_id.name: row.rank
            for row in self._board(self.user_agent, kind="quarter")
            if row.cycle_id.date_end.month == 6
        }
        self.assertEqual(ranks, {"Agent": 1, "Peer": 2})

    def test_u3_title_from_the_board(self):
        """The office grants the title where it sees the ranks; once a month."""
        row = self._board(self.user_office, self.peer)
        row.action_award()
        self.assertEqual(row.titles, 1)
        row.action_award()
        award = self.env["cs.award"].search([("employee_id", "=", self.peer.id)])
        self.assertEqual(award.month, self._day("2025-03"))
        self.assertEqual(award.granted_by, self.user_office)
        for user in (self.user_agent, self.user_superior, self.user_stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._board(user, self.agent).action_award()

    def test_u3_title_is_for_a_month(self):
        self._play_months("2025-04", "2025-06", {self.agent: 96, self.peer: 91})
        rows = self._board(self.user_office, self.agent, kind="quarter")
        with self.assertRaisesRegex(UserError, "for a month"):
            rows.action_award()
        self.assertFalse(self.env["cs.award"].search([("employee_id", "=", self.agent.id)]))

    def test_opens_on_the_newest_month(self):
        """An agent's own department; all departments for whoever is not ranked."""
        action = self._as(self.user_agent, self.env["cs.board"]).action_open_board()
        self.assertEqual(action["context"]["search_default_cycle_id"], self.month.id)
        self.assertEqual(action["context"]["search_default_department_id"], self.hotline.id)
        action = self._as(self.user_stranger, self.env["cs.board"]).action_open_board()
        self.assertEqual(action["context"]["search_default_cycle_id"], self.month.id)
        self.assertNotIn("search_default_department_id", action["context"])


@tagged("post_install", "-at_install", "cs_promotion")
class TestPolicyPage(CsPromotionCase):
    def _page(self, policy=None, lang="en_US"):
        policy = self._as(self.user_agent, policy or self.policy).with_context(lang=lang)
        return html.fromstring(policy.page_html)

    def _rule(self, page, code):
        [card] = [each for each in page.find_class("o_cs_rule") if each.get("data-code") == code]
        return " ".join(card.text_content().split())

    def test_p4_rules_in_sentences(self):
        page = self._page()
        codes = [card.get("data-code") for card in page.find_class("o_cs_rule")]
        self.assertEqual(
            sorted(codes), sorted(["confirm_junior", *self.policy.rule_ids.mapped("code")])
        )
        rule = self._rule(page, "promote_intermediate")
        for words in ("Junior agent", "Intermediate agent", "Quarterly score ≥ 91", "All of:"):
            self.assertIn(words, rule)

    def test_p4_a_change_of_data_changes_the_page(self):
        policy = self._make_policy(self.company, "2025-07-01", activate=False, pass_mark=70)
        policy.rung_ids.filtered(lambda line: line.tier_id.code == "junior").base_wage = 2345.5
        policy.rule_ids.filtered(lambda rule: rule.code == "demote_senior").unlink()
        policy.action_activate()
        page = self._page(policy)
        self.assertIn("2,345.50", page.text_content())
        self.assertIn("Below 70 is a fail", page.text_content())
        self.assertIn("Monthly score < 70", self._rule(page, "dismiss_failing"))
        codes = [card.get("data-code") for card in page.find_class("o_cs_rule")]
        self.assertNotIn("demote_senior", codes)

    def test_w1_the_appointed_tier_shows_what_it_is_paid(self):
        rows = self._page().xpath("//table//tr[td]")
        cells = [[" ".join(td.text_content().split()) for td in row] for row in rows]
        self.assertEqual(cells[4][1:], cells[3][1:])

    def test_every_setting_is_told(self):
        """Each chosen setting of the policy changes the page."""
        base = html.tostring(self._page())
        changes = {
            "score_method": "weighted",
            "superior_weight": 61,
            "office_weight": 39,
            "quarter_method": "scorecard",
            "pass_mark": 61,
            "top_n": 4,
            "probation_months": 2,
            "appraisal_pay_method": "pass",
            "fine_cap_percent": 11,
            "complaint_rate_limit": 1.5,
            "repeat_violations": 4,
            "notice_days": 7,
            "approval": "manager",
            "require_attestation": True,
            "minimum_wage": 1234,
        }
        for number, (name, value) in enumerate(changes.items()):
            with self.subTest(setting=name):
                policy = self._make_policy(
                    self.company, f"2026-{number % 12 + 1:02}-01", activate=False, **{name: value}
                )
                page = self._as(self.user_manager, policy).page_html
                self.assertNotEqual(html.tostring(html.fromstring(page)), base)

    def test_opens_the_version_in_force(self):
        action = (
            self._as(self.user_agent, self.env["cs.policy"])
            .with_company(self.company)
            .action_open_page()
        )
        self.assertEqual(action["res_id"], self.policy.id)
