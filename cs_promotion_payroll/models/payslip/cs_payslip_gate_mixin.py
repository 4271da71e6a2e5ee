from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.models.scheduled import post_once

from .cs_fine_taking import WITHDRAWN_ACTIVITY

OPEN = ("draft", "verify")  # what is not done yet

# Handed on in the context: by the code that computes and confirms payslips, by whoever asks for
# ticks, and where no person is there to be asked. Objects of this process cannot be sent over
# the network, so nobody can claim to be computing, or to have been asked.
COMPUTING, ASKING, UNASKED = object(), object(), object()

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


class CsPayslipGateMixin(models.AbstractModel):
    """The gate before payday: what a payslip warns of is looked at by name before it is
    confirmed. A done payslip by tier stays as it is; it is corrected by a refund or by the next
    one."""

    _name = "cs.payslip.gate.mixin"
    _description = "Gate before Payday"

    # ------------------------------------------------------------------ how messages name it

    def _get_label(self):
        """How messages name this payslip."""
        return self.name or self.number or self._get_agent_name()

    def _get_agent_name(self):
        # sudo: the name alone, of an agent whose payslip this user may read
        return self.employee_id.sudo().name

    def _get_reference(self):
        """The payslip's number with its name, as a person looks for it."""
        return " ".join(filter(None, (self.number, self.name))) or self._get_label()

    # ------------------------------------------------------------------ what it warns of

    @api.depends("cs_figures", "cs_warnings_seen")
    def _compute_cs_to_tick(self):
        for slip in self:
            slip.cs_to_tick = bool(slip._get_unseen(slip._get_warning_codes()))

    def _get_warning_codes(self):
        """Codes of what the payslip warns of."""
        return (self.cs_figures or {}).get("warnings") or []

    def _get_unseen(self, codes):
        """Those of the codes of what the payslip warns of that nobody has ticked yet."""
        seen = self.cs_warnings_seen or ()
        return [code for code in codes if code not in seen]

    def _ask_to_look(self, runs=None):
        """The dialog for what these payslips warn of and nobody has ticked; None without any.

        :param runs: the batches that are being confirmed
        """
        slips = self.filtered(lambda slip: slip.state in OPEN)
        if not any(slip.cs_to_tick for slip in slips):
            return None
        return self.env["cs.payslip.confirm"]._open(slips, runs)

    def _see_all_warnings(self):
        """Note that whoever confirms these takes all their warnings as they are."""
        for codes, slips in (
            self.filtered("cs_to_tick")
            .grouped(lambda slip: tuple(slip._get_warning_codes()))
            .items()
        ):
            slips._see_warnings(codes)

    def _see_warnings(self, codes):
        """Note that this user has looked at these warnings of the payslips."""
        self.check_access("write")
        for seen, slips in self.grouped(
            lambda slip: tuple(sorted({*(slip.cs_warnings_seen or ()), *codes}))
        ).items():
            slips._trusted().write(
                {
                    "cs_warnings_seen": list(seen),
                    "cs_warnings_seen_by": self.env.uid,
                    "cs_warnings_seen_on": fields.Datetime.now(),
                }
            )

    def _forget_ticks(self):
        """What is set back or cancelled is looked at anew."""
        if seen := self.filtered("cs_warnings_seen"):
            seen._trusted().write({"cs_warnings_seen": False})

    # ------------------------------------------------------------------ confirming

    def _confirm_unasked(self):
        """Confirm payslips with all their warnings, where no person is there to be asked."""
        return self.with_context(cs_gate=UNASKED).action_payslip_done()

    def _compute_missing(self):
        """Compute those that never were: what they warn of is not known yet."""
        missing = self.filtered(
            lambda slip: (
                slip.state == "draft"
                and not slip.cs_figures
                and not slip.prevent_compute_on_confirm
                and slip._pays_by_tier()
            )
        )
        missing.compute_sheet()

    def _split_by_turn(self):
        """These payslips in groups that have one payslip of each employee, oldest first."""
        turns, count = defaultdict(list), defaultdict(int)
        for slip in self.sorted("date_from"):
            turns[count[slip.employee_id]].append(slip.id)
            count[slip.employee_id] += 1
        return [self.browse(ids) for ids in turns.values()]

    def _leave_unseen(self):
        """Those of these freshly computed payslips that may be confirmed: without those which,
        computed once more, warn of something new."""
        if self.env.context.get("cs_gate") is not ASKING:
            return self
        return self.filtered(lambda slip: slip.state == "done" or not slip.cs_to_tick)

    def _confirm_asked(self):
        """Confirm these, each in the name of the person who confirmed its batch."""
        self.env["hr.payslip.run"]._confirm(self)

    def _note_not_confirmed(self, error):
        """Keep on the payslip why it could not be confirmed."""
        post_once(self, self.env._("Could not be confirmed: %(error)s", error=error))

    # ------------------------------------------------------------------ nothing set by hand

    def _trusted(self):
        """These payslips for what only the software writes on them, with this user's rights."""
        return self.with_context(cs_computing=COMPUTING)

    def _is_trusted(self):
        """Whether it is the software that writes, and no person."""
        return self.env.su or self.env.context.get("cs_computing") is COMPUTING

    def _check_create_by_hand(self, vals_list):
        """Figures are computed, never given."""
        if self._is_trusted():
            return
        names = COMPUTED | {f"default_{name}" for name in COMPUTED}
        if any(names & set(vals) for vals in [*vals_list, self.env.context]):
            self._refuse_by_hand()

    def _check_write_by_hand(self, vals):
        """What is computed is not written; a done payslip by tier stays as it is."""
        if COMPUTED & set(vals):
            self._refuse_by_hand()
        if "state" in vals:
            self._check_state_by_hand(vals["state"])
        if SETTLED & set(vals):
            self._check_not_settled()

    def _check_state_by_hand(self, state):
        """Done by its button, which computes it; and from there on cancelled at most, where the
        company allows that."""
        if state == "done" and self.filtered(lambda each: each._pays_by_tier()):
            raise UserError(self.env._("A payslip is confirmed by its button."))
        self.filtered(
            lambda each: state != "cancel" or not each.allow_cancel_payslips
        )._check_not_settled()

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

    # ------------------------------------------------------------------ not paid by tier

    def _note_not_paid(self):
        """After payslips were computed by structures that do not pay by tier: nobody's structure
        is replaced unasked, so this can be; it is told until it is mended."""
        open_ = self._trusted().filtered(lambda slip: slip.state != "done")
        unpaid = open_._find_not_paid()
        for slip in open_:
            missed = slip in unpaid
            if (slip.cs_not_paid, slip.cs_warned, bool(slip.cs_figures)) != (missed, missed, False):
                slip.write({"cs_not_paid": missed, "cs_warned": missed, "cs_figures": False})
        # what they took and settled while they paid by tier, they do no more.
        # sudo: these rows are the software's own
        kept = open_.sudo()
        self.env["cs.fine.taking"]._replace(dict.fromkeys(kept.filtered("cs_taking_ids"), ()))
        self.env["cs.settlement"]._replace(dict.fromkeys(kept.filtered("cs_settlement_ids"), ()))

    def _find_not_paid(self):
        """Those of these payslips whose agents hold a tier in the period, and have no payslip
        that pays it."""
        asked = self.filtered(lambda slip: not slip.credit_note and slip.employee_id)
        found = self.browse()
        for company, slips in asked.grouped("company_id").items():
            timelines = self.env["cs.timeline"]._load(slips.employee_id.ids, company)
            held = slips.filtered(
                lambda slip, timelines=timelines: timelines[slip.employee_id.id].on_ladder(
                    slip.date_from, slip.date_to
                )
            )
            paid = held and set(
                self.search(
                    [
                        ("employee_id", "in", held.employee_id.ids),
                        ("company_id", "=", company.id),
                        ("cs_pay_month", "in", held.mapped("cs_pay_month")),
                        ("struct_id.cs_tier_pay", "=", True),
                        ("state", "!=", "cancel"),
                    ]
                ).mapped(lambda slip: (slip.employee_id, slip.cs_pay_month))
            )
            found |= held.filtered(
                lambda slip, paid=paid: (slip.employee_id, slip.cs_pay_month) not in paid
            )
        return found

    # ------------------------------------------------------------------ refunds

    def _get_payers(self):
        """Who mends this payslip: whoever confirmed it, if they still may, or else the payroll
        managers of its company."""
        self.ensure_one()
        notices = self.env["cs.notice.mixin"]
        slip = self.sudo()  # who these users are, whoever asks them
        own = slip.employee_id.user_id  # nobody is asked to mend their own pay
        officers = notices._get_group_users("payroll.group_payroll_user", self.company_id)
        confirmer = slip.cs_confirmed_by & officers - own
        managers = notices._get_group_users("payroll.group_payroll_manager", self.company_id)
        return confirmer or managers - own or managers

    def _finish_withdrawn(self):
        """What was to be done about withdrawn fines is done with the refund."""
        # superuser: the to-dos may be those of colleagues; the refund itself was this user's
        self.sudo().activity_feedback(
            [WITHDRAWN_ACTIVITY], feedback=self.env._("The payslip was refunded.")
        )
