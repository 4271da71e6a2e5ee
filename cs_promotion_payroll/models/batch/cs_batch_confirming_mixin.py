from odoo import api, models
from odoo.fields import Domain

from odoo.addons.cs_promotion.models import scheduled
from odoo.addons.cs_promotion.models.cs_long_work import Step

from ..payslip.cs_payslip_gate_mixin import OPEN


class CsBatchConfirmingMixin(models.AbstractModel):
    """Confirming the payslips of batches: those whose warnings are ticked, or that have none."""

    _name = "cs.batch.confirming.mixin"
    _description = "Confirming Payslips in Batches"

    def action_cs_confirm(self):
        """Confirm all payslips of the batch; many are left to the scheduled action.

        One that cannot be confirmed stops no other: it tells why.

        :return: the dialog that shows warnings and asks for ticks, if there are any left
        :raises UserError: a month has been paid already, or would be paid twice
        """
        self._check_may_confirm()
        slips = self.slip_ids.filtered(lambda slip: slip.state in OPEN)
        self.env["cs.pay.standing"]._check_confirm(slips)
        if self.env.su:  # a program: nobody is there to be asked
            slips._see_all_warnings()
            return self._confirm_open()
        scheduled.take_halves(slips, lambda some: some._compute_missing())
        return slips._ask_to_look(self) or self._confirm_open()

    def _check_may_confirm(self):
        self.check_access("write")
        self.env["hr.payslip"].check_access("write")
        self._check_no_work()

    def _confirm_open(self):
        """Confirm the payslips of these batches that nobody need look at any more."""
        self._check_may_confirm()
        failed, done_here = [], self.env["hr.payslip"]
        for run in self:
            slips = run.slip_ids.filtered(lambda slip: slip.state in OPEN and not slip.cs_to_tick)
            if len(slips) <= scheduled.BATCH:
                failed += scheduled.take_halves(slips, lambda some: some.action_payslip_done())
                done_here |= slips
                continue
            run.cs_confirmer_id = self.env.user
            # sudo: the scheduled action confirms them in the name of this user
            self.env.ref("cs_promotion_payroll.ir_cron_confirm")._trigger()
        for slip, error in failed:
            slip._note_not_confirmed(error)
        # computed once more, some may warn of something new
        ask = None if self.env.su else done_here._ask_to_look(self)
        return self._tell_not_confirmed(failed, ask) if failed else ask

    def _tell_not_confirmed(self, failed, ask=None):
        """A word to the officer: who is not confirmed, and why."""
        lines = [f"{slip._get_agent_name()}: {error}" for slip, error in failed]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not confirmed: %s", len(failed)),
                "message": "\n".join(lines),
                "next": ask or {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _get_to_confirm_domain(self):
        """Of batches that are being confirmed, what is ticked or has no warnings."""
        return (
            Domain("payslip_run_id.cs_confirmer_id", "!=", False)
            & Domain("state", "in", OPEN)
            & Domain("cs_to_tick", "=", False)
        )

    @api.model
    def _find_to_confirm(self):
        """Of each agent the oldest payslip that waits to be confirmed: the next one may take
        only what it leaves of a fine (W5)."""
        oldest = {}
        for slip in self.env["hr.payslip"].search_fetch(
            self._get_to_confirm_domain(), ["employee_id"], order="date_from, id"
        ):
            oldest.setdefault(slip.employee_id, slip.id)
        return self.env["hr.payslip"].browse(oldest.values())

    @api.model
    def _confirm(self, slips):
        """Confirm payslips, each in the name of the person who confirmed its batch.

        Leaves those to another worker that it is just confirming, or has confirmed.
        """
        # locked, not waited for: what another worker holds, it is just confirming
        slips = slips.try_lock_for_update(allow_referencing=True)
        waiting = slips.filtered(lambda slip: slip.state in OPEN)
        for run, ours in waiting.grouped("payslip_run_id").items():
            if run.cs_confirmer_id:
                theirs = ours.with_env(run._as_user(run.cs_confirmer_id).env)
                theirs.action_payslip_done()
                for slip in theirs.filtered(lambda slip: slip.state in OPEN and slip.cs_to_tick):
                    slip._note_not_confirmed(
                        slip.env._("It warns of something new: %s", slip.cs_warning)
                    )

    @api.model
    def _cron_confirm(self):
        """Confirm the payslips of confirmed batches, in batches that commit."""
        self.env["cs.long.work"]._begin(self, "_confirm_all")

    @api.model
    def _confirm_all(self):
        step = Step("confirm", "_confirm_asked", note="_note_not_confirmed", about="payslip_run_id")
        failed = self.env["cs.long.work"]._take_batches(self._find_to_confirm, step)
        agents = (self._find_to_confirm() - failed).employee_id
        unfinished = self.env["hr.payslip"].search(
            self._get_to_confirm_domain() & Domain("employee_id", "in", agents.ids)
        )
        finished = self.search([("cs_confirmer_id", "!=", False)]) - unfinished.payslip_run_id
        scheduled.take_step(finished, lambda runs: runs._finish_confirming())

    def _finish_confirming(self):
        """The batches are confirmed, but for payslips that tell why not."""
        for run in self.try_lock_for_update(allow_referencing=True):
            told = run.with_context(lang=run.cs_confirmer_id.lang)
            if failed := run.cs_to_confirm - run.cs_to_tick_count:
                told.message_post(
                    body=told.env._(
                        "Payslips that could not be confirmed: %(count)s. They tell why, or the "
                        "agent's payslip of an earlier month does.",
                        count=failed,
                    )
                )
            if run.cs_to_tick_count:
                told.message_post(
                    body=told.env._(
                        "Payslips left because their warnings are not ticked: %(count)s.",
                        count=run.cs_to_tick_count,
                    )
                )
            run.cs_confirmer_id = False
