from odoo import api, models


class CsNoticeMixin(models.AbstractModel):
    """Payroll officers settle pay, too, when an agent leaves the ladder."""

    _inherit = "cs.notice.mixin"

    @api.model
    def _get_wage_users(self, company):
        officers = self._get_group_users("payroll.group_payroll_user", company)
        return super()._get_wage_users(company) | officers
