"""Whatever shows a number opens exactly what it counts, for whoever presses it."""

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import CsPromotionCase


@tagged("post_install", "-at_install", "cs_promotion")
@freeze_time("2025-08-08")
class TestCounts(CsPromotionCase):
    """A month with what naive domains would miscount: agents left out, paper forms, the reader's
    own appraisal, archived people, withdrawn decisions, another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lone = cls.env["hr.employee"].create({"name": "No Login", "company_id": cls.company.id})
        cls.paper = cls._make_agent("Paper", parent=cls.lone)
        cls.out = cls._make_agent("Out")
        cls.gone = cls._make_agent("Gone", left="2025-07-20")
        cls.clerk = cls._make_agent("Clerk", user=cls.user_office)
        for company in (cls.company, cls.company_b):
            cls._open("2025-07", company=company)
        cls._appraisal(cls.out, "2025-07")._exclude("On leave")
        cls._fill_in(cls._sheet(cls.paper, "2025-07", "office"), 80)
        cls._score(cls._appraisal(cls.gone, "2025-07"), 70)
        cls.gone.active = False
        for agent in (cls.agent, cls.clerk, cls.agent_b):
            cls._violation(agent, "2025-07-03", confirm=False)
        cls._violation(cls.peer, "2025-07-03")._withdraw("A mistake")
        cls._decide(cls.agent, "senior", "2025-09-01", announce=False)
        cls._decide(cls.peer, "senior", "2025-09-01")
        cls._decide(cls.paper, "senior", "2025-08-01")._withdraw("A mistake")
        cls._decide(cls.agent_b, "senior", "2025-09-01")
        cls.env["cs.decision"].create(
            {
                "employee_id": cls.out.id,
                "outcome": "dismissal_review",
                "ground_type": "procedure",
                "ground": "dismiss_serious",
                "effective_date": "2025-09-01",
                "policy_id": cls.policy.id,
            }
        )
        cls._violation(cls.agent, "2025-08-07")
        cls._award(cls.agent, "2025-07")

    def _get_buttons(self, record):
        """(button, name of the number on it) of all buttons of a form that show a number."""
        arch = etree.fromstring(record.get_view(view_type="form")["arch"])
        for button in arch.iter("button"):
            numbers = [
                each.get("name")
                for each in button.iter("field")
                if record._fields[each.get("name")].type == "integer"
                and set(record._fields[each.get("name")]._modules) & {"cs_promotion"}
            ]
            if numbers:
                self.assertEqual(len(numbers), 1, etree.tostring(button))
                yield button, numbers[0]

    def _press(self, record, button):
        if button.get("type") == "object":
            return getattr(record, button.get("name"))()
        action = self.env["ir.actions.act_window"].browse(int(button.get("name")))
        action = action.with_user(record.env.user).sudo()._get_action_dict()
        return dict(action, domain=safe_eval(action["domain"], {"active_id": record.id}))

    def _check(self, record):
        """The number on each button is that of the records it opens; returns number -> count."""
        counts = {}
        for button, name in self._get_buttons(record):
            action = self._press(record, button)
            context = action.get("context") or {}
            if isinstance(context, str):
                context = safe_eval(context, {"active_id": record.id, "uid": record.env.uid})
            self.assertFalse([key for key in context if key.startswith("search_default_")])
            found = record.env[action["res_model"]].with_context(**context)
            counts[name] = record[name]
            with self.subTest(record=record, user=record.env.user.login, number=name):
                self.assertEqual(found.search_count(action["domain"]), record[name])
        return counts

    def test_dashboard(self):
        for user, expected in (
            (
                self.user_office,
                {"agent_count": 5, "open_sheets": 3, "approvals": 1, "violations": 2},
            ),
            (
                self.user_manager,
                {"agent_count": 5, "open_sheets": 4, "approvals": 1, "violations": 2},
            ),
        ):
            counts = self._check(self._as(user, self.env["cs.dashboard"]).browse(self.company.id))
            self.assertLessEqual(
                {"agent_count", "open_sheets", "approvals", "reviews", "violations", "announced"},
                set(counts),
            )
            self.assertEqual({name: counts[name] for name in expected}, expected)
            self.assertTrue(all(counts.values()), f"a number that is 0 proves nothing: {counts}")

    def test_month(self):
        cycle = self._cycle("2025-07")
        for user, agents in ((self.user_office, 4), (self.user_manager, 5)):
            counts = self._check(self._as(user, cycle))
            self.assertEqual(counts["appraisal_count"], agents, "without the office's own")
            self.assertGreater(counts["open_sheet_count"], 0)
        self.assertEqual(cycle.missing_sheet_count, 7)

    def test_closed_month(self):
        cycle = self._cycle("2025-07")
        for appraisal in cycle.appraisal_ids.filtered(lambda each: not each.complete):
            if not appraisal.excluded:
                appraisal._exclude("Not part of this test")
        self._violation(self.peer, "2025-07-05", "moderate")
        self._close_as_office(cycle)
        counts = self._check(self._as(self.user_manager, cycle))
        self.assertEqual(counts["appraisal_count"], 1)

    def test_employee(self):
        seen = self._as(self.user_manager, self.agent)
        counts = self._check(seen)
        for name in ("cs_decision_count", "cs_violation_count", "cs_award_count"):
            self.assertGreater(counts[name], 0)
