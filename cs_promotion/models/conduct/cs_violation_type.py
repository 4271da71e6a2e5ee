from odoo import api, fields, models
from odoo.exceptions import ValidationError

COMPLAINT_RATE = "cs_promotion.violation_type_complaint_rate"


class CsViolationType(models.Model):
    """A kind of violation (V1); the code of one on record stays as it is."""

    _name = "cs.violation.type"
    _inherit = ["cs.shared.mixin", "cs.code.mixin"]
    _description = "CS Violation Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "A violation type's code must be unique.")

    def write(self, vals):
        """Refuse what would leave closings without the kind they need, or records misread."""
        if "active" in vals and not vals["active"]:
            self._check_not_needed(self.env._("it cannot be archived"))
        if "code" in vals:
            changed = self.filtered(lambda kind: kind.code != vals["code"])
            changed._check_not_needed(self.env._("its code cannot change"))
            changed._check_unused(self.env._("its code cannot change"))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_not_needed(self.env._("it cannot be deleted"))
        self._check_unused(self.env._("it cannot be deleted, but archived"))

    def _check_not_needed(self, consequence):
        """The kind that closings raise by themselves has to be there (V3)."""
        needed = self.env.ref(COMPLAINT_RATE, raise_if_not_found=False)
        if needed and needed in self:
            raise ValidationError(
                self.env._(
                    "%(kind)s is what a month over the complaint limit is recorded as (V3): "
                    "%(consequence)s.",
                    kind=needed.name,
                    consequence=consequence,
                )
            )

    def _check_unused(self, consequence):
        used = self._find_naming(self.ids)
        for kind in self.filtered(lambda kind: kind.id in used):
            raise ValidationError(
                self.env._(
                    "%(kind)s is in use (%(use)s): %(consequence)s.",
                    kind=kind.name,
                    use=used[kind.id],
                    consequence=consequence,
                )
            )

    @api.model
    def _get_complaint_rate(self):
        """The kind that a month over the complaint limit is recorded as (V3)."""
        return self.env.ref(COMPLAINT_RATE)
