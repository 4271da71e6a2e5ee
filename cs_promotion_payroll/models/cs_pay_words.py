from odoo import api, models


class CsPayWords(models.AbstractModel):
    _inherit = "cs.pay.words"

    @api.model
    def _get_warnings(self):
        return super()._get_warnings() | {
            "twin": self.env._("There is another payslip for this month."),
            "withdrawn": self.env._(
                "Payslips took a fine that has been withdrawn since. Refund them and pay anew."
            ),
            "leave": self.env._(
                "The agent was on leave through the whole month, of a kind that is paid like work. "
                "Look at the kind of leave (Tier Pay %)."
            ),
        }
