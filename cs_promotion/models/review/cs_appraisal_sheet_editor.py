from odoo import api, fields, models
from odoo.exceptions import UserError


class CsAppraisalSheetEditor(models.Model):
    """Who has entered anything on a form: one person never enters both forms of an agent.

    Whoever wrote a grade or submitted stays an editor of that form, whatever happens to the
    sheet, its superior or the superior's user later. The constraint holds between two
    requests at the same time, too.
    """

    _name = "cs.appraisal.sheet.editor"
    _description = "Editor of a CS Appraisal Sheet"
    _rec_name = "user_id"
    _order = "id"

    sheet_id = fields.Many2one(
        "cs.appraisal.sheet", required=True, index=True, ondelete="cascade", readonly=True
    )
    appraisal_id = fields.Many2one(related="sheet_id.appraisal_id", store=True, precompute=True)
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, precompute=True)
    role = fields.Selection(related="sheet_id.role", store=True, precompute=True)
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict", readonly=True
    )

    _person_uniq = models.Constraint(
        "UNIQUE(appraisal_id, user_id)", "One person never enters both forms of an agent."
    )

    @api.model
    def _enter(self, sheets):
        """Note that this user writes on these sheets; refuse who has entered the other form."""
        # the software's own steps give no grades
        if self.env.su:
            return
        # sudo: editors are the software's record; that the user may write was checked before
        editors, sheets = self.sudo(), sheets.sudo()
        found = editors.search(
            [
                ("appraisal_id", "in", sheets.appraisal_id.ids),
                ("user_id", "=", self.env.uid),
            ]
        )
        # of several sheets written at once, too: two of one agent are refused
        entered = {editor.appraisal_id: editor.sheet_id for editor in found}
        for sheet in sheets:
            if entered.setdefault(sheet.appraisal_id, sheet) != sheet:
                self._refuse(sheet)
        editors.create(
            [{"sheet_id": sheet.id, "user_id": self.env.uid} for sheet in sheets - found.sheet_id]
        )

    @api.model
    def _refuse(self, sheet):
        names = {"agent": sheet.employee_id.name, "user": self.env.user.name}
        if sheet.rater_id and not sheet.rater_user_id:
            raise UserError(
                self.env._(
                    "%(user)s has filled in the office's form of %(agent)s, and one person never "
                    "enters both. Another person of the office or a manager enters the paper form.",
                    **names,
                )
            )
        raise UserError(
            self.env._(
                "%(user)s has entered the other form of %(agent)s, and one person never enters "
                "both. Somebody else must fill in this one: another person of the office, or "
                "another superior who is named on the appraisal.",
                **names,
            )
        )
