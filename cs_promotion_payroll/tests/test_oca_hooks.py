from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.cs_promotion.models import scheduled
from odoo.addons.hr.models.hr_version import HrVersion as OdooVersion

from .common import CsPayrollCase
from .small_addon import installed


@tagged("post_install", "-at_install", "cs_promotion")
class TestOcaHooks(CsPayrollCase):
    """An addon that overrides OCA's hooks works for agents, however their payslips are made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        structure = cls.company.cs_structure_id
        structure.rule_ids |= cls.env["hr.salary.rule"].create(
            {
                "name": "Canteen",
                "code": "CANTEEN",
                "sequence": 150,
                "category_id": cls.env.ref("cs_promotion_payroll.category_deduction").id,
                "company_id": cls.company.id,
                "amount_select": "code",
                "condition_select": "python",
                "condition_python": "result = bool(inputs.CANTEEN)",
                "amount_python_compute": "result = -inputs.CANTEEN.amount * "
                "worked_days.NIGHT.number_of_days",
            }
        )

    def _check(self, slip, made=True):
        """Days, inputs and lines of the addon are there. ``made``: by ``get_payslip_vals``,
        which OCA's form does not call."""
        days = {line.code: line.number_of_days for line in slip.worked_days_line_ids}
        self.assertEqual(days["NIGHT"], 2)
        self.assertEqual(days.get("VALUES"), 1 if made else None)
        self.assertEqual(days["WORK100"], 23)
        self.assertEqual(slip.input_line_ids.mapped("code"), ["CANTEEN"])
        self.assertEqual(slip.input_line_ids.amount, 33.5)
        if made:
            self.assertEqual(slip.note, f"For {slip.employee_id.name}")
        self.assertEqual(self._line(slip, "BASE").total, 1700)
        self.assertEqual(self._line(slip, "CANTEEN").total, -67)
        self.assertEqual(self._line(slip, "SEEN").mapped("total"), [1700])
        self.assertEqual(slip.state, "verify")

    def _for_each_place(self, work):
        for above in (True, False):
            with self.subTest(above=above), installed(self.env, above):
                work()

    def test_single_payslip(self):
        self._for_each_place(lambda: self._check(self._slip(self.agent, "2025-01"), made=False))

    def test_batch_and_wizard(self):
        def work():
            run = self._batch(self.agent + self.peer, "2025-01")
            self.assertEqual(len(run.slip_ids), 2)
            for slip in run.slip_ids:
                self._check(slip)
            run.slip_ids.action_payslip_cancel()

        self._for_each_place(work)

    def test_batch_of_the_scheduled_action(self):
        with installed(self.env), patch.object(scheduled, "BATCH", 1):
            run = self._batch(self.agent + self.peer, "2025-01")
            self.assertFalse(run.slip_ids)
            run._make_waiting()
            for slip in run.slip_ids:
                self._check(slip)

    def test_computing_again_and_confirming(self):
        with installed(self.env):
            run = self._batch(self.agent + self.peer, "2025-01")
            run.slip_ids.compute_sheet()
            for slip in run.slip_ids:
                self._check(slip)
            self._confirm(run.slip_ids)
            for slip in run.slip_ids:
                self.assertEqual(slip.state, "done")
                self.assertEqual(self._line(slip, "SEEN").mapped("total"), [1700])

    def test_same_by_oca_alone(self):
        """Each of OCA's own methods is reached, for every payslip of a batch."""
        model = self.env.registry["hr.payslip"]
        oca = next(
            base
            for base in model._base_classes__
            if base.__module__.startswith("odoo.addons.payroll.")
        )
        for name in ("get_worked_day_lines", "get_inputs", "get_payslip_vals", "compute_sheet"):
            with patch.object(oca, name, autospec=True, side_effect=getattr(oca, name)) as spy:
                run = self._batch(self.agent + self.peer, "2025-01")
                slip = self._slip(self._make_agent(f"Single {name}"), "2025-01")
            self.assertEqual(len(run.slip_ids), 2)
            self.assertEqual(slip.state, "verify")
            single = name in ("compute_sheet", "get_payslip_vals")
            self.assertGreaterEqual(spy.call_count, 2 if single else 3, name)
            run.slip_ids.action_payslip_cancel()

    def test_no_method_of_the_employee_record_is_replaced(self):
        """Odoo computes the dates of versions; what we load beforehand is the same."""
        owners = [
            base.__module__
            for base in self.env.registry["hr.version"]._base_classes__
            if "_compute_dates" in vars(base)
        ]
        self.assertEqual(owners, [OdooVersion.__module__])
        agent = self._make_agent("Dated", hired="2025-01-10", left="2025-08-31")
        agent.create_version({"date_version": "2025-03-01"})
        agent.create_version({"date_version": "2025-05-01"})
        versions = agent.version_ids.sorted("date_version") + self.agent.version_ids
        template = self.env["hr.version"].create({"name": "Template", "date_version": "2025-02-01"})
        versions += template

        def dates():
            return [(each.date_start, each.date_end) for each in versions]

        self.env.flush_all()
        self.env.invalidate_all()
        own = dates()
        self.env.invalidate_all()
        versions._cs_load_dates()
        with patch.object(OdooVersion, "_compute_dates", side_effect=AssertionError):
            self.assertEqual(dates(), own)
        self.assertEqual(str(own[0]), "(datetime.date(2025, 1, 10), datetime.date(2025, 2, 28))")

    def test_rules_belong_to_each_company(self):
        """Whoever changes the rules of one company changes no other's, nor the templates."""
        officer = self._make_user("payroll_only", "payroll.group_payroll_manager")
        ours = self.company.cs_structure_id.rule_ids.with_user(officer)
        theirs = self.company_b._get_cs_structure().rule_ids
        self.assertEqual(ours.company_id, self.company)
        self.assertEqual(theirs.company_id, self.company_b)
        self.assertFalse(ours.sudo() & theirs)
        rule = ours.filtered(lambda each: each.code == "APPRAISAL")
        rule.write({"amount_select": "fix", "amount_fix": 5})
        self._figure(self.agent, "2025-01", sales=1000)
        self.assertEqual(self._line(self._slip(self.agent, "2025-01"), "APPRAISAL").total, 5)
        other = theirs.filtered(lambda each: each.code == "APPRAISAL")
        self.assertEqual((other.amount_select, other.cs_item), ("cs", "APPRAISAL"))
        template = self.env.ref("cs_promotion_payroll.rule_appraisal")
        self.assertEqual((template.amount_select, template.company_id.id), ("cs", False))
        self.assertFalse(template.active)
