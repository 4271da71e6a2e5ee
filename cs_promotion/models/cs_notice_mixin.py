from babel.dates import format_skeleton

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, get_lang

WAGE_ACTIVITY = "cs_promotion.mail_activity_agree_wage"
OFFICE = "cs_promotion.group_office"
MANAGER = "cs_promotion.group_manager"


class CsNoticeMixin(models.AbstractModel):
    """Telling people of an event: the result, its reason and effect, what they may do, a link.

    A notice is a dict: ``subject``; ``text``, the sentences that say what happened; ``facts``,
    pairs (label, value) shown as a table; ``options``, what the reader may do next. It is
    written anew for each reader's language. Odoo adds the button that opens the record.
    """

    _name = "cs.notice.mixin"
    _description = "Record People Are Told Of"

    _keeps_notices = False  # whether the history shows what people were told

    def _tell(self, partners, get_notice):
        """Send a notice to these partners, each in their language.

        :param get_notice: function of this record in the reader's language -> notice
        :return: the partners it reached: those who can log in, or have an e-mail address
        """
        self.ensure_one()
        reached = self._filter_reachable(partners)
        for lang, ours in reached.grouped(self._get_partner_lang).items():
            words = self.with_context(lang=lang)
            notice = get_notice(words)
            record = words._get_told_record()
            values = {
                "partner_ids": ours.ids,
                "subject": notice["subject"],
                "body": words._render_notice(notice),
                "email_layout_xmlid": "mail.mail_notification_layout",
                "force_record_name": record.display_name,  # Odoo's is in any language
            }
            if self._keeps_notices:  # a note: followers who are not told have their own notice
                record.message_post(subtype_xmlid="mail.mt_note", **values)
            else:
                record.message_notify(**values)
        return reached

    def _get_told_record(self):
        """The record that the message's button opens: one that its readers may read."""
        return self

    @api.model
    def _render_notice(self, notice):
        """The notice as HTML, for a mail or a letter."""
        return self.env["ir.qweb"]._render(
            "cs_promotion.notice_body",
            {"text": (), "facts": (), "options": (), **notice},
            minimal_qcontext=True,
        )

    def _get_agent(self):
        """The agent's employee record, as sudo: whom a matter is about, who their superior is and
        how either is reached is looked at whoever acts, and shown to nobody."""
        return self.employee_id.sudo()

    def _filter_reachable(self, partners):
        """Those who read Odoo's messages, or get mail; sudo: logins are not everyone's to see."""
        return partners.sudo().filtered(
            lambda each: each.email or (self._get_login(each) and not self._is_agent_offline(each))
        )

    @api.model
    def _get_login(self, partner):
        return partner.with_context(active_test=True).user_ids.filtered("active")[:1]

    def _is_agent_offline(self, partner):
        """Whether this is the agent, whose record has no login, though the contact may have."""
        if not self or "employee_id" not in self._fields:
            return False
        return not self._get_agent().user_id.active and partner == self._get_agent_partner()

    def _get_partner_lang(self, partner):
        """The language in which a partner is told: an agent's is that of their letters."""
        if "employee_id" in self._fields and partner == self._get_agent_partner():
            return self._get_letter_lang()
        return self._get_login(partner).lang or partner.lang

    def _get_agent_partner(self):
        """Whom a letter to the agent is for: their login, or else their work contact."""
        employee = self._get_agent()
        user = employee.user_id
        return user.partner_id if user.active else employee.work_contact_id or user.partner_id

    def _get_letter_lang(self):
        return self._get_agent()._cs_get_letter_lang()

    def _get_superior_partner(self):
        """The agent's direct superior, unless that is the agent."""
        employee = self._get_agent()
        return (employee.parent_id.user_id - employee.user_id).filtered("active").partner_id

    def _format_day(self, day):
        return format_date(self.env, day) if day else ""

    def _format_month(self, day):
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_skeleton("yMMMM", day, locale=locale) if day else ""

    # ------------------------------------------------------------------ to-dos

    def _schedule_for(self, users, activity, quiet=False, **values):
        """A to-do for each of these users, in their language.

        :param quiet: no mail for it, as the user is told in another way
        """
        for user in users.filtered("active"):
            record = self.with_context(lang=user.lang, mail_activity_quick_update=quiet)
            given = {name: get(record) if callable(get) else get for name, get in values.items()}
            record.activity_schedule(activity, user_id=user.id, **given)

    @api.model
    def _get_group_users(self, group, company):
        """The active internal users of a group who may act for the company."""
        # sudo: who is in a group is not for everyone to read, but everyone's to-dos reach them
        users = self.env.ref(group).sudo().all_user_ids
        return users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    @api.model
    def _get_wage_users(self, company):
        """Who agrees wage and salary structure with one who leaves the ladder; bridges add."""
        return self._get_group_users(OFFICE, company)

    def _ask_for_wage(self, employee, day):
        """A to-do for those who settle pay: tier pay ends, nothing else has been agreed yet."""
        self.ensure_one()
        users = self._get_wage_users(self.company_id) - employee.sudo().user_id
        self._schedule_for(
            users,
            WAGE_ACTIVITY,
            date_deadline=max(day, self.company_id._cs_today()),
            summary=lambda words: words.env._(
                "Agree wage and salary structure: %(agent)s, from %(day)s",
                agent=employee.name,
                day=words._format_day(day),
            ),
            note=lambda words: words._get_wage_note(employee, day),
        )

    def _get_wage_note(self, employee, day):
        return self.env._(
            "%(agent)s leaves the CS ladder: tier pay ends on the day before %(day)s. Until wage "
            "and salary structure are agreed and set on the employee record, payslips from then "
            "on pay no tier and may come out far too small.",
            agent=employee.name,
            day=self._format_day(day),
        )
