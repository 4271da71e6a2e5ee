from odoo import api, models
from odoo.exceptions import UserError

# Handed on in the context by the code that computes and confirms payslips. An object of this
# process cannot be sent over the network, so nobody can claim to be computing.
COMPUTING = object()

# what only the computation writes, at any time
COMPUTED = frozenset(
    {
        "cs_confirmed_by",
        "cs_facts",
        "cs_figures",
        "cs_not_paid",
        "cs_pay_end",
        "cs_pay_month",
        "cs_pay_start",
        "cs_settlement_ids",
        "cs_taking_ids",
        "cs_to_tick",
        "cs_warned",
        "cs_warnings_seen",
        "cs_warnings_seen_by",
        "cs_warnings_seen_on",
    }
)
# what a done payslip pays: whom, for which days, by what, and how much
SETTLED = COMPUTED | {
    "company_id",
    "contract_id",
    "credit_note",
    "date_from",
    "date_to",
    "employee_id",
    "input_line_ids",
    "line_ids",
    "number",
    "refunded_id",
    "struct_id",
    "worked_days_line_ids",
}


class HrPayslip(models.Model):
    """A done payslip by tier stays as it is; it is corrected by a refund or by the next one."""

    _inherit = "hr.payslip"

    @api.model_create_multi
    def create(self, vals_list):
        """Figures are computed, never given; and no payslip is born done."""
        if not self.env.su:
            names = COMPUTED | {f"default_{name}" for name in COMPUTED}
            if any(names & set(vals) for vals in [*vals_list, self.env.context]):
                self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and self.env.context.get("cs_computing") is not COMPUTING:
            if COMPUTED & set(vals):
                self._refuse_by_hand()
            if "state" in vals:
                self._check_state_by_hand(vals["state"])
            if SETTLED & set(vals):
                self._check_not_settled()
        return super().write(vals)

    def _check_state_by_hand(self, state):
        """Done by its button, which computes it; and from there on cancelled at most, where the
        company allows that."""
        if state == "done" and self.filtered(lambda each: each._pays_by_tier()):
            raise UserError(self.env._("A payslip is confirmed by its button."))
        self.filtered(
            lambda each: state != "cancel" or not each.allow_cancel_payslips
        )._check_not_settled()

    def refund_sheet(self):
        """The refund is noted on the payslip that it refunds, done as that is."""
        return super(HrPayslip, self.with_context(cs_computing=COMPUTING)).refund_sheet()

    def action_payslip_done(self):
        return super(HrPayslip, self.with_context(cs_computing=COMPUTING)).action_payslip_done()

    def _compute_tier_sheets(self):
        return super(HrPayslip, self.with_context(cs_computing=COMPUTING))._compute_tier_sheets()

    def _refuse_by_hand(self):
        raise UserError(
            self.env._("What a payslip is computed from cannot be set by hand: compute it.")
        )

    def _check_not_settled(self):
        """Refuse to change done payslips by tier."""
        for slip in self.filtered(lambda each: each.state == "done" and each._pays_by_tier()):
            raise UserError(
                self.env._(
                    "%s is done and can no longer be changed. Refund it and pay anew.",
                    slip._get_label(),
                )
            )


class CsPayslipPartMixin(models.AbstractModel):
    """Lines, inputs and worked days of a done payslip by tier are what was paid, and by what:
    none is added, changed, moved or removed."""

    _name = "cs.payslip.part.mixin"
    _description = "Part of a Payslip"
    _slip_name = "payslip_id"

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get(f"default_{self._slip_name}")
        ids = {vals.get(self._slip_name, default) for vals in vals_list}
        self._check_slips(self.env["hr.payslip"].browse(filter(None, ids)))
        return super().create(vals_list)

    def write(self, vals):
        self._check_slips(self[self._slip_name])
        result = super().write(vals)
        if self._slip_name in vals:
            self._check_slips(self[self._slip_name])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_slips(self[self._slip_name])

    def _check_slips(self, slips):
        if not self.env.su and self.env.context.get("cs_computing") is not COMPUTING:
            slips._check_not_settled()


class HrPayslipLine(models.Model):
    _name = "hr.payslip.line"
    _inherit = ["cs.payslip.part.mixin", "hr.payslip.line"]
    _slip_name = "slip_id"


class HrPayslipInput(models.Model):
    _name = "hr.payslip.input"
    _inherit = ["cs.payslip.part.mixin", "hr.payslip.input"]


class HrPayslipWorkedDays(models.Model):
    _name = "hr.payslip.worked_days"
    _inherit = ["cs.payslip.part.mixin", "hr.payslip.worked_days"]


class HrSalaryRuleCategory(models.Model):
    _inherit = "hr.salary.rule.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        """Lines that were paid keep their category."""
        # payroll officers see their own people only: whether there is a line, no more
        lines = self.env["hr.payslip.line"].sudo()
        for category in self:
            if lines.search_count([("category_id", "=", category.id)], limit=1):
                raise UserError(
                    self.env._("%s has lines on payslips and stays.", category.display_name)
                )


class HrPayrollStructure(models.Model):
    _inherit = "hr.payroll.structure"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        """Payslips that were done keep the structure that they were computed by."""
        slips = self.env["hr.payslip"].sudo()  # as above: whether there is one, no more
        for structure in self:
            if slips.search_count(
                [("struct_id", "=", structure.id), ("state", "=", "done")], limit=1
            ):
                raise UserError(
                    self.env._("%s has paid payslips and stays.", structure.display_name)
                )
