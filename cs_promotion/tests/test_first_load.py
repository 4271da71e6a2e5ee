from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .first_load_common import FirstLoadCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestFirstLoad(FirstLoadCase):
    """HR takes existing staff up, by form or import; later only decisions change a tier."""

    def test_tier_dated_the_day_it_was_typed_reaches_back_to_joining(self):
        """A first version dated later than its contract still covers the past months."""
        late = self.env["hr.employee"].create(
            {
                "name": "Typed late",
                "company_id": self.company.id,
                "department_id": self.hotline.id,
                "date_version": "2025-06-01",
                "contract_date_start": "2023-04-01",
                "cs_tier_id": self.tiers["senior"].id,
                "cs_tier_since": "2024-10-01",
            }
        )
        self.assertEqual(self._tier_on(late, "2025-01-15"), "senior")
        self.assertIn(late, self._open("2025-01").appraisal_ids.employee_id)

    # ------------------------------------------------------------------ what is refused

    def _assert_refused(self, error, message, **values):
        employee = self.newcomer
        before = self._values(employee)
        with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
            employee.write({"cs_tier_id": self.tiers["junior"].id} | values)
        self.assertEqual(self._values(employee), before)

    def test_since_before_joining_is_refused(self):
        self._assert_refused(
            ValidationError,
            "Newcomer: the CS tier cannot begin on 2024-05-09, before joining on 2024-05-10",
            cs_tier_since="2024-05-09",
        )

    def test_tier_without_a_contract_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "No contract: set the contract's start"):
            self.env["hr.employee"].create(
                {"name": "No contract", "cs_tier_id": self.tiers["junior"].id}
            )

    def test_tier_changes_by_decisions_once_there_are_results(self):
        self._play("2025-01", {self.agent: 80, self.peer: 80})
        before = self._values(self.agent)
        attempts = {
            "tier": {"cs_tier_id": self.tiers["senior"].id},
            "since": {"cs_tier_since": "2025-01-05"},
            "off the ladder": {"cs_tier_id": False},
            "without since": {"cs_tier_since": False},
        }
        for name, values in attempts.items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "Agent has results already"),
                self.env.cr.savepoint(),
            ):
                self.agent.write(values)
        self.assertEqual(self._values(self.agent), before)

    def test_tier_changes_by_decisions_once_there_is_a_decision(self):
        self._decide(self.agent, "senior", "2025-03-10")
        with self.assertRaisesRegex(UserError, "Agent has results"), self.env.cr.savepoint():
            self.agent.cs_tier_id = self.tiers["intermediate"]
        self._apply("2025-04-01")
        self.assertEqual(self._tier_on(self.agent, "2025-03-10"), "senior")

    def test_new_version_with_another_tier_is_refused(self):
        self._play("2025-01", {self.agent: 80, self.peer: 80})
        with self.assertRaisesRegex(UserError, "Agent has results"), self.env.cr.savepoint():
            self.agent.create_version(
                {"date_version": "2025-03-01", "cs_tier_id": self.tiers["senior"].id}
            )
        self.assertEqual(self._tier_on(self.agent, "2025-03-01"), "junior")

    def test_other_changes_of_a_settled_agent_stay_possible(self):
        self._play("2025-01", {self.agent: 80, self.peer: 80})
        version = self.agent.create_version({"date_version": "2025-03-01"})
        version.department_id = self.front_desk
        self.agent.write(
            {"job_title": "Agent", "cs_tier_id": self.tiers["junior"].id, "wage": 1750}
        )
        self.assertEqual(self._values(self.agent), ("junior", date(2025, 1, 1), 1750))

    # ------------------------------------------------------------------ a new employment

    def _rehire(self, **values):
        leaver = self._make_agent("Leaver", tier="senior", left="2025-01-31", **values)
        self._play("2025-01", {leaver: 80})
        version = leaver.create_contract("2025-06-16")
        return leaver, version

    def test_rehired_agent_counts_from_the_new_contract(self):
        leaver, version = self._rehire()
        self.assertEqual((version.cs_tier_id.code, version.wage), ("senior", 2000))
        self.assertEqual(version.cs_tier_since, date(2025, 6, 16))
        self.assertEqual(self._tier_on(leaver, "2025-01-31"), "senior")
        self.assertIsNone(self._tier_on(leaver, "2025-03-01"))

    def test_rehired_agent_may_begin_on_another_tier(self):
        leaver, version = self._rehire()
        version.cs_tier_id = self.tiers["probation"]
        self.assertEqual(version.cs_tier_since, date(2025, 6, 16))
        self.assertEqual(version.wage, 1500)
        self.assertEqual(self._tier_on(leaver, "2025-06-16"), "probation")
        self.assertEqual(self._tier_on(leaver, "2025-01-31"), "senior")
        self._play("2025-06", {leaver: 80})
        with self.assertRaisesRegex(UserError, "Leaver has results"), self.env.cr.savepoint():
            version.cs_tier_id = self.tiers["senior"]

    def test_prolonged_contract_is_the_same_employment(self):
        agent = self._make_agent("Prolonged", left="2025-01-31")
        self._play("2025-01", {agent: 80})
        version = agent.create_contract("2025-02-01")
        self.assertEqual(version.cs_tier_since, date(2025, 1, 1))
        with self.assertRaisesRegex(UserError, "Prolonged has results"), self.env.cr.savepoint():
            version.cs_tier_id = self.tiers["senior"]

    # ------------------------------------------------------------------ the standard import

    COLUMNS = ("id", "name", "company_id/id", "date_version", "contract_date_start")
    TIER_COLUMNS = ("cs_tier_id", "cs_tier_since")

    def _import(self, columns, rows):
        records = self.env["hr.employee"].with_user(self.user_hr).with_company(self.company)
        result = records.load(list(columns), rows)
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def _rows(self, number, tiers=("Junior agent", "Senior agent")):
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "cs_company",
                "model": "res.company",
                "res_id": self.company.id,
            }
        )
        return [
            [
                f"__import__.agent_{index}",
                f"Imported {index:03}",
                "__import__.cs_company",
                "2024-02-01",
                "2024-02-01",
                tiers[index % len(tiers)],
                "2024-08-01",
            ]
            for index in range(number)
        ]

    def test_import_hundreds_of_rows(self):
        rows = self._rows(200)
        result = self._import(self.COLUMNS + self.TIER_COLUMNS, rows)
        self.assertFalse(result["messages"])
        employees = self.env["hr.employee"].browse(result["ids"])
        self.assertEqual(len(employees), 200)
        for index, employee in enumerate(employees):
            tier, wage = (("junior", 1700), ("senior", 2000))[index % 2]
            self.assertEqual(
                (employee.cs_tier_id.code, employee.cs_tier_since, employee.wage),
                (tier, date(2024, 8, 1), wage),
            )
        self.assertEqual(len(self._open("2025-01").appraisal_ids), 202)

    def test_import_again_changes_nothing(self):
        rows = self._rows(4)
        self._import(self.COLUMNS + self.TIER_COLUMNS, rows)
        self._play("2025-01", {})
        result = self._import(self.COLUMNS + self.TIER_COLUMNS, rows)
        self.assertFalse(result["messages"])
        employee = self.env.ref("__import__.agent_1")
        self.assertEqual(len(employee.version_ids), 1)
        self.assertEqual(self._values(employee), ("senior", date(2024, 8, 1), 2000))

    def test_import_that_changes_a_settled_tier_stores_nothing(self):
        rows = self._rows(4)
        self._import(self.COLUMNS + self.TIER_COLUMNS, rows)
        self._play("2025-01", {})
        rows = [[*row[:5], "Reserve supervisor", row[6]] for row in rows]
        with self.env.cr.savepoint():
            result = self._import(self.COLUMNS + self.TIER_COLUMNS, rows)
        self.assertFalse(result["ids"])
        self.assertIn("Imported 000 has results already", result["messages"][0]["message"])
        self.assertEqual(
            self._values(self.env.ref("__import__.agent_1")), ("senior", date(2024, 8, 1), 2000)
        )

    def test_import_with_one_bad_row_stores_nothing(self):
        rows = self._rows(20)
        rows[13][6] = "2024-01-31"  # a day before joining
        rows[17][5] = "No such tier"
        result = self._import(self.COLUMNS + self.TIER_COLUMNS, rows)
        self.assertFalse(result["ids"])
        messages = "\n".join(each["message"] for each in result["messages"])
        self.assertIn("Imported 013: the CS tier cannot begin on 2024-01-31", messages)
        self.assertIn("No such tier", messages)
        self.assertFalse(self.env["hr.employee"].search([("name", "like", "Imported %")]))
