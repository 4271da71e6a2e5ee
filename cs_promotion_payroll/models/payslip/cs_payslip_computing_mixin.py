from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.engine.decimals import decimal
from odoo.addons.cs_promotion.engine.settlement import Difference, Settled
from odoo.addons.cs_promotion_pay.figures import spread, take
from odoo.addons.cs_promotion_pay.known import Period
from odoo.addons.cs_promotion_pay.record import facts_of, record

from ...ahead import Asked
from ...rule_copies import leave_unused
from ...tier_pay import ARREARS, FINE, Collected, Prepared
from .hr_payslip_worked_days import WORK

OVER = "fine_over"  # warning: lines deduct more as fines than is due

# what queries look at: who stands for which month, and what was kept of it
READ = (
    "company_id",
    "contract_id",
    "credit_note",
    "cs_facts",
    "cs_figures",
    "cs_pay_end",
    "cs_pay_month",
    "cs_pay_start",
    "employee_id",
    "refunded_id",
    "state",
    "struct_id",
)


class CsPayslipComputingMixin(models.AbstractModel):
    """What a payslip is computed from, and what it takes and settles: what its lines say,
    counted once it is done, given back when it is cancelled or refunded (W5, W7)."""

    _name = "cs.payslip.computing.mixin"
    _description = "Payslip Computed by Tier"

    def _pays_by_tier(self):
        """Whether the structure of this payslip pays by CS tier."""
        self.ensure_one()
        return (self.struct_id or self.contract_id.struct_id)._pays_by_tier()

    def _get_pay_period(self):
        """The :class:`~odoo.addons.cs_promotion_pay.known.Period` that the payslip pays."""
        self.ensure_one()
        return Period(self.cs_pay_month, self.cs_pay_start, self.cs_pay_end)

    def _get_of_moved(self):
        """Those of these payslips whose agents have moved to another company since."""
        # sudo: of which company an agent is by now; of who moved no more can be read
        return self.filtered(lambda slip: slip.sudo().employee_id.company_id != slip.company_id)

    # ------------------------------------------------------------------ by which contract

    def _makes_by_tier(self, contracts):
        """Whether what is being made of these contracts is a payslip by tier."""
        structure = self.env.context.get("cs_struct_id")
        if len(self) == 1 and self.struct_id:
            return bool(contracts) and self._pays_by_tier()
        if structure:
            return bool(contracts) and (
                self.env["hr.payroll.structure"].browse(structure)._pays_by_tier()
            )
        return contracts[:1].struct_id._pays_by_tier()

    def _get_tier_version(self):
        """The version by which the month's tier is paid, none where there is none."""
        employee = self.employee_id._origin
        versions = employee._cs_get_tier_versions(self.date_from, self.date_to)
        return versions.get(employee.id, self.env["hr.version"])

    def _get_month_contract(self, contracts):
        """The contract by which this payslip pays the whole month; it counts by its own dates.

        What is open with a leaver is settled by the contract chosen, though that has ended: OCA
        computes nothing without one.

        :param contracts: those that OCA finds
        """
        contract = self.contract_id
        runs = (
            contract.contract_date_start
            and contract.contract_date_start <= self.date_to
            and (not contract.contract_date_end or contract.contract_date_end >= self.date_from)
        )
        found = contract if runs else contracts[:1]
        if found or not contract:
            return found
        return contract if self._get_cs_figures().differences else found

    def _drop_former_structure(self):
        """Leave the structure of a contract that the dates have outrun, or that does not pay the
        month's tier: who has left the ladder since is not paid by it, who has joined is."""
        former = self.contract_id
        if not (former and self.employee_id and self.date_from and self.date_to):
            return
        employee = self.employee_id._origin
        contracts = employee._get_contracts(date_start=self.date_from, date_end=self.date_to)
        paid = self._get_tier_version()
        ours = (contracts.get(employee.id) or former.browse())._put_first(paid)
        if not ours or former == ours[0] or (former in ours and not paid):
            return
        if self.struct_id == former.struct_id:
            self.struct_id = False

    # ------------------------------------------------------------------ figures

    def _get_cs_figures(self):
        """The figures of this payslip: those loaded for all, or loaded now."""
        if figures := self._get_prepared():
            return figures
        if not self._pays_by_tier():
            return self._find_cs_figures()
        return self._load_cs_figures()[self.id]

    def _get_prepared(self):
        """The figures that were loaded of this payslip and all that are computed with it; None
        for one that does not pay by tier, and outside of such a computation."""
        prepared = Prepared.of(self)
        return None if prepared is None else prepared.get(self.id)

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
    def _flush_standing(self):
        """Write what queries about payslips read. Names and numbers of those that are being made
        are none of it: they wait, to be written once with all else."""
        # not by ``flush_model``: to Odoo a field is dirty that ever was, of no payslip any more
        self._recompute_model(READ)
        if any(self.env._field_dirty.get(self._fields[name]) for name in READ):
            self.flush_model(READ)

    @api.model
    def _get_cs_digits(self):
        """Decimals that a line keeps of an amount, and of a rate."""
        precision = self.env["decimal.precision"]
        return precision.precision_get("Payroll"), precision.precision_get("Payroll Rate")

    def _get_cs_rule_items(self):
        """What the rules of the payslip's structure pay, settle and take: items by their code,
        ``ARREARS_`` and an item, ``FINE``."""
        self.ensure_one()
        structure = self.struct_id or self.contract_id.struct_id
        # sudo: the rules of a structure that the payslip is computed by anyway
        rules = structure.sudo().get_structure_with_parents().rule_ids
        return {item for rule in rules for item in rule._get_cs_rule_items()}

    # ------------------------------------------------------------------ absence

    def _get_absent(self):
        """The unpaid part of the working days that were due, of this payslip's lines (W6)."""
        due = self._get_days_due()
        unpaid = sum(
            (
                abs(decimal(line.number_of_days)) * decimal(line.cs_unpaid_percent) / 100
                for line in self.worked_days_line_ids
                if line.code != WORK
            ),
            decimal(0),
        )
        return min(Fraction(1), Fraction(unpaid) / Fraction(due)) if due > 0 else Fraction(0)

    def _get_days_due(self):
        """The working days of the month, those of leave among them."""
        return sum(
            (
                decimal(line.number_of_days)
                for line in self.worked_days_line_ids
                if line.code == WORK
            ),
            decimal(0),
        )

    def _get_leave_warnings(self):
        """Codes of what payroll should look at: leave through all working days of the month
        that is paid like work, and unpaid leave where no working days are known."""
        away = self.worked_days_line_ids.filtered(
            lambda line: line.code != WORK and (line.cs_leave or line.cs_unpaid_percent)
        )
        due = self._get_days_due()
        if not due:
            return ("no_days",) if away or self._is_on_leave() else ()
        days = sum(abs(decimal(line.number_of_days)) for line in away)
        # public holidays fill the month up; alone they are none
        paid = away.filtered(lambda line: line.cs_leave_type_id and line.cs_unpaid_percent < 100)
        return ("leave",) if paid and days >= due else ()

    def _is_on_leave(self):
        """Whether the agent was on leave in the period; asked only where a payslip has no
        working days to tell it by."""
        # sudo: payroll officers may not read leaves; that there is one is all that is told
        leaves = self.env["hr.leave"].sudo()
        return bool(
            leaves.search_count(
                [
                    ("employee_id", "=", self.employee_id.id),
                    ("state", "=", "validate"),
                    ("date_from", "<=", fields.Datetime.end_of(self.date_to, "day")),
                    ("date_to", ">=", fields.Datetime.to_datetime(self.date_from)),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------------ lines

    def _number(self):
        """Number those of these payslips that have no number yet."""
        unnumbered = self.filtered(lambda slip: not slip.number)
        numbers = self.env["ir.sequence"]._cs_next_numbers(len(unnumbered))
        for slip, number in zip(unnumbered, numbers, strict=True):
            slip.number = number

    def _collect(self, vals):
        """Keep what OCA's loop writes on these payslips while all are being computed: 500
        payslips are then written at once, before the loop ends.

        :return: whether it is kept; what else is written meanwhile, and what an addon writes
            when all are computed, is written at once
        """
        collected = self.env.context.get("cs_collected")
        if not isinstance(collected, Collected) or not collected.takes(self, vals):
            return False
        for slip in self:
            collected[slip.id] = vals
        collected.waiting -= set(self.ids)
        if not collected.waiting:
            self.browse(collected)._write_collected(collected)
        return True

    def _write_collected(self, collected):
        plain = self.with_context(cs_collected=None, cs_prepared=None)
        vals_list = [
            slip._complete_line(line)
            for slip in plain
            for _command, _id, line in collected[slip.id]["line_ids"]
        ]
        lines = plain.env["hr.payslip.line"].create(vals_list)
        given = {"date_from", "parent_line_id"}
        if all(given <= vals.keys() for vals in vals_list):
            for name in given:  # nothing is left to compute of what was inserted
                self.env.remove_to_compute(lines._fields[name], lines)
        # after the lines: whoever is told of the new state finds them there
        for company, slips in plain.grouped("company_id").items():
            slips.write({"state": "verify", "compute_date": company._cs_today()})
        collected.clear()

    def _complete_line(self, values):
        """Values of a line with what the ORM would otherwise compute after the fact."""
        plain = {"date_from": self.date_from, "slip_id": self.id}
        if not values.get("parent_rule_id"):
            plain["parent_line_id"] = False
        return leave_unused(values) | plain

    # ------------------------------------------------------------------ what lines settle

    def _keep_figures(self, figures):
        """Keep the figures with the payslips, and what their lines take and settle (W5, W7)."""
        takings, settled, flags = {}, {}, defaultdict(list)
        # none of these fields is tracked, so what tracks changes need not look at each payslip
        slips = self.with_context(tracking_disable=True)
        for slip in slips:
            own, taken = figures[slip.id], slip._get_taken()
            takings[slip] = take(own.fines, taken)
            settled[slip] = slip._spread_settled(figures.get_settled(slip.id))
            if taken > own.due:  # nothing says what for: it is booked nowhere, payroll looks
                own = replace(own, warnings=(*own.warnings, OVER))
            kept = record(own, own.due, min(own.due, taken))
            slip.write({"cs_figures": kept, "cs_facts": facts_of(own)})
            flags[bool(own.warnings), bool(slip._get_unseen(own.warnings))].append(slip.id)
        # after the figures: what is known needs not be computed of them
        for (warned, to_tick), ids in flags.items():
            slips.browse(ids).write(
                {"cs_warned": warned, "cs_to_tick": to_tick, "cs_not_paid": False}
            )
        self.env["cs.fine.taking"]._replace(takings)
        self.env["cs.settlement"]._replace(settled)

    def _get_taken(self):
        """What the payslip's lines take of fines, whatever was computed (W5)."""
        lines = self.line_ids.filtered(lambda line: line.cs_item == FINE)
        return max(decimal(0), -sum((decimal(line.total) for line in lines), decimal(0)))

    def _spread_settled(self, settled):
        """What was computed to be settled, brought to what the payslip's lines say: HR may have
        edited them. What a line leaves, or pays beyond, is found again as a difference."""
        if not settled:  # as with most
            return ()
        totals = defaultdict(lambda: decimal(0))
        for line in self.line_ids:
            if (line.cs_item or "").startswith(ARREARS):
                totals[line.cs_item.removeprefix(ARREARS)] += decimal(line.total)
        return spread(settled, totals)

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

    def _settle_by_lines(self):
        """Payslips confirmed without being computed again settle what their lines say by now:
        HR may have edited them.

        :raises UserError: a line takes more of fines than is left by now (W5)
        """
        # sudo: what payslips take and settle is the software's own; who confirms was checked
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
        self.env["cs.fine.taking"]._replace(takings)
        self.env["cs.settlement"]._replace(settled)

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

    def _give_back(self, paid):
        """A refund slip gives back all that the payslip which it refunds took and settled."""
        # sudo: figures are the software's own, and OCA leaves the company to that of whoever
        # refunds; the payslip itself was copied by this user
        paid, refund = paid.sudo(), self.sudo()
        # what the refunded payslip warned of was looked at before it was confirmed
        seen = paid.state == "done" and paid._get_warning_codes()
        refund.write(
            {
                "company_id": paid.company_id.id,
                "cs_figures": paid.cs_figures,
                "cs_facts": paid.cs_facts,
                "cs_warnings_seen": seen or False,
            }
        )
        self.env["cs.settlement"]._replace({refund: paid._get_settled()})
        self.env["cs.fine.taking"]._replace(
            {refund: [(each.violation_id.id, each.amount) for each in paid.cs_taking_ids]}
        )

    def _refresh_differences(self):
        """Find anew what is to be settled with the agents of these payslips."""
        ours = self.sudo().filtered("cs_figures")  # the list is the software's own
        for company, slips in ours.grouped("company_id").items():
            self.env["cs.pay.difference"]._refresh(company, slips.employee_id.ids)
