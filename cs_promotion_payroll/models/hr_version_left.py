from odoo import api, fields, models
from odoo.fields import Domain

GROUPS = "hr.group_hr_user,cs_promotion.group_office"


class HrVersion(models.Model):
    """Whoever has left the ladder has a structure that somebody chose, or kept as told."""

    _inherit = "hr.version"

    cs_structure_kept = fields.Boolean(
        string="Keeps the Structure of Tier Pay",
        tracking=True,
        groups=GROUPS,
        help="Off the CS ladder the structure of tier pay pays the wage alone. Ticked: so it "
        "was agreed.",
    )
    cs_structure_open = fields.Boolean(
        string="No Tier, Structure of Tier Pay",
        compute="_compute_cs_structure_open",
        search="_search_cs_structure_open",
        groups=GROUPS,
    )

    @api.depends(
        "cs_tier_id", "struct_id.cs_only_tier_pay", "cs_structure_kept", "contract_date_start"
    )
    def _compute_cs_structure_open(self):
        for version in self:
            held = version.sudo()  # HR without payroll is told, too
            version.cs_structure_open = (
                not held.cs_tier_id
                and bool(held.contract_date_start)
                and held.struct_id.cs_only_tier_pay
                and not held.cs_structure_kept
            )

    @api.model
    def _search_cs_structure_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        # past access rights: HR without payroll is told, too
        open_ = (
            Domain("cs_tier_id", "=", False)
            & Domain("struct_id", "any!", [("cs_only_tier_pay", "=", True)])
            & Domain("cs_structure_kept", "!=", True)
            & Domain("contract_date_start", "!=", False)
            & Domain("employee_id", "!=", False)
        )
        wanted = set(value) & {True, False}
        if wanted == {True, False}:
            return Domain.TRUE
        return (open_ if True in wanted else ~open_) if wanted else Domain.FALSE


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    cs_structure_kept = fields.Boolean(
        related="version_id.cs_structure_kept", inherited=True, readonly=False, groups=GROUPS
    )
    cs_structure_open = fields.Boolean(
        related="version_id.cs_structure_open", inherited=True, groups=GROUPS
    )

    @api.onchange("cs_tier_id", "contract_date_start")
    def _onchange_cs_tier_id(self):
        """Off the ladder the structure of tier pay is no answer: the form asks for one."""
        res = super()._onchange_cs_tier_id()
        if self.cs_tier_id or not self._origin.sudo().cs_tier_id:
            return res
        if not self.sudo().struct_id.cs_only_tier_pay:
            return res
        self.struct_id = False
        return {
            "warning": {
                "title": self.env._("Leaves the CS ladder"),
                "message": self.env._(
                    "Tier pay ends. Choose the salary structure from now on, and look at the "
                    "wage. The structure of tier pay, chosen again, pays the wage alone."
                ),
            }
        }

    @api.onchange("struct_id")
    def _onchange_cs_struct_id(self):
        """Chosen for one who leaves the ladder, the structure of tier pay is kept as told."""
        if self._has_field_access(self._fields["cs_structure_kept"], "write"):
            left = bool(self._origin.sudo().cs_tier_id) and not self.cs_tier_id
            self.cs_structure_kept = left and self.sudo().struct_id.cs_only_tier_pay

    @api.model
    def _cs_get_off_ladder_values(self):
        return super()._cs_get_off_ladder_values() | {"cs_structure_kept": False}
