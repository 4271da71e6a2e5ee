"""A month of a company, step by step, by jobs or without; each in a process of its own."""

from contextlib import contextmanager
from datetime import timedelta

from odoo.modules import module
from odoo.modules.registry import Registry
from odoo.tools import config

from odoo.addons.cs_promotion.engine.calendar import add_months, month_end, month_start

from .history import History
from .measure import in_process
from .stage import Case

PAY = "Pay"  # the batch of payslips


class Short(History):
    """A company whose history is one month long."""

    months = 1


@contextmanager
def untested():
    """As in a server: these processes are not the tests', and run none."""
    before = config["test_enable"], module.current_test
    config["test_enable"] = module.current_test = False
    try:
        yield
    finally:
        config["test_enable"], module.current_test = before


class Month:
    """The last complete month of a company in a database of its own.

    :param go: function of this month that has a work done: a method of the records of a model
        that belong to the company
    """

    def __init__(self, database, agents, go):
        self.database, self.agents, self.go = database, agents, go
        self.load()
        today = self._do(lambda env: env.company._cs_today(), keep=False)
        self.start = add_months(month_start(today), -1)

    def load(self):
        """Load what is installed, once for all processes."""
        Registry.delete(self.database)
        with untested():
            Registry(self.database)

    def do(self, work, keep=True):
        """What ``work(case)`` returns, done in a process and a transaction of its own."""
        return self._do(lambda env: work(Case(env, self.start, self.agents, 1, Short)), keep)

    def _do(self, work, keep=True):
        with untested():
            return in_process(self.database, work, keep)

    def make(self):
        """The company, with its agents and the month before."""
        self._do(lambda env: Short.make(env, self.start, self.agents, save=env.cr.commit) and None)
        self.do(prepare)

    def play(self, *steps):
        for step in steps:
            step(self)

    def open(self):
        self.go(self, "cs.cycle", "_make_missing_sheets")

    def fill_in(self):
        self.do(fill_in)

    def close(self):
        self.go(self, "cs.cycle", "_close_in_turn")

    def apply(self):
        self.do(end_notice)
        self.go(self, "cs.decision", "_apply_everywhere")

    def tell(self):
        self.go(self, "cs.decision", "_send_letters")
        self.go(self, "cs.appraisal", "_notify_published")

    def make_payslips(self):
        self.do(ask_for_payslips)
        self.go(self, "cs.payslip.request", "_make_all")

    def confirm(self):
        self.do(ask_to_confirm)
        self.go(self, "hr.payslip.run", "_confirm_all")

    def look(self):
        return self.do(look, keep=False)


def begin(month, model, method):
    """Begin a work, for jobs to do."""
    month.do(
        lambda case: case.env["cs.long.work"]._begin(find_records(case, model, method), method)
    )


def work_here(month, model, method):
    """The work done by this process alone, without jobs."""
    month.do(lambda case: getattr(find_records(case, model, method), method)())


def find_records(case, model, method):
    """Whose work it is: closing that of one company's periods, else of all that there are."""
    env = case.env(context={"lang": "en_US"})
    if method == "_close_in_turn":
        return case.cycle.with_env(env).with_company(case.company.with_env(env))
    return env[model]


def prepare(case):
    """The office opened the month; nobody has sheets yet. One agent in twelve has an address."""
    case.env.cr.execute(
        "UPDATE res_partner SET email = 'agent' || id || '@example.com' WHERE id %% 12 = 0"
        " AND id IN (SELECT work_contact_id FROM hr_employee WHERE company_id = %s)",
        [case.company.id],
    )
    case.env.invalidate_all()
    case.cycle.with_company(case.company)._open(limit=1)


