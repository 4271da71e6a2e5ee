"""The page of a closed month: ranked, left out, decided, and who came close."""

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestSummary(CsPromotionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near = cls._make_agent("Near")
        cls.far = cls._make_agent("Far")
        cls.away = cls._make_agent("Away")
        scores = {cls.agent: 95, cls.peer: 94, cls.near: 90, cls.far: 70}
        cls._play_months("2025-01", "2025-02", scores)
        cls.cycle = cls._open("2025-03")
        for agent, total in scores.items():
            cls._score(cls._appraisal(agent, "2025-03"), total)
        cls._appraisal(cls.away, "2025-03")._exclude("On parental leave")
        cls._figure(cls.far, "2025-03", handled=100, complaints=10)
        cls._close_as_office(cls.cycle)

    def _parts(self, user=None, lang="en_US"):
        """part -> text of the summary."""
        cycle = self._as(user or self.user_office, self.cycle).with_context(lang=lang)
        page = html.fromstring(f"<div>{cycle.summary_html}</div>")
        parts = {
            each.get("data-part"): " ".join(each.text_content().split())
            for each in page.xpath("//*[@data-part]")
        }
        return parts | {"all": " ".join(page.text_content().split()), "page": page}

    def test_what_it_says(self):
        parts = self._parts()
        self.assertIn(f"{self.hotline.name} 4 87.25 Agent", parts["all"])
        self.assertIn("Away On parental leave", parts["left_out"])
        self.assertNotIn("Near", parts["left_out"])
        self.assertIn("Far 10 complaints of 100 customers handled", parts["violations"])
        for name in ("Agent", "Peer"):
            self.assertIn(
                f"{name} Promotion: Junior agent → Intermediate agent", parts["decisions"]
            )
        self.assertIn("Q1 2025", parts["all"])

    def test_p4_who_came_close(self):
        """90 of 91 points is close; 70 is not, nor is who was promoted."""
        parts = self._parts()
        self.assertIn("Quarterly score ≥ 91", parts["close_calls"])
        self.assertIn("Q1 2025: 90", parts["close_calls"])
        self.assertIn("Near", parts["close_calls"])
        for name in ("Far", "Agent", "Peer", "Away"):
            self.assertNotIn(name, parts["close_calls"])

    def test_links_lead_to_what_they_name(self):
        for link in self._parts()["page"].xpath("//a"):
            path, _slash, id_ = link.get("href").rpartition("/")
            model = (
                self.env["ir.actions.act_window"]
                .search([("path", "=", path.removeprefix("/odoo/"))])
                .res_model
            )
            with self.subTest(link=link.get("href")):
                self.assertIn(link.text_content(), self.env[model].browse(int(id_)).display_name)

    def test_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        parts = self._parts(lang="zh_CN")
        self.assertIn("2025年第1季度", parts["all"])
        self.assertIn("Q1 2025", self._parts()["all"])

    def test_it_goes_with_re_opening_and_comes_anew(self):
        self._reopen_as_manager(self.cycle)
        self.assertFalse(self.cycle.summary_html)
        self._appraisal(self.near, "2025-03")._exclude("Not to be rated after all")
        self._close_as_office(self.cycle)
        self.assertNotIn("Near", self._parts()["close_calls"])

    def test_for_the_office_only(self):
        for user in (self.user_agent, self.user_superior, self.user_stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.cycle).read(["summary_html"])
            with self.assertRaises(AccessError):
                appraisal = self._as(user, self._appraisal(self.near, "2025-03"))
                appraisal.read(["close_call"])
        with self.assertRaises(AccessError):
            self._as(self.user_office_b, self.cycle).read(["summary_html"])

    def test_queries_do_not_grow(self):
        """As many queries for a page of many names as for one of few."""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.cycle.with_user(self.user_office).read(["summary_html"])
            return self.env.cr.sql_log_count - before

        count()  # views and groups are cached now
        few = count()
        for number in range(10):
            agent = self._make_agent(f"Further {number}")
            self.env["cs.appraisal"].create(
                {
                    "employee_id": agent.id,
                    "cycle_id": self.cycle.id,
                    "department_id": self.hotline.id,
                    "excluded": True,
                    "excluded_reason": "Away",
                }
            )
        count()  # new people make the registry forget
        self.assertEqual(count(), few)
