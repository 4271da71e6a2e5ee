from unittest.mock import patch

from odoo import Command
from odoo.tests import Form, tagged

from odoo.addons.cs_promotion_payroll.tests.test_arrears import ArrearsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestNights(ArrearsCase):
    """A pay item that an addon declares is paid, kept, settled and told like those of the core."""

    @classmethod
    def _work_nights(cls, agent, month, nights):
        """The count of night shifts, as the office types it in."""
        with Form(cls.env["cs.figure"].with_user(cls.user_office)) as form:
            form.employee_id = agent
            form.month = cls._day(month)
            form.nights = nights
        return form.save()

    def _nights(self, slip):
        """Code -> total of the lines about night shifts."""
        return {
            code: total for code, total in self._amounts(slip).items() if code.endswith("NIGHTS")
        }

    def _forget_rules(self):
        """A structure from before the addon was there."""
        structure = self.company.cs_structure_id
        structure.rule_ids = structure.rule_ids.filtered(
            lambda rule: not (rule.cs_item or "").endswith("NIGHTS")
        )
        return structure

    def test_paid_by_form_and_batch(self):
        self._work_nights(self.agent, "2025-01", 3)
        self._play("2025-01", {self.agent: 90, self.peer: 80})
        slip = self._slip(self.agent, "2025-01")
        amounts = self._amounts(slip)
        self.assertEqual(amounts["NIGHTS"], 45)
        self.assertEqual(amounts["GROSS"], 1700 + 180 + 45)
        self.assertEqual(self._line(slip, "NIGHTS").cs_item, "NIGHTS")
        slip.action_payslip_cancel()
        run = self._batch(self.agent | self.peer, "2025-01")
        self.assertEqual(
            {each.employee_id: self._nights(each) for each in run.slip_ids},
            {self.agent: {"NIGHTS": 45}, self.peer: {"NIGHTS": 0}},
        )

    def test_loaded_once_for_a_whole_batch(self):
        def count(number, month):
            agents = self.env["hr.employee"].concat(
                *(self._make_agent(f"{month} {each}") for each in range(number))
            )
            run = self._batch(agents, month)
            pay, words = type(self.env["cs.pay"]), type(self.env["cs.vocabulary"])
            loads, terms = pay._load_values, words._get_pay_items
            with (
                patch.object(pay, "_load_values", autospec=True, side_effect=loads) as loading,
                patch.object(words, "_get_pay_items", autospec=True, side_effect=terms) as asking,
            ):
                run.slip_ids.compute_sheet()
            return loading.call_count, asking.call_count

        few = count(2, "2025-01")
        self.assertEqual(count(12, "2025-02"), few)

    def test_in_words(self):
        self._work_nights(self.agent, "2025-01", 3)
        slip = self._slip(self.agent, "2025-01")
        self.assertEqual(self._line(slip, "NIGHTS").name, "Night shifts: 3 at 15.00")
        self.assertIn("Night shifts: 3", slip.cs_explanation)
        other = self._slip(self.peer, "2025-01")
        self.assertEqual(self._line(other, "NIGHTS").name, "Night shifts")
        self.assertNotIn("Night", other.cs_explanation)
        rules = self.env["hr.salary.rule"].fields_get(["cs_item"])["cs_item"]["selection"]
        self.assertIn(["NIGHTS", "Night shifts"], [list(each) for each in rules])
        self.assertIn(
            ["ARREARS_NIGHTS", "Settled of earlier months: Night shifts"],
            [list(each) for each in rules],
        )

    def test_w7_a_count_corrected_after_payday_is_settled(self):
        figure = self._work_nights(self.agent, "2025-01", 3)
        january = self._pay(self.agent, "2025-01")
        self.assertEqual(self._find(self.agent), {})
        with Form(figure) as form:
            form.nights = 5
        self.assertEqual(self._listed(self.agent), {("2025-01", "NIGHTS"): 30})
        row = self.env["cs.pay.difference"].search([("employee_id", "=", self.agent.id)])
        self.assertEqual(row.cause, "Night shifts changed (3 → 5)")
        self.assertIn("Night shifts", row.display_name)
        february = self._pay(self.agent, "2025-02")
        self.assertEqual(self._nights(february), {"NIGHTS": 0, "ARREARS_NIGHTS": 30})
        self.assertEqual(
            self._line(february, "ARREARS_NIGHTS").name,
            "Settled of earlier months, Night shifts: January 2025 +30.00 "
            "(Night shifts changed (3 → 5))",
        )
        self.assertEqual(self._find(self.agent), {})
        figure.nights = 4
        march = self._slip(self.agent, "2025-03")
        self.assertEqual(self._nights(march), {"NIGHTS": 0, "ARREARS_NIGHTS": -15})
        self.assertEqual(self._nights(january), {"NIGHTS": 45}, "what is done stays")

    def test_w7_given_back_whole(self):
        self._work_nights(self.agent, "2025-01", 3)
        january = self._pay(self.agent, "2025-01")
        january.refund_sheet()
        self.assertEqual(self._nights(january.refunded_id), {"NIGHTS": 45})
        self.assertTrue(january.refunded_id.credit_note)

    def test_w8_the_month_of_the_results(self):
        self.company.cs_results_month = "before"
        self._work_nights(self.agent, "2025-01", 3)
        self.assertEqual(self._nights(self._slip(self.agent, "2025-02")), {"NIGHTS": 45})

    def test_w6_unpaid_leave_does_not_reduce_it(self):
        self.policy.unpaid_leave = "all"
        self._work_nights(self.agent, "2025-01", 3)
        slip = self._slip(self.agent, "2025-01", compute=False)
        slip.worked_days_line_ids = [
            Command.create(
                {
                    "name": "Unpaid leave",
                    "code": "UNPAID",
                    "number_of_days": 5,
                    "cs_unpaid_percent": 100,
                    "contract_id": slip.contract_id.id,
                }
            )
        ]
        slip.compute_sheet()
        self.assertLess(self._amounts(slip)["BASE"], 1700)
        self.assertEqual(self._amounts(slip)["NIGHTS"], 45)

    def test_a_structure_does_not_pay_it_until_a_rule_asks_for_it(self):
        structure = self._forget_rules()
        self._work_nights(self.agent, "2025-01", 3)
        self.assertEqual(self._nights(self._pay(self.agent, "2025-01")), {})
        wizard = (
            self.env["cs.structure.prepare"]
            .with_user(self.user_payroll)
            .with_company(self.company)
            .create({"structure_id": structure.id, "mode": "change", "month": "2025-02-01"})
        )
        self.assertEqual(
            [(row.item, row.sequence, row.category_id.code) for row in wizard.item_ids],
            [("NIGHTS", 10, "ALW"), ("ARREARS_NIGHTS", 99, "ALW")],
        )
        wizard.action_show_net()
        wizard.action_set()
        self.assertEqual(self.company.cs_structure_id, structure)
        self._work_nights(self.agent, "2025-02", 2)
        self.assertEqual(
            self._nights(self._slip(self.agent, "2025-02")),
            {"NIGHTS": 30},
            "what it did not pay in January is none of its matter",
        )

    def test_a_new_company_gets_the_rules(self):
        rules = self.company.cs_structure_id.get_all_rules()
        self.assertEqual(
            rules.mapped("code"),
            [
                "BASE",
                "APPRAISAL",
                "COMMISSION",
                "NIGHTS",
                "ARREARS_BASE",
                "ARREARS_APPRAISAL",
                "ARREARS_COMMISSION",
                "ARREARS_NIGHTS",
                "GROSS",
                "FINE",
                "NET",
            ],
        )
        ours = rules.filtered(lambda rule: rule.code == "NIGHTS")
        self.assertEqual((ours.name, ours.company_id), ("Night shifts", self.company))

    def test_a_rule_of_the_companys_own_that_asks_for_it(self):
        self._forget_rules()
        category = self.env.ref("cs_promotion_payroll.category_allowance")
        rule, full = self.env["hr.salary.rule"].create(
            [
                {
                    "name": code,
                    "code": code,
                    "sequence": 50,
                    "category_id": category.id,
                    "company_id": self.company.id,
                    "amount_select": "code",
                    "amount_python_compute": f"result = payroll.cs.{name}",
                }
                for code, name in (("OURS", "NIGHTS"), ("WHOLE", "NIGHTS_FULL"))
            ]
        )
        self.assertEqual((rule | full)._pays_item(), rule)
        self.company.cs_structure_id.rule_ids |= rule | full
        figure = self._work_nights(self.agent, "2025-01", 3)
        slip = self._pay(self.agent, "2025-01")
        self.assertEqual(
            (self._line(slip, "OURS").total, self._line(slip, "WHOLE").total), (45, 45)
        )
        figure.nights = 4
        self.assertEqual(self._find(self.agent), {("2025-01", "NIGHTS"): 15})

    def test_in_the_analysis(self):
        self._work_nights(self.agent, "2025-01", 3)
        slip = self._pay(self.agent, "2025-01")
        rows = self.env["cs.pay.report"].search([("payslip_id", "=", slip.id)])
        self.assertEqual(rows.filtered(lambda row: row.part == "NIGHTS").amount, 45)

    def test_in_a_replay(self):
        self._work_nights(self.agent, "2025-01", 3)
        self._pay(self.agent, "2025-01")
        found = self.env["cs.replay"]._get_payslips(self.company, [self._day("2025-01")])
        self.assertEqual(found[self.agent.id]["2025-01"]["NIGHTS"], 45)