def fill_in(case):
    """What people type in in a month; one agent in ten is demoted for what happened."""
    case.history.fill_in(case.cycle)
    pay = case.cycle.policy_id._get_pay_lines()
    appraisals = case.cycle.appraisal_ids.filtered(
        lambda each: each.tier_id.code != "probation" and not each.employee_id.contract_date_end
    )
    case.env["cs.violation"].create(
        [
            {
                "employee_id": each.employee_id.id,
                "date": case.cycle.date_end,
                "type_id": case.env.ref("cs_promotion.violation_type_slacking").id,
                "severity": "moderate",
                "fine": float(pay[each.tier_id.code].fine_min),
            }
            for each in appraisals.sorted("employee_id")[::10]
        ]
    )._confirm()


def end_notice(case):
    """The notice is over (O4)."""
    yesterday = case.company._cs_today() - timedelta(days=1)
    announced = [("cycle_id", "=", case.cycle.id), ("state", "=", "announced")]
    case.env["cs.decision"].search(announced).notice_until = yesterday


def ask_for_payslips(case):
    """A payroll manager asks for everybody's."""
    user = case.env.ref("base.user_admin")
    user.company_ids += case.company
    user.group_ids += case.env.ref("payroll.group_payroll_manager")
    sequence = case.env["ir.sequence"].search([("code", "=", "salary.slip")], limit=1)
    sequence.copy({"company_id": case.company.id})
    run = case.env["hr.payslip.run"].create(
        {
            "name": PAY,
            "date_start": case.month,
            "date_end": month_end(case.month),
            "company_id": case.company.id,
        }
    )
    case.env["cs.payslip.request"].with_user(user)._add(run, case.agents)


def ask_to_confirm(case):
    run = case.env["hr.payslip.run"].search([("name", "=", PAY)])
    run.slip_ids._see_all_warnings()
    run.cs_confirmer_id = case.env.ref("base.user_admin")


ROWS = {
    "cycles": """
        SELECT kind, date_start, state, closed_on FROM cs_cycle WHERE company_id = %(company)s""",
    "sheets": """
        SELECT sheet.employee_id, sheet.role, sheet.total, COUNT(line.id)
          FROM cs_appraisal_sheet sheet LEFT JOIN cs_appraisal_sheet_line line
               ON line.sheet_id = sheet.id
         WHERE sheet.cycle_id = %(cycle)s GROUP BY sheet.id""",
    "results": """
        SELECT employee_id, score, rank, judged, closed, told_on, to_hand_over
          FROM cs_appraisal WHERE cycle_id = %(cycle)s""",
    "decisions": """
        SELECT employee_id, outcome, tier_to_id, ground, state, effective_date, announced_on
          FROM cs_decision WHERE cycle_id = %(cycle)s""",
    "tiers": """
        SELECT version.employee_id, date_version, cs_tier_id, cs_tier_since, wage
          FROM hr_version version JOIN hr_employee agent ON agent.id = version.employee_id
         WHERE agent.company_id = %(company)s""",
    "violations": """
        SELECT employee_id, date, severity, fine, state, fine_taken
          FROM cs_violation WHERE company_id = %(company)s""",
    "messages": """
        SELECT model, message_type, COUNT(*) FROM mail_message
         WHERE model IN ('cs.appraisal', 'cs.decision', 'cs.cycle', 'hr.payslip')
         GROUP BY 1, 2""",
    "mails": "SELECT email_to, COUNT(*) FROM mail_mail GROUP BY 1",
    "payslips": """
        SELECT slip.employee_id, slip.state, line.code, line.total
          FROM hr_payslip slip LEFT JOIN hr_payslip_line line ON line.slip_id = slip.id
         WHERE slip.payslip_run_id = (SELECT id FROM hr_payslip_run WHERE name = 'Pay')""",
    "numbers": """
        SELECT COUNT(*), COUNT(DISTINCT number) FROM hr_payslip
         WHERE payslip_run_id = (SELECT id FROM hr_payslip_run WHERE name = 'Pay')""",
    "asked": "SELECT employee_id, error FROM cs_payslip_request",
}


def look(case):
    """All rows of the month that people see, comparable between two databases."""
    return {
        name: sorted(case.query(statement, cycle=case.cycle.id, company=case.company.id), key=repr)
        for name, statement in ROWS.items()
    }
