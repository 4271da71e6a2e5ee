from odoo.tests import tagged
from odoo.tools import SQL

from .common import CsPayrollCase

SLIP = (
    "name",
    "employee_id",
    "contract_id",
    "struct_id",
    "company_id",
    "date_from",
    "date_to",
    "state",
    "credit_note",
    "compute_date",
    "cs_figures",
    "cs_warned",
)
LINE = (
    "name",
    "code",
    "category_id",
    "sequence",
    "salary_rule_id",
    "contract_id",
    "employee_id",
    "amount",
    "rate",
    "quantity",
    "total",
    "date_from",
    "parent_line_id",
    "parent_rule_id",
    "appears_on_payslip",
    "amount_select",
    "amount_python_compute",
    "register_id",
    "active",
)
DAYS = ("name", "code", "sequence", "number_of_days", "number_of_hours", "contract_id")
INPUT = ("name", "code", "sequence", "amount", "contract_id")


@tagged("post_install", "-at_install", "cs_promotion")
class TestBatch(CsPayrollCase):
    """The standard batch wizard pays by tier, all at once, as one by one."""

    def _content(self, slips):
        """All that payslips hold as stored, without ids and numbers, by employee."""
        self.env.invalidate_all()
        return {
            slip.employee_id.id: [
                slip.read(SLIP, load=None)[0] | {"id": None},
                *(
                    [row | {"id": None} for row in records.read(names, load=None)]
                    for records, names in (
                        (slip.line_ids, LINE),
                        (slip.worked_days_line_ids, DAYS),
                        (slip.input_line_ids, INPUT),
                    )
                ),
            ]
            for slip in slips
        }

    def _one_by_one(self, agents, month):
        """What the standard methods give for one employee after the other."""
        slips = self.env["hr.payslip"].with_user(self.user_payroll)
        start, end = self._day(month), self._month_end(month)
        for agent in agents:
            values = slips.get_payslip_vals(start, end, agent.id)["value"]
            slip = slips.create(
                {
                    "employee_id": agent.id,
                    "struct_id": values["struct_id"],
                    "contract_id": values["contract_id"],
                    "input_line_ids": [(0, 0, line) for line in values["input_line_ids"]],
                    "worked_days_line_ids": [
                        (0, 0, line) for line in values["worked_days_line_ids"]
                    ],
                    "date_from": start,
                    "date_to": end,
                    "company_id": agent.company_id.id,
                }
            )
            slip._compute_name()
            slip.compute_sheet()
            slips |= slip
        return slips

    def _staff(self):
        """A joiner, a leaver, one promoted within the month, one on leave, and the usual two."""
        promoted = self._make_agent("Promoted", tier="probation")
        self._decide(promoted, "junior", "2025-01-11")
        self._apply("2025-01-14")
        joiner = self._make_agent("Joiner", hired="2025-01-13")
        leaver = self._make_agent("Leaver", tier="senior", left="2025-01-22")
        absent = self._make_agent("Absent", tier="intermediate")
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "New Year",
                    "calendar_id": absent.resource_calendar_id.id,
                    "date_from": "2025-01-01 00:00:00",
                    "date_to": "2025-01-01 23:59:59",
                },
                {
                    "name": "Ill",
                    "company_id": self.company.id,
                    "resource_id": absent.resource_id.id,
                    "calendar_id": absent.resource_calendar_id.id,
                    "date_from": "2025-01-14 00:00:00",
                    "date_to": "2025-01-15 23:59:59",
                },
            ]
        )
        for agent in self.agent + promoted + leaver:
            self._figure(agent, "2025-01", sales=12345.67)
        self._violation(self.peer, "2025-01-10", fine=80)
        self._play("2025-01", {self.agent: 91, self.peer: 80, leaver: 98})
        return self.agent + self.peer + promoted + joiner + leaver + absent

    def test_batch_is_as_one_by_one(self):
        staff = self._staff()
        run = self._batch(staff, "2025-01")
        batch = self._content(run.slip_ids)
        run.slip_ids.action_payslip_cancel()  # else the others would be a second payslip
        single = self._content(self._one_by_one(staff, "2025-01"))
        self.assertEqual(batch.keys(), set(staff.ids))
        self.assertEqual(batch, single)

    def test_batch_amounts(self):
        staff = self._staff()
        run = self._batch(staff, "2025-01")
        self.assertEqual(set(run.slip_ids.mapped("state")), {"verify"})
        slips = {slip.employee_id.name: slip for slip in run.slip_ids}
        self.assertPaid(slips["Agent"], BASE=1700, APPRAISAL=182, COMMISSION=12.35)
        self.assertPaid(slips["Peer"], BASE=1700, APPRAISAL=160, FINE=-80)
        self.assertPaid(slips["Promoted"], BASE=1635.48, COMMISSION=8.36)
        self.assertPaid(slips["Leaver"], BASE=1419.35, APPRAISAL=278.19, COMMISSION=61.73)
        absent = slips["Absent"].worked_days_line_ids
        self.assertEqual(
            {line.code: line.number_of_days for line in absent},
            {"GLOBAL": -3, "WORK100": 23},
        )
        usual = slips["Agent"].worked_days_line_ids
        self.assertEqual(
            {line.code: line.number_of_days for line in usual},
            {"GLOBAL": -1, "WORK100": 23},
        )

    def test_confirming_a_batch(self):
        run = self._batch(self._staff(), "2025-01")
        self._confirm(run.slip_ids)
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
        self.assertEqual(
            self.env["cs.violation"].search([("employee_id", "=", self.peer.id)]).fine_taken, 80
        )

    def test_numbers_follow_each_other(self):
        run = self._batch(self.agent + self.peer, "2025-01")
        sequence = self.env["ir.sequence"].search([("code", "=", "salary.slip")], limit=1)
        sequence.company_id = False
        run = self._batch(self.agent + self.peer, "2025-02")
        numbers = run.slip_ids.sorted("id").mapped(lambda slip: int(slip.number.split("/")[-1]))
        self.assertEqual(numbers[1] - numbers[0], 1)
        sequence.implementation = "no_gap"
        run = self._batch(self.agent + self.peer, "2025-03")
        self.assertEqual(len(set(run.slip_ids.mapped("number"))), 2)

    def test_batch_with_the_structure_given(self):
        """A batch of a structure pays everyone in it by that structure."""
        run = self._batch(self.agent, "2025-01", struct_id=self.company.cs_structure_id.id)
        self.assertPaid(run.slip_ids, BASE=1700)

    def _count_queries(self, count, month):
        agents = self.env["hr.employee"].union(
            *(self._make_agent(f"{month} {number}") for number in range(count))
        )
        for agent in agents:
            self._figure(agent, month, sales=1000)
            self._violation(agent, f"{month}-10", fine=50)
            agent.create_version({"date_version": "2026-01-01"})  # that is not paid by
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run = self._batch(agents, month)
        self.env.flush_all()
        computed = self.env.cr.sql_log_count - before
        self._confirm(run.slip_ids)
        self.env.flush_all()
        self.assertEqual(set(run.slip_ids.mapped("state")), {"done"})
        return computed, self.env.cr.sql_log_count - before - computed

    def test_queries_do_not_grow_with_the_agents(self):
        self._count_queries(2, "2025-01")  # warms the caches
        few = self._count_queries(10, "2025-02")
        many = self._count_queries(100, "2025-03")
        # 90 payslips more, 540 lines: nothing but a few more bulk inserts
        self.assertLessEqual(many[0], few[0] + 15, "computing")
        self.assertLessEqual(many[1], few[1] + 15, "confirming")

    def test_deleting_lines_looks_through_no_table(self):
        """Computing again deletes lines: each row that may point to one is found by an index."""
        missing = self.env.execute_query(
            SQL(
                """
                SELECT key.conrelid::regclass::text, att.attname
                  FROM pg_constraint key
                  JOIN pg_attribute att ON att.attrelid = key.conrelid
                                       AND att.attnum = key.conkey[1]
                 WHERE key.contype = 'f'
                   AND key.confrelid IN ('hr_payslip'::regclass, 'hr_payslip_line'::regclass,
                                         'hr_payslip_run'::regclass)
                   AND NOT EXISTS (
                           SELECT FROM pg_index
                            WHERE indrelid = key.conrelid AND indkey[0] = att.attnum
                       )
                """
            )
        )
        self.assertEqual(missing, [])
