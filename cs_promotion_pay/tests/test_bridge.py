import re
from pathlib import Path

from odoo.orm.model_classes import add_to_registry
from odoo.tests import freeze_time, tagged

from odoo.addons.cs_promotion.tests.common import CsPromotionCase

PAGE = Path(__file__).parents[2] / "docs" / "bridge.md"
MODULE = "odoo.addons.acme_payroll.models"
EXTENDED = ("cs.pay", "cs.pay.difference")


@tagged("post_install", "-at_install", "cs_promotion")
class TestBridge(CsPromotionCase):
    """The bridge in docs/bridge.md pays, takes fines and settles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
        written = {"__name__": MODULE}
        exec(compile(code, str(PAGE), "exec"), written)  # noqa: S102  # the page is ours
        cls.addClassCleanup(cls._forget, {name: cls._remember(name) for name in EXTENDED})
        for name in ("AcmePayslip", "CsPay", "CsPayDifference"):
            add_to_registry(cls.registry, written[name])
        cls.registry._setup_models__(cls.env.cr, ["acme.payslip", *EXTENDED])
        cls.env["ir.module.module"].create({"name": "acme_payroll"})
        cls.registry.init_models(cls.env.cr, ["acme.payslip"], {"module": "acme_payroll"})

    @classmethod
    def _remember(cls, name):
        return cls.registry[name]._base_classes__

    @classmethod
    def _forget(cls, bases):
        """The registry as it was: the database is rolled back, it is not."""
        for name, former in bases.items():
            cls.registry[name]._base_classes__ = former
        del cls.registry.models["acme.payslip"]
        for name in ("cs.payslip.mixin", "base"):
            cls.registry[name]._inherit_children.discard("acme.payslip")
        cls.registry._setup_models__(cls.env.cr)

    def _pay(self, month, done=True):
        slip = self.env["acme.payslip"].create(
            {
                "employee_id": self.agent.id,
                "company_id": self.company.id,
                "date_to": self._month_end(month),
            }
        )
        slip._compute_slips()
        if done:
            slip._set_done()
        return slip

    @staticmethod
    def _amounts(slip):
        return {code: amount for code, (_name, amount) in slip.lines.items()}

    def test_two_months(self):
        self._violation(self.agent, "2025-01-10", fine=100)
        self._figure(self.agent, "2025-01", sales=58000)
        self.policy.fine_cap_percent = 4
        january = self._play("2025-01", {self.agent: 60})
        with freeze_time("2025-02-05"):
            slip = self._pay("2025-01")
        # a junior: 200 x 60 %, 0.1 % of 58,000; 4 % of 1,878 is the most that fines take
        self.assertEqual(
            self._amounts(slip), {"BASE": 1700, "APPRAISAL": 120, "COMMISSION": 58, "FINE": -75.12}
        )
        self.assertEqual(slip.lines["APPRAISAL"][0], "Appraisal pay: score 60.00")
        self.assertEqual(slip.cs_pay_month, self._day("2025-01"))
        self.assertIn("Fines: 100.00 due, 75.12 taken", slip.cs_explanation)
        self.assertFalse(slip.cs_warned)
        with freeze_time("2025-02-08"):
            self._reopen_as_manager(january)
            self._regrade_sheets(self._appraisal(self.agent, "2025-01").sheet_ids, 100)
            self._close(january, "2025-02-09")
            rows = self.env["cs.pay.difference"]._refresh(self.company, self.agent.ids)
        self.assertEqual([(row.item, row.amount) for row in rows], [("APPRAISAL", 80)])
        self._figure(self.agent, "2025-02", sales=0)
        self._play("2025-02", {self.agent: 50})
        with freeze_time("2025-03-05"):
            slip = self._pay("2025-02")
        # 4 % of 1,880 would be 75.20: the rest of the fine is less
        self.assertEqual(
            self._amounts(slip),
            {
                "BASE": 1700,
                "APPRAISAL": 100,
                "COMMISSION": 0,
                "ARREARS_APPRAISAL": 80,
                "FINE": -24.88,
            },
        )
        self.assertIn("January 2025", slip.lines["ARREARS_APPRAISAL"][0])
        open_ = [("employee_id", "=", self.agent.id)]
        self.assertFalse(self.env["cs.pay.difference"].search(open_))
        with freeze_time("2025-03-06"):
            slip._set_done(False)
        self.assertEqual(self.env["cs.pay.difference"].search(open_).amount, 80)
        with freeze_time("2025-03-07"):
            again = self._pay("2025-02", done=False)
        self.assertEqual(self._amounts(again), self._amounts(slip), "what was given back is open")

    def test_knows_no_payroll(self):
        """No model, field or addon of any payroll is named in the neutral part."""
        words = re.compile(r"hr[._](payslip|payroll|salary)|addons\.payroll|struct_id|acme")
        addon = Path(__file__).parents[1]
        files = [
            path
            for path in addon.rglob("*")
            if path.suffix in (".py", ".xml", ".csv") and "tests" not in path.parts
        ]
        self.assertTrue(files)
        for path in files:
            self.assertNotRegex(path.read_text(encoding="utf-8"), words, path.name)

    def test_warnings_in_words(self):
        slip = self._pay("2025-01", done=False)
        self.assertTrue(slip.cs_warned)
        self.assertIn("not closed yet", slip.cs_warning)
