from pytz import timezone, utc

from odoo import api, fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    """The company's calendar day: what "today" means for months, notices and deadlines."""

    _inherit = "res.company"

    def _cs_today(self, moment=None):
        """The day in the company's time zone: that of its address, else of its working hours.

        :param moment: naive UTC datetime, as Odoo stores it; now by default
        """
        self.ensure_one()
        company = self.sudo()  # the address may be hidden from who only wants to know the day
        zone = company.partner_id.tz or company.resource_calendar_id.tz or "UTC"
        return utc.localize(moment or fields.Datetime.now()).astimezone(timezone(zone)).date()

    @api.model
    def _cs_days(self):
        """The days that it is now in the companies, with the domain of each day's companies.

        Scheduled actions serve all companies: at most three days at once, and one in most
        databases.

        :return: list of (day, domain on ``company_id``)
        """
        companies = self.sudo().with_context(active_test=False).search([])
        by_day = companies.grouped(lambda company: company._cs_today())
        return [(day, Domain("company_id", "in", ours.ids)) for day, ours in by_day.items()]

    @api.model
    def _cs_until_today(self, field, operator="<="):
        """The domain of what has come by its company's day.

        :param field: name of a date field of a model with ``company_id``
        """
        return Domain.OR(ours & Domain(field, operator, day) for day, ours in self._cs_days())
