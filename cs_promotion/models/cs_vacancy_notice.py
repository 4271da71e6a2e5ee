from odoo import api, fields, models


class CsVacancy(models.Model):
    """Who is told of an appointment: the one appointed, the former head, the team, and those
    who settle pay (L5)."""

    _name = "cs.vacancy"
    _inherit = ["cs.vacancy", "cs.notice.mixin", "cs.kept.mixin"]

    _writing_states = ("draft", "open")

    appointment_fault = fields.Char(
        compute="_compute_appointment_fault", help="What stands in the way of appointing."
    )
    ends_tier_pay = fields.Boolean(
        compute="_compute_ends_tier_pay",
        help="The one appointed leaves the ladder: wage and structure have to be agreed.",
    )

    @api.depends("state", "chosen_id", "grounds", "date", "appointment")
    @api.depends_context("lang", "uid")
    def _compute_appointment_fault(self):
        manager = self.env.user.has_group("cs_promotion.group_manager")
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

    def _get_told_record(self):
        """The department, which everyone may read; the slate is for the office."""
        return self.department_id

    # ------------------------------------------------------------------ appointed

    def _tell_appointed(self):
        """Tell the one appointed, the former head, and those in charge of the agent so far."""
        self.ensure_one()
        employee = self.chosen_id.employee_id
        self._tell(
            employee.user_id.filtered("active").partner_id or employee.work_contact_id,
            lambda words: words._get_appointed_notice("agent"),
        )
        others = (self.former_id | employee.parent_id).user_id - employee.user_id - self.env.user
        self._tell(others.partner_id, lambda words: words._get_appointed_notice("others"))
        self._ask_for_wage(employee, self.date)

    def _get_partner_lang(self, partner):
        employee = self.sudo().chosen_id.employee_id
        if partner == employee.work_contact_id and not employee.user_id.active:
            return employee._cs_get_letter_lang()
        return super()._get_partner_lang(partner)

    def _get_appointed_notice(self, reader):
        candidate = self.sudo().chosen_id  # who is told may not read the slate
        agent = candidate.employee_id.name
        effect = self.env._(
            "CS tier %(tier)s and its pay end on the day before %(day)s; wage and salary structure "
            "of the new post are agreed with the office.",
            tier=candidate.tier_id.name,
            day=self._format_day(self.date),
        )
        facts = [
            (self.env._("Appointed"), agent),
            (self.env._("Department"), self.department_id.name),
            (self.env._("Head until now"), self.sudo().former_id.name or "-"),
            (self.env._("From"), self._format_day(self.date)),
        ]
        if reader == "agent":
            facts += [(self.env._("Grounds"), self.grounds or ""), (self.env._("Effect"), effect)]
        return {
            "subject": self.env._("Appointment: %s", self.display_name),
            "text": [
                self.env._("You have been appointed supervisor.")
                if reader == "agent"
                else self.env._("%s has been appointed supervisor.", agent)
            ],
            "facts": facts,
            "options": [
                self.env._("Agree with the office on wage and salary structure before that day.")
            ]
            if reader == "agent"
            else [],
        }

    # ------------------------------------------------------------------ the team, on the day

    def _get_team(self):
        """Who is about to get another superior: those whom the department's head leads now."""
        self.ensure_one()
        department = self.department_id
        return department.member_ids.filtered(
            lambda each: each.parent_id == department.manager_id or not each.parent_id
        )

    def _tell_team(self, team, former):
        """On the day the supervisor takes over, the team and both heads learn of it."""
        head = self.chosen_id.employee_id
        moved = team.filtered(lambda each: each.parent_id == head)
        people = (moved | former | head).user_id.filtered("active").partner_id
        contacts = moved.filtered(lambda each: not each.user_id.active).work_contact_id
        self._tell(people | contacts, lambda words: words._get_team_notice(former, head))

    def _get_team_notice(self, former, head):
        return {
            "subject": self.env._("New head of %s", self.department_id.name),
            "text": [
                self.env._("Your department has a new head, who is the superior from now on.")
            ],
            "facts": [
                (self.env._("Department"), self.department_id.name),
                (self.env._("Superior until now"), former.sudo().name or "-"),
                (self.env._("Superior from now on"), head.sudo().name),
                (self.env._("From"), self._format_day(self.date)),
            ],
        }
