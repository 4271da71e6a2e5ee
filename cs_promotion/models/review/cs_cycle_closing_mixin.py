from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from ...engine.calendar import closes_quarter, month_start, quarter_start
from ...engine.facts import Closing
from ...engine.rules import judge
from ..scheduled import BATCH, JUDGED_AT_ONCE, post_once, take_batches, take_step

MISSING_SHOWN = 30  # lines of what is missing that an error message shows


class CsCycle(models.Model):
    """Closing a cycle: scores, ranks, violations by complaint rate, decisions (O1)."""

    _inherit = "cs.cycle"

    def action_close(self):
        """Close the cycles, oldest first; refuse with a list of what is missing.

        One with many agents is checked, and left to the scheduled action to close.
        """
        self.check_access("write")
        for cycle in self.sudo().sorted(lambda cycle: (cycle.date_end, cycle.kind)):
            cycle._check_ended()
            if len(cycle.appraisal_ids) <= BATCH:
                cycle._close(cycle.company_id._cs_today())
                continue
            cycle._check_closable()
            cycle.state = "closing"
            self.env.ref("cs_promotion.ir_cron_close").sudo()._trigger()

    def _close(self, day):
        """Freeze scores and ranks, then judge what ends with this cycle, all at once (O1).

        :param day: the day on which it is closed; decisions are announced on it
        """
        self._freeze(day)
        self._judge_all()
        self._finish()

    def _freeze(self, day):
        """Make scores, ranks and violations by complaint rate final (R1-R4, V3).

        In one transaction: killed half-way, nothing is frozen. A cycle that another worker is
        freezing is left to it. What is left to do then is judging.
        """
        self.ensure_one()
        if not self.try_lock_for_update():
            raise LockError(self.env._("%s is being closed by someone else.", self.name))
        self.invalidate_recordset(["state", "closed_on"])
        if self.closed_on:
            self._check_open()
        self.state = "open"  # it is being closed for good now, also if it was only queued before
        timelines = self._load_timelines()
        self._check_earlier_closed()
        self._open(timelines)
        self._check_missing()
        self._publish(timelines, day)
        if self.kind == "month":
            self._raise_complaint_violations(timelines)
            self._close_quarter_by_average(timelines)
        if self._get_open_ending_with():
            self.state = "closed"

    def _check_ended(self):
        if self.date_end >= self.company_id._cs_today():
            raise UserError(
                self.env._(
                    "%(cycle)s ends on %(end)s and cannot be closed before.",
                    cycle=self.name,
                    end=self.date_end,
                )
            )

    def _check_closable(self):
        """Refuse what closing would refuse, before it is left to the scheduled action."""
        self._check_open()
        self._check_earlier_closed()
        self._check_missing()

    def _check_earlier_closed(self):
        """A period waits for those before it, a quarter for its last month (R4)."""
        earlier = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "closed"),
                ("date_end", "<", self.date_end),
            ],
            order="date_end",
            limit=1,
        )
        if self.kind == "quarter" and not earlier:
            month = self._get_or_create(self.company_id, "month", month_start(self.date_end))
            earlier = month.filtered(lambda cycle: cycle.state != "closed")
        if earlier:
            raise UserError(
                self.env._(
                    "Close %(earlier)s before %(cycle)s.", earlier=earlier.name, cycle=self.name
                )
            )

    def _check_missing(self):
        if not self._needs_sheets():
            return
        missing = (
            self.env["cs.appraisal"]
            .search(
                [
                    ("cycle_id", "=", self.id),
                    ("complete", "=", False),
                    ("excluded", "=", False),
                ]
            )
            ._get_missing()
        )
        if not missing:
            return
        lines = missing[:MISSING_SHOWN]
        if len(missing) > len(lines):
            lines.append(self.env._("… and %s more", len(missing) - len(lines)))
        raise UserError(
            self.env._(
                "%(cycle)s is not complete. Have these submitted, or leave the agents out "
                "with a reason:\n%(missing)s",
                cycle=self.name,
                missing="\n".join(lines),
            )
        )

    def _publish(self, timelines, day):
        """Make scores and ranks final; agents see them. What is left to do is the judging."""
        self._freeze_results(timelines)
        self.write({"state": "closing", "closed_on": day})
        self.env.invalidate_all()

    def _close_quarter_by_average(self, timelines):
        """Close the quarter with its last month when it needs no form of its own (R3)."""
        if not closes_quarter(self.date_end) or self.policy_id.quarter_method != "average":
            return
        quarter = self._get_or_create(self.company_id, "quarter", quarter_start(self.date_end))
        if quarter.state != "open":
            return
        quarter._publish(timelines, self.closed_on)
        quarter.state = "closed"

    def _get_open_ending_with(self):
        """Cycles that end on the same day and are still open; rules wait for them (O1)."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_end", "=", self.date_end),
                ("state", "=", "open"),
            ]
        )

    def _find_unjudged(self):
        """The appraisals still to be judged in this closing cycle."""
        self.ensure_one()
        if self.state != "closing" or not self.closed_on:
            return self.env["cs.appraisal"]
        return self.env["cs.appraisal"].search(
            self._get_month_domain() & Domain("judged", "=", False), order="id"
        )

    def _get_month_domain(self):
        """The appraisals of the month that ends with this cycle: all who are judged have one,
        also those who were left out."""
        month = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "month"),
                ("date_end", "=", self.date_end),
            ]
        )
        return Domain("cycle_id", "in", month.ids)

    def _judge_all(self):
        waiting = self._find_unjudged()
        for start in range(0, len(waiting), JUDGED_AT_ONCE):
            self._judge(waiting[start : start + JUDGED_AT_ONCE])

    def _judge(self, appraisals):
        """Let the engine judge these agents at the month's end; keep what it decides.

        Again is safe, for another worker too: who is judged already is left out, and a cycle
        that was re-opened meanwhile is left alone.
        """
        if self.state != "closing":
            return
        closing = Closing(self.date_end)
        policy = self.policy_id._compile()
        company = self.company_id
        timelines = self.env["cs.timeline"]._load(appraisals._claim_unjudged(), company)
        known = self.env["cs.facts"]._load_for_judging(policy, timelines, closing, company)
        decided = [(facts, verdict) for facts in known for verdict in judge(policy, facts, closing)]
        decisions = self.env["cs.decision"]
        former = decisions._load_former(self, list(timelines))
        new = former._compare(self.policy_id, policy, decided)
        decisions._create_from_verdicts(self.policy_id, policy, new, self.closed_on, cycle=self)

    def _finish(self):
        """Closed it is when everyone has been judged."""
        if self.state == "closing" and self.closed_on and not self._find_unjudged():
            self._get_awaiting()._withdraw_unfounded()  # about people whom it judged no more
            self.state = "closed"

    @api.model
    def _cron_close(self):
        """Close every cycle that has ended and is complete (scheduled daily).

        What was frozen but not judged to the end is gone on with.
        """
        ended = self.env["res.company"]._cs_until_today("date_end", "<")
        cycles = self.search(
            Domain("state", "!=", "closed") & ended, order="company_id, date_end, kind"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(cycles))
        waiting = self.env["res.company"]  # their later cycles wait for one that stays open
        for cycle in cycles:
            company = cycle.company_id
            if company not in waiting and not cycle.with_company(company)._close_in_batches():
                waiting |= company
            self.env["ir.cron"]._commit_progress(1)

    def _close_in_batches(self):
        """Close the cycle today, or go on closing it; each batch of agents is committed.

        :return: whether it is closed now
        """
        if take_step(self, type(self)._freeze_if_open, type(self)._note_open):
            return False
        if take_batches(self._find_unjudged, self._judge, self._note_unjudged, size=JUDGED_AT_ONCE):
            return False
        return not take_step(self, type(self)._finish) and self.state == "closed"

    def _freeze_if_open(self):
        """Freeze the cycle today, unless another worker has."""
        self.invalidate_recordset(["state", "closed_on"])
        if not self.closed_on:
            self._freeze(self.company_id._cs_today())

    def _note_open(self, message):
        self.with_context(tracking_disable=True).state = "open"  # the message tells it
        post_once(self, message)

    def _note_unjudged(self, appraisal, message):
        post_once(
            self,
            self.env._(
                "%(agent)s could not be judged: %(error)s",
                agent=appraisal.employee_id.name,
                error=message,
            ),
        )
