from odoo import models


class CsVacancyNoticeMixin(models.AbstractModel):
    """Who is told of an appointment: the one appointed, the former head, the team, and those
    who settle pay (L5)."""

    _name = "cs.vacancy.notice.mixin"
    _inherit = ["cs.notice.mixin"]
    _description = "Vacancy That People Are Told Of"

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
        employee = self.sudo().chosen_id.employee_id  # only the language is looked at
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
