"""The stages of a month's end, each with its yardstick, and what both have to agree on."""

from odoo.addons.cs_promotion.models.people.hr_version import APPLYING
from odoo.addons.cs_promotion.models.scheduled import BATCH, JUDGED_AT_ONCE

from . import yardsticks
from .pay_stages import Arrears, Example, Payslips
from .stage import Stage


class SqlStage(Stage):
    """A stage whose yardstick is one statement."""

    statement = None
    has_quick_yardstick = True

    def get_yardstick(self, case):
        return lambda: yardsticks.execute(case, self.statement)


class Open(SqlStage):
    name, title = "open", "Open a month"
    statement = yardsticks.OPEN

    def run(self, case):
        case.cycle._open()

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


class Close(SqlStage):
    name, title = "close", "Close it"
    statement = yardsticks.CLOSE

    def prepare(self, case):
        if not case.cycle.appraisal_ids:
            case.cycle._open()
        if not all(case.cycle.appraisal_ids.mapped("complete")):
            case.history.fill_in(case.cycle)

    def run(self, case):
        case.cycle._freeze(case.history.closing_day(case.month))

    def result(self, case):
        return {
            kind: case.digest("cs_appraisal", f"cycle_id = %({cycle})s", ["judged"])
            for kind, cycle in (("month", "cycle"), ("quarter", "quarter"))
        }


class Judge(SqlStage):
    name, title = "judge", "Judge everyone"
    statement = yardsticks.JUDGE

    def run(self, case):
        while waiting := case.cycle._find_unjudged():
            case.cycle._judge(waiting[:JUDGED_AT_ONCE])
        case.cycle._finish()

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
        moves = case.history.env["cs.tier.move"]
        values = [
            (
                decision.employee_id,
                {"date_version": day, **moves._get_change(decision, former, day, {})},
            )
            for decision in case.history.find_due(case.month)
            for day in [decision.effective_date]
            for former in [decision.employee_id._get_version(day)]
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


STAGES = (Open, Close, Judge, Apply, Payslips, Arrears, Example)
