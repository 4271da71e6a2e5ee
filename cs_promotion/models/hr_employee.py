from odoo import api, fields, models
from odoo.exceptions import UserError

from .hr_version import APPLYING


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    cs_tier_id = fields.Many2one(
        related="version_id.cs_tier_id",
        inherited=True,
        readonly=False,
        groups="hr.group_hr_user,cs_promotion.group_office",
    )
    cs_tier_since = fields.Date(
        related="version_id.cs_tier_since",
        inherited=True,
        readonly=False,
        groups="hr.group_hr_user,cs_promotion.group_office",
    )
    cs_company_id = fields.Many2one(
        related="version_id.cs_company_id",
        inherited=True,
        groups="hr.group_hr_user,cs_promotion.group_office",
    )
    cs_wage_agreed = fields.Boolean(
        related="version_id.cs_wage_agreed",
        inherited=True,
        readonly=False,
        groups="hr.group_hr_user,cs_promotion.group_office",
    )
    cs_appraisal_ids = fields.One2many(
        "cs.appraisal", "employee_id", groups="hr.group_hr_user,cs_promotion.group_office"
    )
    cs_decision_ids = fields.One2many(
        "cs.decision", "employee_id", groups="hr.group_hr_user,cs_promotion.group_office"
    )
    cs_is_settled = fields.Boolean(
        compute="_compute_cs_is_settled",
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="The agent has results or decisions: the tier changes by decisions only.",
    )

    def _compute_cs_is_settled(self):
        settled = self.sudo().version_id._get_settled()
        for employee in self:
            employee.cs_is_settled = employee.sudo().version_id in settled

    @api.onchange("cs_tier_id", "contract_date_start")
    def _onchange_cs_tier_id(self):
        """Show since-date and wage as saving will set them; an agreed wage stays (W6)."""
        if self.cs_is_settled:
            return
        if not self.cs_tier_id:
            self.cs_wage_agreed = False
            return
        version = self.env["hr.version"]
        company, since, base = self._cs_get_shown_terms()
        values = version._get_tier_values(company, self.cs_tier_id, since, since)
        if self._cs_has_own_wage(base):
            values.pop("wage", None)
            values["cs_wage_agreed"] = True
        values = self._cs_take_shown(values)
        for name, value in values.items():
            if name != "cs_company_id" and self._has_field_access(self._fields[name], "write"):
                self[name] = value

    @api.onchange("wage")
    def _onchange_cs_wage(self):
        """A wage that is not the tier's base is one agreed with the person (W6)."""
        if self._has_field_access(self._fields["cs_wage_agreed"], "write"):
            base = self._cs_get_shown_terms()[2] if self.cs_tier_id else 0.0
            self.cs_wage_agreed = bool(self.wage) and self.wage != base

    @api.onchange("cs_wage_agreed")
    def _onchange_cs_wage_agreed(self):
        """Without an agreement it is the tier's base again."""
        if self.cs_tier_id and not self.cs_wage_agreed:
            base = self._cs_get_shown_terms()[2]
            if base is not None and self._has_field_access(self._fields["wage"], "write"):
                self.wage = base

    def _cs_take_shown(self, values):
        """Those of a tier's values that the form takes on; bridges keep what was chosen."""
        return values

    def _cs_get_shown_terms(self):
        """Company, since-date and base wage of the tier that the form shows."""
        company = self.company_id or self.env.company
        since = self.cs_tier_since or self.contract_date_start or company._cs_today()
        day = max(self.date_version or since, since)
        base = self.env["hr.version"]._get_base_wage(company, self.cs_tier_id, day)
        return company, since, base

    def _cs_has_own_wage(self, base):
        """Whether the wage that the form shows was there before the tier, or was typed in."""
        origin = self._origin.sudo()  # whoever sets a tier need not read wages
        before = origin.wage if origin and not origin.cs_tier_id else 0.0
        wage = self.sudo().wage
        return bool(wage) and wage != base and (self.sudo().cs_wage_agreed or wage == before)

    @api.model
    def get_import_templates(self):
        """With a sample for the first load: tier and since-date of existing staff."""
        return [
            *super().get_import_templates(),
            {
                "label": self.env._("Template for CS agents"),
                "template": "/cs_promotion/static/xls/hr_employee_cs.xlsx",
            },
        ]

    def action_cs_open_path(self):
        """Open the page that shows where the agent stands."""
        self.ensure_one()
        path = self.env["cs.path"].search([("employee_id", "=", self.id)])
        if not path:
            raise UserError(self.env._("%s is not on the ladder today.", self.name))
        return {
            "type": "ir.actions.act_window",
            "name": path.display_name,
            "res_model": "cs.path",
            "res_id": path.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_cs_confirm_probation(self):
        """Propose the confirmation of the selected agents whose test is passed (U1)."""
        self._check_cs_office()
        # sudo: only whether the caller is among them is looked at
        self.env["cs.decision"]._refuse_own(self.sudo().user_id)
        for company, employees in self.sudo().grouped("company_id").items():
            self.env["cs.decision"].sudo()._confirm_probations(employees, company._cs_today())

    def action_cs_open_appraisals(self):
        """Open the current month's appraisals in the companies of the selected agents."""
        self._check_cs_office()
        for company in self.sudo().company_id:
            self.env["cs.cycle"]._open_now(company)

    def _check_cs_office(self):
        """Only the office, and only for employees it sees (in their public record at least)."""
        self.env["cs.decision"]._check_group("cs_promotion.group_office")
        self.env["hr.employee.public"].browse(self.ids).check_access("read")

    def _cs_revise_wage(self, day, held):
        """Give the versions of one tier stay the base wage of the policy that starts (W1); an
        agreed one stays (W6)."""
        self.ensure_one()
        HrVersion = self.env["hr.version"].with_context(cs_applying=APPLYING)
        tier = self.env["cs.tier"].browse(held.tier)
        company = self.env["res.company"].browse(held.company)
        in_force = HrVersion.browse(held.version)

        def revised(version, start):
            values = HrVersion._get_tier_values(company, tier, held.tier_since, start)
            return version._take_tier_values(values)

        versions = self.version_ids.filtered(
            lambda version: (
                version.date_version >= day
                and (version.cs_tier_id, version.cs_tier_since) == (tier, held.tier_since)
                and version._get_cs_company() == company
            )
        )
        values = revised(in_force, day)
        if in_force.date_version < day and values.get("wage", in_force.wage) != in_force.wage:
            self.with_context(cs_applying=APPLYING).create_version({"date_version": day, **values})
        for version in versions:
            version.with_context(cs_applying=APPLYING).write(revised(version, version.date_version))
