from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.engine.decimals import decimal
from odoo.addons.cs_promotion.engine.settlement import Difference, Settled
from odoo.addons.cs_promotion_pay.figures import spread

from ..tier_pay import ARREARS


class HrPayslip(models.Model):
    """What a payslip settles of earlier months: what its lines say, counted once it is done,
    given back when it is cancelled or refunded (W7)."""

    _inherit = "hr.payslip"

    def _get_employee_contracts(self):
        """A payslip that settles what is open with a leaver goes by the contract chosen, though
        that has ended: OCA computes nothing without one."""
        contracts = super()._get_employee_contracts()
        if contracts or len(self) != 1 or not self.contract_id or not self._pays_by_tier():
            return contracts
        return self.contract_id if self._get_cs_figures().differences else contracts

    def _get_cs_rule_items(self):
        """What the rules of the payslip's structure pay, settle and take: items by their code,
        ``ARREARS_`` and an item, ``FINE``."""
        self.ensure_one()
        structure = self.struct_id or self.contract_id.struct_id
        # sudo: the rules of a structure that the payslip is computed by anyway
        rules = structure.sudo().get_structure_with_parents().rule_ids
        return {item for rule in rules for item in rule._get_cs_rule_items()}

    def _get_settled(self):
        """What the payslip keeps to settle, part by part, as
        :class:`~odoo.addons.cs_promotion.engine.settlement.Settled`."""
        self.ensure_one()
        return tuple(
            Settled(
                Difference(row.month, row.item, decimal(row.amount), row.returned),
                decimal(row.amount),
            )
            for row in self.sudo().cs_settlement_ids  # of a payslip that the caller may read
        )

    def _spread_settled(self, settled):
        """What was computed to be settled, brought to what the payslip's lines say: HR may have
        edited them. What a line leaves, or pays beyond, is found again as a difference."""
        totals = defaultdict(lambda: decimal(0))
        for line in self.line_ids:
            if (line.cs_item or "").startswith(ARREARS):
                totals[line.cs_item.removeprefix(ARREARS)] += decimal(line.total)
        return spread(settled, totals)

    def _write_settled(self, settled):
        """Replace what payslips settle of earlier months. It counts like fines taken (W7)."""
        Settlement = self.env["cs.settlement"].sudo()  # nobody writes these rows by hand
        self.sudo().cs_settlement_ids.unlink()
        Settlement.create(
            [
                {
                    "slip_id": slip.id,
                    "month": each.difference.month,
                    "item": each.difference.code,
                    "returned": each.difference.returned,
                    "amount": float(each.amount),
                }
                for slip, parts in settled.items()
                for each in parts
            ]
        )

    def _check_settled(self):
        """Payslips confirmed without being computed again settle what is open still: another
        one may have settled it meanwhile, or the facts changed back.

        :raises UserError: less is open by now than the payslip was computed to settle
        """
        for (company, month), slips in (
            self.filtered("cs_settlement_ids")
            .grouped(lambda slip: (slip.company_id, slip.cs_pay_month))
            .items()
        ):
            found = self.env["cs.pay"]._load_open(company, slips.employee_id.ids, month)
            for slip in slips:
                open_ = {
                    (each.month, each.code, each.returned): each.amount
                    for each in found[slip.employee_id.id]
                }
                for each in slip._get_settled():
                    given = each.difference
                    rest = open_.get((given.month, given.code, given.returned), decimal(0))
                    if not min(rest, 0) <= each.amount <= max(rest, 0):
                        raise UserError(slip._tell_settled(given.month, each.amount, rest))

    def _tell_settled(self, month, amount, rest):
        return self.env._(
            "%(slip)s settles %(amount)s of %(month)s, of which %(rest)s is open by now. Compute "
            "the payslip again.",
            slip=self._get_label(),
            month=self.env["cs.pay.words"]._format_month(month),
            amount=amount,
            rest=rest,
        )

    def action_payslip_done(self):
        """What is to be settled is known anew once a payslip is done."""
        done = super().action_payslip_done()
        self._refresh_differences()
        return done

    def action_payslip_cancel(self):
        """What a cancelled payslip had settled is open again."""
        cancelled = super().action_payslip_cancel()
        self._refresh_differences()
        return cancelled

    def _refresh_differences(self):
        ours = self.sudo().filtered("cs_figures")  # the list is the software's own
        for company, slips in ours.grouped("company_id").items():
            self.env["cs.pay.difference"]._refresh(company, slips.employee_id.ids)
