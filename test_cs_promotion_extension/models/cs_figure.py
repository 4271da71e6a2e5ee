from odoo import fields, models


class CsFigure(models.Model):
    _name = "cs.figure"
    _inherit = ["cs.figure", "cs.appealable.mixin"]

    nights = fields.Integer(string="Night Shifts")

    def _is_appealable(self):
        return True

    def _uphold_appeal(self, appeal, reason):
        """The office counts again: it corrects the figures, and the next payslip settles it."""
        appeal._schedule("mail.mail_activity_data_todo", appeal._get_office())

    def _get_appeal_effect(self, appeal, upheld):
        if upheld:
            return self.env._("The office counts again and corrects the figures.")
        return self.env._("The figures stand.")
