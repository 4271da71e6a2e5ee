"""Every role does its whole month in the browser."""

from odoo.tests import HttpCase, tagged

from ..engine.calendar import add_months, month_start, quarter_start
from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTourMonth(CsPromotionCase, HttpCase):
    """The browser's clock cannot be set: all months are told from today.

    ``month`` is the first day of the last complete month, ``quarter`` that of the last
    complete quarter.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_bundles()
        cls.today = cls.env.cr.now().date()
        cls.month = add_months(month_start(cls.today), -1)
        cls.quarter = add_months(quarter_start(cls.today), -3)

    @classmethod
    def _make_bundles(cls):
        """The scripts and styles of the pages, once for all tours."""
        for name in ("web.assets_web", "web.assets_tests"):
            bundle = cls.env["ir.qweb"]._get_asset_bundle(name)
            bundle.js()
            bundle.css()

    # ------------------------------------------------------------------ agent

    @classmethod
    def _set_agent_stage(cls):
        """Promoted for the last quarter, titled and fined in the last month."""
        after = add_months(cls.quarter, 3)
        scores = {cls.agent: 96, cls.peer: 70}
        cls._play_months(cls.quarter, add_months(cls.quarter, 2), scores)
        cls._apply(after.replace(day=4))
        if after <= cls.month:
            cls._play_months(after, cls.month, scores)
        cls._award(cls.agent, cls.month)
        cls._violation(cls.agent, cls.month.replace(day=10), fine=60)

    def test_agent_looks_everything_up(self):
        """In English, and the same pages in Chinese: terms, tiers and names of rules."""
        self._set_agent_stage()
        self.start_tour("/odoo", "cs_month_agent_tour", login="cs_agent")
        self.env["res.lang"]._activate_lang("zh_CN")
        suite = self.env["ir.module.module"].search([("name", "in", ("web", "cs_promotion"))])
        suite._update_translations(["zh_CN"], overwrite=True)
        self.user_agent.lang = "zh_CN"
        self.start_tour("/odoo", "cs_month_agent_chinese_tour", login="cs_agent")

    # ------------------------------------------------------------------ superior

    def test_superior_scores_and_reports(self):
        self._make_agent("Elsewhere", parent=self.stranger)
        cycle = self._open(self.month)
        self.start_tour("/odoo", "cs_month_superior_tour", login="cs_superior")
        sheets = [self._sheet(who, self.month, "superior") for who in (self.agent, self.peer)]
        self.assertEqual([each.state for each in sheets], ["submitted"] * 2)
        self.assertEqual([each.total for each in sheets], [62, 60])
        self.assertEqual({each.submitted_by for each in sheets}, {self.user_superior})
        self.assertFalse(cycle.appraisal_ids.filtered("complete"), "the office has yet to score")
        violation = self.env["cs.violation"].search([("employee_id", "=", self.peer.id)])
        self.assertEqual(violation.state, "reported")
        self.assertEqual(violation.reported_by, self.user_superior)
        self.assertEqual(violation.description, "Did not take a call all morning")

    # ------------------------------------------------------------------ office

    def _set_office_stage(self):
        """All but a few sheets are in: the office's of Agent, Clerk's paper form, and the
        superior's of Lacking. A violation of Peer is reported."""
        lone = self.env["hr.employee"].create({"name": "No Login", "company_id": self.company.id})
        clerk = self._make_agent("Clerk", parent=lone)
        novice = self._make_agent("Novice", tier="probation", hired=self.month)
        lacking = self._make_agent("Lacking")
        cycle = self._open(self.month)
        waits = (
            self._sheet(self.agent, self.month, "office")
            | self._sheet(clerk, self.month, "superior")
            | self._sheet(lacking, self.month, "superior")
        )
        for sheet in cycle.appraisal_ids.sheet_ids - waits:
            self._fill_in(sheet, 80)
        self._violation(self.peer, self.month.replace(day=10), False, 0, confirm=False)
        return cycle, clerk, novice, lacking

    def test_office_leads_the_month(self):
        cycle, clerk, novice, lacking = self._set_office_stage()
        self.start_tour("/odoo", "cs_month_office_tour", login="cs_office")
        self.assertEqual(self._sheet(self.agent, self.month, "office").total, 60)
        self.assertEqual(self._sheet(clerk, self.month, "superior").paper_by, self.user_office)
        figure = self.env["cs.figure"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual((figure.month, figure.sales), (self.month, 12000))
        test = self.env["cs.probation.test"].search([("employee_id", "=", novice.id)])
        self.assertTrue(test.passed)
        confirmation = self.env["cs.verdict"]._confirm_probations(novice, self.today)
        self.assertEqual(confirmation.test_id, test)
        violations = {
            each.employee_id: each
            for each in self.env["cs.violation"].search([("company_id", "=", self.company.id)])
        }
        self.assertEqual(violations.keys(), {self.agent, self.peer}, "V3 raises the agent's")
        self.assertEqual(violations[self.peer].confirmed_by, self.user_office)
        self.assertEqual(
            (violations[self.peer].severity, violations[self.peer].fine), ("moderate", 60)
        )
        self.assertEqual(violations[self.agent].fine, 20)
        self.assertEqual(cycle.state, "closed")
        self.assertEqual(self._appraisal(lacking, self.month).excluded_reason, "Ill all month")
        self.assertEqual(
            {each.employee_id: each.kind for each in cycle.decision_ids}, {self.peer: "demotion"}
        )
        award = self.env["cs.award"].search([("employee_id", "=", clerk.id)])
        self.assertEqual(award.month, self.month)

    # ------------------------------------------------------------------ manager

    def test_manager_decides(self):
        self.policy.approval = "manager"
        self._violation(self.agent, self.month.replace(day=10), "serious", 60)
        self._violation(self.peer, self.month.replace(day=10), "moderate", 60)
        cycle = self._play(self.month, {self.agent: 80, self.peer: 80})
        review = self._decisions(self.agent)
        demotion = self._decisions(self.peer)
        self.assertEqual(demotion.state, "proposed")
        self.start_tour("/odoo", "cs_month_manager_tour", login="cs_manager")
        self.assertEqual((review.kind, review.state), ("review", "rejected"))
        self.assertEqual(review.closing_reason, "A first slip in two years")
        self.assertEqual(review.decided_by, self.user_manager)
        self.assertEqual(demotion.approved_by, self.user_manager)
        self.assertEqual((demotion.kind, demotion.state), ("demotion", "announced"))
        self.assertTrue(demotion.awaits_closing)
        self.assertFalse(demotion.closing_reason, "the reason is for those who run the month")
        self.assertEqual(cycle.state, "open")
        promotion = self._decisions(self.peer) - demotion
        self.assertEqual((promotion.kind, promotion.state), ("exceptional", "announced"))
        self.assertEqual(promotion.tier_to_id, self.tiers["senior"])
        self.assertEqual(promotion.effective_date, add_months(month_start(self.today), 1))
        self.assertEqual(promotion.grounds, "Saved the trade fair alone")

    # ------------------------------------------------------------------ first day

    def test_first_day_of_hr(self):
        """A company without anything: the dashboard leads to its first open month."""
        company = self.env["res.company"].create({"name": "CS New"})
        groups = "base.group_user,hr.group_hr_manager,cs_promotion.group_manager"
        self._make_user("newcomer", groups, company)
        self.start_tour("/odoo", "cs_month_first_day_tour", login="cs_newcomer")
        policy = self.env["cs.policy"].search([("company_id", "=", company.id)])
        self.assertEqual(policy.state, "active")
        cycle = self.env["cs.cycle"].search(
            [("company_id", "=", company.id), ("kind", "=", "month")]
        )
        self.assertEqual((cycle.state, cycle.date_start), ("open", month_start(self.today)))
        appraisal = cycle.appraisal_ids
        self.assertEqual(appraisal.employee_id.name, "First Agent")
        self.assertEqual(appraisal.department_id.name, "Service")
        self.assertEqual(appraisal.sheet_ids.mapped("state"), ["draft", "draft"])
