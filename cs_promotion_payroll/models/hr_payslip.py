from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_round

from odoo.addons.cs_promotion.models.scheduled import post_once
from odoo.addons.payroll.models.base_browsable import BaseBrowsableObject


class Prepared(dict):
    """Payslip id -> figures, handed on in the context. An object of this class cannot be sent
    over the network, so nobody can make up what a payslip is computed from."""


class HrPayslip(models.Model):
    """Computing payslips that pay by tier: all figures loaded once, all lines written once."""

    _inherit = "hr.payslip"

    # indexes: batches and the months before are looked up by these
    employee_id = fields.Many2one(index=True, context={"active_test": False})
    payslip_run_id = fields.Many2one(index="btree_not_null")
    refunded_id = fields.Many2one(index="btree_not_null")
    cs_taking_ids = fields.One2many(
        "cs.fine.taking", "slip_id", string="Fines Taken", readonly=True
    )

    def _pays_by_tier(self):
        """Whether the structure of this payslip pays by CS tier."""
        self.ensure_one()
        return (self.struct_id or self.contract_id.struct_id)._pays_by_tier()

    def _get_label(self):
        """How messages name this payslip."""
        return self.name or self.number or self.employee_id.sudo().name

    def _get_employee_contracts(self):
        """Tier pay is by employee and month, so a payslip has one contract for all versions
        and contracts of the month (W3); it counts by the contract's own dates."""
        contracts = super()._get_employee_contracts()
        if len(self) != 1 or not self._pays_by_tier():
            return contracts
        contract = self.contract_id or contracts[-1:]
        runs = (
            contract.contract_date_start
            and contract.contract_date_start <= self.date_to
            and (not contract.contract_date_end or contract.contract_date_end >= self.date_from)
        )
        return contract if runs else contracts

    def get_payroll_dict(self, contracts):
        values = super().get_payroll_dict(contracts)
        if self._pays_by_tier():
            values["cs"] = BaseBrowsableObject(self._get_line_values(self._get_figures()))
        return values

    def _sum_salary_rule_category(self, localdict, category, amount):
        """Gross and net add up the lines as they are rounded (W4)."""
        if self._pays_by_tier():
            amount = float_round(amount, precision_digits=2)
        return super()._sum_salary_rule_category(localdict, category, amount)

    def _get_figures(self):
        prepared = self.env.context.get("cs_prepared")
        if isinstance(prepared, Prepared) and self.id in prepared:
            return prepared[self.id]
        return self.env["cs.pay"]._load(self)[self.id]

    def compute_sheet(self):
        by_tier = self.filtered(lambda slip: slip._pays_by_tier())
        others = self - by_tier
        if others:
            super(HrPayslip, others).compute_sheet()
        by_tier.filtered(lambda slip: slip.state != "done")._compute_tier_sheets()
        return True

    def _compute_tier_sheets(self):
        """As ``compute_sheet`` does it for one, for all at once; done ones never change."""
        if not self:
            return
        self.check_access("write")
        if not self.env.su and (moved := self._get_of_moved()):
            # of who works for another company by now, this one's payroll sees the payslip
            # alone, which it may write; the employee record is read for it
            moved.sudo()._compute_tier_sheets()
            (self - moved)._compute_tier_sheets()
            return
        figures = Prepared(self.env["cs.pay"]._load(self))
        self.line_ids.unlink()
        vals_list = [
            slip._complete_line(values)
            for slip in self
            for values in slip.with_context(cs_prepared=figures).get_lines_dict().values()
        ]
        self.env["hr.payslip.line"].create(vals_list)
        for company, slips in self.grouped("company_id").items():
            slips.write({"state": "verify", "compute_date": company._cs_today()})
        unnumbered = self.filtered(lambda slip: not slip.number)
        numbers = iter(self._next_numbers(len(unnumbered)))
        for slip in self:
            slip.write(
                {
                    "number": slip.number or next(numbers),
                    **slip._get_figures_values(figures[slip.id]),
                }
            )
        self._write_takings({slip: figures[slip.id].takings for slip in self})

    def _get_of_moved(self):
        """Those of these payslips whose agents have moved to another company since."""
        return self.filtered(lambda slip: slip.sudo().employee_id.company_id != slip.company_id)

    def _complete_line(self, values):
        """Values of a line with what the ORM would otherwise compute after the fact."""
        plain = {"date_from": self.date_from, "slip_id": self.id}
        if not values.get("parent_rule_id"):
            plain["parent_line_id"] = False
        return {**values, **plain}

    def _next_numbers(self, count):
        """The next payslip numbers; a plain sequence gives them in one query."""
        sequences = self.env["ir.sequence"]
        sequence = sequences.sudo().search(
            [("code", "=", "salary.slip"), ("company_id", "in", (self.env.company.id, False))],
            order="company_id",
            limit=1,
        )
        if not sequence:
            return [False] * count
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequences.next_by_code("salary.slip") for _each in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in rows]

    def _write_takings(self, takings):
        """Replace what payslips take of fines. It counts from when they are done on (W5)."""
        Taking = self.env["cs.fine.taking"].sudo()
        self.sudo().cs_taking_ids.unlink()
        vals_list = [
            {"slip_id": slip.id, "violation_id": violation, "amount": float(amount)}
            for slip, taken in takings.items()
            for violation, amount in taken
        ]
        ids = [values["violation_id"] for values in vals_list]
        Taking.violation_id.browse(ids).fetch(["employee_id", "company_id"])
        Taking.create(vals_list)

    def action_payslip_done(self):
        """Confirm in turns: of an agent's payslips the earlier month first, so that a fine is
        taken by one of them only (W5)."""
        by_tier = self.filtered(lambda slip: slip._pays_by_tier())
        for slip in self - by_tier:
            super(HrPayslip, slip).action_payslip_done()
        if not self.env.su and (moved := by_tier._get_of_moved()):
            moved.check_access("write")
            moved.sudo().action_payslip_done()  # as computing them
            by_tier -= moved
        for slips in by_tier._split_by_turn():
            if self.env.context.get("without_compute_sheet") or any(
                slip.prevent_compute_on_confirm for slip in slips
            ):
                slips._check_takings()
            else:
                slips.compute_sheet()
            confirmed = slips.with_context(without_compute_sheet=True)
            super(HrPayslip, confirmed).action_payslip_done()
        return True

    def _note_not_confirmed(self, error):
        """Keep on the payslip why it could not be confirmed."""
        post_once(self, self.env._("Could not be confirmed: %(error)s", error=error))

    def _split_by_turn(self):
        """These payslips in groups that have one payslip of each employee, oldest first."""
        turns, count = defaultdict(list), defaultdict(int)
        for slip in self.sorted("date_from"):
            turns[count[slip.employee_id]].append(slip.id)
            count[slip.employee_id] += 1
        return [self.browse(ids) for ids in turns.values()]

    def _check_takings(self):
        """Refuse to confirm without recomputing what takes more than is left by now (W5)."""
        for slip in self.sudo().filtered(lambda each: each.state != "done"):
            for taking in slip.cs_taking_ids if not slip.credit_note else ():
                violation = taking.violation_id
                rest = violation.fine - violation.fine_taken
                if violation.currency_id.compare_amounts(taking.amount, rest) > 0:
                    raise UserError(
                        self.env._(
                            "%(slip)s takes %(amount)s of a fine of which %(rest)s is left "
                            "(%(fine)s). Compute the payslip again.",
                            slip=slip._get_label(),
                            amount=taking.amount,
                            rest=rest,
                            fine=violation.display_name,
                        )
                    )

    def copy(self, default=None):
        """A refund slip gives back the fines that the refunded payslip took."""
        copied = super().copy(default)
        if default and default.get("credit_note"):
            for slip, refund in zip(self, copied, strict=True):
                refund.sudo().cs_figures = slip.sudo().cs_figures
                takings = slip.sudo().cs_taking_ids
                refund._write_takings(
                    {refund: [(each.violation_id.id, each.amount) for each in takings]}
                )
        return copied
