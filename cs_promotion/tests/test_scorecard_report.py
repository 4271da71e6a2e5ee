from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CsPromotionCase

REPORT = "cs_promotion.report_scorecard"


@tagged("post_install", "-at_install", "cs_promotion")
class TestScorecardReport(CsPromotionCase):
    """The form on paper shows what its reader may see, and adds up (S2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle = cls._open("2025-06")
        cls.appraisal = cls._appraisal(cls.agent, "2025-06")
        cls.superior_sheet = cls._sheet(cls.agent, "2025-06", "superior")
        cls.office_sheet = cls._sheet(cls.agent, "2025-06", "office")

    def _page(self, user, report=REPORT, appraisals=None):
        """The page's tree, and the last two cells of each row of the form."""
        records = appraisals or self.appraisal
        self._as(user, records)
        content, _kind = (
            self.env["ir.actions.report"].with_user(user)._render_qweb_html(report, records.ids)
        )
        tree = html.fromstring(content)
        rows = [
            [
                "".join(cell.itertext()).strip()
                for cell in row.xpath("./td[contains(@class, 'o_cs_paper_points')]")
            ]
            for row in tree.xpath("//table[contains(@class, 'o_cs_paper_form')]/tbody/tr")
        ]
        return tree, rows

    def _columns(self, user, **kwargs):
        _tree, rows = self._page(user, **kwargs)
        columns = zip(*[row for row in rows if len(row) == 2], strict=True)
        return [[cell for cell in column if cell] for column in columns]

    def test_blind_before_both_are_in(self):
        self._fill_in(self.superior_sheet, 84)
        superior, office = self._columns(self.user_office)
        self.assertEqual((superior, office), ([], []))
        superior, office = self._columns(self.user_superior)
        self.assertEqual((superior[-1], office), ("84", []))

    def test_open_once_both_are_in(self):
        self._score(self.appraisal, superior=84, office=91)
        for user in (self.user_office, self.user_superior):
            superior, office = self._columns(user)
            self.assertEqual((superior[-1], office[-1]), ("84", "91"))
            self.assertEqual((len(superior), len(office)), (25, 25))

    def test_draft_is_not_printed(self):
        self._fill_in(self.superior_sheet, 84, submit=False)
        self.assertEqual(self._columns(self.user_superior), [[], []])

    def test_sections_add_up(self):
        self._score(self.appraisal, superior=[5, 3, 0, 5] + [3] * 7 + [5] * 4 + [1] * 5, office=91)
        tree, rows = self._page(self.user_superior)
        items = [5, 3, 0, 5, 13, *[3] * 7, 21, *[5] * 4, 20, *[1] * 5, 5, 59]
        self.assertEqual([row[0] for row in rows], [str(points) for points in items])
        self.assertEqual(
            [
                " ".join(cell.text_content().split())
                for cell in tree.xpath("//tr[contains(@class, 'o_cs_paper_subtotal')]/td[1]")
            ],
            [f"Section total / {most}" for most in (20, 35, 20, 25)],
        )

    def test_published_to_the_agent_with_score_and_rank(self):
        with self.assertRaises(AccessError):
            self._page(self.user_agent)
        self._score(self.appraisal, superior=84, office=91)
        self._appraisal(self.peer, "2025-06")._exclude("not part of this test")
        tree, _rows = self._page(self.user_superior)
        self.assertNotIn("rank", tree.text_content())
        self._close(self.cycle)
        tree, rows = self._page(self.user_agent)
        self.assertEqual(rows[-1], ["87.5"])
        self.assertIn("rank 1", " ".join(tree.text_content().split()))
        with self.assertRaises(AccessError):
            self._page(self.user_peer)

    def test_blank_form_has_no_grades(self):
        self._score(self.appraisal, superior=84, office=91)
        tree, rows = self._page(self.user_superior, report=REPORT + "_blank")
        self.assertEqual(len(rows), 25)
        self.assertFalse([cell for row in rows for cell in row if cell])
        text = tree.text_content()
        for shown in ("Agent", "Superior", "Hotline CS Test", "Section total"):
            self.assertIn(shown, text)

    def test_paper_mark_is_printed(self):
        self.superior.user_id = False
        self._fill_in(self.office_sheet, 91)
        self._fill_in(self._as(self.user_office, self.superior_sheet), 84)
        tree, _rows = self._page(self.user_office)
        (mark,) = tree.xpath("//p[contains(@class, 'o_cs_paper_mark')]")
        self.assertIn(self.user_office.name, mark.text_content())

    def test_one_page_each(self):
        tree, _rows = self._page(self.user_superior, appraisals=self.cycle.appraisal_ids)
        self.assertEqual(len(tree.xpath("//div[@class='page']")), 2)

    def test_weighted_totals(self):
        self._score(self.appraisal, superior=[5] * 4 + [3] * 16, office=100)
        self.policy.score_method = "weighted"
        _tree, rows = self._page(self.user_superior)
        self.assertEqual(rows[-1], ["68", "100"])  # 20 + 24 + 12 + 12
