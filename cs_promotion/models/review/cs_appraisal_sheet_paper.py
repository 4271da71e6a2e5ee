from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime


class CsAppraisalSheet(models.Model):
    """Paper forms: the office enters the form of a superior who has no login.

    Whoever enters a superior's form has read it, and could no longer grade blindly. So the
    order is fixed: a superior's sheet without a login becomes visible to the office, and may
    be entered, only once the office's own sheet of that agent is in (or the policy asks for
    none, S3). And it is entered by another person than filled in the office's: one person
    never enters both forms of an agent. Where the office is one person, a manager enters the
    paper forms. Once anything is entered, the office's sheet counts as seen against it. The
    record rules enforce it; the mark shows who entered what, and when.
    """

    _inherit = "cs.appraisal.sheet"

    paper_by = fields.Many2one(
        "res.users", string="Entered from Paper by", readonly=True, ondelete="restrict"
    )
    paper_on = fields.Datetime(string="Entered from Paper on", readonly=True)
    is_paper = fields.Boolean(
        compute="_compute_is_paper", help="The superior has no login: the office enters the form."
    )

    paper_note = fields.Char(compute="_compute_paper_note", help="Who entered the form, and when.")

    @api.depends("role", "superior_user_id", "paper_by")
    def _compute_is_paper(self):
        for sheet in self:
            sheet.is_paper = bool(
                sheet.paper_by or (sheet.role == "superior" and not sheet.superior_user_id)
            )

    @api.depends("is_paper", "superior_id", "paper_by", "paper_on", "state")
    @api.depends_context("lang", "tz", "uid")
    def _compute_paper_note(self):
        for sheet in self:
            if sheet.paper_by:
                sheet.paper_note = self.env._(
                    "Entered from paper by %(user)s on %(day)s.",
                    user=sheet.paper_by.sudo().name,
                    day=format_datetime(self.env, sheet.paper_on, dt_format="short"),
                )
            elif sheet.state == "draft" and sheet.can_write and not sheet.is_mine:
                sheet.paper_note = self.env._(
                    "You have entered the other form of this agent, and one person never enters "
                    "both: somebody else fills in this one."
                )
            elif sheet.is_paper:
                sheet.paper_note = self.env._(
                    "%(superior)s has no login: the office enters the paper form.",
                    superior=sheet.superior_id.sudo().name or self.env._("The superior"),
                )
            else:
                sheet.paper_note = False

    @api.model
    def _get_paper_domain(self):
        """Sheets that the office may enter from paper."""
        office = Domain([("role", "=", "office"), ("state", "=", "draft")])
        ready = Domain("superior_id", "!=", False) & Domain("sheet_ids", "not any!", office)
        return (
            Domain("role", "=", "superior")
            & Domain("superior_user_id", "=", False)
            & Domain("appraisal_id", "any!", ready)
        )

    def _check_paper(self):
        """Say why a superior's form cannot be entered by the office."""
        for sheet in self.sudo():
            names = {
                "agent": sheet.employee_id.name,
                "superior": sheet.superior_id.name or "",
            }
            if not sheet.superior_id:
                raise UserError(
                    self.env._("%(agent)s has no direct superior. Name one first.", **names)
                )
            if sheet.superior_user_id:
                raise UserError(
                    self.env._(
                        "%(superior)s has a login and fills in the sheet of %(agent)s.", **names
                    )
                )
            if not sheet.filtered_domain(self._get_paper_domain()):
                raise UserError(
                    self.env._(
                        "Submit the office's own sheet of %(agent)s first: whoever enters "
                        "the form of %(superior)s must not know it while grading.",
                        **names,
                    )
                )
            if not sheet.filtered_domain(self._get_blind_domain()):
                self.env["cs.appraisal.sheet.editor"]._refuse(sheet)

    def _mark_paper(self):
        """Mark superiors' sheets that someone else fills in, on the sheet and in its history."""
        if self.env.su:
            return
        user = self.env.user
        for sheet in self.sudo():
            if sheet.role != "superior" or user in (sheet.superior_user_id | sheet.paper_by):
                continue
            sheet.write({"paper_by": user.id, "paper_on": fields.Datetime.now()})
            sheet.message_post(
                body=self.env._(
                    "Entered by %(user)s from the paper form of %(superior)s.",
                    user=user.name,
                    superior=sheet.superior_id.name,
                )
            )
            others = sheet.appraisal_id.sheet_ids - sheet
            others.filtered(lambda other: other.state == "submitted")._mark_seen()
