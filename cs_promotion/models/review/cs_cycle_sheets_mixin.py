from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

SHOWN = 12  # departments, and raters, whose progress is shown each by itself


class CsCycle(models.Model):
    """The cycle as HR's cockpit: who still has to score, and a word to those who are late."""

    _inherit = "cs.cycle"

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
    progress_html = fields.Html(
        compute="_compute_progress_html", sanitize=False, string="Progress by Department and Rater"
    )
    late = fields.Boolean(compute="_compute_open_sheet_count", string="Sheets Are Late")

    def _get_sheets_domain(self):
        """The sheets of all who are not left out."""
        return Domain("cycle_id", "in", self.ids) & Domain("excluded", "=", False)

    def _get_open_sheets_domain(self):
        return self._get_sheets_domain() & Domain("state", "=", "draft")

    @api.depends_context("uid")
    def _compute_open_sheet_count(self):
        sheets = self.env["cs.appraisal.sheet"]
        domain = self.filtered(lambda cycle: cycle.state == "open")._get_open_sheets_domain()
        seen, missing = (
            {
                cycle.id: count
                for cycle, count in each._read_group(domain, ["cycle_id"], ["__count"])
            }
            # past the rules: how many sheets a rater owes tells nothing of what is on them
            for each in (sheets, sheets.sudo())
        )
        for cycle in self:
            cycle.open_sheet_count = seen.get(cycle.id, 0)
            cycle.missing_sheet_count = missing.get(cycle.id, 0)
            cycle.late = (
                bool(cycle.missing_sheet_count) and cycle.date_due < cycle.company_id._cs_today()
            )

    @api.depends_context("lang")
    def _compute_progress_html(self):
        for cycle in self:
            departments, raters = cycle._get_progress()
            cycle.progress_html = self.env["ir.qweb"]._render(
                "cs_promotion.cycle_progress",
                {"departments": departments, "raters": raters, "late": cycle.late},
            )

    def _get_progress(self):
        """How many sheets are in, by department and by rater.

        :return: two lists of dict(name, done, total, percent), the slowest first
        """
        self.ensure_one()
        departments, raters = {}, {}
        for department, superior, role, state, count in (
            self.env["cs.appraisal.sheet"]
            .sudo()
            ._read_group(
                self._get_sheets_domain(),
                ["department_id", "superior_id", "role", "state"],
                ["__count"],
            )
        ):
            rater = (role, superior if role == "superior" else superior.browse())
            for rows, key in ((departments, (department,)), (raters, rater)):
                row = rows.setdefault(key, {"done": 0, "total": 0})
                row["total"] += count
                row["done"] += count if state == "submitted" else 0
        return (
            self._get_progress_rows(departments, ["name"]),
            self._get_progress_rows(raters, ["name", "user_id"]),
        )

    def _get_progress_rows(self, rows, columns):
        """The slowest by name, the others in one row: a page that many departments do not slow
        down.

        :param rows: key that ends with a record -> dict(done, total)
        :param columns: what the name takes of that record
        """

        def with_name(name, row):
            return {"name": name, "percent": 100 * row["done"] // row["total"], **row}

        ordered = sorted(rows.items(), key=lambda item: item[1]["done"] / item[1]["total"])
        many = len(ordered) > SHOWN + 1
        shown, others = (ordered[:SHOWN], ordered[SHOWN:]) if many else (ordered, [])
        if shown:  # the names of the others are not read
            records = [key[-1] for key, _row in shown]
            records[0].union(*records).fetch(columns)
        named = [with_name(self._get_progress_name(*key), row) for key, row in shown]
        named.sort(key=lambda row: (row["percent"], row["name"]))
        if others:
            together = {name: sum(row[name] for _key, row in others) for name in ("done", "total")}
            named.append(with_name(self.env._("%s others", len(others)), together))
        return named

    @api.model
    def _get_progress_name(self, *key):
        """The department's name, or the rater's: the office is one, superiors are many."""
        if len(key) == 1:
            return key[0].name or self.env._("No department")
        role, superior = key
        if role == "office":
            return self.env._("Office")
        if not superior:
            return self.env._("No superior")
        if not superior.user_id:
            return self.env._("%s (paper, entered by the office)", superior.name)
        return superior.name

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
        # sudo: who is in a group is not for everyone to read, but everyone's to-dos reach them
        office = self.env.ref("cs_promotion.group_office").sudo().all_user_ids
        return office.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    def _get_open_raters(self):
        """User -> number of open sheets: a superior's own; everyone in the office its sheets
        and the paper forms of superiors without a login."""
        self.ensure_one()
        office = self._get_office(self.company_id)
        counts = {}
        for role, user, count in (
            self.env["cs.appraisal.sheet"]
            .sudo()
            ._read_group(self._get_open_sheets_domain(), ["role", "superior_user_id"], ["__count"])
        ):
            # a superior whose login is archived cannot be reminded: the office names another
            for rater in user if role == "superior" and user.active else office:
                counts[rater] = counts.get(rater, 0) + count
        for rater, count in self._count_paper_of_others():
            if rater in counts:
                counts[rater] -= count
        return {rater: count for rater, count in counts.items() if count > 0}

    def _count_paper_of_others(self):
        """(user, open paper forms that are not theirs to enter: they entered the other form)."""
        paper = self._get_open_sheets_domain() & Domain(
            [("role", "=", "superior"), ("superior_user_id", "=", False)]
        )
        # sudo: a count of reminders, made for people other than who asks for it
        return (
            self.env["cs.appraisal.sheet.editor"]
            .sudo()
            ._read_group(
                Domain("role", "=", "office")
                & Domain("appraisal_id", "any!", Domain("sheet_ids", "any!", paper)),
                ["user_id"],
                ["__count"],
            )
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

    def _publish(self, timelines, day):
        result = super()._publish(timelines, day)
        self._unlink_done_reminders()
        return result

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
