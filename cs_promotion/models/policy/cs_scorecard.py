from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine import form as engine
from ...engine.decimals import decimal
from ...engine.scoring import Section
from ..cs_shared_mixin import is_uninstalling

WORDS, NUMBER, MEASURED = "words", "number", "measured"
WHOLE = object()  # in the context while a form is written with its parts


class CsScorecard(models.Model):
    """The form 客服绩效考核表 (policy 3): sections with weights, items, and grade words."""

    _name = "cs.scorecard"
    _inherit = ["cs.shared.mixin", "cs.guard.mixin"]
    _description = "CS Scorecard"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", ondelete="restrict", help="Empty: any company may use it."
    )
    section_ids = fields.One2many("cs.scorecard.section", "scorecard_id", copy=True)
    item_count = fields.Integer(compute="_compute_totals", string="Items")
    points_max = fields.Float(compute="_compute_totals", string="Maximum Points")
    weight_total = fields.Float(compute="_compute_totals", string="Total Weight")
    is_used = fields.Boolean(compute="_compute_is_used")

    @api.depends("section_ids.points_max", "section_ids.item_ids", "section_ids.weight")
    def _compute_totals(self):
        for scorecard in self:
            sections = scorecard.section_ids
            scorecard.item_count = len(sections.item_ids)
            scorecard.points_max = sum(sections.mapped("points_max"))
            scorecard.weight_total = sum(sections.mapped("weight"))

    def _compute_is_used(self):
        used = (
            self.env["cs.appraisal.sheet"]
            .sudo()
            ._read_group([("scorecard_id", "in", self.ids)], ["scorecard_id"])
        )
        used = {scorecard.id for (scorecard,) in used}
        for scorecard in self:
            scorecard.is_used = scorecard.id in used

    def copy_data(self, default=None):
        given = (default or {}).get("name")
        return [
            dict(values, name=given or self.env._("%s (copy)", scorecard.name))
            for scorecard, values in zip(self, super().copy_data(default), strict=True)
        ]

    def write(self, vals):
        """The form as a whole, sections, items and grades: looked at when all is written."""
        self.check_access("write")
        self._check_frozen(vals)
        # an object of this process: nobody sends it over the network to get round the check
        written = super(CsScorecard, self.with_context(cs_scorecard=WHOLE)).write(vals)
        self._check_policies()
        return written

    def _get_shared(self):
        return self.filtered(lambda scorecard: not scorecard.company_id)

    def _check_policies(self):
        """The versions in force that go by this form can be carried out with it as it is now."""
        if self.env.context.get("cs_scorecard") is WHOLE:
            return
        policies = (
            self.env["cs.policy"]
            .sudo()
            .search(
                Domain("state", "=", "active")
                & (
                    Domain("scorecard_id", "in", self.ids)
                    | Domain("form_ids.scorecard_id", "in", self.ids)
                )
            )
        )
        for policy in policies:
            policy._check_scorecard()

    def _check_frozen(self, vals):
        """Its parts look after themselves; out of use it may be put at any time."""
        if not {"section_ids", "active"}.issuperset(vals):
            self._check_editable()

    def _check_editable(self):
        """Refuse to change a form that sheets were filled in on; a copy may be changed."""
        for scorecard in self.filtered("is_used"):
            raise UserError(
                self.env._(
                    "Scorecard %s has been filled in and can no longer be changed. "
                    "Duplicate it and use the copy in a new policy.",
                    scorecard.name,
                )
            )

    def _count_items(self, role):
        """How many items a rater rates."""
        rated = self.section_ids.item_ids
        return len(rated.filtered(lambda item: item._is_rated_by(role)))

    def _get_sections(self):
        """Section id -> printed weight and maximum points, for the engine (S2)."""
        self.ensure_one()
        return {
            section.id: Section(section.weight, section.points_max) for section in self.section_ids
        }

    def _compile(self, policy):
        """The form as the engine scores by it, for those whom the policy asks.

        Its parts are keyed by pairs (section id, item id); a section whose items are all rated
        alike is one part, with 0 for the item.
        """
        self.ensure_one()
        metrics = self.env["cs.vocabulary"]._get_metrics()
        parts = {}
        for section in self.section_ids:
            if section._is_plain():
                parts[section.id, 0] = engine.Part(section.id, decimal(section.points_max))
                continue
            for item in section.item_ids:
                parts[section.id, item.id] = item._compile(metrics)
        return engine.Form(
            parts,
            self._get_sections(),
            policy.rater_ids._compile_voices(),
            policy.score_method or "sum",
            decimal(policy.score_max),
        )

    def _name_part(self, key):
        """What people call a part of the compiled form: an item by its number and words."""
        section_id, item_id = key
        item = self.section_ids.item_ids.browse(item_id)
        return f"{item.number} {item.name}" if item else self.section_ids.browse(section_id).name


