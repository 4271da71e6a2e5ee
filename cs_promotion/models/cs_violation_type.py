from odoo import api, fields, models


class CsViolationType(models.Model):
    """A kind of violation (V1)."""

    _name = "cs.violation.type"
    _description = "CS Violation Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "A violation type's code must be unique.")

    @api.model
    def _get_complaint_rate(self):
        """The kind that a month over the complaint limit is recorded as (V3)."""
        return self.env.ref("cs_promotion.violation_type_complaint_rate")
