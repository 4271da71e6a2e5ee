from odoo import SUPERUSER_ID, models


class HrEmployee(models.Model):
    """The language of letters and mails to an agent."""

    _inherit = "hr.employee"

    def _cs_get_letter_lang(self):
        """The login's language; else the work contact's or the company's, if someone chose it.

        Odoo fills both in with the language of whoever creates them: that an English-speaking
        administrator typed an agent in does not make the agent's letters English.
        """
        self.ensure_one()
        user = self.user_id
        if user.active and user.lang:
            return user.lang
        contact, company = self.work_contact_id, self.company_id.partner_id
        chosen = [each.lang for each in (contact, company) if self._cs_is_lang_chosen(each)]
        # a company that a person set up speaks their language; that of the installation may not
        if not chosen and company.lang and company.create_uid.id != SUPERUSER_ID:
            chosen = [company.lang]
        usual = (contact.lang, company.lang, self.env["ir.default"]._get("res.partner", "lang"))
        return next(filter(None, (*chosen, *usual)), self.env.lang or "en_US")

    def _cs_is_lang_chosen(self, partner):
        """Whether it is another language than whoever created the partner has."""
        return bool(partner.lang) and partner.lang != (partner.create_uid.lang or "en_US")
