from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cs_promotion.models.cs_period import month_name

from .hr_payslip_frozen import COMPUTING
from .hr_payslip_open import OPEN

# Handed on in the context. Objects of this process cannot be sent over the network, so nobody
# can claim to have been asked.
ASKING, UNASKED = object(), object()


class HrPayslip(models.Model):
    """The gate before payday: no month is paid twice, and what a payslip warns of is looked at
    by name before it is confirmed."""

    _inherit = "hr.payslip"

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

    @api.depends("cs_figures", "cs_warnings_seen")
    def _compute_cs_to_tick(self):
        for slip in self:
            slip.cs_to_tick = bool(slip._get_unseen())

    def _get_warning_codes(self):
        """Codes of what the payslip warns of."""
        return (self.cs_figures or {}).get("warnings") or []

    def _get_unseen(self):
        """Codes of what the payslip warns of that nobody has ticked yet."""
        seen = self.cs_warnings_seen or ()
        return [code for code in self._get_warning_codes() if code not in seen]

    def write(self, vals):
        """Who confirms is kept. What is set back or cancelled is looked at anew."""
        state = vals.get("state")
        if state == "cancel":
            self._check_stays_paid_once()
        trusted = self.env.su or self.env.context.get("cs_computing") is COMPUTING
        if state == "done" and trusted:
            vals = {"cs_confirmed_by": self.env.uid, **vals}
        result = super().write(vals)
        if state in ("draft", "cancel") and (seen := self.filtered("cs_warnings_seen")):
            seen._trusted().write({"cs_warnings_seen": False})
        return result

    def _trusted(self):
        """These payslips for what only the software writes on them, with this user's rights."""
        return self.with_context(cs_computing=COMPUTING)

    # ------------------------------------------------------------------ confirming

    def action_payslip_done(self):
        """Confirm payslips whose warnings are ticked, or that have none.

        :return: the dialog that shows warnings and asks for ticks, if there are any left
        :raises UserError: a month has been paid already
        """
        self.check_access("write")
        self._check_not_twice()
        if self.env.su or self.env.context.get("cs_gate") in (ASKING, UNASKED):
            return super().action_payslip_done()
        self._compute_missing()
        if ask := self._ask_to_look():
            return ask
        result = super(HrPayslip, self.with_context(cs_gate=ASKING)).action_payslip_done()
        return self._ask_to_look() or result

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

    def _leave_unseen(self):
        """Without those which, computed once more, warn of something new."""
        slips = super()._leave_unseen()
        if self.env.context.get("cs_gate") is not ASKING:
            return slips
        return slips.filtered(lambda slip: slip.state == "done" or not slip.cs_to_tick)

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

    # ------------------------------------------------------------------ paid once

    def _get_month_key(self):
        return self.company_id.id, self.employee_id.id, self.cs_pay_month

    def _check_not_twice(self):
        """Refuse to confirm what pays, or gives back, a month a second time.

        :raises UserError: with every agent and month of which that is so
        """
        slips = self.filtered(lambda slip: slip.state in OPEN and slip._pays_by_tier())
        if not slips:
            return
        standing = self.env["cs.pay"]._load_standing(slips)
        slips._lock_twins(standing)
        faults = []
        for key, ours in slips.grouped(lambda slip: slip._get_month_key()).items():
            fault = ours._get_twin_fault(standing.get(key, ()))
            if fault:
                faults.append(fault)
        if faults:
            raise UserError("\n".join(faults))

    def _lock_twins(self, standing):
        """Nobody confirms two payslips of a month at the same time."""
        self._lock({id_ for rows in standing.values() if len(rows) > 1 for id_, _state in rows})

    @api.model
    def _lock(self, ids):
        """Wait for whoever is changing these payslips just now: what they wrote, the database
        then has this transaction begin anew and look at."""
        if ids:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM hr_payslip WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                    sorted(ids),
                )
            )

    def _get_twin_fault(self, standing):
        """Why not all of these payslips of one agent and month can be confirmed, if so.

        :param standing: ids and states of the month's standing payslips
        """
        credits = self.filtered("credit_note")
        slips = self - credits
        done = [id_ for id_, state in standing if state == "done"]
        if slips and done:
            return self.env._(
                "%(agent)s: %(month)s has been paid already, by %(payslip)s. Cancel the new "
                "payslip, or refund that one first.",
                payslip=self.browse(done[:1]).sudo()._get_reference(),
                **self[0]._get_month_words(),
            )
        if len(slips) > 1:
            return self.env._(
                "%(agent)s: there are %(count)s payslips for %(month)s here (%(payslips)s), and a "
                "month is paid once. Cancel all but one of them.",
                count=len(slips),
                payslips=", ".join(slip._get_reference() for slip in slips),
                **self[0]._get_month_words(),
            )
        if credits and len(done) < len(credits) and self._has_paid_back(credits):
            return self.env._(
                "%(agent)s: what was paid for %(month)s has been refunded already. Cancel this "
                "credit note.",
                **self[0]._get_month_words(),
            )
        return None

    def _get_month_words(self):
        """Agent and month for a message."""
        return {
            # the name alone, of an agent whose payslip this user may confirm
            "agent": self.employee_id.sudo().name,
            "month": month_name(self.env, self.cs_pay_month),
        }

    def _has_paid_back(self, credits):
        """Whether there is a second refund among these, or one done for the month already."""
        first = credits[:1]
        return len(credits) > 1 or bool(
            # whether there is one, no more
            self.sudo().search_count(
                [
                    ("employee_id", "=", first.employee_id.id),
                    ("company_id", "=", first.company_id.id),
                    ("cs_pay_month", "=", first.cs_pay_month),
                    ("state", "=", "done"),
                    ("credit_note", "=", True),
                ],
                limit=1,
            )
        )

    def _get_reference(self):
        """The payslip's number with its name, as a person looks for it."""
        return " ".join(filter(None, (self.number, self.name))) or self._get_label()
