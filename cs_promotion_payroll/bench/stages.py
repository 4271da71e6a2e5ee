"""The stages of a month's end, each with its yardstick, and what both have to agree on."""

import datetime

from odoo import Command
from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import day_after, quarter_start
from odoo.addons.cs_promotion.models.hr_version import APPLYING
from odoo.addons.cs_promotion.models.scheduled import BATCH, JUDGED_AT_ONCE

from ..tier_pay import ARREARS
from . import yardsticks
from .example import make_example, make_plain, repeat_payslips
from .history import MONTHS, History, make_payslips
from .measure import REPEATS

ROUNDS = 5  # all companies are measured in turn, so many times
SHOWN = 5  # rows that a difference names
SAMPLE = 20  # payslips that are also computed one by one
LOG = {"id", "create_uid", "create_date", "write_uid", "write_date", "last_modified_date"}


class Disagreement(Exception):
    """A stage and its yardstick do not give the same result."""


class Case:
    """The bench's company in one transaction, and the month that is measured."""

    def __init__(self, env, month, count, times=1):
        self.history = History(env, month, count, times)
        self.env = self.history.env
        self.company = self.history.company
        self.month = month
        self.cycle = self.history.find_cycle(month)
        self.quarter = self.env["cs.cycle"]._get_or_create(
            self.company, "quarter", quarter_start(month)
        )
        self.effective = day_after(self.cycle.date_end)

    @property
    def agents(self):
        return self.cycle.appraisal_ids.employee_id

    def query(self, statement, **values):
        """All rows of a query, with what is cached written first."""
        self.env.flush_all()
        return self.env.execute_query(SQL(statement, **values))

    def digest(self, table, where, without=(), joined=""):
        """Number of rows and a checksum of their content, whatever their ids and order.

        :param without: columns that are left out, besides ids and log
        :param joined: SQL of further columns, for what ids of new rows stand for
        """
        columns = self.query(
            """
            SELECT column_name, data_type = 'numeric' FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = %(table)s ORDER BY column_name
            """,
            table=table,
        )
        names = [
            f"trim_scale(own.{name})" if numeric else f"own.{name}"
            for name, numeric in columns
            if name not in LOG | set(without)
        ]
        content = ", ".join([*names, *filter(None, [joined])])
        return self.query(
            f"""
            SELECT COUNT(*), md5(string_agg(content::text, ';' ORDER BY content))
              FROM (SELECT {content} FROM {table} own WHERE {where}) content
            """,
            cycle=self.cycle.id,
            quarter=self.quarter.id,
            company=self.company.id,
        )[0]


class Stage:
    """One stage: the addons' own way in ``run``, the yardstick's in ``measure``."""

    name = title = None
    rounds = ROUNDS
    repeats = REPEATS  # in a round
    beside = None  # name of an earlier stage that is the yardstick

    def prepare(self, case):
        """What has to be there before both."""

    def run(self, case):
        """The stage as the addons do it."""
        raise NotImplementedError

    def get_yardstick(self, case):
        """The same work by the yardstick, as a function; what it needs is made ready here."""
        raise NotImplementedError

    def result(self, case):
        """What both leave behind: a comparable value for each thing that is compared."""
        raise NotImplementedError

    def compare(self, own, yardstick):
        """Refuse results that differ, naming what does."""
        for key in own:
            if own[key] != yardstick[key]:
                ours, theirs = show_difference(own[key], yardstick[key])
                raise Disagreement(
                    f"{self.name}: {key} differ: {ours} by the addons, {theirs} by the yardstick"
                )

    def check(self, case):
        """Further checks of what the addons leave behind."""


class Open(Stage):
    name, title = "open", "Open a month"

    def run(self, case):
        case.cycle._open()

    def get_yardstick(self, case):
        return lambda: yardsticks.execute(case, yardsticks.OPEN)

    def result(self, case):
        ours = "(SELECT id FROM cs_appraisal_sheet WHERE cycle_id = %(cycle)s)"
        sheet = (
            "(SELECT (employee_id, role) FROM cs_appraisal_sheet sheet WHERE sheet.id = sheet_id)"
        )
        return {
            "appraisals": case.digest("cs_appraisal", "cycle_id = %(cycle)s"),
            "sheets": case.digest("cs_appraisal_sheet", "cycle_id = %(cycle)s", ["appraisal_id"]),
            "lines": case.digest(
                "cs_appraisal_sheet_line", f"sheet_id IN {ours}", ["sheet_id"], sheet
            ),
        }


class Close(Stage):
    name, title = "close", "Close it"

    def prepare(self, case):
        if not case.cycle.appraisal_ids:
            case.cycle._open()
        if not all(case.cycle.appraisal_ids.mapped("complete")):
            case.history.fill_in(case.cycle)

    def run(self, case):
        case.cycle._freeze(case.history.closing_day(case.month))

    def get_yardstick(self, case):
        return lambda: yardsticks.execute(case, yardsticks.CLOSE)

    def result(self, case):
        return {
            kind: case.digest("cs_appraisal", f"cycle_id = %({cycle})s", ["judged"])
            for kind, cycle in (("month", "cycle"), ("quarter", "quarter"))
        }


class Judge(Stage):
    name, title = "judge", "Judge everyone"

    def run(self, case):
        while waiting := case.cycle._find_unjudged():
            case.cycle._judge(waiting[:JUDGED_AT_ONCE])
        case.cycle._finish()

    def get_yardstick(self, case):
        return lambda: yardsticks.execute(case, yardsticks.JUDGE)

    def result(self, case):
        decisions = case.query(
            """
            SELECT employee_id, outcome, tier_to_id, ground
              FROM cs_decision WHERE cycle_id = %(cycle)s ORDER BY 1, 2, 4
            """,
            cycle=case.cycle.id,
        )
        columns = case.digest("cs_decision", "cycle_id = %(cycle)s", ["evidence"])
        return {"decisions": decisions, "columns of the decisions": columns}


class Apply(Stage):
    name, title = "apply", "Apply the decisions"

    def run(self, case):
        while due := case.history.find_due(case.month):
            due[:BATCH]._apply_due(case.history.applying_day(case.month))

    def get_yardstick(self, case):
        """A version for each decision, with the values that the decision sets."""
        values = [
            (decision.employee_id, {"date_version": day, **decision._get_target(day)})
            for decision in case.history.find_due(case.month)
            for day in [decision.effective_date]
        ]

        def create():
            for employee, given in values:
                employee.with_context(cs_applying=APPLYING).create_version(given)

        return create

    def result(self, case):
        ours = (
            "EXISTS (SELECT FROM hr_employee agent WHERE agent.id = own.employee_id"
            " AND agent.company_id = %(company)s)"
        )
        return {"versions": case.digest("hr_version", ours, ["last_modified_uid"])}


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


def show_difference(one, other):
    """What only one of two values has, in short."""
    if not isinstance(one, list):
        return one, other
    found = []
    for rows, others in ((one, other), (other, one)):
        known = set(map(str, others))
        found.append([row for row in rows if str(row) not in known][:SHOWN])
    return found


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


STAGES = (Open, Close, Judge, Apply, Payslips, Arrears, Example)
