from odoo import api, fields, models


class CsAppraisal(models.Model):
    """Which steps an appraisal is open to, and what they bring about."""

    _inherit = "cs.appraisal"

    can_exclude = fields.Boolean(compute="_compute_can", help="The reader may leave it out now.")
    can_include = fields.Boolean(compute="_compute_can", help="The reader may take it in now.")
    can_enter_paper = fields.Boolean(
        compute="_compute_can_enter_paper", help="The reader may enter the paper form now."
    )

    @api.depends("cycle_id.state", "excluded", "employee_id")
    @api.depends_context("uid")
    def _compute_can(self):
        office = self.env.user.has_group("cs_promotion.group_office")
        for appraisal in self:
            may = (
                office
                and appraisal.cycle_id.state == "open"
                and self.env.user not in appraisal._get_own_users()
            )
            appraisal.can_exclude = may and not appraisal.excluded
            appraisal.can_include = may and appraisal.excluded

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
                and self.env.user not in appraisal._get_own_users()
            )

    def _get_step_fault(self, step):
        self.ensure_one()
        if step in ("exclude", "include") and self.cycle_id.state != "open":
            return self.env._("%s is closed. Re-open it to correct it.", self.cycle_id.display_name)
        if step == "exclude" and self.excluded:
            return self.env._("%s is left out already.", self.display_name)
        if step == "include" and not self.excluded:
            return self.env._("%s is not left out.", self.display_name)
        return super()._get_step_fault(step)

    def _describe_step(self, step):
        lines = super()._describe_step(step)
        if step == "exclude":
            lines.append(self.env._("no score, no rank, and no appraisal pay for this period"))
            lines.append(self.env._("the closing does not wait for these sheets any more"))
            submitted = self.sudo().sheet_ids.filtered(lambda sheet: sheet.state == "submitted")
            if submitted:
                lines.append(
                    self.env._("sheets that are in already do not count: %s", len(submitted))
                )
        return lines
