from odoo import models


class IrHttp(models.AbstractModel):
    """Who has sheets to fill in begins with them."""

    _inherit = "ir.http"

    def session_info(self):
        """Sheets that wait for this user take the place of Discuss after logging in.

        It is where Odoo looks for the page to begin with. A page that the user has chosen
        for themself stays, and without open sheets all is as ever.
        """
        info = super().session_info()
        if info.get("is_internal_user") and not info.get("home_action_id"):
            waiting = self.env["cs.appraisal.sheet"].search_count(
                [
                    ("is_mine", "=", True),
                    ("state", "=", "draft"),
                    ("excluded", "=", False),
                    ("cycle_id.state", "=", "open"),
                ],
                limit=1,
            )
            if waiting:
                info["home_action_id"] = self.env.ref(
                    "cs_promotion.cs_appraisal_sheet_action_to_score"
                ).id
        return info
