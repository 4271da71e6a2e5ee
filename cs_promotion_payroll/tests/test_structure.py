from odoo.tests import Form, tagged

from ..hooks import post_init_hook
from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestStructure(CsPayrollCase):
    """The salary structure follows the tier."""

    def _own_structure(self):
        return self.env["hr.payroll.structure"].create(
            {
                "name": "Ours",
                "code": "OURS",
                "company_id": self.company.id,
                "parent_id": self.company.cs_structure_id.id,
            }
        )

    def _struct_on(self, agent, day):
        return agent._get_version(self._date(day)).struct_id

    def test_tier_sets_the_structure_of_the_company(self):
        structure = self.agent.version_id.struct_id
        self.assertEqual(structure, self.company.cs_structure_id)
        self.assertEqual(structure.company_id, self.company)
        self.assertEqual(
            structure.get_all_rules().mapped("code"),
            [
                "BASE",
                "APPRAISAL",
                "COMMISSION",
                "ARREARS_BASE",
                "ARREARS_APPRAISAL",
                "ARREARS_COMMISSION",
                "GROSS",
                "FINE",
                "NET",
            ],
        )
        self.assertNotEqual(self.agent_b.version_id.struct_id, structure)

    def test_first_load_in_the_form_of_the_employee(self):
        """Payroll asks for a structure with the contract: it is there with the tier."""
        with Form(self.env["hr.employee"].with_company(self.company)) as form:
            form.name = "Typed In"
            form.contract_date_start = self._date("2025-01-01")
            form.cs_tier_id = self.tiers["senior"]
            self.assertEqual(form.struct_id, self.company.cs_structure_id)
        employee = form.save()
        self.assertEqual(employee.version_id.struct_id, self.company.cs_structure_id)
        self.assertEqual(employee.wage, 2000)

    def test_structure_given_with_the_tier_stays(self):
        ours = self._own_structure()
        agent = self.env["hr.employee"].create(
            {
                "name": "Given",
                "company_id": self.company.id,
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "cs_tier_id": self.tiers["junior"].id,
                "struct_id": ours.id,
            }
        )
        self.assertEqual(agent.version_id.struct_id, ours)

    def test_structure_of_the_company_can_be_hrs_own(self):
        self.company.cs_structure_id = ours = self._own_structure()
        self.assertEqual(self._make_agent("New").version_id.struct_id, ours)

    def test_decisions_keep_a_structure_that_pays_by_tier(self):
        self.agent.version_id.struct_id = ours = self._own_structure()
        decision = self._decide(self.agent, "senior", "2025-03-01")
        self._apply("2025-03-04")
        self.assertEqual(self._tier_on(self.agent, "2025-03-01"), "senior")
        self.assertEqual(self._struct_on(self.agent, "2025-03-01"), ours)
        self.env["cs.tier.move"]._take_back(decision)
        self.assertEqual(self._tier_on(self.agent, "2025-03-01"), "junior")
        self.assertEqual(self._struct_on(self.agent, "2025-03-01"), ours)

    def test_decisions_keep_a_structure_that_does_not(self):
        """It was chosen; that it does not pay by tier is a warning, not mended unasked."""
        other = self.env["hr.payroll.structure"].create(
            {"name": "Flat", "code": "F", "company_id": self.company.id, "parent_id": False}
        )
        self.agent.version_id.struct_id = other
        self._decide(self.agent, "senior", "2025-03-01")
        self._apply("2025-03-04")
        self.assertEqual(self._tier_on(self.agent, "2025-03-01"), "senior")
        self.assertEqual(self._struct_on(self.agent, "2025-03-01"), other)
        self.assertEqual(self._struct_on(self.agent, "2025-02-28"), other)

    def test_w1_new_wages_keep_the_structure(self):
        self.agent.version_id.struct_id = ours = self._own_structure()
        newer = self._make_policy(self.company, "2025-03-01", activate=False)
        newer.rung_ids.filtered(lambda line: line.tier_id.code == "junior").base_wage = 1900
        newer.action_activate()
        newer._revise_wages()
        version = self.agent._get_version(self._date("2025-03-01"))
        self.assertEqual((version.wage, version.struct_id), (1900, ours))

    def test_agents_from_before_the_bridge_get_the_structure(self):
        self.agent.version_ids.struct_id = False
        self.agent_b.version_ids.struct_id = False
        post_init_hook(self.env)
        self.assertEqual(self.agent.version_id.struct_id, self.company.cs_structure_id)
        self.assertEqual(self.agent_b.version_id.struct_id, self.company_b.cs_structure_id)
        self.assertFalse(self.stranger.version_id.struct_id)

    def test_dates_of_versions_as_odoo_computes_them(self):
        """The bulk computation of start and end gives what Odoo's own gives."""
        agent = self._make_agent("Dated", hired="2025-01-10", left="2025-08-31")
        agent.create_version({"date_version": "2025-03-01"})
        agent.create_version({"date_version": "2025-05-01"})
        self.env.flush_all()
        self.env.invalidate_all()
        versions = agent.version_ids.sorted("date_version")
        self.assertEqual(
            [(str(each.date_start), str(each.date_end)) for each in versions],
            [
                ("2025-01-10", "2025-02-28"),
                ("2025-03-01", "2025-04-30"),
                ("2025-05-01", "2025-08-31"),
            ],
        )
        template = self.env["hr.version"].create({"name": "Template", "date_version": "2025-02-01"})
        self.assertEqual(template.date_start, self._date("2025-02-01"))
        self.assertFalse(template.date_end)
