from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from odoo.addons.cs_promotion.models.cs_period import month_name
from odoo.addons.cs_promotion_pay.known import Calendar


class ResConfigSettings(models.TransientModel):
    """The days of the pay month, shown as they come out before they are saved (W8)."""

    _inherit = "res.config.settings"

    cs_period_words = fields.Char(compute="_compute_cs_period_words")

    @api.depends("cs_period_day", "company_id")
    def _compute_cs_period_words(self):
        for settings in self:
            if not 0 <= settings.cs_period_day <= 28:
                settings.cs_period_words = False
                continue
            calendar = Calendar(settings.cs_period_day)
            period = calendar.period(calendar.month(settings.company_id._cs_today()))
            settings.cs_period_words = settings.env._(
                "%(month)s: %(start)s to %(end)s",
                month=month_name(settings.env, period.month),
                start=format_date(settings.env, period.start),
                end=format_date(settings.env, period.end),
            )

    @api.constrains("cs_period_day")
    def _check_cs_period_day(self):
        for settings in self:
            if not 0 <= settings.cs_period_day <= 28:
                raise ValidationError(
                    settings.env._(
                        "The last day of the pay month is a day that every month has, 1 to 28, or "
                        "0 for its own."
                    )
                )
