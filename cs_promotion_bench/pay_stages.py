"""The stages of payday, each with its yardstick, and what both have to agree on."""

import datetime

from odoo import Command

from odoo.addons.cs_promotion_payroll.example import make_example
from odoo.addons.cs_promotion_payroll.tier_pay import ARREARS

from .example import make_plain, repeat_payslips
from .history import MONTHS
from .payday import make_payslips
from .stage import LOG, Stage

SAMPLE = 20  # payslips that are also computed one by one


class Payslips(Stage):
    """Pay is not the same by fixed rules: slips, inputs and worked days are compared with the
    yardstick's, and all of a sample with what is computed one by one."""

    name, title = "payslips", "Compute the payslips"
    rounds, repeats = 3, 1  # minutes long: caches need no warming

    def run(self, case):
        make_payslips(case.env, case.agents, case.month)

    def get_yardstick(self, case):
        structure = self._make_structure(case)
        return lambda: make_payslips(case.env, case.agents, case.month, struct_id=structure.id)

    @staticmethod
    def _make_structure(case):
        """A structure of as many rules as tier pay has lines, each of a fixed amount."""
        category = case.env.ref("cs_promotion_payroll.category_basic")
        rules = case.company._get_cs_structure().rule_ids
        count = len(rules.filtered(lambda rule: not (rule.cs_item or "").startswith(ARREARS)))
        rules = case.env["hr.salary.rule"].create(
            [
                {
                    "name": f"Fixed {number}",
                    "code": f"FIXED{number}",
                    "sequence": 10 * number,
                    "category_id": category.id,
                    "company_id": case.company.id,
                    "amount_select": "fix",
                    "amount_fix": 100 * number,
                }
                for number in range(1, count + 1)
            ]
        )
        return case.env["hr.payroll.structure"].create(
            {
                "name": "Fixed",
                "code": "FIXED",
                "company_id": case.company.id,
                "parent_id": False,
                "rule_ids": [Command.set(rules.ids)],
            }
        )

    def result(self, case):
        def query(columns, source):
            return case.query(
                f"""
                SELECT {columns} FROM hr_payslip slip {source}
                 WHERE slip.date_from = %(month)s AND slip.company_id = %(company)s ORDER BY 1, 2, 3
                """,
                month=case.month,
                company=case.company.id,
            )

        # OCA counts the days of a leaver's contract beyond its end, and those of a version that
        # begins in the month from its first day on: these are not compared
        days = """
            JOIN hr_payslip_worked_days days ON days.payslip_id = slip.id
            JOIN hr_version version ON version.id = slip.contract_id
             AND GREATEST(version.contract_date_start, version.date_version) <= slip.date_from
             AND COALESCE(version.contract_date_end, slip.date_to) >= slip.date_to
        """
        return {
            "slips": query("employee_id, contract_id, slip.date_to, slip.state", ""),
            "lines": len(
                query(
                    "DISTINCT slip.id, line.code, line.salary_rule_id",
                    "JOIN hr_payslip_line line ON line.slip_id = slip.id",
                )
            ),
            "worked days": query(
                "slip.employee_id, days.code, days.number_of_days, days.number_of_hours", days
            ),
            "inputs": query(
                "employee_id, code, amount",
                "JOIN hr_payslip_input input ON input.payslip_id = slip.id",
            ),
        }

    def check(self, case):
        """A sample of the slips holds what it holds when computed one by one."""
        ours = [("company_id", "=", case.company.id), ("date_from", "=", case.month)]
        slips = case.env["hr.payslip"].search(ours, order="id")
        sample = slips[:: max(1, len(slips) // SAMPLE)]
        batch = [read_payslip(slip) for slip in sample]
        employees = sample.employee_id
        slips.action_payslip_cancel()  # else the others would be a second payslip
        single = [read_payslip(make_payslip(employee, case.month)) for employee in employees]
        for one, other in zip(batch, single, strict=True):
            self.compare({"payslips": one}, {"payslips": other})


class Example(Payslips):
    """The same by the Chinese example structure, in a company that was paid by it since the
    year began: its tax goes by all payslips of the year."""

    name, title = "example", "Compute the payslips of the example"

    def prepare(self, case):
        ours = [("company_id", "=", case.company.id), ("date_from", "=", case.month)]
        former = case.env["hr.payslip"].search(ours)
        former.action_payslip_cancel()
        former.unlink()
        # nothing is left to be settled, whatever was found before
        case.env["hr.payslip"].search([ours[0]]).flush_recordset()
        case.env.cr.execute(
            "UPDATE hr_payslip SET cs_figures = NULL WHERE company_id = %s", [case.company.id]
        )
        case.env.invalidate_all()
        structure = make_example(case.company)
        versions = case.env["hr.version"].search([("employee_id", "in", case.agents.ids)])
        versions.struct_id = structure
        self.run(case)
        repeat_payslips(case)

    @staticmethod
    def _make_structure(case):
        return make_plain(make_example(case.company))


class Arrears(Stage):
    """A year of done payslips of everyone is compared with what is known now, which for two in
    a hundred has changed. Yardstick are the payslips of one month."""

    name, title = "arrears", "Check for arrears"
    beside = "payslips"

    def prepare(self, case):
        """More sales than were paid by, of two agents' months in a hundred."""
        case.query(
            """
            UPDATE cs_figure SET sales = sales + 1000
             WHERE company_id = %(company)s AND month < %(month)s AND hashint4(id) %% 50 = 0
            RETURNING id
            """,
            company=case.company.id,
            month=case.month,
        )
        case.env.invalidate_all()

    def run(self, case):
        case.env["cs.pay.difference"]._refresh_all(case.company)

    def result(self, case):
        return {
            "differences": case.query(
                """
                SELECT employee_id, month, item, amount FROM cs_pay_difference
                 WHERE company_id = %(company)s ORDER BY 1, 2, 3
                """,
                company=case.company.id,
            )
        }

    def check(self, case):
        """All paid months are compared; and the payslips of those concerned settle what was
        found, no more and no less."""
        paid = case.env["cs.pay.difference"]._load_paid(case.company, None)
        self.compare(
            {"paid months": len(paid) >= MONTHS * len(case.agents) // 2, "found": True},
            {"paid months": True, "found": bool(self.result(case)["differences"])},
        )
        domain = [("company_id", "=", case.company.id), ("date_from", "=", case.month)]
        slips = case.env["hr.payslip"].search([*domain, ("state", "!=", "cancel")])
        employees = {row[0] for row in self.result(case)["differences"]}
        slips = slips.filtered(lambda slip: slip.employee_id.id in employees)
        slips.compute_sheet()
        settled = case.query(
            """
            SELECT employee_id, month, item, amount FROM cs_settlement
             WHERE slip_id = ANY(%(slips)s) ORDER BY 1, 2, 3
            """,
            slips=slips.ids,
        )
        paid_now = set(slips.employee_id.ids)
        found = [row for row in self.result(case)["differences"] if row[0] in paid_now]
        self.compare({"what is settled": settled}, {"what is settled": found})


def make_payslip(employee, month):
    """One payslip as the form makes it, by OCA payroll's own methods."""
    slips = employee.env["hr.payslip"]
    end = month.replace(day=28) + datetime.timedelta(days=4)
    end -= datetime.timedelta(days=end.day)
    values = slips.get_payslip_vals(month, end, employee.id)["value"]
    slip = slips.create(
        {
            "employee_id": employee.id,
            "struct_id": values["struct_id"],
            "contract_id": values["contract_id"],
            "input_line_ids": [Command.create(line) for line in values["input_line_ids"]],
            "worked_days_line_ids": [
                Command.create(line) for line in values["worked_days_line_ids"]
            ],
            "date_from": month,
            "date_to": end,
            "company_id": employee.company_id.id,
        }
    )
    slip._compute_name()
    slip.compute_sheet()
    return slip


def read_payslip(slip):
    """All that a payslip holds, without ids and numbers."""
    without = LOG | {"number", "payslip_run_id", "slip_id", "payslip_id"}

    def names(records):
        return [
            name
            for name, field in records._fields.items()
            if field.store and not field.type.endswith("2many") and name not in without
        ]

    return [
        [row | {"id": None} for row in records.read(names(records), load=None)]
        for records in (
            slip,
            slip.line_ids.sorted("sequence"),
            slip.worked_days_line_ids.sorted("sequence"),
            slip.input_line_ids.sorted("code"),
        )
    ]
