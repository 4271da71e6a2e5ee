from odoo import models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.models.cs_period import month_name

from .cs_fine_taking import WITHDRAWN_ACTIVITY


class HrPayslip(models.Model):
    """Refunds of payslips by tier: once, of what was paid, and for good once it is paid anew."""

    _inherit = "hr.payslip"

    def refund_sheet(self):
        slips = self | self  # each once, however often it is named
        by_tier = slips.filtered(lambda slip: slip._pays_by_tier())
        by_tier._check_refund()
        result = super(HrPayslip, slips).refund_sheet()
        by_tier._finish_withdrawn()
        return result

    def _check_refund(self):
        """
        :raises UserError: one of these has nothing that could be refunded
        """
        self.check_access("write")
        self._lock(self.ids)  # whoever refunds it at the same time looks again after us
        standing = self.env["cs.pay"]._load_standing(self) if self else {}
        for slip in self:
            words = {"slip": slip._get_reference()}
            if slip.credit_note:
                raise UserError(
                    self.env._("%(slip)s is a refund itself and cannot be refunded.", **words)
                )
            if slip.state != "done":
                raise UserError(
                    self.env._("%(slip)s is not done: there is nothing to refund.", **words)
                )
            refund = slip.sudo().refunded_id
            if refund and refund.state != "cancel":
                raise UserError(
                    self.env._(
                        "%(slip)s has been refunded already, by %(refund)s. A payslip is refunded "
                        "once; pay the month anew by a new payslip.",
                        refund=refund._get_reference(),
                        **words,
                    )
                )
            if slip.id not in [id_ for id_, _state in standing.get(slip._get_month_key(), ())]:
                raise UserError(
                    self.env._(
                        "%(slip)s has been refunded already, by a credit note of that month.",
                        **words,
                    )
                )

    def _finish_withdrawn(self):
        """What was to be done about withdrawn fines is done with the refund."""
        # superuser: the to-dos may be those of colleagues; the refund itself was this user's
        self.sudo().activity_feedback(
            [WITHDRAWN_ACTIVITY], feedback=self.env._("The payslip was refunded.")
        )

    def _check_stays_paid_once(self):
        """Refuse to cancel refunds whose payslip, standing again, would pay what has been paid
        or taken anew since.

        :raises UserError: with what to do instead
        """
        refunds = self.filtered(
            lambda slip: slip.state == "done" and slip.credit_note and slip._pays_by_tier()
        )
        if not refunds:
            return
        standing = self.env["cs.pay"]._load_standing(refunds)
        for refund in refunds:
            done = [
                id_ for id_, state in standing.get(refund._get_month_key(), ()) if state == "done"
            ]
            if done:
                raise UserError(
                    self.env._(
                        "%(refund)s cannot be cancelled: the payslip that it refunds would count "
                        "again, and %(agent)s has been paid anew for %(month)s since, by "
                        "%(payslip)s. Refund or cancel that one first.",
                        refund=refund._get_reference(),
                        agent=refund.employee_id.sudo().name,
                        month=month_name(self.env, refund.cs_pay_month),
                        payslip=self.browse(done[:1]).sudo()._get_reference(),
                    )
                )
            refund._check_fines_still_given()

    def _check_fines_still_given(self):
        """
        :raises UserError: a fine that this refund gave back has been taken again since
        """
        for given in self.sudo().cs_taking_ids:  # of the payslip that this user cancels
            violation = given.violation_id
            taken = violation.fine_taken - given.amount
            if violation.currency_id.compare_amounts(taken, violation.fine) <= 0:
                continue
            later = violation.cs_taking_ids._get_standing().slip_id.sorted("id")[-1:]
            raise UserError(
                self.env._(
                    "%(refund)s cannot be cancelled: the fine that it gave back (%(fine)s) has "
                    "been taken again since, by %(payslip)s. Refund or cancel that one first.",
                    refund=self._get_reference(),
                    fine=violation.display_name,
                    payslip=later._get_reference(),
                )
            )

    def _get_payers(self):
        """Who mends this payslip: whoever confirmed it, if they still may, or else the payroll
        managers of its company."""
        self.ensure_one()
        notices = self.env["cs.notice.mixin"]
        own = self.employee_id.sudo().user_id  # nobody is asked to mend their own pay
        officers = notices._get_group_users("payroll.group_payroll_user", self.company_id)
        confirmer = self.sudo().cs_confirmed_by & officers - own
        managers = notices._get_group_users("payroll.group_payroll_manager", self.company_id)
        return confirmer or managers - own or managers
