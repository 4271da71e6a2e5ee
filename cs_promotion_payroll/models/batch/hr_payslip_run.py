from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cs_promotion.models.cs_period import Month, month_name

from ..payslip.cs_payslip_gate_mixin import OPEN

# as the payslips of a batch are being made or confirmed, so it stays
FIXED = {
    "company_id",
    "credit_note",
    "cs_pay_month",
    "date_end",
    "date_start",
    "state",
    "struct_id",
}


class HrPayslipRun(models.Model):
    """A batch of payslips for many agents: its pay month, and how far the scheduled actions have
    come that make and confirm them. Choosing the month sets the period, as the company's setting
    says (W8)."""

    _name = "hr.payslip.run"
    _inherit = [
        "hr.payslip.run",
        "cs.batch.making.mixin",
        "cs.batch.confirming.mixin",
        "cs.long.work.mixin",
    ]

    # the pay month
    name = fields.Char(default=lambda self: self._get_default_name())
    date_start = fields.Date(default=lambda self: self.env.company._cs_get_period().start)
    date_end = fields.Date(default=lambda self: self.env.company._cs_get_period().end)
    cs_pay_month = Month(
        string="Pay Month",
        compute="_compute_cs_pay_month",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="The month that the batch pays. Choose it, and the period is that of the company's "
        "pay month (W8).",
    )
    # making and confirming
    cs_request_ids = fields.One2many(
        "cs.payslip.request", "run_id", string="Payslips to Make", copy=False, readonly=True
    )
    cs_failed_ids = fields.One2many(
        "cs.payslip.request",
        "run_id",
        string="Not Made",
        domain=[("error", "!=", False)],
        copy=False,
        readonly=True,
    )
    cs_confirmer_id = fields.Many2one(
        "res.users",
        string="Being Confirmed by",
        copy=False,
        readonly=True,
        help="Until all payslips of the batch are confirmed, in this person's name.",
    )
    cs_work = fields.Selection(
        [("making", "Making the payslips"), ("confirming", "Confirming the payslips")],
        compute="_compute_cs_work",
        compute_sudo=True,  # numbers alone, of batches that may be read
        string="At Work",
    )
    cs_work_done = fields.Integer(
        compute="_compute_cs_work", compute_sudo=True, string="Payslips Done"
    )
    cs_work_total = fields.Integer(
        compute="_compute_cs_work", compute_sudo=True, string="Payslips in All"
    )
    cs_to_confirm = fields.Integer(
        compute="_compute_cs_work", compute_sudo=True, string="Payslips to Confirm"
    )
    # what its payslips warn of
    cs_warned_count = fields.Integer(
        string="Warnings",
        compute="_compute_cs_warned",
        compute_sudo=True,  # as above: numbers alone
        search="_search_cs_warned_count",
        help="Payslips of the batch that warn of something.",
    )
    cs_to_tick_count = fields.Integer(
        string="Warnings to Tick",
        compute="_compute_cs_warned",
        compute_sudo=True,
        help="Payslips that warn of something that nobody has ticked yet.",
    )
    cs_not_paid_count = fields.Integer(compute="_compute_cs_not_paid_count")

    # ------------------------------------------------------------------ pay month

    @api.depends("date_end", "company_id")
    def _compute_cs_pay_month(self):
        for run in self:
            run.cs_pay_month = (
                run.date_end
                and run.company_id
                and (run.company_id._cs_get_period(run.date_end).month)
            )

    @api.onchange("cs_pay_month")
    def _onchange_cs_pay_month(self):
        """The days of the month chosen; one that follows from days typed in changes none."""
        company, former = self.company_id, self.date_end
        if not (self.cs_pay_month and company):
            return
        period = company._cs_get_period_of(self.cs_pay_month)
        if former and company._cs_get_period(former).month == period.month:
            return
        self.date_start, self.date_end = period.start, period.end
        self._rename()

    @api.onchange("company_id")
    def _onchange_company(self):
        """Another company's pay month may lie on other days."""
        if self.company_id and self.cs_pay_month and not self._origin:
            period = self.company_id._cs_get_period_of(self.cs_pay_month)
            self.date_start, self.date_end = period.start, period.end

    def _rename(self):
        """Name a new batch after its month, unless somebody named it."""
        others = {self._get_month_words(self._origin.cs_pay_month), self._get_default_name()}
        if not self.name or self.name in others:
            self.name = self._get_month_words(self.cs_pay_month)

    @api.model
    def _get_month_words(self, month):
        return self.env._("Pay of %(month)s", month=month_name(self.env, month)) if month else ""

    @api.model
    def _get_default_name(self):
        return self._get_month_words(self.env.company._cs_get_period().month)

    @api.model
    def _complete_period(self, vals, company=None):
        """The values with both days of the period, for its company and pay month; the month
        itself follows from them."""
        company = self.env["res.company"].browse(vals.get("company_id")) or (
            company or self.env.company
        )
        values = {name: value for name, value in vals.items() if name != "cs_pay_month"}
        if values.get("date_start") and values.get("date_end"):
            return values
        if month := fields.Date.to_date(vals.get("cs_pay_month")):
            period = company._cs_get_period_of(month)
        else:
            given = values.get("date_end") or values.get("date_start")
            period = company._cs_get_period(fields.Date.to_date(given))
        return {"date_start": period.start, "date_end": period.end, **values}

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_period(vals) for vals in vals_list])

    def write(self, vals):
        if not FIXED.isdisjoint(vals):
            self._check_no_work()
        if "cs_pay_month" not in vals:
            return super().write(vals)
        for company, runs in self.grouped("company_id").items():
            super(HrPayslipRun, runs).write(runs._complete_period(vals, company))
        return True

    # ------------------------------------------------------------------ at work

    def _compute_cs_work(self):
        waiting = self._count_waiting()
        states = defaultdict(lambda: defaultdict(int))
        slips = self.env["hr.payslip"]
        for run, state, count in slips._read_group(
            [("payslip_run_id", "in", self.ids)], ["payslip_run_id", "state"], ["__count"]
        ):
            states[run.id][state] = count
        for run in self:
            counts = states[run.id]
            made = sum(count for state, count in counts.items() if state != "cancel")
            done, total = made, made + waiting[run.id]
            if not waiting[run.id] and run.cs_confirmer_id:
                done = counts["done"]
            run.cs_work_done, run.cs_work_total = done, total
            run.cs_work = (
                "making" if waiting[run.id] else "confirming" if run.cs_confirmer_id else False
            )
            run.cs_to_confirm = sum(counts[state] for state in OPEN)

    def _count_waiting(self):
        """Batch id -> agents whose payslip is still to be made."""
        requests = self.env["cs.payslip.request"].sudo()  # as above: numbers alone
        groups = requests._read_group(
            [("run_id", "in", self.ids), ("error", "=", False)], ["run_id"], ["__count"]
        )
        return defaultdict(int, {run.id: count for run, count in groups})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_at_work(self):
        self._check_no_work()

    def _check_no_work(self):
        """A batch stays as it is while its payslips are being made or confirmed."""
        for run in self:
            if run.cs_work == "making":
                raise UserError(
                    self.env._(
                        "%(batch)s is still making payslips, %(count)s to go. "
                        "Wait until they are made.",
                        batch=run.name,
                        count=run.cs_work_total - run.cs_work_done,
                    )
                )
            if run.cs_work == "confirming":
                raise UserError(
                    self.env._(
                        "%(batch)s is still confirming payslips, %(count)s to go. "
                        "Wait until they are confirmed.",
                        batch=run.name,
                        count=run.cs_to_confirm,
                    )
                )

    def _get_work_users(self):
        """Those in whose names payslips are being made or confirmed."""
        # sudo: who asked is found though what they asked for is hidden from the one who looks
        return self.sudo().cs_request_ids.user_id | self.cs_confirmer_id

    def _as_user(self, user):
        """This batch in the name, rights and language of a person who is not there."""
        companies = self.company_id | user.company_ids
        return self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=companies.ids
        )

    # ------------------------------------------------------------------ warnings

    @api.depends("slip_ids.cs_warned", "slip_ids.cs_to_tick", "slip_ids.state")
    def _compute_cs_warned(self):
        warned, to_tick = {}, {}
        slips = self.env["hr.payslip"]
        for run, state, tick, count in slips._read_group(
            [("payslip_run_id", "in", self.ids), ("cs_warned", "=", True)],
            ["payslip_run_id", "state", "cs_to_tick"],
            ["__count"],
        ):
            if state != "cancel":
                warned[run.id] = warned.get(run.id, 0) + count
            if tick and state in OPEN:
                to_tick[run.id] = to_tick.get(run.id, 0) + count
        for run in self:
            run.cs_warned_count = warned.get(run._origin.id, 0)
            run.cs_to_tick_count = to_tick.get(run._origin.id, 0)

    @api.model
    def _search_cs_warned_count(self, operator, value):
        """Batches by how many of their payslips warn of something."""
        groups = self.env["hr.payslip"]._read_group(
            [
                ("payslip_run_id", "!=", False),
                ("cs_warned", "=", True),
                ("state", "!=", "cancel"),
            ],
            ["payslip_run_id"],
            ["__count"],
        )
        compare = {
            "in": lambda count: count in value,
            ">": lambda count: count > value,
            ">=": lambda count: count >= value,
            "<": lambda count: count < value,
            "<=": lambda count: count <= value,
        }.get(operator)
        if compare is None:
            return NotImplemented
        some = {run.id: count for run, count in groups}
        if compare(0):  # those without any, too
            return [("id", "not in", [id_ for id_, count in some.items() if not compare(count)])]
        return [("id", "in", [id_ for id_, count in some.items() if compare(count)])]

    def action_cs_open_warned(self):
        """The payslips of the batch that warn of something."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("payroll.hr_payslip_action")
        return action | {
            "display_name": self.env._("Warnings: %s", self.name),
            "domain": [
                ("payslip_run_id", "=", self.id),
                ("cs_warned", "=", True),
                ("state", "!=", "cancel"),
            ],
            "context": {},
        }

    @api.depends("slip_ids.cs_not_paid", "slip_ids.state")
    def _compute_cs_not_paid_count(self):
        counts = dict(
            self.env["hr.payslip"]._read_group(
                self._get_not_paid_domain(), ["payslip_run_id"], ["__count"]
            )
        )
        for run in self:
            run.cs_not_paid_count = counts.get(run, 0)

    def _get_not_paid_domain(self):
        return [
            ("payslip_run_id", "in", self.ids),
            ("cs_not_paid", "=", True),
            ("state", "!=", "cancel"),
        ]

    def action_cs_view_not_paid(self):
        """Open the payslips of those who hold a tier and are not paid by it."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold a Tier, Are Not Paid by It"),
            "res_model": "hr.payslip",
            "view_mode": "list,form",
            "domain": self._get_not_paid_domain(),
        }
