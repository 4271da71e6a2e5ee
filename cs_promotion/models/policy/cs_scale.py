from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine import scale as engine
from ...engine.decimals import decimal
from ...engine.vocabulary import PolicyError


class CsScale(models.Model):
    """A number in, a number out: what a measured item, a metric or a pay item makes of a value.

    Scales are shared, as tiers are. One that anything goes by stays as it is: whoever needs
    another one duplicates it.
    """

    _name = "cs.scale"
    _inherit = ["cs.shared.mixin", "cs.guard.mixin", "cs.code.mixin"]
    _description = "CS Scale"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False, help="Its name in policy packages.")
    active = fields.Boolean(default=True)
    mode = fields.Selection(
        [
            (engine.BANDS, "Bands: the first that fits"),
            (engine.LINE, "A straight line between points"),
            (engine.MARGINAL, "Each part at its own rate"),
        ],
        required=True,
        default=engine.BANDS,
    )
    step_ids = fields.One2many("cs.scale.step", "scale_id", string="Steps", copy=True)
    has_below = fields.Boolean(string="Below the First Point")
    below = fields.Float(digits=(16, 6), string="Value below the First Point")
    has_above = fields.Boolean(string="Above the Last Point")
    above = fields.Float(digits=(16, 6), string="Value above the Last Point")
    has_floor = fields.Boolean(string="At Least")
    floor = fields.Float(digits=(16, 6), string="Least Value")
    has_cap = fields.Boolean(string="At Most")
    cap = fields.Float(digits=(16, 6), string="Most Value")
    sentence = fields.Text(compute="_compute_sentence", string="In Words")
    is_used = fields.Boolean(compute="_compute_is_used")

    _code_uniq = models.Constraint("UNIQUE(code)", "A scale's code must be unique.")

    @api.depends("mode", "step_ids.operator", "step_ids.bound", "step_ids.value")
    @api.depends("has_below", "below", "has_above", "above", "has_floor", "floor", "has_cap", "cap")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for scale in self:
            scale.sentence = self.env["cs.words"]._say_scale(scale._compile())

    def _compute_is_used(self):
        used = self._find_naming(self.ids, without=("cs.scale.step",))
        for scale in self:
            scale.is_used = scale.id in used

    def copy_data(self, default=None):
        """A copy has a code of its own."""
        return [
            dict(
                values,
                name=(default or {}).get("name") or self.env._("%s (copy)", scale.name),
                code=(default or {}).get("code") or f"{'_'.join(scale.code.split())}_2",
            )
            for scale, values in zip(self, super().copy_data(default), strict=True)
        ]

    def write(self, vals):
        written = super().write(vals)
        self._check_possible_scale()
        return written

    @api.model_create_multi
    def create(self, vals_list):
        scales = super().create(vals_list)
        scales._check_possible_scale()
        return scales

    def _check_possible_scale(self):
        """Each of its steps is reached by some number."""
        for scale in self:
            try:
                scale._compile().check()
            except PolicyError as error:
                raise ValidationError(
                    self.env._("%(scale)s: %(fault)s.", scale=scale.name, fault=error)
                ) from None

    def _check_frozen(self, vals):
        """Its name and whether it is offered may always change."""
        if set(vals) & set(self._fields) - {"name", "active"}:
            self._check_editable()

    def _check_editable(self):
        """Refuse to change a scale that something goes by: it was scored or paid by."""
        self.invalidate_recordset(["is_used"])  # it may have come into use since
        for scale in self.filtered("is_used"):
            raise UserError(
                self.env._(
                    "Scale %s is in use and can no longer be changed. Duplicate it and use the "
                    "copy.",
                    scale.name,
                )
            )

    def _compile(self):
        """As the engine reckons by it."""
        self.ensure_one()

        def perhaps(name):
            return decimal(self[name]) if self[f"has_{name}"] else None

        return engine.Scale(
            self.mode,
            tuple(
                engine.Step(
                    None if step.is_rest else decimal(step.bound),
                    decimal(step.value),
                    step.operator or ">=",
                )
                for step in self.step_ids
            ),
            **{name: perhaps(name) for name in ("below", "above", "floor", "cap")},
        )


class CsScaleStep(models.Model):
    """One band, point or rate of a scale."""

    _name = "cs.scale.step"
    _inherit = ["cs.shared.mixin", "cs.guard.mixin"]
    _description = "CS Scale Step"
    _rec_name = "scale_id"
    _order = "scale_id, sequence, id"

    scale_id = fields.Many2one("cs.scale", required=True, index=True, ondelete="cascade")
    mode = fields.Selection(related="scale_id.mode")
    sequence = fields.Integer(default=10)
    is_rest = fields.Boolean(string="Otherwise", help="Takes whatever no band before it did.")
    operator = fields.Selection(
        [(">=", "≥"), (">", ">"), ("<=", "≤"), ("<", "<"), ("=", "=")], default=">="
    )
    bound = fields.Float(digits=(16, 6))
    value = fields.Float(digits=(16, 6), help="What comes out; of parts, the rate from there on.")

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.scale_id._check_editable()
        return steps

    def _check_frozen(self, vals):
        self.scale_id._check_editable()
