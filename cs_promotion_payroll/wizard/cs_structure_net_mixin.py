from odoo import models
from odoo.tools import float_round

# Written on payslips that are rolled back: numbers of a sequence would be used up for ever
NO_NUMBER = "-"
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "default_number": NO_NUMBER}


class Undone(Exception):
    """Leaves the savepoint that holds the payslips of a comparison."""


class CsStructureNetMixin(models.AbstractModel):
    """Old and new net: payslips are really computed, and rolled back."""

    _name = "cs.structure.net.mixin"
    _description = "Old and New Net"

    def _compare_nets(self):
        """Values of one row for every agent on the ladder in the month, or since."""
        period = self.company_id._cs_pay_calendar().period(self.month.replace(day=1))
        today = self.company_id._cs_today()
        timelines = self.env["cs.timeline"]._load_on_ladder(
            self.company_id, period.start, max(period.end, today)
        )
        employees = self.env["hr.employee"].browse(timelines).exists().sorted("name")
        held = {
            employee: self.env["hr.version"].browse(
                timelines[employee.id].on_ladder(period.start, max(period.end, today))[-1].version
            )
            for employee in employees
        }
        takers = employees.filtered(lambda each: self._takes(held[each].struct_id))
        old, new = self._compute_both(employees, takers, period)
        digits = self.company_id.currency_id.rounding
        rows = []
        for employee in employees:
            before, after = old.get(employee.id, (0.0, "")), new.get(employee.id, (0.0, ""))
            rows.append(
                {
                    "employee_id": employee.id,
                    "structure_id": held[employee].struct_id.id,
                    "selectable": employee in takers,
                    "chosen": employee in takers,
                    "old_net": before[0],
                    "new_net": after[0],
                    "change": float_round(after[0] - before[0], precision_rounding=digits),
                    "remark": self._get_remark(employee in takers, before[1], after[1]),
                }
            )
        return rows

    def _get_remark(self, takes, old_error, new_error):
        """What could not be computed, by which of both."""
        lines = [
            old_error and self.env._("Until now: %s", old_error),
            new_error and self.env._("Prepared: %s", new_error),
            not takes and self.env._("Keeps the structure that was chosen."),
        ]
        return "\n".join(filter(None, lines)) or False

    def _compute_both(self, employees, takers, period):
        """Employee id -> (net, why there is none), by the structures until now and prepared."""
        old, new = {}, {}
        self.env.flush_all()  # what was written before must outlive the savepoint
        try:
            with self.env.cr.savepoint():
                quiet = self.with_context(**QUIET)
                old |= quiet._compute_nets(employees, period)
                quiet._assign(quiet._build(), takers)
                new |= quiet._compute_nets(employees, period)
                raise Undone
        except Undone:
            self.env.invalidate_all(flush=False)  # of what was rolled back nothing is written
        return old, new

    def _compute_nets(self, employees, period):
        """Employee id -> (net, why there is none), as a batch of the month makes payslips."""
        run = self.env["hr.payslip.run"].create(
            {
                "name": self.env._("Comparison"),
                "company_id": self.company_id.id,
                "date_start": period.start,
                "date_end": period.end,
            }
        )
        others = run._get_paid_otherwise(employees)
        run._make_standard(others)
        self.env["cs.payslip.request"]._add(run, employees - others)
        run._make_waiting()
        nets = {each.employee_id.id: (0.0, each.error) for each in run.cs_failed_ids.sudo()}
        for slip in self.env["hr.payslip"].search([("payslip_run_id", "=", run.id)]):
            nets[slip.employee_id.id] = (self._get_net(slip), "")
        return nets

    def _get_net(self, slip):
        """What the payslip pays out: its net line, else what its lines come to."""
        lines = slip.line_ids.sorted("sequence")
        net = lines.filtered(lambda line: "NET" in (line.code, line.category_id.code))[-1:]
        if net:
            return net.total
        return sum(lines.filtered(lambda line: line.category_id.code != "GROSS").mapped("total"))
