from odoo import api, models


class CsPayWords(models.AbstractModel):
    _inherit = "cs.pay.words"

    @api.model
    def _get_warnings(self):
        return super()._get_warnings() | {
            "not_paid": self.env._(
                "A CS tier is held in this period, but the structure of this payslip does not pay "
                "by tier. Prepare the structure, or choose one that pays by tier."
            ),
            "other_structure": self.env._(
                "The days off the ladder have a salary structure of their own. This payslip pays "
                "their wage; what else that structure pays for them, pay by hand."
            ),
            "twin": self.env._("There is another payslip for this month."),
            "withdrawn": self.env._(
                "Payslips took a fine that has been withdrawn since. Refund them and pay anew."
            ),
            "no_days": self.env._(
                "The agent was on leave, but the payslip has no working days to reckon by: unpaid "
                "leave reduces nothing. Give the agent a working schedule, or enter the worked "
                "days."
            ),
            "decimals": self.env._(
                "The company's currency has more decimals than payslip lines keep: amounts are "
                "rounded to what lines show. Set the decimal accuracy of Payroll higher."
            ),
            "overlap": self.env._(
                "Days of this pay month have been paid by another month's payslip, made before "
                "the company's pay month was changed."
            ),
            "fine_over": self.env._(
                "More is deducted as fines than is due: what is beyond it is booked nowhere."
            ),
            "leave": self.env._(
                "The agent was on leave through the whole month, of a kind that is paid like work. "
                "Look at the kind of leave (Tier Pay %)."
            ),
        }
