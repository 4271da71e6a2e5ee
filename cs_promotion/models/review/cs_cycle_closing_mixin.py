from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.calendar import closes, day_after, period_start
from ...engine.facts import Closing
from ...engine.near import may_concern
from ...engine.rules import judge, may_decide
from ...engine.vocabulary import LONGER
from ..cs_long_work import Step
from ..scheduled import BATCH, JUDGED_AT_ONCE, post_once, take_step


class CsCycleClosingMixin(models.AbstractModel):
    """Closing a cycle: scores, ranks and violations by complaint rate are final, then everyone is
    judged (O1). Re-opening it for a correction: what was decided waits for the next closing."""

    _name = "cs.cycle.closing.mixin"
    _inherit = ["cs.guard.mixin"]
    _description = "Closing of a CS Review Cycle"

    def action_close(self):
        """Close the cycles, oldest first; refuse with a list of what is missing.

        One with many agents is checked, and left to the scheduled action to close.
        """
        self.check_access("write")
        # the oldest first: a period waits for those before it. sudo: what a closing brings about
        # is the software's to write; who may close was checked
        for cycle in self.sudo().sorted(lambda cycle: (cycle.date_end, cycle._count_months())):
            cycle._check_ended()
            if len(cycle.appraisal_ids) <= BATCH:
                cycle._close(cycle.company_id._cs_today())
                continue
            cycle._check_closable()
            cycle.state = "closing"
            self.env.ref("cs_promotion.ir_cron_close")._trigger()

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
        # read before the lock was there: another worker may have closed it meanwhile
        self.invalidate_recordset(["state", "closed_on"])
        if self.closed_on:
            self._check_open()
        self.state = "open"  # it is being closed for good now, also if it was only queued before
        timelines = self._load_timelines()
        self._check_earlier_closed()
        # those who joined since it was opened get their appraisal before anything is counted
        self._open(timelines)
        self._check_missing()
        if self.kind == "month":
            # before the results: what forms and classes ask of violations counts these, too; by the
            # day of the closing it is known whether their agents are told
            self.closed_on = day
            self.env["cs.complaint.rate"]._raise_violations(self, timelines)
        self._publish(timelines, day)
        if self.kind == "month":
            self._close_longer(timelines)
        if any(cycle.state == "open" for cycle in self._get_ending_with()):
            self.state = "closed"  # the rules wait for the cycle that is still open (O1)

    def _check_closable(self):
        """Refuse what closing would refuse, before it is left to the scheduled action."""
        self._check_open()
        self._check_earlier_closed()
        self._check_missing()

    def _publish(self, timelines, day):
        """Make scores and ranks final; agents see them. What is left to do is the judging.

        They are told later and in batches; history played later tells nobody.
        """
        self.env["cs.cycle.results"]._freeze(self, timelines)
        self.write({"state": "closing", "closed_on": day})
        # results are written past the ORM: nothing read before may be trusted
        self.env.invalidate_all()
        self._unlink_done_reminders()
        self._on_published()
        if day >= self.company_id._cs_today():
            self.tell_since = day
            self.env.ref("cs_promotion.ir_cron_notify")._trigger()

    def _on_published(self):
        """Scores and ranks of this cycle are final; to extend by addons, as appraisals are not
        written by ``write()`` then."""

    def _close_longer(self, timelines):
        """Close the longer periods with their last month, of those that are made of months (R3)."""
        for kind in LONGER:
            if not closes(kind, self.date_end):
                continue
            period = self._find_longer(kind, period_start(kind, self.date_end))
            if period.state == "open" and not period._needs_sheets():
                period._publish(timelines, self.closed_on)
                period.state = "closed"

    def _find_longer(self, kind, start):
        """The cycle of such a period: made where the policy reviews it, else the one there may be
        since before the policy changed, which waits for nothing."""
        method = self.policy_id._get_period_method(kind)
        if method in ("average", "sum"):
            return self._get_or_create(self.company_id, kind, start)
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", kind),
                ("date_start", "=", start),
            ]
        )

    # ------------------------------------------------------------------ judging

    def _find_unjudged(self):
        """The appraisals still to be judged in this closing cycle."""
        self.ensure_one()
        if self.state != "closing" or not self.closed_on:
            return self.env["cs.appraisal"]
        return self.env["cs.appraisal"].search(
            self._get_month_domain() & Domain("judged", "=", False), order="id"
        )

    def _count_judged(self):
        """How many agents are judged, and how many in all; nobody until the scores are final."""
        everyone = self._get_month_domain()
        judged = Domain("judged", "=", True) if self.closed_on else Domain.FALSE
        count = self.env["cs.appraisal"].search_count
        return count(everyone & judged), count(everyone)

    def _judge_all(self):
        waiting = self._find_unjudged()
        for start in range(0, len(waiting), JUDGED_AT_ONCE):
            self._judge(waiting[start : start + JUDGED_AT_ONCE])

    def _judge(self, appraisals):
        """Let the engine judge these agents at the month's end; keep what it decides, and note
        who came close.

        Again is safe, for another worker too: who is judged already is left out, and a cycle
        that was re-opened meanwhile is left alone.
        """
        if self.state != "closing":
            return
        compiled = self.policy_id._compile_rules()
        claimed = appraisals._claim_unjudged()
        agents = list(claimed)
        # who is decided about and who came close is asked of the same facts, loaded once
        # before anything is decided: what is decided here must not be taken for decided before
        known = self._load_known(may_concern, compiled, agents)
        places = self.env["cs.places"]
        # who needs a place has to wait for all others
        decided, eligible = places._split(compiled, self._judge_known(compiled, known))
        verdicts = self.env["cs.verdict"]
        former = verdicts._load_former(self, agents)
        former -= places._filter_given(compiled, former)
        # after a correction the same verdict stays as it was, letter, notice and all
        new = verdicts._compare(former, self.policy_id, compiled, decided)
        verdicts._decide(self.policy_id, compiled, new, self.closed_on, cycle=self)
        ours, waiting = set(agents), {facts.agent for facts, _verdict in eligible}
        # what comes of the application of one who waits for a place is told when it is given
        self.env["cs.application"]._settle(self, compiled, ours - waiting, self.closed_on)
        # of all others nothing is read: reading records takes longer than judging most of them
        appraisals.browse([claimed[agent] for agent in waiting])._mark_eligible(waiting)
        self.env["cs.close.call"]._note(self, claimed, compiled, known)

    def _judge_agents(self, employees):
        """Judge these agents at this month's end once more, once what stood in their way has
        fallen, and announce what is new today.

        Nothing that stands is touched. While the month, or the quarter with it, is open, its
        closing will judge them.
        """
        siblings = self._get_ending_with()
        # its closing judges everybody anyway, by then with all that is known
        if any(cycle.state != "closed" for cycle in siblings):
            return
        judged = self.env["cs.appraisal"].search(
            self._get_month_domain()
            & Domain("judged", "=", True)
            & Domain("employee_id", "in", employees.ids)
        )
        compiled, agents = self.policy_id._compile_rules(), judged.employee_id
        later = self._get_moved_later(agents)
        found = self._find_verdicts(compiled, agents.ids)
        decided = [
            (facts, verdict)
            for facts, verdict in found
            if verdict.to is None or facts.agent not in later
        ]
        # sudo: whoever brought it about, what follows from it is the software's to decide
        verdicts = self.env["cs.verdict"].sudo()
        places = self.env["cs.places"].sudo()
        decided, eligible = places._split(compiled, decided)
        ours = agents.browse([facts.agent for facts, _verdict in eligible])
        given = places._give_left(self, compiled, ours) if ours else []
        ended = verdicts._get_ended(agents.ids, [("cycle_id", "in", siblings.ids)])
        new = verdicts._leave_out_ended(ended, self.policy_id, compiled, decided + given)
        today = self.company_id._cs_today()
        verdicts._decide(self.policy_id, compiled, new, today, cycle=self)
        waiting = places._get_waiting(places._split(compiled, found)[1], given)
        self.env["cs.application"].sudo()._settle(self, compiled, agents.ids, today, waiting)

    def _find_verdicts(self, compiled, agents):
        """Pairs (facts, verdict): what the engine says of these agents at this month's end.

        :param compiled: the engine's policy
        :param agents: employee ids
        """
        return self._judge_known(compiled, self._load_known(may_decide, compiled, agents))

    def _load_known(self, concerns, compiled, agents):
        """The facts of those of these agents whom a question of the engine concerns."""
        timelines = self.env["cs.timeline"]._load(agents, self.company_id)
        return self.env["cs.facts"]._load_for(
            concerns, compiled, timelines, Closing(self.date_end), self.company_id
        )

    def _judge_known(self, compiled, known):
        """Pairs (facts, verdict): what the engine says by these facts at this month's end."""
        closing = Closing(self.date_end)
        return [(facts, verdict) for facts in known for verdict in judge(compiled, facts, closing)]

    def _get_moved_later(self, employees):
        """Ids of those who have changed tier since by a later month: nothing is put before it."""
        later = self.env["cs.decision"].search(
            Domain("employee_id", "in", employees.ids)
            & Domain("tier_to_id", "!=", False)
            & Domain("effective_date", ">", day_after(self.date_end))
            & (
                Domain("state", "=", "applied")
                | (
                    Domain("state", "in", ("proposed", "announced"))
                    & Domain("ground_type", "!=", "person")
                )
            )
        )
        return set(later.employee_id.ids)

    def _finish(self):
        """Closed it is when everyone has been judged, and places are given."""
        if self.state == "closing" and self.closed_on and not self._find_unjudged():
            self._lock_to_finish()
            if self.state != "closing":
                return
            self.env["cs.places"]._give(self)
            self._get_awaiting()._withdraw_unfounded()  # about people whom it judged no more
            self.state = "closed"

    def _lock_to_finish(self):
        """Of two workers that have judged the last agents, one gives the places."""
        if not self.try_lock_for_update(allow_referencing=True):
            raise LockError(self.env._("%s is being closed by someone else.", self.name))
        self.invalidate_recordset(["state", "closed_on"])

    @api.model
    def _cron_close(self):
        """Close every cycle that has ended and is complete (scheduled daily).

        What was frozen but not judged to the end is gone on with.
        """
        ended = self.env["res.company"]._cs_until_today("date_end", "<")
        cycles = self.search(
            Domain("state", "!=", "closed") & ended, order="company_id, date_end, date_start desc"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(cycles))
        # each company by itself: a cycle that stays open keeps no other company waiting
        for company, ours in cycles.grouped("company_id").items():
            self.env["cs.long.work"]._begin(ours.with_company(company), "_close_in_turn")

    def _close_in_turn(self):
        """Close these cycles of one company; the later ones wait for one that stays open."""
        waiting = False
        for cycle in self:
            waiting = waiting or not cycle._close_in_batches()
            self.env["ir.cron"]._commit_progress(1)

    def _close_in_batches(self):
        """Close the cycle today, or go on closing it; each batch of agents is committed.

        :return: whether it is closed now
        """
        if take_step(self, type(self)._freeze_if_open, type(self)._note_open):
            return False
        step = Step("judge", "_judge", note="_note_unjudged", about="cycle_id", size=JUDGED_AT_ONCE)
        if self.env["cs.long.work"]._take_batches(self._find_unjudged, step):
            return False
        return not take_step(self, type(self)._finish, post_once) and self.state == "closed"

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

    # ------------------------------------------------------------------ re-opening

    def action_reopen(self):
        """Re-open closed cycles for a correction, with a reason."""
        return self.env["cs.reason"]._ask("reopen", self)

    def _get_own_users(self):
        """Whoever is reviewed in a cycle does not re-open it: that is about their own score."""
        reviewed = self.env["cs.appraisal"].sudo()  # one's own may be hidden while it is open
        return reviewed.search(
            [("cycle_id", "in", self.ids), ("employee_id.user_id", "=", self.env.uid)], limit=1
        ).employee_id.user_id

    def _get_step_fault(self, step):
        """A cycle is re-opened when it is closed, the newest one first."""
        self.ensure_one()
        if step == "reopen":
            return self._get_reopening_fault()
        return super()._get_step_fault(step)

    def _check_possible(self, step):
        """Several are re-opened together, the newest first: an older one waits for no other."""
        if step != "reopen":
            return super()._check_possible(step)
        together = self.union(*(cycle._get_ending_with() for cycle in self))
        for cycle in self:
            fault = cycle._get_reopening_fault(together=together)
            if fault:
                raise UserError(fault)
        return None

    def _reopen(self, reason):
        """Open the newest closed cycle again for a correction.

        What its closing decided stays, and is not applied meanwhile: the next closing judges
        anew and withdraws what no longer follows. The reason is for those who run the cycle.
        """
        # the newest first: an older one opens only when nothing later is closed
        for cycle in self.sorted("date_end", reverse=True):
            fault = cycle._get_reopening_fault()
            if fault:
                raise UserError(fault)
            siblings, decisions, _violations = cycle._get_waiting()
            decisions.awaits_closing = True
            for sibling in siblings if cycle.kind == "month" else cycle:
                sibling._mark_open(reason, decisions)

    def _get_reopening_fault(self, together=None):
        """Why this cycle cannot be re-opened now, None when it can.

        :param together: cycles that are re-opened with it
        """
        if self.state == "open":
            return self.env._("%s is not closed.", self.name)
        last = self._get_last_closed(self.company_id, without=together)
        if last and last.date_end > self.date_end:
            return self.env._(
                "%(cycle)s cannot be re-opened before %(later)s, which was closed after it.",
                cycle=self.name,
                later=last.name,
            )
        return None

    def _get_waiting(self):
        """What waits for the new closing once this cycle is re-opened.

        :return: the closed cycles that end on the same day, the standing decisions of their
            closing (a review that a person has ended stays ended), and the violations it
            raised (V3)
        """
        self.ensure_one()
        siblings = self._get_ending_with().filtered(lambda each: each.state != "open")
        violations = self.env["cs.violation"].search(
            [("cycle_id", "in", siblings.ids), ("state", "=", "confirmed")]
        )
        # of the quarter with it, too, where that was re-opened before
        decisions = self._get_ending_with().decision_ids.filtered(
            lambda each: each._is_standing() and not each.ended_for_good
        )
        return siblings, decisions, violations

    def _get_awaiting(self):
        """The decisions that wait for this closing, and what ends with it, to tell whether they
        still follow."""
        return self.env["cs.decision"].search(
            [("cycle_id", "in", self._get_ending_with().ids), ("awaits_closing", "=", True)]
        )

    def _describe_step(self, step):
        """What re-opening these cycles would change, one line each, for the one who asks."""
        lines = super()._describe_step(step)
        if step != "reopen":
            return lines
        for cycle in self.filtered(lambda each: each.state != "open"):
            siblings, decisions, violations = cycle._get_waiting()
            opening = siblings if cycle.kind == "month" else cycle
            lines += [self.env._("%s opens again", each.name) for each in opening]
            lines += [
                self.env._("stays applied until the closing tells whether it follows: %s", name)
                for name in decisions.filtered(lambda each: each.state == "applied").mapped(
                    "display_name"
                )
            ]
            lines += [
                self.env._("waits for the closing: %s", each.display_name)
                for each in decisions.filtered(lambda each: each.state != "applied")
            ]
            lines += [
                self.env._("waits for the closing: %s", each.display_name) for each in violations
            ]
            if decisions or violations:
                lines.append(
                    self.env._("who keeps the same result keeps the decision, and is told nothing")
                )
        return lines

    def _get_reopened(self, step):
        """The months among these cycles; payslips do not rest on quarters."""
        if step != "reopen":
            return super()._get_reopened(step)
        months = self.filtered(lambda each: each.kind == "month" and each.state != "open")
        return [(each.company_id, None, each.date_start) for each in months.sorted("date_start")]

    def _mark_open(self, reason, decisions):
        """Open this cycle again, and have its agents judged anew."""
        self.write({"state": "open", "closed_on": False})
        # of all agents in one statement; nobody is told of what only waits
        self.env.execute_query(
            SQL("UPDATE cs_appraisal SET closed = FALSE WHERE cycle_id = %s RETURNING 1", self.id)
        )
        self.env["cs.appraisal"].search(self._get_month_domain())._mark_unjudged()
        self.env.invalidate_all()
        self.message_post(
            body=self.env._(
                "Re-opened: %(reason)s. Decisions that wait for the new closing: %(decisions)s",
                reason=reason,
                decisions=decisions.mapped("display_name") or self.env._("none"),
            )
        )