class CsScorecardPart(models.AbstractModel):
    """A part of a scorecard: fixed once sheets were filled in on it."""

    _name = "cs.scorecard.part"
    _inherit = ["cs.guard.mixin", "cs.shared.mixin"]
    _description = "Part of a CS Scorecard"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.scorecard_id._check_editable()
        parts.scorecard_id._check_policies()
        return parts

    def write(self, vals):
        self.check_access("write")
        scorecards = self.scorecard_id
        scorecards._check_editable()
        written = super().write(vals)
        # moved to another form, a part leaves one and changes the other
        (self.scorecard_id - scorecards)._check_editable()
        (self.scorecard_id | scorecards)._check_policies()
        return written

    def unlink(self):
        """A form in force gives 100 points, with what is left of it, too."""
        scorecards = self.scorecard_id
        unlinked = super().unlink()
        if not is_uninstalling(self.env):
            scorecards.exists()._check_policies()
        return unlinked

    def _get_shared(self):
        return self.filtered(lambda part: not part.scorecard_id.company_id)

    def _check_frozen(self, vals):
        self.scorecard_id._check_editable()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.scorecard_id._check_editable()


class CsScorecardSection(models.Model):
    _name = "cs.scorecard.section"
    _inherit = ["cs.scorecard.part", "cs.code.mixin"]
    _description = "CS Scorecard Section"
    _bounds = {"weight": (0, 100)}
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one("cs.scorecard", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    weight = fields.Float(string="Weight (%)", digits=(5, 2), required=True, default=0)
    item_ids = fields.One2many("cs.scorecard.item", "section_id", copy=True)
    grade_ids = fields.One2many(
        "cs.scorecard.grade", "section_id", copy=True, domain=[("item_id", "=", False)]
    )
    points_max = fields.Float(
        compute="_compute_points_max",
        string="Maximum Points",
        store=True,
        help="Of the items that count; what is added or taken away besides is not in it.",
    )

    is_simple = fields.Boolean(
        compute="_compute_is_simple",
        help="Everyone rates all of its items by the section's words, and all of them count.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(scorecard_id, code)", "A scorecard cannot have two sections with the same code."
    )
    _weight_check = models.Constraint(
        "CHECK(weight >= 0 AND weight <= 100)", "A section's weight lies between 0 and 100 %."
    )

    @api.depends("item_ids.points_max", "item_ids.effect")
    def _compute_points_max(self):
        for section in self:
            counting = section.item_ids.filtered(lambda item: item.effect == engine.COUNTS)
            section.points_max = sum(counting.mapped("points_max"))

    @api.depends("item_ids.source", "item_ids.effect", "item_ids.rater", "item_ids.raters")
    @api.depends("item_ids.has_own_grades")
    def _compute_is_simple(self):
        for section in self:
            items = section.item_ids
            section.is_simple = section._is_plain() and not any(items.mapped("has_own_grades"))

    def _is_plain(self):
        """Whether all of its items are rated alike: by everyone, with words, and counted."""
        self.ensure_one()
        return all(item._is_plain() for item in self.item_ids)

    @api.onchange("item_ids")
    def _onchange_item_ids(self):
        """Propose the form's next free number for items that have none yet."""
        others = self._origin.scorecard_id.section_ids - self._origin
        last = max((others.item_ids | self.item_ids).mapped("number"), default=0)
        for item in self.item_ids.filtered(lambda item: not item.number):
            last += 1
            item.number = last
