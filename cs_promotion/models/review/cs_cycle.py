from collections import defaultdict

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.fields import Domain

from ...engine.calendar import month_start, period_end
from ...engine.vocabulary import LENGTHS
from ..cs_period import KINDS, find_periods, period_name

OFFICE = "cs_promotion.group_office"


class CsCycle(models.Model):
    """A month, quarter, half-year or year of one company: open, then closed (R1, R3).

    Opening gives every agent on the ladder an appraisal with one sheet per rater
    (``cs_cycle_sheets_mixin.py``). Closing freezes scores and ranks, judges, and announces
    (``cs_cycle_closing_mixin.py``). Both go through batches when there are many agents.
    """

    _name = "cs.cycle"
    _inherit = [
        "cs.cycle.sheets.mixin",
        "cs.cycle.closing.mixin",
        "cs.guard.mixin",
        "cs.long.work.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "CS Review Cycle"
    _order = "date_end desc, date_start, id desc"  # the longer period first
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", search="_search_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(KINDS, required=True, default="month")
    date_start = fields.Date(
        required=True, default=lambda self: self.env.company._cs_today().replace(day=1)
    )
    date_end = fields.Date(compute="_compute_date_end", store=True, precompute=True)
    state = fields.Selection(
        [("open", "Open"), ("closing", "Closing"), ("closed", "Closed")],
        default="open",
        required=True,
        tracking=True,
        copy=False,
        readonly=True,
        help="While it is closing, the sheets are locked and agents are still being judged.",
    )
    policy_id = fields.Many2one(
        "cs.policy",
        ondelete="restrict",
        readonly=True,
        check_company=True,
        help="The version in force on the last day: the period is judged by it (O5).",
    )
    date_due = fields.Date(
        string="Sheets Due",
        compute="_compute_date_due",
        store=True,
        help="The period's end and the policy's scoring days.",
    )
    closed_on = fields.Date(
        readonly=True, copy=False, help="Scores and ranks are final since; decided on this day."
    )
    tell_since = fields.Date(
        readonly=True,
        copy=False,
        help="Scores published from this day on are told to their agents by the scheduled action.",
    )
    appraisal_ids = fields.One2many("cs.appraisal", "cycle_id")
    decision_ids = fields.One2many("cs.decision", "cycle_id")
    appraisal_count = fields.Integer(compute="_compute_counts", string="Appraisals")
    complete_count = fields.Integer(compute="_compute_counts", string="Complete")
    decision_count = fields.Integer(compute="_compute_counts", string="Decisions")
    progress = fields.Float(compute="_compute_counts", string="Progress (%)")
    work = fields.Selection(
        [("opening", "Making the sheets"), ("closing", "Judging the agents")],
        compute="_compute_work",
        compute_sudo=True,  # how far it is tells nothing of whom it is about
        string="At Work",
    )
    work_done = fields.Integer(compute="_compute_work", compute_sudo=True, string="Agents Done")
    work_total = fields.Integer(compute="_compute_work", compute_sudo=True, string="Agents in All")
    progress_html = fields.Html(
        compute="_compute_progress_html", sanitize=False, string="Progress by Department and Rater"
    )
    summary_html = fields.Html(
        compute="_compute_summary_html", sanitize=False, groups=OFFICE, string="Summary"
    )
    # computed as sudo: whether a step is open hangs on cycles that the reader need not see
    can_close = fields.Boolean(
        compute="_compute_can", compute_sudo=True, help="The reader may close it now."
    )
    can_reopen = fields.Boolean(
        compute="_compute_can", compute_sudo=True, help="The reader may re-open it now."
    )

    _period_uniq = models.Constraint(
        "UNIQUE(company_id, kind, date_start)", "This period has its cycle already."
    )
    _date_start_check = models.Constraint(
        "CHECK(EXTRACT(DAY FROM date_start) = 1 AND CASE kind WHEN 'month' THEN TRUE "
        "WHEN 'quarter' THEN EXTRACT(MONTH FROM date_start) IN (1, 4, 7, 10) "
        "WHEN 'half' THEN EXTRACT(MONTH FROM date_start) IN (1, 7) "
        "ELSE EXTRACT(MONTH FROM date_start) = 1 END)",
        "A cycle starts on the first of its month, calendar quarter, half-year or year.",
    )

    @api.depends("kind", "date_start")
    @api.depends_context("lang")
    def _compute_name(self):
        for cycle in self:
            cycle.name = period_name(self.env, cycle.kind, cycle.date_start)

    @api.model
    def _search_name(self, operator, value):
        """By name, or however else one writes it: ``2026-11``, ``Nov``, ``十一月``, ``Q4``."""
        # past the rules: which periods there are tells nothing of whose they are
        periods = self.sudo()._read_group([], ["kind", "date_start:month"])
        found = find_periods(self.env, periods, operator, value)
        if found is NotImplemented:
            return found
        return Domain.OR(
            Domain("kind", "=", kind) & Domain("date_start", "=", start) for kind, start in found
        )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """As Odoo's, but for each language: the name is written in the reader's."""
        return super()._compute_display_name()

    @api.depends("kind", "date_start")
    def _compute_date_end(self):
        for cycle in self:
            start = cycle.date_start
            cycle.date_end = start and period_end(cycle.kind or "month", start)

    @api.depends("date_end", "policy_id.scoring_days")
    def _compute_date_due(self):
        for cycle in self:
            cycle.date_due = cycle.date_end and fields.Date.add(
                cycle.date_end, days=cycle.policy_id.scoring_days
            )

    @api.depends_context("uid")
    def _compute_counts(self):
        appraisals = self.env["cs.appraisal"]
        if self.env.user.has_group(OFFICE):
            # sudo: it sees all; rules with a subquery for each row would make the list slow
            appraisals = appraisals.sudo()
        counts = defaultdict(int)
        for cycle, complete, count in appraisals._read_group(
            self._get_appraisals_domain(), ["cycle_id", "complete"], ["__count"]
        ):
            counts[cycle.id, complete] = count
        hidden = self._count_own_unpublished()
        decisions = dict(
            self.env["cs.decision"]._read_group(
                [("cycle_id", "in", self.ids)], ["cycle_id"], ["__count"]
            )
        )
        for cycle in self:
            total = counts[cycle.id, False] + counts[cycle.id, True]
            cycle.complete_count = counts[cycle.id, True]
            cycle.appraisal_count = total - hidden.get(cycle.id, 0)
            cycle.decision_count = decisions.get(cycle, 0)
            # who was left out or had no sheet does not keep a closed period below all
            done = 1 if cycle.state == "closed" else cycle.complete_count / (total or 1)
            cycle.progress = 100 * done

    def _get_appraisals_domain(self):
        """The appraisals that count in these cycles: of all who are not left out."""
        return Domain("cycle_id", "in", self.ids) & Domain("excluded", "=", False)

    def _count_own_unpublished(self):
        """Cycle id -> appraisals that were counted past the rules, though the office's own are
        not to be seen before they are published."""
        own = self.env.user.sudo().employee_ids
        if self.env.su or not own or not self.env.user.has_group(OFFICE):
            return {}
        mine = Domain("employee_id", "in", own.ids) & Domain("closed", "=", False)
        groups = (
            self.env["cs.appraisal"]
            .sudo()
            ._read_group(self._get_appraisals_domain() & mine, ["cycle_id"], ["__count"])
        )
        return {cycle.id: count for cycle, count in groups}

    def _compute_work(self):
        """What long work on it has come to: opening and closing with many agents."""
        for cycle in self:
            closing = cycle.state == "closing"
            done, total = cycle._count_judged() if closing else cycle._count_with_sheets()
            opening = cycle.state == "open" and cycle._needs_sheets() and done < total
            cycle.work = "closing" if closing else "opening" if opening else False
            cycle.work_done, cycle.work_total = done, total

    @api.depends_context("lang")
    def _compute_progress_html(self):
        page = self.env["cs.cycle.page"]
        for cycle in self:
            cycle.progress_html = page._render_progress(cycle)

    @api.depends_context("lang", "uid")
    def _compute_summary_html(self):
        page = self.env["cs.cycle.page"]
        for cycle in self:
            cycle.summary_html = cycle.closed_on and page._render_summary(cycle)

    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        office = user.has_group(OFFICE)
        manager = user.has_group("cs_promotion.group_manager")
        for cycle in self:
            cycle.can_close = bool(
                office
                and cycle.state == "open"
                and cycle.date_end
                and cycle.date_end < cycle.company_id._cs_today()
            )
            cycle.can_reopen = (
                manager
                and bool(cycle.closed_on)
                and not cycle._get_reopening_fault()
                and not cycle._is_own()
            )

    @api.model_create_multi
    def create(self, vals_list):
        cycles = super().create(vals_list)
        for cycle in cycles:
            cycle._check_order()
            cycle._check_policy()
            cycle._check_reviewed()
        return cycles

    def write(self, vals):
        # appraisals, ranks and decisions hang on what the period is
        if {"company_id", "kind", "date_start"} & set(vals):
            raise UserError(self.env._("The period of a cycle cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        for cycle in self.filtered(lambda cycle: cycle.state != "open"):
            raise UserError(self.env._("%s is closed and cannot be deleted.", cycle.name))

    def action_view_appraisals(self):
        action = self._action_related("cs_promotion.cs_appraisal_action")
        return dict(action, domain=list(self._get_appraisals_domain()))

    def action_view_decisions(self):
        return self._action_related("cs_promotion.cs_decision_action")

    def _action_related(self, xmlid):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return dict(action, domain=[("cycle_id", "=", self.id)], context={})

    def _check_order(self):
        """A period before one that is closed already cannot be opened any more."""
        later = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "open"),
                ("date_end", ">", self.date_end),
            ],
            limit=1,
        )
        if later:
            raise ValidationError(
                self.env._(
                    "%(cycle)s cannot be opened: %(later)s is closed already.",
                    cycle=self.name,
                    later=later.name,
                )
            )

    def _check_policy(self):
        """Take the policy in force on the last day (O5); refuse where there is none."""
        for cycle in self:
            cycle.sudo().policy_id = self.env["cs.policy"]._get_required(
                cycle.company_id, cycle.date_end
            )

    def _check_reviewed(self):
        """Refuse a period that the policy has no review of."""
        for cycle in self.filtered(lambda cycle: cycle._get_method() == "none"):
            raise ValidationError(
                self.env._(
                    "Policy %(policy)s has no review of such a period: %(cycle)s.",
                    policy=cycle.policy_id.name,
                    cycle=cycle.name,
                )
            )

    def _check_open(self):
        for cycle in self.filtered(lambda cycle: cycle.state != "open"):
            raise UserError(self.env._("%s is closed. Re-open it to correct it.", cycle.name))

    def _check_ended(self):
        """A period is closed when it is over."""
        if self.date_end >= self.company_id._cs_today():
            raise UserError(
                self.env._(
                    "%(cycle)s ends on %(end)s and cannot be closed before.",
                    cycle=self.name,
                    end=self.date_end,
                )
            )

    def _check_earlier_closed(self):
        """A period waits for those before it, a longer one for its last month (R4)."""
        earlier = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "closed"),
                ("date_end", "<", self.date_end),
            ],
            order="date_end",
            limit=1,
        )
        if self.kind != "month" and not earlier:
            month = self._get_or_create(self.company_id, "month", month_start(self.date_end))
            earlier = month.filtered(lambda cycle: cycle.state != "closed")
        if earlier:
            raise UserError(
                self.env._(
                    "Close %(earlier)s before %(cycle)s.", earlier=earlier.name, cycle=self.name
                )
            )

    def _get_ending_with(self):
        """All cycles of the company that end on the same day: they are judged as one (O1)."""
        self.ensure_one()
        return self.search(
            [("company_id", "=", self.company_id.id), ("date_end", "=", self.date_end)]
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

    @api.model
    def _get_last_closed(self, company, without=None):
        """The company's cycle closed or closing with the latest end; empty when none is.

        :param without: cycles that do not count
        """
        others = [("id", "not in", without.ids)] if without else []
        return self.sudo().search(
            [("company_id", "=", company.id), ("state", "!=", "open"), *others],
            order="date_end desc",
            limit=1,
        )

    @api.model
    def _get_closed_months(self, companies):
        """Pairs (company id, first of month) of the months whose scores are final."""
        cycles = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("kind", "=", "month"),
                ("closed_on", "!=", False),
            ]
        )
        return {(cycle.company_id.id, cycle.date_start) for cycle in cycles}

    @api.model
    def _get_or_create(self, company, kind, start):
        """The company's cycle of this period."""
        period = {"company_id": company.id, "kind": kind, "date_start": start}
        # sudo: whoever asks for it, the software opens a period when it is due
        cycles = self.sudo()
        cycle = cycles.search([(name, "=", value) for name, value in period.items()])
        try:
            with self.env.cr.savepoint():
                return cycle or cycles.create(period)
        except UniqueViolation as error:
            # the index decides between two workers: the other made it after this transaction
            # began, which begins anew, and sees it
            raise ConcurrencyError(f"{kind} {start} of {company.name}") from error

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The history tells why agents were left out or decisions withdrawn: it is for those
        who run the cycle, though everyone sees the cycle itself."""
        return dict.fromkeys(self, "write")

    def _needs_sheets(self):
        """Whether raters fill in a form for this cycle; one that is made of its months has none
        (R3)."""
        return self._get_method() == "scorecard"

    def _get_method(self):
        """Where its score comes from (R3)."""
        self.ensure_one()
        if self.kind == "month":
            return "scorecard"
        return bool(self.policy_id) and self.policy_id._get_period_method(self.kind)

    def _count_months(self):
        self.ensure_one()
        return LENGTHS[self.kind]
