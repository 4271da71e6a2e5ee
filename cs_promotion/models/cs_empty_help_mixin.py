from markupsafe import Markup

from odoo import api, models

OFFICE = "cs_promotion.group_office"


class CsEmptyHelpMixin(models.AbstractModel):
    """An empty list tells its reader what is true for them: that nobody has an appraisal yet
    is known to the office alone, others only see none of their own."""

    _name = "cs.empty.help.mixin"
    _description = "Empty Lists Speak to Their Reader"

    @api.private
    @api.model
    def get_empty_list_help(self, help_message):
        """Other words for who sees a part only, where the action says that it shows all."""
        if self.env.context.get("cs_of_all") and not self.env.user.has_group(OFFICE):
            help_message = Markup(
                '<p class="o_view_nocontent_smiling_face">{title}</p><p>{text}</p>'
            ).format(
                title=self.env._("Nothing here is about you or your team"),
                text=self.env._(
                    "You see what has been published about you and, as a superior, what is about "
                    "your own people. The office sees everyone's."
                ),
            )
        return super().get_empty_list_help(help_message)
