from odoo import Command
from odoo.tests import tagged

from .common import CsPayrollCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestTwoContracts(CsPayrollCase):
    """Two contracts in a month: one line for each code, with the sum of both parts, by form and
    by batch alike. April 2025 has 30 days, 22 of them working days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        allowance = cls.env.ref("cs_promotion_payroll.category_allowance")
        deduction = cls.env.ref("cs_promotion_payroll.category_deduction")
        rules = (
            ("MEAL", 40, allowance, "result = 3 * worked_days.WORK100.number_of_days"),
            (
                "UNPAID",
                120,
                deduction,
                "result = 50 * worked_days.OFF.number_of_days if worked_days.OFF else 0",
            ),
            ("BONUS", 45, allowance, "result = inputs.BONUS.amount"),
        )
        cls.company.cs_structure_id.rule_ids = [
            Command.create(
                {
                    "name": code.title(),
                    "code": code,
                    "sequence": sequence,
                    "category_id": category.id,
                    "company_id": cls.company.id,
                    "amount_select": "code",
                    "amount_python_compute": python,
                    "input_ids": [Command.create({"name": "Bonus", "code": "BONUS"})]
                    if code == "BONUS"
                    else [],
                }
            )
            for code, sequence, category, python in rules
        ]
        cls.kind = cls.env["hr.leave.type"].create(
            {
                "name": "Off",
                "requires_allocation": False,
                "leave_validation_type": "no_validation",
                "company_id": cls.company.id,
                "cs_payslip_code": "OFF",
            }
        )

    @classmethod
    def _renewed(cls, name, left="2025-04-15", again="2025-04-16", **values):
        """An agent whose contract ends within April, and who gets another one."""
        agent = cls._make_agent(name, left=left)
        agent.create_version(
            {"date_version": again, "contract_date_start": again, "contract_date_end": False}
            | values
        )
        return agent

    @classmethod
    def _leave(cls, agent, first, last, kind=None):
        cls.env["hr.leave"].create(
            {
                "employee_id": agent.id,
                "holiday_status_id": (kind or cls.kind).id,
                "request_date_from": first,
                "request_date_to": last,
            }
        )

    def _slips(self, agent, **amounts):
        """The payslip by form and the one by batch: code -> total, the same in both."""
        single = self._slip(agent, "2025-04")
        found = self._read(single)
        single.action_payslip_cancel()
        batch = self._batch(agent + self.peer, "2025-04").slip_ids.filtered(
            lambda slip: slip.employee_id == agent
        )
        self.assertEqual(self._read(batch), found)
        codes = batch.line_ids.mapped("code")
        self.assertEqual(len(codes), len(set(codes)), "one line for each code")
        totals = {code: total for code, total in found[0] if code in amounts}
        self.assertEqual(totals, amounts)
        return batch

    def _read(self, slip):
        return (
            [(line.code, round(line.total, 2)) for line in slip.line_ids.sorted("sequence")],
            [
                (
                    line.code,
                    line.name,
                    line.number_of_days,
                    line.number_of_hours,
                    line.cs_unpaid_percent,
                    line.cs_leave,
                    line.contract_id,
                )
                for line in slip.worked_days_line_ids
            ],
            [(line.code, line.amount, line.contract_id) for line in slip.input_line_ids],
            slip.contract_id,
            slip.struct_id,
            slip.cs_figures,
        )

    def test_one_contract(self):
        self._slips(self.agent, BASE=1700, MEAL=66, UNPAID=0)

    def test_two_contracts(self):
        agent = self._renewed("Renewed")
        self._leave(agent, "2025-04-10", "2025-04-11")
        self._leave(agent, "2025-04-24", "2025-04-24")
        slip = self._slips(agent, BASE=1700, MEAL=66, UNPAID=-150)
        days = {line.code: line.number_of_days for line in slip.worked_days_line_ids}
        self.assertEqual(days, {"OFF": -3, "WORK100": 22})
        self.assertEqual(slip.input_line_ids.mapped("code"), ["BONUS"], "once")

    def test_gap_between_the_contracts(self):
        """1 to 10 April, and from 21 April on: 8 and 8 working days, 20 of 30 days."""
        agent = self._renewed("Gap", left="2025-04-10", again="2025-04-21")
        self._leave(agent, "2025-04-24", "2025-04-25")
        self._slips(agent, BASE=1133.33, MEAL=48, UNPAID=-100)

    def test_leaver(self):
        """Left on 11 April: 9 working days, 11 of 30 days; OCA alone counts all 22."""
        agent = self._make_agent("Leaver", left="2025-04-11")
        slip = self._slips(agent, BASE=623.33, MEAL=27, UNPAID=0)
        self.assertEqual(slip.worked_days_line_ids.mapped("number_of_days"), [9])

    def test_tier_changes_within_a_contract(self):
        """A new version of the same contract is none of its own: 10 days at 1,700, 20 at 2,000."""
        agent = self._make_agent("Promoted")
        self._decide(agent, "senior", "2025-04-11")
        self._apply("2025-04-14")
        self._leave(agent, "2025-04-09", "2025-04-15")
        slip = self._slips(agent, BASE=1900, MEAL=66, UNPAID=-250)
        self.assertEqual(len(slip.worked_days_line_ids), 2)

    def test_working_schedule_changes_within_the_month(self):
        """From 15 April on Monday to Wednesday, 24 of 40 hours: 10 working days, then 8."""
        part = self.company.resource_calendar_id.copy({"name": "Three days"})
        part.attendance_ids.filtered(lambda each: each.dayofweek in ("3", "4")).unlink()
        agent = self._make_agent("Part")
        version = agent.create_version({"date_version": "2025-04-15"})
        version.resource_calendar_id = part
        self.assertEqual((part.hours_per_week, part.full_time_required_hours), (24, 40))
        self._leave(agent, "2025-04-14", "2025-04-14")
        self._leave(agent, "2025-04-15", "2025-04-18")
        # 14 days in full, 16 days at 24/40: 793.33 + 544; away on 14, 15 and 16 April
        self._slips(agent, BASE=1337.33, MEAL=54, UNPAID=-150)

    def test_two_contracts_and_tiers(self):
        """15 days a junior, then 15 a senior by a contract of their own, with unpaid leave."""
        self.kind.cs_pay_percent = 0
        agent = self._renewed(
            "Both", cs_tier_id=self.tiers["senior"].id, cs_tier_since="2025-04-16"
        )
        self._leave(agent, "2025-04-14", "2025-04-17")
        # (850 + 1000) x 18/22
        self._slips(agent, BASE=1513.64, MEAL=66, UNPAID=-200)

    def test_wage_of_the_contract(self):
        """Rules of the company's own see one contract, the last that pays by tier, whatever was
        typed in first and by form and batch alike."""
        rule = self.company.cs_structure_id.rule_ids.filtered(lambda each: each.code == "BONUS")
        rule.amount_python_compute = "result = contract.wage / 100"
        agent = self._renewed("Waged", wage=2500)
        agent.version_ids.sorted("date_version")[0].wage = 1500
        self._slips(agent, BONUS=25)

    def test_lines_of_one_code_are_summed_for_rules(self):
        """Lines that HR adds, or an addon for each contract, count under their code together."""
        agent = self._renewed("Typed")
        slip = self._slip(agent, "2025-04", compute=False)
        self.env["hr.payslip.worked_days"].create(
            [
                {"payslip_id": slip.id, "name": f"Off {number}", "code": "OFF"}
                | {"number_of_days": -number, "contract_id": slip.contract_id.id}
                for number in (1, 2)
            ]
        )
        slip.input_line_ids.amount = 10
        slip.input_line_ids.copy({"payslip_id": slip.id, "amount": 5})
        slip.compute_sheet()
        self.assertEqual(self._line(slip, "UNPAID").total, -150)
        self.assertEqual(self._line(slip, "BONUS").total, 15)
        self.assertEqual(self._line(slip, "MEAL").total, 66)

    def test_queries_do_not_grow_with_the_contracts(self):
        def count(number, month):
            agents = self.env["hr.employee"].union(
                *(
                    self._renewed(f"{month} {n}", left=f"{month}-15", again=f"{month}-16")
                    for n in range(number)
                )
            )
            self.env.flush_all()
            self.env.invalidate_all()
            run = self.env["hr.payslip.run"].create(
                {"name": month, "date_start": f"{month}-01", "date_end": self._month_end(month)}
                | {"company_id": self.company.id}
            )
            self.env.flush_all()
            contracts = run._get_tier_contracts(agents)
            before = self.env.cr.sql_log_count
            values = run._get_tier_slip_values(contracts)
            self.assertEqual(len(values), number)
            return self.env.cr.sql_log_count - before

        count(2, "2025-04")
        few, many = count(5, "2025-05"), count(25, "2025-06")
        self.assertLessEqual(many, few + 2)
