from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from odoo.addons.cs_promotion.models.cs_period import month_name
from odoo.addons.cs_promotion_pay.known import Calendar


class ResConfigSettings(models.TransientModel):
    """Settings of pay; the days of the pay month are shown as they come out before they are
    saved (W8)."""

    _inherit = "res.config.settings"

    cs_structure_id = fields.Many2one(related="company_id.cs_structure_id", readonly=False)
    cs_period_day = fields.Integer(related="company_id.cs_period_day", readonly=False)
    cs_results_month = fields.Selection(related="company_id.cs_results_month", readonly=False)
    cs_arrears_months = fields.Integer(related="company_id.cs_arrears_months", readonly=False)
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
