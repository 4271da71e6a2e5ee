from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsAppraisalSuperiorMixin(models.AbstractModel):
    """Who grades an agent as direct superior, in the browser or on paper (S1), and why that may
    be waiting for somebody who cannot."""

    _name = "cs.appraisal.superior.mixin"
    _description = "Superior of a CS Appraisal"

    can_enter_paper = fields.Boolean(
        compute="_compute_can_enter_paper", help="The reader may enter the paper form now."
    )

    @api.depends_context("uid")
    def _compute_can_enter_paper(self):
        """As :meth:`action_enter_paper` would allow it: the form is the superior's, on paper."""
        office = self.env.user.has_group("cs_promotion.group_office")
        for appraisal in self:
            # sudo: only whether they are in, and whose, is looked at
            sheets = appraisal.sudo().sheet_ids
            paper = sheets.filtered(
                lambda sheet: (
                    sheet.role == "superior"
                    and sheet.state == "draft"
                    and sheet.superior_id
                    and not sheet.superior_user_id
                )
            )
            office_due = sheets.filtered(
                lambda sheet: sheet.role == "office" and sheet.state == "draft"
            )
            appraisal.can_enter_paper = (
                office
                and bool(paper)
                and not office_due
                and not appraisal.excluded
                and appraisal.cycle_id.state == "open"
                and not appraisal._is_own()
            )

    def action_enter_paper(self):
        """Open the superior's sheet, for the office to enter the paper form of a superior
        without a login."""
        self.ensure_one()
        self.env["cs.guard.mixin"]._check_group("cs_promotion.group_office")
        self.check_access("read")
        sheet = self.sudo().sheet_ids.filtered(lambda sheet: sheet.role == "superior")
        sheet._check_editable()
        sheet._check_paper()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cs_promotion.cs_appraisal_sheet_action_to_score"
        )
        form = [view for view in action["views"] if view[1] == "form"]
        return dict(action, res_id=sheet.id, view_mode="form", views=form)

    def _check_superior(self, superior):
        """Say why this employee cannot be named as the agent's superior (S1).

        Whoever names somebody decides who grades: so never oneself, never the agent, nobody
        who has entered the office's form, and nobody who does not work here in the period.
        One without a login, whose form others enter, is named by HR or confirmed by a manager.
        """
        self.ensure_one()
        # sudo: the office knows of an employee no more than the name
        superior, appraisal = superior.sudo(), self.sudo()
        names = {"agent": appraisal.employee_id.name, "superior": superior.name}
        if not superior:
            return
        user = superior.user_id
        if superior == appraisal.employee_id or (user and user == appraisal.employee_id.user_id):
            raise UserError(self.env._("%(agent)s cannot be their own superior.", **names))
        office = appraisal.sheet_ids.filtered(lambda sheet: sheet.role == "office")
        if user and user in (office.editor_ids.user_id | office.submitted_by):
            raise UserError(
                self.env._(
                    "%(superior)s has entered the office's form of %(agent)s, and one person "
                    "never enters both. Name another superior.",
                    **names,
                )
            )
        start, end = superior.contract_date_start, superior.contract_date_end
        if (
            not superior.active
            or (end and end < appraisal.date_start)
            or (start and start > appraisal.date_end)
        ):
            raise UserError(
                self.env._(
                    "%(superior)s does not work here in this period and cannot be named as the "
                    "superior of %(agent)s.",
                    **names,
                )
            )
        if not self.env.su:
            self._check_naming(superior)

    def _check_naming(self, superior):
        """Whether this user may name that superior."""
        names = {"agent": self.sudo().employee_id.name, "superior": superior.name}
        if superior.user_id == self.env.user:
            raise UserError(
                self.env._("You cannot make yourself the superior: somebody else must.")
            )
        if (
            not superior.user_id
            and superior != self.sudo().employee_id.parent_id
            and not self.env.user.has_group("cs_promotion.group_manager")
        ):
            raise AccessError(
                self.env._(
                    "%(superior)s has no login and is not the manager that HR has set for "
                    "%(agent)s: only a manager of CS Promotion may name such a superior.",
                    **names,
                )
            )

    def _trace_superior(self, before):
        """Leave a note of who named whom. A message, and no field tracking: a key in the
        caller's context turns tracking off."""
        self.ensure_one()
        nobody = self.env._("nobody")
        self.sudo().message_post(
            body=self.env._(
                "%(user)s named another direct superior: %(before)s → %(after)s.",
                user=self.env.user.name,
                before=before.sudo().name or nobody,
                after=self.superior_id.sudo().name or nobody,
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _empty_superior_sheets(self, superior_id):
        """Take out what a replaced superior has filled in: the new one starts afresh."""
        replaced = self.filtered(lambda each: each.superior_id.id not in (False, superior_id))
        sheets = replaced.sudo().sheet_ids.filtered(lambda sheet: sheet.role == "superior")
        for sheet in sheets.filtered(lambda sheet: sheet.state == "submitted"):
            raise UserError(
                self.env._(
                    "%s is submitted. Give it back before you name another superior.",
                    sheet.display_name,
                )
            )
        # what was entered from paper could be read by the office, whose sheet then is seen
        paper = sheets.filtered(lambda sheet: sheet.is_paper and sheet.answered)
        (paper.appraisal_id.sheet_ids - paper).filtered("submitted_on")._mark_seen()
        sheets.line_ids.write({"grade_id": False, "remark": False})
        sheets.former_ids._forget_messages()
        sheets.write({"seen_on": False, "paper_by": False, "paper_on": False})

    def _get_hints(self, sheet):
        """Why a sheet may be waiting for someone who cannot fill it in any more, and what to do."""
        agent, superior = self.employee_id, self.superior_id
        if not agent.active:
            yield self.env._(
                "archived, the last day was %(day)s: have the sheet filled in for the days "
                "worked, or leave the agent out",
                day=fields.Date.to_string(agent.cs_left_on),
            )
        elif agent.company_id != self.company_id:
            yield self.env._(
                "works for %(company)s now: have the sheet filled in for the days worked here, "
                "or leave the agent out",
                company=agent.company_id.name,
            )
        if sheet.role != "superior":
            return
        if not superior:
            yield self.env._("there is no direct superior: name one on the appraisal")
        elif not superior.active or (superior.user_id and not superior.user_id.active):
            yield self.env._(
                "%(superior)s is archived: name another direct superior on the appraisal",
                superior=superior.name,
            )
        elif superior.company_id != self.company_id:
            yield self.env._(
                "%(superior)s works for %(company)s now: name another direct superior on the "
                "appraisal",
                superior=superior.name,
                company=superior.company_id.name,
            )
