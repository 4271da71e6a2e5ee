from lxml.builder import E

from odoo import api, fields, models

CONDITIONS = ("readonly", "required", "invisible")
CHOICE = {
    "domain": "[('company_id', '=', company_id)]",
    "options": "{'no_create': True, 'no_open': True}",
}


class CsLeavingMixin(models.AbstractModel):
    """With the wage, whoever leaves the ladder is asked for the salary structure."""

    _inherit = "cs.leaving.mixin"

    struct_id = fields.Many2one(
        "hr.payroll.structure",
        string="Salary Structure From Then On",
        compute="_compute_struct_id",
        store=True,
        readonly=False,
        copy=False,
        check_company=True,
        ondelete="restrict",
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="Proposed is that of the new department, or of the company's others. The structure "
        "of tier pay pays the wage alone off the ladder.",
    )

    @api.model
    def _get_leaving_names(self):
        return super()._get_leaving_names() | {"struct_id"}

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """On a form the structure stands below the wage, under the conditions of the wage: which
        steps leave the ladder, other addons say, and this one knows none of their forms."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for wage in arch.iterfind(".//field[@name='wage']") if view_type == "form" else ():
            conditions = {name: wage.get(name) for name in CONDITIONS if wage.get(name)}
            wage.addnext(E.field(name="struct_id", **conditions, **CHOICE))
        return arch, view

    @api.depends(lambda self: self._get_leaving_depends())
    def _compute_struct_id(self):
        for step in self:
            step._propose("struct_id", step._propose_structure)

    def _propose_structure(self, version):
        """The structure held, unless it is for tier pay alone; then that of most of the others
        in the new department, or in the company; then the one held after all."""
        held = version.struct_id
        if held and not held.cs_only_tier_pay:
            return held
        company, department = self.company_id, self.sudo().department_id
        others = [
            ("company_id", "=", company.id),
            ("struct_id.company_id", "=", company.id),
            ("struct_id.cs_only_tier_pay", "=", False),
            ("employee_id", "!=", False),
        ]
        for domain in ([*others, ("department_id", "=", department.id)], others):
            # sudo: which structure is usual there is proposed, nobody's own is told
            found = (
                self.env["hr.version"]
                .sudo()
                ._read_group(domain, ["struct_id"], ["__count"], order="__count desc", limit=1)
            )
            if found:
                return found[0][0]
        return held

    def _get_leaving_values(self):
        values = super()._get_leaving_values()
        if not values or not self.struct_id:
            return values
        # asked for and confirmed: where it is the one of tier pay, it is kept as told
        kept = self.sudo().struct_id.cs_only_tier_pay
        return values | {"struct_id": self.struct_id.id, "cs_structure_kept": kept}

    def _get_leaving_fault(self):
        fault = super()._get_leaving_fault()
        step = self.sudo()  # whoever asks for the step may know neither agent nor structure
        leaver = step._get_leaver()
        if fault or not leaver or step.struct_id:
            return fault
        return self.env._(
            "%(agent)s leaves the CS ladder: choose the salary structure from %(day)s on.",
            agent=leaver.name,
            day=fields.Date.to_string(self._get_leaving_day()),
        )

    def _describe_leaving(self):
        structure = self.sudo().struct_id
        text = (
            self.env._("by the structure %s, which pays the wage alone", structure.name)
            if structure.cs_only_tier_pay
            else self.env._("by the structure %s", structure.name)
        )
        return [*super()._describe_leaving(), text]
