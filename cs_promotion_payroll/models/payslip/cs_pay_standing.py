from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cs_promotion.models.cs_period import month_name
from odoo.addons.cs_promotion.models.many import any_of

from .cs_payslip_gate_mixin import OPEN


class CsPayStanding(models.AbstractModel):
    """A month is paid once: the payslips that stand for it, and what may not come beside them.

    Callers check the right to the payslips that they ask for.
    """

    _name = "cs.pay.standing"
    _description = "CS Standing Payslips"

    # ------------------------------------------------------------------ paid once

    @api.model
    def _check_confirm(self, slips):
        """Refuse to confirm what pays, or gives back, a month a second time.

        :raises UserError: with every agent and month of which that is so
        """
        slips = slips.filtered(lambda slip: slip.state in OPEN and slip._pays_by_tier())
        if not slips:
            return
        standing = self._load_standing(slips)
        # nobody confirms two payslips of a month at the same time
        self._lock({id_ for rows in standing.values() if len(rows) > 1 for id_, _state in rows})
        faults = [
            self._get_twin_fault(ours, standing.get(key, ()))
            for key, ours in slips.grouped(self._get_key).items()
        ]
        if any(faults):
            raise UserError("\n".join(filter(None, faults)))

    @api.model
    def _get_twin_fault(self, slips, standing):
        """Why not all of these payslips of one agent and month can be confirmed, if so.

        :param standing: ids and states of the month's standing payslips
        """
        credits = slips.filtered("credit_note")
        paying = slips - credits
        done = [id_ for id_, state in standing if state == "done"]
        if paying and done:
            return self.env._(
                "%(agent)s: %(month)s has been paid already, by %(payslip)s. Cancel the new "
                "payslip, or refund that one first.",
                payslip=self._refer_to(slips.browse(done[0])),
                **self._get_words(slips[0]),
            )
        if len(paying) > 1:
            return self.env._(
                "%(agent)s: there are %(count)s payslips for %(month)s here (%(payslips)s), and a "
                "month is paid once. Cancel all but one of them.",
                count=len(paying),
                payslips=", ".join(slip._get_reference() for slip in paying),
                **self._get_words(slips[0]),
            )
        if credits and len(done) < len(credits) and self._has_paid_back(credits):
            return self.env._(
                "%(agent)s: what was paid for %(month)s has been refunded already. Cancel this "
                "credit note.",
                **self._get_words(slips[0]),
            )
        return None

    @api.model
    def _has_paid_back(self, credits):
        """Whether there is a second refund among these, or one done for the month already."""
        company, employee, month = self._get_key(credits[0])
        return len(credits) > 1 or bool(
            # sudo: whether there is one, no more
            credits.sudo().search_count(
                [
                    ("employee_id", "=", employee),
                    ("company_id", "=", company),
                    ("cs_pay_month", "=", month),
                    ("state", "=", "done"),
                    ("credit_note", "=", True),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------------ refunded once

    @api.model
    def _check_refund(self, slips):
        """
        :raises UserError: one of these has nothing that could be refunded
        """
        slips.check_access("write")
        self._lock(slips.ids)  # whoever refunds it at the same time looks again after us
        standing = self._load_standing(slips) if slips else {}
        for slip in slips:
            rows = standing.get(self._get_key(slip), ())
            if fault := self._get_refund_fault(slip, [id_ for id_, _state in rows]):
                raise UserError(fault)

    @api.model
    def _get_refund_fault(self, slip, standing):
        """Why a payslip cannot be refunded, if so."""
        words = {"slip": slip._get_reference()}
        if slip.credit_note:
            return self.env._("%(slip)s is a refund itself and cannot be refunded.", **words)
        if slip.state != "done":
            return self.env._("%(slip)s is not done: there is nothing to refund.", **words)
        refund = slip.sudo().refunded_id  # named to whoever may refund the payslip itself
        if refund and refund.state != "cancel":
            return self.env._(
                "%(slip)s has been refunded already, by %(refund)s. A payslip is refunded "
                "once; pay the month anew by a new payslip.",
                refund=refund._get_reference(),
                **words,
            )
        if slip.id not in standing:
            return self.env._(
                "%(slip)s has been refunded already, by a credit note of that month.", **words
            )
        return None

    # ------------------------------------------------------------------ a refund stays

    @api.model
    def _check_cancel(self, slips):
        """Refuse to cancel refunds whose payslip, standing again, would pay what has been paid
        or taken anew since.

        :raises UserError: with what to do instead
        """
        refunds = slips.filtered(
            lambda slip: slip.state == "done" and slip.credit_note and slip._pays_by_tier()
        )
        if not refunds:
            return
        standing = self._load_standing(refunds)
        for refund in refunds:
            rows = standing.get(self._get_key(refund), ())
            done = [id_ for id_, state in rows if state == "done"]
            if done:
                raise UserError(
                    self.env._(
                        "%(refund)s cannot be cancelled: the payslip that it refunds would count "
                        "again, and %(agent)s has been paid anew for %(month)s since, by "
                        "%(payslip)s. Refund or cancel that one first.",
                        refund=refund._get_reference(),
                        payslip=self._refer_to(refund.browse(done[0])),
                        **self._get_words(refund),
                    )
                )
            self._check_fines_still_given(refund)

    @api.model
    def _check_fines_still_given(self, refund):
        """
        :raises UserError: a fine that this refund gave back has been taken again since
        """
        for given in refund.sudo().cs_taking_ids:  # of the payslip that this user cancels
            violation = given.violation_id
            taken = violation.fine_taken - given.amount
            if violation.currency_id.compare_amounts(taken, violation.fine) <= 0:
                continue
            later = violation.cs_taking_ids._get_standing().slip_id.sorted("id")[-1:]
            raise UserError(
                self.env._(
                    "%(refund)s cannot be cancelled: the fine that it gave back (%(fine)s) has "
                    "been taken again since, by %(payslip)s. Refund or cancel that one first.",
                    refund=refund._get_reference(),
                    fine=violation.display_name,
                    payslip=later._get_reference(),
                )
            )

    # ------------------------------------------------------------------ helpers

    @api.model
    def _get_key(self, slip):
        return slip.company_id.id, slip.employee_id.id, slip.cs_pay_month

    @api.model
    def _get_words(self, slip):
        """Agent and month for a message."""
        return {
            "agent": slip._get_agent_name(),
            "month": month_name(self.env, slip.cs_pay_month),
        }

    @api.model
    def _refer_to(self, slip):
        # sudo: the other payslip of an agent whose payslip this user may confirm
        return slip.sudo()._get_reference()

    @api.model
    def _lock(self, ids):
        """Wait for whoever is changing these payslips just now: what they wrote, the database
        then has this transaction begin anew and look at."""
        if ids:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM hr_payslip WHERE id = %s ORDER BY id FOR NO KEY UPDATE",
                    any_of(ids),
                )
            )

    # ------------------------------------------------------------------ loading

    @api.model
    def _load_standing(self, slips):
        """The standing payslips by tier of the agents and pay months of these payslips.

        Neither cancelled nor refunded, in whatever batch and by whichever structure of tier
        pay. A credit note that refunds no payslip of its own takes the first done one away.

        :return: (company id, employee id, pay month) -> list of (payslip id, state)
        """
        self.env["hr.payslip"]._flush_standing()
        self.env["hr.version"].flush_model(["struct_id"])
        self.env["hr.payroll.structure"].flush_model(["cs_tier_pay"])
        standing = defaultdict(list)
        for company, employee, month, id_, state in self.env.execute_query(
            SQL(
                """
                SELECT company_id, employee_id, cs_pay_month, id, state
                  FROM (%s) own
                 WHERE credit_note IS NOT TRUE AND (state != 'done' OR number > credits)
                 ORDER BY id
                """,
                self._select_numbered(slips),
            )
        ):
            standing[company, employee, month].append((id_, state))
        return standing

    @api.model
    def _select_numbered(self, slips):
        """The payslips by tier of these agents and pay months that are neither cancelled nor
        refunded by a payslip of their own: numbered among those alike, so that as many of the
        done ones as there are done credit notes, ``credits``, can be left out."""
        return SQL(
            """
            SELECT slip.id, slip.company_id, slip.employee_id, slip.cs_pay_month,
                   slip.state, slip.credit_note,
                   row_number() OVER alike AS number,
                   count(*) FILTER (WHERE slip.credit_note AND slip.state = 'done')
                       OVER whole AS credits
              FROM hr_payslip slip
              LEFT JOIN hr_payslip refund ON refund.id = slip.refunded_id
              LEFT JOIN hr_payslip origin ON origin.refunded_id = slip.id
              LEFT JOIN hr_version contract ON contract.id = slip.contract_id
              LEFT JOIN hr_payroll_structure structure
                     ON structure.id = COALESCE(slip.struct_id, contract.struct_id)
             WHERE slip.employee_id = %s AND slip.company_id = ANY(%s)
               AND slip.cs_pay_month = ANY(%s) AND slip.state != 'cancel'
               AND origin.id IS NULL
               AND (refund.id IS NULL OR refund.state = 'cancel')
               AND (structure.cs_tier_pay OR slip.cs_figures IS NOT NULL)
            WINDOW alike AS (PARTITION BY slip.company_id, slip.employee_id,
                                          slip.cs_pay_month, slip.state,
                                          COALESCE(slip.credit_note, FALSE)
                                 ORDER BY slip.id),
                   whole AS (PARTITION BY slip.company_id, slip.employee_id,
                                          slip.cs_pay_month)
            """,
            any_of(slips.employee_id.ids),
            slips.company_id.ids,
            list({slip.cs_pay_month for slip in slips if slip.cs_pay_month}),
        )

    @api.model
    def _load_overlapping(self, company, employee_ids, period):
        """Ids of those of these employees of whom days of this period have been paid by another
        month's payslip: the company's pay month lay otherwise then (W8)."""
        self.env["hr.payslip"]._flush_standing()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT slip.employee_id
                  FROM hr_payslip slip
                  LEFT JOIN hr_payslip refund ON refund.id = slip.refunded_id
                 WHERE slip.employee_id = %s AND slip.company_id = %s
                   AND slip.state = 'done' AND slip.cs_figures IS NOT NULL
                   AND slip.credit_note IS NOT TRUE AND slip.cs_pay_month != %s
                   AND slip.cs_pay_start <= %s AND slip.cs_pay_end >= %s
                   AND (refund.id IS NULL OR refund.state = 'cancel')
                """,
                any_of(employee_ids),
                company.id,
                period.month,
                period.end,
                period.start,
            )
        )
        return {id_ for (id_,) in rows}

    @api.model
    def _load_twins(self, slips):
        """Employee id -> ids of the standing payslips by tier of the pay month of these."""
        twins = defaultdict(set)
        for (_company, employee, _month), rows in self._load_standing(slips).items():
            twins[employee] |= {id_ for id_, _state in rows}
        return twins
