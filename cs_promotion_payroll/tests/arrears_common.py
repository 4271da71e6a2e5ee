"""What the tests of earlier months' pay share (W7)."""

from unittest.mock import patch

from odoo.addons.cs_promotion.models import scheduled

from .common import CsPayrollCase

ARREARS = ("ARREARS_BASE", "ARREARS_APPRAISAL", "ARREARS_COMMISSION")


class ArrearsCase(CsPayrollCase):
    """Short words for what is found of a paid month, and what a payslip settles of it."""

    @classmethod
    def _find(cls, agent, before=None):
        """(month, item) -> amount that is open now."""
        before = before and cls._day(before)
        return {
            (f"{each.difference.month:%Y-%m}", each.difference.code): float(each.difference.amount)
            for each in cls.env["cs.pay.difference"]._find(agent.company_id, agent.ids, before)
        }

    @classmethod
    def _listed(cls, agent):
        """The same as the list tells it, after it was opened."""
        rows = cls.env["cs.pay.difference"]._refresh(agent.company_id, agent.ids)
        return {(f"{row.month:%Y-%m}", row.item): row.amount for row in rows}

    def _settled(self, slip):
        """Item -> what the payslip's lines settle of earlier months."""
        return {
            line.code.removeprefix("ARREARS_"): round(line.total, 2)
            for line in slip.line_ids
            if line.code in ARREARS
        }

    @classmethod
    def _rescore(cls, agent, month, score):
        """Re-open a month, grade the agent anew, close it again."""
        appraisal = cls._appraisal(agent, month)
        appraisal.cycle_id._reopen("the office mistook two agents")
        appraisal.sheet_ids.action_reset()
        cls._score(appraisal, score)
        cls._close(appraisal.cycle_id)

    @classmethod
    def _demote(cls, name):
        """An intermediate who is a junior from January on, for a violation in December."""
        agent = cls._make_agent(name, tier="intermediate", hired="2024-06-01")
        cls._violation(agent, "2024-12-10", severity="moderate", fine=50)
        cls._play("2024-12", {})
        cls._apply("2025-01-10")
        return agent, cls._decisions(agent, outcome="demote")


class InterplayCase(ArrearsCase):
    """Where arrears meet the other parts of pay. Amounts by hand: a junior has 1700, 200 by the
    score, 0.1 % of the sales; a senior 2000, 400, 0.5 %.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.param = cls.env["ir.config_parameter"].sudo()

    @classmethod
    def _run_action(cls, case, name):
        cron = case.env.ref(f"cs_promotion_payroll.ir_cron_{name}")
        with case.enter_registry_test_mode():
            cron.method_direct_trigger()
        case.env.invalidate_all()

    def _read(self, slip):
        """What a payslip pays, settles and takes, line by line."""
        slip = slip.sudo()
        return (
            [(each.code, each.name, each.total) for each in slip.line_ids],
            sorted((each.month, each.item, each.amount) for each in slip.cs_settlement_ids),
            sorted((each.violation_id.id, each.amount) for each in slip.cs_taking_ids),
            slip.cs_figures,
        )

    def _same(self, agent, month):
        """The payslip by form, computed twice; wizard and scheduled action pay the same."""
        single = self._slip(agent, month)
        found = self._read(single)
        single.compute_sheet()
        self.assertEqual(self._read(single), found, "computed twice")
        single.action_payslip_cancel()
        batch = self._batch(agent, month).slip_ids
        self.assertEqual(self._read(batch), found, "by the wizard")
        batch.action_payslip_cancel()
        with patch.object(scheduled, "BATCH", 1):
            run = self._batch(agent + self.peer, month)
            self.assertFalse(run.slip_ids)
            self._run_action(self, "make")
        large = run.slip_ids.filtered(lambda each: each.employee_id == agent)
        self.assertEqual(self._read(large), found, "by the scheduled action")
        (run.slip_ids - large).action_payslip_cancel()
        return large.with_user(self.user_payroll)

    def _settles(self, slip, **amounts):
        self.assertEqual(self._settled(slip), amounts)

    def _sales_gone(self, agent=None, sales=500000):
        """A junior was paid 0.1 % of 500,000 = 500 for January that are nought by now."""
        agent = agent or self.agent
        figure = self._figure(agent, "2025-01", sales=sales)
        self._pay(agent, "2025-01")
        figure.sales = 0
        return figure
