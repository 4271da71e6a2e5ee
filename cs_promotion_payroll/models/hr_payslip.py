from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_round

from odoo.addons.cs_promotion.engine.decimals import decimal
from odoo.addons.cs_promotion.models.scheduled import post_once
from odoo.addons.cs_promotion_pay.figures import take
from odoo.addons.cs_promotion_pay.record import facts_of, record

from ..ahead import Asked
from ..tier_pay import FINE, Collected, Prepared, TierPay

OVER = "fine_over"  # warning: lines deduct more as fines than is due


class HrPayslip(models.Model):
    """Computing payslips that pay by tier: all figures loaded once, all lines written once.

    OCA's own methods do the work, payslip by payslip, and so do the addons that extend them;
    what they ask for is loaded beforehand, and what they write is kept until it is complete.
    """

    _name = "hr.payslip"
    _inherit = ["hr.payslip", "cs.payslip.mixin"]

    # indexes: batches and the months before are looked up by these
    employee_id = fields.Many2one(index=True, context={"active_test": False})
    payslip_run_id = fields.Many2one(index="btree_not_null")
    refunded_id = fields.Many2one(index="btree_not_null")
    cs_taking_ids = fields.One2many(
        "cs.fine.taking", "slip_id", string="Fines Taken", readonly=True
    )
    cs_settlement_ids = fields.One2many(
        "cs.settlement", "slip_id", string="Earlier Months Settled", readonly=True
    )

    def _pays_by_tier(self):
        """Whether the structure of this payslip pays by CS tier."""
        self.ensure_one()
        return (self.struct_id or self.contract_id.struct_id)._pays_by_tier()

    def _get_label(self):
        """How messages name this payslip."""
        return self.name or self.number or self.employee_id.sudo().name

    # ------------------------------------------------------------------ what rules are given

    def _get_employee_contracts(self):
        """Tier pay is by employee and month, so a payslip has one contract for all versions
        and contracts of the month (W3): the first, as OCA takes it. It counts by the
        contract's own dates."""
        contracts = super()._get_employee_contracts()
        if len(self) != 1 or not self._pays_by_tier():
            return contracts
        contract = self.contract_id
        runs = (
            contract.contract_date_start
            and contract.contract_date_start <= self.date_to
            and (not contract.contract_date_end or contract.contract_date_end >= self.date_from)
        )
        return contract if runs else contracts[:1]

    def get_payroll_dict(self, contracts):
        values = super().get_payroll_dict(contracts)
        values["cs"] = TierPay(self)
        return values

    def _compute_payslip_line(self, rule, localdict, lines_dict):
        if isinstance(cs := localdict["payroll"].dict.get("cs"), TierPay):
            cs._reach(localdict)
        return super()._compute_payslip_line(rule, localdict, lines_dict)

    def _get_lines_dict(self, rule, localdict, lines_dict, key, values, previous_amount):
        localdict, lines_dict = super()._get_lines_dict(
            rule, localdict, lines_dict, key, values, previous_amount
        )
        lines_dict[key]["cs_item"] = rule._get_cs_item()
        return localdict, lines_dict

    def _sum_salary_rule_category(self, localdict, category, amount):
        """Gross and net add up the lines as they are rounded (W4)."""
        if self._pays_by_tier():
            # a setting: how many decimals a line of pay has
            amount = float_round(amount, precision_rounding=float(self.company_id._cs_places()))
        return super()._sum_salary_rule_category(localdict, category, amount)

    def _get_cs_figures(self):
        """The figures of this payslip: those loaded for all, or loaded now."""
        prepared = self.env.context.get("cs_prepared")
        if isinstance(prepared, Prepared) and self.id in prepared:
            return prepared[self.id]
        if not self._pays_by_tier():
            return self._find_cs_figures()
        return self._load_cs_figures()[self.id]

    def _find_cs_figures(self):
        """The figures of a payslip that does not pay by tier; asked by one, they are loaded for
        all that are computed with it."""
        asked = self.env.context.get("cs_asked")
        if not isinstance(asked, Asked) or self.id not in asked.ids:
            asked = Asked(self.ids)
        if asked.figures is None:
            asked.figures = {}
            groups = self.browse(asked.ids).grouped(
                lambda slip: (slip.company_id or self.env.company, slip.date_to)
            )
            for (company, day), slips in groups.items():
                month = company._cs_pay_calendar().month(day)
                found = self.env["cs.pay"]._find_figures(company, slips.employee_id, month)
                asked.figures |= {slip.id: found[slip.employee_id.id] for slip in slips}
        return asked.figures[self.id]

    def _load_cs_figures(self):
        """Payslip id -> figures of all these payslips."""
        return self.env["cs.pay"]._load_slips(self)

    @api.model
    def _get_cs_digits(self):
        """Decimals that a line keeps of an amount, and of a rate."""
        precision = self.env["decimal.precision"]
        return precision.precision_get("Payroll"), precision.precision_get("Payroll Rate")

    # ------------------------------------------------------------------ computing

    def compute_sheet(self):
        by_tier = self.filtered(lambda slip: slip._pays_by_tier())
        others = self - by_tier
        if others:
            asking = others.with_context(cs_asked=Asked(others.ids))
            super(HrPayslip, asking).compute_sheet()
            others._note_not_paid()
        by_tier.filtered(lambda slip: slip.state != "done")._compute_tier_sheets()
        return True

    # pylint: disable=super-method-mismatch
    def _compute_tier_sheets(self):
        """As OCA does it, with everything loaded before and written after; done ones never
        change."""
        if not self:
            return
        self.check_access("write")
        if not self.env.su and (moved := self._get_of_moved()):
            # of who works for another company by now, this one's payroll sees the payslip
            # alone, which it may write; the employee record is read for it
            moved.sudo()._compute_tier_sheets()
            (self - moved)._compute_tier_sheets()
            return
        figures = Prepared(self._load_cs_figures())
        self.line_ids.unlink()
        self._number()
        self.contract_id._cs_load_dates()  # after deleting, which empties the cache
        slips = self.with_context(cs_prepared=figures, cs_collected=Collected(self.ids))
        super(HrPayslip, slips).compute_sheet()
        self._keep_figures(figures)

    def write(self, vals):
        """While payslips are being computed, what is written on each waits for the last one:
        500 payslips are then written at once. Before OCA's loop ends they all are."""
        collected = self.env.context.get("cs_collected")
        # what else is written meanwhile, and what an addon writes when all are computed, is not
        # OCA's loop: it is written at once
        if not isinstance(collected, Collected) or not collected.takes(self, vals):
            return super().write(vals)
        for slip in self:
            collected[slip.id] = vals
        collected.waiting -= set(self.ids)
        if not collected.waiting:
            self.browse(collected)._write_collected(collected)
        return True

    def _write_collected(self, collected):
        plain = self.with_context(cs_collected=None, cs_prepared=None)
        plain.env["hr.payslip.line"].create(
            [
                slip._complete_line(line)
                for slip in plain
                for _command, _id, line in collected[slip.id]["line_ids"]
            ]
        )
        for company, slips in plain.grouped("company_id").items():
            slips.write({"state": "verify", "compute_date": company._cs_today()})
        collected.clear()

    def _get_of_moved(self):
        """Those of these payslips whose agents have moved to another company since."""
        return self.filtered(lambda slip: slip.sudo().employee_id.company_id != slip.company_id)

    def _complete_line(self, values):
        """Values of a line with what the ORM would otherwise compute after the fact."""
        plain = {"date_from": self.date_from, "slip_id": self.id}
        if not values.get("parent_rule_id"):
            plain["parent_line_id"] = False
        return {**values, **plain}

    def _number(self):
        """Number those of these payslips that have no number yet."""
        unnumbered = self.filtered(lambda slip: not slip.number)
        for slip, number in zip(unnumbered, self._next_numbers(len(unnumbered)), strict=True):
            slip.number = number

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

    # ------------------------------------------------------------------ what lines settle

    def _keep_figures(self, figures):
        """Keep the figures with the payslips, and what their lines take and settle (W5, W7)."""
        # none of these fields is tracked, so what tracks changes need not look at each payslip
        for slip in self.with_context(tracking_disable=True):
            own, taken = figures[slip.id], slip._get_taken()
            if taken > own.due:  # nothing says what for: it is booked nowhere, payroll looks
                own = replace(own, warnings=(*own.warnings, OVER))
            slip.write(
                {
                    "cs_figures": record(own, own.due, min(own.due, taken)),
                    "cs_facts": facts_of(own),
                    "cs_warned": bool(own.warnings),
                    "cs_not_paid": False,
                }
            )
        self._write_takings(
            {slip: take(figures[slip.id].fines, slip._get_taken()) for slip in self}
        )
        self._write_settled(
            {slip: slip._spread_settled(figures.get_settled(slip.id)) for slip in self}
        )

    def _get_taken(self):
        """What the payslip's lines take of fines, whatever was computed (W5)."""
        lines = self.line_ids.filtered(lambda line: line.cs_item == FINE)
        return max(decimal(0), -sum((decimal(line.total) for line in lines), decimal(0)))

    def _write_takings(self, takings):
        """Replace what payslips take of fines. It counts from when they are done on (W5)."""
        # payroll officers have no rights on the records of customer service that it goes by
        Taking = self.env["cs.fine.taking"].sudo()
        self.sudo().cs_taking_ids.unlink()
        vals_list = [
            {
                "slip_id": slip.id,
                "violation_id": violation,
                "amount": float(-amount if slip.credit_note else amount),
            }
            for slip, taken in takings.items()
            for violation, amount in taken
        ]
        ids = [values["violation_id"] for values in vals_list]
        Taking.violation_id.browse(ids).fetch(["employee_id", "company_id"])
        Taking.create(vals_list)

    # ------------------------------------------------------------------ confirming

    def action_payslip_done(self):
        """Confirm in turns: of an agent's payslips the earlier month first, so that a fine is
        taken, and a month settled, by one of them only (W5, W7)."""
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
                slips._settle_by_lines()
            else:
                slips.compute_sheet()
            confirmed = slips._leave_unseen().with_context(without_compute_sheet=True)
            super(HrPayslip, confirmed).action_payslip_done()
        return True

    def _leave_unseen(self):
        """Those of these freshly computed payslips that may be confirmed."""
        return self

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

    def _settle_by_lines(self):
        """Payslips confirmed without being computed again settle what their lines say by now:
        HR may have edited them.

        :raises UserError: a line takes more of fines than is left by now (W5)
        """
        slips = self.sudo().filtered(
            lambda each: each.state != "done" and not each.credit_note and each.cs_figures
        )
        slips._check_settled()
        fines = self.env["cs.pay"]._load_fines_due(slips)
        takings, settled = {}, {}
        for slip in slips:
            taken, due = slip._get_taken(), fines.get(slip.id, ())
            rest = sum((fine.due for fine in due), decimal(0))
            if taken > rest and OVER not in slip._get_warning_codes():
                raise UserError(
                    self.env._(
                        "%(slip)s takes %(amount)s of fines of which %(rest)s is left. Compute "
                        "the payslip again.",
                        slip=slip._get_label(),
                        amount=taken,
                        rest=rest,
                    )
                )
            taken = min(taken, rest)
            takings[slip] = take(due, taken)
            settled[slip] = slip._spread_settled(slip._get_settled())
            slip.cs_figures = slip.cs_figures | {
                "due": str(rest),
                "taken": str(taken),
                "carried": str(rest - taken),
            }
        slips._write_takings(takings)
        slips._write_settled(settled)

    def copy(self, default=None):
        """A refund slip gives back what the refunded payslip took and settled."""
        copied = super().copy(default)
        if default and default.get("credit_note"):
            for slip, refund in zip(self, copied, strict=True):
                paid = slip.sudo()
                # what the refunded payslip warned of was looked at before it was confirmed
                seen = paid.state == "done" and paid._get_warning_codes()
                # OCA leaves the company to that of whoever refunds
                refund.sudo().write(
                    {
                        "company_id": paid.company_id.id,
                        "cs_figures": paid.cs_figures,
                        "cs_facts": paid.cs_facts,
                        "cs_warnings_seen": seen or False,
                    }
                )
                refund._write_settled({refund: paid._get_settled()})
                refund._write_takings(
                    {refund: [(each.violation_id.id, each.amount) for each in paid.cs_taking_ids]}
                )
        return copied
