from odoo import fields, models

from ...engine.calendar import read_months
from ...engine.forms import Tenure


class CsPolicyPeriodMatchMixin(models.AbstractModel):
    """Whom a row of a policy is for, and in which periods."""

    _name = "cs.policy.period.match.mixin"
    _inherit = ["cs.policy.match.mixin"]
    _description = "Whom and When a Row of a CS Policy Is for"

    months = fields.Char(
        string="Only in Months",
        help="Numbers of calendar months, such as 1, 4, 7, 10; of a longer period its last month. "
        "Empty: in every month.",
    )
    tenure = fields.Char(
        string="At Months Since Joining",
        help="Complete months since joining that are reached in the period, such as 3, 6, 12*: "
        "the star says that it is so every 12 months again, as 1* every month. "
        "Empty: at any time.",
    )

    def _get_match(self):
        """Whom and when as the engine compares it.

        :raises PolicyError: months or tenure cannot be read
        """
        return {
            **super()._get_match(),
            "months": read_months(self.months or ""),
            "tenure": Tenure.parse(self.tenure) if self.tenure else None,
        }
