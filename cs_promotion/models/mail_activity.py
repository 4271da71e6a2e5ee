from odoo import models

from .cs_notice_mixin import OFFICE


class MailActivity(models.Model):
    """A to-do on a CS record is ended or changed by its assignee or the office only.

    Odoo lets whoever may comment on a record, or happened to set the to-do off, end it: an
    agent could have the office forget the agent's own matter.
    """

    _inherit = "mail.activity"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation not in ("write", "unlink") or self.env.su or not self:
            return result
        others = self._find_todos_of_others()
        if not others:
            return result
        forbidden = others | (result[0] if result else self.browse())
        return forbidden, lambda: forbidden._make_access_error(operation)

    def _find_todos_of_others(self):
        """Those of these to-dos that this user may not end."""
        # sudo: assignee and record decide, whether or not the user may read them
        others = self.browse()
        office = self.env.user.has_group(OFFICE)
        for activity in self.sudo():
            if activity.user_id == self.env.user or not activity.res_model:
                continue
            model = self.env.get(activity.res_model)
            if model is None or not getattr(model, "_guards_todos", False):
                continue
            made_by_hand = not activity.automated and activity.create_uid == self.env.user
            if made_by_hand:
                continue
            record = activity.env[model._name].browse(activity.res_id).exists()
            own = "employee_id" in model._fields and record._is_own()
            if own or not office:
                others |= self.browse(activity.id)
        return others
