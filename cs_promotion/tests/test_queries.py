from datetime import date
from functools import partial
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import CsPromotionCase

FEW, MANY = 10, 100


@tagged("post_install", "-at_install", "cs_promotion")
class TestQueries(CsPromotionCase):
    """The number of queries does not grow with the number of agents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = {}
        for number in (FEW, MANY):
            company = cls.env["res.company"].create({"name": f"{number} agents"})
            cls._make_policy(company)
            cls._make_agents(company, number)
            cls.companies[number] = company

    @classmethod
    def _make_agents(cls, company, number):
        departments = cls.env["hr.department"].create(
            [{"name": f"Department {index}", "company_id": company.id} for index in range(2)]
        )
        cls.env["hr.employee"].create(
            [
                {
                    "name": f"Agent {index}",
                    "company_id": company.id,
                    "department_id": departments[index % 2].id,
                    "date_version": "2025-01-01",
                    "contract_date_start": "2025-01-01",
                    "cs_tier_id": cls.tiers["junior"].id,
                    "cs_tier_since": "2025-01-01",
                }
                for index in range(number)
            ]
        )

    def _count(self, step):
        """Number of queries of a step, everything written, nothing cached before."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _assert_constant(self, prepare, allowed=0):
        """``prepare`` gives, for a company, the step that is measured.

        :param allowed: queries that more agents may cost
        """
        counts = {
            number: self._count(prepare(company)) for number, company in self.companies.items()
        }
        self.assertLessEqual(counts[MANY], counts[FEW] + 2 + allowed, counts)

    def _submit(self, cycle):
        """Grade and submit all sheets of a cycle at once."""
        lines = cycle.appraisal_ids.sheet_ids.line_ids
        for section, of_section in lines.grouped("section_id").items():
            of_section.grade_id = section.grade_ids.sorted("points")[-1]
        cycle.appraisal_ids.sheet_ids.action_submit()

    def test_opening(self):
        def prepare(company):
            return self._cycle("2025-01", company=company)._open

        self._assert_constant(prepare)
        for number, company in self.companies.items():
            appraisals = self._cycle("2025-01", company=company).appraisal_ids
            self.assertEqual(len(appraisals.sheet_ids.line_ids), number * 40)

    def test_opening_again(self):
        for company in self.companies.values():
            self._open("2025-01", company=company)
        self._assert_constant(lambda company: self._cycle("2025-01", company=company)._open)

    def test_closing_and_judging(self):
        """A month that closes a quarter, and promotes half of the agents or more."""
        self._play_full_quarter(until="2025-02")

        def prepare(company):
            cycle = self._open("2025-03", company=company)
            self._submit(cycle)
            return lambda: self._close(cycle)

        self._assert_constant(prepare)
        for number, company in self.companies.items():
            decisions = self.env["cs.decision"].search([("company_id", "=", company.id)])
            self.assertEqual(len(decisions), number)

    def test_closing_with_applications_and_approvals(self):
        """Everyone has applied, and everyone's decision waits for a superior."""
        for company in self.companies.values():
            policy = self.env["cs.policy"]._get_in_force(company, date(2025, 1, 1))
            rule = policy.rule_ids.filtered(lambda each: each.code == "promote_intermediate")
            rule.write({"on_application": True, "approval_ids": [Command.create({})]})
            employees = self.env["hr.employee"].search([("company_id", "=", company.id)])
            self.env["cs.application"].create(
                [
                    {"employee_id": each.id, "rule_id": rule.id, "date": "2025-03-20"}
                    for each in employees
                ]
            ).state = "submitted"
        self._play_full_quarter(until="2025-02")

        def prepare(company):
            cycle = self._open("2025-03", company=company)
            self._submit(cycle)
            return lambda: self._close(cycle)

        self._assert_constant(prepare)
        for number, company in self.companies.items():
            decisions = self.env["cs.decision"].search([("company_id", "=", company.id)])
            self.assertEqual(decisions.mapped("state"), ["proposed"] * number)
            self.assertEqual(decisions.application_ids.mapped("outcome"), ["met"] * number)

    def _play_full_quarter(self, until="2025-03"):
        for company in self.companies.values():
            for month in ("2025-01", "2025-02", "2025-03"):
                if month <= until:
                    cycle = self._open(month, company=company)
                    self._submit(cycle)
                    self._close(cycle)

    def test_closing_with_complaints(self):
        def prepare(company):
            cycle = self._open("2025-01", company=company)
            self._submit(cycle)
            self.env["cs.figure"].create(
                [
                    {
                        "employee_id": appraisal.employee_id.id,
                        "month": "2025-01-01",
                        "handled": 100,
                        "complaints": 50,
                    }
                    for appraisal in cycle.appraisal_ids
                ]
            )
            return lambda: self._close(cycle)

        self._assert_constant(prepare)
        for number, company in self.companies.items():
            violations = self.env["cs.violation"].search([("company_id", "=", company.id)])
            self.assertEqual(len(violations), number)

    def test_closing_with_provisos_of_classes(self):
        """What they ask of everyone is loaded at once."""
        absent = self.env["cs.metric"].create({"name": "Days absent", "code": "queries_absent"})
        provisos = [
            Command.create({"metric": code, "operator": "<", "value": 1})
            for code in ("violations", "tenure_months", absent.code)
        ]
        classes = [
            {"code": "A", "name": "A", "share": 50, "proviso_ids": provisos},
            {"code": "B", "name": "B", "given_by": "rest"},
        ]
        for company in self.companies.values():
            policy = self.env["cs.policy"]._get_in_force(company, date(2025, 1, 1))
            policy.class_ids = [Command.create(each) for each in classes]

        def prepare(company):
            cycle = self._open("2025-01", company=company)
            self._submit(cycle)
            return lambda: self._close(cycle)

        self._assert_constant(prepare)
        for company in self.companies.values():
            appraisals = self._cycle("2025-01", company=company).appraisal_ids
            self.assertTrue(all(appraisals.mapped("withheld")))

    def test_closing_with_classes_that_ask_nothing(self):
        """Not a query is about provisos where there are none."""
        company = self.companies[FEW]
        policy = self.env["cs.policy"]._get_in_force(company, date(2025, 1, 1))
        policy.class_ids = [Command.create({"code": "A", "name": "A", "share": 50, "least": 1})]
        cycle = self._open("2025-01", company=company)
        self._submit(cycle)
        self.env.flush_all()
        self.env.invalidate_all()
        provisos = type(self.env["cs.policy.class.proviso"])
        facts = type(self.env["cs.facts"])
        with (
            patch.object(provisos, "_search", side_effect=AssertionError("provisos are read")),
            patch.object(facts, "_load_values", side_effect=AssertionError("values are read")),
        ):
            self._close(cycle)
        self.assertTrue(any(appraisal.class_id for appraisal in cycle.appraisal_ids))

    def test_refusing_to_close(self):
        def prepare(company):
            cycle = self._open("2025-01", company=company)

            def refuse():
                with self.assertRaisesRegex(Exception, "is not complete"):
                    self._close(cycle)

            return refuse

        self._assert_constant(prepare)

    def _count_versions(self):
        """Queries that many more employee versions cost Odoo itself, whatever is in them.

        Modules like time off create them one by one.
        """
        counts = {}
        for number, company in self.companies.items():
            employees = self.env["hr.employee"].search([("company_id", "=", company.id)])
            vals_list = [
                {
                    "employee_id": employee.id,
                    "date_version": "2024-12-31",
                    "contract_date_start": employee.contract_date_start,
                    "resource_calendar_id": employee.resource_calendar_id.id,
                }
                for employee in employees
            ]
            create = self.env["hr.version"].create
            counts[number] = self._count(partial(create, vals_list))
        return counts[MANY] - counts[FEW]

    def test_applying(self):
        self._play_full_quarter()
        with self.env.cr.savepoint() as savepoint:
            allowed = self._count_versions()
            savepoint.rollback()

        def prepare(company):
            return lambda: self._apply("2025-04-04", company=company)

        self._assert_constant(prepare, allowed)
        for number, company in self.companies.items():
            applied = self.env["cs.decision"].search(
                [("company_id", "=", company.id), ("state", "=", "applied")]
            )
            self.assertEqual(len(applied), number)
            self.assertEqual(
                {each._get_version(date(2025, 4, 1)).wage for each in applied.employee_id}, {1800}
            )

    def test_confirming(self):
        for company in self.companies.values():
            employees = self.env["hr.employee"].search([("company_id", "=", company.id)])
            employees.cs_tier_id = self.tiers["probation"]
            self.env["cs.probation.test"].create(
                [
                    {
                        "employee_id": employee.id,
                        "date": "2025-01-20",
                        "knowledge": 80,
                        "skills": 80,
                    }
                    for employee in employees
                ]
            )

        def prepare(company):
            employees = self.env["hr.employee"].search([("company_id", "=", company.id)])
            return lambda: self.env["cs.verdict"]._confirm_probations(employees, date(2025, 1, 21))

        self._assert_constant(prepare)

    def test_giving_places(self):
        for company in self.companies.values():
            policy = self.env["cs.policy"].search([("company_id", "=", company.id)])
            rung = policy._get_rungs()[self.tiers["intermediate"]]
            rung.write({"places": "percent", "places_value": 60})
            rung.order_ids = [Command.create({"metric": "quarter_score"})]
        self._play_full_quarter(until="2025-02")

        def prepare(company):
            cycle = self._open("2025-03", company=company)
            self._submit(cycle)
            return lambda: self._close(cycle)

        self._assert_constant(prepare)
        for number, company in self.companies.items():
            decisions = self.env["cs.decision"].search([("company_id", "=", company.id)])
            self.assertEqual(len(decisions), number * 6 // 10)
