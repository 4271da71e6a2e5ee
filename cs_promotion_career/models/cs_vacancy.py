from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cs_promotion.models.cs_notice_mixin import MANAGER
from odoo.addons.cs_promotion.models.scheduled import post_once, take_batches


class CsVacancy(models.Model):
    """An open supervisor post: who is on the slate, who was chosen, and why (L5).

    The slate (``cs_vacancy_slate_mixin.py``) holds the reserve supervisors and seniors with the
    figures that speak for each. A manager chooses and writes the grounds down; who is told of
    it stands in ``cs_vacancy_notice_mixin.py``.
    """

    _name = "cs.vacancy"
    _inherit = [
        "cs.vacancy.slate.mixin",
        "cs.vacancy.notice.mixin",
        "cs.guard.mixin",
        "cs.name.search.mixin",
        "cs.leaving.mixin",
        "cs.kept.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "CS Supervisor Vacancy"
    _order = "date desc, id desc"
    _name_parts = ("department_id", "date")
    _check_company_auto = True
    _writing_states = ("draft", "open")

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one(
        "hr.department", required=True, check_company=True, tracking=True
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Job Position",
        ondelete="restrict",
        check_company=True,
        help="Position that an appointed supervisor takes.",
    )
    former_id = fields.Many2one(
        "hr.employee",
        string="Held Until Now By",
        ondelete="restrict",
        check_company=True,
        compute="_compute_former_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    cause = fields.Selection(
        [
            ("leaves", "Leaves the company"),
            ("transfers", "Transfers"),
            ("promoted", "Is promoted"),
            ("new", "New post"),
        ],
        string="Reason",
        required=True,
        default="leaves",
        tracking=True,
    )
    date = fields.Date(
        string="Open From",
        required=True,
        default=lambda self: self.env.company._cs_today(),
        tracking=True,
        help="Day from which the appointment counts.",
    )
    appointment = fields.Selection(
        [("supervisor", "Supervisor"), ("reserve", "Reserve supervisor")],
        string="Appointed As",
        required=True,
        default="supervisor",
        tracking=True,
        help="A supervisor leaves the ladder for the post; a reserve supervisor steps up to its "
        "top, by a decision that is announced like any other (U4).",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Slate Drawn"),
            ("filled", "Filled"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    drawn_on = fields.Date(string="Slate As Of", readonly=True, copy=False)
    candidate_ids = fields.One2many("cs.vacancy.candidate", "vacancy_id", readonly=True)
    chosen_id = fields.Many2one(
        "cs.vacancy.candidate",
        domain="[('vacancy_id', '=', id)]",
        ondelete="restrict",
        copy=False,
        tracking=True,
        groups="cs_promotion.group_office",
    )
    grounds = fields.Text(
        copy=False, tracking=True, help="Why this candidate: all-round ability, in words (L5)."
    )
    decision_id = fields.Many2one(
        "cs.decision", readonly=True, copy=False, ondelete="restrict", check_company=True
    )
    decided_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decided_on = fields.Date(readonly=True, copy=False)
    head_set = fields.Boolean(
        readonly=True, copy=False, help="The chosen one has become the head of the department."
    )
    appointment_fault = fields.Char(
        compute="_compute_appointment_fault", help="What stands in the way of appointing."
    )
    ends_tier_pay = fields.Boolean(
        compute="_compute_ends_tier_pay",
        help="The one appointed leaves the ladder: wage and structure have to be agreed.",
    )

    @api.depends("department_id")
    def _compute_former_id(self):
        for vacancy in self:
            vacancy.former_id = vacancy.department_id.manager_id

    @api.depends("department_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for vacancy in self:
            parts = (vacancy.department_id.name, vacancy._format_day(vacancy.date))
            vacancy.display_name = (
                ", ".join(filter(None, parts))
                if vacancy.department_id
                else self.env._("New vacancy")
            )

    @api.depends("state", "chosen_id", "grounds", "date", "appointment")
    @api.depends_context("lang", "uid")
    def _compute_appointment_fault(self):
        manager = self.env.user.has_group(MANAGER)
        for vacancy in self:
            waiting = vacancy.state == "open" and manager
            vacancy.appointment_fault = waiting and vacancy._get_appointment_fault()

    @api.depends("state", "appointment")
    def _compute_ends_tier_pay(self):
        for vacancy in self:
            vacancy.ends_tier_pay = (
                vacancy.state in ("open", "filled") and vacancy.appointment == "supervisor"
            )

    def _get_appointment_fault(self):
        """Why nobody can be appointed by this user now, None when somebody can."""
        self.ensure_one()
        vacancy = self.sudo()  # slate and months; only what is missing is told
        if self.env.user in vacancy.candidate_ids.employee_id.user_id:
            return self.env._("%s: you are on the slate yourself.", self.display_name)
        if not vacancy.chosen_id:
            return self.env._("%s: choose a candidate first.", self.display_name)
        if not (vacancy.grounds or "").strip():
            return self.env._("%s: write down the grounds (U4).", self.display_name)
        last = vacancy.env["cs.cycle"]._get_last_closed(vacancy.company_id)
        if vacancy.appointment == "supervisor" and last and vacancy.date <= last.date_end:
            return self.env._(
                "%(vacancy)s: %(cycle)s is closed; choose a day after it.",
                vacancy=self.display_name,
                cycle=last.name,
            )
        return self._get_leaving_fault()

    @api.constrains("chosen_id")
    def _check_chosen(self):
        for vacancy in self:
            if vacancy.chosen_id and vacancy.chosen_id.vacancy_id != vacancy:
                raise ValidationError(
                    self.env._(
                        "%(vacancy)s: %(chosen)s is not on its slate.",
                        vacancy=vacancy.display_name,
                        chosen=vacancy.chosen_id.sudo().employee_id.name,
                    )
                )

    def write(self, vals):
        if not self.env.su:
            if {"chosen_id", "grounds", *self._get_leaving_names()} & set(vals):
                self._check_group(MANAGER)
            settled = self.filtered(lambda each: each.state in ("filled", "cancelled"))
            if settled and any(name in self._fields for name in vals):
                raise UserError(self.env._("%s is settled.", settled.mapped("display_name")))
        written = super().write(vals)
        if not self.env.su and "chosen_id" in vals:
            self._check_not_own(self.sudo().chosen_id.employee_id.user_id)  # sudo: only whether
        return written

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for vacancy in self.filtered(lambda each: each.state in ("filled", "cancelled")):
            raise UserError(self.env._("%s is settled and stays on record.", vacancy.display_name))

    def action_draw(self):
        """Draw the slate, or refresh its figures; a choice already made stays."""
        self.check_access("write")
        self._check_state("draft", "open")
        for vacancy in self.sudo():  # the figures of all who may be weighed
            vacancy._draw(vacancy.company_id._cs_today())

    def action_cancel(self):
        """The post is not filled after all."""
        self.check_access("write")
        self._check_not_own()
        self._check_state("draft", "open")
        self.sudo().state = "cancelled"  # by this button alone

    def action_appoint(self):
        """Appoint the chosen candidate, for the grounds written down (L5, U4)."""
        self._check_may(MANAGER)
        self._check_state("open")
        for vacancy in self:
            vacancy._check_choice()
            vacancy.sudo()._appoint()  # the step is allowed, and so what it writes elsewhere

    def _get_own_users(self):
        """Whoever is on the slate does not decide on the post."""
        # past access rights: only whether the caller is on it is looked at
        return self.sudo().candidate_ids.employee_id.user_id

    def _get_own_fault(self):
        return self.env._("%s: you are on the slate yourself.", self.mapped("display_name"))

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for vacancy in self.filtered(lambda each: each.state not in states):
            raise UserError(
                self.env._(
                    "%(vacancy)s is in the state %(state)s.",
                    vacancy=vacancy.display_name,
                    state=labels[vacancy.state],
                )
            )

    def _check_choice(self):
        """Someone on the slate is chosen, with grounds, by someone who is not on it."""
        fault = self._get_appointment_fault()
        if fault:
            raise UserError(fault)

    def _appoint(self):
        """A decision to step up to the top of the ladder, or the move into the post."""
        self.ensure_one()
        employee = self.chosen_id.employee_id
        if self.appointment == "reserve":
            self._appoint_reserve(employee)
        else:
            self._appoint_supervisor(employee)
        self.write(
            {
                "state": "filled",
                "decided_by": self.env.uid,
                "decided_on": self.company_id._cs_today(),
            }
        )
        self._set_head(self.company_id._cs_today())

    @api.model
    def _get_leaving_depends(self):
        return ("chosen_id", "appointment", "date", "state")

    def _get_leaver(self):
        """The one chosen as a supervisor, who leaves the ladder for the post (L5)."""
        leaves = self.appointment == "supervisor" and self.date and self.state in ("open", "filled")
        # sudo: the slate is for the office; the fields that ask this are, too
        chosen = self.sudo().chosen_id.employee_id
        return chosen if leaves else chosen.browse()

    def _appoint_reserve(self, employee):
        tier = self._get_reserve_tier()
        self.decision_id = self.env["cs.decision"].create(
            {
                "employee_id": employee.id,
                "company_id": self.company_id.id,
                "tier_to_id": tier.id,
                "effective_date": self.date,
                "grounds": self.grounds,
            }
        )
        if self.decision_id.policy_id.approval == "automatic":
            self.decision_id._check_day_free()
            self.decision_id._announce(self.company_id._cs_today())

    def _appoint_supervisor(self, employee):
        values = {"department_id": self.department_id.id}
        if self.job_id:
            values["job_id"] = self.job_id.id
        values |= self._get_leaving_values()
        employee._cs_move(self.date, values, off_ladder=True)
        self._tell_appointed()

    def _set_head(self, day):
        """From the day of the appointment on, the supervisor heads the department."""
        due = self.filtered(
            lambda each: (
                each.state == "filled"
                and each.appointment == "supervisor"
                and not each.head_set
                and each.date <= day
            )
        )
        for vacancy in due:
            team, former = vacancy._get_team(), vacancy.department_id.manager_id
            vacancy.department_id.manager_id = vacancy.chosen_id.employee_id
            vacancy._tell_team(team, former)
        due.head_set = True

    @api.model
    def _cron_set_heads(self):
        """Make appointed supervisors heads of their departments on their day (daily)."""
        filled = (
            Domain("state", "=", "filled")
            & Domain("appointment", "=", "supervisor")
            & Domain("head_set", "=", False)
        )
        for day, ours in self.env["res.company"]._cs_days():
            domain = filled & ours & Domain("date", "<=", day)
            take_batches(
                lambda domain=domain: self.search(domain, order="date, id"),
                lambda due, day=day: due._set_head(day),
                post_once,
            )
