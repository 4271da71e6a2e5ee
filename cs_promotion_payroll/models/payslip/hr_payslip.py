from odoo import api, fields, models
from odoo.tools import float_round

from odoo.addons.cs_promotion.models.cs_period import month_name
from odoo.addons.payroll.models.base_browsable import Payslips

from ...ahead import AMOUNTS, DAYS, Ahead, Asked, merge_days, merge_inputs, sum_by_code
from ...payslip_sums import SharedPayslips
from ...tier_pay import Collected, Prepared, TierPay
from .cs_payslip_gate_mixin import ASKING, UNASKED


class HrPayslip(models.Model):
    """A payslip of OCA payroll that may pay by tier: what becomes of each of OCA's methods.

    All overrides stand here, once, in the order in which things happen; their steps stand in
    the mixins: what a payslip is computed from, keeps and settles in
    ``cs.payslip.computing.mixin``, what is looked at before it is confirmed, and that it stays
    as it is afterwards, in ``cs.payslip.gate.mixin``. OCA's own methods do the work, payslip by
    payslip, and so do the addons that extend them; what they ask for is loaded beforehand for
    all of a batch (``cs.payslip.ahead``), and what they write is kept until it is complete.
    """

    _name = "hr.payslip"
    _inherit = [
        "hr.payslip",
        "cs.payslip.mixin",
        "cs.payslip.computing.mixin",
        "cs.payslip.gate.mixin",
    ]

    # indexes: batches and the months before are looked up by these
    employee_id = fields.Many2one(index=True, context={"active_test": False})
    payslip_run_id = fields.Many2one(index="btree_not_null")
    refunded_id = fields.Many2one(index="btree_not_null")
    # the pay month: by the company's setting when the payslip gets its dates, and kept (W8)
    date_from = fields.Date(default=lambda self: self.env.company._cs_get_period().start)
    date_to = fields.Date(default=lambda self: self.env.company._cs_get_period().end)
    # not readonly: a batch gives them, else Odoo would build a draft of each payslip to compute
    # them. By hand they are refused as all that is computed is
    cs_pay_month = fields.Date(
        compute="_compute_cs_pay_month", store=True, precompute=True, readonly=False
    )
    cs_pay_start = fields.Date(
        compute="_compute_cs_pay_month", store=True, precompute=True, readonly=False
    )
    cs_pay_end = fields.Date(
        compute="_compute_cs_pay_month", store=True, precompute=True, readonly=False
    )
    # what its lines take and settle (W5, W7)
    cs_taking_ids = fields.One2many(
        "cs.fine.taking", "slip_id", string="Fines Taken", readonly=True
    )
    cs_settlement_ids = fields.One2many(
        "cs.settlement", "slip_id", string="Earlier Months Settled", readonly=True
    )
    # what it warns of, and who has looked at that
    cs_not_paid = fields.Boolean(
        string="Not Paid by Tier",
        readonly=True,
        copy=False,
        help="A CS tier is held in the period, and the structure does not pay by tier.",
    )
    cs_warnings_seen_by = fields.Many2one(
        "res.users",
        string="Warnings Seen by",
        readonly=True,
        copy=False,
        tracking=True,
        ondelete="restrict",
        help="Who ticked the warnings of this payslip before it was confirmed.",
    )
    cs_warnings_seen_on = fields.Datetime(string="Warnings Seen on", readonly=True, copy=False)
    cs_warnings_seen = fields.Json(string="Warnings Ticked", readonly=True, copy=False)
    cs_to_tick = fields.Boolean(
        string="Warnings to Tick",
        compute="_compute_cs_to_tick",
        store=True,
        help="It warns of something that nobody has ticked yet: it is not confirmed until then.",
    )
    cs_confirmed_by = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, copy=False, ondelete="restrict"
    )

    # not of the company's settings: they may change, what is paid by this payslip does not
    @api.depends("date_to", "company_id")
    def _compute_cs_pay_month(self):
        for slip in self:
            period = (
                slip.date_to and slip.company_id and (slip.company_id._cs_get_period(slip.date_to))
            )
            slip.cs_pay_month, slip.cs_pay_start, slip.cs_pay_end = period or (False,) * 3

    @api.depends("cs_not_paid")
    def _compute_cs_texts(self):
        res = super()._compute_cs_texts()
        text = self.env["cs.pay.words"]._get_warnings()["not_paid"]
        for slip in self.filtered("cs_not_paid"):
            slip.cs_warning = "\n".join(filter(None, (text, slip.cs_warning)))
        return res

    def _compute_name(self):
        """OCA names a payslip by the month it begins in: 26 May to 25 June is June's. And in
        English, with the month alone in another language."""
        result = super()._compute_name()
        for slip in self:
            month = slip.cs_pay_month
            if not month or not slip.date_from:
                continue
            other = slip.date_from.replace(day=1) != month
            if other or not (slip.env.lang or "en").startswith("en"):
                slip.name = slip.env._(
                    "Salary Slip of %(name)s for %(month)s",
                    name=slip.employee_id.name,
                    month=month_name(slip.env, month),
                )
        return result

    # ------------------------------------------------------------------ created and written

    @api.model_create_multi
    def create(self, vals_list):
        self._check_create_by_hand(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """What may not be is refused first. Then, while payslips are being computed, what OCA's
        loop writes on each of them waits for the last one. Who confirms is kept; what is set
        back or cancelled is looked at anew."""
        state = vals.get("state")
        if state == "cancel":
            self.env["cs.pay.standing"]._check_cancel(self)
        if not self._is_trusted():
            self._check_write_by_hand(vals)
        elif state == "done":
            vals = {"cs_confirmed_by": self.env.uid, **vals}
        if self._collect(vals):
            return True
        result = super().write(vals)
        if state in ("draft", "cancel"):
            self._forget_ticks()
        return result

    def copy(self, default=None):
        """A refund slip gives back what the refunded payslip took and settled."""
        copied = super().copy(default)
        if default and default.get("credit_note"):
            for slip, refund in zip(self, copied, strict=True):
                refund._give_back(slip)
        return copied

    # ------------------------------------------------------------------ made

    @api.onchange("employee_id", "date_from", "date_to")
    def onchange_employee(self):
        """The contract is found anew for the period: one that ran in a period typed in before
        would stay, and the payslip's contract depend on what was typed in first."""
        if not self.env.context.get("contract"):
            self._drop_former_structure()
            self.contract_id = False
        return super().onchange_employee()

    def _get_employee_contracts(self):
        """A payslip has one contract for all versions and contracts of the month: tier pay is by
        employee and month (W3)."""
        contracts = super()._get_employee_contracts()
        if len(self) != 1:
            return contracts
        if not (self.contract_id or self.struct_id):
            # the version that is paid by tier comes first: its structure pays the month
            return contracts._put_first(self._get_tier_version())
        return self._get_month_contract(contracts) if self._pays_by_tier() else contracts

    def get_payslip_vals(
        self, date_from, date_to, employee_id=False, contract_id=False, struct_id=False
    ):
        slips = self.with_context(cs_struct_id=struct_id[0]) if struct_id else self
        values = super(HrPayslip, slips).get_payslip_vals(
            date_from, date_to, employee_id, contract_id=contract_id, struct_id=struct_id
        )
        value = values["value"]
        structure = self.env["hr.payroll.structure"].browse(value["struct_id"])
        if value["contract_id"] and structure._pays_by_tier():
            # once more: addons have added lines for each contract
            value["worked_days_line_ids"] = merge_days(value["worked_days_line_ids"])
            value["input_line_ids"] = merge_inputs(value["input_line_ids"])
        return values

    @api.model
    def get_worked_day_lines(self, contracts, date_from, date_to):
        """One line for each code, over all contracts and working schedules of the employee in
        the period, whichever of them is asked for."""
        if not self._makes_by_tier(contracts):
            return super().get_worked_day_lines(contracts, date_from, date_to)
        ahead = self.env["cs.payslip.ahead"]._get(contracts, date_from, date_to)
        employees = dict.fromkeys(each.employee_id.id for each in contracts)
        ids = [part.version for id_ in employees for part in ahead.parts[id_]]
        # OCA asks for the employee of one payslip at most
        slips, versions = (self if len(self) == 1 else self.browse()), contracts.browse(ids)
        if Ahead.of(self) is not ahead or Ahead.of(contracts) is not ahead:
            slips = slips.with_context(cs_ahead=ahead)
            versions = versions.with_context(cs_ahead=ahead)
        return merge_days(
            super(HrPayslip, slips).get_worked_day_lines(versions, date_from, date_to)
        )

    @api.model
    def _compute_leave_days(self, contract, day_from, day_to):
        """Leave days for whoever may make payslips: OCA reads the leaves with the rights of the
        payroll officer, who need not have any in Time Off."""
        span = self._get_span(contract)
        # sudo: of the leaves, days, hours and their kind go on the payslip
        slips, own = self.sudo(), contract.sudo()
        lines = super(HrPayslip, slips)._compute_leave_days(own, *(span or (day_from, day_to)))
        return self.env["cs.payslip.ahead"]._complete_leave(own, list(lines), span)

    def _compute_worked_days(self, contract, day_from, day_to):
        span = self._get_span(contract) or (day_from, day_to)
        return super()._compute_worked_days(contract, *span) | {"cs_unpaid_percent": 0}

    def _get_span(self, contract):
        """The days that are counted of a version while its payslip is being made."""
        ahead = Ahead.of(self)
        return ahead.spans.get(contract.id) if ahead else None

    @api.model
    def get_inputs(self, contracts, date_from, date_to):
        """Each input once, also where no payslip is there yet to tell the structure."""
        if not self._makes_by_tier(contracts):
            return super().get_inputs(contracts, date_from, date_to)
        structure = self.env.context.get("cs_struct_id") or contracts[:1].struct_id.id
        slips = self.with_context(cs_struct_id=structure)
        return merge_inputs(super(HrPayslip, slips).get_inputs(contracts[:1], date_from, date_to))

    def _get_salary_rules(self):
        """While a payslip is being made there is none yet to ask for its rules."""
        structure = self.env.context.get("cs_struct_id")
        if self or not structure:
            return super()._get_salary_rules()
        structure = self.env["hr.payroll.structure"].browse(structure)
        return structure.get_structure_with_parents().get_all_rules()

    # ------------------------------------------------------------------ computed

    def compute_sheet(self):
        by_tier = self.filtered(lambda slip: slip._pays_by_tier())
        if others := self - by_tier:
            asking = others.with_context(cs_asked=Asked(others.ids))
            super(HrPayslip, asking).compute_sheet()
            others._note_not_paid()
        # done ones never change
        by_tier.filtered(lambda slip: slip.state != "done")._trusted()._compute_tier_sheets()
        return True

    # pylint: disable=super-method-mismatch
    def _compute_tier_sheets(self):
        """As OCA does it, with everything loaded before and written after."""
        if not self:
            return
        self.check_access("write")
        if not self.env.su and (moved := self._get_of_moved()):
            # sudo: of who works for another company by now, this one's payroll sees the payslip
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

    def get_payroll_dict(self, contracts):
        values = super().get_payroll_dict(contracts)
        values["cs"] = TierPay(self)
        return values

    def _get_baselocaldict(self, contracts):
        """Rules find under a code all that the payslip has of it, as it may have come about."""
        localdict = super()._get_baselocaldict(contracts)
        if self._pays_by_tier():
            for name, lines, sums in (
                ("worked_days", self.worked_days_line_ids, DAYS),
                ("inputs", self.input_line_ids, AMOUNTS),
            ):
                localdict[name].dict.update(sum_by_code(lines, sums))
        prepared = Prepared.of(self)
        # what another addon put in its place stays
        if prepared is not None and type(localdict["payslips"]) is Payslips:
            localdict["payslips"] = SharedPayslips(
                self.employee_id.id, self.env, prepared.sums, self.browse(prepared)
            )
        return localdict

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
        if (figures := self._get_prepared()) or self._pays_by_tier():
            # a setting: how many decimals a line of pay has
            places = figures.places if figures else self.company_id._cs_places()
            amount = float_round(amount, precision_rounding=float(places))
        return super()._sum_salary_rule_category(localdict, category, amount)

    # ------------------------------------------------------------------ confirmed, cancelled

    def action_payslip_done(self):
        """Confirm payslips whose warnings are ticked, or that have none.

        :return: the dialog that shows warnings and asks for ticks, if there are any left
        :raises UserError: a month has been paid already
        """
        self.check_access("write")
        self.env["cs.pay.standing"]._check_confirm(self)
        if self.env.su or self.env.context.get("cs_gate") in (ASKING, UNASKED):
            result = self._trusted()._confirm_in_turns()
        else:
            self._compute_missing()
            result = self._ask_to_look()
            if not result:
                asking = self.with_context(cs_gate=ASKING)._trusted()
                done = asking._confirm_in_turns()
                # computed once more, some may warn of something new
                result = self._ask_to_look() or done
        self._refresh_differences()  # what is to be settled is known anew
        return result

    def _confirm_in_turns(self):
        """Of an agent's payslips the earlier month first, so that a fine is taken, and a month
        settled, by one of them only (W5, W7)."""
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

    def action_payslip_cancel(self):
        """What a cancelled payslip had settled is open again."""
        cancelled = super().action_payslip_cancel()
        self._refresh_differences()
        return cancelled

    def refund_sheet(self):
        """Refund payslips by tier once, of what was paid, and for good once it is paid anew."""
        slips = self | self  # each once, however often it is named
        by_tier = slips.filtered(lambda slip: slip._pays_by_tier())
        self.env["cs.pay.standing"]._check_refund(by_tier)
        # the refund is noted on the payslip that it refunds, done as that is
        result = super(HrPayslip, slips._trusted()).refund_sheet()
        by_tier._finish_withdrawn()
        return result
