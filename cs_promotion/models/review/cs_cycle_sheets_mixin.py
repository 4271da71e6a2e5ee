from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.calendar import (
    add_months,
    closes,
    day_after,
    month_end,
    month_start,
    period_start,
)
from ...engine.vocabulary import LONGER
from ..cs_long_work import Step
from ..scheduled import BATCH, take_step

MISSING_SHOWN = 30  # lines of what is missing that an error message shows


class CsCycleSheetsMixin(models.AbstractModel):
    """The sheets of a cycle: opening gives every agent on the ladder an appraisal with one from
    each rater (R1, S1); then it is told who still has to fill in, and a word said to the late."""

    _name = "cs.cycle.sheets.mixin"
    _description = "Sheets of a CS Review Cycle"

    open_sheet_count = fields.Integer(
        compute="_compute_open_sheet_count",
        string="Open Sheets",
        help="Sheets still to be filled in, of those that the reader may see.",
    )
    missing_sheet_count = fields.Integer(
        compute="_compute_open_sheet_count",
        string="Sheets Not In",
        help="Sheets still to be filled in, of all raters.",
    )
    late = fields.Boolean(compute="_compute_open_sheet_count", string="Sheets Are Late")

    # ------------------------------------------------------------------ opening

    def action_open(self):
        """Create the appraisals and sheets that are missing (again and again is safe).

        Those of many agents are made by the scheduled action, which is told to start.
        """
        self.check_access("write")
        # sudo: appraisals and sheets are the software's to make
        cycles = self.sudo()
        for cycle in cycles:
            cycle._open(limit=BATCH)
        cycles._leave_sheets_to_cron()

    def _leave_sheets_to_cron(self):
        """Start the scheduled action if sheets of these cycles are still to be made."""
        if self._find_without_sheets():
            self.env.ref("cs_promotion.ir_cron_open")._trigger()

    def _open(self, timelines=None, limit=None):
        """Give every agent on the ladder in the period an appraisal, and its sheets (R1, S1).

        Two workers may do it at once and it may be done again: rows that are there stay.

        :param timelines: of all on the ladder in the period, where they are at hand
        :param limit: agents who get their sheets at once; if there are more, none does
        """
        self.ensure_one()
        self._check_open()
        if not self._needs_sheets():
            return
        if timelines is None:
            timelines = self._load_timelines()
        self.env["cs.appraisal"]._insert_for(
            self,
            [
                (id_, last.department, last.tier, False, 0, 0, 0, 0, None, None)
                for id_, timeline in timelines.items()
                for last in [timeline.last_in(self.date_start, self.date_end)]
            ],
        )
        self.env["cs.cycle.forms"]._choose(self, timelines)
        # many sheets take long: whoever pressed the button does not wait for them
        waiting = self._find_without_sheets()
        if limit is None or len(waiting) <= limit:
            self._insert_sheets(waiting)

    def _load_timelines(self):
        """The timelines of all who stood on the ladder in the period, by employee id (R1)."""
        return self.env["cs.timeline"]._load_on_ladder(
            self.company_id, self.date_start, self.date_end
        )

    def _get_asked_domain(self):
        """The appraisals of these cycles that raters fill forms in for."""
        asked = self.env["cs.cycle.forms"]._get_asked_domain(self)
        return asked & Domain("excluded", "=", False)

    def _find_without_sheets(self):
        """The appraisals of these cycles that still need their sheets."""
        cycles = self.filtered(lambda each: each.state == "open")
        missing = cycles._get_asked_domain() & Domain("sheet_ids", "=", False)
        return self.env["cs.appraisal"].search(missing, order="id")

    def _insert_sheets(self, appraisals):
        """Give these appraisals of this cycle a sheet from every rater (S1, S3)."""
        self.env["cs.appraisal.sheet"]._insert_for(self, appraisals)

    @api.model
    def _open_now(self, company):
        """Open what is due today, for one who waits: what takes long, the cron goes on with."""
        cycles = self.sudo().with_company(company)
        cycles._open_due(company, company._cs_today())
        opened = cycles.search([("company_id", "=", company.id), ("state", "=", "open")])
        opened._leave_sheets_to_cron()

    @api.model
    def _open_due(self, company, today):
        """Open the month of ``today``, and those since the last closed one that were missed.

        A longer period with a form of its own is opened with its last month. Cycles that are open
        get the appraisals of those who joined since; many sheets are left to the caller.
        """
        last = self._get_last_closed(company)
        month = month_start(day_after(last.date_end)) if last else month_start(today)
        start = self.env["cs.policy"]._get_first_start(company)
        opened = self.search([("company_id", "=", company.id), ("state", "=", "open")])
        # a company that starts with a month opened by hand goes on from there
        if not last and opened:
            month = min(opened.mapped("date_start"))
        # without any policy nothing is due, however long the company has existed
        month = max(month, start) if start != date.max else day_after(today)
        while month <= today:
            self._get_or_create(company, "month", month)._open(limit=BATCH)
            self._open_longer(company, month)
            month = add_months(month, 1)

    @api.model
    def _open_longer(self, company, month):
        """Open the longer periods that end with the month, of those that the policy reviews."""
        policy = self.env["cs.policy"]._get_required(company, month_end(month))
        for kind in LONGER:
            if closes(kind, month) and policy._get_period_method(kind) != "none":
                start = period_start(kind, month)
                self._get_or_create(company, kind, start)._open(limit=BATCH)

    @api.model
    def _cron_open(self):
        """Open what is due in every company that has a policy (scheduled daily)."""
        self.env["cs.long.work"]._begin(self, "_open_everywhere")

    @api.model
    def _open_everywhere(self):
        companies = self.env["cs.policy"].search([("state", "=", "active")]).company_id
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            cycles = self.with_company(company)
            take_step(company, lambda due, cycles=cycles: cycles._open_due(due, due._cs_today()))
        self._make_missing_sheets()

    @api.model
    def _make_missing_sheets(self):
        self.env["cs.long.work"]._take_batches(
            lambda: self.search([("state", "=", "open")])._find_without_sheets(),
            Step("open", "_make_sheets", about="cycle_id"),
        )

    @api.model
    def _make_sheets(self, appraisals):
        """The sheets of these appraisals, of any cycles."""
        for cycle, ours in appraisals.grouped("cycle_id").items():
            cycle.with_company(cycle.company_id)._insert_sheets(ours)

    # ------------------------------------------------------------------ who is late

    def _get_sheets_domain(self):
        """The sheets of all who are not left out."""
        return Domain("cycle_id", "in", self.ids) & Domain("excluded", "=", False)

    def _get_open_sheets_domain(self):
        return self._get_sheets_domain() & Domain("state", "=", "draft")

    @api.depends_context("uid")
    def _compute_open_sheet_count(self):
        # sudo: past the rules, as how many sheets a rater owes tells nothing of what is on them
        sheets = self.env["cs.appraisal.sheet"].sudo()
        cycles = self.filtered(lambda cycle: cycle.state == "open")
        domain = cycles._get_open_sheets_domain()
        own = Domain.TRUE if self.env.su else sheets._get_open_domain(cycles)
        seen, missing = (
            dict(sheets._read_group(each, ["cycle_id"], ["__count"]))
            for each in (domain & own, domain)
        )
        for cycle in self:
            cycle.open_sheet_count = seen.get(cycle, 0)
            cycle.missing_sheet_count = missing.get(cycle, 0)
            cycle.late = (
                bool(cycle.missing_sheet_count) and cycle.date_due < cycle.company_id._cs_today()
            )

    def _count_with_sheets(self):
        """How many agents have their sheets - so one of each rater - and how many need them."""
        # sudo: how far the work is, whoever looks; that there are sheets tells nothing of what is
        # on them. By them: of each appraisal PostgreSQL would look through the sheets of all years
        env = self.sudo().env
        needed = env["cs.appraisal"].search_count(self._get_asked_domain())
        [(made,)] = env["cs.appraisal.sheet"]._read_group(
            self._get_sheets_domain(), aggregates=["appraisal_id:count_distinct"]
        )
        return min(made, needed), needed

    def _check_missing(self):
        """Refuse to close while sheets or figures are missing, and say whose."""
        if not self._needs_sheets():
            return
        waiting = self._get_asked_domain() & Domain("complete", "=", False)
        missing = self.env["cs.appraisal"].search(waiting)._get_missing()
        missing += self.env["cs.cycle.results"]._find_unmeasured(self)
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

    def action_view_open_sheets(self):
        """Open the sheets that are still to be filled in."""
        action = self._action_related("cs_promotion.cs_appraisal_sheet_action")
        return dict(action, domain=list(self._get_open_sheets_domain()))

    def action_remind(self):
        """Remind every rater with open sheets, by activity and mail."""
        self.check_access("write")
        reminded = self.sudo()._remind()
        if not reminded:
            raise UserError(self.env._("No rater has open sheets."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Reminded: %s", reminded.mapped("name")),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _get_office(self, company):
        """The users of the office of a company; on a fresh install that is the administrator."""
        return self.env["cs.notice.mixin"]._get_group_users("cs_promotion.group_office", company)

    def _get_open_raters(self):
        """User -> number of open sheets: of a named person their own; of everyone in a group its
        sheets; of the office the paper forms of those without a login, too."""
        self.ensure_one()
        office = self._get_office(self.company_id)
        groups = {
            each.code: self.env["cs.notice.mixin"]._get_group_users(each.group, self.company_id)
            for each in self.env["cs.vocabulary"]._get_raters().values()
            if each.group
        }
        counts = {}
        for role, user, row, count in self.env["cs.appraisal.sheet"]._read_group(
            self._get_open_sheets_domain(),
            ["role", "rater_user_id", "policy_rater_id"],
            ["__count"],
        ):
            # a person whose login is archived cannot be reminded: the office names another
            people = user or (row and row._get_users())
            named = people if people and all(people.mapped("active")) else office
            for rater in groups.get(role, named):
                counts[rater] = counts.get(rater, 0) + count
        for rater, count in self._count_paper_of_others():
            if rater in counts and rater in office:
                counts[rater] -= count
        return {rater: count for rater, count in counts.items() if count > 0}

    def _count_paper_of_others(self):
        """(user, open paper forms that are not theirs to enter: they entered another form)."""
        editors = self.env["cs.appraisal.sheet.editor"]
        for rater in self.env["cs.vocabulary"]._get_raters().values():
            paper = self._get_open_sheets_domain() & Domain(
                [("role", "=", rater.code), ("rater_user_id", "=", False)]
            )
            if rater.person:
                yield from editors._read_group(
                    Domain("role", "!=", rater.code)
                    & Domain("appraisal_id", "any!", Domain("sheet_ids", "any!", paper)),
                    ["user_id"],
                    ["__count"],
                )

    def _remind(self, again=True):
        """One activity for each rater with open sheets, and a mail.

        :param again: mail those, too, who have the activity already
        :return: the users reminded
        """
        reminded = self.env["res.users"]
        kind = self.env.ref("cs_promotion.mail_activity_score")
        for cycle in self.filtered(lambda cycle: cycle.state == "open"):
            waiting = cycle.activity_ids.filtered(lambda each: each.activity_type_id == kind)
            for user, count in cycle._get_open_raters().items():
                # one to-do a rater, brought up to date: not one for each time they are reminded
                known = waiting.filtered(lambda each, user=user: each.user_id == user)
                if known and not again:
                    continue
                words = cycle.with_context(lang=user.lang)
                summary = words.env._("Sheets to fill in: %(count)s", count=count)
                if known:
                    known.write({"summary": summary})
                else:
                    words.activity_schedule(
                        activity_type_id=kind.id,
                        date_deadline=cycle.date_due,
                        summary=summary,
                        user_id=user.id,
                    )
                words.message_notify(
                    partner_ids=user.partner_id.ids,
                    subject=f"{words.name}: {summary}",
                    body=words.env._(
                        "Scorecards of %(cycle)s that wait for you: %(count)s. They are due on "
                        "%(due)s.",
                        cycle=words.name,
                        count=count,
                        due=cycle.date_due,
                    ),
                )
                reminded |= user
        return reminded

    def _unlink_done_reminders(self):
        """Take the reminders of raters away who have nothing left to fill in."""
        kind = self.env.ref("cs_promotion.mail_activity_score")
        for cycle in self:
            open_raters = cycle._get_open_raters() if cycle.state == "open" else {}
            cycle.activity_ids.filtered(
                lambda each, left=open_raters: (
                    each.activity_type_id == kind and each.user_id not in left
                )
            ).unlink()

    @api.model
    def _cron_remind(self):
        """Remind raters once when a period has ended, and again the day after it was due."""
        ended = self.env["res.company"]._cs_until_today("date_end", "<")
        cycles = self.search(Domain("state", "=", "open") & ended)
        self.env["ir.cron"]._commit_progress(remaining=len(cycles))
        for cycle in cycles:
            today = cycle.company_id._cs_today()
            late = cycle.date_due and cycle.date_due == fields.Date.subtract(today, days=1)
            cycle._unlink_done_reminders()
            cycle._remind(again=bool(late))
            self.env["ir.cron"]._commit_progress(1)
